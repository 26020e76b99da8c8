"""Every figure of the report, counted again from what `ticket show` tells, over histories by chance."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from maildesk.reports.gathered import gathered
from tests.builders import ALICE, ANTON, BOB, CAROL, START, mail
from tests.desk.world import Sent, World

DESK = """
[calendar.office]
hours = { mon-fri = "08:00-12:00 13:00-17:00" }
closed = [2026-03-05]
[closing]
reopen_for = "2d"
[survey]
at_most_every = "0s"
"""
PLAN = """2
calendar = "office"
first_response = { 1 = "1bh", 2 = "2bh", 3 = "4bh" }
next_response = { 1 = "1bh", 3 = "3bh" }
update_every = { 2 = "4bh", 3 = "8bh" }
"""
FIRST = {1: 60, 2: 120, 3: 240}
NEXT = {1: 60, 3: 180}
UPDATE = {2: 240, 3: 480}
MINUTE = timedelta(minutes=1)
SINCE, UNTIL = START + timedelta(days=2, minutes=7), START + timedelta(days=11)
STEPS = 120
AGENTS = {"alice@example.com": "Alice Agent", "anton@example.com": "Anton Agent"}
RUNNING = ("new", "open")
ANSWERS = (
    "Which version?",
    "Here.",
    "Look there.",
    "Done so.",
    "Mended.",
    "#solved\nDone.",
    "#pending\nWhich?",
    "#closed\nBye.",
)
ORDERS = ("#pending", "#open", "#note\nHm.", "#severity 1", "#severity 2", "#severity 4", "#spam", "#solved", "#merge")
WORDS = (*ANSWERS, *ANSWERS, *ORDERS)


class History:
    """What people do, by chance."""

    def __init__(self, desk: World, seed: int) -> None:
        self.desk, self.chance = desk, random.Random(seed)
        self.letters: dict[str, list[Sent]] = {}  # of each ticket, those that its agents can answer

    def lives(self) -> None:
        for _ in range(STEPS):
            self.desk.time_passes(minutes=self.chance.choice((1, 20, 60, 120, 500)))
            for survey in self.desk.sent("survey"):
                if self.chance.random() < 0.6:
                    self.desk.replies(CAROL, survey, self.chance.choice("12345"))
            self.acts()

    def acts(self) -> None:
        if not self.letters or self.chance.random() < 0.12:
            self.hears(mail(self.chance.choice((CAROL, CAROL, BOB)), subject="A new matter"))
        elif self.chance.random() < 0.4:
            self.hears(mail(CAROL, subject=f"[{self.some()}] and then", text="It still stops.\n\nCarol"))
        else:
            self.answers(self.some())

    def some(self) -> str:
        return self.chance.choice(sorted(self.letters))

    def hears(self, content: bytes) -> None:
        self.desk.receives(content)
        found = self.desk.sent("agent_ticket")
        if found:
            self.letters[str(found[0].message["X-Maildesk-Ticket"])] = found

    def answers(self, reference: str) -> None:
        words = self.chance.choice(WORDS)
        words = f"#merge {self.some()}" if words == "#merge" else words
        sender = self.chance.choice((ALICE, ANTON))
        letter = next(each for each in self.letters[reference] if each.recipient in sender)
        self.desk.replies(sender, letter, words)


class Found(NamedTuple):
    """Something to count, and whose it is."""

    what: str
    at: datetime
    ticket: dict[str, Any]
    agent: str
    minutes: int = 0
    kept: bool | None = None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def counts(ticket: dict[str, Any]) -> bool:
    """Neither spam, unless it was opened again, nor gone into another."""
    spam = False
    for event in ticket["events"]:
        if event["event"] == "spam":
            spam = True
        elif event["event"] == "status" and event["to"] != "closed":
            spam = False
    return not spam and not any(event["event"] == "merged" for event in ticket["events"])


def found_in(ticket: dict[str, Any]) -> Iterator[Found]:
    owner = AGENTS.get(ticket["owner"] or "", "")
    yield Found("opened", moment(ticket["opened"]), ticket, owner)
    if ticket["closed"]:
        yield Found("closed", moment(ticket["closed"]), ticket, owner)
    replies = list(said(ticket))
    yield from (each for each in replies if each.what)
    for before, after in pairwise(replies):
        if on_time(ticket, before.at, after.at, UPDATE.get(ticket["severity"])) and status(ticket, after.at) in RUNNING:
            yield Found("news", after.at, ticket, after.agent)
    for event in ticket["events"]:
        if event["event"] == "missed":
            late = not replies or moment(event["at"]) >= replies[-1].at
            if late or event["detail"] == "update":
                yield Found(f"missed {event['detail']}", moment(event["at"]), ticket, owner)
    if ticket["survey"]:
        yield Found("sent", moment(ticket["survey"]["sent"]), ticket, owner)
    if ticket["marks"]:
        yield Found("marked", moment(ticket["marks"][-1]), ticket, owner)


def said(ticket: dict[str, Any]) -> Iterator[Found]:
    """Each answer; one that nobody asked for is no reply."""
    asked, first = None, True
    for message in ticket["messages"]:
        at, agent = moment(message["at"]), AGENTS.get(message["from"], "")
        if message["direction"] != "in" or message["visibility"] != "public":
            continue
        if not agent:
            asked = asked or at
            continue
        since = moment(ticket["opened"]) if first else asked
        yield reply(ticket, first, since, at, agent) if asked and since else Found("", at, ticket, agent)
        asked, first = None, False


def reply(ticket: dict[str, Any], first: bool, since: datetime, at: datetime, agent: str) -> Found:
    promised = (FIRST if first else NEXT).get(ticket["severity"])
    ran = sum(runs(ticket, since + step * MINUTE) for step in range((at - since) // MINUTE))
    return Found("first" if first else "next", at, ticket, agent, ran, on_time(ticket, since, at, promised))


def on_time(ticket: dict[str, Any], since: datetime, at: datetime, promised: int | None) -> bool | None:
    """None: nothing was promised."""
    ran, now = 0, since
    while now < at and promised:
        ran += runs(ticket, now)
        now += MINUTE
        if ran == promised:
            return at <= now
    return True if promised else None


def status(ticket: dict[str, Any], at: datetime) -> str:
    """In the moment before."""
    changes = [event["to"] for event in ticket["events"] if event["event"] == "status" and moment(event["at"]) < at]
    return str(changes[-1]) if changes else "new"


def runs(ticket: dict[str, Any], at: datetime) -> bool:
    """In the hours of the office, while it waits for nobody but the desk."""
    if at.weekday() > 4 or (at.month, at.day) == (3, 5) or at.hour not in (8, 9, 10, 11, 13, 14, 15, 16):
        return False
    status = "new"
    for event in ticket["events"]:
        if event["event"] == "status" and moment(event["at"]) <= at:
            status = event["to"]
    return status in RUNNING


def group(found: list[Found]) -> dict[str, Any]:
    what = Counter(each.what for each in found)
    marks = [each.ticket["survey"]["mark"] for each in found if each.what == "marked"]
    kinds = Counter(each.ticket["first_response_kind"] for each in found if each.what == "first")
    return {
        "opened": what["opened"],
        "closed": what["closed"],
        "first_reply": lengths(found, "first", what["missed first_response"]),
        "next_reply": lengths(found, "next", what["missed next_response"]),
        "first_response_kinds": {kind: kinds[kind] for kind in ("solution", "question", "escalation", "answer")},
        "updates": {
            "promised": what["news"] + what["missed update"],
            "kept": what["news"],
            "share": share(what["news"], what["news"] + what["missed update"]),
        },
        "missed_updates": what["missed update"],
        "satisfaction": {
            "asked": what["sent"],
            "answered": len(marks),
            "mean": round(sum(marks) / len(marks), 2) if marks else None,
            "good": round(sum(mark > 3 for mark in marks) / len(marks), 3) if marks else None,
            "reasons": {},  # nobody gives any here
        },
    }


def lengths(found: list[Found], what: str, overdue: int) -> dict[str, Any]:
    some = sorted(each.minutes for each in found if each.what == what)
    promised = [each.kept for each in found if each.what == what and each.kept is not None]
    of = len(promised) + overdue
    return {
        "count": len(some),
        "median": round(statistics.median(some), 1) if some else None,
        "p90": some[math.ceil(len(some) * 0.9) - 1] if some else None,
        "overdue": overdue,
        "promised": of,
        "kept": sum(promised),
        "share": share(sum(promised), of),
    }


def share(some: int, of: int) -> float | None:
    return round(some / of, 3) if of else None


def recounted(tickets: list[dict[str, Any]]) -> dict[str, Any]:
    here = [ticket for ticket in tickets if counts(ticket) and moment(ticket["opened"]) < UNTIL]
    found = [each for ticket in here for each in found_in(ticket) if SINCE <= each.at < UNTIL]
    still = [each for each in here if not each["closed"] or moment(each["closed"]) >= UNTIL]
    by_agent, by_week = defaultdict(list), defaultdict(list)
    for each in found:
        by_agent[each.agent].append(each)
        year, week, _ = each.at.isocalendar()
        by_week[f"{year}-W{week:02}"].append(each)
    owned = Counter(AGENTS.get(each["owner"] or "", "") for each in still)
    names = sorted(({*by_agent, *owned}) - {""})
    return {
        "total": group(found) | {"open": len(still)},
        "agents": {name: group(by_agent[name]) | {"open": owned[name]} for name in names},
        "weeks": {week: group(by_week[week]) for week in sorted(by_week)},
    }


@pytest.mark.parametrize("seed", [3, 5, 11])
def test_the_figures_are_those_that_are_counted_by_hand(world: Callable[..., World], seed: int) -> None:
    desk = world(DESK, contacts=PLAN)
    history = History(desk, seed)
    history.lives()
    references = [f"EX-{number}" for number in range(10001, 10001 + 2 * STEPS)]
    marks = defaultdict(list)
    for row in desk.rows():
        marks[row["ticket"]] += [row["received"]] if row["outcome"] == "survey" else []
    tickets = [desk.ticket(each) | {"marks": marks[each]} for each in references if each in marks]
    expected = recounted(tickets)
    found = desk.ask(lambda store: gathered(store, SINCE, UNTIL, desk.config))
    for part, figures in expected.items():
        assert found[part] == figures, part
    total = expected["total"]
    assert min(total[each]["count"] for each in ("first_reply", "next_reply")) > 2
    assert found["queues"]["technical"] == found["plans"]["standard"] == total
    assert sum(each["first_reply"]["count"] for each in found["agents"].values()) == total["first_reply"]["count"]
