"""Who an address belongs to: agents, contacts of organisations, strangers, ourselves.

Called by store/facts for every mail and by the views. Reads only, by fixed SQL; what follows from who somebody
is, policy says. Nothing is remembered beyond a change of the directory (store/memory), which so counts at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.policy.recipients import ours
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.words import Address, Agent, Contact, Nobody, Organisation, Ours, Stranger, Writer

# CROSS, since SQLite would go over everybody's addresses to find those of a few agents.
AGENTS = """
    SELECT a.id, p.position, p.address, a.name, a.level, a.role, a.queues, a.away_until, a.calendar,
        a.deputy_id, a.notices
    FROM agent a CROSS JOIN person_address p
    WHERE p.agent_id = a.id"""

ORGANISATION = "SELECT o.id, o.name, o.plan, o.active, o.until, o.account_manager FROM "
BY_NAME = ORGANISATION + "organisation o WHERE o.name = ?"
BY_DOMAIN = ORGANISATION + "domain d JOIN organisation o ON o.id = d.organisation_id WHERE d.name = ?"
BY_CONTACT = f"""
    {ORGANISATION} person_address p
    JOIN contact c ON c.id = p.contact_id JOIN organisation o ON o.id = c.organisation_id WHERE p.address = ?"""

# The contacts' addresses; beside them, as of a contact 0, the domains.
MEMBERS = """
    SELECT c.id, p.position, p.address, c.name, c.language, c.time_zone
    FROM contact c JOIN person_address p ON p.contact_id = c.id WHERE c.organisation_id = ?
    UNION ALL SELECT 0, 0, name, '', '', '' FROM domain WHERE organisation_id = ?"""


def agents(store: Store, now: datetime) -> tuple[Agent, ...]:
    """All agents, each with his addresses, the one for letters first."""
    at = micros(now)
    return store.known(_on_staff, frozenset([ident for ident, until in store.known(_leaves) if until > at]))


def contacts(store: Store, organisation: str, config: Config, now: datetime) -> tuple[Contact, ...]:
    """The validated contacts of the organisation of this name; its plan may have ended."""
    row = store.known(_named, organisation)
    return () if row is None else _members(store, row, config, now)[1]


def writer(store: Store, address: str, name: str, config: Config, now: datetime) -> Writer:
    """Who writes, by his address in the one normal form; "" is nobody."""
    return who(store, Address(address, name), config, now, agents(store, now))[0]


def who(
    store: Store, sender: Address | None, config: Config, now: datetime, staff: Iterable[Agent]
) -> tuple[Writer, tuple[Contact, ...]]:
    """The writer, and the validated contacts of his organisation."""
    if sender is None or not sender.address:
        return Nobody(), ()
    address, name = sender.address, sender.name
    if ours(config, address) is not None:
        return Ours(address), ()
    for agent in staff:
        if address in agent.addresses:
            return agent, ()
    row = store.known(_serving, address)
    if row is None:
        return Stranger(address, name), ()
    organisation, companions = _members(store, row, config, now)
    contact = next((each for each in companions if address in each.addresses), None)
    if contact is None or not organisation.live:
        return Stranger(address, name, organisation), companions
    return contact, companions


def is_live(active: bool, until: str, config: Config, now: datetime) -> bool:
    """Whether an organisation is served today; `until` is its last day, in the desk's zone."""
    if not active or not until:
        return active
    return now.astimezone(ZoneInfo(str(config.desk.time_zone))).date() <= date.fromisoformat(until)


def _members(store: Store, row: Row, config: Config, now: datetime) -> tuple[Organisation, tuple[Contact, ...]]:
    """The organisation of this row, and its contacts in the order they were entered."""
    live = is_live(bool(row[3]), row[4], config, now)
    return store.known(_with_members, row, live)


def _serving(store: Store, address: str) -> Row | None:
    return store.one(BY_CONTACT, (address,)) or store.one(BY_DOMAIN, (domain(address),))


def _named(store: Store, organisation: str) -> Row | None:
    return store.one(BY_NAME, (organisation,))


def _with_members(store: Store, row: Row, live: bool) -> tuple[Organisation, tuple[Contact, ...]]:
    return _organised(row, live, tuple(store.all(MEMBERS, (row[0], row[0]))))


def _agent_rows(store: Store) -> tuple[Row, ...]:
    return tuple(store.all(AGENTS))


def _leaves(store: Store) -> set[tuple[int, int]]:
    """Who is away, and until when."""
    return {(row[0], row[7]) for row in store.known(_agent_rows) if row[7] is not None}


def _on_staff(store: Store, away: frozenset[int]) -> tuple[Agent, ...]:
    return _staff(store.known(_agent_rows), away)


@lru_cache(maxsize=256)  # again a function of its rows alone
def _organised(row: Row, live: bool, members: tuple[Row, ...]) -> tuple[Organisation, tuple[Contact, ...]]:
    ident, name, plan, _, _, manager = row
    names: dict[int, Row] = {}
    addresses: dict[int, list[str]] = {0: []}
    for each in sorted(members):
        names[each[0]] = each[3:]
        addresses.setdefault(each[0], []).append(each[2])
    names.pop(0, None)
    organisation = Organisation(ident, name, plan, live, manager, tuple(addresses[0]))
    return organisation, tuple(
        Contact(contact, title, tuple(addresses[contact]), organisation, language, zone)
        for contact, (title, language, zone) in names.items()
    )


@lru_cache(maxsize=4)  # a function of its rows alone, which are the same for mail after mail
def _staff(rows: tuple[Row, ...], away: frozenset[int]) -> tuple[Agent, ...]:
    found: dict[int, Row] = {}
    addresses: dict[int, list[str]] = {}
    for row in sorted(rows):
        found[row[0]] = row
        addresses.setdefault(row[0], []).append(row[2])
    return tuple(_agent(row, addresses[ident], ident not in away) for ident, row in found.items())


def _agent(row: Row, addresses: list[str], present: bool) -> Agent:
    ident, _, _, name, level, role, queues, until, calendar, deputy, notices = row
    away = None if present or until is None else moment(until)
    manager, digest = role == "manager", notices == "digest"
    queues = tuple(json.loads(queues))
    return Agent(ident, name, tuple(addresses), level, manager, queues, present, calendar, deputy or 0, away, digest)
