"""A daemon in this process: what a reload takes over, what it refuses, and what feeds the watchdog."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from maildesk.config import load
from maildesk.daemon import Daemon
from maildesk.journal import Journal
from maildesk.systemd import Notifier
from tests.builders import configuration

CATCH_ALL = """
[listen.main]
protocol = "lmtp"
address = "127.0.0.1:0"
queue = "sales"
"""
SELDOM = "1000000000"  # microseconds: the clock's own job never comes in a test


class Service:
    """A running daemon, its file and what it told its manager."""

    def __init__(self, folder: Path, manager: socket.socket) -> None:
        self.file = folder / "maildesk.conf"
        self.file.write_text(configuration(CATCH_ALL))
        self.manager = manager
        self.log = StringIO()
        manager.bind(str(folder / "notify"))
        manager.settimeout(10)
        told = {"NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": SELDOM, "WATCHDOG_PID": str(os.getpid())}
        self.daemon = Daemon(load(self.file), journal=Journal(stream=self.log), notifier=Notifier(told))

    def hears(self, state: str) -> None:
        while state not in self.manager.recv(4096).decode():
            continue

    def reload(self, text: str) -> None:
        self.file.write_text(text)
        self.daemon.reload()
        self.hears("RELOADING=1")
        self.hears("READY=1")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        running = Service(tmp_path, manager)
        try:
            running.daemon.start()
            running.hears("READY=1")
            yield running
        finally:
            running.daemon.stop()


def test_every_answer_of_the_ledger_feeds_the_watchdog(service: Service) -> None:
    service.daemon.sweep()
    service.hears("WATCHDOG=1")


def test_a_reload_that_lacks_a_key_changes_nothing(service: Service) -> None:
    before = service.daemon.config
    service.reload(configuration(CATCH_ALL).replace("[desk]", '[desk]\nlanguage = "de"\nold_key_files = ["gone"]'))
    assert service.daemon.config is before
    assert service.daemon.desk.settings.config is before
    assert "reload-refused" in service.log.getvalue()


def test_a_file_that_cannot_be_read_is_told_and_ends_the_reload(service: Service) -> None:
    service.file.unlink()
    service.file.symlink_to(service.file)
    service.daemon.reload()
    service.hears("RELOADING=1")
    service.hears("READY=1")
    assert "reload-refused" in service.log.getvalue()


def test_a_queue_that_a_running_listener_serves_is_not_taken_from_it(service: Service) -> None:
    before = service.daemon.config
    sales = before.queue["sales"]
    text = configuration().replace("[queue.sales]", "[queue.other]").replace('"technical", "sales"', '"technical"')
    service.reload(text)
    assert service.daemon.desk.settings.config.queue["sales"] == sales
    assert "serves the queue sales, which is gone" in service.log.getvalue()
    service.reload(text.replace("[queue.other]", "[queue.sales]"))
    assert service.daemon.config.queue.keys() == {"technical", "sales"}
    assert "reloaded" in service.log.getvalue()
