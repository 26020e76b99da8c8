"""The composition root: configuration, store, ledger, doors; in this order up, in the other order down.

Made by daemon/process for the verb `run`, and by the demo. It knows every room and does none of their work; what it
does by itself is to tick.
"""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent import futures
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TypeVar

from maildesk import __version__
from maildesk.config import Config, ConfigError, load
from maildesk.daemon.doors import Doors
from maildesk.daemon.finish import Finish
from maildesk.daemon.reload import keep_fixed, restart_wanted
from maildesk.desk.desk import Clock, Desk
from maildesk.desk.dictation import Dictation
from maildesk.desk.keyring import KeyTrouble, open_keyring
from maildesk.desk.opening import READERS, READING_DEADLINE, build_desk, configure
from maildesk.desk.provers import Provers
from maildesk.desk.readers import Readers
from maildesk.desk.storeroom import open_store
from maildesk.desk.sweep import Sweeper
from maildesk.doors.clock import Ticker
from maildesk.journal import Journal
from maildesk.store import outbox
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.store.lock import DeskLock
from maildesk.systemd import Notifier
from maildesk.words import Later

FIRST_WRITE = 30.0  # seconds in which the ledger must answer before READY
SWEEP_EVERY = 2.0  # what is due is done within 5 s of its moment
LOOK_EVERY = 0.5  # foreign commits are noticed within 1 s
T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Daemon:
    """The desk with its doors. `start` raises what is in the way; `stop` may follow a start cut short."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock = utc_now,
        journal: Journal | None = None,
        notifier: Notifier | None = None,
        inherited: Mapping[str, socket.socket] | None = None,
    ) -> None:
        self.config = config
        self.clock = clock
        self.journal = journal or Journal()
        self.notifier = notifier or Notifier({})
        self.inherited = inherited or {}
        self.stopping = threading.Event()
        self.reload_wanted = threading.Event()
        self.failed = ""  # the thread that died
        self._undo: list[Callable[[], object]] = []  # what has been started, first started first
        self.finish = Finish()

    def start(self) -> None:
        self.journal.started(version=__version__, config=str(self.config.path))
        store, keys = open_store(self.config, secrets.token_bytes)
        self._undo.append(store.close)
        self._lock(store)
        self._begin(store, keys)
        self._open_doors()
        self.ticker = self._ticker()
        self.desk.ledger.ping().result(FIRST_WRITE)
        self.journal.ready(listeners=" ".join(self.config.listen), mailboxes=" ".join(self.config.mailbox))
        self.notifier.ready()
        self.readers.start()
        self.dictation.begin()

    def wait(self) -> None:
        """Tick until somebody sets `stopping`."""
        self.ticker.run(self.stopping)

    def stop(self) -> None:
        """Finish or cleanly refuse what is in flight, doors first."""
        self.stopping.set()
        self.notifier.stopping()
        self.finish.begin()
        while self._undo:
            self._undo.pop()()
        self.journal.stopped()

    def sweep(self) -> None:
        if self.doors.caught_up():
            self.sweeper.sweep(self.clock())

    def reload(self) -> None:
        """Read the configuration again; a bad one changes nothing and is reported."""
        self.reload_wanted.clear()
        self.notifier.reloading()
        try:
            found = load(self.config.path)
            config = keep_fixed(self.config, found)
            keys = open_keyring(config, empty_store=False, entropy=secrets.token_bytes)
        except (ConfigError, KeyTrouble, OSError) as problems:
            self.journal.reload_refused(problems=str(problems))
        else:
            self._take_over(config, keys, restart_wanted(self.config, found))
        finally:  # whatever came of it: systemd takes a desk that stays silent for one that still reloads
            self.notifier.ready()

    # the parts of start

    def _lock(self, store: Store) -> None:
        lock = DeskLock(store)
        lock.take()
        self._undo.append(lock.release)
        self.number = lock.number()

    def _begin(self, store: Store, keys: tuple[bytes, ...]) -> None:
        self.ledger = Ledger(store, self.journal, fatal=lambda error: self._died("ledger", error))
        self.readers = Readers(READERS, READING_DEADLINE, journal=self.journal)
        provers = Provers(self.journal)
        self.desk: Desk = build_desk(
            self.config,
            keys,
            self.ledger,
            self.readers,
            self.clock,
            self.journal,
            provers=provers,
            writer=self._dictated,
        )
        self.sweeper = Sweeper(self.desk, self._unless_stopping)
        store.close()  # the ledger's thread has a connection of its own
        self.ledger.start()
        self._undo.append(lambda: self.dictation.end())  # noqa: PLW0108 - the one of the day
        self._undo.append(lambda: self.ledger.stop(self.finish.left()))
        self._undo.append(provers.stop)
        self._undo.append(lambda: self.readers.stop(self.finish.left()))
        self.ledger.submit(lambda store: outbox.free(store, self.number), quiet=True)

    def _open_doors(self) -> None:
        self.doors = Doors(self.desk, self.number, self.inherited, self.finish)
        self.ledger.on_commit(self.doors.wake_postman)
        self.doors.open()
        self._undo.append(self.doors.close)

    def _ticker(self) -> Ticker:
        ticker = Ticker(self.journal)
        ticker.every(SWEEP_EVERY, "sweep", self.sweep)
        ticker.every(LOOK_EVERY, "look", self._look)
        ticker.every(60, "status", self._tell_status)
        ticker.every(60, "certificates", self.doors.listeners.reload_certificates)  # renewals come without a signal
        if self.notifier.watchdog:
            ticker.every(self.notifier.watchdog / 3, "watchdog", self._feed_watchdog)
        return ticker

    # what the clock calls

    def _look(self) -> None:
        if self.reload_wanted.is_set():
            self.reload()
        if not self.doors.alive:
            self._died("door", "a door's thread has ended")
        if self._unless_stopping(self.ledger.foreign()):
            self.doors.wake_postman()

    def _unless_stopping(self, future: Future[T]) -> T:
        """Its result, or Later when the daemon is told to stop: a locked store may hold up a job for longer."""
        while not futures.wait([future], timeout=0.2).done:
            if self.stopping.is_set():
                raise Later("Shutting down")
        if self.notifier.watchdog:  # a job waits 25 s for a locked store, a sweep may be many jobs
            self.notifier.alive()
        return future.result()

    def _feed_watchdog(self) -> None:
        """It proves the thread, not the database: that the store is unavailable feeds it too."""
        try:
            self._unless_stopping(self.ledger.ping())
        except Later as later:
            self.notifier.status(f"store unavailable: {later}")

    def _tell_status(self) -> None:
        serving = f"serving {len(self.config.listen)} listeners, {len(self.config.mailbox)} mailboxes"
        self.notifier.status("; ".join((serving, *self.doors.troubles())))

    def _take_over(self, config: Config, keys: tuple[bytes, ...], wanted: list[str]) -> None:
        self.config = config
        former = self.dictation
        configure(self.desk, config, keys, self._dictated)
        self.dictation.follow(former)
        self.journal.configure(level=config.logging.level, format=config.logging.format)
        self.doors.exchange(config)
        self.journal.reloaded(restart_wanted=" ".join(wanted))

    def _dictated(self, config: Config, keys: tuple[bytes, ...], alarm: Callable[[str], None]) -> Dictation:
        self.dictation = Dictation(config, keys, alarm, self.journal)
        return self.dictation

    def _died(self, thread: str, error: BaseException | str) -> None:
        self.failed = thread
        self.journal.fatal(thread=thread, error=error)
        self.stopping.set()
