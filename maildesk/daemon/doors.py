"""The doors of a running desk, opened, exchanged and closed together.

Built by the daemon. Those that go out to other servers, the postman and the mailboxes, are exchanged by a reload; the
listeners keep their sockets and are told what changed.
"""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

from maildesk.config import Config, secret
from maildesk.daemon.finish import Finish
from maildesk.desk.desk import Desk
from maildesk.desk.post import MailboxMemory, Outbox
from maildesk.doors.listeners import Listeners
from maildesk.doors.mailboxes import Mailboxes
from maildesk.doors.postman import Postman
from maildesk.policy.recipients import ours

MAIL_FIRST = 30.0  # seconds for which time waits, after a start, for mailboxes that were not read through


class Doors:
    def __init__(
        self,
        desk: Desk,
        number: int,
        inherited: Mapping[str, socket.socket],
        finish: Finish,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._finish = finish
        self._outbox, self._memory = Outbox(desk, number), MailboxMemory(desk)
        self._monotonic = monotonic
        self._waits_until: float | None = None
        config, clock, journal = desk.settings.config, desk.clock, desk.journal
        self.listeners = Listeners(config, desk.receive, self.knows, clock, journal, inherited)
        self._build_travelling()

    def open(self) -> None:
        """All or none: what is in the way closes those that were open."""
        with ExitStack() as undo:
            self._start_travelling()
            undo.callback(self._stop_travelling)
            self.listeners.start()
            undo.pop_all()
        self._waits_until = self._monotonic() + MAIL_FIRST

    def exchange(self, config: Config) -> None:
        """Take a new configuration; mail in hand is finished first."""
        self._finish.begin()
        self._stop_travelling()
        self._build_travelling()
        self._start_travelling()
        self.listeners.reload(config)

    def close(self) -> None:
        self.listeners.stop(self._finish.left())
        self._stop_travelling()

    def caught_up(self) -> bool:
        """Whether what mailboxes kept while nobody looked is stored: a reply that came in time puts off an end."""
        if self._waits_until is not None:
            read = all(state.last_good for state in self.mailboxes.status().values())
            if read or self._monotonic() > self._waits_until:
                self._waits_until = None
        return self._waits_until is None

    @property
    def alive(self) -> bool:
        return self.listeners.alive and self.mailboxes.alive and self.postman.alive

    def wake_postman(self) -> None:
        self.postman.wake()  # the one of the day: a reload exchanges him

    def knows(self, address: str) -> bool:
        return ours(self._desk.settings.config, address) is not None

    def troubles(self) -> Iterator[str]:
        """What keeps mail from coming in or going out."""
        for name, state in self.mailboxes.status().items():
            if state.last_error:
                yield f"mailbox {name}: {state.last_error}"
        if self.postman.last_error:
            yield f"relay: {self.postman.last_error}"

    def _build_travelling(self) -> None:
        config, clock, journal = self._desk.settings.config, self._desk.clock, self._desk.journal
        self.postman = Postman(config, self._outbox, clock, journal, self._outbox.pieces, random.random)
        self.mailboxes = Mailboxes(config, self._desk.receive, self._memory, clock, journal, secret, self._memory.serve)

    def _start_travelling(self) -> None:
        self.postman.start()
        self.mailboxes.start()

    def _stop_travelling(self) -> None:
        self.mailboxes.stop(self._finish.left())
        self.postman.stop(self._finish.left())
