"""One reading for everything that a report counts or measures: what, when, of which ticket, how long, kept or not.

Called by reports/figures, which groups them. Lengths are in the time that was promised by: the plan's or the queue's
hours, without what the ticket rested; promises are those of the severity that the ticket has come to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from maildesk.config import Config
from maildesk.config.values import Span
from maildesk.policy import targets
from maildesk.policy.targets import Clock, agreed, calendar_of
from maildesk.store.figures import Case, Turn
from maildesk.words.frozen import frozen

OPENED, CLOSED, FIRST, NEXT = "opened", "closed", "first_reply", "next_reply"
UPDATED, MISSED, ASKED, MARKED = "updated", "missed_update", "asked", "marked"
UNANSWERED = {"first_response": "no_first_reply", "next_response": "no_next_reply"}  # promises that ran out so


@frozen
class Reading:
    what: str
    at: datetime
    case: Case
    agent: str  # whose it is; "" = nobody's
    length: timedelta = timedelta(0)
    kept: bool | None = None  # None: nothing was promised


def readings(case: Case, config: Config) -> Iterator[Reading]:
    """All of a ticket's, whenever they were."""
    if not case.imported:
        yield Reading(OPENED, case.opened, case, case.owner)
    for turn in case.turns[case.imported :]:
        yield _reply(case, turn, config)
    yield from _updates(case, config)
    last = max((turn.answered for turn in case.turns), default=case.opened)
    yield from (
        Reading(UNANSWERED[promise], at, case, case.owner, kept=False)
        for at, promise in case.missed
        if promise in UNANSWERED and at > last
    )
    moments: list[tuple[str, datetime | None]] = [(MISSED, at) for at, promise in case.missed if promise == "update"]
    moments += [(CLOSED, case.closed), (ASKED, case.surveyed), (MARKED, case.marked)]
    yield from (Reading(what, at, case, case.owner) for what, at in moments if at)


def _reply(case: Case, turn: Turn, config: Config) -> Reading:
    promise = targets.FIRST if turn.first else targets.NEXT
    clock, span = _clock(case, turn.answered, config), _promised(case, promise, config)
    since = case.opened if turn.first else turn.asked
    due = clock.due(since, span) if span else None
    missed = (due, promise) in case.missed  # an answer at that very moment came after it: time was run ahead
    kept = (turn.answered < due if missed else turn.answered <= due) if due else None
    length = clock.run(since, turn.answered)
    return Reading(FIRST if turn.first else NEXT, turn.answered, case, turn.agent, length, kept)


def _updates(case: Case, config: Config) -> Iterator[Reading]:
    """Answers that were due as news, and in time. What is said while no clock runs is none of them."""
    span = _promised(case, targets.UPDATE, config)
    for (since, _), (at, agent) in pairwise(case.told):
        due = _clock(case, at, config).due(since, span) if span else None
        if due and at <= due and not any(began < at <= ended for began, ended in case.rests):
            yield Reading(UPDATED, at, case, agent, kept=True)


def _promised(case: Case, promise: str, config: Config) -> Span | None:
    plan = config.plan.get(case.plan)
    return agreed(plan, case.queue)[promise].get(int(case.severity)) if plan else None


def _clock(case: Case, until: datetime, config: Config) -> Clock:
    """As it ran up to a moment; what goes on resting has rested until then."""
    rests = tuple((began, min(ended, until)) for began, ended in case.rests if began < until)
    return Clock(config, calendar_of(config, case.plan, case.queue, int(case.severity)), rests)
