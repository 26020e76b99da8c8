"""What was sent lately, for the limits that keep automatic mail small.

`recent` is asked by store/facts and the sweep; the counting is done by store/apply_letters. Whole-desk and loop
figures are tallies by the minute, so that nothing here grows with the outbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
ACK = "acknowledgement"
NOTICE = "redirect"
QUESTION = "confirm"
PROMPT = timedelta(minutes=2)  # an answer this quick to an automatic letter is a robot's, or nearly so
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ENOUGH = 4  # prompt answers in a day that stop automatic letters (promise P19)
ANSWERS = re.compile(r"\s*(re|aw|antw|sv|vs|r|auto\w*|automat\w*)\s*(\[\d+\])?\s*[:：]", re.IGNORECASE)

TALLY = "(SELECT COALESCE(SUM(count), 0) FROM tally WHERE name = ? AND minute > ? AND minute <= ?)"
COUNTS = f"SELECT {TALLY}, {TALLY}, {TALLY}, {TALLY}"
ALARMS = "SELECT name, SUM(count) FROM tally WHERE name > ? AND name < ? AND minute > ? GROUP BY name"
PAUSES = "SELECT address FROM pause WHERE until > ? AND address IN "

NAMED = """
    SELECT COUNT(*) FROM (SELECT 1 FROM letter WHERE recipient = ? AND created > ? AND name = ? LIMIT ?) AS found"""

UNANSWERED = """
    recipient = ? AND created > ? AND created <= ? AND answered IS NULL AND audience = 'customer' AND NOT human"""
ONGOING = f"SELECT COUNT(*) FROM letter WHERE {UNANSWERED}"  # noqa: S608 - a condition of our own
ANSWERED = f"UPDATE letter SET answered = ? WHERE {UNANSWERED}"  # noqa: S608

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
    automatic, domain_notices, exchanges, alarms = _tallies(store, address, config, now)
    if answers:
        exchanges += _count(store, ONGOING, _prompt(address, now))
    paused = _paused(store, dict.fromkeys((address, *others)), now)
    acks = config.limits.acks_per_contact
    return Recent(
        acknowledgements=_named(store, address, letter, now - acks.span, acks.count) if letter == ACK else 0,
        notices=_named(store, address, letter, now - config.gate.notice_every, 1) if letter == NOTICE else 0,
        questions=_named(store, address, letter, now - acks.span, acks.count) if letter == QUESTION else 0,
        domain_notices=domain_notices,
        automatic=automatic,
        exchanges=exchanges,
        paused=address in paused or exchanges >= ENOUGH,
        pauses=paused,
        alarms=_alarms(store, now),
        alarmed=alarms > 0,
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
    return f"alarms about {what}"


def exchanges_with(address: str) -> str:
    return f"exchanges with {address}"


def _prompt(address: str, now: datetime) -> tuple[str, int, int]:
    return address, micros(now - PROMPT), micros(now)


def _tallies(store: Store, address: str, config: Config, now: datetime) -> Iterable[int]:
    """Automatic letters, notices to the domain, exchanges, alarms about the brake: each in its span."""
    span = config.limits.automatic_mail.span
    asked: tuple[tuple[str, timedelta], ...] = (
        (AUTOMATIC, span),
        (notices_to(domain(address)), config.limits.notices_per_domain.span),
        (exchanges_with(address), DAY),
        (alarms_about(BRAKE), span),
    )
    params = [value for name, length in asked for value in (name, minute(now - length), minute(now))]
    return map(int, store.one(COUNTS, params) or (0, 0, 0, 0))


def _alarms(store: Store, now: datetime) -> dict[str, int]:
    first = alarms_about("")
    rows = store.all(ALARMS, (first, first + "\uffff", minute(now - HOUR)))
    return {name.removeprefix(first): int(number) for name, number in rows}


def _paused(store: Store, addresses: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Those who get nothing automatic for a while, since a letter to them failed for good."""
    asked = list(addresses)
    return tuple(each for (each,) in store.all(PAUSES + places(len(asked)), (micros(now), *asked)))


def _named(store: Store, address: str, name: str, since: datetime, most: int) -> int:
    """How many letters of this name went to the address; counted no further than `most`."""
    return _count(store, NAMED, (address, micros(since), name, max(most, 1)))


def _count(store: Store, sql: str, params: tuple[object, ...]) -> int:
    row = store.one(sql, params)
    return 0 if row is None else int(row[0])
