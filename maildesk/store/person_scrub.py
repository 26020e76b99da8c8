"""What a database keeps of rows that were changed or deleted: free pages, the log, dead rows, statistics.

Called by `maildesk person erase` after its transaction, outside of any. It waits for others as long as every
statement does, then raises Busy: what was erased stays erased, and the next call goes on from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from maildesk.store.database import Store
from maildesk.store.errors import DATABASE_ERRORS, causes
from maildesk.store.tables import TABLES

WANTED = "scrub"
LOCKED = ("55P03", "40P01")  # lock_not_available, deadlock_detected
OLDER = """
    SELECT COUNT(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
    AND age(backend_xmin) >= age(CAST(? AS xid))"""


class Busy(Exception):
    """Somebody is in the way for longer than we wait. `str()` of it is a sentence for the operator."""


def want_scrub(store: Store) -> None:
    """Inside the transaction that erases: remembered until it is done."""
    last = store.one("SELECT txid_current()") if store.postgres else None
    store.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (WANTED, str(int(last[0]) % 2**32) if last else "1"),
    )


def wants_scrub(store: Store) -> bool:
    return store.one("SELECT 1 FROM meta WHERE key = ?", (WANTED,)) is not None


def scrub(store: Store) -> None:
    """Raises Busy."""
    with _in_time():
        if store.postgres:
            _postgresql(store)
        else:
            _sqlite(store)
        store.execute("DELETE FROM meta WHERE key = ?", (WANTED,))


def _sqlite(store: Store) -> None:
    """The file anew without its free pages; then all of the log into it, and the log to nothing."""
    store.execute("PRAGMA temp_store = FILE")  # the copy may be larger than the memory
    try:
        store.execute("VACUUM")
        checkpointed = store.one("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.execute("PRAGMA temp_store = MEMORY")
    if checkpointed is None or checkpointed[0]:
        raise Busy(_sentence("somebody is reading"))


def _postgresql(store: Store) -> None:
    """Every table anew without dead rows; what the planner remembers of values, too."""
    row = store.one("SELECT value FROM meta WHERE key = ?", (WANTED,))
    older = store.one(OLDER, (row[0],)) if row else None
    if older and older[0]:
        raise Busy(_sentence("a session sees the store as it was before, such as pg_dump's"))
    for table in TABLES:
        store.execute(f'VACUUM (FULL, ANALYZE) "{table._meta.table_name}"')
    store.execute("VACUUM FULL pg_catalog.pg_statistic")


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except DATABASE_ERRORS as error:
        for cause in causes(error):
            told = getattr(cause, "sqlite_errorname", "")
            if told.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or getattr(cause, "sqlstate", None) in LOCKED:
                raise Busy(_sentence("somebody else has the store")) from error
        raise


def _sentence(why: str) -> str:
    return f"the rows are erased, but the database still holds their bytes: {why}; run the same command again"
