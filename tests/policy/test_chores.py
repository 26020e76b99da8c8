"""Which chores there are, when each is due next, and which of several missed moments counts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from maildesk.config import Config, parse
from maildesk.policy.chores import KINDS, Chore, Roster, caught_up, chores, following
from maildesk.policy.handover import shifts
from maildesk.words import Agent
from tests.builders import configuration

CALENDARS = """
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
[calendar.tokyo]
time_zone = "Asia/Tokyo"
hours = { mon-fri = "09:00-18:00" }
"""


def config(more: str = "") -> Config:
    return parse(configuration(CALENDARS + more), Path("/"))


def agent(ident: int, calendar: str = "", queues: tuple[str, ...] = ("technical",), **fields: object) -> Agent:
    return Agent(ident, f"Agent {ident}", (f"a{ident}@example.com",), queues=queues, calendar=calendar, **fields)  # type: ignore[arg-type]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


STAFF = (agent(1, "berlin"), agent(2, "tokyo"), agent(3), agent(4, "gone"), agent(5, "always", present=False))


def test_each_agent_with_a_calendar_has_a_digest_also_while_he_is_away() -> None:
    names = [each.name for each in chores(Roster(STAFF), config())]
    assert names == ["digest:1", "digest:2", "digest:5"]
    assert chores(Roster(STAFF), config("[digest]\non = false\n")) == ()


def test_a_handover_is_of_calendars_that_differ_within_a_queue() -> None:
    on = config("[handover]\non = true\n[digest]\non = false\n")
    assert [each.name for each in chores(Roster(STAFF[:4]), on)] == ["handover:berlin", "handover:tokyo"]
    apart = (agent(1, "berlin"), agent(2, "tokyo", ("sales",)))
    assert shifts(apart, on) == ()
    assert shifts((agent(1, "berlin"), agent(2, "berlin")), on) == ()


def test_the_name_of_a_chore_is_its_kind_and_its_key() -> None:
    assert Chore("digest", "7").name == "digest:7"
    assert len({kind.what for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("chore", "after", "due"),
    [
        (Chore("digest", "1"), "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z"),
        (Chore("digest", "1"), "2026-03-06T08:00:00Z", "2026-03-09T08:00:00Z"),
        (Chore("digest", "2"), "2026-03-02T12:00:00Z", "2026-03-03T00:00:00Z"),
        (Chore("digest", "9"), "2026-03-02T12:00:00Z", None),  # who has left
        (Chore("handover", "berlin"), "2026-03-02T08:00:00Z", "2026-03-02T16:00:00Z"),
        (Chore("handover", "berlin"), "2026-03-06T16:00:00Z", "2026-03-09T16:00:00Z"),
    ],
)
def test_a_chore_is_due_after_it_was_done(chore: Chore, after: str, due: str | None) -> None:
    assert following(chore, at(after), Roster(STAFF), config()) == (at(due) if due else None)


@pytest.mark.parametrize(
    ("wall", "counts"),
    [
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z"),
        ("2026-03-03T07:59:59Z", "2026-03-02T08:00:00Z"),
        ("2026-03-03T08:00:00Z", "2026-03-03T08:00:00Z"),
        ("2026-03-08T12:00:00Z", "2026-03-06T08:00:00Z"),
        ("2027-03-01T12:00:00Z", "2027-03-01T08:00:00Z"),
        ("2026-02-01T12:00:00Z", "2026-03-02T08:00:00Z"),  # run ahead of the clock
    ],
)
def test_of_several_missed_mornings_the_last_one_counts(wall: str, counts: str) -> None:
    chore = Chore("digest", "1")
    assert caught_up(chore, at("2026-03-02T08:00:00Z"), at(wall), Roster(STAFF), config()) == at(counts)
