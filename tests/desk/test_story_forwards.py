"""An agent passes on what a customer wrote to him: it is that customer's ticket, and nothing of the agent's shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from maildesk.words import Receipt
from tests.builders import ALICE, ANTON, BOB, CAROL, STRANGER, SUPPORT, mail
from tests.desk.taking_part import GIL, events, texts
from tests.desk.world import World
from tests.mime.test_forwards import FORMS, WORDS, attached

PASS = {"Authentication-Results": "mx.example.com; dmarc=pass header.from=example.com"}
TRUSTS = '\n[gate]\nauthserv_ids = ["mx.example.com"]\n'
COMMENT = "Please take this."
FILE = ("page3.png", b"\x89PNG", "image/png")


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(TRUSTS)


def forward(desk: World, form: str = "gmail", agent: str = ALICE, **fields: Any) -> Receipt:
    text = fields.pop("text", FORMS[form].replace("{}", WORDS))
    return passes_on(desk, mail(agent, **{"subject": "Fwd: The export fails", "text": text, "headers": PASS} | fields))


def written(desk: World) -> dict[str, Any]:
    """The one mail of the ticket, as it is shown."""
    [message] = [each for each in desk.ticket()["messages"] if each["direction"] == "in"]
    return dict(message)


def passes_on(desk: World, content: bytes) -> Receipt:
    return desk.receives(content, door="lmtp:main", verdicts=True)


def declined(desk: World, receipt: Receipt) -> str:
    """Nothing was opened and nobody but the agent hears of it; his receipt."""
    assert (receipt.outcome, receipt.ticket) == ("held", "")
    assert {letter.recipient for letter in desk.sent()} == {"alice@example.com"}
    return desk.the("receipt", ALICE).text


@pytest.mark.parametrize(
    "form", ["gmail", "outlook", "outlook in German", "apple mail, quoted", "thunderbird in German"]
)
def test_a_forward_opens_the_ticket_of_whoever_wrote_it(desk: World, form: str) -> None:
    receipt = forward(desk, form)
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10001")
    ticket = desk.ticket()
    assert (ticket["requester"], ticket["organisation"]) == ("carol@acme.example", "Acme")
    assert (ticket["subject"], ticket["status"], ticket["owner"]) == ("The export fails", "new", None)
    message = written(desk)
    assert (message["text"].strip(), message["visibility"]) == (WORDS, "public")


def test_the_customer_is_acknowledged_and_the_agent_hears_whom_it_was_taken_to_be_from(desk: World) -> None:
    forward(desk)
    assert desk.the("acknowledgement").recipient == "carol@acme.example"
    receipt = desk.the("receipt", ALICE)
    assert "Carol Jones <carol@acme.example>" in receipt.text
    assert "[EX-10001]" in receipt.subject


def test_the_other_agents_get_it_with_the_words_of_both(desk: World) -> None:
    forward(desk)
    assert {letter.recipient for letter in desk.sent("agent_ticket")} == {"anton@example.com", "mona@example.com"}
    text = desk.the("agent_ticket", ANTON).text
    assert COMMENT in text
    assert "the export stops at page 3" in text


def test_an_answer_to_the_receipt_goes_to_the_customer(desk: World) -> None:
    forward(desk)
    desk.replies(ALICE, desk.the("receipt", ALICE), "Which version is it?")
    assert desk.the("reply").recipient == "carol@acme.example"


def test_the_customer_never_sees_what_the_agent_wrote_above_it_nor_whence_it_came(desk: World) -> None:
    forward(desk, message_id="<secret@host.example.com>")
    desk.replies(ALICE, desk.the("receipt", ALICE), "Which version is it?")
    desk.replies(CAROL, desk.the("reply"), "copy EX-10001")
    seen = texts(desk, "carol@acme.example")
    raw = b"".join(letter.raw for letter in desk.sent() if letter.recipient == "carol@acme.example")
    assert "stops at page 3" in seen
    assert COMMENT not in seen
    assert "alice@example.com" not in seen
    assert b"secret@host.example.com" not in raw


def test_a_copy_shows_the_words_as_the_customers_own(desk: World) -> None:
    forward(desk)
    desk.receives(mail(CAROL, subject="x", text="copy EX-10001"))
    text = desk.the("answer").text
    assert "Carol Jones" in text
    assert "stops at page 3" in text
    assert "Alice" not in text


def test_what_the_agent_wrote_stands_in_the_history(desk: World) -> None:
    forward(desk)
    [event] = [each for each in desk.ticket()["events"] if each["event"] == "forwarded"]
    assert (event["by"], event["detail"]) == ("alice@example.com", COMMENT)


def test_files_go_along_and_reach_the_agents(desk: World) -> None:
    forward(desk, attachments=[FILE])
    message = written(desk)
    assert [each["name"] for each in message["attachments"]] == ["page3.png"]
    assert desk.the("agent_ticket", ANTON).attachments == {"page3.png": b"\x89PNG"}


def whole(inner: bytes, text: str = COMMENT) -> bytes:
    return b"Authentication-Results: " + PASS["Authentication-Results"].encode() + b"\r\n" + attached(inner, text=text)


def test_an_attached_mail_opens_its_writers_ticket_with_its_own_files(desk: World) -> None:
    inner = mail(CAROL, text=WORDS, attachments=[FILE], message_id="<c1@acme.example>", cc=BOB)
    assert passes_on(desk, whole(inner)).ticket == "EX-10001"
    message = written(desk)
    assert (message["text"].strip(), message["attachments"][0]["name"]) == (WORDS, "page3.png")
    assert desk.the("agent_ticket", ANTON).attachments == {"page3.png": b"\x89PNG"}
    assert desk.the("acknowledgement").message["In-Reply-To"] == "<c1@acme.example>"
    assert "#cc +bob@acme.example" in desk.the("receipt", ALICE).text


def test_who_else_got_the_original_is_offered_and_gets_nothing_yet(desk: World) -> None:
    forward(desk)
    receipt = desk.the("receipt", ALICE)
    assert "#cc +bob@acme.example" in receipt.text
    assert desk.ticket()["participants"] == []
    assert "bob@acme.example" not in {letter.recipient for letter in desk.sent()}
    desk.replies(ALICE, receipt, "#cc +bob@acme.example")
    assert desk.ticket()["participants"] == ["bob@acme.example"]


def test_commands_above_the_forward_line_count(desk: World) -> None:
    forward(desk, text="#severity 1\n#take\n" + FORMS["gmail"].replace("{}", WORDS))
    ticket = desk.ticket()
    assert (ticket["severity"], ticket["owner"]) == (1, "alice@example.com")


@pytest.mark.parametrize("form", ["gmail", "outlook", "apple mail", "thunderbird", "mutt"])
@pytest.mark.parametrize("above", ["", COMMENT])
def test_commands_in_the_forwarded_part_are_never_read(desk: World, form: str, above: str) -> None:
    text = FORMS[form].replace(COMMENT, above).replace("{}", "#severity 1\n#closed\n#take\n\nthe export fails")
    forward(desk, text=text, subject="Fwd: #closed")
    ticket = desk.ticket()
    assert (ticket["status"], ticket["severity"], ticket["owner"]) == ("new", 3, None)
    assert "#closed" in ticket["messages"][0]["text"]


def test_commands_in_an_attached_mail_are_never_read(desk: World) -> None:
    passes_on(desk, whole(mail(CAROL, text="#closed\n#severity 1")))
    assert (desk.ticket()["status"], desk.ticket()["severity"]) == ("new", 3)


def test_a_command_that_is_not_understood_is_told_and_the_ticket_opens_all_the_same(desk: World) -> None:
    forward(desk, text="#severty 1\n#take\n" + FORMS["gmail"].replace("{}", WORDS))
    assert desk.ticket()["owner"] == "alice@example.com"
    assert "#severity" in desk.the("receipt", ALICE).text


@pytest.mark.parametrize(
    ("writer", "why"),
    [
        (STRANGER, "is no contact"),
        ("Dave Dent <dave@acme.example>", "is no contact"),
        (ANTON, "is an agent"),
        (f"Support <{SUPPORT}>", "an address of ours"),
        ("Carol Jones", "names no one writer"),
        ("carol@acme.example <eve@attacker.example>", "names no one writer"),
    ],
)
def test_a_forward_of_whoever_is_no_contact_opens_nothing(desk: World, writer: str, why: str) -> None:
    text = FORMS["gmail"].replace("Carol Jones <carol@acme.example>", writer).replace("{}", WORDS)
    told = " ".join(declined(desk, forward(desk, text=text)).split())
    assert why in told
    assert "#new ADDRESS" in told


def test_new_above_a_forward_says_in_whose_name_it_is(desk: World) -> None:
    text = FORMS["gmail"].replace("Carol Jones <carol@acme.example>", "Carol Jones").replace("{}", WORDS)
    assert forward(desk, text=f"#new carol@acme.example\n{text}").ticket == "EX-10001"
    assert desk.ticket()["requester"] == "carol@acme.example"
    assert desk.ticket()["owner"] is None
    assert desk.sent("reply") == []
    assert COMMENT not in texts(desk, "carol@acme.example")


def test_a_forward_of_a_contact_whose_organisation_is_not_served_opens_nothing(world: Callable[..., World]) -> None:
    people = ENDED.replace("ACTIVE", "false")
    desk = world(TRUSTS, people=people)
    assert "no organisation that is served" in " ".join(declined(desk, forward(desk)).split())


def test_a_forward_to_a_queue_that_the_plan_does_not_name_opens_nothing(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, queues='["sales"]')
    assert "does not name this queue" in " ".join(declined(desk, forward(desk)).split())


ENDED = """
[[organisation]]
name = "Acme"
domains = ["acme.example"]
plan = "standard"
active = ACTIVE
[[organisation.contact]]
name = "Carol Jones"
addresses = ["carol@acme.example"]
[[agent]]
name = "Alice Agent"
addresses = ["alice@example.com"]
queues = ["technical"]
"""


def test_a_forward_into_a_ticket_is_a_note(desk: World) -> None:
    desk.receives(mail(CAROL))
    receipt = forward(desk, subject="Fwd: [EX-10001] The export fails")
    assert (receipt.outcome, receipt.ticket) == ("note", "EX-10001")
    assert desk.sent("reply", "acknowledgement") == []
    assert [each["visibility"] for each in desk.ticket()["messages"] if each["direction"] == "in"] == ["public", "note"]


def test_a_forward_to_the_keyed_address_is_a_note(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    text = FORMS["outlook"].replace("{}", "#closed\nfrom Gil")
    assert desk.receives(mail(ALICE, to=letter.reply_to, subject="Fwd: x", text=text)).outcome == "note"
    assert desk.ticket()["status"] == "new"
    assert desk.sent("reply", "closed") == []


def test_an_answer_above_an_outlook_head_is_an_answer(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    text = FORMS["outlook"].replace(COMMENT, "Which version is it?").replace("{}", letter.text)
    desk.receives(mail(ALICE, to=letter.reply_to, subject=f"RE: {letter.subject}", text=text))
    assert "Which version" in desk.the("reply").text
    assert COMMENT not in desk.the("reply").text


def test_an_unproved_forward_waits_until_the_agent_says_yes(desk: World) -> None:
    receipt = forward(desk, headers={}, attachments=[FILE])
    assert receipt.outcome == "held"
    assert {letter.name for letter in desk.sent()} == {"confirm"}
    desk.replies(ALICE, desk.the("confirm"), "yes")
    desk.time_passes(seconds=5)
    message = written(desk)
    assert message["text"].strip() == WORDS
    assert [each["name"] for each in message["attachments"]] == ["page3.png"]
    assert desk.ticket()["requester"] == "carol@acme.example"


def test_a_forgers_forward_opens_nothing(desk: World) -> None:
    assert forward(desk, headers={"Authentication-Results": "mx.example.com; dmarc=fail"}).outcome == "held"
    assert desk.sent() == []


def test_a_customers_forward_is_his_own_matter(desk: World) -> None:
    receipt = forward(desk, agent=GIL, text=FORMS["gmail"].replace("{}", WORDS), headers={})
    assert receipt.ticket == "EX-10001"
    assert desk.ticket()["requester"] == "gil@globex.example"


def test_a_forward_to_another_queue_hands_the_matter_over_and_commands_nothing_there(desk: World) -> None:
    receipt = forward(desk, to="sales@example.com", text="#severity 1\n" + FORMS["gmail"].replace("{}", WORDS))
    assert receipt.ticket == "EX-10001"
    assert (desk.ticket()["queue"], desk.ticket()["severity"]) == ("sales", 3)
    assert desk.the("agent_ticket").recipient == "mona@example.com"
    assert "not yours to do" in desk.the("receipt", ALICE).text


def test_the_same_forward_twice_opens_one_ticket(desk: World) -> None:
    content = mail(ALICE, subject="Fwd: x", text=FORMS["gmail"].replace("{}", WORDS), headers=PASS)
    assert passes_on(desk, content).ticket == "EX-10001"
    assert passes_on(desk, content).outcome == "duplicate"
    assert events(desk).count("opened") == 1
