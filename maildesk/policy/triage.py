"""The way of an escalated ticket: a time of triage, then engineering. When each is due, and what begins and ends it.

Used by escalating and promises, which begin it, by handing_on and timers, which carry it on, and by commands_sorting,
which takes it back. Triage runs by the calendar that applies to the ticket's promises, and rests when they do.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.config.values import Span
from maildesk.policy import hours
from maildesk.policy.targets import Clock
from maildesk.policy.tickets import ENDS, RUNNING, Change
from maildesk.words import Escalation, RecordEvent, Ticket

DECLINED = "escalation_declined"
OF_SUPPORT = ("", "configuration")  # stages in which engineering has nothing to do


def begun(change: Change) -> Change:
    """Whoever escalates a ticket again does not put off what comes of it."""
    return on_the_way(change, Escalation(change.now))


def on_the_way(change: Change, way: Escalation | None) -> Change:
    """It has one already, or begins where another ticket has come to, or at its beginning."""
    ticket = change.ticket
    over = ticket.status in ENDS or ticket.merged
    return change if over or ticket.clocks.escalation else change.set_escalation(way)


def under_way(ticket: Ticket) -> bool:
    return ticket.clocks.escalation is not None or is_built(ticket)


def declined(change: Change) -> Change:
    """Taken back: it is the first level's again, and only another escalation begins it anew."""
    if change.ticket.clocks.escalation is None:
        return change
    return change.set_escalation(None).also(RecordEvent(change.ticket.reference, DECLINED, change.by))


def is_built(ticket: Ticket) -> bool:
    """Whether those who build the product have it already."""
    return ticket.stage not in OF_SUPPORT or ticket.forecast is not None


def triage_ends(ticket: Ticket, config: Config) -> datetime | None:
    way = ticket.clocks.escalation
    if way is None or way.triaged or not _runs(ticket):
        return None
    return Clock.of(ticket, config).due(way.since, config.escalation.triage)


def engineering_begins(ticket: Ticket, config: Config) -> datetime | None:
    way = ticket.clocks.escalation
    if way is None or way.triaged is None or way.engineering or is_built(ticket) or not _runs(ticket):
        return None
    clock, when = Clock.of(ticket, config), config.escalation.engineering
    if isinstance(when, Span):
        return clock.due(way.triaged, when)
    return next_week(config, clock.calendar, way.triaged)


def next_week(config: Config, calendar: str, at: datetime) -> datetime | None:
    """The first opening from the following Monday on, by the calendar's clock; around the clock by the desk's."""
    always = not hours.places(config, calendar)
    zone = ZoneInfo(config.desk.time_zone if always else config.calendar[calendar].time_zone)
    day = at.astimezone(zone).date()
    monday = day + timedelta(days=7 - day.weekday())
    return hours.next_opening(config, calendar, datetime.combine(monday, time(), zone).astimezone(UTC))


def _runs(ticket: Ticket) -> bool:
    """It waits while the ticket does."""
    return ticket.status in RUNNING and not ticket.merged
