"""What letters can say of the service, and what the support policy is made of: the hours that count, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from maildesk.config import Config, parse
from maildesk.config.hours import DAYS, week
from maildesk.policy.holidays import holiday
from maildesk.policy.hours import spans
from maildesk.policy.hours_days import place
from maildesk.policy.service import days, length, service, words
from maildesk.policy.service_page import policy

DESK = """
[desk]
domain = "desk.example"
postmaster = "ops@desk.example"
[queue.technical]
title = "Technical Support"
address = "support@desk.example"
calendar = "central"
text = { docs = "The handbook.", phone = "No calls." }
[queue.sales]
address = "sales@desk.example"
[calendar.central]
time_zone = "America/Chicago"
hours = { mon-fri = "07:00-19:00", sat-sun = "09:00-17:00" }
[calendar.split]
time_zone = "Europe/Berlin"
hours = { "mon-wed,fri" = "08:00-12:00 13:00-17:00", thu = "08:00-12:00", sun = "00:00-24:00" }
[calendar.dated]
time_zone = "Pacific/Auckland"
hours = { mon = "09:00-17:00" }
holidays = "NZ"
closed = [2026-03-01, 2026-03-02, 2026-03-09]
open = ["2026-03-03 10:00-12:00", "2026-03-09 08:00-09:00"]
[calendar.both]
of = ["central", "split"]
[plan.premium]
title = "Premium"
calendar = "split"
channels = ["email", "chat"]
text = { phone = "Call us." }
first_response = { 1 = "2bh", 3 = "1bd" }
around_the_clock = [1]
[plan.world]
calendar = "both"
[plan.sales]
queues = ["sales"]
first_response = { 1 = "2bh", 2 = "1bd", 3 = "30m" }
update_every = { 1 = "4bh" }
"""
OPEN, SHUT = datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def config() -> Config:
    return parse(DESK, Path("/desk"))


def test_a_letter_can_say_the_hours_of_the_queue_and_that_it_is_open(config: Config) -> None:
    assert service(config, "", "technical", OPEN) == {
        "plan": "",
        "channels": ["email"],
        "open": True,
        "always": False,
        "next_opening": OPEN,
        "holiday": None,
        "hours": [("mon-fri", "07:00-19:00"), ("sat-sun", "09:00-17:00")],
        "zone": "America/Chicago",
        "places": [
            {
                "zone": "America/Chicago",
                "hours": [("mon-fri", "07:00-19:00"), ("sat-sun", "09:00-17:00")],
                "holidays": "",
                "single_days": [],
            }
        ],
    }


def test_outside_the_hours_it_can_say_when_the_desk_opens_next(config: Config) -> None:
    told = service(config, "", "technical", SHUT)
    assert not told["open"]
    assert told["next_opening"] == datetime(2026, 3, 3, 13, tzinfo=UTC)


AUCKLAND = 'address = "sales@desk.example"\ncalendar = "dated"'


@pytest.mark.parametrize(
    ("at", "holiday"),
    [
        ("2027-02-07T20:00:00+00:00", ("NZ", "2027-02-08")),  # Waitangi Day was a Saturday: Monday is free
        ("2026-10-25T20:00:00+00:00", ("NZ", "2026-10-26")),  # by the date there
        ("2026-10-26T20:00:00+00:00", None),  # a Tuesday has no hours anyway
        ("2026-03-01T20:00:00+00:00", None),  # a closed day is no holiday
    ],
)
def test_where_a_holiday_is_why_it_is_closed_it_says_so(at: str, holiday: tuple[str, str] | None) -> None:
    told = service(edited(AUCKLAND), "", "sales", datetime.fromisoformat(at))
    assert (told["open"], told["holiday"]) == (False, holiday)


@pytest.mark.parametrize(
    ("written", "day", "language", "name"),
    [
        ("DE-BE", date(2026, 12, 25), "de", "Erster Weihnachtstag"),
        ("DE-BE", date(2026, 12, 25), "en", "Christmas Day"),
        ("DE-BE", date(2026, 12, 25), "fi", "Erster Weihnachtstag"),  # a language it has no names in
        ("US-CA", date(2026, 11, 26), "de", "Thanksgiving Day"),
        ("AT bank", date(2026, 12, 24), "de-AT", "Heiliger Abend"),
        ("AT", date(2026, 12, 24), "de", ""),
    ],
)
def test_a_holiday_has_a_name_in_its_readers_language_or_its_countrys_own(
    written: str, day: date, language: str, name: str
) -> None:
    assert holiday(written, day, language) == name


def test_the_plan_tells_its_own_hours_and_channels(config: Config) -> None:
    told = service(config, "premium", "technical", OPEN)
    assert (told["plan"], told["channels"], told["zone"]) == ("Premium", ["email", "chat"], "Europe/Berlin")
    assert told["hours"] == [
        ("mon-wed,fri", "08:00-12:00 13:00-17:00"),
        ("thu", "08:00-12:00"),
        ("sun", "00:00-24:00"),
    ]


def test_around_the_clock_there_are_no_hours_to_tell(config: Config) -> None:
    told = service(config, "", "sales", SHUT)
    assert (told["open"], told["hours"], told["zone"], told["places"]) == (True, [], "", [])


def test_of_a_calendar_made_of_others_each_is_told_in_its_zone(config: Config) -> None:
    told = service(config, "world", "technical", OPEN)
    assert (told["hours"], told["zone"]) == ([], "")
    assert [place["zone"] for place in told["places"]] == ["America/Chicago", "Europe/Berlin"]


def test_single_days_are_told_until_they_are_over_where_they_are(config: Config) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)  # already the 2nd in Auckland
    [told] = policy(edited('address = "sales@desk.example"\ncalendar = "dated"'), at)["queues"][1]["places"]
    assert told["holidays"] == "NZ"
    assert told["single_days"] == [
        ("2026-03-02", ""),
        ("2026-03-03", "10:00-12:00"),
        ("2026-03-09", "08:00-09:00"),
    ]
    assert config.queue["sales"].calendar == ""


def edited(sales: str) -> Config:
    return parse(DESK.replace('address = "sales@desk.example"', sales), Path("/desk"))


def test_a_plan_s_word_goes_before_the_queue_s(config: Config) -> None:
    assert words(config, "premium", "technical") == {"docs": "The handbook.", "phone": "Call us."}
    assert words(config, "", "technical") == {"docs": "The handbook.", "phone": "No calls."}
    assert words(config, "gone", "gone") == {}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"mon-sun": "08:00-09:00"}, [("mon-sun", "08:00-09:00")]),
        ({"sat-mon": "08:00-09:00"}, [("mon,sat-sun", "08:00-09:00")]),
        ({"wed": "22:00-24:00 00:00-02:00"}, [("wed", "00:00-02:00 22:00-24:00")]),
        ({}, []),
    ],
)
def test_days_of_the_same_hours_are_told_together(written: dict[str, str], told: list[tuple[str, str]]) -> None:
    assert days(week(written)) == told


def test_the_hours_that_are_told_are_those_that_count(config: Config) -> None:
    for name in ("central", "split"):
        zone = config.calendar[name].time_zone
        start = datetime(2026, 5, 4, tzinfo=ZoneInfo(zone))  # a Monday, no clock is set that week
        told = sorted(said(days(config.calendar[name].hours or week({})), start))
        assert list(spans(config, name, start, start + timedelta(days=7))) == told


def said(hours: list[tuple[str, str]], monday: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a week as somebody would take them from the words."""
    for names, written in hours:
        for run in names.split(","):
            first, last = run.split("-")[0], run.split("-")[-1]
            for number in range(DAYS.index(first), DAYS.index(last) + 1):
                day = monday.date() + timedelta(days=number)
                yield from (on(day, span, monday) for span in written.split())


def on(day: date, span: str, monday: datetime) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, monday.timetz())
    found = (midnight + timedelta(hours=int(edge[:2]), minutes=int(edge[3:])) for edge in span.split("-"))
    opens, closes = (each.astimezone(UTC) for each in found)
    return opens, closes


def targets(config: Config, plan: str) -> list[tuple[object, object]]:
    [found] = [each for each in policy(config, OPEN)["plans"] if each["title"] == plan]
    return [(each["first"], each["news"]) for each in found["targets"]]


def test_targets_are_told_in_the_time_that_counts_for_them(config: Config) -> None:
    assert targets(config, "Premium") == [((2, "h"), None), (None, None), ((1, "bd"), None), (None, None)]
    assert targets(config, "Sales") == [((2, "h"), (4, "h")), ((1, "d"), None), ((30, "m"), None), (None, None)]
    closing = edited('address = "sales@desk.example"\ncalendar = "central"')
    assert targets(closing, "Sales") == [((2, "bh"), (4, "bh")), ((1, "bd"), None), ((30, "m"), None), (None, None)]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(days=2), (2, "d")),
        (timedelta(hours=36), (36, "h")),
        (timedelta(minutes=90), (90, "m")),
        (timedelta(seconds=61), (61, "s")),
        (timedelta(0), (0, "s")),
    ],
)
def test_a_length_is_told_in_its_largest_whole_unit(span: timedelta, told: tuple[int, str]) -> None:
    assert length(span) == told


def test_a_day_that_is_closed_by_name_is_not_told_of_as_a_holiday(config: Config) -> None:
    where, easter_monday = place(config.calendar["dated"]), date(2026, 4, 6)
    assert where.holiday(easter_monday)
    assert not replace(where, closed=frozenset({easter_monday})).holiday(easter_monday)
