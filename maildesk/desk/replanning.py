"""Tickets at rest, planned anew after a changed configuration: a few at a time, so that mail is answered meanwhile.

Called by the sweep. It begins with a desk's start and with each reload, and goes on from sweep to sweep until all
tickets that are not closed have been looked at; one that fails is told of and left as it is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

from maildesk.desk.desk import Desk, Settings
from maildesk.policy.replanning import mark, replanned
from maildesk.store import due, people, replanning, tickets
from maildesk.store.ahead import set_right
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.store.moments import moment
from maildesk.store.replanning import Resting
from maildesk.words import Decision, Outcome, Ruling, Schedule

MOST = 64  # tickets of one job
LONGEST_JOB = 0.05  # seconds, of which a new mail waits for one at most
LONGEST = 1.0  # seconds of one sweep: what is due has its turn, too
LOOK_EVERY = timedelta(minutes=1)  # the directory may have changed a plan


class Replanner:
    def __init__(self, desk: Desk, wait: Callable[[Future[Any]], Any]) -> None:
        self.desk = desk
        self.wait = wait
        self._looked: tuple[Settings, datetime] | None = None  # when, and with which settings it last began
        self._left = False
        self._failed: set[int] = set()
        self._done = Counter[str]()

    def go_on(self) -> None:
        settings, now = self.desk.settings, self.desk.clock()
        self._look(settings, now)
        began = time.monotonic()
        while self._left and time.monotonic() - began < LONGEST:
            self._left = self._some(settings, now)
        if self._done and not self._left:
            self.desk.journal.replanned(tickets=self._done["tickets"], overdue=self._done["overdue"])
            self._done.clear()

    def finish(self) -> None:
        """All of it at once: nobody waits for mail meanwhile."""
        self.go_on()
        while self._left:
            self.go_on()

    def _look(self, settings: Settings, now: datetime) -> None:
        last = self._looked if self._looked and self._looked[0] is settings else None
        if last and abs(now - last[1]) < LOOK_EVERY:
            return
        goes_by = mark(settings.config)

        def look(store: Store) -> bool:
            if last is None:
                replanning.begin(store, goes_by)
            righted = set_right(store, settings.config, now)
            if righted.any or (last and now < last[1]):  # what failed meanwhile was put off by the wrong clock
                replanning.again(store)
            if righted.any:
                self.desk.journal.set_right(letters=righted.letters, pauses=righted.pauses, chores=righted.chores)
            return replanning.left(store, goes_by)

        def give_up(_store: Store, error: Exception) -> bool:
            self.desk.journal.tick_failed(job="replan", error=error)
            return False

        self._left = self.wait(self.desk.ledger.submit(look, give_up, quiet=True, patient=True))
        self._looked = settings, now

    def _some(self, settings: Settings, now: datetime) -> bool:
        stretch = Stretch(settings, now, self._failed)

        def pass_over(_store: Store, error: Exception) -> bool:
            """Those before it are undone with it, and come again."""
            self.desk.journal.tick_failed(job=f"replan {stretch.in_hand}", error=error)
            known, stretch.done = len(self._failed), Counter()
            self._failed.add(stretch.last or 0)
            return len(self._failed) > known

        left = bool(self.wait(self.desk.ledger.submit(stretch.run, pass_over, quiet=True, patient=True)))
        self._done.update(stretch.done)
        return left


class Stretch:
    """The tickets of one job; `in_hand` is the one it is at, should that fail."""

    def __init__(self, settings: Settings, now: datetime, failed: Collection[int]) -> None:
        self.settings = settings
        self.now = now
        self.failed = failed
        self.mark = mark(settings.config)
        self.in_hand = ""
        self.last: int | None = None
        self.done = Counter[str]()  # tickets; of them those with a promise that is overdue now

    def run(self, store: Store) -> bool:
        """Whether there may be more."""
        found = replanning.some(store, self.mark, self.now, MOST)
        if found is None:
            return False
        began = time.monotonic()
        for each in found:
            self.in_hand, self.last = each.reference, each.id
            if each.id not in self.failed:
                self._replan(store, each)
            if time.monotonic() - began > LONGEST_JOB:
                break
        replanning.advance(store, self.mark, self.last)
        return self.last is not None

    def _replan(self, store: Store, resting: Resting) -> None:
        config = self.settings.config
        ticket = tickets.load(store, resting.reference, people.agents(store, self.now))
        if ticket is None:
            return
        self.done["tickets"] += 1
        decisions = replanned(ticket, self.now, config)
        if len(decisions) == 1:  # only its next moment: as a rule the same
            _schedule(store, resting, decisions[0])
            return
        self.done["overdue"] += 1
        ruling = Ruling(Outcome.MESSAGE, "time", ("time",), decisions, ticket.reference)
        apply_moment(store, ruling, ticket, self.now, self.settings.letters)


def _schedule(store: Store, resting: Resting, decision: Decision) -> None:
    known = None if resting.next_check is None else moment(resting.next_check)
    if isinstance(decision, Schedule) and decision.at != known:
        due.put_off(store, resting.reference, decision.at)
