"""What the desk does once in a while for no single ticket: which chores there are, and when each is due again.

Asked by store/chores and the sweep. A chore is one kind's for one key: the digest of an agent, the handover of a
calendar. Pure: from when a chore was last done follows when it is due next; desk/chores has what each then does. To
add a kind: a line in KINDS and one there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from maildesk.config import Config
from maildesk.policy.shifts import keeps_hours, next_morning
from maildesk.words import Agent


@dataclass(frozen=True, slots=True)
class Roster:
    """Who there is to do something for."""

    agents: tuple[Agent, ...] = ()


@dataclass(frozen=True, slots=True)
class Chore:
    what: str  # as `maildesk due` lists it
    key: str  # whose

    @property
    def name(self) -> str:
        return f"{self.what}:{self.key}"


@dataclass(frozen=True, slots=True)
class Kind:
    what: str
    keys: Callable[[Roster, Config], Iterable[str]]
    following: Callable[[str, datetime, Roster, Config], datetime | None]  # the first moment later than that
    each: bool = False  # moments that the desk slept through are made up for, one by one; else the last of them alone


def chores(roster: Roster, config: Config) -> tuple[Chore, ...]:
    return tuple(Chore(kind.what, key) for kind in KINDS for key in kind.keys(roster, config))


def following(chore: Chore, after: datetime, roster: Roster, config: Config) -> datetime | None:
    """When it is due next, having been done up to that moment; None: never."""
    return _kind(chore).following(chore.key, after, roster, config)


def caught_up(chore: Chore, at: datetime, wall: datetime, roster: Roster, config: Config) -> datetime:
    """The moment to do it for, due since `at`: who slept through several mornings gets one letter, not all of them."""
    while not _kind(chore).each:
        later = following(chore, at, roster, config)
        if later is None or later > wall:
            break
        at = later
    return at


def _kind(chore: Chore) -> Kind:
    return next(kind for kind in KINDS if kind.what == chore.what)


def _digests(roster: Roster, config: Config) -> Iterable[str]:
    return [str(agent.id) for agent in roster.agents if config.digest.on and keeps_hours(agent, config)]


def _next_digest(key: str, after: datetime, roster: Roster, config: Config) -> datetime | None:
    agent = next((each for each in roster.agents if str(each.id) == key), None)
    return next_morning(config, agent.calendar, after) if agent else None


KINDS: tuple[Kind, ...] = (Kind("digest", _digests, _next_digest),)
