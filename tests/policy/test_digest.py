"""The lines of a morning letter: which tickets, in which order, and what may be done with each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maildesk.config import parse
from maildesk.policy.digest import MOST, digest, line, looks_ahead, ranked
from maildesk.policy.tickets import Change
from maildesk.words import Address, Agent, Severity, Status, Ticket
from maildesk.words.day import Listed, Morning
from tests.builders import START, configuration

CONFIG = parse(
    configuration(
        '[plan.gold]\ncontacts = 1\nrank = 1\n[calendar.berlin]\ntime_zone = "Europe/Berlin"\n'
        'hours = { mon-fri = "09:00-17:00" }\n',
        survey="true\nrank = 2",
    ),
    Path("/"),
)
ALICE = Agent(1, "Alice Agent", ("alice@example.com",), queues=("technical",), calendar="berlin")
ANTON = Agent(2, "Anton Agent", ("anton@example.com",), queues=("technical",))
SAM = Agent(3, "Sam Seller", ("sam@example.com",), queues=("sales",))
STAFF = (ALICE, ANTON, SAM)
CAROL = Address("carol@acme.example", "Carol Jones")


def listed(number: int = 1, **fields: Any) -> Listed:
    given: dict[str, Any] = {
        "reference": f"EX-{10000 + number}",
        "queue": "technical",
        "address": "support@example.com",
        "subject": "The export fails",
        "requester": CAROL,
        "status": Status.OPEN,
        "severity": Severity.MEDIUM,
        "level": 1,
        "opened": START - timedelta(days=1),
        "plan": "standard",
    }
    return Listed(**given | fields)


def morning(**fields: Any) -> Morning:
    return Morning(ALICE, START, START - timedelta(days=1), agents=STAFF, **fields)


def sections(facts: Morning) -> dict[str, list[str]]:
    letters = digest(facts, CONFIG)
    told: Any = letters[0].letter.context["sections"] if letters else []
    return {each["name"]: [one["reference"] for one in each["lines"]] for each in told}


@pytest.mark.parametrize(
    ("fields", "offers"),
    [
        ({}, ["take"]),
        ({"status": Status.NEW}, ["take"]),
        ({"owner": ALICE}, ["nudge"]),
        ({"owner": ALICE, "waits": START}, []),
        ({"owner": ALICE, "status": Status.PENDING}, ["nudge", "open"]),
        ({"owner": ALICE, "status": Status.SOLVED, "waits": START}, ["nudge", "open"]),  # who said thanks
        ({"owner": ANTON}, ["take", "nudge"]),
        ({"owner": ANTON, "waits": START}, ["take"]),
        ({"owner": ANTON, "status": Status.PENDING}, ["take", "nudge", "open"]),
        ({"owner": ANTON, "status": Status.CLOSED}, []),
        ({"owner": ALICE, "status": Status.CLOSED}, []),
    ],
)
def test_a_line_offers_what_makes_sense(fields: dict[str, Any], offers: list[str]) -> None:
    assert line(listed(**fields), ALICE)["offers"] == offers


def test_a_list_goes_by_severity_then_plan_then_age() -> None:
    given = [
        listed(1, opened=START),
        listed(2),
        listed(3, plan="gold", opened=START),
        listed(4, severity=Severity.CRITICAL, opened=START),
        listed(5, plan="gone"),
        listed(6, severity=Severity.LOW, plan="gold"),
        listed(7, plan=""),
    ]
    assert [each.reference[-1] for each in ranked(given, CONFIG)] == ["4", "3", "2", "1", "5", "7", "6"]


def test_who_waits_for_an_answer_stands_under_waiting_unless_the_ticket_rests() -> None:
    mine = (
        listed(1, owner=ALICE, waits=START),
        listed(2, owner=ALICE),
        listed(3, owner=ALICE, waits=START, status=Status.SOLVED),
    )
    assert sections(morning(mine=mine)) == {"waiting": ["EX-10001"]}


def test_of_whom_one_stands_in_for_only_tickets_of_ones_own_queues_are_told() -> None:
    away = replace(SAM, present=False, deputy=1)
    mine = (listed(1, owner=away, waits=START, queue="sales"), listed(2, owner=away, waits=START))
    assert sections(morning(mine=mine)) == {"waiting": ["EX-10002"]}


def test_nobodys_tickets_are_told_to_those_who_would_be_told_of_them() -> None:
    free = (listed(1), listed(2, level=2), listed(3, queue="sales"))
    assert sections(morning(unassigned=free)) == {"unassigned": ["EX-10001", "EX-10002"]}  # nobody is of level 2


def test_news_are_for_those_who_want_them_and_repeat_nothing() -> None:
    free = (listed(1, opened=START),)
    news = (free[0], listed(2, owner=ANTON), listed(3, owner=ANTON, severity=Severity.HIGH))
    facts = morning(unassigned=free, news=news)
    assert sections(facts) == {"unassigned": ["EX-10001"]}
    wanting = replace(facts, agent=replace(ALICE, digest=True), agents=(replace(ALICE, digest=True), ANTON))
    assert sections(wanting) == {"unassigned": ["EX-10001"], "news": ["EX-10002"]}


def resting(status: Status, since: datetime) -> tuple[Listed, Ticket]:
    opened = Ticket("EX-10001", "technical", "support@example.com", "x", CAROL, since, owner=ALICE)
    return listed(owner=ALICE, status=status), Change(opened, since, "").set_status(status).ticket


@pytest.mark.parametrize(
    ("status", "ago", "told"),
    [
        (Status.SOLVED, timedelta(hours=49), {"due": ["EX-10001"]}),  # late, and still to come
        (Status.SOLVED, timedelta(hours=34, seconds=-1), {"due": ["EX-10001"]}),  # closes at 23:00 in Berlin
        (Status.SOLVED, timedelta(hours=33), {"closing": ["EX-10001"]}),  # at midnight: tomorrow
        (Status.SOLVED, timedelta(hours=1), {"closing": []}),
        (Status.PENDING, timedelta(days=5), {}),
    ],
)
def test_what_time_does_today_and_tomorrow_counts_by_the_agents_day(
    status: Status, ago: timedelta, told: dict[str, list[str]]
) -> None:
    entry = resting(status, START - ago)
    found = {name: refs for name, refs in sections(morning(mine=(entry[0],), ahead=(entry,))).items() if name in told}
    for name, references in told.items():
        assert found.get(name, []) == references


def test_a_section_is_bounded() -> None:
    [letter] = digest(morning(unassigned=tuple(listed(number) for number in range(MOST + 5))), CONFIG)
    [section] = letter.letter.context["sections"]  # type: ignore[attr-defined]
    assert (len(section["lines"]), section["more"]) == (MOST, 5)


def test_who_is_away_and_who_has_nothing_to_do_get_none() -> None:
    assert digest(morning(), CONFIG) == ()
    assert digest(replace(morning(unassigned=(listed(),)), agent=replace(ALICE, present=False)), CONFIG) == ()


def test_it_looks_ahead_to_the_end_of_tomorrow_there() -> None:
    assert looks_ahead(ALICE, START, CONFIG) == datetime.fromisoformat("2026-03-03T23:00:00Z")


def test_it_comes_from_a_queue_of_the_readers_else_from_the_default_one() -> None:
    [letter] = digest(morning(unassigned=(listed(),)), CONFIG)
    assert (letter.letter.queue, letter.letter.sender, letter.letter.about) == ("technical", "support@example.com", "")
    nowhere = replace(ALICE, queues=(), manager=True)
    [letter] = digest(replace(morning(mine=(listed(owner=nowhere, waits=START),)), agent=nowhere), CONFIG)
    assert letter.letter.queue == "technical"
