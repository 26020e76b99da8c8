"""The hours of one calendar on one day, and the stretches of UTC in which its clock on the wall shows them.

Called by hours and service. Open is every instant at which the local clock reads within a span: where clocks are set
forward, the hour that is skipped opens nothing; where they are set back, the hour that comes twice is open twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Calendar
from maildesk.config.hours import OpenDay, Spans, Week
from maildesk.policy.holidays import is_holiday
from maildesk.words.frozen import frozen

Stretch = tuple[datetime, datetime]  # from and to, in UTC

REACH = timedelta(hours=16)  # no zone was ever farther from UTC
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
CLOSED: Week = ((), (), (), (), (), (), ())


@frozen
class Place:
    """A calendar with hours of its own. Equal calendars are equal places, whatever they are called."""

    zone: str
    week: Week
    holidays: str
    closed: frozenset[date]
    open: tuple[OpenDay, ...]

    def holiday(self, day: date) -> bool:
        """Whether a holiday alone closes what the week would open."""
        named = self.closed.union(each.day for each in self.open)
        return bool(self.week[day.weekday()]) and day not in named and is_holiday(self.holidays, day)

    def hours(self, day: date) -> Spans:
        """Single open days go over everything else; then closed ones and holidays; then the week."""
        single = [span for each in self.open if each.day == day for span in each.spans]
        if single:
            return tuple(sorted(single))
        if day in self.closed or is_holiday(self.holidays, day):
            return ()
        return self.week[day.weekday()]


def place(calendar: Calendar) -> Place:
    closed = frozenset(calendar.closed)
    holidays = " ".join(calendar.holidays.split())
    return Place(calendar.time_zone, calendar.hours or CLOSED, holidays, closed, calendar.open)


def stretches(where: Place, day: date) -> Iterator[Stretch]:
    """When it is open on its own day of this date; they may touch or overlap."""
    spans = where.hours(day)
    if not spans:
        return
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)  # as the clock on the wall shows it
    for since, until, offset in _steady(ZoneInfo(where.zone), midnight - REACH, midnight + DAY + REACH):
        for first, last in spans:
            opens = max(midnight + timedelta(minutes=first) - offset, since)
            closes = min(midnight + timedelta(minutes=last) - offset, until)
            if opens < closes:
                yield opens, closes


def _steady(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The pieces of these few days within which clocks are not set, each with its offset from UTC."""
    before, after = _offset(zone, since), _offset(zone, until)
    if before == after:
        yield since, until, before
        return
    change = _change(zone, since, until)
    yield since, change, before
    yield change, until, after


def _change(zone: ZoneInfo, since: datetime, until: datetime) -> datetime:
    """The first second of the new offset."""
    before = _offset(zone, since)
    while until - since > SECOND:
        middle = since + SECOND * ((until - since) // SECOND // 2)
        since, until = (middle, until) if _offset(zone, middle) == before else (since, middle)
    return until


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
