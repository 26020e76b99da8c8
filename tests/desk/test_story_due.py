"""`maildesk due` says what time will do next, in order, and why: in words, by the desk's clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from maildesk.cli.due_why import WHY, Telling, lasting
from maildesk.policy.chores import KINDS
from maildesk.policy.timers import ELAPSES
from maildesk.store.chores import roster
from maildesk.store.outlook import Coming, coming
from tests.builders import ALICE, CAROL, DAVE, DIRECTORY, mail
from tests.desk.test_story_digest import until, with_calendar
from tests.desk.world import World

PLANS = """
[plan.gold]
title = "Gold"
contacts = 2
calendar = "us"
rank = 1
first_response = { 2 = "4bh" }
next_response = { 3 = "4bh" }
update_every = { 3 = "1bd" }
[calendar.us]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
"""
PEOPLE = DIRECTORY.replace('["acme.example"]\nplan = "standard"', '["acme.example"]\nplan = "gold"')
BERLIN = '"Example Support"\ntime_zone = "Europe/Berlin"'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """In Berlin, where it is Monday, 10:00; Acme's plan counts by Pacific time."""
    return world(PLANS, people=PEOPLE, name=BERLIN)


def told(desk: World, days: float = 100) -> dict[str, str]:
    """Why, by what."""
    staff = desk.ask(lambda store: roster(store, desk.now))
    telling = Telling(desk.config, staff)
    found: list[Coming] = desk.ask(
        lambda store: coming(store, desk.config, staff, desk.now, desk.now + timedelta(days=days))
    )
    assert [each.at for each in found] == sorted(each.at for each in found)
    return {each.what: f"{telling.at(each.at)} | {telling.why(each)}" for each in found}


def asked(desk: World, text: str = "It stops at page 3.") -> None:
    desk.receives(mail(CAROL, text=text))


def test_whatever_time_does_has_a_sentence() -> None:
    assert set(WHY) == {*ELAPSES, *(kind.what for kind in KINDS), "retention"}


def test_why_a_ticket_closes_and_its_customer_is_reminded(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    assert told(desk) == {
        "remind": "Tue 2026-03-03 10:00 CET | "
        "solved since Mon 2 Mar 10:00: Carol Jones is reminded, 1 day before it closes",
        "close": "Wed 2026-03-04 10:00 CET | solved since Mon 2 Mar 10:00, closes after 2 days",
    }


def test_why_a_survey_goes(world: Callable[..., World]) -> None:
    desk = world('[survey]\nsend_after = "90m"\n')
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    assert told(desk) == {
        "survey": "Mon 2026-03-02 10:30 UTC | closed Mon 2 Mar 09:00: Carol Jones is asked how it was after 1 h 30 min"
    }


def test_why_a_first_answer_is_due_by_plan_severity_and_calendar(desk: World) -> None:
    asked(desk, "Severity: high\n\nNothing can be sent.")
    agreed = "plan gold, severity 2: 4bh first response, calendar us; came Mon 2 Mar 10:00, counts from Mon 2 Mar 15:00"
    assert told(desk) == {
        "warn": f"Mon 2026-03-02 18:00 CET | 75% of the time has run, due Mon 2 Mar 19:00; {agreed}",
        "first_response": f"Mon 2026-03-02 19:00 CET | {agreed}",
    }


def test_what_a_clock_stood_still_is_told(desk: World) -> None:
    until(desk, "2026-03-02T15:00:00Z")
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version?")
    letter = desk.the("reply", CAROL)
    until(desk, "2026-03-02T16:00:00Z")
    desk.replies(CAROL, letter, "Version 4.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#note\n#pending")
    until(desk, "2026-03-02T19:00:00Z")
    desk.replies(CAROL, letter, "And one more thing.")
    found = told(desk)
    assert found["next_response"] == (
        "Tue 2026-03-03 00:00 CET | plan gold, severity 3: 4bh next response, calendar us;"
        " the customer wrote Mon 2 Mar 17:00; stood still 3 h"
    )
    assert "1bd update, calendar us; news last went Mon 2 Mar 16:00; stood still 3 h" in found["update"]


def test_a_severity_around_the_clock_says_so(world: Callable[..., World]) -> None:
    desk = world(PLANS.replace("rank = 1", "rank = 1\naround_the_clock = [2]"), people=PEOPLE)
    asked(desk, "Severity: high\n\nNothing can be sent.")
    assert told(desk)["first_response"] == (
        "Mon 2026-03-02 13:00 UTC | plan gold, severity 2: 4bh first response, around the clock; came Mon 2 Mar 09:00"
    )


def test_whose_digest_handover_and_report_come_and_which_mail_is_dropped(world: Callable[..., World]) -> None:
    people = with_calendar(with_calendar(PEOPLE, "Alice Agent", "berlin"), "Anton Agent", "us")
    desk = world(
        PLANS + '[handover]\non = true\n[report]\nto = ["boss@example.com", "ops@example.com"]\n', people=people
    )
    desk.receives(mail(DAVE))
    found = told(desk)
    assert found["report"].endswith("| the figures of the week, to boss@example.com, ops@example.com")
    assert found["digest"].endswith("| digest of Alice Agent: the day begins, calendar berlin")
    assert found["handover"].endswith("| the shift us ends")
    assert re.search(r"\| held mail \d+ from dave@acme.example \(awaiting consent\) is dropped", found["retention"])


def test_what_becomes_of_incidents_is_told_by_organisation(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY, survey="true\nincidents = 10\nrollover = 5")
    found = told(desk, days=400)
    assert found["rollover"].endswith("ends: at most 5 incidents move over, 10 come new")
    assert "a year of " in found["statement"]
    assert datetime.fromisoformat(found["statement"][4:14]).date() == datetime(2027, 3, 2).date()  # noqa: DTZ001


def test_an_appointment_says_who_will_be_asked(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#appointment 3.3. 14:00 1h")
    assert told(desk)["appointment"] == (
        "Tue 2026-03-03 15:00 CET | the appointment has ended: Alice Agent is asked how it went"
    )


def test_why_an_escalated_ticket_goes_on_its_way(world: Callable[..., World]) -> None:
    desk = world('[escalation]\ntriage = "6h"\nengineering = "next-week"\n')
    asked(desk)
    desk.receives(mail(CAROL, subject="Now", text="escalate EX-10001 It costs us money."))
    assert told(desk)["triage"] == (
        "Mon 2026-03-02 15:00 UTC | "
        "escalated Mon 2 Mar 09:00, triage takes 6h: owner and managers are told that it is over"
    )
    until(desk, "2026-03-02T15:00:00Z")
    assert told(desk)["engineering"] == (
        "Mon 2026-03-09 00:00 UTC | triage was over Mon 2 Mar 15:00, unresolved: engineering gets it the following week"
    )


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=7), "7 days"),
        (timedelta(hours=30), "1 day 6 h"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(seconds=20), "less than a minute"),
    ],
)
def test_lengths_are_said_in_days_hours_and_minutes(length: timedelta, said: str) -> None:
    assert lasting(length) == said
