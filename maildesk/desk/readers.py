"""The readers: a few processes that turn octets into `Incoming`, under a memory limit and a deadline.

The desk hands over raw mails and gets futures. A reader that dies or is late is replaced; a mail that ended three of
them, or was late once, comes back as unreadable. Processes are started anew, never forked from the threaded daemon.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from maildesk.desk import frames
from maildesk.desk.child import Child, ChildGone
from maildesk.desk.packing import packed
from maildesk.desk.proof import UNCHECKED, Checked
from maildesk.mime.unread import fingerprint, unreadable
from maildesk.words import Incoming, Later
from maildesk.words.frozen import frozen

MEMORY = 256 * 1024 * 1024
TRIES = 3
AHEAD = 2  # mails that a reader without others beside it has in hand, so that it need not wait for the next one
SMALL = 1 << 15  # octets that go into its pipe while it is at work on another mail


@frozen
class Reading:
    mail: Incoming
    packed: bytes  # the raw mail as one zlib stream
    checked: Checked = UNCHECKED  # what a prover found, after the reading


class Tells(Protocol):
    def reader_replaced(self, *, reason: str) -> None: ...


@dataclass(slots=True)
class Job:
    raw: bytes
    future: Future[Reading]
    sent: bool = False  # to the reader of the moment
    ended: int = 0  # readers over it


@dataclass(slots=True)
class Line:
    """A reader and what it has in hand, in the order of its answers."""

    reader: Child | None = None
    jobs: deque[Job] = field(default_factory=deque)
    last: bool = False  # nothing more will come


class Readers:
    """The pool. Each reader is served by a thread of its own, which only waits."""

    def __init__(self, count: int, deadline: float, memory: int = MEMORY, journal: Tells | None = None) -> None:
        self._deadline, self._memory, self._journal = deadline, memory, journal
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = False
        self._at_once = AHEAD if count == 1 else 1  # among several a mail behind a slow one would wait for nothing
        self._lines = [Line() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._serve, args=(line,), name=f"reader-{number}", daemon=True)
            for number, line in enumerate(self._lines, 1)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def read(self, raw: bytes) -> Future[Reading]:
        """A Reading, or `Later` when no reader could be started: nothing is wrong with the mail then."""
        future: Future[Reading] = Future()
        if self._stopping:
            future.set_exception(Later("Shutting down"))
        else:
            self._jobs.put(Job(raw, future))
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
        for line in self._lines:
            if reader := line.reader:
                reader.kill()
        for thread in started:
            thread.join(5)
        self._refuse_the_rest()

    def _refuse_the_rest(self) -> None:
        while not self._jobs.empty():
            if job := self._jobs.get():
                job.future.set_exception(Later("Shutting down"))

    def _serve(self, line: Line) -> None:
        self._start(line)
        while self._fill(line):
            self._advance(line)
        if line.reader:
            line.reader.end()

    def _fill(self, line: Line) -> bool:
        """Waits for a mail only while the reader has none. False when it has none and none will come."""
        while not line.last and len(line.jobs) < self._at_once and not (line.jobs and self._jobs.empty()):
            job = self._jobs.get()
            if job is None:
                line.last = True
            elif job.future.set_running_or_notify_cancel():
                line.jobs.append(job)
        return bool(line.jobs)

    def _advance(self, line: Line) -> None:
        """One mail is done with, or a reader; what others it had in hand goes to the next one."""
        job = line.jobs[0]
        try:
            reading = self._heard(line, job)
        except Later as later:
            line.jobs.popleft()
            job.future.set_exception(later)
        else:
            if reading:
                line.jobs.popleft()
                job.future.set_result(reading)

    def _heard(self, line: Line, first: Job) -> Reading | None:
        """None when the first mail ended its reader and another may try."""
        reader = line.reader or self._start(line)
        if reader is None:
            raise Later from None
        try:
            for job in line.jobs:
                if job is not first and len(job.raw) > SMALL:
                    break  # and none behind it: answers come in the order of the mails
                if not job.sent:
                    reader.send(job.raw)
                    job.sent = True
            return _answer(reader)
        except ChildGone as gone:
            self._replace(line, reader, str(gone))
            first.ended += 1
            if gone.late or first.ended == TRIES:
                return Reading(unreadable(first.raw, fingerprint(first.raw), str(gone)), packed(first.raw))
        if self._stopping:
            raise Later("Shutting down")
        return None

    def _start(self, line: Line) -> Child | None:
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
        line.reader = reader
        return reader

    def _replace(self, line: Line, reader: Child, reason: str) -> None:
        line.reader = None
        reader.end()
        for job in line.jobs:
            job.sent = False
        self._tell(reason)

    def _tell(self, reason: str) -> None:
        if self._journal:
            self._journal.reader_replaced(reason=reason)


def _answer(reader: Child) -> Reading:
    try:
        return Reading(*frames.answered(reader.frame()))
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise ChildGone("reading gave no answer of its form") from error
