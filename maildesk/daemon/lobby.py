"""The daemon's side of its porter: mails that were read come in, answers go out after the commit.

Made and started by the daemon. One thread takes the mails apart and submits them; who commits answers. Where no
listener is configured there is no porter.
"""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from maildesk.config import Config
from maildesk.daemon import slips
from maildesk.desk import frames
from maildesk.desk.readers import Reading, whole
from maildesk.doors.sockets import Bound, CannotListen
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt

CHUNK = 1 << 18  # octets; under load one look brings several mails
LAST_WORDS = 7.0  # seconds for a porter that was told to stop, after its conversations had their time

Take = Callable[[Reading, Envelope], Future[Receipt]]


class Lobby:
    def __init__(
        self,
        take: Take,
        clock: Callable[[], datetime],
        journal: Journal,
        inherited: Mapping[str, socket.socket] | None = None,
    ) -> None:
        self._take = take
        self._clock = clock
        self._journal = journal
        self._inherited = inherited or {}
        self.addresses: dict[str, Bound] = {}  # where each listener listens: (host, port), or the path of a socket
        self.pid = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._came = bytearray()
        self._writing = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="lobby", daemon=True)

    @property
    def alive(self) -> bool:
        return self._process is None or self._thread.is_alive()

    def start(self, config: Config) -> None:
        """Opens all listeners, or none: CannotListen names the one that is in the way."""
        if not config.listen:
            return
        handed = {name: sock.fileno() for name, sock in self._inherited.items()}
        words = [f"{name}={number}" for name, number in handed.items()]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "maildesk.daemon.porter", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            pass_fds=list(handed.values()),
            process_group=0,
        )
        self.pid = self._process.pid
        self.reload(config)
        try:
            self._hear_of_listeners()
        except CannotListen:
            self.stop(0)
            raise
        self._thread.start()

    def reload(self, config: Config) -> None:
        """Exchange what can change while sockets stay open."""
        self._say(frames.framed(slips.CONFIGURE, pickle.dumps(config)))

    def reload_certificates(self) -> None:
        self._say(frames.framed(slips.CERTIFICATES))

    def stop(self, deadline: float) -> None:
        """Let nobody in, wait up to `deadline` seconds for the mail in hand, then cut what is left."""
        process = self._process
        if process is None:
            return
        self._say(slips.slip(slips.STOP, deadline))
        try:
            process.wait(deadline + LAST_WORDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._thread.ident is not None:
            self._thread.join()
        self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def _hear_of_listeners(self) -> None:
        while (frame := self._frame()) is not None:
            if frame[:1] == slips.OPEN:
                places = slips.content(frame).items()
                self.addresses = {name: place if isinstance(place, str) else tuple(place) for name, place in places}
                return
            if frame[:1] == slips.CANNOT:
                raise CannotListen(slips.content(frame))
            self._journal.pass_on(*slips.content(frame))
        raise CannotListen("the process that serves the listeners does not start; its last words are above")

    def _serve(self) -> None:
        while (frame := self._frame()) is not None:
            if frame[:1] == slips.MAIL:
                number, envelope, reading = slips.brought(frame, self._clock())
                self._take(whole(reading), envelope).add_done_callback(partial(self._answer, number))
            else:
                self._journal.pass_on(*slips.content(frame))

    def _answer(self, number: int, kept: Future[Receipt]) -> None:
        error = kept.exception()
        self._say(slips.failed(number, error) if error else slips.kept(number, kept.result()))

    def _frame(self) -> bytes | None:
        """The next one; None when the porter is gone."""
        while (frame := frames.complete(self._came)) is None:
            piece = os.read(self._pipe("stdout"), CHUNK)
            if not piece:
                return None
            self._came += piece
        del self._came[: frames.LENGTH + len(frame)]
        return frame

    def _say(self, frame: bytes) -> None:
        if self._process is None:
            return
        with self._writing, suppress(BrokenPipeError):  # a porter that is gone is missed by who listens to him
            left = memoryview(frame)
            while left:
                left = left[os.write(self._pipe("stdin"), left) :]

    def _pipe(self, name: str) -> int:
        pipe: Any = getattr(self._process, name)
        return int(pipe.fileno())
