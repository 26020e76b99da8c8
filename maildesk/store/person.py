"""A person: all addresses and names under which the store knows somebody, and whether it does at all.

Called by store/person_export and store/person_erase. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from maildesk.store.database import Row, Store
from maildesk.store.match import places
from maildesk.words.frozen import frozen

BATCH = 500  # values of one statement; every database takes that many

ADDRESSES = """
    SELECT address FROM person_address WHERE contact_id = ? OR agent_id = ? ORDER BY position, address"""
OWNER = "SELECT contact_id, agent_id FROM person_address WHERE address = ?"
NAMES = (
    "SELECT name FROM contact WHERE id IN (SELECT contact_id FROM person_address WHERE address IN {})",
    "SELECT name FROM agent WHERE id IN (SELECT agent_id FROM person_address WHERE address IN {})",
    "SELECT DISTINCT sender_name FROM mail WHERE sender IN {}",
    "SELECT DISTINCT requester_name FROM ticket WHERE requester IN {}",
    "SELECT DISTINCT name FROM participant WHERE address IN {}",
    "SELECT DISTINCT name FROM newcomer WHERE address IN {}",
)
TRACES = (
    "SELECT 1 FROM letter WHERE recipient IN {} LIMIT 1",
    "SELECT 1 FROM survey WHERE address IN {} LIMIT 1",
    "SELECT 1 FROM mail WHERE mail_from IN {} LIMIT 1",
    "SELECT 1 FROM pause WHERE address IN {} LIMIT 1",
    "SELECT 1 FROM event WHERE by IN {} LIMIT 1",
    "SELECT 1 FROM organisation WHERE account_manager IN {} LIMIT 1",
)


@frozen
class Person:
    address: str  # the one he was asked for by
    addresses: tuple[str, ...]  # all of his
    names: tuple[str, ...]
    known: bool
    agent: bool


def find(store: Store, address: str) -> Person:
    """`address` is in the one normal form."""
    owner = store.one(OWNER, (address,))
    own = [each for (each,) in store.all(ADDRESSES, owner)] if owner else []
    addresses = tuple(dict.fromkeys((address, *own)))
    rows = [row for sql in NAMES for row in store.all(sql.format(places(len(addresses))), addresses)]
    names = tuple(dict.fromkeys(name for (name,) in rows if name))
    traced = any(store.one(sql.format(places(len(addresses))), addresses) for sql in TRACES)
    return Person(address, addresses, names, bool(owner or rows or traced), bool(owner and owner[1]))


def among(store: Store, sql: str, values: Iterable[object]) -> Iterator[Row]:
    """The rows of a statement that asks for `{}`, one of many values, also of more than it takes at once."""
    for some in batches(values):
        yield from store.all(sql.format(places(len(some))), some)


def change(store: Store, sql: str, values: Iterable[object], *before: object) -> int:
    """The same for a statement that writes, whose other values come `before`; how many rows."""
    return sum(int(store.execute(sql.format(places(len(some))), (*before, *some)).rowcount) for some in batches(values))


def batches(values: Iterable[object]) -> Iterator[Sequence[object]]:
    every = list(values)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]
