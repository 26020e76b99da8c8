"""Contacts who come and go, and agents who leave for a while, by a decision that came by mail.

Called by store/apply. Whether there is room for somebody new, policy has seen; what another daemon or a verb did in
the meantime stands: an address that has become somebody's stays his.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.words import Address, Agent

TAKEN = "SELECT 1 FROM person_address WHERE address = ?"
ENTER = """
    INSERT INTO contact (organisation_id, name, language, time_zone)
    SELECT id, ?, '', '' FROM organisation WHERE name = ? RETURNING id"""
ADDRESS = "INSERT INTO person_address (address, contact_id, position) VALUES (?, ?, 0)"
LEAVE = """
    DELETE FROM contact WHERE id = (SELECT contact_id FROM person_address WHERE address = ?)
    AND organisation_id = (SELECT id FROM organisation WHERE name = ?)"""

AWAY = "UPDATE agent SET away_until = ?, deputy_id = ? WHERE id = ?"


def enter(store: Store, organisation: str, person: Address) -> None:
    if store.one(TAKEN, (person.address,)):
        return
    row = store.one(ENTER, (person.name or person.address, organisation))
    if row is not None:
        store.execute(ADDRESS, (person.address, row[0]))


def leave(store: Store, organisation: str, address: str) -> None:
    """With all his addresses."""
    store.execute(LEAVE, (address, organisation))


def leave_desk(store: Store, agent: Agent, until: datetime | None, deputy: Agent | None) -> None:
    """An agent is away until then, or back: None."""
    store.execute(AWAY, (None if until is None else micros(until), deputy.id if deputy else None, agent.id))
