"""How grave a request is where nobody says so, who is called at any hour, and what is said while work was announced."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, CAROL, MONA, mail
from tests.desk.world import World

PAGED = """
[escalation]
page = ["pager@example.com"]
"""
ANNOUNCED = """
[[maintenance]]
from = 2026-03-02T08:00:00Z
until = 2026-03-02T12:00:00Z
text = "New servers are put in."
"""
RULE = """
[[rule]]
when = { subject = "website" }
then = { severity = 3 }
"""
DOWN = mail(CAROL, subject="Our website is down", text="Nobody can log in.\n\nCarol")


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(PAGED)


def paged(desk: World) -> list[str]:
    return [letter.text for letter in desk.sent("alarm") if letter.recipient == "pager@example.com"]


def test_that_the_site_is_down_is_critical_and_calls_somebody_at_once(desk: World) -> None:
    receipt = desk.receives(DOWN)
    assert receipt.reason == "a new request, severity 1 by its words"
    assert desk.ticket()["severity"] == 1
    assert "Severity: critical." in desk.the("acknowledgement").text
    [text] = paged(desk)
    assert "EX-10001 is critical: Our website is down" in text


def test_a_restore_goes_first_and_calls_nobody(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Please restore a folder"))
    assert desk.ticket()["severity"] == 2
    assert paged(desk) == []


def test_what_the_customer_says_stands_above_what_it_sounds_like(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Our website is down", text="Severity: low\n\nNo hurry."))
    assert desk.ticket()["severity"] == 4
    assert paged(desk) == []


def test_so_does_what_a_rule_says(world: Callable[..., World]) -> None:
    desk = world(PAGED + RULE)
    desk.receives(DOWN)
    assert desk.ticket()["severity"] == 3
    assert paged(desk) == []


def test_an_agent_who_makes_it_critical_calls_as_well_and_once(desk: World) -> None:
    desk.receives()
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#severity 1")
    assert len(paged(desk)) == 1
    desk.replies(ALICE, letter, "#severity critical")
    assert paged(desk) == []


def test_a_further_mail_to_a_critical_ticket_calls_nobody_again(desk: World) -> None:
    desk.receives(DOWN)
    desk.receives(mail(CAROL, subject="[EX-10001] still down"))
    assert paged(desk) == []


def test_while_work_was_announced_an_outage_is_answered_so_and_calls_nobody(world: Callable[..., World]) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.receives(DOWN)
    text = " ".join(desk.the("acknowledgement").text.split())
    assert "Work is going on that was planned; it ends by Monday, 2 March 2026, 12:00 (UTC). New servers" in text
    assert paged(desk) == []
    desk.time_passes(hours=4)
    desk.receives(DOWN.replace(b"Subject: Our", b"Subject: Again our"))
    assert len(paged(desk)) == 1
    assert "planned" not in desk.the("acknowledgement").text


def test_what_is_critical_but_no_outage_calls_while_work_was_announced_too(world: Callable[..., World]) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.receives(mail(CAROL, subject="Our account has expired"))
    assert len(paged(desk)) == 1


def test_an_import_calls_nobody(desk: World) -> None:
    desk.receives(DOWN, quiet=True)
    assert desk.ticket()["severity"] == 1
    assert desk.sent() == []


def test_a_plan_that_says_so_escalates_what_is_grave_by_itself_and_at_any_hour(world: Callable[..., World]) -> None:
    desk = world(contacts="2\nescalate = [1, 2]")
    desk.receives(mail(CAROL, subject="Please restore a folder", text="It was lost on Sunday."))
    letter = desk.the("escalation", MONA)
    assert "EX-10001 has been escalated." in letter.text
    assert "It was lost on Sunday." in letter.text
    assert "EX-10001 has been escalated." in desk.the("escalated").text
    assert desk.ticket()["level"] == 2
    escalated = [event for event in desk.ticket()["events"] if event["event"] in ("escalated", "level")]
    assert [event["by"] for event in escalated] == ["maildesk", "maildesk"]


def test_what_is_not_grave_enough_for_the_plan_is_not_escalated(world: Callable[..., World]) -> None:
    desk = world(contacts="2\nescalate = [1]")
    desk.receives(mail(CAROL, subject="Please restore a folder"))
    assert desk.sent("escalation", "escalated") == []
    assert desk.ticket()["level"] == 1
