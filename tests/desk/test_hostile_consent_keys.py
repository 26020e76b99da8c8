"""Keys of questions about strangers: who gets to see one decides nothing by it, and there is room for each question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.builders import BOB, CAROL, DAVE, mail
from tests.desk.world import World

TRUSTS = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
PASS = b"Authentication-Results: mx.example.com; dmarc=pass header.from=acme.example\r\n"
NONE = PASS.replace(b"pass", b"none")


def contacts(desk: World) -> set[str]:
    rows: list[Any] = desk.ask(
        lambda store: store.all("SELECT address FROM person_address WHERE contact_id IS NOT NULL")
    )
    return {address for (address,) in rows}


def test_a_question_that_its_reader_showed_to_the_stranger_is_asked_again(desk: World) -> None:
    desk.receives(mail(DAVE))
    asked = desk.the("consult", CAROL)
    desk.replies(CAROL, asked, "Dave, is this you?", cc=DAVE)
    again = desk.the("answer", CAROL)
    receipt = desk.replies(CAROL, asked, "swap bob@acme.example")  # as Dave writes it, in Carol's name
    assert "seen by others" in receipt.reason
    assert "dave@acme.example" not in contacts(desk)
    assert "bob@acme.example" in contacts(desk)
    assert desk.replies(CAROL, again, "allow").outcome == "consent"
    assert desk.ticket()["requester"] == "dave@acme.example"


def test_a_key_in_the_hands_of_another_contact_is_asked_again_too(desk: World) -> None:
    desk.receives(mail(DAVE))
    asked = desk.the("consult", CAROL)
    assert desk.replies(BOB, asked, "refuse").outcome == "ticket"  # no answer of his: it is not his key
    assert "still waits" in desk.replies(CAROL, asked, "refuse").reason


def test_colleagues_who_are_contacts_too_may_read_along(desk: World) -> None:
    desk.receives(mail(DAVE))
    asked = desk.the("consult", CAROL)
    desk.replies(CAROL, asked, "Bob, what do you think?", cc=BOB)
    assert desk.replies(CAROL, asked, "allow").reason.startswith("allow")


def test_those_whom_nobody_vouches_for_leave_room_for_questions_about_the_others(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    questions = 0
    for number in range(20):
        desk.receives(NONE + mail(f"x{number}@acme.example"), verdicts=True)
        questions += len([each for each in desk.sent("consult") if each.recipient == "carol@acme.example"])
    assert questions == 10
    desk.receives(PASS + mail(DAVE), verdicts=True)
    assert desk.the("consult", CAROL)


def test_strangers_who_write_in_leave_room_for_whom_the_requester_names(desk: World) -> None:
    desk.receives(mail(CAROL, message_id="<first@acme.example>"))
    for number in range(20):
        desk.receives(mail(f"x{number}@elsewhere.example", headers={"In-Reply-To": "<first@acme.example>"}))
    desk.receives(mail(CAROL, cc="helper@partner.example", headers={"In-Reply-To": "<first@acme.example>"}))
    assert "helper@partner.example" in desk.the("consult", CAROL).text
