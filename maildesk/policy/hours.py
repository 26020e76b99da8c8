"""Business time: when a calendar is open, and what `4bh` and `2bd` are in it.

Called by every clock of policy and by whatever tells hours to people, so that both say the same. Pure: moments come
in, none is asked for. The calendar "" and the built-in `always` are open around the clock, with days of 24 hours.
docs/operations.md shows by examples how is counted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.config.rules_service import BUILT_IN
from maildesk.config.values import Span
from maildesk.policy.hours_days import DAY, Place, Stretch, place, stretches
from maildesk.words.frozen import frozen

AROUND_THE_CLOCK = ("", BUILT_IN)
PATIENCE = timedelta(days=400)  # a calendar that has been closed for so long opens no more
FARTHEST = 100  # times that long: where counting ends
MONTHS_KEPT = 240
DAYS_KEPT = 10_000
NONE = timedelta(0)


def calendar_of(config: Config, plan: str, queue: str) -> str:
    """The plan's, else the queue's; "" is around the clock. Names that are configured no more have none."""
    agreed, asked = config.plan.get(plan), config.queue.get(queue)
    return (agreed.calendar if agreed else "") or (asked.calendar if asked else "")


def spans(config: Config, calendar: str, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The open stretches between two moments, in UTC, ascending; those that touch are one."""
    yield from _timetable(config, calendar).spans(start.astimezone(UTC), end.astimezone(UTC))


def is_open(config: Config, calendar: str, at: datetime) -> bool:
    """A closing time is outside."""
    return next_opening(config, calendar, at) == at


def next_opening(config: Config, calendar: str, at: datetime) -> datetime | None:
    """The moment itself when open then; None when nothing opens for 400 days."""
    return _timetable(config, calendar).opening(at.astimezone(UTC))


def after(config: Config, calendar: str, start: datetime, span: Span) -> datetime | None:
    """The moment a target ends that starts now; None when the calendar opens too seldom for it ever to come.

    Business hours are counted in open time. Business days end at the same time of day on the Nth day after that
    has hours; a start outside the hours counts from the next opening.
    """
    if span.unit not in ("bh", "bd"):
        return start.astimezone(UTC) + span.wall
    table, at = _timetable(config, calendar), start.astimezone(UTC)
    return (
        table.days_after(at, span.amount) if span.unit == "bd" else table.time_after(at, timedelta(hours=span.amount))
    )


def later(config: Config, calendar: str, start: datetime, length: timedelta) -> datetime | None:
    """The moment by which it was open for so long; None when that never comes. No time at all is the start itself."""
    at = start.astimezone(UTC)
    return _timetable(config, calendar).time_after(at, length) if length else at


def elapsed(config: Config, calendar: str, start: datetime, end: datetime) -> timedelta:
    """The open time between two moments; none when the end comes first."""
    return _timetable(config, calendar).elapsed(start.astimezone(UTC), end.astimezone(UTC))


def places(config: Config, calendar: str) -> tuple[Place, ...]:
    """The calendars with hours that it is made of; none: around the clock."""
    found = tuple(_places(config, calendar))
    return tuple(dict.fromkeys(each for each in found if each)) if None not in found else ()


def _places(config: Config, calendar: str) -> Iterator[Place | None]:
    """None is a part that is always open."""
    if calendar in AROUND_THE_CLOCK:
        yield None
        return
    written = config.calendar[calendar]
    if not written.of:
        yield place(written)
    for name in written.of:
        yield from _places(config, name)


class Always:
    """Open around the clock."""

    def spans(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        if start < end:
            yield start, end

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return max(end - start, NONE)

    def opening(self, at: datetime) -> datetime | None:
        return at

    def time_after(self, start: datetime, length: timedelta) -> datetime | None:
        return start + length

    def days_after(self, start: datetime, days: int) -> datetime | None:
        return start + timedelta(days=days)


@frozen
class Month:
    """Of UTC: its stretches, cut at its ends, and how long it was open by the end of each."""

    stretches: tuple[Stretch, ...]
    sums: tuple[timedelta, ...]

    @classmethod
    def of(cls, stretches: tuple[Stretch, ...]) -> Month:
        return cls(stretches, tuple(accumulate(closes - opens for opens, closes in stretches)))

    def open_by(self, at: datetime) -> timedelta:
        """How long it was open before a moment."""
        number = bisect_right(self.stretches, at, key=_closes)
        before = self.sums[number - 1] if number else NONE
        rest = at - self.stretches[number][0] if number < len(self.stretches) else NONE
        return before + max(rest, NONE)

    def when(self, length: timedelta) -> datetime:
        """By which moment it was open for so long, which is more than nothing and comes in it."""
        number = bisect_left(self.sums, length)
        return self.stretches[number][1] - (self.sums[number] - length)


class Timetable:
    """Places of which one at least is open, and the zone whose clock their common days follow."""

    def __init__(self, zone: str, places: tuple[Place, ...]) -> None:
        self._zone = ZoneInfo(zone)
        self._places = places
        self._months: dict[int, Month] = {}
        self._days: dict[date, date | None] = {}  # the next with hours

    def spans(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        last: Stretch | None = None
        for opens, closes in self._touched(start, end):
            if last is None or opens > last[1]:
                if last is not None:
                    yield last
                last = max(opens, start), min(closes, end)
            else:
                last = last[0], min(closes, end)
        if last is not None:
            yield last

    def opening(self, at: datetime) -> datetime | None:
        return next((max(opens, at) for opens, _ in self._touched(at, at + PATIENCE)), None)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        return sum((until - since for _, since, until in self._open(start, end)), NONE)

    def time_after(self, start: datetime, length: timedelta) -> datetime | None:
        if not length:
            return self.opening(start)
        left = length
        for window in range(FARTHEST):
            since, before = start + window * PATIENCE, left
            for month, first, last in self._open(since, since + PATIENCE):
                if left <= last - first:
                    return month.when(first + left)
                left -= last - first
            if left == before:
                return None
        return None

    def days_after(self, start: datetime, days: int) -> datetime | None:
        """By the local clock; a time that is skipped or comes twice is read as RFC 5545, 3.3.5 has it."""
        opening = self.opening(start)
        if opening is None or not days:
            return opening
        local = opening.astimezone(self._zone)
        day = local.date()
        for _ in range(days):
            following = self._next_day(day)
            if following is None:
                return None
            day = following
        return datetime.combine(day, local.time().replace(fold=0), self._zone).astimezone(UTC)

    def _next_day(self, day: date) -> date | None:
        """The next date on which any place has hours, each by its own clock."""
        if day not in self._days:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            later = (day + DAY * step for step in range(1, PATIENCE.days + 1))
            self._days[day] = next((each for each in later if any(where.hours(each) for where in self._places)), None)
        return self._days[day]

    def _open(self, start: datetime, end: datetime) -> Iterator[tuple[Month, timedelta, timedelta]]:
        """The months between two moments, each with how long it was open by the one and by the other."""
        first, last = _month(start), _month(end)
        for number in range(first, last + 1) if start < end else ():
            month = self._month(number)
            whole = month.sums[-1] if month.sums else NONE
            since = month.open_by(start) if number == first else NONE
            until = month.open_by(end) if number == last else whole
            yield month, since, until

    def _touched(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """The stretches of months, uncut, that have time between the two."""
        if start >= end:
            return
        for number in range(_month(start), _month(end) + 1):
            found = self._month(number).stretches
            for opens, closes in found[bisect_right(found, start, key=_closes) :]:
                if opens >= end:
                    return
                yield opens, closes

    def _month(self, number: int) -> Month:
        known = self._months.get(number)
        if known is None:
            if len(self._months) >= MONTHS_KEPT:
                self._months.clear()
            known = self._months[number] = Month.of(tuple(self._computed(number)))
        return known

    def _computed(self, number: int) -> Iterator[Stretch]:
        first, last = (datetime(each // 12, each % 12 + 1, 1, tzinfo=UTC) for each in (number, number + 1))
        days = [first.date() + DAY * step for step in range(-2, (last - first).days + 2)]
        found = sorted(stretch for where in self._places for day in days for stretch in stretches(where, day))
        for opens, closes in _merged(found):
            if opens < last and closes > first:
                yield max(opens, first), min(closes, last)


def _merged(found: Iterable[Stretch]) -> list[Stretch]:
    """Of an ascending row, those that overlap or touch made one."""
    merged: list[Stretch] = []
    for opens, closes in found:
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], closes)
        else:
            merged.append((opens, closes))
    return merged


def _month(at: datetime) -> int:
    return at.year * 12 + at.month - 1


def _closes(stretch: Stretch) -> datetime:
    return stretch[1]


def _timetable(config: Config, calendar: str) -> Timetable | Always:
    found = places(config, calendar)
    return _kept(config.calendar[calendar].time_zone, found) if found else _ALWAYS


@lru_cache(maxsize=64)  # by what the calendars say: another configuration with the same hours shares it
def _kept(zone: str, found: tuple[Place, ...]) -> Timetable:
    return Timetable(zone, found)


_ALWAYS = Always()
