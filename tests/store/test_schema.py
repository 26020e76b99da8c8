"""The schema on both databases: the migrations make what the models say, once, and only where nothing else is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from maildesk.store import schema
from maildesk.store.database import Store
from maildesk.store.errors import KeyMismatch, SchemaPending, SchemaTooNew, StoreError, Unavailable
from maildesk.store.tables import TABLES

MAIL = (  # columns of the first schema
    "id, door, received, mail_from, recipients, peer, source, message_id, id_hash, sha256, twin, size, sender, "
    "sender_name, addressed, subject, text, reply_text, problems, outcome, reason, rule, rules, decisions, visibility, "
    "history"
)


@pytest.fixture
def empty(empty_url: str, tmp_path: Path) -> Iterator[Store]:
    store = Store.open(empty_url, tmp_path / "state")
    yield store
    store.abandon()


def shape(store: Store) -> dict[str, object]:
    return {table: shape_of(store, table) for table in sorted(schema.tables(store) - {"schema_migration"})}


def shape_of(store: Store, table: str) -> object:
    """Columns, keys and indexes, as the database tells them."""
    database = store.database
    columns = [(each.name, each.data_type, each.null, each.primary_key) for each in database.get_columns(table)]
    indexes = [(each.name, (each.sql or "").replace('"', ""), each.unique) for each in database.get_indexes(table)]
    keys = [
        (each.column, each.dest_table, each.dest_column, each.on_delete) for each in database.get_foreign_keys(table)
    ]
    return columns, sorted(indexes), sorted(keys), list(database.get_primary_keys(table))


def test_the_migrations_make_what_the_models_say(empty: Store) -> None:
    empty.database.create_tables(TABLES, safe=False)
    said = shape(empty)
    empty.database.drop_tables(TABLES)
    schema.ensure(empty)
    made = shape(empty)
    assert made.keys() == said.keys()
    for table, columns in said.items():
        assert made[table] == columns, table


def test_an_empty_store_is_filled_and_a_filled_one_left_alone(empty: Store) -> None:
    assert schema.is_empty(empty)
    assert schema.pending(empty) == schema.known()
    schema.ensure(empty)
    assert not schema.is_empty(empty)
    assert schema.pending(empty) == []
    assert schema.upgrade(empty) == []


def test_a_store_that_waits_for_upgrade_is_refused_with_the_command(store: Store) -> None:
    store.execute("DELETE FROM schema_migration")
    with pytest.raises(SchemaPending, match="run: maildesk upgrade"):
        schema.ensure(store)


def test_a_store_of_a_newer_maildesk_is_refused(store: Store) -> None:
    store.execute("INSERT INTO schema_migration (name) VALUES ('9999_later')")
    for ask in (schema.pending, schema.upgrade, schema.ensure):
        with pytest.raises(SchemaTooNew, match="install the newer version"):
            ask(store)


def test_a_database_of_something_else_is_refused(empty: Store) -> None:
    empty.execute("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match="invoices"):
        schema.ensure(empty)
    assert schema.tables(empty) == {"invoices"}


def test_a_migration_that_is_cut_short_leaves_nothing(empty: Store) -> None:
    empty.execute("CREATE TABLE schema_migration (name VARCHAR(255) NOT NULL PRIMARY KEY)")
    empty.execute("CREATE TABLE tally (n INTEGER)")  # the first migration stumbles over it, near its end
    with pytest.raises(Exception, match="tally"):
        schema.upgrade(empty)
    assert schema.tables(empty) == {"schema_migration", "tally"}
    assert schema.applied(empty) == []


def test_who_waited_before_contacts_were_asked_counts_as_not_asked_about(empty: Store) -> None:
    empty.execute("CREATE TABLE schema_migration (name VARCHAR(255) NOT NULL PRIMARY KEY)")
    for name in ("0001_first", "0002_unwritten"):
        import_module(f"maildesk.store.migrations.{name}").up(empty)
        empty.execute("INSERT INTO schema_migration (name) VALUES (?)", (name,))
    for ident, reason in ((1, "awaiting consent"), (2, "unproved")):
        values = (
            ident,
            "deliver",
            0,
            "",
            "[]",
            "",
            "",
            f"m{ident}@x",
            ident,
            "ab",
            "",
            0,
            *[""] * 7,
            "held",
            *[""] * 6,
        )
        empty.execute(f"INSERT INTO mail ({MAIL}) VALUES ({', '.join('?' * len(values))})", values)
        empty.execute("INSERT INTO held (mail_id, reason, queue, state) VALUES (?, ?, '', 'waiting')", (ident, reason))
    assert schema.upgrade(empty) == schema.known()[2:]
    held = empty.all("SELECT reason, answer, answered_by, taker FROM held ORDER BY mail_id")
    assert held == [("awaiting consent; nobody was asked", "", "", ""), ("unproved", "", "", "")]


def test_two_that_start_together_fill_the_store_once(empty: Store) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            with empty.session():
                schema.ensure(empty)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert schema.pending(empty) == []


def test_a_database_that_was_lost_is_not_begun_anew_in_silence(tmp_path: Path) -> None:
    store = Store.open("sqlite:///maildesk.db", tmp_path)
    schema.ensure(store)
    schema.ensure(store)
    store.close()
    (tmp_path / "maildesk.db").unlink()
    store = Store.open("sqlite:///maildesk.db", tmp_path)
    with pytest.raises(StoreError, match="restore a backup"):
        schema.ensure(store)
    (tmp_path / "filled").unlink()
    schema.ensure(store)
    store.close()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "maildesk.db").write_bytes(b"something else, and more of it" * 100)
    with pytest.raises(Unavailable, match="restore a backup"):
        Store.open("sqlite:///maildesk.db", tmp_path)
    assert (tmp_path / "maildesk.db").read_bytes().startswith(b"something else")


def test_the_store_remembers_its_key(store: Store) -> None:
    schema.remember_key(store, "first")
    schema.remember_key(store, "first")
    with pytest.raises(KeyMismatch, match="old_key_files"):
        schema.remember_key(store, "other")
    schema.remember_key(store, "second", former=["first"])
    with pytest.raises(KeyMismatch):
        schema.remember_key(store, "first")


def test_the_same_mail_has_one_row_that_is_no_duplicate(store: Store) -> None:
    for outcome, refused in [("ticket", False), ("duplicate", False), ("duplicate", False), ("held", True)]:
        values = (store.serial(), "lmtp:a", 0, "", "[]", "", "", "m@x", 7, "ab", "", 0, *[""] * 7, outcome, *[""] * 6)
        sql = f"INSERT INTO mail ({MAIL}) VALUES ({', '.join('?' * len(values))})"
        if refused:
            with pytest.raises(Exception, match=r"(?i)unique"):
                store.execute(sql, values)
        else:
            store.execute(sql, values)
