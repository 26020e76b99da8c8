"""Incidents that come with a plan: an organisation gets them when it is first applied with that plan.

Called by store/directory inside its transaction. A purchase is a row of the table `charge` whose reason is the plan's
name; those of the anniversaries that follow name the year besides, so that the first is known from the others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from maildesk.config import Config
from maildesk.store import incidents
from maildesk.store.database import Store
from maildesk.store.directory_state import OrganisationEntry, State
from maildesk.store.moments import moment
from maildesk.words import Charge

NEWEST = "SELECT MAX(at) FROM charge WHERE organisation_id = ? AND kind = 'bought' AND (reason = ? OR reason LIKE ?)"
YEAR = timedelta(days=365)


class Purchase(NamedTuple):
    organisation: OrganisationEntry
    amount: int

    def __str__(self) -> str:
        return f"organisation {self.organisation.name} gets {self.amount} incidents of plan {self.organisation.plan}"


def wanted(store: Store, before: State, after: State, config: Config, now: datetime) -> list[Purchase]:
    """Whoever has a plan for the first time, or again after a year with another; applied again, there is none."""
    former = {each.id: each.plan for each in before.organisations}
    found = []
    for each in after.organisations:
        plan = config.plan.get(each.plan)
        newest = _newest(store, each) if plan and plan.incidents else None
        returns = former.get(each.id) != each.plan and newest is not None and newest + YEAR <= now
        if plan and plan.incidents and (newest is None or returns):
            found.append(Purchase(each, plan.incidents))
    return found


def buy(store: Store, purchases: list[Purchase], by: str, now: datetime) -> None:
    for organisation, amount in purchases:
        incidents.record(store, Charge(organisation.name, amount, "bought", organisation.plan, by), now)


def _newest(store: Store, organisation: OrganisationEntry) -> datetime | None:
    """When it got incidents of this plan last."""
    row = store.one(NEWEST, (organisation.id, organisation.plan, f"{organisation.plan},%"))
    return None if row is None or row[0] is None else moment(row[0])
