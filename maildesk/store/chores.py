"""The desk's chores as rows: which are planned and for when, the one that is due first, the one that was done.

Called by the sweep, and for who there is by `maildesk due`. When a chore is due, policy/chores says; a row keeps it,
so that a look costs one statement however many there are. On PostgreSQL a row is locked while its chore is done, by
one daemon.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.policy.chores import Chore, Roster, following, organisation_of
from maildesk.store import people
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.years import term, terms
from maildesk.words.frozen import frozen

FIRST = "SELECT name, told, due FROM chore WHERE next_check <= ? ORDER BY next_check, name LIMIT 1"
FIRST_FREE = FIRST + " FOR UPDATE SKIP LOCKED"  # another daemon may have this one in hand
DONE = "UPDATE chore SET done = ?, told = ?, due = ?, next_check = ? WHERE name = ?"
PUT_OFF = "UPDATE chore SET next_check = ? WHERE name = ?"
DROP = "DELETE FROM chore WHERE name = ?"


@frozen
class Planned:
    """A chore that is due."""

    chore: Chore
    told: datetime  # up to which moment it has told what there was
    due: datetime


def roster(store: Store, now: datetime) -> Roster:
    return Roster(people.agents(store, now), terms(store))


def roster_for(store: Store, chore: Chore, now: datetime) -> Roster:
    """What of it this chore is for."""
    organisation = organisation_of(chore)
    return Roster(people.agents(store, now), term(store, int(organisation)) if organisation else ())


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


def _planned(row: Row) -> Planned:
    what, _, key = str(row[0]).partition(":")
    return Planned(Chore(what, key), moment(row[1]), moment(row[2]))


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)
