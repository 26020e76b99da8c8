"""A desk to play on: whatever is done with it is thrown away at the end.

`rehearsal` is for `import --dry-run`: on SQLite a copy of the store in state_dir, so that a long one holds up no mail;
on PostgreSQL the store itself, and the caller undoes what it did. A copy that a killed process left is taken away by
the next one. `look` is for `explain`.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maildesk.cli.desk import clock, configuration, journal
from maildesk.cli.exits import STORAGE, Exit
from maildesk.config import Config
from maildesk.desk.desk import Desk
from maildesk.desk.opening import open_desk
from maildesk.desk.storeroom import open_store
from maildesk.store.database import Store, sqlite_path

PREFIX = "rehearsal-"
MIB = 1 << 20
SPARE = 64 * MIB  # what a copy leaves to the desk, which must go on taking mail


@contextmanager
def rehearsal() -> Iterator[Desk]:
    config = configuration()
    opened, _ = open_store(config, secrets.token_bytes)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=config.desk.state_dir) as scratch:
        try:
            if not opened.postgres:
                _tidy(config.desk.state_dir)
                _copy(opened, Path(scratch))
                config = in_folder(config, Path(scratch))
        finally:
            opened.close()
        with open_desk(config, clock=clock, journal=journal(config), entropy=secrets.token_bytes) as desk:
            yield desk


@contextmanager
def look() -> Iterator[Desk]:
    """The desk itself, for who writes nothing; where it has no store yet, a new one that is not kept."""
    config = configuration()
    with tempfile.TemporaryDirectory(prefix="maildesk-") as scratch:
        if _has_none(config):
            config = in_folder(config, Path(scratch))
            key = config.desk.model_copy(update={"key_file": Path(scratch) / "key", "old_key_files": ()})
            config = config.model_copy(update={"desk": key})
        with open_desk(config, clock=clock, journal=journal(config), entropy=secrets.token_bytes) as desk:
            yield desk


def _has_none(config: Config) -> bool:
    """No store, nor a trace of a lost one."""
    url, state_dir = config.store.url, config.desk.state_dir
    if not url.startswith("sqlite:"):
        return False  # somebody has made the database
    return not sqlite_path(url, state_dir).exists() and not (state_dir / "filled").exists()


def in_folder(config: Config, state_dir: Path) -> Config:
    """The same desk with another state folder; its key stays where it is."""
    url = f"sqlite:///{Path(config.store.url).name}"
    return config.model_copy(
        update={
            "desk": config.desk.model_copy(update={"state_dir": state_dir}),
            "store": config.store.model_copy(update={"url": url}),
        }
    )


def no_room(octets: int, free: int) -> str:
    """Why there can be no copy of so many octets; "" when there can."""
    if octets + SPARE <= free:
        return ""
    return (
        f"a dry run plays on a copy of the store, which takes {octets // MIB + 1} MB and must leave {SPARE // MIB} MB; "
        f"{free // MIB} MB are free"
    )


def _copy(store: Store, folder: Path) -> None:
    database = sqlite_path(store.url, store.state_dir)
    files = (database, database.with_name(f"{database.name}-wal"))
    octets = sum(file.stat().st_size for file in files if file.exists())
    if problem := no_room(octets, shutil.disk_usage(folder).free):
        raise Exit(STORAGE, f"maildesk: {store.state_dir}: {problem}; make room")
    store.copy_into(folder)


def _tidy(state_dir: Path) -> None:
    """Copies of processes that are no more: they hold everybody's mail."""
    for left in state_dir.glob(f"{PREFIX}*-*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(left, ignore_errors=True)
