"""What waits for the ledger: jobs, each with a future, in a queue bounded in number and in octets.

Threads put, the ledger alone takes, everything that fits one batch at a time. A full queue refuses; it never
makes a caller wait.
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
    future: Future[T] = field(default_factory=Future)


class JobQueue:
    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.open = True
        self._jobs: deque[Job[Any]] = deque()
        self._octets = 0
        self._changed = threading.Condition()

    def __len__(self) -> int:
        return len(self._jobs)

    def put(self, job: Job[Any]) -> bool:
        """False when there is no room, or no longer."""
        with self._changed:
            crowded = self._jobs and self._octets + job.size > WAITING_OCTETS
            if not self.open or crowded or len(self._jobs) >= self.capacity:
                return False
            self._jobs.append(job)
            self._octets += job.size
            self._changed.notify()
            return True

    def take(self) -> list[Job[Any]]:
        """Wait for one job, then all that is there up to a batch; nothing once closed and empty."""
        with self._changed:
            while self.open and not self._jobs:
                self._changed.wait()
            return self._pop(BATCH_JOBS, BATCH_OCTETS)

    def take_all(self) -> list[Job[Any]]:
        with self._changed:
            return self._pop(len(self._jobs), self._octets + 1)

    def close(self) -> None:
        """No more jobs; those that wait are still taken."""
        with self._changed:
            self.open = False
            self._changed.notify_all()

    def _pop(self, number: int, octets: int) -> list[Job[Any]]:
        taken: list[Job[Any]] = []
        while self._jobs and len(taken) < number and octets > 0:
            job = self._jobs.popleft()
            self._octets -= job.size
            octets -= job.size
            taken.append(job)
        return taken
