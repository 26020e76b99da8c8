"""Promises on the clock: said to the customer, told to agents before they run out and when they did, once each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.builders import ALICE, CAROL, mail
from tests.desk.test_story_digest import until
from tests.desk.world import Sent, World

OFFICE = """
[calendar.office]
hours = { mon-fri = "08:00-16:00" }
"""
TECHNICAL = {"alice@example.com", "anton@example.com", "mona@example.com"}
TARGETS = """true
calendar = "office"
"""
PLAN = """2
first_response = { 2 = "2bh", 3 = "4bh" }
next_response = { 3 = "2bh" }
update_every = { 3 = "1bd" }
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """It is Monday, 9:00 UTC; the office is open from 8 to 16."""
    return world(OFFICE, default=TARGETS, contacts=PLAN)


def opened(desk: World) -> Sent:
    desk.receives()
    return desk.the("agent_ticket", ALICE)


def due(desk: World) -> dict[str, str | None]:
    found: dict[str, str | None] = desk.ticket()["due"]
    return found


def test_the_acknowledgement_says_by_when_the_first_answer_comes(desk: World) -> None:
    desk.receives()
    assert "Our first answer comes by Monday, 2 March 2026, 13:00 (UTC)." in desk.the("acknowledgement").text
    assert due(desk)["first_response"] == "2026-03-02T13:00:00Z"


def test_who_can_still_keep_it_is_warned_once_three_quarters_have_run(desk: World) -> None:
    desk.receives()
    until(desk, "2026-03-02T11:59:59Z")
    assert not desk.sent("due_soon")
    until(desk, "2026-03-02T12:00:00Z")
    assert {letter.recipient for letter in desk.sent("due_soon")} == TECHNICAL
    assert "Soon due: the first answer" in desk.sent("due_soon")[0].text


def test_who_did_not_keep_it_and_the_managers_hear_of_it_once(desk: World) -> None:
    desk.receives()
    until(desk, "2026-03-02T15:00:00Z")
    assert sorted(letter.recipient for letter in desk.sent("overdue")) == sorted(TECHNICAL)
    assert due(desk)["first_response"] == "2026-03-02T13:00:00Z"  # it goes on being due
    [missed] = [event for event in desk.ticket()["events"] if event["event"] == "missed"]
    assert (missed["at"], missed["detail"]) == ("2026-03-02T13:00:00Z", "first_response")


def test_letters_of_agents_say_that_a_promise_was_not_kept(desk: World) -> None:
    letter = opened(desk)
    until(desk, "2026-03-02T15:00:00Z")
    desk.receives(mail(subject="Re: [EX-10001] Well?", text="Is anybody there?"))
    assert "Due: the first answer, Monday, 2 March 2026, 13:00 (UTC), overdue" in desk.the("agent_update", ALICE).text
    desk.replies(ALICE, letter, "#take")
    assert "Next: First answer due, Monday, 2 March 2026, 13:00 (UTC), overdue." in desk.the("receipt", ALICE).text


def test_an_answer_keeps_it_and_the_next_one_runs_when_the_customer_writes(desk: World) -> None:
    letter = opened(desk)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "Which version?")
    answer = desk.the("reply")
    assert (due(desk)["first_response"], due(desk)["next_response"]) == (None, None)
    desk.time_passes(hours=1)
    desk.replies(CAROL, answer, "Version 4.")
    assert due(desk)["next_response"] == "2026-03-02T13:00:00Z"
    desk.time_passes(minutes=10)
    desk.receives(mail(CAROL, subject="[EX-10001] and one more thing"))
    assert due(desk)["next_response"] == "2026-03-02T13:00:00Z"  # he has waited since his first mail
    until(desk, "2026-03-02T12:30:00Z")
    assert {letter.recipient for letter in desk.sent("due_soon")} == {"alice@example.com"}


def test_the_clock_stands_still_while_it_is_pending_and_that_is_truly_subtracted(desk: World) -> None:
    letter = opened(desk)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "#pending")
    told = desk.the("status")
    assert due(desk)["first_response"] is None
    desk.time_passes(hours=2)
    desk.replies(CAROL, told, "Here it is.")
    assert due(desk)["first_response"] == "2026-03-02T15:00:00Z"


def test_news_are_due_even_while_the_customer_is_silent(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "We look at it.")
    assert due(desk)["update"] == "2026-03-03T09:00:00Z"
    until(desk, "2026-03-03T10:00:00Z")
    assert {letter.recipient for letter in desk.sent("overdue")} == {"alice@example.com", "mona@example.com"}
    overdue = desk.the("overdue", ALICE)
    assert "Overdue: news for the customer" in overdue.text
    desk.replies(ALICE, overdue, "It takes another day.")
    assert datetime.fromisoformat(str(due(desk)["update"])) > datetime.fromisoformat("2026-03-04T08:00:00Z")


def test_a_note_keeps_no_promise(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#note I wonder.")
    assert due(desk)["first_response"] == "2026-03-02T13:00:00Z"


@pytest.mark.parametrize("hours", [("15",), ("12", "13", "14", "15")])
def test_running_ahead_does_the_same_as_living_through_it(desk: World, hours: tuple[str, ...]) -> None:
    desk.receives()
    told: list[str] = []
    for hour in hours:
        until(desk, f"2026-03-02T{hour}:00:00Z")
        told += [letter.name for letter in desk.sent()]
    assert told == ["due_soon"] * 3 + ["escalated"] + ["overdue"] * 3
    events = [(event["event"], event["at"]) for event in desk.ticket()["events"]]
    over = "2026-03-02T13:00:00Z"
    assert events == [("opened", "2026-03-02T09:00:00Z"), ("missed", over), ("escalated", over)]


def test_what_ran_out_by_a_new_severity_is_overdue_from_then_on_and_nobody_is_warned_of_it(
    world: Callable[..., World],
) -> None:
    desk = world(OFFICE, default=TARGETS, contacts=PLAN.replace('3 = "4bh"', '3 = "1bd"'))
    letter = opened(desk)
    desk.time_passes(hours=3)
    desk.replies(ALICE, letter, "#severity 2")
    desk.time_passes(minutes=1)
    assert [each.name for each in desk.sent()] == ["escalated"] + ["overdue"] * 3
    changed, missed, _ = desk.ticket()["events"][-3:]
    assert (changed["event"], missed["event"], missed["at"]) == ("severity", "missed", changed["at"])


@pytest.mark.parametrize("second", ["#solved", "#nudge", "#pending"])
def test_what_rested_in_two_ways_is_subtracted_whole(desk: World, second: str) -> None:
    letter = opened(desk)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "#pending")
    told = desk.the("status")
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, second)
    desk.time_passes(hours=1)
    desk.replies(CAROL, told, "Here it is.")
    assert due(desk)["first_response"] == "2026-03-02T15:00:00Z"


def test_letters_to_agents_carry_the_clock(desk: World) -> None:
    letter = opened(desk)
    assert "Due: the first answer, Monday, 2 March 2026, 13:00 (UTC)" in letter.text.splitlines()
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "Which version?")
    answer = desk.the("reply")
    desk.time_passes(hours=1)
    desk.replies(CAROL, answer, "Version 4.")
    assert "Due: the next answer, Monday, 2 March 2026, 13:00 (UTC)" in desk.the("agent_update").text.splitlines()


def test_what_is_moved_to_other_agents_says_so_and_when_it_is_due(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#take\n#level 2")
    moved = [letter.text.splitlines() for letter in desk.sent("agent_ticket")]
    assert moved
    for lines in moved:
        assert "EX-10001 has come to you" in lines
        assert "Status: new, owner Alice Agent" in lines
        assert "Due: the first answer, Monday, 2 March 2026, 13:00 (UTC)" in lines
