"""Promises on the clock: what runs when, what stands still, against policies and against a look at every minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maildesk.config import parse
from maildesk.config.values import Span
from maildesk.policy.targets import Clock, moments, targets
from maildesk.words import Address, Clocks, Severity, Status, Target, Ticket
from tests.policy.test_hours_minutes import LENGTH, MINUTE, ZONES, Week, desk, minutes, shown_open, weeks

DESK = """
[desk]
domain = "desk.example"
postmaster = "ops@desk.example"
[queue.technical]
address = "support@desk.example"
calendar = "pacific"
[calendar.pacific]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
[plan.standard]
first_response = { 1 = "1bh", 2 = "4bh", 3 = "1bd", 4 = "2bd" }
next_response = { 2 = "2bh", 3 = "1bd" }
update_every = { 2 = "4bh", 3 = "1bd" }
around_the_clock = [1]
[queue.sales]
address = "sales@desk.example"
calendar = "pacific"
[plan.standard.queue.sales]
first_response = { 3 = "2bd" }
update_every = {}
[plan.bare]
"""
CONFIG = parse(DESK, Path("/desk"))
MONDAY = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)  # 6 a.m. Pacific
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICKET = Ticket(
    "EX-10001", "technical", "support@desk.example", "Export", Address("carol@acme.example"), MONDAY, plan="standard"
)


def at(ticket: Ticket, name: str) -> Target | None:
    return next((each for each in targets(ticket, CONFIG) if each.name == name), None)


def due(ticket: Ticket, name: str) -> datetime | None:
    found = at(ticket, name)
    return found.due if found else None


def severe(severity: int, **more: object) -> Ticket:
    return replace(TICKET, severity=Severity(severity), **more)  # type: ignore[arg-type]


def test_the_first_response_is_due_by_severity_in_the_hours_of_the_plan() -> None:
    assert due(severe(2), "first_response") == MONDAY + 4 * HOUR
    assert due(severe(3), "first_response") == MONDAY + DAY
    assert due(severe(2, opened=MONDAY + 10 * HOUR), "first_response") == MONDAY + DAY + 3 * HOUR


def test_a_start_out_of_hours_counts_from_the_next_opening() -> None:
    assert due(severe(2, opened=MONDAY - 2 * DAY), "first_response") == MONDAY + 4 * HOUR


def test_around_the_clock_a_business_hour_is_an_hour() -> None:
    saturday = MONDAY - 2 * DAY
    assert due(severe(1, opened=saturday), "first_response") == saturday + HOUR


def test_once_answered_the_next_promise_waits_until_the_customer_writes() -> None:
    answered = severe(2, status=Status.OPEN, first_answered=MONDAY + HOUR, clocks=Clocks(told=MONDAY + HOUR))
    assert [each.name for each in targets(answered, CONFIG)] == ["update"]
    asked = replace(answered, clocks=Clocks(asked=MONDAY + 2 * HOUR, told=MONDAY + HOUR))
    assert due(asked, "next_response") == MONDAY + 4 * HOUR
    assert due(asked, "first_response") is None


def test_an_update_is_due_even_while_the_customer_is_silent() -> None:
    silent = severe(3, status=Status.OPEN, first_answered=MONDAY, clocks=Clocks(told=MONDAY + 5 * HOUR))
    assert due(silent, "update") == MONDAY + DAY + 5 * HOUR


@pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED, Status.CLOSED])
def test_nothing_is_due_while_the_ticket_rests(status: Status) -> None:
    assert targets(severe(2, status=status), CONFIG) == ()


def test_a_queue_has_the_promises_that_the_plan_writes_for_it_and_else_those_of_the_plan() -> None:
    assert due(severe(3, queue="sales"), "first_response") == MONDAY + 2 * DAY
    assert due(severe(2, queue="sales"), "first_response") is None  # a table is replaced as a whole
    answered = severe(3, queue="sales", status=Status.OPEN, first_answered=MONDAY, clocks=Clocks(asked=MONDAY + HOUR))
    assert [(each.name, each.due) for each in targets(answered, CONFIG)] == [("next_response", MONDAY + DAY + HOUR)]


def test_what_a_ticket_rested_is_truly_subtracted() -> None:
    rests = ((MONDAY + HOUR, MONDAY + 3 * HOUR), (MONDAY + 4 * HOUR, MONDAY + 5 * HOUR))
    assert due(severe(2, clocks=Clocks(rests=rests)), "first_response") == MONDAY + 7 * HOUR
    over_night = ((MONDAY + 10 * HOUR, MONDAY + DAY + HOUR),)  # two hours of it are business hours
    assert due(severe(3, clocks=Clocks(rests=over_night)), "first_response") == MONDAY + DAY + 2 * HOUR


def test_before_the_first_answer_that_is_the_news_which_is_due() -> None:
    assert [each.name for each in targets(severe(2), CONFIG)] == ["first_response"]


def test_nothing_is_promised_without_a_plan_or_a_target() -> None:
    assert targets(replace(TICKET, plan=""), CONFIG) == ()
    assert targets(replace(TICKET, plan="bare"), CONFIG) == ()
    assert targets(replace(TICKET, plan="gone"), CONFIG) == ()
    assert due(severe(4), "update") is None
    assert targets(replace(TICKET, merged="EX-10002"), CONFIG) == ()


def test_somebody_is_warned_once_three_quarters_have_run() -> None:
    found = at(severe(2), "first_response")
    assert found is not None
    assert found.warn == MONDAY + 3 * HOUR
    warned = severe(2, clocks=Clocks(warned=(("first_response", MONDAY),)))
    assert list(moments(warned, CONFIG)) == [(MONDAY + 4 * HOUR, "first_response")]


def test_a_promise_that_was_not_kept_is_told_once_and_goes_on_being_due() -> None:
    late = severe(2, clocks=Clocks(missed=(("first_response", MONDAY),)))
    assert list(moments(late, CONFIG)) == []
    assert due(late, "first_response") == MONDAY + 4 * HOUR


def test_another_start_is_another_promise() -> None:
    asked = Clocks(asked=MONDAY + HOUR, told=MONDAY, missed=(("next_response", MONDAY - DAY),))
    found = at(severe(2, status=Status.OPEN, first_answered=MONDAY, clocks=asked), "next_response")
    assert found is not None
    assert (found.missed, found.warn) == (False, MONDAY + HOUR + 1.5 * HOUR)


@st.composite
def stays(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three stays within a day, in minutes, that do not overlap."""
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@pytest.mark.parametrize("zone", ZONES)
@given(
    week=weeks(), number=st.integers(0, 1), first=st.integers(0, 2 * 24 * 60), count=st.integers(1, 20), rests=stays()
)
@settings(max_examples=12, deadline=None)
def test_a_promise_ends_with_the_minute_that_fills_it_when_those_of_rest_are_left_out(
    zone: str, week: Week, number: int, first: int, count: int, rests: tuple[tuple[int, int], ...]
) -> None:
    config, window = desk(zone, week), minutes(zone, number)[first:LENGTH]
    start = window[0].at
    rested = tuple((start + since * MINUTE, start + until * MINUTE) for since, until in rests)
    ran = [minute for minute in shown_open(week, window) if not any(since <= minute < until for since, until in rested)]
    clock = Clock(config, "c", rested)
    if count * 60 <= len(ran):
        end = ran[count * 60 - 1] + MINUTE
        assert clock.due(start, Span(count, "bh")) == end
        assert clock.run(start, end) == timedelta(hours=count)
        assert clock.reach(start, timedelta(minutes=count * 45)) == ran[count * 45 - 1] + MINUTE


def test_a_calendar_that_never_opens_again_promises_nothing() -> None:
    text = '[desk]\ndomain = "d.example"\npostmaster = "o@d.example"\n[queue.q]\naddress = "s@d.example"\n'
    never = parse(f'{text}[calendar.c]\nopen = ["2020-01-01 09:00-10:00"]\n', Path("/desk"))
    assert Clock(never, "c", ()).due(MONDAY, Span(1, "bh")) is None
    assert Clock(never, "c", ()).reach(MONDAY, HOUR) is None
