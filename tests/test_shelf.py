"""A database that is lent again is as the first time; what cannot be made so again is not lent again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests.shelf import Shelf, schema


@pytest.fixture
def shelf(postgres_server: str, postgres_template: str) -> Iterator[Shelf]:
    shelf = Shelf(postgres_server, postgres_template)
    yield shelf
    shelf.clear()


def content(url: str) -> list[object]:
    """The rows of all tables, and the sequences."""
    found: list[object] = []
    with psycopg.connect(url) as connection:
        relations = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace"
        for (name,) in connection.execute(f"{relations} ORDER BY relname").fetchall():
            found.append((name, connection.execute(f'SELECT * FROM "{name}"').fetchall()))
    return found


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


ROWS = (
    "DELETE FROM schema_migration",
    "INSERT INTO schema_migration VALUES ('9999_other')",
    "INSERT INTO organisation (name, plan, active, until, account_manager) VALUES ('Acme', '', true, '', '')",
    "INSERT INTO domain (name, organisation_id) SELECT 'acme.example', id FROM organisation",
    "SELECT nextval('counter_ticket')",
    "SELECT nextval('counter_serial') FROM generate_series(1, 50)",
)
MORE_THAN_ROWS = {
    "a table": "CREATE TABLE more (id integer)",
    "a column": "ALTER TABLE meta ADD COLUMN more integer",
    "no column": "ALTER TABLE meta DROP COLUMN value",
    "a default": "ALTER TABLE meta ALTER COLUMN value SET DEFAULT 'x'",
    "no table": "DROP TABLE pause",
    "an index": "CREATE INDEX more ON meta (value)",
    "a trigger": """CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER no BEFORE INSERT ON meta FOR EACH ROW EXECUTE FUNCTION no()""",
    "a disabled constraint": "ALTER TABLE chunk DISABLE TRIGGER ALL",
    "a sequence": "ALTER SEQUENCE counter_serial INCREMENT BY 7",
    "a view": "CREATE VIEW more AS SELECT 1 AS one",
    "a type": "CREATE TYPE more AS ENUM ('one')",
    "a schema": "CREATE SCHEMA more",
    "a setting": """DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET work_mem = ''8MB''', current_database()); END $$""",
}


def test_it_comes_again_with_the_rows_and_sequences_of_the_first_time(shelf: Shelf) -> None:
    url = shelf.take()
    before = content(url)
    change(url, *ROWS)
    assert content(url) != before
    shelf.give_back(url)
    assert shelf.take() == url
    assert content(url) == before


def test_two_at_once_are_two(shelf: Shelf) -> None:
    assert shelf.take() != shelf.take()


def test_where_more_than_rows_has_changed_it_does_not_come_again(shelf: Shelf) -> None:
    url = shelf.take()
    change(url, "CREATE TABLE more (id integer)")
    shelf.give_back(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


@pytest.mark.parametrize("statement", MORE_THAN_ROWS.values(), ids=MORE_THAN_ROWS)
def test_every_change_but_of_rows_is_noticed(postgres_url: str, statement: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        before = schema(connection)
        for row in ROWS:
            connection.execute(row)  # type: ignore[arg-type]
        assert schema(connection) == before
        connection.execute(statement)  # type: ignore[arg-type]
        assert schema(connection) != before
        connection.rollback()


def test_while_somebody_is_connected_it_does_not_come_again(shelf: Shelf) -> None:
    url = shelf.take()
    with psycopg.connect(url) as left_behind:
        shelf.give_back(url)
        with pytest.raises(psycopg.OperationalError):
            left_behind.execute("SELECT 1")
    assert shelf.take() != url


def backend(url: str, *statements: str, **parameters: int) -> int:
    """Which one a test got that did this and left it undone."""
    with closing(psycopg.connect(url, **parameters)) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]
        return connection.info.backend_pid


LEFT = (
    "SET lock_timeout = 77",
    "SELECT pg_advisory_lock(7)",
    "CREATE TEMPORARY TABLE mine (id integer)",
    "COMMIT",
    "UPDATE meta SET value = 'x'",
)
FOUND = {
    "SHOW lock_timeout": "0",
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'": 0,
    "SELECT to_regclass('mine')": None,
    "SELECT count(*) FROM meta WHERE value = 'x'": 0,
}


def test_a_connection_is_lent_again_as_a_new_one(shelf: Shelf) -> None:
    url = shelf.take()
    with shelf.warm.lending():
        first = backend(url, *LEFT)
        with closing(psycopg.connect(url)) as again:
            assert again.info.backend_pid == first
            assert backend(url) != first, "it is lent to one at once"
            assert {question: next(again.execute(question))[0] for question in FOUND} == FOUND
        assert backend(url, connect_timeout=9) != first, "it was opened with others"


def test_a_database_whose_connections_wait_comes_again_and_they_with_it(shelf: Shelf) -> None:
    url = shelf.take()
    with shelf.warm.lending():
        first = backend(url)
        shelf.give_back(url)
        assert shelf.take() == url
        assert backend(url) == first


def test_a_connection_that_broke_is_not_lent_again(shelf: Shelf) -> None:
    url = shelf.take()
    with shelf.warm.lending():
        with closing(psycopg.connect(url)) as broken:
            change(url, f"SELECT pg_terminate_backend({broken.info.backend_pid}, 5000)")
        assert backend(url) != broken.info.backend_pid
