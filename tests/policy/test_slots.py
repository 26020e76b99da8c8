"""Free times for an appointment, and moments as agents write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy.moments import GAP, NO_MOMENT, instants, meant
from maildesk.policy.slots import AHEAD, NOTICE, free, overlaps
from maildesk.words import Agent
from tests.policy.given import config

HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
BERLIN = ZoneInfo("Europe/Berlin")
CALENDARS = """
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-12:00 13:00-17:00" }
[calendar.us]
time_zone = "America/New_York"
hours = { mon-fri = "09:00-17:00" }
[calendar.kathmandu]
time_zone = "Asia/Kathmandu"
hours = { mon-fri = "10:00-16:00" }
[calendar.night]
time_zone = "America/New_York"
hours = { mon-fri = "20:00-24:00" }
[queue.american]
title = "American"
address = "american@desk.example"
calendar = "us"
[queue.nightly]
title = "Nightly"
address = "nightly@desk.example"
calendar = "night"
"""
CONFIG = config(CALENDARS)


def agent(calendar: str) -> Agent:
    return Agent(1, "Alice", ("alice@desk.example",), calendar=calendar)


def found(calendar: str, queue: str = "", length: timedelta = HOUR, busy: tuple = (), now: datetime = NOW) -> list[str]:  # type: ignore[type-arg]
    slots = free(CONFIG, agent(calendar), "", queue, length, busy, now)
    assert all(ends - begins == length for begins, ends in slots)
    return [f"{begins:%a %H:%M}" for begins, _ in slots]


def test_they_begin_an_hour_from_now_at_the_earliest_and_lie_on_different_half_days() -> None:
    assert found("berlin") == ["Mon 10:00", "Mon 12:00", "Tue 08:00"]


def test_only_what_both_calendars_have_in_common_is_offered() -> None:
    assert found("berlin", "american") == ["Mon 14:00", "Tue 14:00", "Wed 14:00"]


def test_calendars_that_never_meet_have_no_time() -> None:
    assert found("berlin", "nightly") == []


def test_longer_than_any_opening_finds_none() -> None:
    assert found("berlin", length=4 * HOUR)[:1] == ["Mon 12:00"]
    assert found("berlin", length=5 * HOUR) == []


def test_they_begin_at_the_half_hours_of_the_agents_wall() -> None:
    assert found("kathmandu")[:2] == ["Tue 04:15", "Tue 06:15"]


def test_other_appointments_are_gone_around() -> None:
    busy = ((NOW + HOUR, NOW + 3.5 * HOUR), (NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1)))
    assert found("berlin", busy=busy) == ["Mon 12:30", "Tue 08:00", "Tue 12:00"]


def test_without_any_calendar_they_lie_on_working_days_by_the_desks_clock() -> None:
    friday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
    assert found("", now=friday) == ["Mon 09:00", "Mon 12:00", "Tue 09:00"]


def test_a_calendar_that_is_configured_no_more_is_none() -> None:
    assert found("gone") == found("")


@given(st.integers(0, 365 * 24 * 60), st.integers(15, 240), st.integers(0, 400))
def test_all_that_is_offered_is_open_free_and_near(at: int, minutes: int, taken: int) -> None:
    now = NOW + timedelta(minutes=at)
    busy = [(now + timedelta(hours=3 * n), now + timedelta(hours=3 * n, minutes=100)) for n in range(taken)]
    slots = free(CONFIG, agent("berlin"), "", "american", timedelta(minutes=minutes), busy, now)
    for slot in slots:
        begins, ends = (each.astimezone(BERLIN) for each in slot)
        assert now + NOTICE <= slot[0] <= now + AHEAD
        assert not overlaps(slot, busy)
        assert begins.weekday() < 5
        assert begins.hour >= 9
        assert (ends.hour, ends.minute) <= (17, 0)
        assert begins.minute in (0, 30)
    assert len({(each[0].astimezone(BERLIN).date(), each[0].astimezone(BERLIN).hour < 12) for each in slots}) == len(
        slots
    )


MOMENTS = {
    "2026-03-03 14:00 1h": ("2026-03-03 13:00", 60),
    "3.3. 14:00 1h30m": ("2026-03-03 13:00", 90),
    "tomorrow 2 pm 1 h 30 min": ("2026-03-03 13:00", 90),
    "morgen um 14 Uhr für 45 Minuten": ("2026-03-03 13:00", 45),
    "Tue, March 3, at 14:00 for half an hour": ("2026-03-03 13:00", 30),
    "3 March 2026 14:00-15:30": ("2026-03-03 13:00", 90),
    "Di 14:00 bis 15:00": ("2026-03-03 13:00", 60),
    "29.3. 1:30 2h": ("2026-03-29 00:30", 120),
    "25.10. 2:30 1h": ("2026-10-25 00:30", 60),
}


@pytest.mark.parametrize(("text", "begins", "minutes"), [(text, *value) for text, value in MOMENTS.items()])
def test_a_day_a_time_and_a_length_are_told_apart(text: str, begins: str, minutes: int) -> None:
    starts = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert meant(text, NOW, BERLIN) == (starts, starts + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "text", ["", "soon", "3.3.", "3.3. 14:00", "14:00 1h", "3.3. 15:00-14:00", "3.3. 14:00 1h extra", "1 " * 5000]
)
def test_what_lacks_a_part_or_has_one_too_many_is_no_moment(text: str) -> None:
    assert meant(text, NOW, BERLIN) == NO_MOMENT


def test_a_time_that_the_clock_skips_is_told_from_what_cannot_be_read() -> None:
    assert meant("29.3. 2:30 1h", NOW, BERLIN) == GAP


def test_a_time_that_comes_twice_is_either() -> None:
    assert instants("25.10. 2:30", NOW, BERLIN) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )


@given(st.text("0123456789.:-hm janumopt", max_size=120))
def test_no_words_break_the_reading(text: str) -> None:
    assert isinstance(meant(text, NOW, BERLIN), tuple | str)
    assert isinstance(instants(text, NOW, BERLIN), tuple)
