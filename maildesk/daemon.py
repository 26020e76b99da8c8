"""The composition root: configuration, store, ledger, doors; in this order up, in the other order down.

`run` is the verb's, `Daemon` also the demo's and the tests'. It knows every room and does none of their work. A
thread that dies unexpectedly ends the process with 1, and the service manager starts it again: nothing is lost,
since nothing was promised before its commit.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent import futures
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import TypeVar

from maildesk import __version__
from maildesk.config import Config, ConfigError, load, secret
from maildesk.desk.desk import Clock, Desk
from maildesk.desk.keyring import KeyTrouble, open_keyring
from maildesk.desk.opening import READERS, READING_DEADLINE, build_desk, configure
from maildesk.desk.post import MailboxMemory, Outbox
from maildesk.desk.readers import Readers
from maildesk.desk.storeroom import open_store
from maildesk.desk.sweep import Sweeper
from maildesk.doors.clock import Ticker
from maildesk.doors.listeners import Listeners
from maildesk.doors.mailboxes import Mailboxes
from maildesk.doors.postman import Postman
from maildesk.journal import Journal
from maildesk.policy.recipients import ours
from maildesk.store import outbox
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.store.lock import DeskLock
from maildesk.systemd import Notifier, inherited_sockets
from maildesk.words import Later

FIRST_WRITE = 30.0  # seconds in which the ledger must answer before READY
SWEEP_EVERY = 2.0  # what is due is done within 5 s of its moment
LOOK_EVERY = 0.5  # foreign commits are noticed within 1 s
FINISH_WITHIN = 10.0  # seconds for all that is in flight at SIGTERM: with what must be cut then it stays below 20
AT_LEAST = 0.5  # seconds of it for each room, however long those before it took
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
        self._finish_by = 0.0  # on the monotonic clock: what is being stopped has until then

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

    def wait(self) -> None:
        """Tick until somebody sets `stopping`."""
        self.ticker.run(self.stopping)

    def stop(self) -> None:
        """Finish or cleanly refuse what is in flight, doors first."""
        self.stopping.set()
        self.notifier.stopping()
        self._finish_by = time.monotonic() + FINISH_WITHIN
        while self._undo:
            self._undo.pop()()
        self.journal.stopped()

    def sweep(self) -> None:
        self.sweeper.sweep(self.clock())

    def reload(self) -> None:
        """Read the configuration again; a bad one changes nothing and is reported."""
        self.reload_wanted.clear()
        self.notifier.reloading()
        try:
            self._take_over(load(self.config.path))
        except (ConfigError, KeyTrouble) as problems:
            self.journal.reload_refused(problems=str(problems))
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
        self.desk: Desk = build_desk(self.config, keys, self.ledger, self.readers, self.clock, self.journal)
        self.sweeper = Sweeper(self.desk, self._unless_stopping)
        store.close()  # the ledger's thread has a connection of its own
        self.ledger.start()
        self._undo.append(lambda: self.ledger.stop(self._time_left()))
        self._undo.append(lambda: self.readers.stop(self._time_left()))
        self.ledger.submit(lambda store: outbox.free(store, self.number), quiet=True)

    def _open_doors(self) -> None:
        self._build_travelling_doors()
        self.ledger.on_commit(self._wake_postman)
        self.listeners = Listeners(self.config, self.desk.receive, self.knows, self.clock, self.journal, self.inherited)
        for start, stop in (
            (self._start_travelling_doors, self._stop_travelling_doors),
            (self.listeners.start, lambda: self.listeners.stop(self._time_left())),
        ):
            start()
            self._undo.append(stop)

    # the doors that a reload exchanges: those that go out to other servers

    def _build_travelling_doors(self) -> None:
        outbox, memory = Outbox(self.desk, self.number), MailboxMemory(self.desk)
        self.postman = Postman(self.config, outbox, self.clock, self.journal, outbox.pieces, random.random)
        self.mailboxes = Mailboxes(
            self.config, self.desk.receive, memory, self.clock, self.journal, secret, memory.serve
        )

    def _start_travelling_doors(self) -> None:
        self.postman.start()
        self.mailboxes.start()

    def _stop_travelling_doors(self) -> None:
        self.mailboxes.stop(self._time_left())
        self.postman.stop(self._time_left())

    def _time_left(self) -> float:
        return max(AT_LEAST, self._finish_by - time.monotonic())

    def _ticker(self) -> Ticker:
        ticker = Ticker(self.journal)
        ticker.every(SWEEP_EVERY, "sweep", self.sweep)
        ticker.every(LOOK_EVERY, "look", self._look)
        ticker.every(60, "status", self._tell_status)
        ticker.every(60, "certificates", self.listeners.reload_certificates)  # renewals come without a signal
        if self.notifier.watchdog:
            ticker.every(self.notifier.watchdog / 3, "watchdog", self._feed_watchdog)
        return ticker

    # what the clock calls

    def knows(self, address: str) -> bool:
        return ours(self.desk.settings.config, address) is not None

    def _look(self) -> None:
        if self.reload_wanted.is_set():
            self.reload()
        if not self.listeners.alive or not self.mailboxes.alive or not self.postman.alive:
            self._died("door", "a door's thread has ended")
        if self._unless_stopping(self.ledger.foreign()):
            self.postman.wake()

    def _unless_stopping(self, future: Future[T]) -> T:
        """Its result, or Later when the daemon is told to stop: a locked store may hold up a job for longer."""
        while not futures.wait([future], timeout=0.2).done:
            if self.stopping.is_set():
                raise Later("Shutting down")
        return future.result()

    def _wake_postman(self) -> None:
        self.postman.wake()  # the one of the day: a reload exchanges him

    def _feed_watchdog(self) -> None:
        """It proves the thread, not the database: that the store is unavailable feeds it too."""
        try:
            self._unless_stopping(self.ledger.ping())
        except Later as later:
            self.notifier.status(f"store unavailable: {later}")
        self.notifier.alive()

    def _tell_status(self) -> None:
        serving = f"serving {len(self.config.listen)} listeners, {len(self.config.mailbox)} mailboxes"
        troubles = [f"mailbox {name}: {state.last_error}" for name, state in self.mailboxes.status().items()]
        troubles = [each for each in (*troubles, f"relay: {self.postman.last_error}") if not each.endswith(": ")]
        self.notifier.status("; ".join((serving, *troubles)))

    def _take_over(self, config: Config) -> None:
        wanted = restart_wanted(self.config, config)
        self.config = keep_fixed(self.config, config)
        configure(self.desk, self.config, open_keyring(self.config, empty_store=False, entropy=secrets.token_bytes))
        self.journal.configure(level=self.config.logging.level, format=self.config.logging.format)
        self._finish_by = time.monotonic() + FINISH_WITHIN
        self._stop_travelling_doors()
        self._build_travelling_doors()
        self._start_travelling_doors()
        self.listeners.reload(self.config)
        self.journal.reloaded(restart_wanted=" ".join(wanted))

    def _died(self, thread: str, error: BaseException | str) -> None:
        self.failed = thread
        self.journal.fatal(thread=thread, error=error)
        self.stopping.set()


def restart_wanted(old: Config, new: Config) -> list[str]:
    """What a reload cannot exchange, and has changed."""
    fixed = {
        "[store]": (old.store, new.store),
        "[listen]": (old.listen, new.listen),
        "state_dir": (old.desk.state_dir, new.desk.state_dir),
        "key_file": (old.desk.key_file, new.desk.key_file),
    }
    return [name for name, (before, after) in fixed.items() if before != after]


def keep_fixed(old: Config, new: Config) -> Config:
    """The new configuration, but for what only a restart can change."""
    desk = new.desk.model_copy(update={"state_dir": old.desk.state_dir, "key_file": old.desk.key_file})
    return new.model_copy(update={"store": old.store, "listen": old.listen, "desk": desk})


def run(config: Config) -> int:
    """The exit status: 0 after a clean stop, 1 when a thread died."""
    journal = Journal(
        level=config.logging.level, format=config.logging.format, priorities="JOURNAL_STREAM" in os.environ
    )
    daemon = Daemon(config, journal=journal, notifier=Notifier(), inherited=inherited_sockets())
    listen_to_signals(daemon)
    try:
        daemon.start()
        journal.start()
        daemon.wait()
    finally:
        daemon.stop()
        journal.stop()
    return 1 if daemon.failed else 0


def listen_to_signals(daemon: Daemon) -> None:
    """In a thread of its own: a handler that interrupts the main thread may find any lock taken.

    Called before any other thread is started, which then inherits the mask; so do the readers, who thus finish the
    mail in hand when a service manager tells the whole group to end.
    """
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait() -> None:
        while True:
            received = signal.sigwait(signals)
            if received == signal.SIGHUP:
                daemon.reload_wanted.set()
            else:
                daemon.journal.stopping(signal=signal.Signals(received).name)
                daemon.stopping.set()

    threading.Thread(target=wait, name="signals", daemon=True).start()
