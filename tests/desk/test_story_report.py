"""The figures of a week as they come out of real tickets, and the letter that brings them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from maildesk.reports.gathered import gathered
from maildesk.store.directory_edit import remove_agent
from maildesk.store.person import find
from maildesk.store.person_erase import erase
from tests.builders import ALICE, ANTON, CAROL, mail
from tests.desk.test_story_digest import until
from tests.desk.test_story_forwards import TRUSTS, forward
from tests.desk.world import World

WEEKLY = """
[report]
to = ["mary@example.com", "ops@example.com"]
at = "mon 08:00"
"""
PLAN = """2
first_response = { 3 = "2h" }
next_response = { 3 = "1h" }
"""
MONDAY = datetime.fromisoformat("2026-03-02T08:00:00Z")


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(WEEKLY, contacts=PLAN)


def figures(desk: World) -> dict[str, Any]:
    return desk.ask(lambda store: gathered(store, MONDAY, MONDAY + timedelta(days=7), desk.config))


def conversation(desk: World) -> None:
    """Answered after an hour, and again after two; solved, and marked with a 4."""
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "Which version?")
    answer = desk.the("reply")
    desk.time_passes(minutes=10)
    desk.replies(CAROL, answer, "Version 4.")
    letter = desk.the("agent_update")
    desk.time_passes(hours=2)
    desk.replies(ALICE, letter, "#closed\n#time 20m\nIt is mended.")
    desk.time_passes(minutes=1)
    desk.replies(CAROL, desk.the("survey"), "4")


def test_replies_marks_and_work_come_out_of_what_was_said(desk: World) -> None:
    conversation(desk)
    found = figures(desk)
    total = found["total"]
    assert (total["opened"], total["closed"], total["open"]) == (1, 1, 0)
    assert (total["first_reply"]["median"], total["first_reply"]["share"]) == (60, 1)
    assert (total["next_reply"]["median"], total["next_reply"]["share"]) == (120, 0)
    assert total["satisfaction"] == {"asked": 1, "answered": 1, "mean": 4, "good": 1, "reasons": {}}
    assert total["first_response_kinds"]["answer"] == 1
    assert found["agents"]["Alice Agent"]["next_reply"]["count"] == 1
    assert found["organisations"] == {"Acme": {"time_worked": 20}}


def test_a_ticket_that_an_agent_passed_on_is_measured_like_any_other(world: Callable[..., World]) -> None:
    desk = world(WEEKLY + TRUSTS, contacts=PLAN)
    forward(desk)
    letter = desk.the("agent_ticket", ANTON)
    desk.time_passes(hours=1)
    desk.replies(ANTON, letter, "Which version?")
    found = figures(desk)
    assert (found["total"]["first_reply"]["count"], found["total"]["first_reply"]["median"]) == (1, 60)
    assert found["agents"]["Anton Agent"]["first_reply"]["count"] == 1


def test_a_first_answer_that_stands_on_the_line_of_a_command_is_measured(desk: World) -> None:
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "#stage bug We have found it.")
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "It will be mended tomorrow.")
    found = figures(desk)
    assert (found["total"]["first_reply"]["count"], found["total"]["first_reply"]["median"]) == (1, 60)
    assert found["total"]["first_response_kinds"]["escalation"] == 1
    assert found["total"]["next_reply"]["count"] == 0
    assert found["agents"]["Alice Agent"]["first_reply"]["count"] == 1


@pytest.mark.parametrize("said", [{"headers": {"Auto-Submitted": "auto-replied"}}, {"text": "Thank you!"}])
def test_what_nobody_waits_for_an_answer_to_begins_no_further_reply(desk: World, said: dict[str, Any]) -> None:
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#solved\nIt is mended.")
    desk.replies(CAROL, desk.the("reply"), **{"text": "I am on holiday.", **said})
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "One more word.")
    total = figures(desk)["total"]
    assert (total["first_reply"]["count"], total["next_reply"]["count"]) == (1, 0)


def test_the_figures_stay_when_an_agent_has_left(desk: World) -> None:
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, "Which version?")
    before = figures(desk)["total"]
    assert before["first_reply"]["count"] == 1
    desk.ask(lambda store: remove_agent(store, "alice@example.com", "root", desk.now))
    assert figures(desk)["total"] == before


def test_spam_and_what_went_into_another_ticket_count_in_no_figure(desk: World) -> None:
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#time 5m\n#spam")
    desk.receives(mail(CAROL, subject="one"))
    desk.receives(mail(CAROL, subject="two"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#merge EX-10002")
    found = figures(desk)
    assert (found["total"]["opened"], found["total"]["closed"], found["organisations"]) == (1, 0, {})


@pytest.mark.parametrize("then", ["#open", "#pending\nWhich version?"])
def test_what_was_called_spam_by_mistake_counts_again_once_it_is_open(desk: World, then: str) -> None:
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#time 5m\n#spam")
    assert (figures(desk)["total"]["opened"], figures(desk)["organisations"]) == (0, {})
    desk.time_passes(hours=1)
    desk.replies(ALICE, letter, then)
    found = figures(desk)
    assert (found["total"]["opened"], found["organisations"]) == (1, {"Acme": {"time_worked": 5}})
    desk.replies(ALICE, letter, "#spam")
    assert (figures(desk)["total"]["opened"], figures(desk)["organisations"]) == (0, {})


def test_what_was_worked_on_a_ticket_that_went_into_another_was_worked_all_the_same(desk: World) -> None:
    desk.receives(mail(CAROL, subject="one"))
    desk.receives(mail(CAROL, subject="two"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#time 25m\n#merge EX-10001")
    found = figures(desk)
    assert (found["total"]["opened"], found["organisations"]) == (1, {"Acme": {"time_worked": 25}})


def test_news_that_were_missed_are_counted(world: Callable[..., World]) -> None:
    desk = world(WEEKLY, contacts='2\nupdate_every = { 3 = "1d" }')
    desk.receives()
    desk.time_passes(days=2)
    assert figures(desk)["total"]["missed_updates"] == 1


def test_the_figures_stay_when_a_customer_is_erased(world: Callable[..., World]) -> None:
    desk = world(WEEKLY, contacts='2\nupdate_every = { 3 = "1d" }')
    conversation(desk)
    desk.receives()
    desk.time_passes(days=2)
    before = figures(desk)
    assert before["total"]["missed_updates"] == 1
    desk.ask(lambda store: erase(store, find(store, "carol@acme.example"), desk.config))
    assert figures(desk) == before


def test_the_report_goes_every_week_to_whom_it_may_concern(desk: World) -> None:
    desk.time_passes(seconds=1)
    conversation(desk)
    until(desk, "2026-03-09T07:59:59Z")
    assert desk.sent("report") == []
    until(desk, "2026-03-09T08:00:00Z")
    assert {letter.recipient for letter in desk.sent("report")} == {"mary@example.com", "ops@example.com"}
    text = desk.sent("report")[0].text
    assert "Tickets: 1 opened, 1 closed, 0 open at the end" in text
    assert "First replies: 1, half of them within 1 h, nine of ten within 1 h; 1 of 1 in time (100 %)" in text
    assert "From Monday, 2 March 2026, 08:00 (UTC)" in text


def test_without_readers_there_is_no_report(world: Callable[..., World]) -> None:
    desk = world()
    desk.time_passes(days=15)
    assert desk.sent("report") == []
