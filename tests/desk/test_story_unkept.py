"""What was promised and is not kept yet stands first, every morning and at the end of every shift, until it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, MONA, mail
from tests.desk.test_story_digest import GIL, lines, until, with_calendar
from tests.desk.test_story_time import taps
from tests.desk.world import Sent, World

CALENDARS = """
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
[calendar.boston]
time_zone = "America/New_York"
hours = { mon-fri = "12:00-20:00" }
[plan.gold]
title = "Gold"
contacts = 2
rank = 1
first_response = { 3 = "2h" }
[handover]
on = true
"""
PEOPLE = with_calendar(
    with_calendar(with_calendar(DIRECTORY, "Alice Agent", "berlin"), "Anton Agent", "boston"), "Mona Manager", "berlin"
).replace('["globex.example"]\nplan = "standard"', '["globex.example"]\nplan = "gold"')
PROMISED = 'true\nrank = 2\nfirst_response = { 3 = "4h" }\nupdate_every = { 3 = "1d" }'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Alice and Mona work in Berlin, Anton in Boston. It is Monday, 9:00 UTC."""
    desk = world(CALENDARS, people=PEOPLE, survey=PROMISED)
    desk.time_passes(seconds=1)
    return desk


def morning(desk: World, reader: str = ALICE, day: int = 3) -> Sent:
    until(desk, f"2026-03-{day:02}T08:00:00Z")
    return desk.the("digest", reader)


def opened(desk: World, who: str = CAROL, **fields: str) -> str:
    return desk.receives(mail(who, **fields)).ticket


def test_a_first_answer_that_never_came_stands_first_with_since_when_and_in_no_other_list(desk: World) -> None:
    late = opened(desk)
    until(desk, "2026-03-03T07:30:00Z")
    fresh = opened(desk)
    letter = morning(desk)
    assert next(iter(lines(letter).items())) == ("Overdue", [late])
    assert [each for name, found in lines(letter).items() if name == "Nobody's yet" for each in found] == [fresh]
    assert "the first answer was due Monday, 2 March 2026, 14:00 (UTC+01:00)" in " ".join(letter.text.split())
    assert letter.subject.startswith("Your day: 1 overdue")


def test_it_is_told_every_morning_until_it_is_kept(desk: World) -> None:
    late = opened(desk)
    asked = desk.the("agent_ticket", ALICE)
    assert [lines(morning(desk, day=day)).get("Overdue") for day in (3, 4)] == [[late], [late]]
    desk.time_passes(hours=1)
    desk.replies(ALICE, asked, "Which version?")
    assert "Overdue" not in lines(morning(desk, day=5))


def test_while_the_customer_is_waited_for_nothing_is_overdue(desk: World) -> None:
    opened(desk)
    asked = desk.the("agent_ticket", ALICE)
    until(desk, "2026-03-02T20:00:00Z")
    desk.replies(ALICE, asked, "#take\n#pending")
    until(desk, "2026-03-03T08:00:00Z")
    assert all("Overdue" not in lines(each) for each in desk.sent("digest"))


def test_what_is_overdue_goes_by_severity_then_plan_then_age(desk: World) -> None:
    standard = [opened(desk, subject=subject) for subject in ("Of 8 a.m.", "Of 10 a.m.")]
    golden = opened(desk, GIL)
    assert lines(morning(desk))["Overdue"] == [golden, *standard]


def test_an_agent_hears_of_his_own_and_of_nobodys_and_a_manager_of_all(desk: World) -> None:
    antons = opened(desk, subject="Anton's")
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#take")
    sales = opened(desk, to="sales@example.com", subject="An offer")
    free = opened(desk, subject="Nobody's")
    assert lines(morning(desk))["Overdue"] == [free]
    assert lines(desk.the("digest", MONA))["Overdue"] == [antons, sales, free]
    until(desk, "2026-03-03T17:00:00Z")
    assert lines(desk.the("digest", ANTON))["Overdue"] == [antons, free]


def test_a_deputy_hears_of_what_is_overdue_for_whom_he_stands_in(desk: World) -> None:
    antons = opened(desk)
    letter = desk.the("agent_ticket", ANTON)
    desk.replies(ANTON, letter, "#take")
    desk.replies(ANTON, letter, "#away 24.12.2026 Alice")
    assert lines(morning(desk))["Overdue"] == [antons]


def test_it_stands_first_in_the_handover(desk: World) -> None:
    late = opened(desk)
    until(desk, "2026-03-02T15:00:00Z")
    waits = opened(desk, subject="Another")
    until(desk, "2026-03-02T16:00:00Z")
    letter = desk.the("handover", ANTON)
    assert lines(letter) == {"Overdue": [late], "Waiting for an answer": [waits]}
    assert "the first answer was due Monday, 2 March 2026, 08:00 (EST)" in " ".join(letter.text.split())


def test_news_that_did_not_come_are_handed_over_though_nobody_waits(desk: World) -> None:
    silent = opened(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "We look into it.")
    until(desk, "2026-03-03T15:59:00Z")
    until(desk, "2026-03-03T16:00:00Z")
    assert lines(desk.the("handover", ANTON)) == {"Overdue": [silent]}


def test_german_readers_read_it_in_german(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE, survey=PROMISED, prefix='"EX"\nlanguage = "de"')
    desk.time_passes(seconds=1)
    late = opened(desk)
    letter = morning(desk)
    assert letter.subject.startswith("Ihr Tag: 1 überfällig")
    text = " ".join(letter.text.split())
    assert f"Überfällig (1) - {late}" in text
    assert "die erste Antwort war fällig Montag, 2. März 2026, 14:00 Uhr" in text
    assert "Überfällig" in letter.html


# what waits for a manager


def escalated(desk: World, reason: str = "It costs us money.") -> str:
    reference = opened(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version?")
    desk.receives(mail(CAROL, subject="Now", text=f"escalate {reference} {reason}"))
    return reference


def test_what_was_escalated_waits_for_the_managers_decision_and_is_no_agents(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE)
    desk.time_passes(seconds=1)
    reference = escalated(desk)
    letter = morning(desk, MONA)
    assert next(iter(lines(letter).items())) == ("Escalated, for your decision", [reference])
    assert "escalated Monday, 2 March 2026, 10:00" in " ".join(letter.text.split())
    assert all("Escalated, for your decision" not in lines(each) for each in desk.sent("digest") if each != letter)


@pytest.mark.parametrize("decision", ["#assign Anton", "#take", "#level 1", "We see to it ourselves."])
def test_what_was_decided_waits_no_more(world: Callable[..., World], decision: str) -> None:
    desk = world(CALENDARS + "[escalation]\ntriage = '20d'\n", people=PEOPLE)
    desk.time_passes(seconds=1)
    escalated(desk)
    letter = desk.the("escalation", MONA)
    desk.time_passes(minutes=1)
    desk.replies(MONA, letter, decision)
    until(desk, "2026-03-03T08:00:00Z")
    assert all("Escalated, for your decision" not in lines(each) for each in desk.sent("digest"))


def test_his_morning_letter_has_the_answers_ready(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE)
    desk.time_passes(seconds=1)
    reference = escalated(desk)
    taps(desk, MONA, morning(desk, MONA), "#level 1")
    assert desk.ticket(reference)["level"] == 1
    until(desk, "2026-03-04T08:00:00Z")
    assert all("Escalated, for your decision" not in lines(each) for each in desk.sent("digest"))
