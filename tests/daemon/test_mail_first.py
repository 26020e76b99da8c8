"""After a start mail that mailboxes kept goes before time, as long as there is hope to read it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from maildesk.config import load
from maildesk.daemon import Daemon
from maildesk.daemon.doors import MAIL_FIRST, Doors
from maildesk.daemon.finish import Finish
from maildesk.journal import Journal
from tests.builders import configuration
from tests.e2e.test_mailbox import of_mailbox

Opened = Callable[[str], Doors]


@pytest.fixture
def seconds() -> list[float]:
    """What the clock says that nobody sets."""
    return [0.0]


@pytest.fixture
def opened(tmp_path: Path, seconds: list[float]) -> Iterator[Opened]:
    """The doors of a desk with these mailboxes, just opened."""
    file, undo = tmp_path / "maildesk.conf", []

    def open_them(mailboxes: str) -> Doors:
        file.write_text(configuration(mailboxes))
        daemon = Daemon(load(file), journal=Journal(stream=StringIO()))
        undo.append(daemon.stop)
        daemon.start()
        doors = Doors(daemon.desk, daemon.number, {}, Finish(), monotonic=lambda: seconds[0])
        doors.open()
        undo.append(doors.close)
        return doors

    yield open_them
    while undo:
        undo.pop()()


def test_time_waits_for_a_mailbox_out_of_reach_for_half_a_minute_and_no_longer(
    opened: Opened, seconds: list[float], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # it takes connections and never greets
        doors = opened(of_mailbox(tmp_path, mute.getsockname()[1], "nobody"))
        assert not doors.caught_up()
        seconds[0] = MAIL_FIRST
        assert not doors.caught_up()
        seconds[0] += 1
        assert doors.caught_up()
        seconds[0] = 0
        assert doors.caught_up()


def test_time_waits_for_nothing_where_no_mailbox_is_read(opened: Opened) -> None:
    assert opened("").caught_up()
