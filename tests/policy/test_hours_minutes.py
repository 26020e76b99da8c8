"""Business time against a slow reference that looks at every minute, over 20 zones, as clocks are set both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maildesk.config import Config, parse
from maildesk.config.hours import DAYS, Spans
from maildesk.config.values import Span
from maildesk.policy.hours import after, elapsed, is_open, next_opening, spans

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Chicago", "America/Havana", "America/Los_Angeles",
    "America/New_York", "America/Santiago", "America/St_Johns", "Antarctica/Troll", "Asia/Beirut",
    "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Atlantic/Azores", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Pacific/Auckland", "Pacific/Chatham",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
LENGTH = 5 * 24 * 60  # minutes of a window
EDGES = (*range(0, 360, 30), 45, 75, 165, *range(360, 1441, 60))  # minutes after midnight

Week = tuple[Spans, ...]


class Minute(NamedTuple):
    """A minute of UTC and what the clock on the wall shows in it."""

    at: datetime
    day: date
    clock: int


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """About when clocks are set in 2026; two ordinary days where they never are."""
    start, tz = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    asked = [start + step * timedelta(hours=6) for step in range(365 * 4)]
    found = [there for here, there in pairwise(asked) if offset(here, tz) != offset(there, tz)]
    return tuple(found) or (datetime(2026, 3, 31, 20, tzinfo=UTC), datetime(2026, 12, 31, 18, tzinfo=UTC))


def offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@cache
def minutes(zone: str, number: int) -> tuple[Minute, ...]:
    """Every minute about a change: two days before, three after."""
    found = changes(zone)
    start = found[number % len(found)] - timedelta(days=2)
    tz = ZoneInfo(zone)
    walls = ((at, at.astimezone(tz)) for at in (start + step * MINUTE for step in range(LENGTH)))
    return tuple(Minute(at, wall.date(), wall.hour * 60 + wall.minute) for at, wall in walls)


def hours(spans: Spans) -> str:
    return " ".join("-".join(f"{edge // 60:02}:{edge % 60:02}" for edge in span) for span in spans)


def desk(zone: str, week: Week) -> Config:
    days = ", ".join(f'{name} = "{hours(spans)}"' for name, spans in zip(DAYS, week, strict=True) if spans)
    text = '[desk]\ndomain = "d.example"\npostmaster = "o@d.example"\n[queue.q]\naddress = "s@d.example"\n'
    return parse(f'{text}[calendar.c]\ntime_zone = "{zone}"\nhours = {{ {days} }}\n', Path("/desk"))


def shown_open(week: Week, window: tuple[Minute, ...]) -> list[datetime]:
    """The minutes in which the clock on the wall reads within a span of its day."""
    clocks = [{clock for first, last in spans for clock in range(first, last)} for spans in week]
    return [minute.at for minute in window if minute.clock in clocks[minute.day.weekday()]]


@st.composite
def days(draw: st.DrawFn) -> Spans:
    """Up to three spans, many edges in the small hours, where clocks are set."""
    edges = sorted(draw(st.sets(st.sampled_from(EDGES), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    kinds = (draw(days()), draw(days()), ())
    week: Week = tuple(kinds[each] for each in draw(st.lists(st.sampled_from((0, 0, 1, 2)), min_size=7, max_size=7)))
    assume(any(week))  # a calendar without hours is refused
    return week


@pytest.mark.parametrize("zone", ZONES)
@given(week=weeks(), number=st.integers(0, 1), first=st.integers(0, LENGTH - 2), length=st.integers(1, LENGTH))
@settings(max_examples=12, deadline=None)
def test_spans_and_open_time_are_those_of_every_single_minute(
    zone: str, week: Week, number: int, first: int, length: int
) -> None:
    config, window = desk(zone, week), minutes(zone, number)[first : first + length]
    start, end = window[0].at, window[-1].at + MINUTE
    opened = shown_open(week, window)
    found = list(spans(config, "c", start, end))
    assert [at for opens, closes in found for at in steps(opens, closes)] == opened
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
    assert elapsed(config, "c", start, end) == len(opened) * MINUTE
    assert is_open(config, "c", start) == (opened[:1] == [start])
    if opened:
        assert next_opening(config, "c", start) == opened[0]


@pytest.mark.parametrize("zone", ZONES)
@given(week=weeks(), number=st.integers(0, 1), first=st.integers(0, 3 * 24 * 60), count=st.integers(1, 30))
@settings(max_examples=12, deadline=None)
def test_business_hours_and_days_end_with_the_minute_that_fills_them(
    zone: str, week: Week, number: int, first: int, count: int
) -> None:
    config, window = desk(zone, week), minutes(zone, number)[first:]
    opened, start = shown_open(week, window), window[0].at
    hours = after(config, "c", start, Span(count, "bh"))
    if count * 60 <= len(opened):
        assert hours == opened[count * 60 - 1] + MINUTE
    elif any(week):
        assert hours is not None
        assert elapsed(config, "c", start, hours) == timedelta(hours=count)
    for days in (1, 2):
        due = days_after(week, window, opened, days)
        assert due is None or after(config, "c", start, Span(days, "bd")) == due


def days_after(week: Week, window: tuple[Minute, ...], opened: list[datetime], count: int) -> datetime | None:
    """The same clock on the Nth later day with hours, found by going on to it; None: not in the window."""
    opening = next((minute for minute in window if minute.at in opened[:1]), None)
    if opening is None:
        return None
    days = sorted({minute.day for minute in window if minute.day > opening.day and week[minute.day.weekday()]})
    if len(days) < count or days[count - 1] == window[-1].day:
        return None
    for before, minute in pairwise(window):
        if minute.day == days[count - 1] and minute.clock >= opening.clock:
            skipped = opening.clock - (before.clock + 1) % 1440 if minute.clock > opening.clock else 0
            return minute.at + skipped * MINUTE  # RFC 5545, 3.3.5: as if clocks had not been set yet
    return None


def steps(opens: datetime, closes: datetime) -> list[datetime]:
    return [opens + step * MINUTE for step in range(int((closes - opens) / MINUTE))]
