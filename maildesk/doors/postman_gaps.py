"""When to try again: the gaps of one letter, and the pause of the whole relay.

Used by the postman. Chance is handed in as `jitter`, a callable of 0 to 1, so that letters put off together do not
come back together.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from maildesk.doors.relay import Reply
from maildesk.mime.keyless import keyless
from maildesk.words import Delivery, Parcel, Settled

Jitter = Callable[[], float]

# RFC 5321, 4.5.4.1: two tries in the first hour, then every two or three hours
GAPS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 90, 120, 180))
LONGEST_WAIT = 60.0  # seconds; so soon after the relay is back the letters go
STUMBLES = 3  # connections broken within a letter, one after the other, are no longer the letters' fault
_STATUS = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)")


def gap(attempts: int, jitter: Jitter) -> timedelta:
    """How long to wait after an attempt that `attempts` others came before: about a fifth more or less."""
    return GAPS[min(attempts, len(GAPS) - 1)] * (0.8 + 0.4 * jitter())


def put_off(parcel: Parcel, answer: str, now: datetime, retry_for: timedelta, jitter: Jitter) -> Settled:
    """Again after a while; once the letter is older than `retry_for`, never again."""
    last = parcel.created + retry_for
    if now >= last:
        return Settled(Delivery.FAILED, answer=answer, status=status_of(answer))
    again = min(now + gap(parcel.attempts, jitter), last)
    return Settled(Delivery.WAITING, answer=answer, status=status_of(answer), next_try=again)


def judged(parcel: Parcel, reply: Reply, now: datetime, retry_for: timedelta, jitter: Jitter) -> Settled:
    """What the relay's last word on a letter means for it. A token that the relay repeats is not repeated."""
    answer = keyless(str(reply))
    if parcel.mail_from:
        answer = re.sub(re.escape(parcel.mail_from), "sender", answer, flags=re.IGNORECASE)
    if reply.code // 100 == 2:
        return Settled(Delivery.SENT, answer=answer, status=status_of(answer))
    if reply.code // 100 == 5:
        return Settled(Delivery.FAILED, answer=answer, status=status_of(answer))
    return put_off(parcel, answer, now, retry_for, jitter)


def status_of(answer: str) -> str:
    """The enhanced status code of a reply (RFC 2034); "" when it has none."""
    found = _STATUS.search(answer[:16])
    return found[1] if found else ""


class Circuit:
    """The relay's state as its senders see it: usable, or left alone until a moment. Safe for all of them."""

    def __init__(self, jitter: Jitter, seconds: Callable[[], float] = time.monotonic) -> None:
        self._jitter = jitter
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._stumbles = 0
        self._until = 0.0

    def wait(self) -> float:
        """Seconds until the relay may be tried; 0 = now."""
        with self._lock:
            return max(0.0, self._until - self._seconds())

    @property
    def doubtful(self) -> bool:
        """It failed and has not worked since: one letter may try, the others wait."""
        return self._failures > 0

    def failed(self) -> bool:
        """The relay did not work; True for the first who tells of this failure."""
        with self._lock:
            now = self._seconds()
            if self._until > now:
                return False
            pause = min(2.0**self._failures, LONGEST_WAIT)
            self._until = now + pause * (0.8 + 0.2 * self._jitter())
            self._failures = min(self._failures + 1, 10)
            return True

    def stumbled(self) -> bool:
        """A connection broke within a letter; True when that makes the relay fail."""
        with self._lock:
            self._stumbles += 1
            enough = self._stumbles >= STUMBLES
        return enough and self.failed()

    def worked(self) -> None:
        with self._lock:
            self._failures = self._stumbles = 0
            self._until = 0.0
