"""The readers: a few processes that turn octets into `Incoming`, under a memory limit and a deadline.

The desk hands over raw mails and gets futures. A reader that dies or is late is replaced; a mail that ended three of
them, or was late once, comes back as unreadable. Processes are started anew, never forked from the threaded daemon.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from maildesk.desk import frames
from maildesk.desk.reader import reading
from maildesk.mime.read import fingerprint, unreadable
from maildesk.words import Incoming, Later

MEMORY = 256 * 1024 * 1024
TRIES = 3
START = 60.0  # seconds a reader may take until it says hello
CHUNK = 1 << 16  # octets that a pipe holds


@dataclass(frozen=True, slots=True)
class Reading:
    mail: Incoming
    packed: bytes  # the raw mail as one zlib stream


class Tells(Protocol):
    def reader_replaced(self, *, reason: str) -> None: ...


class ReaderGone(Exception):
    """The process ended, or was ended, in the middle of a mail."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


def read_here(raw: bytes) -> Reading:
    """The same reading without a process."""
    return Reading(*reading(raw))


class Reader:
    """One process and its two pipes."""

    def __init__(self, memory: int, deadline: float) -> None:
        self._deadline = deadline
        self._patience = 4 * deadline + 30  # of the wall clock, when the CPU limit does not bite
        command = [sys.executable, "-P", "-m", "maildesk.desk.reader", str(memory), str(deadline)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, process_group=0)  # noqa: S603
        assert self._process.stdin  # noqa: S101 - by PIPE
        assert self._process.stdout  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout
        self._readable = select.poll()
        self._readable.register(self._from, select.POLLIN)
        self._until = time.monotonic() + START

    def greet(self) -> None:
        """Wait until it is ready."""
        self._frame()

    def ask(self, raw: bytes) -> Reading:
        self._until = time.monotonic() + self._patience
        try:
            self._to.write(frames.framed(raw))
            self._to.flush()
        except OSError as error:
            raise self._gone() from error
        frame = self._frame()
        try:
            return Reading(*frames.answered(frame))
        except (ValueError, KeyError, TypeError) as error:
            raise self._gone() from error

    def _frame(self) -> bytes:
        """As a rule one look and one read: each lets the interpreter go, which a busy ledger then keeps for a while."""
        begun = bytearray()
        while (frame := frames.complete(begun)) is None:
            if not self._readable.poll(max(0.0, self._until - time.monotonic()) * 1000):
                raise self._gone(late=True)
            piece = os.read(self._from.fileno(), CHUNK)
            if not piece:
                raise self._gone()
            begun += piece
        return frame

    def _gone(self, *, late: bool = False) -> ReaderGone:
        if late:
            self._process.kill()
        code = self._process.wait()
        if late or code == -signal.SIGPROF:
            return ReaderGone(f"reading took longer than {self._deadline:g} s", late=True)
        return ReaderGone(f"the reader ended with {code}")

    def end(self) -> None:
        """Close its pipe, which ends it; kill it when that does not help."""
        with contextlib.suppress(OSError):  # it may have gone before us
            self._to.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._from.close()

    def kill(self) -> None:
        self._process.kill()


Job = tuple[bytes, "Future[Reading]"]


class Readers:
    """The pool. Each reader is served by a thread of its own, which only waits."""

    def __init__(self, count: int, deadline: float, memory: int = MEMORY, journal: Tells | None = None) -> None:
        self._deadline, self._memory, self._journal = deadline, memory, journal
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = False
        self._busy: dict[str, Reader] = {}
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
                job[1].set_exception(Later("Shutting down"))

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
                return reader.ask(raw)
            except ReaderGone as gone:
                reason = str(gone)
                self._replace(name, reader, reason)
                if gone.late:
                    break
            if self._stopping:
                raise Later("Shutting down")
        return Reading(unreadable(raw, fingerprint(raw), reason), zlib.compress(raw, 1))

    def _started(self, name: str) -> Reader | None:
        try:
            reader = Reader(self._memory, self._deadline)
        except OSError as error:
            self._tell(f"a reader does not start: {error}")
            return None
        try:
            reader.greet()
        except ReaderGone as gone:
            reader.end()
            self._tell(f"a reader does not start: {gone}")
            return None
        self._busy[name] = reader
        return reader

    def _replace(self, name: str, reader: Reader, reason: str) -> None:
        self._busy.pop(name, None)
        reader.end()
        self._tell(reason)

    def _tell(self, reason: str) -> None:
        if self._journal:
            self._journal.reader_replaced(reason=reason)
