"""A process of ours that does one kind of work for the desk, and the two pipes to it.

Used by desk/readers and desk/dictation. Frames go in, frames come out in the same order; the end of the pipe ends
the process. Started anew and never forked, for the daemon has threads. One thread at a time may use it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time

from maildesk.desk import frames

CHUNK = 1 << 18


class ChildGone(Exception):
    """The process ended, or was ended, in the middle of its work."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


class Child:
    """`python -m MODULE MEMORY DEADLINE`, which says hello by an empty frame."""

    def __init__(self, module: str, work: str, memory: int, deadline: float, patience: float) -> None:
        """`deadline` is seconds of its CPU, `patience` of the wall clock: for its hello, and for each answer."""
        self._work, self._deadline, self._patience = work, deadline, patience
        command = [sys.executable, "-P", "-m", module, str(memory), str(deadline)]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=pipe, stdout=pipe, stderr=nowhere, process_group=0, bufsize=0
        )
        assert self._process.stdin  # noqa: S101 - by PIPE
        assert self._process.stdout  # noqa: S101
        self._to, self._from = self._process.stdin, self._process.stdout
        os.set_blocking(self._to.fileno(), False)
        self._readable, self._either = select.poll(), select.poll()
        self._readable.register(self._from, select.POLLIN)
        self._either.register(self._from, select.POLLIN)
        self._either.register(self._to, select.POLLOUT)
        self._came = bytearray()
        self.greeted = False
        self.pid = self._process.pid

    def greet(self) -> None:
        """Wait until it is ready."""
        self.frame()
        self.greeted = True

    def send(self, *pieces: bytes) -> None:
        """One frame. What the process says meanwhile is kept, or both would wait with full pipes."""
        left = memoryview(frames.framed(*pieces))
        until = time.monotonic() + self._patience
        while left:
            try:
                left = left[os.write(self._to.fileno(), left) :]
            except BlockingIOError:
                self._wait(self._either, until)
                self._take_what_is_there()
            except OSError as error:
                raise self._gone() from error

    def frame(self) -> bytes:
        """The next one. As a rule one look and one read: each lets the interpreter go, which others then keep."""
        until = time.monotonic() + self._patience
        while (frame := frames.complete(self._came)) is None:
            self._wait(self._readable, until)
            self._take()
        del self._came[: frames.LENGTH + len(frame)]
        return frame

    def _wait(self, poll: select.poll, until: float) -> None:
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise self._gone(late=True)

    def _take_what_is_there(self) -> None:
        while self._readable.poll(0):
            self._take()

    def _take(self) -> None:
        piece = os.read(self._from.fileno(), CHUNK)
        if not piece:
            raise self._gone()
        self._came += piece

    def _gone(self, *, late: bool = False) -> ChildGone:
        if late:
            self._process.kill()
        code = self._process.wait()
        if late:
            return ChildGone(f"{self._work} gave nothing for {self._patience:g} s", late=True)
        if code == -signal.SIGPROF:
            return ChildGone(f"{self._work} took longer than {self._deadline:g} s", late=True)
        return ChildGone(f"{self._work} ended its process with {code}")

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
