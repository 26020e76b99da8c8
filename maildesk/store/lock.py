"""One daemon a state folder, and one a SQLite file: the second refuses, naming the first.

Taken by the daemon before it touches anything, asked by verbs that want to know whether one runs. The lock is the
kernel's (flock), so it ends with the process, however that ends; the number in the file is for people. Daemons that
share a PostgreSQL store have each a folder of their own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from maildesk.store.database import Store, sqlite_path
from maildesk.store.errors import DeskRunning

NAME = "lock"
NUMBER = "daemon"
DAEMON = "maildesk-daemon"  # what PostgreSQL calls a daemon's connections


class DeskLock:
    """Held from `take` until `release` or the end of the process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._descriptors: list[int] = []

    def take(self) -> None:
        """Raises DeskRunning."""
        for path in paths(self.store):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = number_in(path)
                os.close(descriptor)
                self.release()
                raise DeskRunning(
                    f"another maildesk daemon (process {holder or 'unknown'}) serves this store; stop it first"
                ) from None
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
            self._descriptors.append(descriptor)
        if self.store.postgres:  # connections of later threads are called so too
            self.store.database.connect_params["application_name"] = DAEMON
            self.store.execute("SELECT set_config('application_name', ?, false)", (DAEMON,))

    def number(self) -> int:
        """The holder's number among the daemons of the store: its folder keeps it, so the next start has it again."""
        place = self.store.state_dir / NUMBER
        found = number_in(place)
        if found is None:
            with self.store.atomic():
                found = self.store.serial()
            place.write_text(f"{found}\n", encoding="ascii")
        return found

    def release(self) -> None:
        while self._descriptors:
            descriptor = self._descriptors.pop()
            os.ftruncate(descriptor, 0)
            os.close(descriptor)
        self.store.database.connect_params.pop("application_name", None)


def running(store: Store) -> int | None:
    """The process number of a daemon that serves this store; 0 for one on another machine; None for none."""
    for path in paths(store):
        if (pid := number_in(path)) and is_locked(path):
            return pid
    if store.postgres:
        sql = "SELECT 1 FROM pg_stat_activity WHERE application_name = ? AND datname = current_database() LIMIT 1"
        return 0 if store.one(sql, (DAEMON,)) else None
    return None


def paths(store: Store) -> Iterator[Path]:
    yield store.state_dir / NAME
    if not store.postgres:
        database = sqlite_path(store.url, store.state_dir)
        if database.parent.resolve() != store.state_dir.resolve():
            yield database.with_name(f"{database.name}.lock")


def number_in(path: Path) -> int | None:
    """The number that was written there; None when there is none, or it was not written to its end."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def is_locked(path: Path) -> bool:
    """Asked only where a number stands, so that a daemon about to start does not meet this look at the lock."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
