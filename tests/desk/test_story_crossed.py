"""Two agents, one ticket: who answers without knowing of the other is told before his words go out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, MONA, START, mail
from tests.desk.test_story_forwards import PASS, TRUSTS
from tests.desk.world import Sent, World

LENA = "Lena Second <lena@example.com>"
SECOND = """
[[agent]]
name = "Lena Second"
addresses = ["lena@example.com"]
level = 2
queues = ["technical"]
"""


@pytest.fixture
def letters(desk: World) -> dict[str, Sent]:
    """Carol's ticket, as each of the agents got it."""
    desk.receives(mail(CAROL))
    return {each: desk.the("agent_ticket", each) for each in (ALICE, ANTON, MONA)}


def names(desk: World) -> set[tuple[str, str]]:
    return {(each.name, each.recipient) for each in desk.sent()}


def both_answer(desk: World, letters: dict[str, Sent], second: str = "Dear Carol, restart it.") -> Sent:
    """Alice answers, and a little later Anton to his letter of before; what he hears."""
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "#pending\n\nDear Carol, which version is it?")
    desk.time_passes(minutes=10)
    desk.replies(ANTON, letters[ANTON], second)
    assert names(desk) == {("receipt", "anton@example.com")}
    return desk.the("receipt", ANTON)


def test_the_second_is_told_of_the_first_and_nothing_goes_out(desk: World, letters: dict[str, Sent]) -> None:
    told = both_answer(desk, letters).text
    assert "another agent has answered meanwhile" in told
    assert "Alice Agent answered on Monday, 2 March 2026, 09:10 (UTC):" in told
    assert "> Dear Carol, which version is it?" in told
    assert "> Dear Carol, restart it." in told
    ticket = desk.ticket()
    assert (ticket["status"], ticket["owner"]) == ("pending", "alice@example.com")
    assert len([each for each in ticket["messages"] if each["direction"] == "in"]) == 2
    assert desk.rows()[-1]["reason"] == "another agent has answered meanwhile"


def test_replying_to_the_receipt_sends_it(desk: World, letters: dict[str, Sent]) -> None:
    receipt = both_answer(desk, letters)
    assert desk.replies(ANTON, receipt, "Dear Carol, restart it.").outcome == "message"
    assert "Dear Carol, restart it." in desk.the("reply", CAROL).text
    assert "Dear Carol, restart it." in desk.the("agent_update", ALICE).text
    assert desk.ticket()["owner"] == "alice@example.com"


def test_only_what_sorts_is_done_meanwhile(desk: World, letters: dict[str, Sent]) -> None:
    told = both_answer(desk, letters, "#severity 1\n#solved\n#stage bug\n\nDear Carol, restart it.").text
    assert "- severity: 1" in told
    ticket = desk.ticket()
    assert (ticket["severity"], ticket["status"]) == (1, "pending")
    assert [each["event"] for each in ticket["events"] if each["event"] == "stage"] == []


def test_words_at_a_stage_and_canned_answers_wait_as_well(desk: World, letters: dict[str, Sent]) -> None:
    both_answer(desk, letters, "#stage bug Filed as 4711.")
    desk.replies(ANTON, letters[ANTON], "#answer log-files")
    assert names(desk) == {("receipt", "anton@example.com")}


@pytest.mark.parametrize("text", ["#note\n\nI have seen this before.", "#solved", "#severity 1"])
def test_notes_and_commands_alone_are_stopped_by_no_answer(desk: World, letters: dict[str, Sent], text: str) -> None:
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "Dear Carol, which version is it?")
    desk.replies(ANTON, letters[ANTON], text)
    assert "has answered meanwhile" not in "".join(each.text for each in desk.sent("receipt"))
    assert desk.rows()[-1]["outcome"] in ("note", "command")


def test_who_answers_twice_is_in_nobodys_way(desk: World, letters: dict[str, Sent]) -> None:
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "Dear Carol, which version is it?")
    desk.time_passes(minutes=10)
    assert desk.replies(ALICE, letters[ALICE], "I mean, of the export.").outcome == "message"


def test_a_note_and_a_customers_answer_are_in_nobodys_way(desk: World, letters: dict[str, Sent]) -> None:
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "#note\n\nI look into it.")
    desk.receives(mail(CAROL, subject="Re: [EX-10001] The export fails", text="It is version 4.2."))
    desk.time_passes(minutes=10)
    assert desk.replies(ANTON, letters[ANTON], "Dear Carol, restart it.").outcome == "message"


def test_who_answers_the_letter_about_the_answer_knows_of_it(desk: World, letters: dict[str, Sent]) -> None:
    desk.replies(ANTON, letters[ANTON], "#take")
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "Dear Carol, which version is it?")
    update = desk.the("agent_update", ANTON)
    assert desk.replies(ANTON, update, "And restart it, please.").outcome == "message"


def test_without_a_key_the_newest_letter_tells_what_an_agent_knew(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letter, "Dear Carol, which version is it?")
    desk.time_passes(minutes=10)
    content = mail(ANTON, subject="[EX-10001] The export fails", text="Dear Carol, restart it.", headers=PASS)
    assert desk.receives(content, verdicts=True).outcome == "command"
    assert names(desk) == {("receipt", "anton@example.com")}
    desk.time_passes(minutes=10)
    content = mail(ANTON, subject="[EX-10001] The export fails", text="Restart it, please.", headers=PASS)
    assert desk.receives(content, verdicts=True).outcome == "message"
    assert "Restart it, please." in desk.the("reply", CAROL).text


def test_a_history_that_is_ahead_of_the_clock_stops_nobody_for_ever(desk: World, letters: dict[str, Sent]) -> None:
    desk.replies(ALICE, letters[ALICE], "#solved")
    desk.time_passes(days=3)  # as `due --run` does: it has closed
    desk.now = START + timedelta(minutes=10)
    desk.replies(ALICE, letters[ALICE], "#open\n#assign Anton\n\nDear Carol, which version is it?")
    told = desk.the("agent_update", ANTON)
    desk.now += timedelta(minutes=10)
    assert desk.replies(ANTON, told, "And restart it, please.").outcome == "message"


def test_a_bystanders_answer_does_not_take_the_ticket_away(desk: World, letters: dict[str, Sent]) -> None:
    desk.replies(ALICE, letters[ALICE], "#take")
    desk.replies(MONA, letters[MONA], "Dear Carol, we are at it.")
    assert desk.ticket()["owner"] == "alice@example.com"
    assert {each.recipient for each in desk.sent("agent_update")} == {"alice@example.com"}
    desk.replies(CAROL, desk.the("reply", CAROL), "Good to know.")
    assert {each.recipient for each in desk.sent("agent_update")} == {"alice@example.com"}


def test_past_the_desk_nothing_can_be_kept_back(desk: World, letters: dict[str, Sent]) -> None:
    desk.time_passes(minutes=10)
    desk.replies(ALICE, letters[ALICE], "Dear Carol, which version is it?")
    desk.time_passes(minutes=10)
    given = {"to": [CAROL, letters[ANTON].reply_to]}
    assert desk.replies(ANTON, letters[ANTON], "Restart it.", **given).outcome == "message"
    assert desk.sent("reply") == []


def test_who_was_never_told_of_a_ticket_is_kept_from_nothing(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, people=DIRECTORY + SECOND)
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Dear Carol, which version is it?")
    desk.time_passes(days=20)
    content = mail(LENA, subject="[EX-10001] The export fails", text="Is it mended now?", headers=PASS)
    assert desk.receives(content, verdicts=True).outcome == "message"
