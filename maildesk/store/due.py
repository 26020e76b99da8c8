"""What time has to do: which ticket is next, what is known of it then, what comes in the days ahead.

Called by the sweep and by `maildesk due`. What is done at a moment, policy/timers says; here are only the moments,
which every change of a ticket has set anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.policy import timers
from maildesk.store import people, tickets
from maildesk.store.database import Store
from maildesk.store.moments import micros, moment
from maildesk.store.recent import recent, reminders
from maildesk.store.stamps import rfc3339
from maildesk.words import Elapsed

FIRST = "SELECT reference FROM ticket WHERE next_check <= ? ORDER BY next_check, id LIMIT 1"
FIRST_FREE = FIRST + " FOR UPDATE SKIP LOCKED"  # PostgreSQL: another daemon may have this one in hand
AHEAD = "SELECT reference FROM ticket WHERE next_check <= ? ORDER BY next_check, id"
PARKED = "SELECT until FROM held WHERE state = 'waiting' AND until <= ? ORDER BY until"
NEXT_CHECK = "SELECT next_check FROM ticket WHERE reference = ?"
LAST_SURVEY = "SELECT MAX(sent) FROM survey WHERE address = ?"


def first(store: Store, until: datetime) -> str:
    """The ticket that was due first, "" when none is due by `until`. On PostgreSQL it is locked for this job."""
    row = store.one(FIRST_FREE if store.postgres else FIRST, (micros(until),))
    return "" if row is None else str(row[0])


def elapsed(store: Store, reference: str, config: Config, wall: datetime | None = None) -> Elapsed:
    """All that policy may know of a ticket at the moment it was due; `wall` is the present, for the brake.

    Raises LookupError for a ticket that has nothing due.
    """
    row = store.one(NEXT_CHECK, (reference,))
    if row is None or row[0] is None:
        raise LookupError(f"time has nothing to do with {reference}")
    now = moment(row[0])
    staff = people.agents(store, now)
    ticket = tickets.load(store, reference, staff)
    if ticket is None:
        raise LookupError(f"there is no ticket {reference}")
    address = ticket.requester.address
    others = [each.address for each in ticket.participants]
    present = max(now, wall or now)
    known = recent(store, address, config, present, others=others)
    told = reminders(store, [agent.addresses[0] for agent in staff if agent.addresses], config, present)
    return Elapsed(
        ticket=ticket,
        now=now,
        agents=staff,
        colleagues=people.contacts(store, ticket.organisation, config, now) if ticket.organisation else (),
        recent=replace(known, reminders=told),
        last_survey=_last_survey(store, address),
    )


def put_off(store: Store, reference: str, at: datetime | None) -> None:
    """Look at this ticket again then; None: never."""
    sql = "UPDATE ticket SET next_check = ? WHERE reference = ?"
    store.execute(sql, (None if at is None else micros(at), reference))


def upcoming(store: Store, config: Config, until: datetime) -> list[dict[str, Any]]:
    """What time will do up to `until` as things stand, in order: `due --json`. Held mails are of no ticket."""
    found: list[tuple[datetime, str, str]] = [
        (moment(at), "", "retention") for (at,) in store.all(PARKED, (micros(until),))
    ]
    for (reference,) in store.all(AHEAD, (micros(until),)):
        ticket = tickets.load(store, reference, ())
        if ticket is not None:
            found += [(at, reference, what) for at, what in timers.due(ticket, config) if at <= until]
    return [{"at": rfc3339(at), "ticket": reference or None, "what": what} for at, reference, what in sorted(found)]


def _last_survey(store: Store, address: str) -> datetime | None:
    row = store.one(LAST_SURVEY, (address,))
    return None if row is None or row[0] is None else moment(row[0])
