"""The porter: `python -m maildesk.daemon.porter [NAME=FD...]`, the process of the daemon's that serves the listeners.

It speaks with the far side, has each mail read by readers of its own, brings envelope and reading to the daemon and
passes on the answer, so that neither waits for the other's interpreter. It has no store and no key of the desk, and its
journal's lines are the daemon's. It ends when its pipe does: the daemon is gone then, and senders keep their mail.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

from maildesk.config import Config
from maildesk.daemon import slips
from maildesk.desk import frames
from maildesk.desk.opening import READERS, READING_DEADLINE
from maildesk.desk.readers import Readers
from maildesk.doors.listeners import Listeners
from maildesk.doors.sockets import CannotListen
from maildesk.journal import Journal
from maildesk.policy.recipients import ours
from maildesk.words import Envelope, Receipt

READERS_FINISH = 1.0  # seconds after the last conversation has ended


def utc_now() -> datetime:
    return datetime.now(UTC)


class PassedOn(Journal):
    """Lines for the daemon's journal."""

    def __init__(self, say: Callable[[bytes], None]) -> None:
        super().__init__(level="debug")
        self._say = say

    def pass_on(self, level: str, event: str, facts: Mapping[str, object]) -> None:
        told = {name: value if isinstance(value, int | float) else str(value) for name, value in facts.items()}
        self._say(slips.slip(slips.LINE, [level, event, told]))


class Porter:
    def __init__(self, config: Config, inherited: Mapping[str, socket.socket]) -> None:
        self._config = config
        self._speaking = threading.Lock()
        self._numbers = count(1)
        self._waiting: dict[int, Future[Receipt]] = {}
        journal = PassedOn(self.say)
        self._readers = Readers(READERS, READING_DEADLINE, journal=journal)
        self._listeners = Listeners(config, self._receive, self._knows, utc_now, journal, inherited)

    def open(self) -> None:
        """Raises CannotListen."""
        self._listeners.start()
        self.say(slips.slip(slips.OPEN, self._listeners.addresses))
        self._readers.start()

    def serve(self) -> None:
        """Until the daemon says nothing any more."""
        while (frame := frames.receive(sys.stdin.buffer.read)) is not None:
            kind = frame[:1]
            if kind == slips.ANSWER:
                self._settle(slips.content(frame))
            elif kind == slips.CONFIGURE:
                self._config = pickle.loads(frame[1:])  # noqa: S301 - of the daemon itself
                self._listeners.reload(self._config)
            elif kind == slips.CERTIFICATES:
                self._listeners.reload_certificates()
            elif kind == slips.STOP:  # answers for the mail in hand are still read here meanwhile
                threading.Thread(target=self._stop, args=(slips.content(frame),), daemon=True).start()

    def say(self, frame: bytes) -> None:
        with self._speaking:
            sys.stdout.buffer.write(frame)
            sys.stdout.buffer.flush()

    def _stop(self, deadline: float) -> None:
        self._listeners.stop(deadline)
        self._readers.stop(READERS_FINISH)
        os._exit(0)  # the thread that reads would wait for the end of the pipe

    def _knows(self, address: str) -> bool:
        return ours(self._config, address) is not None

    def _receive(self, raw: bytes, envelope: Envelope) -> Future[Receipt]:
        answer: Future[Receipt] = Future()
        bring = partial(self._bring, envelope, time.monotonic(), answer)
        self._readers.read_frame(raw).add_done_callback(bring)
        return answer

    def _bring(self, envelope: Envelope, since: float, answer: Future[Receipt], reading: Future[bytes]) -> None:
        error = reading.exception()
        if error is not None:
            answer.set_exception(error)
            return
        number = next(self._numbers)
        self._waiting[number] = answer
        self.say(slips.mail(number, envelope, time.monotonic() - since, reading.result()))

    def _settle(self, told: list[Any]) -> None:
        number, result = slips.answered(told)
        answer = self._waiting.pop(number)
        if isinstance(result, Receipt):
            answer.set_result(result)
        else:
            answer.set_exception(result)


def main(inherited: Mapping[str, socket.socket]) -> int:
    for disturbance in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the daemon says when to go
        signal.signal(disturbance, signal.SIG_IGN)
    first = frames.receive(sys.stdin.buffer.read)
    if first is None:
        return 0
    porter = Porter(pickle.loads(first[1:]), inherited)  # noqa: S301
    try:
        porter.open()
    except CannotListen as error:
        porter.say(slips.slip(slips.CANNOT, str(error)))
        return 1
    porter.serve()
    os._exit(0)  # conversations that are left are cut: nobody can answer them


if __name__ == "__main__":
    handed = (each.rpartition("=") for each in sys.argv[1:])
    sys.exit(main({name: socket.socket(fileno=int(number)) for name, _, number in handed}))
