"""The daemon as a process: its journal, its signals, its exit status. Called by the verb `run`.

A thread that dies unexpectedly ends the process with 1, and the service manager starts it again: nothing is lost,
since nothing was promised before its commit.
"""

from __future__ import annotations

import os
import signal
import threading

from maildesk.config import Config
from maildesk.daemon.daemon import Daemon
from maildesk.journal import Journal
from maildesk.systemd import Notifier, inherited_sockets


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
