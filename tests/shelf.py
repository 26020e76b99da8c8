"""Databases with the schema for one test after the other: to empty one takes a hundredth of the time to make one.

Each is a copy of a template. One that comes back is emptied and lent again, if nobody is connected to it and nothing
but rows has changed: a test that alters a table, or leaves a thread behind, has had a database that nobody gets after.
"""

from __future__ import annotations

import time
import uuid

import psycopg
from psycopg import sql

from tests.warm import Warm

FIRST_OF_USERS = 16384  # PostgreSQL's own objects have smaller ids
PARTS = {  # of a schema: the catalogue and the column that says whether a row is ours
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "adrelid",
    "pg_constraint": "oid",
    "pg_index": "indexrelid",
    "pg_trigger": "oid",
    "pg_rewrite": "oid",
    "pg_policy": "oid",
    "pg_proc": "oid",
    "pg_type": "oid",
    "pg_namespace": "oid",
    "pg_event_trigger": "oid",
    "pg_statistic_ext": "oid",
    "pg_extension": "oid",
}
LAST = f"SELECT count(*), max(CAST(CAST(xmin AS text) AS bigint)) FROM {{}} WHERE {{}} >= {FIRST_OF_USERS}"
SETTINGS = "SELECT count(*), 0 FROM pg_db_role_setting JOIN pg_database ON oid = setdatabase WHERE datname = %s"
SCHEMA = " UNION ALL ".join([*(LAST.format(*part) for part in PARTS.items()), SETTINGS])
OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)"""
PATIENCE = 1.0  # seconds in which the server is done with connections that the test has closed

Connection = psycopg.Connection[tuple[object, ...]]


class Shelf:
    """The databases of one session, on a server whose user may create them. To each it keeps a connection."""

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        self._connections: dict[str, Connection] = {}
        self.warm = Warm()
        with psycopg.connect(url_of(server, template), autocommit=True) as connection:
            self._schema = schema(connection)
            self._empty = emptying(connection)

    def take(self) -> str:
        """The URL of one as it comes from the template."""
        return self._free.pop() if self._free else self._make()

    def give_back(self, url: str) -> None:
        if self._emptied(self._connections[url]):
            self._free.append(url)
        else:
            self._drop(url)

    def clear(self) -> None:
        self._free.clear()
        for url in list(self._connections):
            self._drop(url)

    def _make(self) -> str:
        url = create(self._server, f' TEMPLATE "{self._template}" STRATEGY file_copy')
        self._connections[url] = psycopg.connect(url, autocommit=True)
        return url

    def _emptied(self, connection: Connection) -> bool:
        try:
            waiting = [kept.info.backend_pid for kept in self.warm.of(connection.info.dbname)]
            if not alone(connection, waiting) or schema(connection) != self._schema:
                return False
            connection.execute(self._empty)
        except psycopg.Error:  # whatever the test has done to it
            return False
        return True

    def _drop(self, url: str) -> None:
        connection = self._connections.pop(url)
        self.warm.forget(connection.info.dbname)
        connection.close()
        drop(self._server, url)


def schema(connection: Connection) -> list[tuple[object, ...]]:
    """Another one after whatever changed more than rows: the last transaction that wrote to each catalogue."""
    return connection.execute(SCHEMA, (connection.info.dbname,)).fetchall()  # type: ignore[arg-type]


def alone(connection: Connection, waiting: list[int]) -> bool:
    """But for the backends that wait to be lent."""
    deadline = time.monotonic() + PATIENCE
    while connection.execute(OTHERS, (waiting,)).fetchone() != (0,):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def emptying(connection: Connection) -> bytes:
    """Statements that bring back the rows and sequences as they are now."""
    found = "SELECT relname FROM pg_class WHERE relkind = %s AND oid >= %s ORDER BY oid DESC"
    tables, sequences = ([str(name) for (name,) in connection.execute(found, (k, FIRST_OF_USERS))] for k in "rS")
    delete = sql.SQL("DELETE FROM {}")
    statements: list[sql.Composable] = [delete.format(sql.Identifier(name)) for name in tables]  # references first
    for name in reversed(tables):
        for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))):
            values = sql.SQL(", ").join(sql.Literal(value) for value in row)
            statements.append(sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(name), values))
    for name in sequences:
        state = connection.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        for value, called in state:
            statements.append(sql.SQL("SELECT setval({}, {}, {})").format(name, value, called))
    return sql.SQL("; ").join(statements).as_string(connection).encode()  # one transaction, being one message


def create(server: str, how: str) -> str:
    name = f"maildesk_{uuid.uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}"{how}')
    return url_of(server, name)


def drop(server: str, url: str) -> None:
    administer(server, f'DROP DATABASE "{url.rsplit("/", 1)[1]}" WITH (FORCE)')


def administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def url_of(server: str, name: str) -> str:
    return server.rsplit("/", 1)[0] + "/" + name
