"""Urgency, then plan, then arrival: so every list has it, whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from maildesk.store import views_ticket
from tests.builders import ALICE, CAROL, DIRECTORY, mail
from tests.desk.test_story_digest import GIL, lines, until, with_calendar
from tests.desk.world import World

PLANS = """
[plan.gold]
title = "Gold"
contacts = 2
rank = 1
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
[calendar.boston]
time_zone = "America/New_York"
hours = { mon-fri = "12:00-20:00" }
[handover]
on = true
[[rule]]
when = { subject = "down" }
then = { severity = 1 }
[[rule]]
when = { subject = "colour" }
then = { severity = 4 }
"""
PEOPLE = with_calendar(with_calendar(DIRECTORY, "Alice Agent", "berlin"), "Anton Agent", "boston").replace(
    '["globex.example"]\nplan = "standard"', '["globex.example"]\nplan = "gold"'
)
CAME = (  # on Tuesday, by UTC
    ("07:30", GIL, "Another colour"),
    ("08:00", CAROL, "Standard, of 8 a.m."),
    ("10:00", CAROL, "Standard, of 10 a.m."),
    ("11:00", GIL, "Golden, of 11 a.m."),
    ("11:30", CAROL, "All is down"),
)
SERVED = ["All is down", "Golden, of 11 a.m.", "Standard, of 8 a.m.", "Standard, of 10 a.m.", "Another colour"]


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Five requests came on a Tuesday, each later one to be served sooner but for two of the same plan."""
    desk = world(PLANS, people=PEOPLE, survey="true\nrank = 2")
    desk.time_passes(seconds=1)
    for at, who, subject in CAME:
        until(desk, f"2026-03-03T{at}:00Z")
        desk.receives(mail(who, subject=subject))
    return desk


def subjects(desk: World, references: list[str]) -> list[str]:
    return [desk.ticket(each)["subject"] for each in references]


def own(desk: World) -> None:
    """Alice has all of them."""
    desk.ask(
        lambda store: store.execute("UPDATE ticket SET owner_id = (SELECT id FROM agent WHERE name LIKE 'Alice%')")
    )


def test_of_two_standard_requests_the_one_of_8_comes_before_that_of_10_in_ticket_list(desk: World) -> None:
    rows = desk.ask(lambda store: list(views_ticket.listed(store, desk.config, desk.now)))
    assert [row["subject"] for row in rows] == SERVED
    rows = desk.ask(lambda store: list(views_ticket.listed(store, desk.config, desk.now, queue="technical")))
    assert [row["subject"] for row in rows] == SERVED


def test_and_in_the_digest_of_what_is_nobodys(desk: World) -> None:
    until(desk, "2026-03-04T08:00:00Z")
    assert subjects(desk, lines(desk.the("digest", ALICE))["Nobody's yet"]) == SERVED


def test_and_in_the_handover(desk: World) -> None:
    until(desk, "2026-03-03T16:00:00Z")
    found = lines(desk.the("handover"))
    assert [subjects(desk, found[each]) for each in ("Critical and high", "Waiting for an answer")] == [
        SERVED[:1],
        SERVED[1:],
    ]


def test_and_where_they_wait_for_their_owner(desk: World) -> None:
    own(desk)
    until(desk, "2026-03-04T08:00:00Z")
    assert subjects(desk, lines(desk.the("digest", ALICE))["Waiting for you"]) == SERVED


def test_and_in_mine(desk: World) -> None:
    own(desk)
    until(desk, "2026-03-03T12:00:00Z")
    desk.receives(mail(GIL, subject="One more"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#mine")
    found = re.findall(r"^- (EX-\d+) ", desk.the("receipt", ALICE).text, re.MULTILINE)
    assert subjects(desk, found) == SERVED


def test_and_in_a_customers_own_list(desk: World) -> None:
    desk.receives(mail(CAROL, subject="status", text="status"))
    found = re.findall(r"(?:All is down|Standard, of \d+ a\.m\.)", desk.the("answer", CAROL).text)
    assert list(dict.fromkeys(found)) == [each for each in SERVED if "down" in each or "Standard" in each]
