"""The chores' rows made to agree with the directory and the configuration: what is new enters, what is gone leaves.

Called by the sweep, in jobs of its own: one looks who there is, and where that has changed, more of them see to some
rows each, so that no job grows with the desk. What is new counts as done where it has `begun`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from maildesk.config import Config
from maildesk.policy.chores import Chore, Roster, begun, chores, following
from maildesk.store.chores import roster
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.words.frozen import frozen

ALL = "SELECT name, done, due FROM chore"
ENTER = "INSERT INTO chore (name, done, told, due, next_check) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"
MOVE = "UPDATE chore SET due = ?, next_check = ? WHERE name = ? AND done = ?"  # not what has been done meanwhile
DROP = "DELETE FROM chore WHERE name = ?"


@frozen
class Doubt:
    """A chore whose row may have to change: it has none yet, or is nobody's any more, or is due at another moment."""

    name: str
    chore: Chore | None  # None: nobody wants it
    row: Row | None


@frozen
class Looked:
    there: Roster
    doubts: tuple[Doubt, ...] = ()


def look(store: Store, config: Config, now: datetime, known: Roster | None = None) -> Looked:
    """Who there is; nothing is in doubt where that has not changed since the rows agreed with `known`."""
    there = roster(store, now)
    if there == known:
        return Looked(there)
    rows = {row[0]: row for row in store.all(ALL)}
    wanted = {chore.name: chore for chore in chores(there, config)}
    gone = sorted(rows.keys() - wanted.keys())  # in one order, so that no two daemons wait for each other
    named = [*((name, None) for name in gone), *wanted.items()]
    return Looked(there, tuple(Doubt(name, chore, rows.get(name)) for name, chore in named))


def settle(store: Store, doubts: Iterable[Doubt], there: Roster, config: Config, now: datetime) -> bool:
    """True, once their rows are as they should be."""
    for each in doubts:
        if each.chore is None:
            store.execute(DROP, (each.name,))
            continue
        since = moment(each.row[1]) if each.row else begun(each.chore, now, there)
        due = following(each.chore, since, there, config)
        at = None if due is None else micros(due)
        if each.row is None:
            store.execute(ENTER, (each.name, micros(since), micros(since), at, at))
        elif at != each.row[2]:
            store.execute(MOVE, (at, at, each.name, each.row[1]))
    return True
