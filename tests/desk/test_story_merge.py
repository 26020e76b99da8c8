"""One ticket goes into another: its people and its letters lead there, nothing of it runs on, and no wall falls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import ALICE, BOB, CAROL, DAVE, MONA, mail
from tests.desk.taking_part import GIL, NED, events, written_in
from tests.desk.world import Sent, World


def two(desk: World, second: str = CAROL, **fields: Any) -> tuple[Sent, Sent]:
    """Two tickets, EX-10001 of Carol's and EX-10002; Alice's letters about them."""
    desk.receives(mail(CAROL, message_id="<first@acme.example>"))
    first = desk.the("agent_ticket", ALICE)
    desk.receives(mail(second, subject="Export again", text="Page 3.", message_id="<second@acme.example>", **fields))
    return first, desk.the("agent_ticket", ALICE)


def merged(desk: World, second: str = CAROL, **fields: Any) -> tuple[Sent, Sent]:
    """EX-10002 has gone into EX-10001; Alice's letter about the survivor, and the acknowledgement of the other."""
    first, about_second = two(desk, second, **fields)
    [acknowledgement] = desk.sent("acknowledgement")
    assert desk.replies(ALICE, about_second, "#merge EX-10001").outcome == "command"
    return first, acknowledgement


def refusal(desk: World, letter: Sent, line: str, agent: str = ALICE) -> str:
    desk.replies(agent, letter, line)
    assert desk.ticket("EX-10002")["status"] == "new"
    assert "merged" not in events(desk)
    return desk.the("receipt", agent).text


def test_a_merged_ticket_is_closed_and_both_tell_of_it(desk: World) -> None:
    merged(desk)
    gone, survivor = desk.ticket("EX-10002"), desk.ticket("EX-10001")
    assert (gone["status"], survivor["status"]) == ("closed", "new")
    assert (gone["links"], survivor["links"]) == (["EX-10001"], ["EX-10002"])
    assert "merged" in [event["event"] for event in gone["events"]]
    assert "merged_here" in events(desk)


def test_the_receipt_names_the_survivor(desk: World) -> None:
    merged(desk)
    assert "EX-10001" in desk.the("receipt", ALICE).text


def test_customers_hear_of_no_end_and_are_asked_nothing(desk: World) -> None:
    merged(desk)
    assert {letter.name for letter in desk.sent()} == {"receipt"}
    desk.time_passes(days=30)
    assert desk.sent() == []
    assert desk.ticket("EX-10002")["due"]["close"] is None


def test_a_reply_to_any_letter_of_the_merged_ticket_goes_to_the_survivor(desk: World) -> None:
    _, acknowledgement = merged(desk)
    receipt = desk.replies(CAROL, acknowledgement, "It is version 4.1.")
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    assert desk.ticket("EX-10002")["status"] == "closed"


@pytest.mark.parametrize(
    "fields",
    [{"subject": "Re: [EX-10002] Export again"}, {"headers": {"In-Reply-To": "<second@acme.example>"}}],
    ids=["its reference", "its Message-ID"],
)
def test_what_names_the_merged_ticket_goes_to_the_survivor(desk: World, fields: dict[str, Any]) -> None:
    merged(desk)
    assert desk.receives(mail(CAROL, text="More.", **fields)).ticket == "EX-10001"


def test_the_people_of_the_merged_ticket_take_part_in_the_survivor(desk: World) -> None:
    about_first, acknowledgement = merged(desk, BOB, cc=DAVE)
    assert set(desk.ticket()["participants"]) == {"bob@acme.example", "dave@acme.example"}
    assert desk.ticket()["requester"] == "carol@acme.example"
    desk.replies(ALICE, about_first, "It is mended.")
    readers = {letter.recipient for letter in desk.sent("reply")}
    assert readers == {"carol@acme.example", "bob@acme.example", "dave@acme.example"}
    assert desk.replies(BOB, acknowledgement, "Danke, aber Seite 4?").ticket == "EX-10001"


def test_words_beside_it_go_to_the_people_of_the_merged_ticket_and_sound_like_no_end(desk: World) -> None:
    _, about_second = two(desk, BOB)
    desk.replies(ALICE, about_second, "#merge EX-10001\nWe go on with this together with Carol's.")
    letter = desk.the("reply", BOB)
    assert "together with Carol's" in letter.text
    assert "geschlossen" not in letter.text
    assert desk.replies(BOB, letter, "Gut.").ticket == "EX-10001"


def test_a_status_beside_it_wakes_nothing(desk: World) -> None:
    _, about_second = two(desk)
    desk.replies(ALICE, about_second, "#merge EX-10001\n#pending")
    assert desk.ticket("EX-10002")["status"] == "closed"
    desk.time_passes(days=30)
    assert desk.sent() == []


def test_an_agents_answer_to_a_letter_about_the_merged_ticket_reaches_the_survivors_people(desk: World) -> None:
    _, about_second = two(desk, BOB)
    desk.replies(ALICE, about_second, "#merge EX-10001")
    receipt = desk.replies(ALICE, about_second, "It is mended.")
    assert receipt.ticket == "EX-10001"
    assert {letter.recipient for letter in desk.sent("reply")} == {"carol@acme.example", "bob@acme.example"}


def test_a_chain_of_merges_leads_to_its_end(desk: World) -> None:
    about_first, acknowledgement = merged(desk)
    desk.receives(mail(CAROL, subject="Third"))
    desk.replies(ALICE, about_first, "#merge EX-10003")
    assert desk.replies(CAROL, acknowledgement, "It is version 4.1.").ticket == "EX-10003"


def test_a_ring_of_merges_cannot_be_made(desk: World) -> None:
    about_first, _ = merged(desk)
    desk.replies(ALICE, about_first, "#merge EX-10002")
    assert '"#merge EX-10002"' in desk.the("receipt", ALICE).text
    assert desk.ticket("EX-10001")["status"] == "new"


@pytest.mark.parametrize("line", ["#merge EX-10002", "#merge EX-99999", "#merge", "#merge both"])
def test_what_leads_nowhere_is_refused(desk: World, line: str) -> None:
    _, about_second = two(desk)
    assert f'"{line}"' in refusal(desk, about_second, line)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#merge 10001", "there is no such ticket; did you mean #merge EX-10001?"),
        ("#merge EX-99999", "there is no such ticket\r\n"),
        ("#merge", "cannot be read so; did you mean #merge REF?"),
    ],
)
def test_the_refusal_says_how_it_is_written(desk: World, line: str, why: str) -> None:
    _, about_second = two(desk)
    assert f'"{line}" {why}' in refusal(desk, about_second, line)


def test_tickets_of_two_organisations_are_never_merged(desk: World) -> None:
    _, about_second = two(desk, GIL)
    assert '"#merge EX-10001" belongs to another customer' in refusal(desk, about_second, "#merge EX-10001")
    assert desk.ticket()["participants"] == []


def test_a_ticket_of_another_queue_is_not_an_agents_to_merge_into(desk: World) -> None:
    desk.receives(mail(CAROL, to="sales@example.com"))
    desk.receives(mail(CAROL, subject="Export again"))
    about_second = desk.the("agent_ticket", ALICE)
    assert "not yours to do" in refusal(desk, about_second, "#merge EX-10001")


def test_a_manager_may_merge_across_queues(desk: World) -> None:
    desk.receives(mail(CAROL, to="sales@example.com"))
    desk.receives(mail(CAROL, subject="Export again"))
    desk.replies(MONA, desk.the("agent_ticket", MONA), "#merge EX-10001")
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]


def test_a_line_that_is_not_understood_leaves_the_ticket_where_it_is(desk: World) -> None:
    _, about_second = two(desk)
    assert '"#slved"' in refusal(desk, about_second, "#merge EX-10001\n#slved")


def test_two_merges_in_one_mail_are_not_understood(desk: World) -> None:
    _, about_second = two(desk)
    desk.receives(mail(CAROL, subject="Third"))
    assert '"#merge EX-10003"' in refusal(desk, about_second, "#merge EX-10001\n#merge EX-10003")


def test_a_customer_merges_nothing(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.receives(mail(CAROL, subject="Export again"))
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "#merge EX-10001")
    assert desk.ticket("EX-10002")["links"] == []


def test_who_waits_outside_of_the_merged_ticket_waits_outside_of_the_survivor(desk: World) -> None:
    first, second = two(desk)
    headers = {"In-Reply-To": "<second@acme.example>"}
    assert desk.receives(mail(NED, text="I know more.", headers=headers)).outcome == "held"
    desk.replies(ALICE, second, "#merge EX-10001")
    assert desk.ticket()["participants"] == []
    desk.replies(ALICE, first, "#cc +ned@partner.example")
    assert desk.ticket()["participants"] == ["ned@partner.example"]
    assert "I know more." in [each["text"].strip() for each in desk.ticket()["messages"]]


def test_the_question_about_him_may_still_be_answered_by_his_name(desk: World) -> None:
    _, second = two(desk)
    desk.receives(mail(NED, text="I know more.", headers={"In-Reply-To": "<second@acme.example>"}))
    asking = desk.the("consult", CAROL)
    desk.replies(ALICE, second, "#merge EX-10001")
    assert desk.replies(CAROL, asking, "allow ned@partner.example").outcome == "consent"
    assert desk.ticket()["participants"] == ["ned@partner.example"]


def test_a_stranger_finds_his_way_into_neither(desk: World) -> None:
    merged(desk)
    receipt = desk.receives(mail(NED, subject="Re: [EX-10002] Export again", text="Hello?"))
    assert receipt.outcome == "refused"
    assert written_in(desk).outcome == "held"
    assert {letter.recipient for letter in desk.sent("consult")} == {"carol@acme.example"}


@pytest.mark.parametrize("status", ["#solved", "#pending", "#closed"])
def test_a_request_that_nobody_has_answered_opens_what_it_goes_into(desk: World, status: str) -> None:
    desk.receives(mail(CAROL, subject="one"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), f"{status}\nWe are done.")
    desk.receives(mail(CAROL, subject="two"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#merge EX-10001")
    assert desk.ticket()["status"] == "open"
    assert desk.ticket()["due"]["close"] is None
    desk.time_passes(days=8)
    assert desk.sent("closed", "closing_soon", "survey") == []


def test_what_is_over_opens_nothing_where_it_goes(desk: World) -> None:
    desk.receives(mail(CAROL, subject="one"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nWe are done.")
    desk.receives(mail(CAROL, subject="two"))
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#solved\nThis, too.")
    desk.replies(ALICE, letter, "#merge EX-10001")
    assert desk.ticket()["status"] == "solved"
