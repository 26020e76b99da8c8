"""What a changed configuration does to a ticket at rest: when time next has something to do with it, and what is over.

Called by desk/replanning for each ticket that is not closed. A promise that is over in the moment it begins to be
promised was not broken by anybody: it is recorded and listed as overdue, and nobody is written to.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from maildesk import __version__
from maildesk.config import Config
from maildesk.policy.targets import targets
from maildesk.policy.tickets import Change
from maildesk.policy.timers import next_check
from maildesk.words import Decision, RecordEvent, Schedule, Ticket

OVERDUE = "overdue"  # the event; its detail names the promises


def mark(config: Config) -> str:
    """Another one where tickets may be due at other moments: by the options, or by another version of this code."""
    calendars = {name: queue.calendar for name, queue in config.queue.items()}
    options = config.plan, config.calendar, config.closing, config.escalation, calendars, config.desk.time_zone
    own = [each for plan in config.plan.values() for each in plan.queue.values()]
    written = [sorted(each.model_fields_set) for each in own]  # nothing may be promised in so many words
    return sha256(repr((__version__, *options, written)).encode()).hexdigest()[:16]


def replanned(ticket: Ticket, now: datetime, config: Config) -> tuple[Decision, ...]:
    """What is to be recorded, and from when time has something to do: now at the earliest."""
    change = Change(ticket, now, "")
    over = [each for each in targets(ticket, config) if not each.missed and each.due <= now]
    if over:
        told = tuple((each.name, each.start) for each in over)
        change = change.set_clocks(replace(ticket.clocks, missed=(*ticket.clocks.missed, *told)))
        names = ", ".join(each.name for each in over)
        change = change.also(RecordEvent(ticket.reference, OVERDUE, "", names))
    at = next_check(change.ticket, config)
    return change.also(Schedule(ticket.reference, max(at, now) if at else None)).decisions
