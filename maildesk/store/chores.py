"""The desk's chores as rows: which are planned and for when, the one that is due first, the one that was done.

Called by the sweep and by `maildesk due`. When a chore is due, policy/chores says; a row keeps it, so that a look
costs one statement however many there are. On PostgreSQL a row is locked while its chore is done, by one daemon.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.policy.chores import Chore, Roster, begun, chores, following
from maildesk.store import people
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.stamps import rfc3339
from maildesk.store.years import terms

FIRST = "SELECT name, told, due FROM chore WHERE next_check <= ? ORDER BY next_check, name LIMIT 1"
FIRST_FREE = FIRST + " FOR UPDATE SKIP LOCKED"  # another daemon may have this one in hand
ALL = "SELECT name, done, due FROM chore"
ENTER = "INSERT INTO chore (name, done, told, due, next_check) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"
MOVE = "UPDATE chore SET due = ?, next_check = ? WHERE name = ? AND done = ?"  # not what has been done meanwhile
DONE = "UPDATE chore SET done = ?, told = ?, due = ?, next_check = ? WHERE name = ?"
PUT_OFF = "UPDATE chore SET next_check = ? WHERE name = ?"
DROP = "DELETE FROM chore WHERE name = ?"


@dataclass(frozen=True, slots=True)
class Planned:
    """A chore that is due."""

    chore: Chore
    told: datetime  # up to which moment it has told what there was
    due: datetime


def roster(store: Store, now: datetime) -> Roster:
    return Roster(people.agents(store, now), terms(store))


def plan(store: Store, config: Config, now: datetime, known: Roster | None = None) -> Roster:
    """Have the rows agree with the directory and the configuration; what is new counts as done where it has `begun`.

    They agree already where who there is has not changed since they were planned for `known`.
    """
    there = roster(store, now)
    if there != known:
        _agree(store, config, now, there)
    return there


def _agree(store: Store, config: Config, now: datetime, there: Roster) -> None:
    rows = {row[0]: row for row in store.all(ALL)}
    wanted = {chore.name: chore for chore in chores(there, config)}
    for name in sorted(rows.keys() - wanted.keys()):  # in one order, so that no two daemons wait for each other
        store.execute(DROP, (name,))
    for name, chore in wanted.items():
        row = rows.get(name)
        since = moment(row[1]) if row else begun(chore, now, there)
        at = _micros(following(chore, since, there, config))
        if row is None:
            store.execute(ENTER, (name, micros(since), micros(since), at, at))
        elif at != row[2]:
            store.execute(MOVE, (at, at, name, row[1]))


def first(store: Store, until: datetime) -> Planned | None:
    """The chore that was due first. On PostgreSQL it is locked for this job."""
    row = store.one(FIRST_FREE if store.postgres else FIRST, (micros(until),))
    return None if row is None else _planned(row)


def finish(store: Store, task: Planned, at: datetime, there: Roster, config: Config, *, told: bool = True) -> None:
    """It has been done up to that moment, or, where it is not `told`, left out: what there was, the next one tells."""
    due = _micros(following(task.chore, at, there, config))
    store.execute(DONE, (micros(at), micros(at if told else task.told), due, due, task.chore.name))


def drop(store: Store, chore: Chore) -> None:
    """Nobody wants it any more."""
    store.execute(DROP, (chore.name,))


def put_off(store: Store, name: str, at: datetime) -> None:
    """Look at it again then; it stays due for the same moment."""
    store.execute(PUT_OFF, (micros(at), name))


def coming(store: Store, config: Config, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """The next of each, up to `until`: rows of `due --json`. A store that no daemon has run on has none planned yet."""
    there = roster(store, now)
    done = {name: moment(at) for name, at, _ in store.all(ALL)}
    since = [(each, done.get(each.name) or begun(each, now, there)) for each in chores(there, config)]
    found = [(following(each, after, there, config), each.what) for each, after in since]
    ahead = sorted((at, what) for at, what in found if at is not None and at <= until)
    return [{"at": rfc3339(at), "ticket": None, "what": what} for at, what in ahead]


def _planned(row: Row) -> Planned:
    what, _, key = str(row[0]).partition(":")
    return Planned(Chore(what, key), moment(row[1]), moment(row[2]))


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
