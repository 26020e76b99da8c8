"""When a working day begins and a shift ends, by a calendar's own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maildesk.config import Config, parse
from maildesk.policy.shifts import day_ends, keeps_hours, next_end, next_morning, zone, zone_of
from maildesk.words import Agent
from tests.builders import configuration

CALENDARS = """
[calendar.office]
time_zone = "Europe/Berlin"
hours = { mon-fri = "08:00-12:00 13:00-17:00" }
closed = [2026-04-06]
[calendar.night]
time_zone = "Europe/Berlin"
hours = { sun = "22:00-24:00", mon-thu = "00:00-06:00 22:00-24:00", fri = "00:00-06:00" }
[calendar.shop]
time_zone = "Europe/Berlin"
hours = { mon-sat = "06:00-09:00 15:00-20:00" }
[calendar.siesta]
hours = { mon-fri = "08:00-12:00 16:00-20:00" }
[calendar.long]
hours = { mon-fri = "08:00-12:00 16:01-20:00" }
[calendar.us]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
[calendar.sun]
time_zone = "Europe/Berlin"
of = ["office", "us"]
[calendar.round]
time_zone = "Asia/Tokyo"
hours = { mon-sun = "00:00-24:00" }
[calendar.never]
hours = { mon-fri = "09:00-17:00" }
open = ["2020-01-01 09:00-10:00"]
[calendar.once]
hours = {}
open = ["2026-03-04 09:00-10:00"]
"""
CONFIG: Config = parse(configuration(CALENDARS, domain='"example.com"\ntime_zone = "Europe/London"'), Path("/"))


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("calendar", "after", "morning"),
    [
        ("office", "2026-03-02T06:59:59Z", "2026-03-02T07:00:00Z"),
        ("office", "2026-03-02T07:00:00Z", "2026-03-03T07:00:00Z"),  # later than that, so the next one
        ("office", "2026-03-06T12:00:00Z", "2026-03-09T07:00:00Z"),  # over the weekend; no second one after lunch
        ("office", "2026-03-27T12:00:00Z", "2026-03-30T06:00:00Z"),  # clocks were set forward
        ("office", "2026-04-03T12:00:00Z", "2026-04-07T06:00:00Z"),  # Monday is closed
        ("us", "2026-03-02T13:00:00Z", "2026-03-02T14:00:00Z"),
        ("night", "2026-03-02T12:00:00Z", "2026-03-02T21:00:00Z"),
        ("night", "2026-03-02T22:30:00Z", "2026-03-03T21:00:00Z"),  # what began before midnight begins no new day
        ("round", "2026-03-02T12:00:00Z", "2026-03-02T23:00:00Z"),  # never closes: eight o'clock there
        ("always", "2026-03-02T12:00:00Z", "2026-03-03T08:00:00Z"),  # eight o'clock of the desk
        ("", "2026-07-02T12:00:00Z", "2026-07-03T07:00:00Z"),
        ("sun", "2026-03-02T12:00:00Z", "2026-03-03T07:00:00Z"),
        ("once", "2026-03-02T12:00:00Z", "2026-03-04T09:00:00Z"),
    ],
)
def test_a_day_begins_with_its_first_opening_by_the_calendars_clock(calendar: str, after: str, morning: str) -> None:
    assert next_morning(CONFIG, calendar, at(after)) == at(morning)


@pytest.mark.parametrize(
    ("calendar", "after", "end"),
    [
        ("siesta", "2026-03-02T09:00:00Z", "2026-03-02T20:00:00Z"),  # four hours of break are one still
        ("long", "2026-03-02T09:00:00Z", "2026-03-02T12:00:00Z"),
        ("office", "2026-03-02T07:00:00Z", "2026-03-02T16:00:00Z"),  # lunch ends no shift
        ("office", "2026-03-02T16:00:00Z", "2026-03-03T16:00:00Z"),  # later than that
        ("office", "2026-03-06T16:00:00Z", "2026-03-09T16:00:00Z"),
        ("shop", "2026-03-02T06:00:00Z", "2026-03-02T08:00:00Z"),  # a long break is two shifts
        ("night", "2026-03-02T22:00:00Z", "2026-03-03T05:00:00Z"),
        ("sun", "2026-03-02T08:00:00Z", "2026-03-03T01:00:00Z"),  # whoever of them goes last
        ("once", "2026-03-02T12:00:00Z", "2026-03-04T10:00:00Z"),
        ("round", "2026-03-02T12:00:00Z", None),
        ("always", "2026-03-02T12:00:00Z", None),
        ("once", "2026-03-05T12:00:00Z", None),
    ],
)
def test_a_shift_ends_where_its_calendar_closes_for_a_while(calendar: str, after: str, end: str | None) -> None:
    assert next_end(CONFIG, calendar, at(after)) == (at(end) if end else None)


def test_no_day_begins_where_nothing_opens_any_more() -> None:
    assert next_morning(CONFIG, "once", at("2026-03-05T12:00:00Z")) is None


def test_an_agents_zone_is_his_calendars_else_the_desks() -> None:
    assert zone_of(Agent(1, "A", (), calendar="us"), CONFIG).key == "America/Los_Angeles"
    assert zone_of(Agent(1, "A", ()), CONFIG).key == "Europe/London"
    assert zone_of(Agent(1, "A", (), calendar="always"), CONFIG).key == "Europe/London"
    assert zone_of(Agent(1, "A", (), calendar="gone"), CONFIG).key == "Europe/London"


def test_a_calendar_that_is_configured_no_more_is_none() -> None:
    assert [keeps_hours(Agent(1, "A", (), calendar=name), CONFIG) for name in ("us", "always", "", "gone")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_day_ends_at_midnight_there() -> None:
    where = zone("us", CONFIG)
    assert day_ends(at("2026-03-02T12:00:00Z"), where) == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert day_ends(at("2026-03-02T07:00:00Z"), where) == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert day_ends(at("2026-03-07T12:00:00Z"), where, 1) == datetime(2026, 3, 9, 7, tzinfo=UTC)  # clocks forward
