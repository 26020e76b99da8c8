"""Which promises run for a ticket, and when each is due: plan x severity x queue, in the time that applies.

Called by timers, receipts and letters. A clock stands still while the ticket is pending, solved or closed, and what it
stood still is truly subtracted: the promise is kept as late as if that time had not been.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from maildesk.config import Config, Plan
from maildesk.config.values import Span
from maildesk.policy import hours
from maildesk.policy.tickets import RUNNING
from maildesk.words import Clocks, Target, Ticket
from maildesk.words.clocks import Stay
from maildesk.words.frozen import frozen

PROMISES = FIRST, NEXT, UPDATE = "first_response", "next_response", "update"
WARN = "warn"
NONE = timedelta(0)


def targets(ticket: Ticket, config: Config) -> tuple[Target, ...]:
    """The promises that run now. Nothing is promised to whom no plan is for."""
    plan = config.plan.get(ticket.plan)
    if plan is None or ticket.status not in RUNNING or ticket.merged:
        return ()
    severity = int(ticket.severity)
    promised = agreed(plan, ticket.queue)
    if not any(severity in spans for spans in promised.values()):
        return ()
    opened = None if ticket.clocks.taken_over else ticket.opened
    since = None if severity in promised[FIRST] else opened  # the first answer is the first news
    starts = {
        FIRST: None if ticket.first_answered else opened,
        NEXT: ticket.clocks.asked,
        UPDATE: ticket.clocks.told or since,
    }
    clock = Clock.of(ticket, config)
    found = (
        clock.target(name, starts[name], spans.get(severity), ticket.clocks, config.escalation.warn_at)
        for name, spans in promised.items()
    )
    return tuple(each for each in found if each)


def agreed(plan: Plan, queue: str) -> dict[str, Mapping[int, Span]]:
    """By severity: what the plan says for the queue, and what it does not say there as for all of them."""
    own = plan.queue.get(queue)
    written = own.model_fields_set if own else set()
    return {
        FIRST: own.first_response if own and "first_response" in written else plan.first_response,
        NEXT: own.next_response if own and "next_response" in written else plan.next_response,
        UPDATE: own.update_every if own and "update_every" in written else plan.update_every,
    }


def calendar_of(config: Config, plan: str, queue: str, severity: int) -> str:
    """Around the clock for the severities whose clocks the plan never stops."""
    found = config.plan.get(plan)
    always = found is not None and severity in found.around_the_clock
    return "" if always else hours.calendar_of(config, plan, queue)


@frozen
class Clock:
    """Open time of a calendar without the stays in which it stood still."""

    config: Config
    calendar: str
    rests: tuple[Stay, ...]

    @classmethod
    def of(cls, ticket: Ticket, config: Config) -> Clock:
        calendar = calendar_of(config, ticket.plan, ticket.queue, int(ticket.severity))
        return cls(config, calendar, ticket.clocks.rests)

    def target(
        self, name: str, start: datetime | None, span: Span | None, clocks: Clocks, warn_at: float
    ) -> Target | None:
        due = self.due(start, span) if start and span else None
        if start is None or due is None:
            return None
        warned = {(name, start)} & {*clocks.warned, *clocks.missed}
        warn = None if warned else self.reach(start, self.run(start, due) * warn_at)
        return Target(name, start, warn, due, (name, start) in clocks.missed)

    def due(self, start: datetime, span: Span) -> datetime | None:
        """None when the calendar opens too seldom for it ever to come."""
        plain = due = hours.after(self.config, self.calendar, start, span)
        rested = NONE
        while plain and due and (more := self._rested(start, due)) != rested:
            rested = more
            due = hours.later(self.config, self.calendar, plain, rested)
        return due

    def run(self, start: datetime, end: datetime) -> timedelta:
        """How long the clock ran between two moments."""
        return hours.elapsed(self.config, self.calendar, start, end) - self._rested(start, end)

    def reach(self, start: datetime, length: timedelta) -> datetime | None:
        """When the clock has run so long."""
        due = hours.later(self.config, self.calendar, start, length)
        rested = NONE
        while due and (more := self._rested(start, due)) != rested:
            rested = more
            due = hours.later(self.config, self.calendar, start, length + rested)
        return due

    def _rested(self, start: datetime, end: datetime) -> timedelta:
        stays = ((max(since, start), min(until, end)) for since, until in self.rests)
        return sum((hours.elapsed(self.config, self.calendar, *stay) for stay in stays), NONE)


def moments(ticket: Ticket, config: Config) -> Iterator[tuple[datetime, str]]:
    """What time will do about them, in no order."""
    for target in targets(ticket, config):
        if target.warn:
            yield target.warn, WARN
        if not target.missed:
            yield target.due, target.name
