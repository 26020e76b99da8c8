"""Agents' commands that sort, from the mail with the command to what its readers get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import ALICE, CAROL, DIRECTORY, MONA, SUPPORT, mail
from tests.desk.world import Sent, World

LENA = "Lena Second <lena@example.com>"
SAM = "Sam Seller <sam@example.com>"
AMY = "amy@example.com"

PEOPLE = (
    DIRECTORY.replace('name = "Acme"', 'name = "Acme"\naccount_manager = "amy@example.com"')
    + """
[[agent]]
name = "Lena Second"
addresses = ["lena@example.com"]
level = 2
queues = ["technical"]
[[agent]]
name = "Sam Seller"
addresses = ["sam@example.com"]
queues = ["sales"]
"""
)
MORE = """
[queue.returns]
title = "Returned Goods"
address = "returns@example.com"
categories = ["Broken", "Wrong item"]
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """With a second level, somebody who sells, and a queue with categories that has no agents."""
    return world(MORE, people=PEOPLE)


def opened(desk: World, **fields: Any) -> Sent:
    """Carol's ticket EX-10001, as Alice got it."""
    desk.receives(mail(CAROL, **fields))
    return desk.the("agent_ticket", ALICE)


def history(desk: World, reference: str = "EX-10001") -> list[str]:
    return [each["event"] for each in desk.ticket(reference)["events"]]


def names(desk: World) -> set[tuple[str, str]]:
    return {(each.name, each.recipient) for each in desk.sent()}


def test_a_moved_ticket_reaches_the_agents_of_the_other_queue_with_its_words_and_files(desk: World) -> None:
    letter = opened(desk, attachments=[("log.txt", b"page 3", "text/plain")])
    desk.replies(ALICE, letter, "#queue Sales\n\n")
    told = desk.the("agent_ticket", SAM)
    assert "the export to PDF stops at page 3" in told.text
    assert told.attachments == {"log.txt": b"page 3"}
    assert names(desk) == {
        *(("agent_ticket", each) for each in ("sam@example.com", "mona@example.com")),
        ("receipt", "alice@example.com"),
    }
    assert desk.ticket()["queue"] == "sales"
    assert "- queue: Sales" in desk.the("receipt", ALICE).text


def test_letters_of_a_moved_ticket_go_on_from_the_address_that_the_customer_wrote_to(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#queue sales@example.com")
    desk.replies(SAM, desk.the("agent_ticket", SAM), "We send you an offer.")
    reply = desk.the("reply", CAROL)
    assert SUPPORT in str(reply.message["From"])
    assert desk.replies(CAROL, reply, "Thank you, I wait for it.").ticket == "EX-10001"
    assert [each.recipient for each in desk.sent("agent_update")] == ["sam@example.com"]


def test_who_is_not_of_the_new_queue_owns_the_ticket_no_longer(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#take")
    desk.replies(ALICE, letter, "#queue sales")
    assert desk.ticket()["owner"] is None


def test_an_unknown_queue_is_refused_with_the_nearest(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#queue Saless")
    assert "did you mean #queue Sales?" in desk.the("receipt", ALICE).text
    assert desk.ticket()["queue"] == "technical"


def test_categories_are_those_of_the_queue_and_go_with_it(desk: World) -> None:
    letter = opened(desk)
    desk.replies(MONA, desk.the("agent_ticket", MONA), "#category broken")
    assert "the queue has no categories" in desk.the("receipt", MONA).text
    desk.replies(ALICE, letter, "#category Brocken\n#queue returns")
    assert "did you mean #category Broken?" in desk.the("receipt", ALICE).text
    moved = desk.the("agent_ticket", MONA)  # nobody else is left to be told
    desk.replies(MONA, moved, "#category wrong ITEM")
    assert desk.ticket()["category"] == "Wrong item"
    desk.replies(MONA, moved, "#queue technical")
    assert (desk.ticket()["queue"], desk.ticket()["category"]) == ("technical", "")


def test_the_second_level_hears_of_what_is_moved_to_it_and_nobody_else(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#level 2\n#note She has the logs.")
    assert names(desk) == {
        ("agent_ticket", "lena@example.com"),
        ("agent_update", "lena@example.com"),
        ("receipt", "alice@example.com"),
    }
    assert desk.ticket()["level"] == 2
    desk.replies(ALICE, desk.the("receipt", ALICE), "#note\n#level two")
    assert "did you mean #level 1|2?" in desk.the("receipt", ALICE).text


def test_tickets_are_linked_on_both_and_no_letter_to_a_customer_names_it(desk: World) -> None:
    opened(desk, message_id="<other@acme.example>", subject="Another matter")
    letter = opened(desk)
    desk.replies(ALICE, letter, "#link [EX-10001]\n#link https://bugs.example/7\n#link bug 4711\n\nWe look into it.")
    assert desk.ticket("EX-10002")["links"] == ["EX-10001", "bug 4711", "https://bugs.example/7"]
    assert desk.ticket("EX-10001")["links"] == ["EX-10002"]
    reply = desk.the("reply", CAROL).raw.decode()
    assert "EX-10001" not in reply
    assert "bugs.example" not in reply


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("EX-10099", "there is no such ticket"),
        ("javascript:alert(1)", "cannot be read so"),
        ("file:///etc/passwd", "cannot be read so"),
        ("https://user:word@bugs.example/7", "cannot be read so"),
        ("EX-10001", "cannot be read so"),
    ],
)
def test_what_is_neither_a_ticket_nor_a_page_nor_words_is_refused(desk: World, other: str, why: str) -> None:
    desk.replies(ALICE, opened(desk), f"#link {other}")
    assert why in desk.the("receipt", ALICE).text
    assert desk.ticket()["links"] == []


def test_spam_is_closed_without_a_letter_or_a_survey_and_its_text_stays_inside(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#spam\n\nThe same text as last week.")
    assert {each.name for each in desk.sent()} == {"receipt"}
    ticket = desk.ticket()
    assert ticket["status"] == "closed"
    assert "spam" in history(desk)
    assert [each["visibility"] for each in ticket["messages"]][-1] == "note"
    desk.time_passes(days=30)
    assert desk.sent() == []


def test_an_agent_escalates_once_a_day_with_a_reason_that_managers_read(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#escalate the whole site stands still\n\nI have called for help.")
    told = desk.the("escalation", MONA)
    assert "the whole site stands still" in told.text
    assert "the export to PDF stops at page 3" in told.text
    assert desk.the("agent_ticket").recipient == "lena@example.com"
    customers = desk.sent("escalated")
    assert {each.recipient for each in customers} == {"carol@acme.example", AMY}
    assert not any("stands still" in each.raw.decode() for each in (*customers, desk.the("reply")))
    ticket = desk.ticket()
    assert (ticket["level"], ticket["first_response_kind"]) == (2, "escalation")
    desk.replies(ALICE, letter, "#escalate again")
    assert {each.name for each in desk.sent()} == {"receipt"}
    assert "was done within the last day" in desk.the("receipt", ALICE).text


def test_commands_are_taken_in_german_words(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#Übernehmen\n#dringlichkeit 1\n#gelöst")
    ticket = desk.ticket()
    assert (ticket["owner"], ticket["severity"], ticket["status"]) == ("alice@example.com", 1, "solved")


def test_beside_an_unknown_command_the_sorting_is_done_and_nothing_reaches_the_customer(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#level 2\n#link bug 7\n#escalate\n#spm\n\nDear Carol, soon.")
    assert {each.name for each in desk.sent()} == {"agent_ticket", "receipt"}
    receipt = desk.the("receipt", ALICE).text
    assert "did you mean #spam?" in receipt
    assert "> Dear Carol, soon." in receipt
    assert (desk.ticket()["level"], desk.ticket()["status"]) == (2, "new")
