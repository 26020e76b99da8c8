"""The ticker: calls jobs every so many seconds, in the main thread.

Used by the daemon. It only ticks: what is due is known by the store. A job that raises is told and the others
run; a clock that jumps, or a local time that goes back an hour, delays nothing for longer than one interval.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

import schedule

from maildesk.journal import Journal

TICK = 0.2  # seconds between two looks


class Job(NamedTuple):
    seconds: float
    name: str
    call: Callable[[], object]


class Ticker:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._scheduler = schedule.Scheduler()
        self._jobs: list[Job] = []

    def every(self, seconds: float, name: str, call: Callable[[], object]) -> None:
        """`call` runs first after `seconds`, then again that long after each run."""
        self._jobs.append(Job(seconds, name, call))
        self._plan(self._jobs[-1])

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(TICK):
            self._replan_after_a_jump()
            self._scheduler.run_pending()

    def _plan(self, job: Job) -> None:
        every = self._scheduler.every(job.seconds)  # type: ignore[arg-type]  # parts of a second work as well
        every.seconds.do(self._guarded, job)

    def _guarded(self, job: Job) -> None:
        try:
            job.call()
        except Exception as error:  # the clock's tick: one job's fault must not stop the others
            self._journal.tick_failed(job=job.name, error=error)

    def _replan_after_a_jump(self) -> None:
        """schedule goes by naive local time: where that went back, its next runs lie too far ahead."""
        idle = self._scheduler.idle_seconds
        if idle is not None and idle > min(job.seconds for job in self._jobs) + 1:
            self._scheduler.clear()
            for job in self._jobs:
                self._plan(job)
