"""What is remembered of IMAP mailboxes, and which daemon serves one.

Called through ledger jobs on behalf of the mailbox doors. What was stored is known by the ledger's rows alone
(their `source`), never by the state of the folder.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime

from maildesk.store.database import Store
from maildesk.store.moments import micros, moment

ADVISORY = 0x6D626F78  # "mbox": the first half of a mailbox's advisory lock
AT_ONCE = 500  # sources asked for in one statement
HELD_HERE = """
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
    AND classid = CAST(? AS bigint) AND objid = CAST(? AS bigint) AND objsubid = 2"""


def first_login(store: Store, name: str, now: datetime) -> datetime:
    """When this mailbox was first logged in to: `now`, when this is that moment."""
    store.execute(
        "INSERT INTO mailbox (name, first_login, uidvalidity) VALUES (?, ?, 0) ON CONFLICT (name) DO NOTHING",
        (name, micros(now)),
    )
    [(at,)] = store.all("SELECT first_login FROM mailbox WHERE name = ?", (name,))
    return moment(at)


def uidvalidity(store: Store, name: str, value: int) -> int:
    """Keep the folder's UIDVALIDITY; the one before, 0 for none."""
    row = store.one("SELECT uidvalidity FROM mailbox WHERE name = ?", (name,))
    store.execute("UPDATE mailbox SET uidvalidity = ? WHERE name = ?", (value, name))
    return int(row[0]) if row else 0


def seen(store: Store, sources: Iterable[str]) -> set[str]:
    """Those of the sources that have a row already."""
    asked = list(sources)
    found: set[str] = set()
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        marks = ", ".join("?" * len(part))
        rows = store.all(f"SELECT source FROM mail WHERE source <> '' AND source IN ({marks})", part)  # noqa: S608
        found.update(source for (source,) in rows)
    return found


def good(store: Store, name: str, now: datetime) -> None:
    """The mailbox was read through to its end."""
    store.execute("UPDATE mailbox SET last_good = ? WHERE name = ?", (micros(now), name))


def last_good(store: Store) -> dict[str, datetime | None]:
    """For `status` and `health`: when each mailbox was last read through to its end."""
    found = store.all("SELECT name, last_good FROM mailbox ORDER BY name")
    return {name: None if at is None else moment(at) for name, at in found}


def serve(store: Store, name: str) -> bool:
    """Whether this daemon may serve the mailbox: always on SQLite, on PostgreSQL one daemon at a time.

    The lock belongs to the ledger's connection and is gone with it, so ask before each connection to the server.
    """
    if not store.postgres:
        return True
    half = zlib.crc32(name.encode()) >> 1  # PostgreSQL's halves have 31 bits and a sign
    if store.one(HELD_HERE, (ADVISORY, half)):
        return True
    row = store.one("SELECT pg_try_advisory_lock(CAST(? AS integer), CAST(? AS integer))", (ADVISORY, half))
    return bool(row and row[0])


def leave(store: Store, name: str) -> None:
    """Let another daemon serve it."""
    if store.postgres and serve(store, name):
        half = zlib.crc32(name.encode()) >> 1
        store.execute("SELECT pg_advisory_unlock(CAST(? AS integer), CAST(? AS integer))", (ADVISORY, half))
