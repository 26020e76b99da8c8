"""The people of a story: read from their file the first times, and written as those rows for the stories after.

Most stories have the same ones. To read the file, check it and lay it over the store takes longer than all else that
makes a desk, and is tested elsewhere.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.store import directory
from maildesk.store.database import Store

NOBODY = " + ".join(
    f"(SELECT COUNT(*) FROM {table})" for table in ("organisation", "contact", "agent", "mail", "letter", "ticket")
)
Contents = dict[str, str]  # by table or sequence, the statements that make it so

_seen: dict[tuple[object, ...], str] = {}  # what makes an empty store theirs; "" = seen once


def peopled(store: Store, people: str, config: Config, now: datetime, *more: object) -> None:
    """`more` is what else the rows depend on: the text of the configuration."""
    key = (store.postgres, people, now, *more)
    rows = _seen.get(key, "")
    if store.one(f"SELECT {NOBODY}") != (0,):  # a second desk on the store of the test
        _apply(store, people, config, now)
    elif rows:
        run(store, rows)
    elif key in _seen:
        before = contents(store)
        _apply(store, people, config, now)
        _seen[key] = " ".join(made for name, made in contents(store).items() if made != before[name])
    else:
        _apply(store, people, config, now)
        _seen[key] = ""


def _apply(store: Store, people: str, config: Config, now: datetime) -> None:
    with store.atomic():
        directory.apply(store, people, config, now=now)


def run(store: Store, statements: str) -> None:
    """In one round trip."""
    connection = store.database.connection()
    if store.postgres:
        with store.atomic():
            connection.execute(statements)
    else:
        connection.executescript(f"BEGIN IMMEDIATE; {statements} COMMIT;")


def contents(store: Store) -> Contents:
    """In the order in which they were created, so that what is referred to stands first."""
    return _of_postgres(store) if store.postgres else _of_sqlite(store)


def _of_postgres(store: Store) -> Contents:
    found: Contents = {}
    of = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ? ORDER BY oid"
    for (table,) in store.all(of, ("r",)):
        rows = f"SELECT COALESCE(array_agg(CAST(t AS text)), CAST('{{}}' AS text[])) FROM {table} t"
        [(given,)] = store.all(f"SELECT quote_literal(CAST(({rows}) AS text))")
        found[table] = (
            f"DELETE FROM {table}; INSERT INTO {table} SELECT (CAST(r AS {table})).* "
            f"FROM unnest(CAST({given} AS text[])) r;"
        )
    for (sequence,) in store.all(of, ("S",)):
        [(value, called)] = store.all(f"SELECT last_value, is_called FROM {sequence}")
        found[sequence] = f"SELECT setval('{sequence}', {value}, {called});"
    return found


def _of_sqlite(store: Store) -> Contents:
    found: Contents = {}
    of = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('sqlite_stat1', 'sqlite_stat4')"
    for (table,) in store.all(f"{of} ORDER BY rowid"):
        columns = [f"quote({name})" for _, name, *_ in store.all(f'PRAGMA table_info("{table}")')]
        rows = store.all(f"SELECT {', '.join(columns)} FROM {table}")
        insert = f"INSERT INTO {table} VALUES " + ", ".join(f"({', '.join(row)})" for row in rows) + ";"
        found[table] = f"DELETE FROM {table}; " + (insert if rows else "")
    return found
