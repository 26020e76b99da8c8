"""The provers: processes that look at signatures and ask the DNS, for the desk that waits for neither.

Made with the desk; nothing is started before `[gate] verify_dkim` asks for it. A mail waits WITHIN at most, in the
line too: then, and when its prover dies of it, it goes its way unproved. It is never refused and never lost here.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from maildesk.desk.child import Child, ChildGone
from maildesk.desk.frames import framed
from maildesk.desk.proof import Checked, Question
from maildesk.words import Later

COUNT = 4
WITHIN = 5.0  # seconds for the questions of one mail to the DNS
CPU = 5.0  # seconds
PATIENCE = 20.0  # of the wall clock: for the start, and for one mail
MEMORY = 512 * 1024 * 1024
LATE = Checked(told="not checked: too many wait")


class Tells(Protocol):
    def prover_replaced(self, *, reason: str) -> None: ...


class Provers:
    def __init__(self, journal: Tells, servers: Sequence[tuple[str, int]] = (), count: int = COUNT) -> None:
        """`servers` are HOST and PORT of name servers; none: those of this machine."""
        self._journal, self._servers = journal, list(servers)
        self._pool = ThreadPoolExecutor(count, "prover")
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._stopping = False

    def check(self, packed: bytes, question: Question) -> Future[Checked]:
        """What was found; `Later` only when the desk stops."""
        try:
            return self._pool.submit(self._checked, packed, question, time.monotonic() + WITHIN)
        except RuntimeError:  # the pool is shut
            refused: Future[Checked] = Future()
            refused.set_exception(Later("Shutting down"))
            return refused

    def stop(self) -> None:
        """What is in hand is cut short: its sender keeps the mail."""
        with self._lock:
            self._stopping = True
            idle, self._idle = self._idle, []
            for child in self._busy:
                child.kill()
        self._pool.shutdown()
        for child in idle:
            child.end()

    def _checked(self, packed: bytes, question: Question, until: float) -> Checked:
        left = until - time.monotonic()
        if left <= 0:
            return LATE
        try:
            child = self._taken()
        except (ChildGone, OSError) as error:
            return self._gone(error)
        try:
            checked = _asked(child, packed, question, left)
        except (ChildGone, ValueError, TypeError, RecursionError) as error:
            self._drop(child)
            return self._gone(error)
        self._put_back(child)
        return checked

    def _gone(self, error: Exception) -> Checked:
        if self._stopping:
            raise Later("Shutting down")
        self._journal.prover_replaced(reason=str(error))
        return Checked(told="not checked: the check was cut short")

    def _taken(self) -> Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
            if child is None:
                child = Child("maildesk.desk.prover", "proving", MEMORY, CPU, PATIENCE)
            self._busy.add(child)
        if not child.greeted:
            try:
                child.greet()
                child.send(json.dumps(self._servers).encode())
            except ChildGone:
                self._drop(child)
                raise
        return child

    def _put_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if not self._stopping:
                self._idle.append(child)
                return
        child.end()

    def _drop(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
        child.end()


def _asked(child: Child, packed: bytes, question: Question, seconds: float) -> Checked:
    told = [question.writer, question.sender, question.peer, question.ours, question.timely, seconds]
    child.send(framed(json.dumps(told).encode()), packed)
    dmarc, proves, results = json.loads(child.frame())
    return Checked(str(dmarc), proves is True, str(results))
