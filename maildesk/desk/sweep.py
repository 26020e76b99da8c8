"""One look for what time has made due: tickets and chores in the order of their moments, parked mails past their day.

The clock calls `Sweeper.sweep` with the present, `due --run` with any moment. Each thing is done as of the moment
it was due, one at a time, in jobs small enough that new mail is answered meanwhile. A ticket or chore that fails is
put off and told of, and stops no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from maildesk.config import Config
from maildesk.desk import dropping
from maildesk.desk.chores import Occasion, does
from maildesk.desk.desk import Desk, Settings
from maildesk.desk.replanning import Replanner
from maildesk.desk.weekly import Week
from maildesk.policy import timers
from maildesk.policy.chores import Roster, caught_up, wanted
from maildesk.store import chores as planned
from maildesk.store import due, held, planning
from maildesk.store.apply import apply_moment
from maildesk.store.chores import Planned
from maildesk.store.database import Store
from maildesk.words import Outcome, Receipt, Ruling
from maildesk.words.frozen import frozen

MOST_STEPS = 64  # of one job
LONGEST_JOB = 0.05  # seconds, of which a new mail waits for one at most
MOST_PLANNED = 256  # chores of one job
PUT_OFF = timedelta(hours=1)  # for what fails
PLAN_EVERY = timedelta(minutes=1)  # agents come and go
T = TypeVar("T")


@frozen
class Swept:
    tickets: int  # things done, chores among them
    held: int  # parked mails dropped or run


@frozen
class Plan:
    """For what chores were planned last, when, and for whom; None: it failed."""

    settings: Settings
    at: datetime
    roster: Roster | None


class Waits(Protocol):
    def __call__(self, future: Future[T], /) -> T:
        """Its result, or its error; `Later` when there is no more time for it."""


def patiently(future: Future[T]) -> T:
    return future.result()


class Sweeper:
    def __init__(self, desk: Desk, wait: Waits = patiently) -> None:
        self.desk = desk
        self.wait = wait
        self._planned: Plan | None = None
        self.replanner = Replanner(desk, wait)

    def sweep(self, until: datetime) -> Swept:
        """Do everything due up to `until`; returns when it is committed. `Later` when the store is out of reach."""
        self._plan()
        self.replanner.go_on()
        if not self._anything(until):
            return Swept(0, 0)
        done = self._due(until)
        parked = self._parked(until)
        if done or parked:
            self.desk.journal.swept(tickets=done, held=parked)
        return Swept(done, parked)

    def _due(self, until: datetime) -> int:
        """How many things were done."""
        done, week = 0, None
        while True:
            batch = Batch(self.desk.settings, until, self.desk.clock(), week)
            steps = self._some(batch)
            done += steps
            if not steps and batch.wants is None:
                return done
            week = self._read(batch.wants, until) if batch.wants else week

    def _read(self, report: Planned, until: datetime) -> Week | None:
        """The week that a report is about; None: it cannot be read, and the report is put off."""
        week = Week(report.due, self.desk.settings.config)

        def put_off(store: Store, error: BaseException) -> None:
            self.desk.journal.tick_failed(job=f"sweep {report.chore.name}", error=error)
            planned.put_off(store, report.chore.name, until + PUT_OFF)

        with ThreadPoolExecutor(1) as aside:  # neither does the ledger wait for what is reckoned, nor the sweep fail
            while week.unread:
                part = self.wait(self.desk.ledger.submit(week.part, put_off, quiet=True, patient=True))
                if part is None:
                    return None
                if error := aside.submit(week.add, part).exception():
                    self.wait(self.desk.ledger.submit(partial(put_off, error=error), quiet=True))
                    return None
        return week

    def _plan(self) -> None:
        settings, now = self.desk.settings, self.desk.clock()
        last = self._planned if self._planned and self._planned.settings is settings else None
        if last and abs(now - last.at) < PLAN_EVERY:
            return
        config, known = settings.config, last.roster if last else None
        looked = self._planning(lambda store: planning.look(store, config, now, known))
        self._planned = Plan(settings, now, looked.there if looked and self._settled(looked, config, now) else None)

    def _settled(self, looked: planning.Looked, config: Config, now: datetime) -> bool:
        def settle(some: Sequence[planning.Doubt]) -> Callable[[Store], bool]:
            return lambda store: planning.settle(store, some, looked.there, config, now)

        parts = range(0, len(looked.doubts), MOST_PLANNED)
        return all(self._planning(settle(looked.doubts[at : at + MOST_PLANNED])) for at in parts)

    def _planning(self, job: Callable[[Store], T]) -> T | None:
        """None: it failed."""

        def give_up(_store: Store, error: Exception) -> None:
            self.desk.journal.tick_failed(job="plan chores", error=error)

        return self.wait(self.desk.ledger.submit(job, give_up, quiet=True, patient=True))

    def _anything(self, until: datetime) -> bool:
        """An idle desk is asked this and no more: one statement, which wakes nobody."""
        return self.wait(self.desk.ledger.submit(lambda store: due.anything(store, until), quiet=True, patient=True))

    def _some(self, batch: Batch) -> int:
        def put_off(store: Store, error: Exception) -> int:
            self.desk.journal.tick_failed(job=f"sweep {batch.in_hand}", error=error)
            put = planned.put_off if batch.chore else due.put_off
            put(store, batch.in_hand, batch.until + PUT_OFF)
            return 1

        return self.wait(self.desk.ledger.submit(batch.run, put_off, patient=True))

    def _parked(self, until: datetime) -> int:
        def drop(store: Store) -> list[int]:
            return held.drop_overdue(store, until)

        dropped = 0
        while some := self.wait(self.desk.ledger.submit(drop, quiet=True, patient=True)):
            dropped += len(some)
        if dropped >= dropping.MANY:
            settings, now = self.desk.settings, self.desk.clock()
            self.wait(self.desk.ledger.submit(lambda store: dropping.tell(store, settings, dropped, now)))
        released = self.wait(self.desk.ledger.submit(held.released, quiet=True))
        running: list[Future[Receipt]] = [self.desk.release(mail_id) for mail_id in released]
        for each in running:
            self.wait(each)
        return dropped + len(released)


class Batch:
    """The steps of one job; `in_hand` is the ticket, or the `chore`, that it is at, should that fail."""

    def __init__(self, settings: Settings, until: datetime, wall: datetime, week: Week | None = None) -> None:
        self.settings = settings
        self.until = until
        self.wall = wall  # the present: the brake counts by it, and letters go by it
        self.week = week
        self.wants: Planned | None = None  # the report that is due and whose week has not been read
        self.in_hand = ""
        self.chore = False

    def run(self, store: Store) -> int:
        began, self.wants = time.monotonic(), None
        for steps in range(MOST_STEPS):
            if time.monotonic() - began > LONGEST_JOB or not self._step(store):
                return steps
        return MOST_STEPS

    def _step(self, store: Store) -> bool:
        """What was due first; of equals the ticket, so that a letter in the morning knows what the morning brought."""
        task = planned.first(store, self.until)
        reference = due.first(store, self.until if task is None else min(self.until, task.due))
        self.chore = not reference
        if reference:
            self.in_hand = reference
            self._elapse(store, reference)
        elif task is not None:
            self.in_hand = task.chore.name
            return self._do(store, task)
        return bool(reference)

    def _elapse(self, store: Store, reference: str) -> None:
        config = self.settings.config
        facts = due.elapsed(store, reference, config, self.wall)
        decisions = timers.elapse(facts, config)
        if not decisions:  # the configuration has changed since this moment was set
            due.put_off(store, reference, timers.next_check(facts.ticket, config))
            return
        ruling = Ruling(Outcome.MESSAGE, "time", ("time",), decisions, facts.ticket.reference)
        apply_moment(store, ruling, facts.ticket, facts.now, self.settings.letters, wall=self.wall)

    def _do(self, store: Store, task: Planned) -> bool:
        """False: it is a report, and its week is to be read first."""
        config, chore = self.settings.config, task.chore
        roster = planned.roster_for(store, chore, max(task.due, self.wall))
        if not wanted(chore, roster, config):
            planned.drop(store, chore)
            return True
        at = caught_up(chore, task.due, self.wall, roster, config)
        figures = self.week.figures if self.week and self.week.until == at else None
        if chore.what == "report" and figures is None:
            self.wants = replace(task, due=at)
            return False
        occasion = Occasion(store, config, roster, chore.key, task.told, at, max(at, self.wall), figures)
        decisions = does(chore, occasion)
        ruling = Ruling(Outcome.MESSAGE, "time", (chore.what,), decisions or ())
        apply_moment(store, ruling, None, at, self.settings.letters, wall=self.wall)
        planned.finish(store, task, at, roster, config, told=decisions is not None)
        return True
