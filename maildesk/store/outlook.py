"""What time will do as things stand, in order: to tickets, to parked mails, and for no single ticket.

Called by `maildesk due`, which says it in words. Reads only; when each thing is due, policy/timers and policy/chores
say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.policy import timers
from maildesk.policy.chores import Chore, Roster, begun, chores, following
from maildesk.store import tickets
from maildesk.store.chores import roster
from maildesk.store.database import Store
from maildesk.store.moments import micros, moment
from maildesk.store.stamps import rfc3339
from maildesk.words import Ticket
from maildesk.words.frozen import frozen

TICKETS = "SELECT reference FROM ticket WHERE next_check <= ? ORDER BY next_check, id"
PARKED = """
    SELECT h.until, h.mail_id, h.reason, m.sender FROM held h JOIN mail m ON m.id = h.mail_id
    WHERE h.state = 'waiting' AND h.until <= ?"""
DONE = "SELECT name, done FROM chore"


@frozen
class Coming:
    """One of: a ticket's, a chore's, a parked mail's."""

    at: datetime
    what: str
    ticket: Ticket | None = None
    chore: Chore | None = None
    parked: tuple[int, str, str] | None = None  # the mail's id, why it is held, its sender

    @property
    def row(self) -> dict[str, Any]:
        """The form of `due --json`."""
        return {"at": rfc3339(self.at), "ticket": self.ticket.reference if self.ticket else None, "what": self.what}

    @property
    def place(self) -> tuple[datetime, bool, int, str, str]:
        """Of what comes at one moment tickets come first, as in a sweep."""
        number = int(self.ticket.reference.rpartition("-")[2]) if self.ticket else 0
        return self.at, self.ticket is None, number, self.what, self.chore.key if self.chore else ""


def rows(store: Store, config: Config, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """`due --json`."""
    return [each.row for each in coming(store, config, roster(store, now), now, until)]


def coming(store: Store, config: Config, there: Roster, now: datetime, until: datetime) -> list[Coming]:
    """All of it up to `until`; `there` is whom it may be done for."""
    found = [
        *_of_tickets(store, config, there, until),
        *_parked(store, until),
        *_chores(store, config, there, now, until),
    ]
    return sorted(found, key=lambda each: each.place)


def _of_tickets(store: Store, config: Config, there: Roster, until: datetime) -> Iterator[Coming]:
    found = [reference for (reference,) in store.all(TICKETS, (micros(until),))]
    for ticket in tickets.load_all(store, found, there.agents):
        for at, what in timers.due(ticket, config):
            if at <= until:
                yield Coming(at, what, ticket=ticket)


def _parked(store: Store, until: datetime) -> Iterator[Coming]:
    for at, *mail in store.all(PARKED, (micros(until),)):
        yield Coming(moment(at), "retention", parked=(mail[0], mail[1], mail[2]))


def _chores(store: Store, config: Config, there: Roster, now: datetime, until: datetime) -> Iterator[Coming]:
    """The next of each. A store that no daemon has run on has none planned yet."""
    done = {name: moment(at) for name, at in store.all(DONE)}
    for each in chores(there, config):
        at = following(each, done.get(each.name) or begun(each, now, there), there, config)
        if at is not None and at <= until:
            yield Coming(at, each.what, chore=each)
