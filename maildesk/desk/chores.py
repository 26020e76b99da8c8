"""What each chore does when it is due: what is known of it then, and what policy decides.

Called by the sweep inside a ledger job. The moments are those of policy/chores, whose kinds stand here again, each
with what it does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from maildesk.config import Config
from maildesk.policy import anniversaries, digest, handover
from maildesk.policy.chores import Chore, Roster, term_of
from maildesk.policy.letter import report
from maildesk.policy.limits import Traffic, weigh
from maildesk.reports.figures import Figures
from maildesk.reports.shown import shown
from maildesk.store import people
from maildesk.store.database import Store
from maildesk.store.day import handing, morning
from maildesk.store.recent import recent
from maildesk.store.years import year
from maildesk.words import Agent, Decision
from maildesk.words.day import Morning
from maildesk.words.frozen import frozen
from maildesk.words.years import Term, Year

Decided = tuple[Decision, ...] | None


@frozen
class Occasion:
    """A chore at its moment."""

    store: Store
    config: Config
    roster: Roster
    key: str  # whose it is
    since: datetime  # up to which moment it has told what there was
    moment: datetime  # for which it is due
    now: datetime  # the same, or the present where that is later
    figures: Figures | None = None  # of the week that ends at its moment, for the report


def does(chore: Chore, occasion: Occasion) -> Decided:
    """None: it is left out this time."""
    return DOES[chore.what](occasion)


def _digest(occasion: Occasion) -> Decided:
    agent = next((each for each in occasion.roster.agents if str(each.id) == occasion.key), None)
    if agent is None or not agent.present:
        return None
    return digest.digest(_morning(occasion, agent), occasion.config)


def _morning(occasion: Occasion, agent: Agent) -> Morning:
    store, config, staff = occasion.store, occasion.config, occasion.roster.agents
    return morning(store, config, agent, staff, occasion.since, occasion.now)


def _rollover(occasion: Occasion) -> tuple[Decision, ...]:
    term = term_of(occasion.key, occasion.roster)
    if term is None:
        return ()
    year = _year(term, occasion)
    return anniversaries.rollover(term, occasion.moment, year, occasion.config)


def _statement(occasion: Occasion) -> tuple[Decision, ...]:
    """The brake on automatic mail counts these letters, too."""
    term, store, config, now = term_of(occasion.key, occasion.roster), occasion.store, occasion.config, occasion.now
    if term is None:
        return ()
    contacts = people.contacts(store, term.organisation.name, config, now)
    letters = anniversaries.statement(term, occasion.moment, _year(term, occasion), contacts, config)
    lately = recent(store, "", config, now, others=[each.letter.to.address for each in letters])
    return weigh(letters, Traffic(lately), config)[0]


def _year(term: Term, occasion: Occasion) -> Year:
    _, since = anniversaries.year_before(term, occasion.moment, occasion.config)
    return year(occasion.store, term.organisation, since, occasion.moment)


def _handover(occasion: Occasion) -> tuple[Decision, ...]:
    staff = occasion.roster.agents
    queues = handover.queues(occasion.key, staff)
    known = handing(occasion.store, occasion.config, occasion.key, staff, queues, occasion.now)
    return handover.handover(known, occasion.config)


def _report(occasion: Occasion) -> tuple[Decision, ...]:
    """Of the week that ends at its moment."""
    context = shown(occasion.figures, occasion.config) if occasion.figures else {}
    return tuple(report(context, address) for address in occasion.config.report.to)


DOES: dict[str, Callable[[Occasion], Decided]] = {
    "digest": _digest,
    "handover": _handover,
    "rollover": _rollover,
    "statement": _statement,
    "report": _report,
}
