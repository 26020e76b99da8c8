"""An agent answers a customer directly, and the desk, which stands in Cc or Bcc, keeps it as an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from maildesk.words import Receipt
from tests.builders import ALICE, ANTON, BOB, CAROL, SUPPORT, mail
from tests.desk.hostile import earlier
from tests.desk.test_story_forwards import PASS, TRUSTS
from tests.desk.world import World

FIRST = "<carols-first@mail.acme.example>"


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """With Carol's ticket, in which Bob takes part."""
    made = world(TRUSTS)
    made.receives(mail(CAROL, cc=BOB, message_id=FIRST))
    return made


def directly(desk: World, text: str = "Dear Carol, restart it.", **given: Any) -> Receipt:
    """Alice's mail to Carol, with the desk in Bcc: only the envelope names it."""
    fields = {"to": CAROL, "subject": "Re: The export fails", "text": text, "headers": {**PASS, "In-Reply-To": FIRST}}
    content = mail(ALICE, **fields | given)  # type: ignore[arg-type]
    return desk.receives(content, recipients=(SUPPORT,), verdicts=True)


def names(desk: World) -> set[tuple[str, str]]:
    return {(each.name, each.recipient) for each in desk.sent()}


def test_it_is_an_answer_by_the_customers_mail_that_it_answers(desk: World) -> None:
    receipt = directly(desk)
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    ticket = desk.ticket()
    assert (ticket["status"], ticket["owner"]) == ("open", "alice@example.com")
    assert ticket["first_response_kind"] == "answer"
    kept = [each for each in ticket["messages"] if each["direction"] == "in"][-1]
    assert (kept["visibility"], kept["from"]) == ("public", "alice@example.com")
    assert "restart it" in kept["text"]


def test_who_has_it_does_not_get_it_twice_and_the_others_do(desk: World) -> None:
    directly(desk)
    assert names(desk) == {("reply", "bob@acme.example")}
    assert "restart it" in desk.the("reply", BOB).text
    directly(desk, to=[CAROL, BOB])
    assert names(desk) == set()


def test_any_address_of_a_contact_is_one_of_his(desk: World) -> None:
    directly(desk, to="carol.jones@acme.example", cc=BOB)
    assert names(desk) == set()
    assert desk.ticket()["status"] == "open"


def test_it_is_found_by_the_reference_in_its_subject(desk: World) -> None:
    receipt = directly(desk, subject="[EX-10001] The export fails", headers=PASS)
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")


def test_the_desk_may_stand_in_cc(desk: World) -> None:
    fields = {"to": CAROL, "cc": SUPPORT, "headers": {**PASS, "In-Reply-To": FIRST}}
    assert desk.receives(mail(ALICE, text="Restart it.", **fields), verdicts=True).outcome == "message"  # type: ignore[arg-type]
    assert names(desk) == {("reply", "bob@acme.example")}


def test_a_key_is_proof_of_it_once(desk: World) -> None:
    letter = desk.the("agent_ticket", ALICE)
    receipt = desk.replies(ALICE, letter, "Restart it.", to=CAROL, cc=letter.reply_to)
    assert (receipt.outcome, names(desk)) == ("message", {("reply", "bob@acme.example")})
    assert desk.replies(ALICE, letter, "#solved").outcome == "held"


def test_without_proof_the_agent_is_asked_and_then_it_counts(desk: World) -> None:
    assert directly(desk, headers={"In-Reply-To": FIRST}).outcome == "held"
    assert names(desk) == {("confirm", "alice@example.com")}
    assert desk.ticket()["first_answered"] is None
    desk.replies(ALICE, desk.the("confirm"), "yes")
    assert names(desk) == {("reply", "bob@acme.example")}
    assert desk.ticket()["first_response_kind"] == "answer"


def test_commands_in_it_count(desk: World) -> None:
    directly(desk, "#solved\n\nDear Carol, restart it.")
    assert names(desk) == {("reply", "bob@acme.example"), ("receipt", "alice@example.com")}
    ticket = desk.ticket()
    assert (ticket["status"], ticket["first_response_kind"]) == ("solved", "solution")


def test_what_is_not_understood_in_it_keeps_nothing_back(desk: World) -> None:
    assert directly(desk, "#solvd\n#severity 2\n\nDear Carol, restart it.").outcome == "message"
    told = desk.the("receipt", ALICE).text
    assert "did you mean #solved?" in told
    assert "has not been sent" not in told
    ticket = desk.ticket()
    assert (ticket["status"], ticket["severity"]) == ("open", 2)


def test_a_note_stays_one(desk: World) -> None:
    assert directly(desk, "#note\n\nI have told her by telephone.").outcome == "note"
    assert names(desk) == {("receipt", "alice@example.com")}


def test_a_canned_answer_cannot_stand_in_front_of_it(desk: World) -> None:
    directly(desk, "#answer log-files\n\nDear Carol, restart it.")
    assert "sent to the customer yourself" in " ".join(desk.the("receipt", ALICE).text.split())
    assert "log files" not in desk.the("reply", BOB).text


def test_the_customers_answer_to_it_comes_to_its_ticket(desk: World) -> None:
    directly(desk, message_id="<alices-own@example.com>")
    answer = {"In-Reply-To": "<alices-own@example.com>"}
    receipt = desk.receives(mail(CAROL, subject="Re: The export fails", text="It works now.", headers=answer))
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    assert {each.recipient for each in desk.sent("agent_update")} == {"alice@example.com"}


def test_what_belongs_to_no_ticket_opens_none(desk: World) -> None:
    receipt = directly(desk, subject="Lunch?", headers=PASS)
    assert (receipt.outcome, receipt.ticket) == ("held", "")
    assert ANTON not in {each.recipient for each in desk.sent()}


def test_what_a_customer_has_read_is_no_note_whatever_letter_it_answers(desk: World) -> None:
    letter, other = desk.the("agent_ticket", ALICE), desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, letter, "#take")
    desk.replies(ANTON, other, "#note\n\nI have seen this before.")
    about_note = desk.the("agent_update", ALICE)
    desk.replies(ALICE, about_note, "Restart it.", to=[CAROL, about_note.reply_to])
    assert names(desk) == {("reply", "bob@acme.example")}
    assert desk.ticket()["first_response_kind"] == "answer"


@pytest.mark.parametrize(
    "shown", [{}, {"headers": {**PASS}, "subject": "Re: [EX-10001] The export fails"}], ids=["thread", "reference"]
)
def test_what_an_agent_wrote_to_somebody_else_is_a_note_however_it_came_here(
    desk: World, shown: dict[str, Any]
) -> None:
    """A blind copy, or the reader's own doing: it is signed, answers the ticket's letters, and names us nowhere."""
    letter = earlier(desk, "agent_ticket", ALICE)
    threaded = {"headers": {**PASS, "In-Reply-To": letter.message_id}}
    receipt = directly(desk, "Between us: they broke it.", to="friend@elsewhere.example", **threaded | shown)
    assert receipt.outcome == "note"
    assert names(desk) == {("receipt", "alice@example.com")}
    assert "- note kept inside" in desk.the("receipt").text
    assert desk.ticket()["status"] == "new"
    assert not [
        each for each in desk.ticket()["messages"] if each["visibility"] == "public" and "us" in each["text"][:20]
    ]
