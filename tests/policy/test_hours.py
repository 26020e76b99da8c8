"""Business time as the support policies say it: 6 a.m. to 5 p.m. Pacific, two business days, around the world."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maildesk.config import Config, parse
from maildesk.config.values import span
from maildesk.policy.hours import after, calendar_of, elapsed, is_open, next_opening, spans
from maildesk.policy.planned import planned

DESK = """
[desk]
domain = "desk.example"
postmaster = "ops@desk.example"
[queue.technical]
address = "support@desk.example"
calendar = "central"
[queue.sales]
address = "sales@desk.example"
[calendar.pacific]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
[calendar.pacific-free]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
holidays = "US-CA"
[calendar.central]
time_zone = "America/Chicago"
hours = { mon-fri = "07:00-19:00", sat-sun = "09:00-17:00" }
[calendar.sydney]
time_zone = "Australia/Sydney"
hours = { mon-fri = "08:00-18:00" }
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
holidays = "DE-BY"
closed = [2026-12-28]
open = ["2026-12-24 10:00-14:00", "2026-12-28 10:00-12:00", "2026-12-26 09:00-10:00 11:00-12:00"]
[calendar.austria]
time_zone = "Europe/Vienna"
hours = { mon-fri = "09:00-17:00" }
holidays = "AT"
[calendar.bank]
time_zone = "Europe/Vienna"
hours = { mon-fri = "09:00-17:00" }
holidays = "AT bank"
[calendar.lunch]
time_zone = "Europe/Berlin"
hours = { mon-fri = "08:00-12:00 13:00-17:00" }
[calendar.night]
time_zone = "America/New_York"
hours = { mon = "20:00-24:00", tue = "00:00-04:00" }
[calendar.sundays]
time_zone = "America/New_York"
hours = { sun = "00:00-24:00" }
[calendar.early]
time_zone = "America/New_York"
hours = { sun = "01:30-02:30" }
[calendar.daily]
time_zone = "America/New_York"
hours = { mon-sun = "00:00-24:00" }
[calendar.world]
time_zone = "UTC"
of = ["pacific", "sydney", "emea"]
[calendar.emea]
time_zone = "Europe/London"
hours = { mon-fri = "08:00-17:00" }
[calendar.anytime]
of = ["pacific", "always"]
[calendar.gone]
open = ["2020-01-01 10:00-12:00"]
[calendar.rare]
open = ["2026-05-01 10:00-12:00", "2027-05-01 10:00-12:00"]
[plan.premium]
calendar = "pacific"
[plan.standard]
[[maintenance]]
from = 2026-12-24T18:00:00Z
until = 2026-12-24T22:00:00Z
text = "New servers."
"""
ZONES = {
    "pacific": "America/Los_Angeles",
    "pacific-free": "America/Los_Angeles",
    "central": "America/Chicago",
    "sydney": "Australia/Sydney",
    "berlin": "Europe/Berlin",
    "lunch": "Europe/Berlin",
    "austria": "Europe/Vienna",
    "bank": "Europe/Vienna",
    "night": "America/New_York",
    "sundays": "America/New_York",
    "early": "America/New_York",
    "daily": "America/New_York",
    "world": "UTC",
    "emea": "Europe/London",
}


@pytest.fixture(scope="module")
def config() -> Config:
    return parse(DESK, Path("/desk"))


def local(calendar: str, text: str) -> datetime:
    """A moment by the clock of the calendar, such as "2026-03-02 16:00"; its second coming ends in "*"."""
    zone = ZoneInfo(ZONES.get(calendar, "UTC"))
    found = datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=zone, fold=int(text.endswith("*")))
    return found.astimezone(UTC)


# calendar, start, target, due: all by the calendar's own clock
COUNTED = [
    # 000.3: Monday to Friday, 6 a.m. to 5 p.m. Pacific
    ("pacific", "2026-03-02 09:00", "2bh", "2026-03-02 11:00"),
    ("pacific", "2026-03-02 05:00", "1bh", "2026-03-02 07:00"),  # before the opening
    ("pacific", "2026-03-02 18:00", "1bh", "2026-03-03 07:00"),  # in the evening
    ("pacific", "2026-03-06 16:00", "2bh", "2026-03-09 07:00"),  # over the weekend and a clock change
    ("pacific", "2026-03-06 16:00", "1bh", "2026-03-06 17:00"),  # exactly at the end of a day
    ("pacific", "2026-03-06 17:00", "1bh", "2026-03-09 07:00"),  # the closing time is outside
    ("pacific", "2026-03-07 12:00", "1bh", "2026-03-09 07:00"),  # on a Saturday
    ("pacific", "2026-03-02 09:00", "11bh", "2026-03-03 09:00"),
    ("pacific", "2026-03-02 09:00", "1bd", "2026-03-03 09:00"),
    ("pacific", "2026-03-06 09:00", "1bd", "2026-03-09 09:00"),
    ("pacific", "2026-03-06 18:30", "1bd", "2026-03-10 06:00"),  # counts from Monday 6 a.m.
    ("pacific", "2026-03-02 17:00", "1bd", "2026-03-04 06:00"),
    ("pacific", "2026-03-02 16:59", "1bd", "2026-03-03 16:59"),
    ("pacific", "2026-10-30 09:00", "1bd", "2026-11-02 09:00"),  # winter time begins between
    ("pacific", "2026-10-30 16:00", "2bh", "2026-11-02 07:00"),
    # 001.1: 7 to 7 Central on weekdays, 9 to 5 at weekends
    ("central", "2026-03-06 18:00", "2bh", "2026-03-07 10:00"),
    ("central", "2026-03-07 16:30", "1bh", "2026-03-08 09:30"),
    ("central", "2026-03-08 16:00", "4bh", "2026-03-09 10:00"),
    ("central", "2026-03-06 18:00", "1bd", "2026-03-07 18:00"),  # the same time of day, closed as it is by then
    ("central", "2026-03-07 08:00", "1bd", "2026-03-08 09:00"),
    # 003.2: two business days, excluding holidays
    ("pacific-free", "2026-11-25 10:00", "2bd", "2026-12-01 10:00"),  # Thanksgiving, and the day after in California
    ("pacific-free", "2026-12-24 16:00", "2bh", "2026-12-28 07:00"),
    ("pacific-free", "2026-07-02 10:00", "2bd", "2026-07-07 10:00"),  # the 4th is a Saturday: the 3rd is free
    ("pacific", "2026-11-25 10:00", "2bd", "2026-11-27 10:00"),
    # 004.2: 1 to 2 business hours, with single days
    ("berlin", "2026-12-23 16:30", "1bh", "2026-12-24 10:30"),  # open from 10 to 14 that day
    ("berlin", "2026-12-24 13:30", "2bh", "2026-12-26 11:30"),  # the 25th is closed; a Saturday opened by hand
    ("berlin", "2026-12-26 10:30", "1bh", "2026-12-26 12:00"),
    ("berlin", "2026-12-26 12:00", "2bh", "2026-12-28 12:00"),  # `open` goes over `closed`
    ("berlin", "2026-01-05 16:00", "2bh", "2026-01-07 10:00"),  # Epiphany is a holiday of Bavaria
    ("berlin", "2026-12-23 11:00", "1bd", "2026-12-24 11:00"),
    ("austria", "2026-12-23 12:00", "1bd", "2026-12-24 12:00"),
    ("bank", "2026-12-23 12:00", "1bd", "2026-12-28 12:00"),  # that kind of holidays comes on top of the public ones
    ("bank", "2026-12-30 16:30", "1bh", "2027-01-04 09:30"),
    ("lunch", "2026-03-02 11:30", "1bh", "2026-03-02 13:30"),
    ("lunch", "2026-03-02 12:30", "1bd", "2026-03-03 13:00"),
    # 24:00 ends a span, and the next one goes on
    ("night", "2026-03-02 23:00", "2bh", "2026-03-03 01:00"),
    ("night", "2026-03-03 01:00", "4bh", "2026-03-09 21:00"),
    ("night", "2026-03-02 21:00", "1bd", "2026-03-03 21:00"),
    # clocks are set: a day of 23 hours, one of 25, an hour that is skipped and one that comes twice
    ("sundays", "2026-03-08 00:00", "23bh", "2026-03-09 00:00"),
    ("sundays", "2026-03-08 00:00", "24bh", "2026-03-15 01:00"),
    ("sundays", "2026-11-01 00:00", "25bh", "2026-11-02 00:00"),
    ("sundays", "2026-03-08 01:00", "1bh", "2026-03-08 03:00"),
    ("sundays", "2026-11-01 01:00", "1bh", "2026-11-01 01:00*"),
    ("daily", "2026-03-07 02:30", "1bd", "2026-03-08 03:30"),  # there is no 2:30
    ("daily", "2026-10-31 01:30", "1bd", "2026-11-01 01:30"),  # the first of two
    ("daily", "2026-11-01 01:30*", "1bd", "2026-11-02 01:30"),
    # 002.1: three teams follow the sun; UTC is the clock of their common days
    ("world", "2026-03-02 10:00", "2bh", "2026-03-02 12:00"),
    ("world", "2026-03-07 10:00", "1bh", "2026-03-08 22:00"),  # Sydney opens first, on Sunday 21:00 UTC
    ("world", "2026-03-06 23:00", "4bh", "2026-03-08 23:00"),  # two hours left in California
    ("world", "2026-03-06 15:00", "1bd", "2026-03-09 15:00"),  # Monday, though Sydney opens on Sunday by UTC
    ("world", "2026-03-08 23:00", "1bd", "2026-03-09 23:00"),
    ("world", "2026-03-07 10:00", "1bd", "2026-03-09 21:00"),
    # nothing to count
    ("pacific", "2026-03-02 09:00", "0bh", "2026-03-02 09:00"),
    ("pacific", "2026-03-07 09:00", "0bh", "2026-03-09 06:00"),
    ("pacific", "2026-03-07 09:00", "0bd", "2026-03-09 06:00"),
    # the wall clock knows no calendar
    ("pacific", "2026-03-06 16:00", "2h", "2026-03-06 18:00"),
    ("pacific", "2026-03-07 12:00", "1d", "2026-03-08 13:00"),
]


@pytest.mark.parametrize(("calendar", "start", "target", "due"), COUNTED)
def test_a_target_ends_when_an_operator_would_say(
    config: Config, calendar: str, start: str, target: str, due: str
) -> None:
    assert after(config, calendar, local(calendar, start), span(target)) == local(calendar, due)


OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
SECTION = OPERATIONS.partition("## Hours, and how time is counted\n")[2].partition("\n## ")[0]
EXAMPLES = re.findall(r"^\| (\w{3} \S+ \S+) \| (\d+b[hd]) \| (\w{3} \S+ \S+) \|", SECTION, re.MULTILINE)


@pytest.mark.parametrize(("start", "target", "ends"), EXAMPLES)
def test_the_operators_page_counts_as_the_desk_does(start: str, target: str, ends: str) -> None:
    block = re.findall(r"(?:^    .*\n)+", SECTION, re.MULTILINE)[0]
    table = re.sub(r"(?m)^    ", "", block)
    base = '[desk]\ndomain = "d.example"\npostmaster = "o@d.example"\n[queue.q]\naddress = "q@d.example"\n'
    found = after(parse(base + table, Path("/desk")), "us", local("pacific", start[4:]), span(target))
    assert found is not None
    assert found.astimezone(ZoneInfo(ZONES["pacific"])).strftime("%a %Y-%m-%d %H:%M") == ends
    assert local("pacific", start[4:]).astimezone(ZoneInfo(ZONES["pacific"])).strftime("%a") == start[:3]


def test_the_operators_page_has_examples() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("calendar", ["", "always", "anytime"])
def test_around_the_clock_a_business_day_has_24_hours(config: Config, calendar: str) -> None:
    start = datetime(2026, 3, 7, 12, 30, 15, tzinfo=UTC)
    assert after(config, calendar, start, span("2bd")) == start + timedelta(days=2)
    assert after(config, calendar, start, span("3bh")) == start + timedelta(hours=3)
    assert next_opening(config, calendar, start) == start
    assert is_open(config, calendar, start)
    assert list(spans(config, calendar, start, start + timedelta(days=9))) == [(start, start + timedelta(days=9))]


def test_a_start_in_any_zone_is_the_same_moment(config: Config) -> None:
    start = datetime(2026, 3, 2, 18, 0, tzinfo=ZoneInfo("Europe/Berlin"))  # 9 a.m. Pacific
    due = after(config, "pacific", start, span("2bh"))
    assert due == datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    assert due is not None
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-03-02 05:59:59", "2026-03-02 06:00"),
        ("2026-03-02 06:00", "2026-03-02 06:00"),
        ("2026-03-02 16:59:59", "2026-03-02 16:59:59"),
        ("2026-03-02 17:00", "2026-03-03 06:00"),
        ("2026-03-06 17:00", "2026-03-09 06:00"),
    ],
)
def test_the_next_opening_is_now_when_it_is_open(config: Config, at: str, opening: str) -> None:
    moment = local("pacific", at)
    assert next_opening(config, "pacific", moment) == local("pacific", opening)
    assert is_open(config, "pacific", moment) == (at == opening)


def test_a_calendar_that_opens_no_more_has_no_opening_and_no_end_of_a_target(config: Config) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert next_opening(config, "gone", start) is None
    assert not is_open(config, "gone", start)
    assert after(config, "gone", start, span("1bh")) is None
    assert after(config, "gone", start, span("1bd")) is None
    assert after(config, "gone", start, span("1h")) == start + timedelta(hours=1)


def test_a_calendar_that_opens_twice_in_years_is_waited_for(config: Config) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert after(config, "rare", start, span("3bh")) == datetime(2027, 5, 1, 11, tzinfo=UTC)
    assert after(config, "rare", start, span("1bd")) == datetime(2027, 5, 1, 10, tzinfo=UTC)
    assert after(config, "rare", start, span("5bh")) is None


def test_spans_are_of_utc_ascend_and_touch_nowhere(config: Config) -> None:
    found = list(spans(config, "night", local("night", "2026-03-02 21:00"), local("night", "2026-03-09 21:00")))
    assert found == [
        (local("night", "2026-03-02 21:00"), local("night", "2026-03-03 04:00")),
        (local("night", "2026-03-09 20:00"), local("night", "2026-03-09 21:00")),
    ]
    assert all(moment.tzinfo is UTC for each in found for moment in each)


def test_what_touches_at_the_turn_of_a_month_is_one_span(config: Config) -> None:
    start, end = datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC)
    assert list(spans(config, "daily", start, end)) == [(start, end)]


def test_teams_around_the_world_are_open_from_sunday_to_friday_but_for_their_gaps(config: Config) -> None:
    found = list(spans(config, "world", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC)))
    told = [(opens.strftime("%a %H:%M"), closes.strftime("%a %H:%M")) for opens, closes in found]
    night = [(f"{day} 21:00", f"{then} 07:00") for day, then in (("Sun", "Mon"),)]
    assert told[0] == night[0]
    assert told[1] == ("Mon 08:00", "Tue 07:00")  # London, California until 1:00, Sydney from 21:00
    assert told[-1] == ("Fri 08:00", "Sat 01:00")


def test_an_hour_that_comes_twice_is_open_twice_and_one_that_is_skipped_never(config: Config) -> None:
    autumn = list(spans(config, "early", local("early", "2026-11-01 00:00"), local("early", "2026-11-02 00:00")))
    assert autumn == [
        (local("early", "2026-11-01 01:30"), local("early", "2026-11-01 01:00*")),
        (local("early", "2026-11-01 01:30*"), local("early", "2026-11-01 02:30")),
    ]
    spring = list(spans(config, "early", local("early", "2026-03-08 00:00"), local("early", "2026-03-09 00:00")))
    assert spring == [(local("early", "2026-03-08 01:30"), local("early", "2026-03-08 03:00"))]


def test_elapsed_counts_open_time_alone(config: Config) -> None:
    friday, tuesday = local("pacific", "2026-03-06 16:00"), local("pacific", "2026-03-10 07:30")
    assert elapsed(config, "pacific", friday, tuesday) == timedelta(hours=1 + 11 + 1.5)
    assert elapsed(config, "pacific", tuesday, friday) == timedelta(0)
    assert elapsed(config, "pacific", friday, friday) == timedelta(0)


def test_the_plan_s_calendar_goes_before_the_queue_s(config: Config) -> None:
    assert calendar_of(config, "premium", "technical") == "pacific"
    assert calendar_of(config, "standard", "technical") == "central"
    assert calendar_of(config, "standard", "sales") == ""
    assert calendar_of(config, "", "technical") == "central"
    assert calendar_of(config, "sold-no-more", "closed-queue") == ""


def test_an_edited_calendar_counts_at_once_and_the_former_one_as_before(config: Config) -> None:
    edited = parse(DESK.replace('mon-fri = "06:00-17:00"', 'mon-fri = "08:00-12:00"'), Path("/desk"))
    start = local("pacific", "2026-03-02 11:00")
    assert after(edited, "pacific", start, span("2bh")) == local("pacific", "2026-03-03 09:00")
    assert after(config, "pacific", start, span("2bh")) == local("pacific", "2026-03-02 13:00")


@pytest.mark.parametrize(("hour", "expected"), [(17, False), (18, True), (20, True), (22, True), (23, False)])
def test_a_planned_event_holds_both_its_ends(config: Config, hour: int, expected: bool) -> None:
    found = planned(config, datetime(2026, 12, 24, hour, tzinfo=UTC))
    assert (found is not None) == expected
    assert found is None or found.text == "New servers."
