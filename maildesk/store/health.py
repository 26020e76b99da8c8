"""What is wrong with a running desk, so far as its store shows it.

Called by `maildesk health`. Each finding is (severity, code, sentence): "warning" for
what a human should look at, "failing" for what does not work. No network and no change of anything.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta

from maildesk.config import Config
from maildesk.store.apply_mail import INTERNAL_FAULT
from maildesk.store.database import Store
from maildesk.store.mailboxes import last_good
from maildesk.store.moments import micros, moment
from maildesk.store.unwritten import UNWRITABLE

WARNING = "warning"
FAILING = "failing"
Problem = tuple[str, str, str]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATE = timedelta(minutes=5)  # the sweep does things within seconds
MAILBOX_LATE = timedelta(minutes=10)  # IDLE is re-issued within nine
MANY_HELD = 20  # in a day
LITTLE = 1 << 30  # octets free on the disk
TOO_LITTLE = 100 << 20


def health(store: Store, config: Config, now: datetime) -> list[Problem]:
    """Everything that a human should know, the worst first."""
    found = [
        *_clock(store, now),
        *_mailboxes(store, config, now),
        *_outbox(store, now),
        *_held(store, now),
        *_disk(store),
    ]
    return sorted(found, key=lambda each: each[0] != FAILING)


def _clock(store: Store, now: datetime) -> Iterator[Problem]:
    """The daemon does what is due within seconds; what stays due shows that none runs, or that it is stuck."""
    at = micros(now - LATE)
    late = _count(store, "SELECT COUNT(*) FROM ticket WHERE next_check <= ?", at)
    if late:
        yield FAILING, "clock", f"{_many(late, 'ticket')} overdue by minutes; is the daemon running?"
    released = _count(store, "SELECT COUNT(*) FROM held WHERE state = 'released'")
    if released:
        yield WARNING, "released", f"{_many(released, 'released mail')} still to be handled; the daemon does that"


def _mailboxes(store: Store, config: Config, now: datetime) -> Iterator[Problem]:
    known = last_good(store)
    for name, mailbox in config.mailbox.items():
        at = known.get(name)
        if at is None:
            yield WARNING, "mailbox", f"mailbox {name} was never read to its end; try `check --live`"
        elif at - now > MAILBOX_LATE:
            yield WARNING, "mailbox", f"mailbox {name} was last read while the clock was ahead; see whether it still is"
        elif now - at > max(MAILBOX_LATE, 3 * mailbox.poll):
            yield FAILING, "mailbox", f"mailbox {name} was last read {_ago(now - at)} ago; the journal says why"


def _outbox(store: Store, now: datetime) -> Iterator[Problem]:
    [(oldest, waiting)] = store.all("SELECT MIN(created), COUNT(*) FROM letter WHERE state = 'waiting'")
    if oldest is not None and now - moment(oldest) > HOUR:
        severity = FAILING if now - moment(oldest) > DAY else WARNING
        age = _ago(now - moment(oldest))
        yield severity, "outbox", f"{_many(waiting, 'letter')} waiting, the oldest for {age}; see `outbox list`"
    lately = micros(now - DAY), micros(now)
    failed = _count(store, "SELECT COUNT(*) FROM letter WHERE state = 'failed' AND done > ? AND done <= ?", *lately)
    if failed:
        yield WARNING, "undelivered", f"{_many(failed, 'letter')} given up in the last day; see `outbox list`"
    held, unwritable = "SELECT COUNT(*) FROM letter WHERE state = 'held' AND last_error", f"{UNWRITABLE}%"
    faulty, braked = _count(store, f"{held} LIKE ?", unwritable), _count(store, f"{held} NOT LIKE ?", unwritable)
    if faulty:
        yield WARNING, "unwritten", f"{_many(faulty, 'letter')} that cannot be written; `outbox list` says why"
    if braked:
        yield WARNING, "brake", f"{_many(braked, 'letter')} held back; `outbox retry` lets them go"


def _held(store: Store, now: datetime) -> Iterator[Problem]:
    faults = _count(store, "SELECT COUNT(*) FROM held WHERE state = 'waiting' AND reason = ?", INTERNAL_FAULT)
    if faults:
        yield FAILING, "fault", f"{_many(faults, 'mail')} held after an error of maildesk itself; see `held list`"
    recent = _count(
        store,
        "SELECT COUNT(*) FROM held h JOIN mail m ON m.id = h.mail_id"
        " WHERE h.state = 'waiting' AND m.received > ? AND m.received <= ?",
        micros(now - DAY),
        micros(now),
    )
    if recent >= MANY_HELD:
        yield WARNING, "held", f"{_many(recent, 'mail')} of the last day held; see `held list`"


def _disk(store: Store) -> Iterator[Problem]:
    free = shutil.disk_usage(store.state_dir).free
    if free < LITTLE:
        severity = FAILING if free < TOO_LITTLE else WARNING
        yield severity, "disk", f"only {free >> 20} MB are free in {store.state_dir}"


def _count(store: Store, sql: str, *params: object) -> int:
    [(count,)] = store.all(sql, params)
    return int(count)


def _many(count: int, noun: str) -> str:
    return f"1 {noun} is" if count == 1 else f"{count} {noun}s are"


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"
