"""What becomes of mail on a desk that checks signatures itself (`[gate] verify_dkim`), on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from maildesk.words import Envelope, Verdict
from tests.builders import ALICE, CAROL, STRANGER, SUPPORT, mail
from tests.desk.world import World, reply_to
from tests.desk.zone import ALL, signed

OWN = '[gate]\nverify_dkim = true\n[listen.mx]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\n'
FAR = {"door": "smtp:mx", "peer": "198.51.100.7"}
DEMAND = "v=DMARC1; p=reject"


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Carol has asked; the agents' domain has a key."""
    made = world(OWN)
    made.receives(mail(CAROL))
    made.zone.key("example.com").demands("example.com", DEMAND)
    return made


def command(words: str = "#take", **fields: Any) -> bytes:
    return mail(ALICE, **{"subject": "[EX-10001]", "text": words} | fields)


def test_an_agents_good_signature_proves_him(desk: World) -> None:
    assert desk.receives(signed(command(), "example.com")).outcome == "command"
    assert desk.ticket()["owner"] == "alice@example.com"


def test_without_one_he_is_asked(desk: World) -> None:
    assert desk.receives(command()).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]


def test_a_signature_of_another_domain_proves_nobody(desk: World) -> None:
    desk.zone.key("evil.example")
    assert desk.receives(signed(command(), "evil.example")).outcome == "held"


def test_words_added_below_a_signature_over_a_part_do_nothing(desk: World) -> None:
    content = signed(command("Hello."), "example.com", length=True) + b"#solved\r\n"
    assert desk.receives(content).outcome == "held"
    assert desk.ticket()["status"] == "new"


@pytest.mark.parametrize("more", [b"Subject: [EX-10001]\r\n", b"Date: Mon, 2 Mar 2026 09:00:00 +0000\r\n"])
def test_a_field_put_in_front_of_the_signed_one_spoils_the_proof(desk: World, more: bytes) -> None:
    assert desk.receives(more + signed(command(), "example.com")).outcome == "held"


def test_while_the_dns_is_silent_an_agent_is_asked_and_a_customer_is_served(desk: World) -> None:
    desk.zone.faults.add("*")
    assert desk.receives(signed(command(), "example.com")).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]
    receipt = desk.receives(mail(CAROL, subject="Another"), **FAR)
    assert (receipt.outcome, receipt.refusal) == ("ticket", "")
    assert desk.the("acknowledgement", CAROL)


def test_a_reply_with_its_key_needs_no_dns(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Another"))
    letter = desk.the("agent_ticket", ALICE)
    desk.zone.faults.add("*")
    assert desk.replies(ALICE, letter, "#take").outcome == "command"


# failures


def test_a_mail_that_its_domain_forbids_is_held_and_nobody_is_answered(desk: World) -> None:
    desk.zone.demands("acme.example", DEMAND).text("acme.example", "v=spf1 ip4:192.0.2.1 -all")
    receipt = desk.receives(mail(CAROL, subject="Another"), **FAR)
    assert (receipt.outcome, receipt.reason) == ("held", "unproved")
    assert desk.sent() == []


def test_a_failure_overrules_a_key(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Another"))
    letter = desk.the("agent_ticket", ALICE)
    desk.zone.text("example.com", "v=spf1 -all")
    assert desk.replies(ALICE, letter, "#take").outcome == "command"  # by our own mail server: nobody can tell
    content = reply_to(ALICE, letter, "#release")
    assert desk.receives(content, **FAR).outcome == "held"


def test_a_mail_by_our_own_mail_server_is_no_failure_without_a_signature(desk: World) -> None:
    desk.zone.demands("acme.example", DEMAND).text("acme.example", "v=spf1 -all")
    assert desk.receives(mail(CAROL, subject="Another")).outcome == "ticket"


def test_a_host_that_may_send_for_the_agents_domain_proves_no_agent(desk: World) -> None:
    desk.zone.text("example.com", "v=spf1 ip4:198.51.100.7 -all")
    assert desk.receives(command(), **FAR).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]


def test_a_stranger_whose_domain_demands_proof_gets_no_notice_without_it(desk: World) -> None:
    desk.zone.demands("elsewhere.example", DEMAND).key("elsewhere.example")
    desk.receives(mail(STRANGER))
    assert desk.sent() == []
    desk.receives(signed(mail(STRANGER), "elsewhere.example"))
    assert [each.name for each in desk.sent()] == ["redirect"]


# replay (T19)


def test_an_agents_private_mail_that_its_reader_sends_on_proves_nothing(desk: World) -> None:
    """Carol has it with a good signature, and hands it in by her own keyed address."""
    desk.receives(mail(CAROL, subject="Another"))
    keyed = desk.the("acknowledgement", CAROL).reply_to
    private = signed(mail(ALICE, to="carol@acme.example", subject="Lunch", text="#solved"), "example.com")
    assert desk.receives(private, sender="carol@acme.example", recipients=(keyed,)).outcome == "held"
    assert desk.ticket("EX-10002")["status"] == "new"


def test_nor_does_our_address_in_a_field_that_was_added(desk: World) -> None:
    fields = [name for name in ALL if name != b"cc"]
    written = mail(ALICE, to="carol@acme.example", subject="[EX-10001]", text="#solved")
    added = f"Cc: {SUPPORT}\r\n".encode() + signed(written, "example.com", fields)
    assert desk.receives(added).outcome == "held"


def test_a_reader_who_is_added_to_an_agents_mail_spoils_its_proof(desk: World) -> None:
    fields = [name for name in ALL if name != b"cc"]
    content = signed(command("Here is the answer."), "example.com", fields)
    assert desk.receives(content).outcome == "message"
    assert desk.receives(b"Cc: eve@evil.example\r\n" + content).outcome == "held"


def test_a_command_of_last_week_is_not_run_again_under_another_message_id(desk: World) -> None:
    content = signed(command("#solved"), "example.com")
    assert desk.receives(content).outcome == "command"
    renamed = content.replace(b"Message-ID: <m", b"Message-ID: <n")
    assert renamed != content
    assert desk.receives(renamed).outcome == "held"
    assert desk.receives(content).outcome == "duplicate"


def test_an_agents_mail_proves_him_once_though_its_spaces_change(desk: World) -> None:
    """The relaxed form of a body allows for other spaces within a line (RFC 6376, 3.4.4)."""
    content = signed(command("Here is the answer."), "example.com", canonicalize=(b"relaxed", b"relaxed"))
    assert desk.receives(content).outcome == "message"
    spaced = content.replace(b"Here is the", b"Here  is the")
    assert spaced != content
    assert desk.receives(spaced).outcome == "held"
    assert desk.receives(content).outcome == "duplicate"


def test_a_mail_whose_date_is_a_week_old_proves_nothing(desk: World) -> None:
    content = signed(command(date=desk.now), "example.com")
    desk.now += timedelta(days=8)
    assert desk.receives(content).outcome == "held"


# cost


def test_nothing_is_checked_on_a_desk_that_does_not_ask_for_it(world: Callable[..., World]) -> None:
    desk = world()
    desk.zone.key("example.com")
    desk.receives(mail(CAROL))
    assert desk.receives(signed(command(), "example.com")).outcome == "held"
    assert desk.zone.checked == 0


@pytest.mark.parametrize("result", ["pass", "fail"])
def test_where_our_mail_servers_have_spoken_nothing_is_checked(world: Callable[..., World], result: str) -> None:
    desk = world(OWN.replace("true", 'true\nauthserv_ids = ["mx.example.com"]', 1))
    content = f"Authentication-Results: mx.example.com; dmarc={result} header.from=acme.example\r\n".encode() + mail(
        CAROL
    )
    assert desk.receives(content, verdicts=True).outcome == {"pass": "ticket", "fail": "held"}[result]
    assert desk.zone.checked == 0


def test_where_they_could_not_tell_the_signature_is_checked(world: Callable[..., World]) -> None:
    desk = world(OWN.replace("true", 'true\nauthserv_ids = ["mx.example.com"]', 1))
    desk.receives(mail(CAROL))
    desk.zone.key("example.com")
    unsure = b"Authentication-Results: mx.example.com; dmarc=temperror header.from=example.com\r\n"
    assert desk.receives(unsure + signed(command(), "example.com"), verdicts=True).outcome == "command"


def test_explain_has_a_look_too(desk: World) -> None:
    envelope = Envelope("deliver", desk.now, "alice@example.com", (SUPPORT,))
    facts, _ = desk.desk.explain(signed(command(), "example.com"), envelope)
    assert facts.verdict is Verdict.PASS
    assert facts.checked.startswith("dkim=pass header.d=example.com")
