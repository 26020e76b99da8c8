"""The two drivers: how each database is opened, and what its connections are told.

Used by store/database alone, which speaks to both in one way.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import peewee

from maildesk.store.errors import Unavailable
from maildesk.store.psycopg_later import hand_in_psycopg
from maildesk.store.text import clean_all

CHECKPOINT_PAGES = 4000  # 16 MiB of log: fewer checkpoints, and still replayed in well under a second
LOG_LIMIT = 64 * 1024 * 1024
QUOTED_OR_MARK = re.compile(r"'(?:[^']|'')*'|\?|%")


class Sqlite(peewee.SqliteDatabase):
    """Statements of the models lose NUL and surrogates too."""

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        return super().execute_sql(sql, clean_all(params or ()))  # type: ignore[no-untyped-call]


class Postgresql(peewee.PostgresqlDatabase):
    """The same on PostgreSQL."""

    def execute_sql(self, sql: str, params: Sequence[object] | None = None) -> Any:
        return super().execute_sql(sql, clean_all(params or ()))  # type: ignore[no-untyped-call]

    def _initialize_connection(self, conn: Any) -> None:
        # A server told to answer before the disk has it would break "250 means committed".
        conn.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )


@lru_cache(maxsize=1024)
def postgres_sql(sql: str) -> str:
    """The "?" of a statement as "%s", its other percent signs doubled, quoted text left alone."""
    return QUOTED_OR_MARK.sub(lambda hit: "%s" if hit[0] == "?" else hit[0].replace("%", "%%"), sql)


def open_sqlite(path: Path, cache_mib: int, patience: float) -> Sqlite:
    os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))  # SQLite gives -wal and -shm the same mode
    pragmas = [
        ("journal_mode", "wal"),
        ("synchronous", "full"),  # normal may lose, in a power cut, what was answered 250
        ("foreign_keys", 1),
        ("cache_size", -1024 * cache_mib),
        ("temp_store", "memory"),
        ("wal_autocheckpoint", CHECKPOINT_PAGES),
        ("journal_size_limit", LOG_LIMIT),
    ]
    return Sqlite(
        str(path),
        pragmas=pragmas,
        timeout=patience,
        lock_type="IMMEDIATE",  # reading first and writing then would lose to another writer, whatever the patience
        autoconnect=False,
        returning_clause=True,
        cached_statements=512,
    )


def psycopg_error() -> type[Exception]:
    try:
        return hand_in_psycopg()
    except ImportError as error:
        raise Unavailable('PostgreSQL needs psycopg: pip install "maildesk[postgres]"') from error


def open_postgresql(url: str, patience: float) -> Postgresql:
    # A daemon that froze inside a transaction must not keep the others out.
    limits = f"-c lock_timeout={int(patience * 1000)} -c idle_in_transaction_session_timeout=60000"
    return Postgresql(
        re.sub(r"^postgres(ql)?:", "postgresql:", url),
        prefer_psycopg3=True,
        autoconnect=False,
        connect_timeout=10,
        options=limits,
        keepalives_idle=30,
        tcp_user_timeout=30_000,
    )
