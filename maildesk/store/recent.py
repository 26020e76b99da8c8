"""What was sent lately, for the limits that keep automatic mail small.

`recent` is asked by store/facts and the sweep; the counting is done by store/apply_letters. Whole-desk and loop
figures are tallies by the minute, so that nothing here grows with the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.store.database import Store
from maildesk.store.match import places
from maildesk.store.moments import micros
from maildesk.words import Incoming, Key, Recent

MINUTE = 60_000_000
AUTOMATIC = "automatic"
BRAKE = "brake"
ALARM = "alarms about "
ACK = "acknowledgement"
NOTICE = "redirect"
QUESTION = "confirm"
LATELY = (ACK, NOTICE, QUESTION)
PROMPT = timedelta(minutes=2)  # an answer this quick to an automatic letter is a robot's, or nearly so
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ENOUGH = 4  # prompt answers in a day that stop automatic letters (promise P19)
ANSWERS = re.compile(r"\s*(re|aw|antw|sv|vs|r|auto\w*|automat\w*)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)

# The parts of one statement: what is counted, of whom, how many.
TALLY = "SELECT '{}', '', COALESCE(SUM(count), 0) FROM tally WHERE name = ? AND minute > ? AND minute <= ?"
TALLIES = tuple(TALLY.format(what) for what in ("automatic", "domain", "exchanges", "brake"))
ALARMS = "SELECT 'alarms', name, SUM(count) FROM tally WHERE name > ? AND name < ? AND minute > ? GROUP BY name"
PAUSES = "SELECT 'pause', address, 1 FROM pause WHERE until > ? AND address IN "
NAMED = """
    SELECT 'named', '', COUNT(*)
    FROM (SELECT 1 FROM letter WHERE recipient = ? AND created > ? AND name = ? LIMIT ?) AS found"""
UNANSWERED = """
    recipient = ? AND created > ? AND created <= ? AND answered IS NULL AND audience = 'customer' AND NOT human"""
ONGOING = f"SELECT 'ongoing', '', COUNT(*) FROM letter WHERE {UNANSWERED}"  # noqa: S608 - a condition of our own
ANSWERED = f"UPDATE letter SET answered = ? WHERE {UNANSWERED}"  # noqa: S608

Part = tuple[str, tuple[object, ...]]

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
) -> Recent:
    """The figures for one address at `now`; of the `others` only who is paused.

    `letter` names the one that this writer may get at once, whose number is asked for: acknowledgement,
    redirect or confirm.
    `answers` says that a mail in hand is the address's answer to a letter, which counts already.
    """
    asked = [*_tallies(address, config, now), _alarms(now), _pauses(dict.fromkeys((address, *others)), now)]
    if letter in LATELY:
        asked.append(_named(address, letter, config, now))
    if answers:
        asked.append((ONGOING, _prompt(address, now)))
    found = store.all(" UNION ALL ".join(sql for sql, _ in asked), [value for _, values in asked for value in values])
    numbers = {what: int(number) for what, _, number in found}
    exchanges = numbers["exchanges"] + numbers.get("ongoing", 0)
    paused = tuple(name for what, name, _ in found if what == "pause")
    lately = numbers.get("named", 0)
    return Recent(
        acknowledgements=lately if letter == ACK else 0,
        notices=lately if letter == NOTICE else 0,
        questions=lately if letter == QUESTION else 0,
        domain_notices=numbers["domain"],
        automatic=numbers["automatic"],
        exchanges=exchanges,
        paused=address in paused or exchanges >= ENOUGH,
        pauses=paused,
        alarms={name.removeprefix(ALARM): int(number) for what, name, number in found if what == "alarms"},
        alarmed=numbers["brake"] > 0,
    )


def is_answer(mail: Incoming, found: Sequence[Key]) -> bool:
    """Whether a mail answers one, by its keys, its thread or its subject; a hurried person's new mails do not."""
    return bool(found or mail.cited or ANSWERS.match(mail.subject))


def mark_answered(store: Store, address: str, now: datetime) -> None:
    """Count the automatic letters to this address that the mail in hand answered within two minutes."""
    cursor = store.execute(ANSWERED, (micros(now), *_prompt(address, now)))
    if cursor.rowcount > 0:
        count(store, exchanges_with(address), now, cursor.rowcount)


def count(store: Store, name: str, now: datetime, more: int = 1) -> None:
    store.execute(COUNT, (name, minute(now), more))


def minute(at: datetime) -> int:
    return micros(at) // MINUTE


def notices_to(name: str) -> str:
    return f"notices to {name}"


def alarms_about(what: str) -> str:
    return ALARM + what


def exchanges_with(address: str) -> str:
    return f"exchanges with {address}"


def _prompt(address: str, now: datetime) -> tuple[str, int, int]:
    return address, micros(now - PROMPT), micros(now)


def _tallies(address: str, config: Config, now: datetime) -> Iterator[Part]:
    """Automatic letters, notices to the domain, exchanges, alarms about the brake: each in its span."""
    until, span = minute(now), config.limits.automatic_mail.span
    notices = notices_to(domain(address)), config.limits.notices_per_domain.span
    asked = ((AUTOMATIC, span), notices, (exchanges_with(address), DAY), (alarms_about(BRAKE), span))
    for sql, (name, length) in zip(TALLIES, asked, strict=True):
        yield sql, (name, minute(now - length), until)


def _alarms(now: datetime) -> Part:
    return ALARMS, (ALARM, ALARM + "\uffff", minute(now - HOUR))


def _pauses(addresses: Collection[str], now: datetime) -> Part:
    """Those who get nothing automatic for a while, since a letter to them failed for good."""
    return PAUSES + places(len(addresses)), (micros(now), *addresses)


def _named(address: str, name: str, config: Config, now: datetime) -> Part:
    """How many letters of this name went to the address; counted no further than it takes."""
    acks = config.limits.acks_per_contact
    span, most = (config.gate.notice_every, 1) if name == NOTICE else (acks.span, acks.count)
    return NAMED, (address, micros(now - span), name, max(most, 1))
