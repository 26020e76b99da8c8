"""A day's work as agents read it in the morning, or when their shift begins: tickets in lists."""

from __future__ import annotations

from datetime import datetime

from maildesk.words.frozen import frozen
from maildesk.words.kinds import Severity, Status
from maildesk.words.mail import Address
from maildesk.words.people import Agent
from maildesk.words.tickets import Ticket


@frozen
class Listed:
    """A ticket as a list shows it."""

    reference: str
    queue: str
    address: str  # from which its letters go
    subject: str
    requester: Address
    status: Status
    severity: Severity
    level: int
    opened: datetime
    plan: str  # of its organisation
    owner: Agent | None = None
    waits: datetime | None = None  # when the customer wrote, where that is the last public word
    said: str = ""  # how that last word begins, whoever's it is


@frozen
class Morning:
    """All that policy may know when an agent's day begins."""

    agent: Agent
    now: datetime
    since: datetime  # when his last one began
    agents: tuple[Agent, ...] = ()
    mine: tuple[Listed, ...] = ()  # not closed, and his or of whom he stands in for
    ahead: tuple[tuple[Listed, Ticket], ...] = ()  # those of them that time will do something to before long
    overdue: tuple[tuple[Listed, Ticket], ...] = ()  # his and nobody's, of a manager all, where a promise was not kept
    escalated: tuple[tuple[Listed, Ticket, datetime | None], ...] = ()  # of a manager; when each last got its owner
    unassigned: tuple[Listed, ...] = ()  # new or open in his queues
    news: tuple[Listed, ...] = ()  # of his queues, where something was written since then


@frozen
class Handing:
    """All that policy may know when the shift of a calendar ends."""

    calendar: str
    now: datetime
    agents: tuple[Agent, ...]
    tickets: tuple[tuple[Listed, Ticket], ...]  # of those who go: grave, waited for, or overdue; in full
