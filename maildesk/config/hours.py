"""Opening hours: the days and spans of a calendar, single open days, a moment of the week.

Times are minutes since midnight in the calendar's zone, 24:00 is 1440; Monday is day 0. Called by the option models;
knows no holidays and no zone.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from maildesk.config.values import Wrong, day, shown, text
from maildesk.words.frozen import frozen

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
OPEN_DAY = re.compile(r"(\S+)\s+(.+)")
HOURS_REMEDY = 'write spans such as "09:00-17:00", several of a day with a space between'

Spans = tuple[tuple[int, int], ...]  # from and to, in minutes, in order
Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]  # from Monday


@frozen
class OpenDay:
    """A single day with hours of its own."""

    day: date
    spans: Spans


@frozen
class WeekTime:
    """A moment of every week."""

    weekday: int
    minute: int


def week(value: object) -> Week:
    """`{ mon-fri = "06:00-17:00", sat = "09:00-12:00 13:00-15:00" }` as spans of each weekday."""
    if not isinstance(value, dict):
        raise Wrong(f"{shown(value)} is no table of days", 'write { mon-fri = "09:00-17:00" }')
    days: list[Spans] = [()] * 7
    for key, hours in value.items():
        found = _spans(hours, key)
        for number in _weekdays(key):
            days[number] = _together(days[number] + found, key)
    return (days[0], days[1], days[2], days[3], days[4], days[5], days[6])


def open_day(value: object) -> OpenDay:
    """`2026-12-24 10:00-14:00`."""
    found = OPEN_DAY.fullmatch(text(value))
    if found is None:
        raise Wrong(f"{shown(value)} is no open day", 'write a date and its hours, such as "2026-12-24 10:00-14:00"')
    return OpenDay(day(found[1]), _together(_spans(found[2]), None))


def week_time(value: object) -> WeekTime:
    """`mon 08:00`."""
    words = text(value).split()
    clock = CLOCK.fullmatch(words[1]) if len(words) == 2 else None
    if clock is None or words[0] not in DAYS or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise Wrong(f"{shown(value)} is no moment of the week", 'write a day and a time, such as "mon 08:00"')
    return WeekTime(DAYS.index(words[0]), int(clock[1]) * 60 + int(clock[2]))


def _weekdays(key: str) -> tuple[int, ...]:
    """`mon`, `mon-fri` or `mon,wed,fri`; a range may pass the week's end."""
    numbers: list[int] = []
    for part in key.lower().split(","):
        ends = [name.strip() for name in part.split("-")]
        if len(ends) > 2 or not all(name in DAYS for name in ends):
            raise Wrong(f"{shown(key)} names no days", "use mon tue wed thu fri sat sun, a-b or a,b", (key,))
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        numbers += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(numbers)


def _spans(value: object, key: str | None = None) -> Spans:
    at = (key,) if key is not None else ()
    if not isinstance(value, str) or not value.split():
        raise Wrong(f"{shown(value)} are no hours", HOURS_REMEDY, at)
    if not all(SPAN.fullmatch(part) for part in value.split()):
        raise Wrong(f"{shown(value)} are no hours", HOURS_REMEDY, at)
    return tuple(_span(part, at) for part in value.split())


def _span(part: str, at: tuple[str, ...]) -> tuple[int, int]:
    hours_from, minutes_from, hours_to, minutes_to = (int(number) for number in re.split("[:-]", part))
    start, end = hours_from * 60 + minutes_from, hours_to * 60 + minutes_to
    if minutes_from > 59 or minutes_to > 59 or start >= 1440 or end > 1440:
        raise Wrong(f"{shown(part)} is no time of day", "hours go from 00:00 to 24:00", at)
    if end <= start:
        opens, _, closes = part.partition("-")
        two = f'"{opens}-24:00" and, on the next day, "00:00-{closes}"'
        raise Wrong(f"{shown(part)} passes midnight", f"write two spans, {two}", at)
    return start, end


def _together(spans: Spans, key: str | None) -> Spans:
    """In order; spans that overlap are an error."""
    ordered = tuple(sorted(spans))
    for earlier, later in pairwise(ordered):
        if later[0] < earlier[1]:
            clash = f"{_clock(earlier)} and {_clock(later)} overlap"
            raise Wrong(clash, "write one span that holds both", (key,) if key is not None else ())
    return ordered


def _clock(span: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)
