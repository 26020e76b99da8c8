"""What each chore does when it is due: what is known of it then, and what policy decides.

Called by the sweep inside a ledger job. The moments are those of policy/chores, whose kinds stand here again, each
with what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from maildesk.config import Config
from maildesk.policy import digest
from maildesk.policy.chores import Chore, Roster
from maildesk.store.database import Store
from maildesk.store.day import morning
from maildesk.words import Decision


@dataclass(frozen=True, slots=True)
class Occasion:
    """A chore at its moment."""

    store: Store
    config: Config
    roster: Roster
    key: str  # whose it is
    since: datetime  # up to which moment it has been done
    moment: datetime  # for which it is due
    now: datetime  # the same, or the present where that is later


def does(chore: Chore, occasion: Occasion) -> tuple[Decision, ...]:
    return DOES[chore.what](occasion)


def _digest(occasion: Occasion) -> tuple[Decision, ...]:
    agent = next((each for each in occasion.roster.agents if str(each.id) == occasion.key), None)
    if agent is None or not agent.present:
        return ()
    until = digest.looks_ahead(agent, occasion.now, occasion.config)
    staff = occasion.roster.agents
    return digest.digest(morning(occasion.store, agent, staff, occasion.since, occasion.now, until), occasion.config)


DOES: dict[str, Callable[[Occasion], tuple[Decision, ...]]] = {"digest": _digest}
