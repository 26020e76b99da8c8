"""Calendars of every make against a look at every quarter of an hour: made of others, with holidays and single days.

No edge of hours, no offset of a zone and no setting of clocks lies between two quarters. Each of the 20 zones is once
the first of up to three; the windows lie about the setting of its clocks, and targets start in the very hour that is
skipped or comes twice more often than not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from maildesk.config import Config, parse
from maildesk.config.hours import DAYS, Spans
from maildesk.config.values import Span
from maildesk.policy.hours import after, elapsed, is_open, next_opening, spans
from tests.policy.test_hours_minutes import ZONES, Week, changes, days, hours, weeks

QUARTER = timedelta(minutes=15)
HOUR, DAY = 4 * QUARTER, timedelta(days=1)
LONG = 9 * DAY // QUARTER  # of a window
BEFORE = timedelta(days=3)  # of it, until clocks are set; Easter of 2026 is when they are in the south
FREE = ("", "NZ", "CL", "DE-BY catholic", "US half_day", "GB-NIR", "EG", "IL")


class Part(NamedTuple):
    """A calendar with hours of its own."""

    zone: str
    week: Week
    holidays: str
    closed: tuple[date, ...]
    open: tuple[tuple[date, Spans], ...]

    def on(self, day: date) -> Spans:
        single = tuple(span for each, spans in self.open if each == day for span in spans)
        free = day in self.closed or day in holidays(self.holidays)
        return single or (() if free else self.week[day.weekday()])

    def written(self, name: str) -> str:
        week = ", ".join(f'{day} = "{hours(spans)}"' for day, spans in zip(DAYS, self.week, strict=True) if spans)
        single = ", ".join(f'"{day} {hours(spans)}"' for day, spans in self.open)
        return (
            f'[calendar.{name}]\ntime_zone = "{self.zone}"\nhours = {{ {week} }}\nholidays = "{self.holidays}"\n'
            f"closed = [{', '.join(map(str, self.closed))}]\nopen = [{single}]\n"
        )


@cache
def holidays(written: str) -> frozenset[date]:
    code, *kinds = written.split() or [""]
    country, _, region = code.partition("-")
    named = ("public", *kinds)
    return frozenset(
        country_holidays(country, subdiv=region or None, years=(2026, 2027), categories=named) if code else ()
    )


def desk(parts: tuple[Part, ...], zone: str) -> Config:
    """`c` is the one part, or is made of all of them by the clock of the zone."""
    names = [f"p{number}" for number in range(len(parts))] if len(parts) > 1 else ["c"]
    made = f'[calendar.c]\ntime_zone = "{zone}"\nof = {names}\n' if len(parts) > 1 else ""
    text = '[desk]\ndomain = "d.example"\npostmaster = "o@d.example"\n[queue.q]\naddress = "s@d.example"\n'
    calendars = "".join(part.written(name) for name, part in zip(names, parts, strict=True))
    return parse(text + calendars + made.replace("'", '"'), Path("/desk"))


@cache
def walls(zone: str, start: datetime) -> tuple[tuple[date, int], ...]:
    """What the clock on the wall shows in every quarter of a window: the date, and the minutes after midnight."""
    shown = ((start + step * QUARTER).astimezone(ZoneInfo(zone)) for step in range(LONG))
    return tuple((wall.date(), wall.hour * 60 + wall.minute) for wall in shown)


def opened(parts: tuple[Part, ...], start: datetime) -> list[bool]:
    """Of every quarter, whether any part is open."""
    found = [False] * LONG
    for part in parts:
        clocks: dict[date, set[int]] = {}
        for number, (day, clock) in enumerate(walls(part.zone, start)):
            if day not in clocks:
                clocks[day] = {minute for first, last in part.on(day) for minute in range(first, last)}
            found[number] = found[number] or clock in clocks[day]
    return found


def singles(draw: st.DrawFn, around: date) -> Iterator[tuple[date, Spans]]:
    for day in draw(st.sets(st.integers(-3, 5), max_size=3)):
        drawn = draw(days())
        if drawn:
            yield around + day * DAY, drawn


@st.composite
def part(draw: st.DrawFn, zone: str, around: date) -> Part:
    closed = tuple(around + day * DAY for day in draw(st.sets(st.integers(-3, 5), max_size=2)))
    return Part(zone, draw(weeks()), draw(st.sampled_from(FREE)), closed, tuple(singles(draw, around)))


class Case(NamedTuple):
    parts: tuple[Part, ...]
    zone: str  # whose clock tells the time of day
    begins: datetime  # the window
    first: int  # the quarter of it at which it is asked

    @property
    def at(self) -> datetime:
        return self.begins + self.first * QUARTER


@st.composite
def cases(draw: st.DrawFn, zone: str) -> Case:
    found = changes(zone)
    change = found[draw(st.integers(0, 1)) % len(found)]
    others = draw(st.lists(st.sampled_from(ZONES), max_size=2))
    parts = tuple(draw(part(each, change.date())) for each in (zone, *others))
    middle = BEFORE // QUARTER
    close_by = st.integers(middle - 28, middle + 28)  # changes are known to six hours
    first = draw(st.one_of(close_by, close_by, st.integers(0, LONG - 2)))
    return Case(parts, draw(st.sampled_from((zone, "UTC"))) if others else zone, change - BEFORE, first)


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_any_calendar_is_open_when_one_look_at_its_clocks_says_so(zone: str, data: st.DataObject) -> None:
    case = data.draw(cases(zone))
    config, end = desk(case.parts, case.zone), case.begins + LONG * QUARTER
    open_at = opened(case.parts, case.begins)[case.first :]
    quarters = [case.at + number * QUARTER for number, is_so in enumerate(open_at) if is_so]
    found = list(spans(config, "c", case.at, end))
    assert [at for stretch in found for at in steps(*stretch)] == quarters
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
    assert elapsed(config, "c", case.at, end) == len(quarters) * QUARTER
    assert is_open(config, "c", case.at) == open_at[0]
    if quarters:
        assert next_opening(config, "c", case.at) == quarters[0]


def steps(opens: datetime, closes: datetime) -> list[datetime]:
    return [opens + step * QUARTER for step in range((closes - opens) // QUARTER)]


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data(), count=st.integers(1, 30))
@settings(max_examples=6, deadline=None)
def test_targets_in_any_calendar_end_where_counting_by_hand_ends(zone: str, data: st.DataObject, count: int) -> None:
    case = data.draw(cases(zone))
    config = desk(case.parts, case.zone)
    numbers = [number for number, is_so in enumerate(opened(case.parts, case.begins)) if is_so and number >= case.first]
    if count * 4 <= len(numbers):
        assert after(config, "c", case.at, Span(count, "bh")) == case.begins + (numbers[count * 4 - 1] + 1) * QUARTER
    for amount in (1, 2, 3):
        due = counted(case, numbers, amount)
        assert due is None or after(config, "c", case.at, Span(amount, "bd")) == due


def counted(case: Case, numbers: list[int], amount: int) -> datetime | None:
    """The same clock on the Nth later date on which any part has hours; None: the window does not hold it."""
    if not numbers:
        return None
    shown = walls(case.zone, case.begins)
    day, clock = shown[numbers[0]]
    dates = sorted({each for each, _ in shown if each > day and any(part.on(each) for part in case.parts)})
    if len(dates) < amount or dates[amount - 1] >= shown[-1][0]:
        return None
    number = next(number for number, wall in enumerate(shown) if wall >= (dates[amount - 1], clock))
    (_, before), (_, there) = shown[number - 1], shown[number]
    skipped = clock - (before + 15) % 1440 if there > clock else 0  # RFC 5545, 3.3.5: as if clocks were not set yet
    return case.begins + number * QUARTER + timedelta(minutes=skipped)


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data(), count=st.integers(1, 40), more=st.integers(0, 400), unit=st.sampled_from(("bh", "bd", "h", "d")))
@settings(max_examples=6, deadline=None)
def test_counting_goes_backwards_in_nothing(zone: str, data: st.DataObject, count: int, more: int, unit: str) -> None:
    case = data.draw(cases(zone))
    config, later = desk(case.parts, case.zone), case.at + more * timedelta(minutes=1)
    due, longer = (after(config, "c", case.at, Span(amount, unit)) for amount in (count, count + 1))
    if due is None or longer is None:
        assert not any(any(part.week) for part in case.parts)
        return
    assert case.at < due < longer
    from_later = after(config, "c", later, Span(count, unit))
    assert from_later is not None
    if unit == "bh":
        assert elapsed(config, "c", case.at, due) == timedelta(hours=count)
        assert due <= from_later
    opening, opening_later = (next_opening(config, "c", at) for at in (case.at, later))
    assert opening is None or opening_later is None or case.at <= opening <= opening_later
    whole = elapsed(config, "c", case.at, due)
    assert elapsed(config, "c", case.at, later) + elapsed(config, "c", later, max(due, later)) >= whole >= timedelta(0)
    assert elapsed(config, "c", due, case.at) == timedelta(0)
