"""The readers: a few processes that turn octets into `Incoming`, under a memory limit and a deadline.

The desk hands over raw mails and gets futures. A reader that dies or is late is replaced; a mail that ended three of
them, or was late once, comes back as unreadable. Processes are started anew, never forked from the threaded daemon.
"""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from maildesk.desk import frames
from maildesk.desk.child import Child, ChildGone
from maildesk.desk.packing import packed
from maildesk.desk.proof import UNCHECKED, Checked
from maildesk.mime.unread import fingerprint, unreadable
from maildesk.words import Incoming, Later

MEMORY = 256 * 1024 * 1024
TRIES = 3


@dataclass(frozen=True, slots=True)
class Reading:
    mail: Incoming
    packed: bytes  # the raw mail as one zlib stream
    checked: Checked = UNCHECKED  # what a prover found, after the reading


class Tells(Protocol):
    def reader_replaced(self, *, reason: str) -> None: ...


Job = tuple[bytes, "Future[Reading]"]


class Readers:
    """The pool. Each reader is served by a thread of its own, which only waits."""

    def __init__(self, count: int, deadline: float, memory: int = MEMORY, journal: Tells | None = None) -> None:
        self._deadline, self._memory, self._journal = deadline, memory, journal
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = False
        self._busy: dict[str, Child] = {}
        names = [f"reader-{number}" for number in range(1, count + 1)]
        self._threads = [threading.Thread(target=self._serve, args=(name,), name=name, daemon=True) for name in names]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def read(self, raw: bytes) -> Future[Reading]:
        """A Reading, or `Later` when no reader could be started: nothing is wrong with the mail then."""
        future: Future[Reading] = Future()
        if self._stopping:
            future.set_exception(Later("Shutting down"))
        else:
            self._jobs.put((raw, future))
        return future

    def stop(self, patience: float = 10.0) -> None:
        """What waits is still read, for `patience` seconds."""
        self._stopping = True
        for _ in self._threads:
            self._jobs.put(None)
        until = time.monotonic() + patience
        started = [thread for thread in self._threads if thread.ident is not None]
        for thread in started:
            thread.join(max(0.0, until - time.monotonic()))
        for reader in list(self._busy.values()):
            reader.kill()
        for thread in started:
            thread.join(5)
        self._refuse_the_rest()

    def _refuse_the_rest(self) -> None:
        while not self._jobs.empty():
            if job := self._jobs.get():
                job[-1].set_exception(Later("Shutting down"))

    def _serve(self, name: str) -> None:
        self._started(name)
        while job := self._jobs.get():
            raw, future = job
            if future.set_running_or_notify_cancel():
                self._settle(name, raw, future)
        if reader := self._busy.pop(name, None):
            reader.end()

    def _settle(self, name: str, raw: bytes, future: Future[Reading]) -> None:
        try:
            future.set_result(self._read(name, raw))
        except Later as later:
            future.set_exception(later)

    def _read(self, name: str, raw: bytes) -> Reading:
        reason = ""
        for _ in range(TRIES):
            reader = self._busy.get(name) or self._started(name)
            if reader is None:
                raise Later from None
            try:
                return _asked(reader, raw)
            except ChildGone as gone:
                reason = str(gone)
                self._replace(name, reader, reason)
                if gone.late:
                    break
            if self._stopping:
                raise Later("Shutting down")
        return Reading(unreadable(raw, fingerprint(raw), reason), packed(raw))

    def _started(self, name: str) -> Child | None:
        try:
            reader = Child("maildesk.desk.reader", "reading", self._memory, self._deadline, 4 * self._deadline + 30)
        except OSError as error:
            self._tell(f"a reader does not start: {error}")
            return None
        try:
            reader.greet()
        except ChildGone as gone:
            reader.end()
            self._tell(f"a reader does not start: {gone}")
            return None
        self._busy[name] = reader
        return reader

    def _replace(self, name: str, reader: Child, reason: str) -> None:
        self._busy.pop(name, None)
        reader.end()
        self._tell(reason)

    def _tell(self, reason: str) -> None:
        if self._journal:
            self._journal.reader_replaced(reason=reason)


def _asked(reader: Child, raw: bytes) -> Reading:
    reader.send(raw)
    try:
        return Reading(*frames.answered(reader.frame()))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise ChildGone("reading gave no answer of its form") from error
