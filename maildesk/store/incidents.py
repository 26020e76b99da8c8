"""The incidents of organisations: what they bought, spent and were credited, and what is left.

Called by store/apply, store/facts and the views. The balance is the sum of the rows; nothing else holds it.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.words import Charge

RECORD = """
    INSERT INTO charge (organisation_id, at, amount, kind, reason, by, reference)
    SELECT id, ?, ?, ?, ?, ?, ? FROM organisation WHERE name = ?"""
BALANCE = """
    SELECT SUM(c.amount) FROM charge c JOIN organisation o ON o.id = c.organisation_id WHERE o.name = ?"""


def record(store: Store, charge: Charge, now: datetime) -> None:
    values = (micros(now), charge.amount, charge.kind, charge.reason, charge.by, charge.reference)
    store.execute(RECORD, (*values, charge.organisation))


def balance(store: Store, organisation: str) -> int | None:
    """None for an organisation that never had an incident to spend."""
    row = store.one(BALANCE, (organisation,))
    return None if row is None or row[0] is None else int(row[0])
