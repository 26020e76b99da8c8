"""Who an address belongs to: agents, contacts of organisations, strangers, ourselves.

Called by store/facts for every mail and by the views. Reads only, by fixed SQL; what follows from who somebody
is, policy says. Nothing is remembered between two calls, so a change of the directory counts at once.
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
from maildesk.store.moments import micros
from maildesk.words import Address, Agent, Contact, Nobody, Organisation, Ours, Stranger, Writer

AGENTS = """
    SELECT a.id, a.name, a.level, a.role, a.queues, a.away_until, p.address
    FROM agent a JOIN person_address p ON p.agent_id = a.id
    ORDER BY a.id, p.position, p.address"""

ORGANISATION = "o.id, o.name, o.plan, o.active, o.until, o.account_manager"

CONTACTS = f"""
    SELECT {ORGANISATION}, c.id, c.name, c.language, c.time_zone, p.address
    FROM organisation o JOIN contact c ON c.organisation_id = o.id JOIN person_address p ON p.contact_id = c.id
    WHERE o.id = ? ORDER BY c.id, p.position, p.address"""  # noqa: S608 - columns of our own

COMPANIONS = f"""
    SELECT {ORGANISATION}, c.id, c.name, c.language, c.time_zone, p.address
    FROM person_address x JOIN contact k ON k.id = x.contact_id JOIN organisation o ON o.id = k.organisation_id
    JOIN contact c ON c.organisation_id = o.id JOIN person_address p ON p.contact_id = c.id
    WHERE x.address = ? ORDER BY c.id, p.position, p.address"""  # noqa: S608

BY_DOMAIN = f"SELECT {ORGANISATION} FROM domain d JOIN organisation o ON o.id = d.organisation_id WHERE d.name = ?"  # noqa: S608
DOMAINS = "SELECT name FROM domain WHERE organisation_id = ? ORDER BY name"
BY_NAME = f"SELECT {ORGANISATION} FROM organisation o WHERE o.name = ?"  # noqa: S608


def agents(store: Store, now: datetime) -> tuple[Agent, ...]:
    """All agents, each with his addresses, the one for letters first."""
    rows = tuple(store.all(AGENTS))
    return _staff(rows, frozenset(row[0] for row in rows if row[5] is not None and row[5] > micros(now)))


def contacts(store: Store, organisation: Organisation | str, config: Config, now: datetime) -> tuple[Contact, ...]:
    """The validated contacts of an organisation, known or by name; its plan may have ended."""
    known = by_name(store, organisation, config, now) if isinstance(organisation, str) else organisation
    return () if known is None else _contacts(store, store.all(CONTACTS, (known.id,)), config, now)


def by_name(store: Store, name: str, config: Config, now: datetime) -> Organisation | None:
    row = store.one(BY_NAME, (name,))
    return None if row is None else _organisation(store, row, config, now)


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
    companions = _contacts(store, store.all(COMPANIONS, (address,)), config, now)
    for contact in companions:
        if address in contact.addresses:
            live = contact.organisation.live
            return (contact if live else Stranger(address, name, contact.organisation)), companions
    return _stranger(store, sender, config, now)


def is_live(active: bool, until: str, config: Config, now: datetime) -> bool:
    """Whether an organisation is served today; `until` is its last day, in the desk's zone."""
    today = now.astimezone(ZoneInfo(str(config.desk.time_zone))).date()
    return active and (not until or today <= date.fromisoformat(until))


def _stranger(store: Store, sender: Address, config: Config, now: datetime) -> tuple[Stranger, tuple[Contact, ...]]:
    row = store.one(BY_DOMAIN, (domain(sender.address),))
    if row is None:
        return Stranger(sender.address, sender.name), ()
    organisation = _organisation(store, row, config, now)
    return Stranger(sender.address, sender.name, organisation), contacts(store, organisation, config, now)


def _organisation(store: Store, row: Row, config: Config, now: datetime) -> Organisation:
    ident, name, plan, active, until, manager = row[:6]
    domains = tuple(each for (each,) in store.all(DOMAINS, (ident,)))
    return Organisation(ident, name, plan, is_live(bool(active), until, config, now), manager, domains)


def _contacts(store: Store, rows: list[Row], config: Config, now: datetime) -> tuple[Contact, ...]:
    if not rows:
        return ()
    organisation = _organisation(store, rows[0], config, now)
    people: dict[int, Row] = {}
    addresses: dict[int, list[str]] = {}
    for row in rows:
        people[row[6]] = row
        addresses.setdefault(row[6], []).append(row[10])
    return tuple(
        Contact(ident, row[7], tuple(addresses[ident]), organisation, row[8], row[9]) for ident, row in people.items()
    )


@lru_cache(maxsize=4)  # a function of its rows alone, which are the same for mail after mail
def _staff(rows: tuple[Row, ...], away: frozenset[int]) -> tuple[Agent, ...]:
    found: dict[int, Row] = {}
    addresses: dict[int, list[str]] = {}
    for row in rows:
        found[row[0]] = row
        addresses.setdefault(row[0], []).append(row[6])
    return tuple(_agent(row, addresses[ident], ident not in away) for ident, row in found.items())


def _agent(row: Row, addresses: list[str], present: bool) -> Agent:
    ident, name, level, role, queues = row[:5]
    return Agent(ident, name, tuple(addresses), level, role == "manager", tuple(json.loads(queues)), present)
