"""A customer brings up another matter in a ticket, and an agent gives that mail a ticket of its own."""

from __future__ import annotations

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, mail
from tests.desk.world import Sent, World

OTHER = "Besides, the invoice of February is wrong."
FILE = ("invoice.pdf", b"%PDF-1.4", "application/pdf")


def about_another(desk: World, writer: str = CAROL) -> Sent:
    """Carol's ticket, and a mail in it about something else; Alice's letter about that."""
    desk.receives(mail(CAROL, message_id="<first@acme.example>"))
    headers = {"In-Reply-To": "<first@acme.example>"}
    receipt = desk.receives(
        mail(
            writer,
            subject="Invoice",
            text=OTHER,
            headers=headers,
            attachments=[FILE],
            message_id="<other@acme.example>",
        )
    )
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    return desk.the("agent_update", ALICE)


def texts_in(desk: World, reference: str) -> list[str]:
    return [each["text"].strip() for each in desk.ticket(reference)["messages"] if each["direction"] == "in"]


def test_the_mail_gets_a_ticket_of_its_writers(desk: World) -> None:
    letter = about_another(desk, BOB)
    assert desk.replies(ALICE, letter, "#split").outcome == "command"
    new = desk.ticket("EX-10002")
    assert (new["requester"], new["organisation"], new["subject"]) == ("bob@acme.example", "Acme", "Invoice")
    assert (new["status"], new["owner"], new["queue"]) == ("new", None, "technical")
    assert OTHER in texts_in(desk, "EX-10002")
    assert OTHER not in texts_in(desk, "EX-10001")


def test_its_files_go_along(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    moved = next(each for each in desk.ticket("EX-10002")["messages"] if each["text"].strip() == OTHER)
    assert [each["name"] for each in moved["attachments"]] == ["invoice.pdf"]
    assert desk.the("agent_ticket", ANTON).attachments == {"invoice.pdf": b"%PDF-1.4"}


def test_both_tickets_are_linked_and_tell_of_it(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    old, new = desk.ticket("EX-10001"), desk.ticket("EX-10002")
    assert (old["links"], new["links"]) == (["EX-10002"], ["EX-10001"])
    assert ("split", "EX-10002") in [(each["event"], each.get("detail")) for each in old["events"]]
    assert ("split_from", "EX-10001") in [(each["event"], each.get("detail")) for each in new["events"]]


def test_the_receipt_names_the_new_reference(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    assert "EX-10002" in desk.the("receipt", ALICE).text


def test_its_writer_is_acknowledged_in_the_thread_of_his_mail(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    letter = desk.the("acknowledgement")
    assert letter.recipient == "carol@acme.example"
    assert "[EX-10002]" in letter.subject
    assert letter.message["In-Reply-To"] == "<other@acme.example>"


def test_the_queues_agents_get_it_as_any_new_ticket(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    letter = desk.the("agent_ticket", ANTON)
    assert OTHER in letter.text
    desk.replies(ANTON, letter, "Here is the right one.")
    assert desk.ticket("EX-10002")["owner"] == "anton@example.com"
    assert desk.the("reply").recipient == "carol@acme.example"


def test_an_answer_to_the_moved_mail_or_its_acknowledgement_lands_in_the_new_ticket(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    assert desk.replies(CAROL, desk.the("acknowledgement"), "It is number 7.").ticket == "EX-10002"
    headers = {"In-Reply-To": "<other@acme.example>"}
    assert desk.receives(mail(CAROL, subject="Re: Invoice", text="Number 7.", headers=headers)).ticket == "EX-10002"


def test_words_beside_it_answer_the_old_ticket(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split\nThe export is mended in 4.2.")
    assert "[EX-10001]" in desk.the("reply").subject


def test_the_mail_that_opened_the_ticket_stays(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#split")
    assert "opened this ticket" in " ".join(desk.the("receipt", ALICE).text.split())
    assert desk.sent("acknowledgement") == []


def test_a_mail_that_was_moved_opened_its_ticket(desk: World) -> None:
    desk.replies(ALICE, about_another(desk), "#split")
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#split")
    assert len(desk.ask(lambda store: list(store.all("SELECT id FROM ticket")))) == 2


def test_an_agents_mail_stays(desk: World) -> None:
    letter = about_another(desk)
    desk.replies(ALICE, letter, "#assign Anton")
    desk.replies(ALICE, letter, "Which version?")
    desk.replies(ANTON, desk.the("agent_update", ANTON), "#split")
    assert "an agent's" in " ".join(desk.the("receipt", ANTON).text.split())
    assert desk.sent("acknowledgement") == []


@pytest.mark.parametrize("text", ["#split\n#split", "#split\n#slved", "#split now"])
def test_what_is_not_understood_moves_nothing(desk: World, text: str) -> None:
    desk.replies(ALICE, about_another(desk), text)
    assert OTHER in texts_in(desk, "EX-10001")
    assert desk.sent("acknowledgement") == []


def test_a_reply_to_no_letter_about_a_mail_moves_nothing(desk: World) -> None:
    letter = about_another(desk)
    desk.replies(ALICE, letter, "#severity 2")
    desk.replies(CAROL, letter, "#split")
    assert OTHER in texts_in(desk, "EX-10001")
    assert desk.ask(lambda store: store.one("SELECT COUNT(*) FROM ticket")) == (1,)
