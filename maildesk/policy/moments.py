"""A moment and a length of time as one writes them behind each other: `24.12. 14:00 1h`.

Called by commands_appointment and appointments_answer. Where the parts end is not marked, so all ways to part a few
words are tried. Pure: the caller says what now is, and in whose zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.policy.hours_days import Stretch
from maildesk.policy.when import LONGEST, date_of, minutes_of, time_of

NO_MOMENT, GAP = "argument", "clock_change"
MOST_WORDS = 12
_UNTIL = ("-", "\u2013", "\u2014", " to ", " until ", " till ", " bis ")


def meant(text: str, now: datetime, zone: ZoneInfo) -> Stretch | str:
    """From and to, in UTC; or why there is none: it cannot be read so, or clocks are set forward over it."""
    today = now.astimezone(zone).date()
    for day, rest in _days(text, today):
        for at, minutes in _times(rest):
            starts = _instant(day, at, zone)
            return (starts, starts + timedelta(minutes=minutes)) if starts else GAP
    return NO_MOMENT


def instants(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """A day and a time of day, in UTC; of a clock that is set back, both."""
    today = now.astimezone(zone).date()
    return tuple(
        datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)
        for day, rest in _days(text, today)
        if (at := time_of(rest))
        for fold in (0, 1)
    )


def _days(text: str, today: date) -> Iterator[tuple[date, str]]:
    """What it may begin with, the longest first, and what is left."""
    words = text.replace(",", " ").split() if len(text) <= 2 * LONGEST else []
    for count in range(len(words) - 1 if len(words) <= MOST_WORDS else 0, 0, -1):
        day = date_of(" ".join(words[:count]), today)
        if day:
            yield day, " ".join(words[count:])


def _times(text: str) -> Iterator[tuple[time, int]]:
    """A time and a length, or two times."""
    words = text.split()
    for count in range(1, len(words)):
        at, minutes = time_of(" ".join(words[:count])), minutes_of(" ".join(words[count:]))
        if at is not None and minutes is not None:
            yield at, minutes
    for mark in _UNTIL:
        first, _, last = text.partition(mark)
        begins, ends = time_of(first), time_of(last)
        if begins is not None and ends is not None and begins < ends:
            yield begins, _minute(ends) - _minute(begins)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """None where that clock never shows it; of a time that comes twice the first (RFC 5545, 3.3.5)."""
    local = datetime.combine(day, at, zone)
    there = local.astimezone(UTC)
    return there if there.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None
