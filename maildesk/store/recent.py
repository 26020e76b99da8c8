"""What was sent lately, for the limits that keep automatic mail small.

`recent` is asked by store/facts and the sweep; the counting is done by store/apply_letters. Whole-desk and loop
figures are tallies by the minute, so that nothing here grows with the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.store import neighbours
from maildesk.store.database import Store
from maildesk.store.match import places
from maildesk.store.moments import length, micros
from maildesk.words import Incoming, Key, Recent

MINUTE = 60_000_000
AUTOMATIC = "automatic"
BRAKE = "brake"
ALARM = "alarms about "
REMINDERS_TO = "reminders to "
ACK = "acknowledgement"
NOTICE = "redirect"
QUESTION = "confirm"
LATELY = {ACK: "acknowledgements", NOTICE: "notices", QUESTION: "questions"}
PROMPT = timedelta(minutes=2)  # an answer this quick to an automatic letter is a robot's, or nearly so
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONTH = timedelta(days=31)
ENOUGH = 4  # prompt answers in a day that stop automatic letters (promise P19)
ANSWERS = re.compile(r"\s*(re|aw|antw|sv|vs|r|auto\w*|automat\w*)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)

# The columns of one row: who is paused, and what operators were told, is asked only where there is anything.
TALLY = "(SELECT SUM(count) FROM tally WHERE name = ? AND minute > ? AND minute <= ?)"
WARNED = "tally WHERE name > ? AND name < ? AND minute > ? AND minute <= ?"
STOPPED = "pause WHERE until > ? AND address IN "
NAMED = """
    (SELECT COUNT(*)
    FROM (SELECT 1 FROM letter WHERE recipient = ? AND created > ? AND created <= ? AND name = ? LIMIT ?) AS found)"""
UNANSWERED = """
    recipient = ? AND created > ? AND created <= ? AND answered IS NULL AND audience = 'customer' AND NOT human"""
ONGOING = f"(SELECT COUNT(*) FROM letter WHERE {UNANSWERED})"  # noqa: S608 - a condition of our own
FIGURES = f"""
    SELECT {TALLY}, {TALLY}, {TALLY}, {TALLY},
        EXISTS (SELECT 1 FROM {WARNED}), EXISTS (SELECT 1 FROM {STOPPED}"""  # noqa: S608
ALARMS = f"SELECT name, SUM(count) FROM {WARNED} GROUP BY name"  # noqa: S608
PAUSES = f"SELECT address FROM {STOPPED}"  # noqa: S608
ANSWERED = f"UPDATE letter SET answered = ? WHERE {UNANSWERED}"  # noqa: S608

ANSWERS_TO = """
    SELECT 1 FROM letter
    WHERE recipient = ? AND created > ? AND created <= ? AND answers_id IS NOT NULL AND (
        name IN ('answer', 'escalated', 'appointment')
        OR name = 'closed' AND EXISTS (SELECT 1 FROM mail WHERE id = answers_id AND mail.sender = recipient)) LIMIT ?"""
ABOUT = "SELECT COUNT(*) FROM letter WHERE ticket_id = (SELECT id FROM ticket WHERE reference = ?) AND name = ?"
SUM = "SELECT SUM(count) FROM tally WHERE name = ? AND minute > ? AND minute <= ?"
REMINDERS = "SELECT name, SUM(count) FROM tally WHERE minute > ? AND minute <= ? AND name IN {} GROUP BY name"
FORGET = "DELETE FROM tally WHERE name = ? AND minute <= ?"
COUNT = """
    INSERT INTO tally (name, minute, count) VALUES (?, ?, ?)
    ON CONFLICT (name, minute) DO UPDATE SET count = tally.count + excluded.count"""


def recent(  # noqa: PLR0913 - what is asked of one moment
    store: Store,
    address: str,
    config: Config,
    now: datetime,
    *,
    letter: str = "",
    others: Iterable[str] = (),
    answers: bool = False,
    organisation: int = 0,
) -> Recent:
    """The figures for one address at `now`; of the `others` only who is paused.

    `letter` is what this writer may get at once, whose number is asked for: acknowledgement, redirect or confirm.
    `answers` says that a mail in hand is the address's answer to a letter, which counts already.
    `organisation` is the id of one of which is asked whether it has tickets at work, too.
    """
    at, addresses = micros(now), tuple(dict.fromkeys((address, *others)))
    named = _named(address, letter, config, at) if letter in LATELY else ()
    prompt = _prompt(address, at) if answers else ()
    at_work = (organisation, at - length(neighbours.LATELY)) if organisation else ()
    sql = _counting(len(addresses), bool(named), bool(prompt), bool(at_work))
    values = (*_tallies(address, config, at), *_alarming(at), at, *addresses, *named, *prompt, *at_work)
    [(*sums, warned, stopped, lately, ongoing, works)] = store.all(sql, values)
    automatic, notices, exchanged, brake = (int(each or 0) for each in sums)
    exchanges = exchanged + (ongoing or 0)
    pauses = _paused(store, addresses, at) if stopped else ()
    return Recent(
        **({LATELY[letter]: lately} if named else {}),
        domain_notices=notices,
        automatic=automatic,
        exchanges=exchanges,
        ongoing=ongoing,
        paused=address in pauses or exchanges >= ENOUGH,
        pauses=pauses,
        alarms=_alarms(store, at) if warned else {},
        alarmed=brake > 0,
        at_work=bool(works),
    )


def _alarms(store: Store, at: int) -> dict[str, int]:
    return {name.removeprefix(ALARM): int(number) for name, number in store.all(ALARMS, _alarming(at))}


def _paused(store: Store, addresses: Sequence[str], at: int) -> tuple[str, ...]:
    return tuple(each for (each,) in store.all(PAUSES + places(len(addresses)), (at, *addresses)))


@lru_cache(maxsize=256)
def _counting(addresses: int, lately: bool, answers: bool, opens: bool) -> str:
    """The statement, in the order of its values."""
    asked = ((NAMED, lately), (ONGOING, answers), (neighbours.ANY, opens))
    return f"{FIGURES}{places(addresses)}), {', '.join(part if wanted else 'NULL' for part, wanted in asked)}"


def is_answer(mail: Incoming, found: Sequence[Key]) -> bool:
    """Whether a mail answers one, by its keys, its thread or its subject; a hurried person's new mails do not."""
    return bool(found or mail.cited or ANSWERS.match(mail.subject))


def mark_answered(store: Store, address: str, now: datetime) -> None:
    """Count the automatic letters to this address that the mail in hand answered within two minutes."""
    cursor = store.execute(ANSWERED, (micros(now), *_prompt(address, micros(now))))
    if cursor.rowcount > 0:
        count(store, exchanges_with(address), now, cursor.rowcount)


def count(store: Store, name: str, now: datetime, more: int = 1) -> None:
    store.execute(COUNT, (name, minute(now), more))


def forget(store: Store, name: str, now: datetime) -> None:
    """What of a tally nobody asks for any more: of the agents' alone there are many."""
    store.execute(FORGET, (name, minute(now - MONTH)))


def minute(at: datetime) -> int:
    return micros(at) // MINUTE


def reminders_to(address: str) -> str:
    return REMINDERS_TO + address


def tallies_of(addresses: Iterable[str]) -> Iterator[str]:
    """The names of all that name an address."""
    return (name for each in addresses for name in (exchanges_with(each), reminders_to(each)))


def reminders(store: Store, addresses: Iterable[str], config: Config, now: datetime) -> dict[str, int]:
    """How many letters time has written to each of these agents in the span of automatic_mail."""
    names = {reminders_to(each): each for each in addresses}
    if not names:
        return {}
    since = minute(now - config.limits.automatic_mail.span)
    found = store.all(REMINDERS.format(places(len(names))), (since, minute(now), *names))
    return {names[name]: int(number) for name, number in found}


def notices_to(name: str) -> str:
    return f"notices to {name}"


def letters_about(store: Store, reference: str, name: str) -> int:
    """How many letters of that name a ticket has had."""
    row = store.one(ABOUT, (reference, name))
    return int(row[0]) if row else 0


def answers_to(store: Store, address: str, config: Config, now: datetime) -> int:
    """Letters by which this address's requests were answered, in the span of acks_per_contact."""
    rate = config.limits.acks_per_contact
    rows = store.all(ANSWERS_TO, (address, micros(now - rate.span), micros(now), max(rate.count, 1)))
    return len(list(rows))


def consults(store: Store, about: str, config: Config, now: datetime) -> int:
    """Questions to the contacts of this organisation, or about this ticket, in the span of notices_per_domain."""
    row = store.one(SUM, (consults_of(about), minute(now - config.limits.notices_per_domain.span), minute(now)))
    return int(row[0] or 0) if row else 0


def consults_of(about: str) -> str:
    return f"consults of {about}"


def alarms_about(what: str) -> str:
    return ALARM + what


def exchanges_with(address: str) -> str:
    return f"exchanges with {address}"


def _prompt(address: str, at: int) -> tuple[str, int, int]:
    return address, at - length(PROMPT), at


def _tallies(address: str, config: Config, at: int) -> tuple[object, ...]:
    """Automatic letters, notices to the domain, exchanges, alarms about the brake: each in its span."""
    until, limits = at // MINUTE, config.limits
    brake = _minute_before(at, limits.automatic_mail.span)
    notices = notices_to(domain(address)), _minute_before(at, limits.notices_per_domain.span), until
    exchanges = exchanges_with(address), _minute_before(at, DAY), until
    return AUTOMATIC, brake, until, *notices, *exchanges, alarms_about(BRAKE), brake, until


def _minute_before(at: int, span: timedelta) -> int:
    return (at - length(span)) // MINUTE


def _alarming(at: int) -> tuple[object, ...]:
    """Of all alarms those of the last hour."""
    return ALARM, ALARM + "\uffff", _minute_before(at, HOUR), at // MINUTE


def _named(address: str, name: str, config: Config, at: int) -> tuple[object, ...]:
    """How many letters of this name went to the address; counted no further than it takes."""
    acks = config.limits.acks_per_contact
    span, most = (config.gate.notice_every, 1) if name == NOTICE else (acks.span, acks.count)
    return address, at - length(span), at, name, max(most, 1)
