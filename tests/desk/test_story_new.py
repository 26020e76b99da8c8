"""`#new ADDRESS`: an agent begins a matter in a contact's name, and his words are its first public answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from maildesk.words import Receipt
from tests.builders import ALICE, ANTON, BOB, CAROL, MONA, SUPPORT, mail
from tests.desk.test_story_forwards import ENDED, FILE, PASS, TRUSTS
from tests.desk.world import World

TEXT = "Dear Carol, as said on the telephone: version 4.2 mends the export."


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(TRUSTS)


def begin(desk: World, text: str = f"#new carol@acme.example\n\n{TEXT}", agent: str = ALICE, **fields: Any) -> Receipt:
    content = mail(agent, **{"subject": "Your export", "text": text, "headers": PASS} | fields)
    return desk.receives(content, door="lmtp:main", verdicts=True)


def refused(desk: World, receipt: Receipt) -> str:
    """Nothing was opened, nobody but the agent hears of it, and his text comes back; his receipt."""
    assert (receipt.outcome, receipt.ticket) == ("command", "")
    assert {letter.recipient for letter in desk.sent()} == {"alice@example.com"}
    assert desk.ask(lambda store: store.one("SELECT COUNT(*) FROM ticket")) == (0,)
    return " ".join(desk.the("receipt", ALICE).text.split())


def test_a_ticket_opens_in_the_contacts_name_and_is_the_agents(desk: World) -> None:
    receipt = begin(desk)
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10001")
    ticket = desk.ticket()
    assert (ticket["requester"], ticket["organisation"]) == ("carol@acme.example", "Acme")
    assert (ticket["subject"], ticket["status"], ticket["owner"]) == ("Your export", "open", "alice@example.com")
    assert ticket["first_answered"] is not None
    assert ticket["first_response_kind"] == "answer"


def test_the_text_is_its_first_public_answer(desk: World) -> None:
    begin(desk)
    reply = desk.the("reply")
    assert (reply.recipient, TEXT in reply.text) == ("carol@acme.example", True)
    assert "[EX-10001]" in reply.subject
    assert "#new" not in reply.text
    assert desk.sent("acknowledgement", "agent_ticket") == []


def test_files_go_along(desk: World) -> None:
    begin(desk, attachments=[FILE])
    assert desk.the("reply").attachments == {"page3.png": b"\x89PNG"}


def test_the_receipt_tells_of_it(desk: World) -> None:
    begin(desk)
    receipt = desk.the("receipt", ALICE)
    assert "Carol Jones <carol@acme.example>" in receipt.text
    assert "[EX-10001]" in receipt.subject


def test_the_customers_answer_goes_on_with_it_and_comes_to_the_agent(desk: World) -> None:
    begin(desk)
    assert desk.replies(CAROL, desk.the("reply"), "It does, thank you, but page 4?").ticket == "EX-10001"
    assert desk.the("agent_update").recipient == "alice@example.com"


def test_a_copy_holds_the_agents_words_and_no_command(desk: World) -> None:
    begin(desk)
    desk.receives(mail(CAROL, text="copy EX-10001"))
    text = desk.the("answer").text
    assert "version 4.2" in text
    assert "#new" not in text


@pytest.mark.parametrize("line", ["#new Carol Jones <carol@acme.example>", "#NEW: carol.jones@acme.example"])
def test_the_address_may_be_written_as_mail_programs_do(desk: World, line: str) -> None:
    begin(desk, f"{line}\n{TEXT}")
    assert desk.ticket()["requester"] in {"carol@acme.example", "carol.jones@acme.example"}


def test_it_may_stand_in_the_subject(desk: World) -> None:
    assert begin(desk, TEXT, subject="#new carol@acme.example").ticket == "EX-10001"
    assert desk.ticket()["subject"].startswith("Dear Carol")


def test_other_commands_go_with_it(desk: World) -> None:
    begin(desk, f"#new carol@acme.example\n#severity 2\n#solved\n{TEXT}")
    ticket = desk.ticket()
    assert (ticket["severity"], ticket["status"], ticket["first_response_kind"]) == (2, "solved", "solution")


def test_a_note_keeps_it_inside(desk: World) -> None:
    begin(desk, f"#new carol@acme.example\n#note\n{TEXT}")
    assert desk.sent("reply") == []
    assert [each["visibility"] for each in desk.ticket()["messages"]] == ["note"]


def test_whom_the_agent_wrote_to_directly_gets_it_once(desk: World) -> None:
    begin(desk, to=[SUPPORT, CAROL])
    assert desk.sent("reply") == []
    assert desk.ticket()["first_answered"] is not None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#new sam@elsewhere.example", "is no contact"),
        ("#new dave@acme.example", "is no contact"),
        ("#new anton@example.com", "is an agent"),
        (f"#new {SUPPORT}", "an address of ours"),
        ("#new", "it takes the address of a contact"),
        ("#new Carol", "it takes the address of a contact"),
        ("#new carol@acme.example bob@acme.example", "it takes the address of a contact"),
    ],
)
def test_nobody_but_a_contact_is_written_to(desk: World, line: str, why: str) -> None:
    told = refused(desk, begin(desk, f"{line}\n{TEXT}"))
    assert why in told
    assert "version 4.2" in told


def test_without_a_text_nothing_opens(desk: World) -> None:
    assert "wants your text" in refused(desk, begin(desk, "#new carol@acme.example"))


@pytest.mark.parametrize("more", ["#slved", "#new bob@acme.example"])
def test_a_line_that_is_not_understood_keeps_it_closed(desk: World, more: str) -> None:
    assert more in refused(desk, begin(desk, f"#new carol@acme.example\n{more}\n{TEXT}"))


def test_in_a_queue_of_others_nobody_is_written_to(desk: World) -> None:
    assert "not yours to do" in refused(desk, begin(desk, to="sales@example.com"))


def test_a_manager_may_write_from_every_queue(desk: World) -> None:
    assert begin(desk, agent=MONA, to="sales@example.com").ticket == "EX-10001"
    assert desk.ticket()["queue"] == "sales"


def test_who_is_not_served_is_not_written_to(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, people=ENDED.replace("ACTIVE", "false"))
    assert "no organisation that is served" in refused(desk, begin(desk))


def test_a_plan_that_does_not_name_the_queue_is_told(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, queues='["sales"]')
    assert "does not name this queue" in refused(desk, begin(desk))


def test_in_a_mail_about_a_ticket_it_is_refused(desk: World) -> None:
    desk.receives(mail(BOB))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), f"#new carol@acme.example\n{TEXT}")
    assert "in a new mail" in " ".join(desk.the("receipt", ANTON).text.split())
    assert desk.sent("reply") == []


def test_an_unproved_agent_begins_nothing(desk: World) -> None:
    assert begin(desk, headers={}).outcome == "held"
    assert {letter.name for letter in desk.sent()} == {"confirm"}
    desk.replies(ALICE, desk.the("confirm"), "yes")
    assert desk.ticket()["requester"] == "carol@acme.example"
    assert desk.the("reply").recipient == "carol@acme.example"


def test_a_customer_begins_his_own_matter_alone(desk: World) -> None:
    begin(desk, agent=BOB, headers={})
    assert desk.ticket()["requester"] == "bob@acme.example"
    assert desk.sent("reply") == []
