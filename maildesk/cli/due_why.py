"""Why time will do something, in words for the operator: `solved since Fri 27 Feb 14:00, closes after 2 days`.

Called by `maildesk due`. Each thing that time does has its sentence in WHY; moments are said in the desk's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy import hours, targets
from maildesk.policy.audience import name_of
from maildesk.policy.chores import Roster, term_of
from maildesk.policy.timers import close_at
from maildesk.store.outlook import Coming
from maildesk.words import Agent, Target, Ticket
from maildesk.words.frozen import frozen

BEGAN = {targets.FIRST: "came", targets.NEXT: "the customer wrote", targets.UPDATE: "news last went"}
UNITS = (("day", timedelta(days=1)), ("h", timedelta(hours=1)), ("min", timedelta(minutes=1)))
NONE = timedelta(0)


@frozen
class Telling:
    """Of what desk."""

    config: Config
    roster: Roster

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(str(self.config.desk.time_zone))

    def why(self, coming: Coming) -> str:
        return WHY[coming.what](coming, self)

    def at(self, moment: datetime) -> str:
        """As the first column has it, that may be years ahead."""
        return f"{moment.astimezone(self.zone):%a %Y-%m-%d %H:%M %Z}"

    def said(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{local:%a} {local.day} {local:%b %H:%M}"


def lasting(length: timedelta) -> str:
    """`2 days`, `1 day 6 h`, `45 min`; what is less than a minute is not told."""
    said = []
    for name, unit in UNITS:
        count, length = divmod(length, unit)
        if count:
            said.append(f"{count} {name}{'s' * (name == 'day' and count > 1)}")
    return " ".join(said) or "less than a minute"


def _of_ticket(says: Callable[[Ticket, datetime, Telling], str]) -> Callable[[Coming, Telling], str]:
    return lambda coming, telling: says(coming.ticket, coming.at, telling) if coming.ticket else ""


def _remind(ticket: Ticket, at: datetime, telling: Telling) -> str:
    closes = close_at(ticket, telling.config)
    before = f", {lasting(closes - at)} before it closes" if closes else ""
    return f"{_since(ticket, telling)}: {name_of(ticket.requester)} is reminded{before}"


def _close(ticket: Ticket, at: datetime, telling: Telling) -> str:
    return f"{_since(ticket, telling)}, closes after {lasting(at - (ticket.status_since or at))}"


def _since(ticket: Ticket, telling: Telling) -> str:
    status = ticket.status.value
    return f"{status} since {telling.said(ticket.status_since)}" if ticket.status_since else status


def _survey(ticket: Ticket, at: datetime, telling: Telling) -> str:
    closed = ticket.closed or at
    later = f" after {lasting(at - closed)}" if at > closed else ""
    return f"closed {telling.said(closed)}: {name_of(ticket.requester)} is asked how it was{later}"


def _appointment(ticket: Ticket, _at: datetime, telling: Telling) -> str:
    known = ticket.appointment
    who = _named(known.agent, telling.roster.agents) if known else ""
    return f"the appointment has ended: {who} is asked how it went"


def _triage(ticket: Ticket, _at: datetime, telling: Telling) -> str:
    way = ticket.clocks.escalation
    since = f"escalated {telling.said(way.since)}, " if way else ""
    return f"{since}triage takes {telling.config.escalation.triage}: owner and managers are told that it is over"


def _engineering(ticket: Ticket, _at: datetime, telling: Telling) -> str:
    way, when = ticket.clocks.escalation, telling.config.escalation.engineering
    since = f"triage was over {telling.said(way.triaged)}, " if way and way.triaged else ""
    after = "the following week" if isinstance(when, str) else f"after {when}"
    return f"{since}unresolved: engineering gets it {after}"


def _named(address: str, agents: tuple[Agent, ...]) -> str:
    return next((each.name for each in agents if address in each.addresses), address)


def _promise(ticket: Ticket, at: datetime, telling: Telling) -> str:
    found = targets.targets(ticket, telling.config)
    return next((_agreed(ticket, each, telling) for each in found if each.due == at and not each.missed), "")


def _warn(ticket: Ticket, at: datetime, telling: Telling) -> str:
    target = next((each for each in targets.targets(ticket, telling.config) if each.warn == at), None)
    if target is None:
        return ""
    share = f"{telling.config.escalation.warn_at:.0%}"
    return f"{share} of the time has run, due {telling.said(target.due)}; {_agreed(ticket, target, telling)}"


def _agreed(ticket: Ticket, target: Target, telling: Telling) -> str:
    """`plan gold, severity 2: 4bh first response, calendar us; came Fri 27 Feb 14:00; stood still 3 h`."""
    config, severity = telling.config, int(ticket.severity)
    spans = targets.agreed(config.plan[ticket.plan], ticket.queue)[target.name]
    calendar = targets.calendar_of(config, ticket.plan, ticket.queue, severity)
    clock = "around the clock" if calendar in hours.AROUND_THE_CLOCK else f"calendar {calendar}"
    first = target.name == targets.UPDATE and ticket.clocks.told is None
    began = "came" if first else BEGAN[target.name]
    counted = hours.next_opening(config, calendar, target.start)
    stood = _stood_still(ticket, target, calendar, config)
    return (
        f"plan {ticket.plan}, severity {severity}: {spans[severity]} {target.name.replace('_', ' ')}, {clock}; "
        f"{began} {telling.said(target.start)}"
        + (f", counts from {telling.said(counted)}" if counted and counted != target.start else "")
        + (f"; stood still {lasting(stood)}" if stood >= UNITS[-1][1] else "")
    )


def _stood_still(ticket: Ticket, target: Target, calendar: str, config: Config) -> timedelta:
    """Of the calendar's open time."""
    ran = targets.Clock.of(ticket, config).run(target.start, target.due)
    return hours.elapsed(config, calendar, target.start, target.due) - ran


def _retention(coming: Coming, _telling: Telling) -> str:
    ident, reason, sender = coming.parked or (0, "", "")
    return f"held mail {ident} from {sender or 'nobody'} ({reason}) is dropped undecided"


def _digest(coming: Coming, telling: Telling) -> str:
    key = coming.chore.key if coming.chore else ""
    agent = next((each for each in telling.roster.agents if str(each.id) == key), None)
    return f"digest of {agent.name}: the day begins, calendar {agent.calendar}" if agent else ""


def _handover(coming: Coming, _telling: Telling) -> str:
    return f"the shift {coming.chore.key} ends" if coming.chore else ""


def _report(_coming: Coming, telling: Telling) -> str:
    return f"the figures of the week, to {', '.join(telling.config.report.to)}"


def _rollover(coming: Coming, telling: Telling) -> str:
    term = term_of(coming.chore.key if coming.chore else "", telling.roster)
    if term is None:
        return ""
    plan = telling.config.plan[term.organisation.plan]
    return f"{_year(coming, telling)}: at most {plan.rollover} incidents move over, {plan.incidents} come new"


def _statement(coming: Coming, telling: Telling) -> str:
    return f"{_year(coming, telling)}: its contacts are told what became of its incidents"


def _year(coming: Coming, telling: Telling) -> str:
    term = term_of(coming.chore.key if coming.chore else "", telling.roster)
    return f"a year of {term.organisation.name} ends" if term else "a year ends"


WHY: Mapping[str, Callable[[Coming, Telling], str]] = {
    **dict.fromkeys(targets.PROMISES, _of_ticket(_promise)),
    "warn": _of_ticket(_warn),
    "remind": _of_ticket(_remind),
    "close": _of_ticket(_close),
    "survey": _of_ticket(_survey),
    "appointment": _of_ticket(_appointment),
    "triage": _of_ticket(_triage),
    "engineering": _of_ticket(_engineering),
    "digest": _digest,
    "handover": _handover,
    "report": _report,
    "statement": _statement,
    "rollover": _rollover,
    "retention": _retention,
}
