"""What time has to do: which ticket is next, and what is known of it then.

Called by the sweep. What is done at a moment, policy/timers says; here are only the moments,
which every change of a ticket has set anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.config import Config
from maildesk.policy.audience import organisation_of
from maildesk.store import people, tickets
from maildesk.store.database import Store
from maildesk.store.gathered import gathered
from maildesk.store.lately import surveyed
from maildesk.store.moments import micros, moment
from maildesk.store.recent import recent, reminders
from maildesk.words import Elapsed, Shown

# By the smallest moments: EXISTS has PostgreSQL go over all rows once it no longer plans for the values of each time,
# since it expects to come upon one that is due.
ANYTHING = """
    SELECT 1 WHERE (SELECT MIN(next_check) FROM ticket) <= ? OR (SELECT MIN(next_check) FROM chore) <= ?
        OR (SELECT MIN(until) FROM held WHERE state = 'waiting') <= ?
        OR EXISTS (SELECT 1 FROM held WHERE state = 'released')"""
FIRST = "SELECT reference FROM ticket WHERE next_check <= ? ORDER BY next_check, number LIMIT 1"
FIRST_FREE = FIRST + " FOR UPDATE SKIP LOCKED"  # PostgreSQL: another daemon may have this one in hand
NEXT_CHECK = "SELECT next_check FROM ticket WHERE reference = ?"


def anything(store: Store, until: datetime) -> bool:
    """Whether a ticket, a chore or a parked mail is due by then, or one waits to be handled again."""
    return store.one(ANYTHING, (micros(until),) * 3) is not None


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
    colleagues = people.contacts(store, ticket.organisation, config, now) if ticket.organisation else ()
    organisation = organisation_of(ticket, colleagues)
    others = [each.address for each in ticket.participants]
    others += [organisation.account_manager] if organisation and organisation.account_manager else []
    present = max(now, wall or now)
    known = recent(store, address, config, present, others=others)
    told = reminders(store, [agent.addresses[0] for agent in staff if agent.addresses], config, present)
    shown, files = gathered(store, ticket, staff) if ticket.clocks.escalation else (Shown(), ())
    return Elapsed(
        ticket=ticket,
        now=now,
        agents=staff,
        colleagues=colleagues,
        recent=replace(known, reminders=told),
        last_survey=surveyed(store, address, now, config),
        shown=shown,
        files=files,
    )


def put_off(store: Store, reference: str, at: datetime | None) -> None:
    """Look at this ticket again then; None: never."""
    sql = "UPDATE ticket SET next_check = ? WHERE reference = ?"
    store.execute(sql, (None if at is None else micros(at), reference))
