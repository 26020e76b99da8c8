"""The contract's sentences about proof and admission, and the threats of reliability 4a and 4b against them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from maildesk.store import views
from tests.builders import ALICE, ANTON, CAROL, DAVE, MONA, STRANGER, SUPPORT, mail
from tests.desk.world import World, reply_to

GIL = "Gil Glow <gil@globex.example>"
TRUSTING = '[gate]\nauthserv_ids = ["mx.example.com"]\n'


def asked(desk: World, **fields: object) -> None:
    desk.receives(mail(CAROL, **fields))


def stamped(results: str, content: bytes) -> bytes:
    return f"Authentication-Results: {results}\r\n".encode() + content


# proof


@pytest.mark.parametrize(
    "results",
    [
        "mx.example.com; dmarc=none; dkim=pass header.d=mail.example.com",  # a child proves nothing of its parent
        "mx.example.com; dmarc=pass header.from=other.example",
        "mx.example.com; dmarc=fail header.from=example.com; dkim=pass header.d=example.com",
        "mx.example.com; spf=pass smtp.mailfrom=example.com",
        "evil.example; dmarc=pass header.from=example.com",
    ],
)
def test_these_results_prove_no_agent(world: Callable[..., World], results: str) -> None:
    desk = world(TRUSTING)
    asked(desk)
    content = stamped(results, mail(ALICE, subject="[EX-10001]", text="#closed"))
    assert desk.receives(content, verdicts=True).outcome == "held"
    assert desk.ticket()["status"] == "new"


def test_a_signature_of_a_parent_domain_proves_where_dmarc_says_nothing(world: Callable[..., World]) -> None:
    people = '\n[[agent]]\nname = "Sub Agent"\naddresses = ["sub@desk.example.com"]\nqueues = ["technical"]\n'
    from tests.builders import DIRECTORY

    desk = world(TRUSTING, people=DIRECTORY + people)
    asked(desk)
    content = mail("sub@desk.example.com", subject="[EX-10001]", text="#take")
    passed = stamped("mx.example.com; dmarc=none; dkim=pass header.d=example.com", content)
    assert desk.receives(passed, verdicts=True).outcome == "command"


def test_a_result_without_a_name_counts_where_the_desk_lists_the_empty_one(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = [""]\nboundary = "edge.example.com"\n')
    asked(desk)
    content = mail(ALICE, subject="[EX-10001]", text="#take")
    body = b"Received: from a by edge.example.com; now\r\n" + content
    unnamed = stamped(
        "spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com; dmarc=pass header.from=example.com", body
    )
    assert desk.receives(unnamed, verdicts=True).outcome == "command"


def test_a_key_that_outsiders_saw_works_once_and_the_next_letter_brings_a_new_one(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    assert desk.replies(ALICE, letter, "Which version is it?", cc=STRANGER).outcome == "message"
    assert desk.replies(ALICE, letter, "#take").outcome == "held"
    desk.replies(CAROL, mail_to_customer(desk), "4.1")
    assert desk.replies(ALICE, desk.the("agent_update", ALICE), "#severity 2").outcome == "command"


def mail_to_customer(desk: World):
    rows = desk.ask(lambda store: store.all("SELECT MIN(id) FROM letter WHERE name = 'reply'"))
    desk.seen = rows[0][0] - 1
    return desk.the("reply", CAROL)


def test_a_key_with_only_agents_and_ourselves_in_sight_goes_on_working(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "Which version is it?", cc=[ANTON, SUPPORT])
    assert desk.replies(ALICE, letter, "#take").outcome == "command"


def test_a_key_of_an_agent_that_a_customer_uses_makes_him_none(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    assert desk.replies(CAROL, letter, "#closed").outcome == "message"
    assert desk.ticket()["status"] == "new"


def test_a_replayed_command_is_a_duplicate(desk: World) -> None:
    asked(desk)
    content = reply_to(ALICE, desk.the("agent_ticket", ALICE), "#solved")
    desk.receives(content)
    desk.replies(CAROL, desk.the("solved", CAROL), "It is not.")
    assert desk.receives(content).outcome == "duplicate"
    assert desk.ticket()["status"] == "open"


def test_a_confirmation_goes_to_the_directory_and_not_to_reply_to(desk: World) -> None:
    asked(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed", headers={"Reply-To": "evil@elsewhere.example"}))
    assert [each.recipient for each in desk.sent()] == ["alice@example.com"]


def test_an_agent_of_another_queue_commands_nothing(desk: World) -> None:
    desk.receives(mail(CAROL, to="sales@example.com"))
    letter = desk.the("agent_ticket", MONA)
    desk.replies(MONA, letter, "#assign Alice")
    update = desk.receives(mail(CAROL, subject="[EX-10001] more", text="More."))
    assert update.ticket == "EX-10001"
    receipt = desk.replies(ALICE, desk.the("agent_update", ALICE), "#closed")
    assert receipt.outcome in ("held", "command")
    assert desk.ticket()["status"] == "new"
    assert [each.name for each in desk.sent()] == ["receipt"]


# identity


def test_reply_to_is_nobodys_identity(desk: World) -> None:
    receipt = desk.receives(mail(STRANGER, headers={"Reply-To": "carol@acme.example"}))
    assert receipt.outcome == "refused"
    assert {each.recipient for each in desk.sent()} == {"sam@elsewhere.example"}


@pytest.mark.parametrize(
    "written",
    [
        "carol@acme.example, bob@acme.example",
        "Team: carol@acme.example, bob@acme.example;",
        "undisclosed-recipients:;",
        "=?utf-8?q?carol=40acme.example=3E=00?=evil@elsewhere.example",
        '"carol@acme.example" <evil@elsewhere.example>',
        "carol@acme.example(comment)evil",
        "<carol@acme.example> <evil@elsewhere.example>",
    ],
)
def test_an_ambiguous_sender_is_never_carol(desk: World, written: str) -> None:
    content = mail(CAROL).replace(b"From: Carol Jones <carol@acme.example>", f"From: {written}".encode())
    receipt = desk.receives(content, sender="evil@elsewhere.example")
    assert receipt.outcome in ("held", "refused")
    assert not [each for each in desk.sent() if each.name == "acknowledgement"]


def test_a_contact_is_not_changed_by_what_a_mail_says(desk: World) -> None:
    desk.receives(mail("Somebody Else <carol@acme.example>"))
    assert "Carol Jones" in desk.the("acknowledgement", CAROL).text
    assert "Somebody Else" not in desk.the("acknowledgement", CAROL).text


def test_another_contacts_ticket_of_another_organisation_is_not_reached_by_keys(desk: World) -> None:
    asked(desk)
    letter = desk.the("acknowledgement", CAROL)
    receipt = desk.replies(GIL, letter, "Hello?")
    assert receipt.ticket == "EX-10002"
    assert len(desk.ticket("EX-10001")["messages"]) == 2
    assert desk.ticket("EX-10002")["links"] == []


def test_a_stranger_of_the_organisation_is_no_participant_by_a_reference(desk: World) -> None:
    asked(desk)
    assert desk.receives(mail(DAVE, subject="Re: [EX-10001]")).outcome == "held"
    assert desk.ticket()["participants"] == []


def test_agents_robots_reach_no_customer(desk: World) -> None:
    asked(desk)
    away = reply_to(ALICE, desk.the("agent_ticket", ALICE), "I am away.", headers={"Auto-Submitted": "auto-replied"})
    assert desk.receives(away).outcome == "robot"
    assert desk.sent() == []
    assert desk.ticket()["messages"][-1]["visibility"] == "note"


@pytest.mark.parametrize(
    "address",
    ["noreply@acme.example", "no-reply@acme.example", "mailer-daemon@acme.example", "owner-list@acme.example",
     "list-request@acme.example", "postmaster@elsewhere.example"],
)  # fmt: skip
def test_system_addresses_get_no_automatic_mail(desk: World, address: str) -> None:
    desk.receives(mail(address))
    assert desk.sent("redirect", "acknowledgement") == []


def test_a_receipt_request_is_not_answered(desk: World) -> None:
    asked(desk, headers={"Disposition-Notification-To": "carol@acme.example"})
    assert {each.name for each in desk.sent()} == {"acknowledgement", "agent_ticket"}


def test_hops_without_end_are_stopped(desk: World) -> None:
    content = b"Received: from a by b; now\r\n" * 50 + mail(CAROL)
    receipt = desk.receives(content)
    assert receipt.refusal.startswith("554 5.4.6")
    assert desk.sent() == []


def test_an_exchange_of_two_desks_stops_by_itself(world: Callable[..., World]) -> None:
    """Theirs answers everything with clean headers, its own reference, and a new Message-ID."""
    desk = world()
    desk.receives(mail(GIL, subject="[OTHER-1] Ticket received"))
    letters = len(desk.sent("acknowledgement"))
    for _ in range(10):
        found = desk.sent("acknowledgement", "survey_thanks", "redirect")
        if not found:
            break
        desk.now += timedelta(seconds=20)
        desk.receives(mail(GIL, subject=f"Re: {found[0].subject}", text="We have received your mail."))
        letters += len(desk.sent("acknowledgement", "redirect"))
    assert letters <= 4


def test_comands_of_a_quote_an_attachment_or_a_signature_are_none(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "Hello.\n\n-- \n#closed", attachments=[("x.txt", b"#closed\n", "text/plain")])
    assert desk.ticket()["status"] == "open"


def test_a_note_is_in_no_letter_to_a_customer(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#note\nCANARY-NOTE")
    canaries = desk.ask(lambda store: store.all("SELECT id FROM letter WHERE audience = 'customer'"))
    for (ident,) in canaries:
        raw = desk.ask(lambda store, ident=ident: views.message(store, ident, desk.write))
        assert b"CANARY-NOTE" not in raw


def test_an_answer_quoting_the_agents_letter_carries_no_key_of_the_agent(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    token = re.search(r"-([a-z2-7]{27,39})@", letter.reply_to)[1]
    desk.replies(ALICE, letter, "Which version is it?")
    assert token.encode() not in desk.the("reply", CAROL).raw
    desk.replies(ALICE, letter, f"Your key is {letter.reply_to} and {letter.message_id}")
    assert token.encode() not in desk.the("reply", CAROL).raw


def test_a_customer_who_quotes_his_letters_heads_gives_his_key_to_nobody(desk: World) -> None:
    asked(desk)
    letter = desk.the("acknowledgement", CAROL)
    token = re.search(r"-([a-z2-7]{27,39})@", letter.reply_to)[1]
    heads = f"From: {SUPPORT}\nReply-To: {letter.reply_to}\nMessage-ID: {letter.message_id}\n"
    desk.receives(mail(CAROL, to=letter.reply_to, subject="Re: x", text=f"See below.\n\n{heads}\nBye."))
    assert len(desk.sent("agent_update")) == 3
    assert not [each for each in desk.sent() if token.encode() in each.raw]
    assert "Reply-To: support@example.com" in desk.sent("agent_update")[0].text
