"""Free times for an appointment: inside the agent's hours and the customer's service hours, beside what is set already.

Called by commands_appointment and appointments_answer. They are spread over different half days, so that somebody who
cannot in the one may in another. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.config.hours import Week
from maildesk.policy.hours import calendar_of, places, spans
from maildesk.policy.hours_days import Place, Stretch, stretches
from maildesk.policy.shifts import zone_of
from maildesk.words import Agent

OFFERED = 3
AHEAD = timedelta(days=30)  # nobody is asked to wait for longer
NOTICE = timedelta(hours=1)  # to read the letter and to answer it
GRID = timedelta(minutes=30)  # they begin at the full or the half hour
NOON = 12
# Where neither calendar knows hours, nobody is asked to come at night.
WORKING: Week = (*(((9 * 60, 17 * 60),),) * 5, (), ())


def free(  # noqa: PLR0913, PLR0917 - whose time it is, how much of it, and from when
    config: Config,
    agent: Agent,
    plan: str,
    queue: str,
    length: timedelta,
    busy: Iterable[Stretch],
    now: datetime,
) -> tuple[Stretch, ...]:
    """The first ones, at most three and each of another half day; fewer when there are no more in the days ahead."""
    start, end = now.astimezone(UTC) + NOTICE, now.astimezone(UTC) + AHEAD
    taken = sorted(busy)
    where = zone_of(agent, config)
    found: dict[tuple[object, bool], Stretch] = {}
    for opens, closes in _open(config, agent, calendar_of(config, plan, queue), start, end):
        for begins in _beginnings(opens, closes, length, where):
            half = begins.astimezone(where).date(), begins.astimezone(where).hour < NOON
            if half not in found and not overlaps((begins, begins + length), taken):
                found[half] = begins, begins + length
            if len(found) == OFFERED:
                return tuple(found.values())
    return tuple(found.values())


def overlaps(slot: Stretch, busy: Iterable[Stretch]) -> bool:
    return any(begins < slot[1] and slot[0] < ends for begins, ends in busy)


def _open(config: Config, agent: Agent, served: str, start: datetime, end: datetime) -> Iterator[Stretch]:
    """When both are open; an agent without a calendar comes whenever his customers are served."""
    own = agent.calendar if agent.calendar in config.calendar else ""
    if not places(config, own) and not places(config, served):
        yield from _working(str(zone_of(agent, config)), start, end)
        return
    yield from _common(tuple(spans(config, own, start, end)), tuple(spans(config, served, start, end)))


def _common(one: Sequence[Stretch], other: Sequence[Stretch]) -> Iterator[Stretch]:
    """What two ascending rows have in common."""
    first, second = 0, 0
    while first < len(one) and second < len(other):
        opens = max(one[first][0], other[second][0])
        closes = min(one[first][1], other[second][1])
        if opens < closes:
            yield opens, closes
        if one[first][1] < other[second][1]:
            first += 1
        else:
            second += 1


def _working(zone: str, start: datetime, end: datetime) -> Iterator[Stretch]:
    week = Place(zone, WORKING, "", frozenset(), ())
    day = start.astimezone(ZoneInfo(zone)).date()
    for step in range((end - start).days + 2):
        for opens, closes in stretches(week, day + timedelta(days=step)):
            if closes > start and opens < end:
                yield max(opens, start), min(closes, end)


def _beginnings(opens: datetime, closes: datetime, length: timedelta, where: ZoneInfo) -> Iterator[datetime]:
    """By the clock on the agent's wall, whose hours need not be UTC's."""
    local = opens.astimezone(where)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % GRID
    begins = opens + (GRID - past) % GRID
    while begins + length <= closes:
        yield begins
        begins += GRID
