"""The directory in the JSON forms of the contract: contacts, organisations, agents.

Called by the verbs. Reads only; an organisation that is not there is a DirectoryError that names the one most like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.store import incidents
from maildesk.store.database import Store
from maildesk.store.directory_edit import no_organisation, refusal
from maildesk.store.directory_state import AgentEntry, ContactEntry, OrganisationEntry, load
from maildesk.store.moments import micros
from maildesk.store.stamps import stamp

LEAVES = """
    SELECT a.id, a.away_until, d.name FROM agent a LEFT JOIN agent d ON d.id = a.deputy_id WHERE a.away_until > ?"""


def organisations(store: Store, config: Config) -> list[dict[str, Any]]:
    """All of them by name, each as `organisation` shows it."""
    balances = incidents.balances(store)
    return [_organisation(each, config, balances) for each in load(store).organisations]


def organisation(store: Store, name: str, config: Config) -> dict[str, Any]:
    """One, with its contacts. Raises DirectoryError."""
    return _organisation(_found(store, name)[0], config, incidents.balances(store))


def contacts(store: Store, name: str = "") -> list[dict[str, Any]]:
    """Those of one organisation, or of all, by organisation and name. Raises DirectoryError."""
    homes = _found(store, name) if name else load(store).organisations
    return [_contact(home, each) for home in homes for each in home.contacts]


def agents(store: Store, now: datetime) -> list[dict[str, Any]]:
    leaves = {row[0]: row[1:] for row in store.all(LEAVES, (micros(now),))}
    return [_agent(each, *leaves.get(each.id, (None, None))) for each in load(store).agents]


def _found(store: Store, name: str) -> list[OrganisationEntry]:
    state = load(store)
    found = state.named(name.strip())
    if found is None:
        raise refusal(no_organisation(name, [each.name for each in state.organisations]))
    return [found]


def _organisation(each: OrganisationEntry, config: Config, balances: Mapping[str, int]) -> dict[str, Any]:
    plan = config.plan.get(each.plan)
    return {
        "name": each.name,
        "domains": list(each.domains),
        "plan": each.plan,
        "active": each.active,
        "until": each.until or None,
        "account_manager": each.account_manager or None,
        "balance": balances.get(each.name, 0) if plan and plan.incidents else None,  # of plans that charge nothing
        "contacts": [_contact(each, contact) for contact in each.contacts],
    }


def _contact(home: OrganisationEntry, each: ContactEntry) -> dict[str, Any]:
    return {
        "organisation": home.name,
        "name": each.name,
        "addresses": list(each.addresses),
        "language": each.language,
        "time_zone": each.time_zone,
    }


def _agent(each: AgentEntry, away: int | None, deputy: str | None) -> dict[str, Any]:
    return {
        "name": each.name,
        "addresses": list(each.addresses),
        "level": each.level,
        "role": each.role,
        "queues": list(each.queues),
        "calendar": each.calendar,
        "notices": each.notices,
        "away": stamp(away),  # until when
        "deputy": deputy,
    }
