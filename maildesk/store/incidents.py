"""The incidents of organisations: what they bought, spent and were credited, and what is left.

Called by store/apply, store/facts and the views. The balance is the sum of the rows; nothing else holds it. A row has
the moment, the amount, its kind and reason, by whom, and the ticket it was for.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.policy import incidents
from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.words import Account, Agent, Charge, Facts

RECORD = """
    INSERT INTO charge (organisation_id, at, amount, kind, reason, by, reference)
    SELECT id, ?, ?, ?, ?, ?, ? FROM organisation WHERE name = ?"""
BALANCE = "SELECT COALESCE(SUM(amount), 0) FROM charge WHERE organisation_id = ?"
BALANCES = """
    SELECT o.name, COALESCE(SUM(c.amount), 0) FROM organisation o LEFT JOIN charge c ON c.organisation_id = o.id
    GROUP BY o.name"""
OF_TICKET = """
    SELECT COALESCE(-SUM(amount), 0), COALESCE(SUM(CASE WHEN kind = 'answer' THEN 1 ELSE 0 END), 0)
    FROM charge WHERE reference = ?"""
LOCK = "SELECT id FROM organisation WHERE id = ? FOR NO KEY UPDATE"  # two daemons: the second knows what the first took
MOVE = "UPDATE charge SET reference = ? WHERE reference = ?"


def record(store: Store, charge: Charge, now: datetime) -> None:
    values = (micros(now), charge.amount, charge.kind, charge.reason, charge.by, charge.reference)
    store.execute(RECORD, (*values, charge.organisation))


def move(store: Store, reference: str, into: str) -> None:
    """What a ticket has cost goes with it into another."""
    store.execute(MOVE, (into, reference))


def account(store: Store, facts: Facts, config: Config) -> Account | None:
    """For a charged plan alone; no other mail costs a statement."""
    home = incidents.home(facts)
    if home is None or not incidents.charges(home, config):
        return None
    spends = isinstance(facts.writer, Agent)
    if spends and store.postgres:
        store.execute(LOCK, (home.id,))
    [(balance,)] = store.all(BALANCE, (home.id,))
    [(spent, answered)] = store.all(OF_TICKET, (facts.ticket.reference,)) if spends and facts.ticket else [(0, 0)]
    return Account(home.name, home.plan, int(balance), int(spent), bool(answered))


def balances(store: Store) -> dict[str, int]:
    """Of all organisations by their names, also of those whose plan charges nothing."""
    return {name: int(amount) for name, amount in store.all(BALANCES)}
