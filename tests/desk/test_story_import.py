"""An old mailbox is taken over: no letter goes, nothing is promised for what is old, and nothing ends in masses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from maildesk.reports.gathered import gathered
from tests.builders import ALICE, BOB, CAROL, DAVE, mail
from tests.desk.test_story_report import MONDAY
from tests.desk.world import World

TRUSTS = '\n[gate]\nauthserv_ids = ["mx.example.com"]\n'
PASSED = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
PLAN = """2
escalate = [1]
first_response = { 1 = "1h", 3 = "4h" }
next_response = { 3 = "2h" }
update_every = { 3 = "1d" }
"""
REPORT = {"subject": "The export fails", "text": "It stops at page 3.\n"}


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(contacts=PLAN)


def imported(desk: World, sender: str = CAROL, **fields: Any) -> Any:
    """As `maildesk import` hands it in, without --answer."""
    return desk.receives(mail(sender, **(REPORT | fields)), door="import", quiet=True)


def events(desk: World, reference: str = "EX-10001") -> list[str]:
    return [each["event"] for each in desk.ticket(reference)["events"]]


def letter_names(desk: World) -> set[str]:
    return {letter.name for letter in desk.sent()}


def test_an_imported_mail_opens_a_ticket_and_sends_nothing(desk: World) -> None:
    assert imported(desk).outcome == "ticket"
    assert desk.sent() == []
    assert events(desk) == ["opened", "imported"]


def test_nothing_is_promised_for_what_is_old(desk: World) -> None:
    for number in range(3):
        imported(desk, subject=f"Matter {number}")
    assert desk.ticket()["due"] == {"first_response": None, "next_response": None, "update": None, "close": None}
    desk.time_passes(days=400)
    assert desk.sent() == []
    assert events(desk) == ["opened", "imported"]


def test_an_old_outage_is_neither_escalated_nor_called_for(world: Callable[..., World]) -> None:
    desk = world('[escalation]\npage = ["boss@example.com"]\n', contacts=PLAN)
    imported(desk, text="Severity: 1\n\nThe site is down, nobody can log on.\n")
    assert desk.ticket()["severity"] == 1
    desk.time_passes(days=30)
    assert desk.sent() == []
    assert desk.ticket()["level"] == 1


def test_strangers_and_agents_of_old_are_asked_nothing(desk: World) -> None:
    imported(desk, DAVE)
    imported(desk, ALICE, text="#solved\nDone.")
    desk.time_passes(days=60)
    assert desk.sent() == []


def test_the_customers_next_mail_is_promised_a_reply_from_then_on(desk: World) -> None:
    imported(desk)
    desk.time_passes(days=30)
    desk.receives(mail(CAROL, subject="Re: [EX-10001] The export fails", text="Is there any news?\n"))
    assert desk.sent("agent_update")
    assert desk.ticket()["due"]["next_response"] == "2026-04-01T11:00:00Z"
    desk.time_passes(hours=3)
    assert {"due_soon", "overdue"} <= letter_names(desk)


def test_an_agents_answer_makes_it_a_ticket_like_any_other(desk: World) -> None:
    imported(desk)
    desk.time_passes(days=30)
    desk.receives(mail(CAROL, subject="Re: [EX-10001] The export fails", text="Is there any news?\n"))
    desk.replies(ALICE, desk.sent("agent_update")[0], "#solved\nVersion 4.2 mends it.")
    assert desk.the("reply", CAROL)
    desk.time_passes(days=3)
    assert letter_names(desk) == {"closing_soon", "closed", "survey"}


@pytest.mark.parametrize("word", ["#closed", "#solved", "#pending"])
def test_tidying_up_what_was_imported_tells_no_customer(world: Callable[..., World], word: str) -> None:
    desk = world(TRUSTS, contacts=PLAN)
    imported(desk)
    assert desk.receives(PASSED + mail(ALICE, subject="[EX-10001]", text=word), verdicts=True).outcome == "command"
    assert {letter.name for letter in desk.sent()} == {"receipt"}
    desk.time_passes(days=30)
    assert desk.ticket()["status"] == "closed"
    assert not {letter.recipient for letter in desk.sent()} & {"carol@acme.example"}
    assert desk.ticket()["survey"] is None


def test_an_import_that_answers_is_like_any_other_mail(desk: World) -> None:
    desk.receives(mail(CAROL, **REPORT), door="import")
    assert desk.the("acknowledgement", CAROL)
    assert desk.ticket()["due"]["first_response"] == "2026-03-02T13:00:00Z"


def test_an_old_mail_for_a_ticket_at_work_begins_no_promise(desk: World) -> None:
    desk.receives(mail(CAROL, message_id="<one@acme.example>", **REPORT))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version?")
    imported(desk, subject="Re: The export fails", headers={"In-Reply-To": "<one@acme.example>"})
    assert desk.ticket()["due"]["next_response"] is None
    assert desk.sent() == []


def test_reports_count_what_is_imported_as_open_and_measure_nothing_of_its_past(desk: World) -> None:
    imported(desk)
    imported(desk, BOB, subject="Another")
    desk.time_passes(days=2)
    desk.receives(mail(CAROL, subject="Re: [EX-10001] The export fails", text="Is there any news?\n"))
    desk.replies(ALICE, desk.sent("agent_update")[0], "Version 4.2 mends it.")
    week = MONDAY, MONDAY + timedelta(days=7)
    total = desk.ask(lambda store: gathered(store, *week, desk.config))["total"]
    assert (total["opened"], total["open"]) == (0, 2)
    assert (total["first_reply"]["count"], total["first_reply"]["overdue"]) == (0, 0)
