"""What agents ask for by mail, and that the answer is for them: of their own queues, and without a key in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from maildesk.mime.keyless import ABOUT, TOKEN
from maildesk.policy.aliases import ALIASES
from maildesk.policy.commands import COMMANDS
from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, SUPPORT, mail
from tests.desk.world import Sent, World

GIL = "Gil Glow <gil@globex.example>"
SALES = "sales@example.com"
KEYED = re.compile(rf"{ABOUT}[-.]{TOKEN}", re.IGNORECASE)

PEOPLE = (
    DIRECTORY.replace('domains = ["globex.example"]\nplan = "standard"', 'domains = ["globex.example"]\nplan = "gold"')
    + """
[[agent]]
name = "Sam Seller"
addresses = ["sam@example.com"]
queues = ["sales"]
"""
)
GOLD = """
[plan.gold]
title = "Gold"
contacts = 2
queues = ["technical", "sales"]
rank = 1
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Where Globex is served before Acme, and Sam sells."""
    return world("rank = 2\n" + GOLD, people=PEOPLE)


def opened(desk: World, customer: str = CAROL, subject: str = "The export fails", to: str = SUPPORT) -> Sent:
    desk.receives(mail(customer, subject=subject, to=to))
    return desk.sent("agent_ticket")[0]


def proved(desk: World, text: str, agent: str = ALICE) -> Sent:
    """The receipt for a new mail to the queue's address, after the agent has said that it was him."""
    desk.receives(mail(agent, subject="A question", text=text))
    desk.replies(agent, desk.the("confirm", agent), "yes")
    return desk.the("receipt", agent)


def test_help_lists_every_command_with_its_sentence_and_its_other_words(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#help")
    text = " ".join(desk.the("receipt", ALICE).text.split())
    for name, command in COMMANDS.items():
        assert f"#{name} {command.argument}".strip() in text
        assert command.sentence in text
    assert all(f"#{word}" in text for word in ALIASES)
    assert {each.name for each in desk.sent()} == {"receipt"}
    assert [each["visibility"] for each in desk.ticket()["messages"] if each["direction"] == "in"] == ["public"]


def test_help_in_german_has_a_german_sentence_for_each_command(world: Callable[..., World]) -> None:
    desk = world(prefix='"EX"\nlanguage = "de"')
    desk.replies(ALICE, opened(desk), "#hilfe")
    text = " ".join(desk.the("receipt", ALICE).text.split())
    assert "Befehle stehen oben in Ihrem Text" in text
    assert [name for name, command in COMMANDS.items() if command.sentence in text] == []


def test_asking_works_in_a_mail_about_no_ticket_and_other_commands_do_not(desk: World) -> None:
    opened(desk)
    receipt = proved(desk, "#help\n#mine\n#status EX-10001\n#take\n#hlp")
    assert "how a ticket stands" in receipt.text
    assert "No ticket is yours." in receipt.text
    assert "EX-10001 The export fails" in receipt.text
    assert '"#take" there is no ticket it could be about' in receipt.text
    assert '"#hlp" is no command; did you mean #help?' in receipt.text
    assert desk.ticket()["owner"] is None


def test_status_tells_how_this_ticket_stands_after_the_other_commands_of_the_mail(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#status\n#severity 1\n#take\n#link bug 7\n#pending")
    text = desk.the("receipt", ALICE).text
    assert "Status: pending" in text
    assert "Severity: 1" in text
    assert "Owner: Alice Agent" in text
    assert "Linked to: bug 7" in text
    assert "Closes: " in text


def test_status_of_another_queue_is_for_its_agents_and_managers(desk: World) -> None:
    letter = opened(desk)
    opened(desk, subject="An offer, please", to=SALES)
    desk.replies(ALICE, letter, "#status EX-10002\n#status EX-10099")
    text = desk.the("receipt", ALICE).text
    assert '"#status EX-10002" is not yours to do' in text
    assert '"#status EX-10099" there is no such ticket' in text
    assert "An offer, please" not in text


def test_mine_lists_by_severity_then_the_plans_rank_then_age_and_leaves_out_what_is_closed(desk: World) -> None:
    for number, (customer, commands) in enumerate(
        [(CAROL, "#take"), (CAROL, "#take"), (GIL, "#take"), (CAROL, "#take\n#severity 1"), (CAROL, "#take\n#closed")],
        1,
    ):
        desk.replies(ALICE, opened(desk, customer, f"Matter {number}"), commands)
        desk.time_passes(minutes=1)
    letter = opened(desk, subject="Anton's")
    desk.replies(ANTON, letter_to(desk, ANTON, letter), "#take")
    desk.replies(ALICE, letter, "#mine")
    assert re.findall(r"^- (EX-\d+) ", desk.the("receipt", ALICE).text, re.MULTILINE) == [
        "EX-10004",
        "EX-10003",
        "EX-10001",
        "EX-10002",
    ]


def letter_to(desk: World, agent: str, otherwise: Sent) -> Sent:
    return next((each for each in desk.sent("agent_ticket") if each.recipient in agent), otherwise)


def test_why_tells_of_the_mail_that_the_letter_was_about_without_a_key(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#why")
    text = desk.the("receipt", ALICE).text.partition("Outcome: ")[2]
    assert text.startswith("ticket: ")
    assert "new-ticket" in text
    assert "open EX-10001 in queue technical for carol@acme.example" in text
    assert not KEYED.search(text.partition("Now:")[0])


def test_of_a_letter_that_time_wrote_there_is_no_mail_to_ask_for(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#take\n#solved")
    receipt = desk.the("receipt", ALICE)
    desk.replies(ALICE, receipt, "#raw")  # of his own commands
    assert desk.the("receipt", ALICE).attachments
    desk.receives(mail(ALICE, subject="[EX-10001] #why", text=""))
    desk.replies(ALICE, desk.the("confirm", ALICE), "yes")
    assert "this letter was about no mail" in desk.the("receipt", ALICE).text


def test_raw_is_the_mail_as_it_came(desk: World) -> None:
    content = mail(CAROL, message_id="<first@acme.example>")
    desk.receives(content)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#raw")
    receipt = desk.the("receipt", ALICE)
    [(name, attached)] = receipt.attachments.items()
    assert name.endswith(".eml")
    assert attached == content
    assert f"- attached: {name}" in receipt.text


def test_raw_holds_no_key_of_a_customers(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "Which version?")
    reply = desk.the("reply", CAROL)
    desk.replies(CAROL, reply, "It is 4.2.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#raw")
    [attached] = desk.the("receipt", ALICE).attachments.values()
    assert b"It is 4.2." in attached
    assert KEYED.search(reply.reply_to)
    assert not KEYED.search(attached.decode())


def test_another_agents_mail_is_not_given_away(desk: World) -> None:
    letter = opened(desk)
    about_anton = next(each for each in desk.sent("agent_ticket") if each.recipient in ANTON)
    desk.replies(ALICE, letter, "#take")
    desk.replies(ANTON, about_anton, "#note\nI have seen this before.")
    noted = desk.the("agent_update", ALICE)
    desk.replies(ALICE, noted, "#raw\n#why")
    receipt = desk.the("receipt", ALICE)
    assert receipt.attachments == {}
    assert '"#raw" is not yours to do' in receipt.text
    assert "Outcome: note" in receipt.text


def test_an_agent_of_another_queue_learns_nothing_of_a_ticket_that_left_him(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#queue sales")
    desk.replies(ALICE, letter, "#status\n#why\n#raw")
    receipt = desk.the("receipt", ALICE)
    assert receipt.text.count("is not yours to do") == 3
    assert receipt.attachments == {}
    desk.replies(ALICE, letter, "#mine")
    assert "No ticket is yours." in desk.the("receipt", ALICE).text
