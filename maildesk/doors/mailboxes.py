"""The IMAP mailboxes of the configuration: one thread each, independent of one another.

Built, started and stopped by the daemon, which hands in all that a mailbox needs. Light to import: what
speaks IMAP is loaded by the first mailbox's thread, so that a start does not wait for it.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from maildesk.config import Config
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt
from maildesk.words.frozen import frozen

Clock = Callable[[], datetime]
Receive = Callable[[bytes, Envelope], "Future[Receipt]"]


class Remembered(Protocol):
    """What is kept of a mailbox over restarts. Each call may wait for the ledger, and raise Later."""

    def first_login(self, name: str, now: datetime) -> datetime:
        """When this mailbox was first logged in to: `now`, when this is that moment."""

    def uidvalidity(self, name: str, value: int) -> int:
        """Keeps the folder's UIDVALIDITY; gives the one before, 0 for none."""

    def seen(self, sources: Iterable[str]) -> set[str]:
        """Those of the sources that have a ledger row already."""

    def good(self, name: str, now: datetime) -> None:
        """The mailbox was read through to its end."""


@frozen
class Pace:
    """How long a mailbox waits for what, in seconds."""

    connect: float = 15
    read: float = 60  # for each piece of an answer
    renew: float = 25  # an IDLE is renewed: with `done` it finds a frozen server within a minute
    done: float = 30  # for the answer to DONE
    goodbye: float = 2
    receipt: float = 120  # for the ledger, before a mail is left for the next round
    first_pause: float = 1  # after a failure, doubled up to `longest_pause`
    longest_pause: float = 60
    login_pause: float = 60  # after a refused login: one try a minute locks no account
    taken_pause: float = 10  # while another daemon serves the mailbox
    good_every: float = 60  # how often `remembered.good` is told


@frozen
class MailboxState:
    last_good: datetime | None = None  # the folder was read through to its end
    last_error: str = ""  # "" = nothing has failed since
    connected: bool = False


class Wake:
    """Ends a wait at once, in IDLE too; once set it stays set."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self.is_set = False

    def fileno(self) -> int:
        return self._reader.fileno()

    def set(self) -> None:
        if not self.is_set:
            self.is_set = True
            self._writer.send(b"!")

    def wait(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        poll.poll(seconds * 1000)
        return self.is_set

    def close(self) -> None:
        self._reader.close()
        self._writer.close()


@frozen
class World:
    """What every mailbox is handed: the way in, the memory, the clock and the log."""

    config: Config
    receive: Receive
    remembered: Remembered
    clock: Clock
    journal: Journal
    secret: Callable[[Path], str]  # a password file's content, read anew at each login
    serve: Callable[[str], AbstractContextManager[bool]]
    pace: Pace


def ours_alone(name: str) -> AbstractContextManager[bool]:  # noqa: ARG001  one daemon serves every mailbox
    return nullcontext(True)


class Mailboxes:
    """`serve(name)` gives True while this daemon is the one to serve that mailbox; on False it asks again."""

    def __init__(  # noqa: PLR0913, PLR0917  all that a door is handed
        self,
        config: Config,
        receive: Receive,
        remembered: Remembered,
        clock: Clock,
        journal: Journal,
        secret: Callable[[Path], str],
        serve: Callable[[str], AbstractContextManager[bool]] = ours_alone,
        pace: Pace | None = None,
    ) -> None:
        self._world = World(config, receive, remembered, clock, journal, secret, serve, pace or Pace())
        self._wakes = {name: Wake() for name in config.mailbox}
        self._states = {name: MailboxState() for name in config.mailbox}
        self._running: dict[str, Any] = {}  # mailbox.Mailbox, by name
        self._threads = {
            name: threading.Thread(target=self._run, args=(name,), name=f"mailbox-{name}", daemon=True)
            for name in config.mailbox
        }

    def start(self) -> None:
        for thread in self._threads.values():
            thread.start()

    @property
    def alive(self) -> bool:
        """No mailbox's thread has died, which none does by itself."""
        return all(thread.is_alive() for thread in self._threads.values())

    @property
    def stopped(self) -> bool:
        return all(wake.is_set for wake in self._wakes.values())

    def status(self) -> Mapping[str, MailboxState]:
        return dict(self._states)

    def stop(self, deadline: float = 10) -> None:
        """Lets what is being received end, for so many seconds; then cuts the connections. The mail stays there."""
        for wake in self._wakes.values():
            wake.set()
        self._join(deadline)
        for mailbox in list(self._running.values()):
            mailbox.cut_off()
        self._join(1)
        for name, wake in self._wakes.items():
            if not self._threads[name].is_alive():
                wake.close()

    def _join(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        for thread in self._threads.values():
            if thread.ident is not None:
                thread.join(max(0.0, end - time.monotonic()))

    def _run(self, name: str) -> None:
        maker = import_module("maildesk.doors.mailbox").Mailbox
        mailbox = self._running[name] = maker(name, self._world, self._wakes[name], self._tell)
        mailbox.run()

    def _tell(self, name: str, state: MailboxState) -> None:
        self._states[name] = state
