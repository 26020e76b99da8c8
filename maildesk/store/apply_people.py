"""Contacts who come and go by a decision that came by mail.

Called by store/apply. Whether there is room for somebody new, policy has seen; what another daemon or a verb did in
the meantime stands: an address that has become somebody's stays his.
"""

from __future__ import annotations

from maildesk.store.database import Store
from maildesk.words import Address

TAKEN = "SELECT 1 FROM person_address WHERE address = ?"
ENTER = """
    INSERT INTO contact (organisation_id, name, language, time_zone)
    SELECT id, ?, '', '' FROM organisation WHERE name = ? RETURNING id"""
ADDRESS = "INSERT INTO person_address (address, contact_id, position) VALUES (?, ?, 0)"
LEAVE = """
    DELETE FROM contact WHERE id = (SELECT contact_id FROM person_address WHERE address = ?)
    AND organisation_id = (SELECT id FROM organisation WHERE name = ?)"""


def enter(store: Store, organisation: str, person: Address) -> None:
    if store.one(TAKEN, (person.address,)):
        return
    row = store.one(ENTER, (person.name or person.address, organisation))
    if row is not None:
        store.execute(ADDRESS, (person.address, row[0]))


def leave(store: Store, organisation: str, address: str) -> None:
    """With all his addresses."""
    store.execute(LEAVE, (address, organisation))
