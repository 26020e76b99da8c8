"""What waits for the ledger: jobs, each with a future, in a queue bounded in number and in octets.

Threads put, the ledger alone takes, everything that fits one batch at a time. A full queue refuses; it never
makes a caller wait. What is patient goes by itself and lets others go first, each time one batch of them: a mail
waits for one such job at most, and under any load they come to their turn.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from maildesk.store.database import Store

T = TypeVar("T")

BATCH_JOBS = 64
BATCH_OCTETS = 8 * 1024 * 1024
WAITING_OCTETS = 64 * 1024 * 1024  # a job larger than that still fits into an empty queue


@dataclass(slots=True)
class Job(Generic[T]):
    run: Callable[[Store], T]
    rescue: Callable[[Store, Exception], T] | None = None
    size: int = 0  # octets that the job holds in memory
    quiet: bool = False  # its commit is nobody else's business
    single: bool = False  # what it goes over comes but once
    patient: bool = False  # nobody outside waits for it
    future: Future[T] = field(default_factory=Future)


class JobQueue:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.open = True
        self._jobs: deque[Job[Any]] = deque()
        self._patient: deque[Job[Any]] = deque()
        self._turn = False  # of a patient one, since others have gone first
        self._octets = 0
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._jobs) + len(self._patient)

    def put(self, job: Job[Any]) -> bool:
        """False when there is no room, or no longer."""
        with self._changed:
            crowded = self._jobs and self._octets + job.size > WAITING_OCTETS
            if not self.open or crowded or len(self) >= self.capacity:
                return False
            (self._patient if job.patient else self._jobs).append(job)
            self._octets += job.size
            self._changed.notify()
            return True

    def take(self) -> list[Job[Any]]:
        """Wait for one job, then all that is there up to a batch; nothing once closed and empty."""
        with self._changed:
            while self.open and not len(self):
                self._changed.wait()
            if self._patient and (self._turn or not self._jobs):
                self._turn = False
                return self._pop(self._patient, 1, BATCH_OCTETS)
            self._turn = True
            return self._pop(self._jobs, BATCH_JOBS, BATCH_OCTETS)

    def take_all(self) -> list[Job[Any]]:
        with self._changed:
            waiting = [*self._jobs, *self._patient]
            self._jobs.clear()
            self._patient.clear()
            self._octets = 0
            return waiting

    def close(self) -> None:
        """No more jobs; those that wait are still taken."""
        with self._changed:
            self.open = False
            self._changed.notify_all()

    def _pop(self, jobs: deque[Job[Any]], number: int, octets: int) -> list[Job[Any]]:
        taken: list[Job[Any]] = []
        while jobs and len(taken) < number and octets > 0:
            job = jobs.popleft()
            self._octets -= job.size
            octets -= job.size
            taken.append(job)
        return taken
