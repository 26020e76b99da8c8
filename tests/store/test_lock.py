"""One daemon a SQLite store; several on PostgreSQL, each with a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from maildesk.store.database import Store
from maildesk.store.errors import DeskRunning
from maildesk.store.lock import DeskLock, running

HOLDING = """
import sys
from pathlib import Path
from maildesk.store.database import Store
from maildesk.store.lock import DeskLock
lock = DeskLock(Store.open(sys.argv[1], Path(sys.argv[2])))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_second_daemon_refuses_naming_the_first(store: Store) -> None:
    command = [sys.executable, "-c", HOLDING, store.url, str(store.state_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"taken\n"
        assert running(store) == first.pid
        with pytest.raises(DeskRunning, match=f"process {first.pid}"):
            DeskLock(store).take()
        first.kill()
    while running(store) is not None:  # PostgreSQL notices a moment later
        time.sleep(0.01)
    lock = DeskLock(store)
    lock.take()
    assert running(store) == os.getpid()
    lock.release()
    store.abandon()
    store.connect()
    assert running(store) is None


def test_daemons_that_share_a_store_have_numbers_that_stay_theirs(store: Store, tmp_path: Path) -> None:
    other = Store.open(store.url, tmp_path / "other")
    mine = DeskLock(store).number()
    assert DeskLock(store).number() == mine
    if store.postgres:
        assert DeskLock(other).number() != mine
    other.close()


def test_a_file_shared_by_two_folders_is_locked_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    first, second = (Store.open(url, tmp_path / name) for name in "ab")
    lock = DeskLock(first)
    lock.take()
    with pytest.raises(DeskRunning):
        DeskLock(second).take()
    assert running(second) == os.getpid()
    lock.release()
    DeskLock(second).take()
    first.close()
    second.close()


def test_daemons_share_postgresql_and_are_seen_from_afar(postgres_url: str, tmp_path: Path) -> None:
    first, second, verb = (Store.open(postgres_url, tmp_path / name) for name in "abc")
    assert running(verb) is None
    locks = [DeskLock(first), DeskLock(second)]
    for lock in locks:
        lock.take()
    assert running(verb) == 0
    for lock, store in zip(locks, (first, second), strict=True):
        lock.release()
        store.close()
    verb.close()
