"""The store: one SQLite file or one PostgreSQL database, behind one handful of methods.

Every room speaks fixed SQL with "?" through it, the same on both databases. Connections belong to threads and never
open by themselves: a thread that comes later uses `session()`. Only the ledger writes, or a verb that has no desk.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import peewee

from maildesk.store.drivers import Postgresql, Sqlite, open_postgresql, open_sqlite, postgres_sql, psycopg_error
from maildesk.store.errors import DATABASE_ERRORS, Unavailable, as_peewee
from maildesk.store.ids import Counters, Drawn, Numbers, Sequences
from maildesk.store.memory import Memory, outdates
from maildesk.store.table import bound
from maildesk.store.text import clean_all

PATIENCE = 25  # seconds to wait for a lock, so that a 451 still comes within 30
CACHE_MIB = 16
Row = tuple[Any, ...]
T = TypeVar("T")


def same_sql(sql: str) -> str:
    return sql


def sqlite_path(url: str, state_dir: Path) -> Path:
    """sqlite:///name lies in state_dir; sqlite:////path is absolute."""
    return state_dir / url.removeprefix("sqlite:///")


class Here(threading.local):
    """What the calling thread has: its driver's connection, and what `changed` saw last."""

    def __init__(self) -> None:
        self.connection: Any = None
        self.seen: Row | None = None
        self.memory = Memory()
        self.drawn: Drawn | None = None  # the numbers of a batch, on SQLite


class Store:
    """Made by `Store.open`, which connects the calling thread."""

    def __init__(self, database: Sqlite | Postgresql, driver_error: type[Exception], url: str, state_dir: Path) -> None:
        self.database = database
        self.driver_error = driver_error
        self.url = url
        self.state_dir = state_dir
        self.postgres = isinstance(database, Postgresql)
        self._sql = postgres_sql if self.postgres else same_sql
        self._numbers: Numbers = Sequences(self) if self.postgres else Counters(self)
        self._here = Here()
        bound.initialize(database)

    @classmethod
    def open(cls, url: str, state_dir: Path, *, cache_mib: int = CACHE_MIB, patience: float = PATIENCE) -> Store:
        """Raises Unavailable when there is no way to the database. Creates an empty file, never a table."""
        try:
            state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            if url.startswith("sqlite:"):
                store = cls(
                    open_sqlite(sqlite_path(url, state_dir), cache_mib, patience), sqlite3.Error, url, state_dir
                )
            else:
                driver_error = psycopg_error()  # which also fetches the driver
                store = cls(open_postgresql(url, patience), driver_error, url, state_dir)
            store.connect()
        except (OSError, *DATABASE_ERRORS) as error:
            raise Unavailable(f"the store {without_password(url)} cannot be opened: {reason(error)}") from error
        return store

    # connections

    def connect(self) -> None:
        """Connect the calling thread, if it is not."""
        self.database.connect(reuse_if_open=True)
        self._here.connection = self.database.connection()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Close the calling thread's connection."""
        self.database.close()
        self._here.connection = None
        self._here.memory.forget()

    def abandon(self) -> None:
        """Drop the calling thread's connection whatever state it is in; what it had not committed is undone."""
        if self.database.is_closed():
            return
        connection = self.database.connection()  # type: ignore[no-untyped-call]
        self.database.dispose()
        self._here.connection = None
        self._here.memory.forget()
        try:
            connection.close()
        except self.driver_error:
            return  # it was gone already

    @contextmanager
    def session(self) -> Iterator[Store]:
        """A connection for a thread that has none, closed at the end."""
        opened = self.database.is_closed()
        self.connect()
        try:
            yield self
        finally:
            if opened:
                self.abandon()

    def copy_into(self, folder: Path) -> None:
        """A SQLite store as it stands, into another state folder; whoever writes meanwhile is not held up."""
        copy = sqlite3.connect(folder / sqlite_path(self.url, self.state_dir).name)
        try:
            self._connection().backup(copy)
        except sqlite3.Error as error:
            raise as_peewee(error) from error
        finally:
            copy.close()

    # statements

    def execute(self, sql: str, params: Sequence[object] = ()) -> Any:
        """The driver's cursor. Errors are peewee's; `one` and `all` see to those of fetching too."""
        connection = self._here.connection or self._connection()
        if outdates(sql):
            self._here.memory.forget()
        try:
            return connection.execute(self._sql(sql), clean_all(params))
        except self.driver_error as error:
            raise as_peewee(error) from error

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        cursor = self._connection().cursor()
        if outdates(sql):
            self._here.memory.forget()
        try:
            cursor.executemany(self._sql(sql), [clean_all(row) for row in rows])
        except self.driver_error as error:
            raise as_peewee(error) from error

    def one(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        cursor = self.execute(sql, params)
        try:
            row: Row | None = cursor.fetchone()
        except self.driver_error as error:
            raise as_peewee(error) from error
        return row

    def inserted(self, sql: str, params: Sequence[object]) -> int:
        """The id of the one row that this INSERT makes."""
        if not self.postgres:  # RETURNING would have SQLite look through every table that refers to this one
            return int(self.execute(sql, params).lastrowid)
        row = self.one(sql + " RETURNING id", params)
        if row is None:
            raise AssertionError("INSERT ... RETURNING gave no row")
        return int(row[0])

    def all(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        cursor = self.execute(sql, params)
        try:
            rows: list[Row] = cursor.fetchall()
        except self.driver_error as error:
            raise as_peewee(error) from error
        return rows

    def known(self, ask: Callable[..., T], *about: Hashable) -> T:
        """What `ask(store, *about)` reads of the directory; in the ledger's batches once, until it changes."""
        answers = self._here.memory.answers
        if answers is None:
            return ask(self, *about)
        key = ask, about
        if key not in answers:
            answers[key] = ask(self, *about)
        answer: T = answers[key]
        return answer

    def _connection(self) -> Any:
        """The calling thread's; peewee's own way to it goes over its state at each statement."""
        if self._here.connection is None:
            raise peewee.InterfaceError("this thread has no connection to the store")
        return self._here.connection

    def atomic(self) -> AbstractContextManager[Any]:
        """A transaction (BEGIN IMMEDIATE on SQLite); inside one, a savepoint."""
        return self.database.atomic()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """A transaction, or a savepoint, of which nothing stays."""
        memory = self._here.memory
        with self.database.atomic() as transaction, self.numbered(give_back=True), memory.aside():
            yield
            transaction.rollback()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """The ledger's transaction."""
        here = self._here
        with self.database.atomic():
            here.memory.open(None if self.postgres else self.one("PRAGMA data_version"))
            here.drawn = drawn = None if self.postgres else Drawn(self, here.memory.numbers)
            done = False
            try:
                yield
                if drawn:
                    drawn.write()
                    here.memory.numbers = drawn.values
                done = True
            finally:
                if not done:
                    here.memory.forget()  # it may have read what is undone
                here.drawn = None
                here.memory.close()

    # numbers

    def serial(self) -> int:
        """The next id of a mail or letter."""
        return self.serials(1)[0]

    def serials(self, count: int) -> list[int]:
        """As many of them, in their order."""
        return self._counters().serials(count)

    def next_number(self) -> int:
        """The next ticket's number: rising, never reused."""
        return self._counters().ticket()

    def _counters(self) -> Numbers:
        if self._here.drawn:
            return self._here.drawn
        if not self.postgres:
            self._here.memory.forget()
        return self._numbers

    @contextmanager
    def numbered(self, *, give_back: bool = False) -> Iterator[None]:
        """Numbers of a batch drawn inside are free again when that fails, or is to be undone anyway."""
        drawn = self._here.drawn
        before = drawn.values if drawn else {}
        taken = False
        try:
            yield
            taken = not give_back
        finally:
            if drawn and not taken:
                drawn.values = before

    def changed(self) -> bool:
        """Whether anybody else committed since this thread asked last; the first time True.

        On PostgreSQL it may be True without need (own commits count), never False when somebody did commit.
        """
        if self.postgres:
            row = self.one("SELECT CAST(pg_current_snapshot() AS text)")
        else:
            row = self.one("PRAGMA data_version")
        before, self._here.seen = self._here.seen, row
        return row != before


def without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", url)


def reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    damaged = "; restore a backup" if type(error) is peewee.DatabaseError else ""
    return (lines[0] if lines else type(error).__name__) + damaged
