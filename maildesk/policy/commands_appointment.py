"""The agents' commands for appointments: `#appointment`, `#offer`, `#cancel`, `#held` and `#noshow`.

Read by commands. Times are those of the agent's calendar. A mail holds one of them, since a ticket has one appointment.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy import appointments, incidents, script, slots
from maildesk.policy.commands_hours import length
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.hours_days import Stretch
from maildesk.policy.letter import plan_of
from maildesk.policy.moments import NO_MOMENT, meant
from maildesk.policy.script import Line
from maildesk.policy.shifts import zone_of
from maildesk.policy.tickets import Change
from maildesk.policy.when import minutes_of
from maildesk.words import Agent, Appointment, Facts, Status

WORDS = ("appointment", "offer", "cancel", "held", "noshow")
LONGEST = 24 * 60  # minutes
FARTHEST = timedelta(days=2 * 366)
REOPENS = ("open", "pending", "solved")


def _appointment(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """It moves the one that stands."""
    if refusal := _refused(line, facts) or _over(line, facts):
        return refusal
    agent = _writer(facts)
    zone = zone_of(agent, config)
    slot = meant(line.argument, facts.now, zone)
    why = slot if isinstance(slot, str) else _unfit(slot, facts.now)
    if isinstance(slot, str) or why:
        return Refusal(line.text, why, _nearest(line.argument, facts.now, zone) if why == NO_MOMENT else "")

    def does(change: Change) -> Change:
        kind = "moved" if appointments.stands(change.ticket.appointment) else "set"
        change = appointments.set_to(change, slot, agent, config)
        return change.also(*appointments.told(kind, change.ticket, facts))

    told = appointments.said(Appointment("", *slot, ""), agent, config)
    return Deed("appointment", "appointment", told, does)


def _offer(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    if refusal := _refused(line, facts) or _over(line, facts):
        return refusal
    wanted, agent, ticket = minutes_of(line.argument), _writer(facts), facts.ticket
    if wanted is None or ticket is None:
        return Refusal(line.text, "argument", "#offer 1h")
    if wanted > LONGEST:
        return Refusal(line.text, "over_a_day")
    plan = plan_of(ticket, facts.colleagues)
    found = slots.free(config, agent, plan, ticket.queue, timedelta(minutes=wanted), facts.busy, facts.now)
    if not found:
        return Refusal(line.text, "no_slot")

    def does(change: Change) -> Change:
        change = appointments.offered(change, found, agent, config)
        return change.also(*appointments.told("offered", change.ticket, facts))

    said = (appointments.said(Appointment("", *slot, ""), agent, config) for slot in found)
    return Deed("offer", "slots", "; ".join(said), does)


def _cancel(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """What was only offered is taken back."""
    if refusal := _refused(line, facts):
        return refusal
    known = _known(facts)
    if known is None or not (appointments.stands(known) or known.offered):
        return Refusal(line.text, "no_appointment")
    standing = appointments.stands(known)
    if standing and known.ends <= facts.now:
        return Refusal(line.text, "past", "#noshow")

    def does(change: Change) -> Change:
        change = appointments.called_off(change)
        return change.also(*appointments.told("cancelled" if standing else "withdrawn", change.ticket, facts))

    return Deed("cancel", "cancelled", appointments.said(known, _writer(facts), config) if standing else "", does)


def _held(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    """Its time is worked time, and costs incidents where the plan charges them."""
    if refusal := _refused(line, facts) or _not_to_tell(line, facts):
        return refusal
    worked = minutes_of(line.argument)
    if worked is None:
        return Refusal(line.text, "argument", "#held 1h")
    if worked > LONGEST:
        return Refusal(line.text, "over_a_day")

    def does(change: Change) -> Change:
        change = appointments.over(change, "held").add_work(worked, "")
        return incidents.spend(change, incidents.of_appointment(worked), "held", facts)

    return Deed("held", "held", length(worked), does)


def _noshow(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    refusal = _refused(line, facts) or _not_to_tell(line, facts)
    return refusal or Deed("noshow", "noshow", "", lambda change: appointments.over(change, "noshow"))


def _refused(line: Line, facts: Facts) -> Refusal | None:
    if facts.ticket is None:
        return Refusal(line.text, "no_ticket")
    if sum(each.word in WORDS for each in script.read(facts).lines) > 1:
        return Refusal(line.text, "twice")
    return None if isinstance(facts.writer, Agent) else Refusal(line.text, "not_allowed")


def _over(line: Line, facts: Facts) -> Refusal | None:
    """Nothing is arranged about what is closed, unless the same mail opens it again."""
    closed = facts.ticket is not None and facts.ticket.status is Status.CLOSED
    reopens = any(each.word in REOPENS for each in script.read(facts).lines)
    return Refusal(line.text, "closed", "#open") if closed and not reopens else None


def _not_to_tell(line: Line, facts: Facts) -> Refusal | None:
    """How it went is told once, after it has begun."""
    known = _known(facts)
    if known is None or not appointments.stands(known):
        done = known is not None and known.state in ("held", "noshow")
        return Refusal(line.text, "told_already" if done else "no_appointment")
    return Refusal(line.text, "not_begun") if facts.now < known.starts else None


def _unfit(slot: Stretch, now: datetime) -> str:
    starts, ends = slot
    if starts <= now:
        return "past"
    if starts > now + FARTHEST:
        return "too_far"
    return "over_a_day" if ends - starts > timedelta(minutes=LONGEST) else ""


def _nearest(argument: str, now: datetime, zone: ZoneInfo) -> str:
    """The same with an hour's length, where that is all that is missing; else an example."""
    slot = meant(f"{argument} 1h", now, zone)
    if isinstance(slot, str) or _unfit(slot, now):
        day = now.astimezone(zone).date() + timedelta(days=1)
        starts = datetime.combine(day, time(14), zone)
    else:
        starts = slot[0].astimezone(zone)
    return f"#appointment {starts:%Y-%m-%d %H:%M} 1h"


def _known(facts: Facts) -> Appointment | None:
    return facts.ticket.appointment if facts.ticket else None


def _writer(facts: Facts) -> Agent:
    return facts.writer if isinstance(facts.writer, Agent) else Agent(0, "", ())


COMMANDS_APPOINTMENT = {
    "appointment": Command(
        "DATE TIME DURATION",
        "an invitation to all of the ticket, in your time; a second one moves it",
        False,
        _appointment,
    ),
    "offer": Command("DURATION", "three free times to choose from", False, _offer),
    "cancel": Command("", "the appointment is off, or the times that were offered", False, _cancel),
    "held": Command("DURATION", "the appointment took so long", False, _held),
    "noshow": Command("", "nobody came to it", False, _noshow),
}
