"""Late replies: what comes when a matter is over, and what wakes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, mail
from tests.desk.taking_part import NED, written_in
from tests.desk.world import Sent, World


def solved(desk: World, **fields: object) -> Sent:
    """Carol has asked, Alice has solved it; her answer."""
    desk.receives(mail(CAROL, message_id="<first@acme.example>", **fields))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    return desk.the("reply", CAROL)


def closed(desk: World, **fields: object) -> Sent:
    letter = solved(desk, **fields)
    desk.time_passes(days=2)
    assert desk.ticket()["status"] == "closed"
    return letter


# thanks


@pytest.mark.parametrize("text", ["Thanks a lot!", "Vielen Dank!", "Hi Alice,\n\nthank you, it works.\n\nCarol"])
def test_short_thanks_on_a_solved_ticket_are_filed_and_wake_nothing(desk: World, text: str) -> None:
    letter = solved(desk)
    receipt = desk.replies(CAROL, letter, text)
    assert (receipt.outcome, receipt.reason) == ("message", "thanks alone")
    assert desk.ticket()["status"] == "solved"
    assert desk.ticket()["messages"][-2]["visibility"] == "public"


def test_the_agent_is_told_how_to_undo_it_and_undoes_it_so(desk: World) -> None:
    letter = solved(desk)
    desk.replies(CAROL, letter, "Thanks a lot!")
    told = desk.the("agent_update", ALICE)
    assert "#open" in told.text
    desk.replies(ALICE, told, "#open")
    assert desk.ticket()["status"] == "open"
    assert "open" in desk.the("receipt", ALICE).text
    desk.time_passes(days=30)
    assert desk.sent() == []


def test_thanks_move_no_clock(desk: World) -> None:
    letter = solved(desk)
    desk.time_passes(days=1, hours=20)
    desk.replies(CAROL, letter, "Thanks a lot!")
    desk.time_passes(hours=4)
    assert desk.ticket()["status"] == "closed"


@pytest.mark.parametrize("text", ["Thanks, but it stops at page 4 now.", "Thanks? It is worse.", "No thanks."])
def test_thanks_with_more_to_say_wake_it(desk: World, text: str) -> None:
    letter = solved(desk)
    desk.replies(CAROL, letter, text)
    assert desk.ticket()["status"] == "open"


def test_thanks_with_a_file_wake_it(desk: World) -> None:
    letter = solved(desk)
    desk.replies(CAROL, letter, "Thanks!", attachments=[("log.txt", b"still failing", "text/plain")])
    assert desk.ticket()["status"] == "open"


def test_thanks_of_a_colleague_are_filed_too(desk: World) -> None:
    solved(desk, cc=BOB)
    desk.replies(BOB, desk.the("reply", BOB), "Danke!")
    assert desk.ticket()["status"] == "solved"


# before reopen_for has passed


def test_a_reply_before_it_closes_wakes_it_and_goes_to_its_owner(desk: World) -> None:
    letter = solved(desk)
    desk.time_passes(days=1)
    assert desk.replies(CAROL, letter, "It stops at page 4 now.").ticket == "EX-10001"
    assert desk.ticket()["status"] == "open"
    assert [each.recipient for each in desk.sent("agent_update")] == ["alice@example.com"]


def test_a_reply_within_reopen_for_wakes_even_a_closed_ticket(world: Callable[..., World]) -> None:
    desk = world('[closing]\nreopen_for = "3d"\n')
    letter = closed(desk)
    desk.time_passes(days=2, hours=23)
    assert desk.replies(CAROL, letter, "It stops at page 4 now.").ticket == "EX-10001"
    assert desk.ticket()["status"] == "open"


# afterwards


def follow_up(desk: World, letter: Sent, sender: str = CAROL, text: str = "It stops at page 4 now.") -> None:
    receipt = desk.replies(sender, letter, text)
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10002")


def test_after_reopen_for_a_reply_opens_a_follow_up_that_is_linked_both_ways(world: Callable[..., World]) -> None:
    desk = world('[closing]\nreopen_for = "3d"\n')
    letter = closed(desk)
    desk.time_passes(days=3)
    follow_up(desk, letter)
    assert (desk.ticket("EX-10001")["links"], desk.ticket("EX-10002")["links"]) == (["EX-10002"], ["EX-10001"])
    assert desk.ticket("EX-10001")["status"] == "closed"


def test_the_follow_up_is_acknowledged_under_its_own_reference(desk: World) -> None:
    letter = closed(desk)
    follow_up(desk, letter)
    assert desk.the("acknowledgement", CAROL).subject.startswith("[EX-10002]")


def test_the_agents_read_what_a_follow_up_goes_on_with_and_its_subject_names_itself_alone(desk: World) -> None:
    letter = closed(desk)
    follow_up(desk, letter)
    told = desk.the("agent_ticket", ALICE)
    assert "Goes on with: EX-10001" in told.text
    assert told.subject == "[EX-10002] The export fails"


def test_a_reply_to_the_follow_up_stays_with_the_follow_up(desk: World) -> None:
    letter = closed(desk)
    follow_up(desk, letter)
    assert desk.replies(CAROL, desk.the("acknowledgement", CAROL), "On page 5, too.").ticket == "EX-10002"


def test_a_colleagues_late_reply_is_his_own_matter(desk: World) -> None:
    closed(desk, cc=BOB)
    desk.receives(mail(BOB, subject="Re: [EX-10001] The export fails", text="Bei mir geht es noch nicht."))
    assert desk.ticket("EX-10002")["requester"] == "bob@acme.example"
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]


def test_nobody_of_the_old_ticket_hears_of_the_follow_up(desk: World) -> None:
    letter = closed(desk, cc=BOB)
    follow_up(desk, letter)
    assert "bob@acme.example" not in {each.recipient for each in desk.sent()}


def test_thanks_long_after_are_filed_and_open_nothing(desk: World) -> None:
    letter = closed(desk)
    desk.time_passes(days=60)
    receipt = desk.replies(CAROL, letter, "Thanks a lot!")
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    assert len({row["ticket"] for row in desk.rows()}) == 1


def test_a_stranger_gets_no_follow_up_by_a_reference_or_an_answer(desk: World) -> None:
    closed(desk)
    assert desk.receives(mail(NED, subject="Re: [EX-10001] x", text="Me too.")).outcome == "refused"
    assert written_in(desk).outcome == "refused"
    assert desk.sent("consult", "agent_update") == []


def test_an_agents_late_words_go_out_and_change_no_status(desk: World) -> None:
    closed(desk)
    told = desk.seen
    desk.seen = 0
    letter = desk.the("agent_ticket", ANTON)
    desk.seen = told
    desk.replies(ANTON, letter, "Version 4.3 is out.")
    assert "4.3" in desk.the("reply", CAROL).text
    assert desk.ticket()["status"] == "closed"
