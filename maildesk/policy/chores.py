"""What the desk does once in a while for no single ticket: which chores there are, and when each is due again.

Asked by store/chores and the sweep. A chore is one kind's for one key: the digest of an agent, the handover of a
calendar. Pure: from when a chore was last done follows when it is due next; desk/chores has what each then does. To
add a kind: a line in KINDS and one there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from maildesk.config import Config
from maildesk.policy import anniversaries, handover, weekly
from maildesk.policy.shifts import keeps_hours, next_end, next_morning
from maildesk.words import Agent
from maildesk.words.frozen import frozen
from maildesk.words.years import Term


@dataclass(frozen=True)
class Roster:
    """Who there is to do something for."""

    agents: tuple[Agent, ...] = ()
    terms: tuple[Term, ...] = ()  # of organisations that have got incidents

    @cached_property
    def agent(self) -> dict[str, Agent]:
        """By the key of a chore."""
        return {str(agent.id): agent for agent in self.agents}

    @cached_property
    def term(self) -> dict[str, Term]:
        return {str(term.organisation.id): term for term in self.terms}


@frozen
class Chore:
    what: str  # as `maildesk due` lists it
    key: str  # whose

    @property
    def name(self) -> str:
        return f"{self.what}:{self.key}"


@frozen
class Kind:
    what: str
    keys: Callable[[Roster, Config], Iterable[str]]
    following: Callable[[str, datetime, Roster, Config], datetime | None]  # the first moment later than that
    began: Callable[[str, datetime, Roster], datetime] = lambda _key, now, _roster: now  # a new one counts as done then
    has: Callable[[str, Roster, Config], bool] | None = None  # whether a key is one of them, where there may be many
    organisations: bool = False  # its keys are theirs
    each: bool = False  # moments that the desk slept through are made up for, one by one; else the last of them alone


def chores(roster: Roster, config: Config) -> tuple[Chore, ...]:
    return tuple(Chore(kind.what, key) for kind in KINDS for key in kind.keys(roster, config))


def wanted(chore: Chore, roster: Roster, config: Config) -> bool:
    """Whether it is one of them."""
    kind = next((kind for kind in KINDS if kind.what == chore.what), None)
    if kind is None:
        return False
    return kind.has(chore.key, roster, config) if kind.has else chore.key in kind.keys(roster, config)


def organisation_of(chore: Chore) -> str:
    """The id of the one it is for, "" where it is for none."""
    return chore.key if any(kind.organisations for kind in KINDS if kind.what == chore.what) else ""


def following(chore: Chore, after: datetime, roster: Roster, config: Config) -> datetime | None:
    """When it is due next, having been done up to that moment; None: never."""
    return _kind(chore).following(chore.key, after, roster, config)


def begun(chore: Chore, now: datetime, roster: Roster) -> datetime:
    """Up to when a chore that has never been done counts as done."""
    return _kind(chore).began(chore.key, now, roster)


def caught_up(chore: Chore, at: datetime, wall: datetime, roster: Roster, config: Config) -> datetime:
    """The moment to do it for, due since `at`: who slept through several mornings gets one letter, not all of them."""
    while not _kind(chore).each:
        later = following(chore, at, roster, config)
        if later is None or later > wall:
            break
        at = later
    return at


def is_each(chore: Chore) -> bool:
    """Whether every one of its moments counts, and none twice."""
    return any(kind.what == chore.what and kind.each for kind in KINDS)


def _kind(chore: Chore) -> Kind:
    return next(kind for kind in KINDS if kind.what == chore.what)


def _digests(roster: Roster, config: Config) -> Iterable[str]:
    return [key for key in roster.agent if _has_digest(key, roster, config)]


def _has_digest(key: str, roster: Roster, config: Config) -> bool:
    agent = roster.agent.get(key)
    return agent is not None and config.digest.on and keeps_hours(agent, config)


def _next_digest(key: str, after: datetime, roster: Roster, config: Config) -> datetime | None:
    agent = roster.agent.get(key)
    return next_morning(config, agent.calendar, after) if agent else None


def _handovers(roster: Roster, config: Config) -> Iterable[str]:
    return handover.shifts(roster.agents, config) if config.handover.on else ()


def _next_handover(key: str, after: datetime, _roster: Roster, config: Config) -> datetime | None:
    return next_end(config, key, after)


def _organisations(roster: Roster, config: Config) -> Iterable[str]:
    return [key for key in roster.term if _has_years(key, roster, config)]


def _has_years(key: str, roster: Roster, config: Config) -> bool:
    term = roster.term.get(key)
    return term is not None and anniversaries.ends(term, config)


def term_of(key: str, roster: Roster) -> Term | None:
    return roster.term.get(key)


def _next_anniversary(key: str, after: datetime, roster: Roster, config: Config) -> datetime | None:
    term = term_of(key, roster)
    return anniversaries.following(term, after, config) if term else None


def _latest(key: str, now: datetime, roster: Roster) -> datetime:
    term = term_of(key, roster)
    return term.latest if term else now


def _reports(_roster: Roster, config: Config) -> Iterable[str]:
    return ("weekly",) if config.report.to else ()


def _next_report(_key: str, after: datetime, _roster: Roster, config: Config) -> datetime | None:
    return weekly.following(config, after)


KINDS: tuple[Kind, ...] = (
    Kind("digest", _digests, _next_digest, has=_has_digest),
    Kind("handover", _handovers, _next_handover),
    Kind("rollover", _organisations, _next_anniversary, _latest, _has_years, organisations=True, each=True),
    Kind("statement", _organisations, _next_anniversary, _latest, _has_years, organisations=True, each=True),
    Kind("report", _reports, _next_report),
)
