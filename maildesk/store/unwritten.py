"""Letters that are not written yet: which are next, what became of them, and how one would look.

`due`, `keep` and `refuse` run in quiet ledger jobs on behalf of a postman (desk/writing); `in_full` is for views. A
letter is written once: its bytes are kept before the first try to send it, and never change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Protocol

import peewee

from maildesk.store.database import Row, Store
from maildesk.store.errors import is_storage, origin
from maildesk.store.moments import micros
from maildesk.words import Order

# Those whose turn it is, written or not: beyond them nothing is looked at, however many wait.
NEXT = """
    SELECT {columns} FROM letter
    WHERE state = 'waiting' AND next_try <= ? AND (lease_until IS NULL OR lease_until <= ?)
    ORDER BY next_try, id LIMIT ?"""
DUE_SQLITE = f"""
    SELECT id, name, unwritten FROM ({NEXT.format(columns="id, name, unwritten, next_try")}) AS next
    WHERE unwritten <> '' ORDER BY next_try, id"""  # noqa: S608 - a SQLite store has one daemon, and needs no leases
DUE_POSTGRESQL = f"""
    UPDATE letter SET lease_until = ?, lease_by = ?
    WHERE id = ANY (ARRAY ({NEXT.format(columns="id")} FOR UPDATE SKIP LOCKED)) AND unwritten <> ''
    RETURNING id, name, unwritten, next_try"""  # noqa: S608 - names of our own
LEASE = timedelta(minutes=1)  # as a rule far more than it takes; what two daemons write is kept once all the same
UNWRITABLE = "cannot be written: "  # how the last error of such a letter begins
COLUMNS = ("sender", "subject", "text", "message_id", "mail_from", "head", "body", "boundary")
KEEP = f"""
    UPDATE letter SET {", ".join(f"{name} = ?" for name in COLUMNS)}, unwritten = '', lease_until = NULL
    WHERE id = ? AND unwritten <> ''"""  # noqa: S608 - names of our own
REFUSE = """
    UPDATE letter SET state = 'held', next_try = NULL, last_error = ?, lease_until = NULL
    WHERE id = ? AND state = 'waiting' AND unwritten <> ''"""


class Rendered(Protocol):
    """A letter as it will leave; what letters/render makes."""

    @property
    def sender(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def head(self) -> bytes: ...
    @property
    def body(self) -> bytes: ...
    @property
    def boundary(self) -> str: ...


Write = Callable[[Order], Rendered | None]  # None: it cannot be written


def due(store: Store, now: datetime, limit: int, daemon: int = 0) -> list[Order]:
    """Of the `limit` letters that are next to go those to write, first due first; ours for the next minute."""
    at = micros(now)
    if not store.postgres:
        return [Order(*row) for row in store.all(DUE_SQLITE, (at, at, limit))]
    taken = store.all(DUE_POSTGRESQL, (micros(now + LEASE), daemon, at, at, limit))
    return [Order(*row[:3]) for row in sorted(taken, key=lambda row: (row[3], row[0]))]


def keep(store: Store, written: Sequence[tuple[int, Rendered]]) -> dict[int, str]:
    """Letters as they will leave, by their serials. Those that the database does not take, and why."""
    if not written or not _fault(store, written):
        return {}
    faults = {serial: _fault(store, [(serial, rendered)]) for serial, rendered in written}
    return {serial: fault for serial, fault in faults.items() if fault}


def _fault(store: Store, written: Sequence[tuple[int, Rendered]]) -> str:
    """Why the database does not take all of these, and so none; "" when it does."""
    try:
        with store.atomic():
            store.many(KEEP, [(*_values(rendered), serial) for serial, rendered in written])
    except peewee.DatabaseError as error:
        if is_storage(error):
            raise
        return str(origin(error))
    return ""


def refuse(store: Store, serial: int, error: str) -> bool:
    """A letter that cannot be written waits for an operator. False when it no longer wants to be written."""
    return bool(store.execute(REFUSE, (UNWRITABLE + error, serial)).rowcount)


def in_full(store: Store, columns: Sequence[str], where: str, values: Sequence[object], write: Write) -> list[Row]:
    """These columns of letters; of one that is not written yet as it would be written now, if it can be."""
    names = ", ".join(columns)
    rows = store.all(f"SELECT id, name, unwritten, {names} FROM letter WHERE {where}", values)  # noqa: S608
    return [_as_written(columns, row[3:], write(Order(*row[:3]))) if row[2] else row[3:] for row in rows]


def _as_written(columns: Sequence[str], row: Row, rendered: Rendered | None) -> Row:
    if rendered is None:
        return row
    return tuple(
        getattr(rendered, name) if name in COLUMNS else value for name, value in zip(columns, row, strict=True)
    )


_values = attrgetter(*COLUMNS)
