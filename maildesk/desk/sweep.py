"""One look for what time has made due: tickets in the order of their moments, parked mails past their day.

The clock calls `Sweeper.sweep` with the present, `due --run` with any moment. Each thing is done as of the moment
it was due, one at a time, in jobs small enough that new mail is answered meanwhile. A ticket that fails is put off
and told of, and stops no other.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from maildesk.desk.desk import Desk, Settings
from maildesk.policy import timers
from maildesk.store import due, held
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.words import Outcome, Receipt, Ruling

MOST_STEPS = 64  # of one job
LONGEST_JOB = 0.2  # seconds
PUT_OFF = timedelta(hours=1)  # for a ticket whose time fails
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Swept:
    tickets: int  # things done
    held: int  # parked mails dropped or run


class Waits(Protocol):
    def __call__(self, future: Future[T], /) -> T:
        """Its result, or its error; `Later` when there is no more time for it."""


def patiently(future: Future[T]) -> T:
    return future.result()


class Sweeper:
    def __init__(self, desk: Desk, wait: Waits = patiently) -> None:
        self.desk = desk
        self.wait = wait

    def sweep(self, until: datetime) -> Swept:
        """Do everything due up to `until`; returns when it is committed. `Later` when the store is out of reach."""
        done = 0
        while steps := self._some(until):
            done += steps
        parked = self._parked(until)
        if done or parked:
            self.desk.journal.swept(tickets=done, held=parked)
        return Swept(done, parked)

    def _some(self, until: datetime) -> int:
        batch = Batch(self.desk.settings, until, self.desk.clock())

        def put_off(store: Store, error: Exception) -> int:
            self.desk.journal.tick_failed(job=f"sweep {batch.reference}", error=error)
            due.put_off(store, batch.reference, until + PUT_OFF)
            return 1

        return self.wait(self.desk.ledger.submit(batch.run, put_off))

    def _parked(self, until: datetime) -> int:
        dropped = 0
        while some := self.wait(self.desk.ledger.submit(lambda store: held.drop_overdue(store, until), quiet=True)):
            dropped += len(some)
        released = self.wait(self.desk.ledger.submit(held.released, quiet=True))
        running: list[Future[Receipt]] = [self.desk.release(mail_id) for mail_id in released]
        for each in running:
            self.wait(each)
        return dropped + len(released)


class Batch:
    """The steps of one job; `reference` is the ticket in hand, should it fail."""

    def __init__(self, settings: Settings, until: datetime, wall: datetime) -> None:
        self.settings = settings
        self.until = until
        self.wall = wall  # the present: the brake counts by it, and letters go by it
        self.reference = ""

    def run(self, store: Store) -> int:
        began = time.monotonic()
        for steps in range(MOST_STEPS):
            if time.monotonic() - began > LONGEST_JOB or not self._step(store):
                return steps
        return MOST_STEPS

    def _step(self, store: Store) -> bool:
        self.reference = due.first(store, self.until)
        if not self.reference:
            return False
        config = self.settings.config
        facts = due.elapsed(store, self.reference, config, self.wall)
        decisions = timers.elapse(facts, config)
        if not decisions:  # the configuration has changed since this moment was set
            due.put_off(store, self.reference, timers.next_check(facts.ticket, config))
            return True
        ruling = Ruling(Outcome.MESSAGE, "time", ("time",), decisions, facts.ticket.reference)
        apply_moment(store, ruling, facts.ticket, facts.now, self.settings.letters, wall=self.wall)
        return True
