"""The main way through the desk: each test is a sentence of what customers and agents are promised."""

from __future__ import annotations

from tests.builders import ALICE, CAROL, mail
from tests.desk.world import World


def test_a_customers_first_mail_opens_a_ticket_and_is_acknowledged(desk: World) -> None:
    receipt = desk.receives(mail(CAROL, subject="The export fails"))
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10001")
    acknowledgement = desk.the("acknowledgement", CAROL)
    assert acknowledgement.subject == "[EX-10001] The export fails"


def test_the_agents_plain_reply_goes_to_the_customer_and_makes_her_the_owner(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    assert desk.replies(ALICE, letter, "Which version is it?").outcome == "message"
    reply = desk.the("reply", CAROL)
    assert "Which version is it?" in reply.text
    assert "alice@example.com" not in reply.raw.decode()
    assert desk.ticket()["owner"] == "Alice Agent"
