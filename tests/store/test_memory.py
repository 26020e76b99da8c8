"""What the ledger keeps of the directory: until when, and which statements make it forget."""

from __future__ import annotations

from contextlib import suppress

import pytest

from maildesk.store.database import Store
from maildesk.store.memory import MOST, Memory, outdates
from maildesk.store.tables import TABLES
from maildesk.store.tables_people import Agent, Contact, Domain, Organisation, PersonAddress


def test_it_knows_every_table_of_the_directory() -> None:
    here = {table._meta.table_name for table in TABLES if table.__module__.endswith("tables_people")}
    assert here == {each._meta.table_name for each in (Agent, Contact, Domain, Organisation, PersonAddress)}
    for name in here:
        for sql in ("INSERT INTO {} (id)", "insert or ignore into {} (id)", "UPDATE {} SET", "DELETE  FROM {} WHERE"):
            assert outdates(sql.format(name)), sql.format(name)
        assert not outdates(f"SELECT id FROM {name}")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE mail SET text = ?",
        "UPDATE mail SET ticket_id = ?",
        "DELETE FROM mail WHERE",
        "UPDATE ticket\nSET requester = ?,\n subject = ?",
        "ROLLBACK TO SAVEPOINT job",
    ],
)
def test_what_a_ticket_began_with_is_looked_at_again_where_that_is_changed(sql: str) -> None:
    assert outdates(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ticket SET owner_id = 1",
        "INSERT INTO newcomer (address)",
        "DELETE FROM tally",
        "INSERT INTO mail (id)",
        "UPDATE mailbox SET name",
    ],
)
def test_other_statements_change_nothing_that_is_kept(sql: str) -> None:
    assert not outdates(sql)


def filled(memory: Memory, version: object) -> Memory:
    memory.open(version)
    assert memory.answers is not None
    memory.answers["asked"] = "answered"
    memory.numbers = {"serial": 7}
    memory.close()
    return memory


def opened(memory: Memory, version: object) -> tuple[object, object]:
    memory.open(version)
    return memory.answers, memory.numbers


def test_it_keeps_answers_and_counters_while_nobody_else_has_written() -> None:
    memory = filled(Memory(), (1,))
    memory.open((1,))
    assert (memory.answers, memory.numbers) == ({"asked": "answered"}, {"serial": 7})


@pytest.mark.parametrize(("before", "after"), [((1,), (2,)), (None, None), (None, (1,)), ((1,), None)])
def test_it_keeps_nothing_where_somebody_has_or_nobody_knows(before: object, after: object) -> None:
    memory = filled(Memory(), before)
    memory.open(after)
    assert (memory.answers, memory.numbers) == ({}, {})


def test_what_is_forgotten_in_a_transaction_is_not_kept_again_before_the_next() -> None:
    memory = filled(Memory(), (1,))
    memory.open((1,))
    memory.forget()
    assert memory.answers is None
    memory.close()
    assert opened(memory, (1,)) == ({}, {})


def test_it_never_grows_beyond_its_bound_by_more_than_a_batch() -> None:
    memory = Memory()
    memory.open((1,))
    assert memory.answers is not None
    memory.answers.update(dict.fromkeys(range(MOST + 1)))
    memory.close()
    memory.open((1,))
    assert memory.answers == {}


def test_what_was_read_in_a_transaction_that_is_undone_is_not_kept(store: Store) -> None:
    asked: list[str] = []

    def ask(_: Store, when: str) -> str:
        asked.append(when)
        return when

    for _ in range(2):
        with suppress(ZeroDivisionError), store.batch():
            store.known(ask, "a batch that fails")
            assert 1 / 0
    for _ in range(2):
        with store.batch(), store.undone():
            store.known(ask, "a rehearsal")
    assert asked == ["a batch that fails"] * 2 + ["a rehearsal"] * 2
    with store.batch():
        store.known(ask, "before")
        with suppress(ZeroDivisionError), store.undone():
            store.known(ask, "a rehearsal that fails")
            assert 1 / 0
        for what in ("before", "a rehearsal that fails"):
            store.known(ask, what)
    assert asked[4:] == ["before", "a rehearsal that fails", "a rehearsal that fails"]
