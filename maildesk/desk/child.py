"""A process of ours that does one kind of work for the desk, the pipe to it and the socket from it.

Used by desk/readers and desk/dictation. Frames go in, frames come out in the same order; the end of the pipe ends
the process. Started anew and never forked, for the daemon has threads. One thread at a time may use it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
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
        self._from, its_end = socket.socketpair()
        with its_end, contextlib.ExitStack() as undo:
            undo.enter_context(self._from)
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.PIPE,
                stdout=its_end.fileno(),
                stderr=subprocess.DEVNULL,
                process_group=0,
                bufsize=0,
            )
            undo.pop_all()
        assert self._process.stdin  # noqa: S101 - by PIPE
        self._to = self._process.stdin
        # The kernel keeps the time: a look before each read would let the interpreter go twice, which others then keep.
        self._from.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(patience))
        os.set_blocking(self._to.fileno(), False)
        with contextlib.suppress(OSError):  # there is a limit for all pipes of a user
            fcntl.fcntl(self._to, fcntl.F_SETPIPE_SZ, CHUNK)
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
        """The next one. As a rule one read brings it whole."""
        until = time.monotonic() + self._patience
        while (frame := frames.complete(self._came)) is None:
            if time.monotonic() > until:
                raise self._gone(late=True)
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
        try:
            piece = self._from.recv(CHUNK)
        except BlockingIOError:
            raise self._gone(late=True) from None
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


def _timeval(seconds: float) -> bytes:
    whole, part = divmod(seconds, 1)
    return struct.pack("@ll", int(whole), int(part * 1_000_000))
