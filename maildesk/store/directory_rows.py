"""A checked directory becomes rows; called by store/directory and _edit, inside their transaction.

Whoever leaves goes first, and every name, domain and address that changes hands is freed before it is given anew, so
that no unique key stands in the way of a swap.
"""

from __future__ import annotations

import json

from maildesk.store.database import Store
from maildesk.store.directory_state import AgentEntry, ContactEntry, OrganisationEntry, State

ORGANISATION = "UPDATE organisation SET name = ?, plan = ?, active = ?, until = ?, account_manager = ? WHERE id = ?"
NEW_ORGANISATION = """
    INSERT INTO organisation (name, plan, active, until, account_manager) VALUES (?, ?, ?, ?, ?) RETURNING id"""
CONTACT = "UPDATE contact SET organisation_id = ?, name = ?, language = ?, time_zone = ? WHERE id = ?"
NEW_CONTACT = "INSERT INTO contact (organisation_id, name, language, time_zone) VALUES (?, ?, ?, ?) RETURNING id"
AGENT = "UPDATE agent SET name = ?, level = ?, role = ?, calendar = ?, notices = ?, queues = ? WHERE id = ?"
NEW_AGENT = "INSERT INTO agent (name, level, role, calendar, notices, queues) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
ADDRESS = "INSERT INTO person_address (address, contact_id, agent_id, position) VALUES (?, ?, ?, ?)"


def write(store: Store, before: State, after: State) -> None:
    _free(store, before, after)
    for organisation in after.organisations:
        _organisation(store, organisation)
        for contact in organisation.contacts:
            add_contact(store, organisation.id, contact)
    for agent in after.agents:
        add_agent(store, agent)
    _remove(store, before, after)


def _free(store: Store, before: State, after: State) -> None:
    """Names that are unique get a passing one, since a swap of two names would collide half-way."""
    store.execute("DELETE FROM person_address")
    store.execute("DELETE FROM domain")
    for table, old, new in (
        ("organisation", before.organisations, after.organisations),
        ("agent", before.agents, after.agents),
    ):
        names = {each.id: each.name for each in new}
        for each in old:
            if names.get(each.id) != each.name:
                sql = f"UPDATE {table} SET name = ? WHERE id = ?"  # noqa: S608 - a table of our own
                store.execute(sql, (f"\x1f{each.id}", each.id))


def _organisation(store: Store, each: OrganisationEntry) -> None:
    values = (each.name, each.plan, each.active, each.until, each.account_manager)
    each.id = _row(store, NEW_ORGANISATION, ORGANISATION, values, each.id)
    for name in each.domains:
        store.execute("INSERT INTO domain (name, organisation_id) VALUES (?, ?)", (name, each.id))


def add_contact(store: Store, organisation: int, each: ContactEntry) -> None:
    values = (organisation, each.name, each.language, each.time_zone)
    each.id = _row(store, NEW_CONTACT, CONTACT, values, each.id)
    store.many(ADDRESS, [(address, each.id, None, place) for place, address in enumerate(each.addresses)])


def add_agent(store: Store, each: AgentEntry) -> None:
    values = (each.name, each.level, each.role, each.calendar, each.notices, json.dumps(each.queues))
    each.id = _row(store, NEW_AGENT, AGENT, values, each.id)
    store.many(ADDRESS, [(address, None, each.id, place) for place, address in enumerate(each.addresses)])


def _row(store: Store, insert: str, update: str, values: tuple[object, ...], ident: int) -> int:
    """The row's id, new or old."""
    if ident:
        store.execute(update, (*values, ident))
        return ident
    [(fresh,)] = store.all(insert, values)
    return int(fresh)


def _remove(store: Store, before: State, after: State) -> None:
    """After the others were written, so that a contact who moves is not taken along by his former organisation."""
    kept = {one.id for each in after.organisations for one in each.contacts}
    left = [one.id for each in before.organisations for one in each.contacts if one.id not in kept]
    _delete(store, "contact", left)
    _delete(store, "organisation", gone(before.organisations, after.organisations))
    _delete(store, "agent", gone(before.agents, after.agents))


def gone(
    before: list[OrganisationEntry] | list[AgentEntry], after: list[OrganisationEntry] | list[AgentEntry]
) -> list[int]:
    stay = {each.id for each in after}
    return [each.id for each in before if each.id not in stay]


def _delete(store: Store, table: str, idents: list[int]) -> None:
    for ident in idents:
        store.execute(f"DELETE FROM {table} WHERE id = ?", (ident,))  # noqa: S608 - a table of our own
