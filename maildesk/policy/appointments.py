"""A ticket's appointment: how it is set, moved, called off and offered, and who is told.

Called by commands_appointment for agents, by appointments_answer for what customers say, and by timers when its time
has ended. It decides no more than what becomes of the one appointment that a ticket has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from maildesk.config import Config
from maildesk.policy.audience import name_of
from maildesk.policy.audience import told as readers_of
from maildesk.policy.first_line import barred_from
from maildesk.policy.hours_days import Stretch
from maildesk.policy.letter import directory_address, goes_to, to_agent, to_customer
from maildesk.policy.shifts import zone_of
from maildesk.policy.tickets import Change
from maildesk.words import Address, Agent, Appointment, Elapsed, Facts, SendLetter, Ticket

REQUEST, CANCEL = "REQUEST", "CANCEL"  # RFC 5546, 1.4
REFUSALS = ("gone", "settled", "withdrawn")  # kinds of the letter to somebody who chose a time in vain
STANDS = ("set", "accepted", "declined")  # the states in which it is in people's calendars
NO_PROMISE = {"due_at": None, "severity": 0, "status": "", "owner": "", "organisation": "", "plan": ""}  # of `due_soon`
COMING = ("set", "accepted")  # those after which somebody will have waited for somebody


def stands(appointment: Appointment | None) -> bool:
    return appointment is not None and appointment.state in STANDS


def set_to(change: Change, slot: Stretch, agent: Agent, config: Config) -> Change:
    """A new one, or the same at another time: then its sequence rises, so that calendars move it."""
    known = change.ticket.appointment
    address, asked = directory_address(agent).address, known.asked if known else None
    if known is not None and stands(known):
        moved = Appointment(known.uid, *slot, address, sequence=known.sequence + 1, asked=asked)
        return change.set_appointment(moved, "appointment_moved")
    made = Appointment(_uid(change, config), *slot, address, asked=asked)
    return change.set_appointment(made, "appointment_set")


def called_off(change: Change) -> Change:
    known = change.ticket.appointment
    if known is None:
        return change
    raised = known.sequence + stands(known)
    return change.set_appointment(
        replace(known, state="cancelled", sequence=raised, offered=()), "appointment_cancelled"
    )


def over(change: Change, state: str) -> Change:
    """It was held, or nobody came."""
    known = change.ticket.appointment
    if known is None:
        return change
    return change.set_appointment(replace(known, state=state, reminded=True, offered=()), f"appointment_{state}")


def offered(change: Change, slots: tuple[Stretch, ...], agent: Agent, config: Config) -> Change:
    """Free times to choose from. One that stands goes on to stand until another time is chosen for it."""
    known = change.ticket.appointment
    if known is not None and stands(known):
        open_ = replace(known, offered=slots, asked=change.now)
    else:
        first = slots[0]
        address = directory_address(agent).address
        open_ = Appointment(_uid(change, config), *first, address, "offered", offered=slots, asked=change.now)
    return change.set_appointment(open_, "appointment_offered")


def told(kind: str, ticket: Ticket, facts: Facts, readers: Iterable[Address] | None = None) -> tuple[SendLetter, ...]:
    """Everybody of the ticket, or these."""
    context = context_of(kind, ticket, facts.agents)
    writer = facts.mail.sender.address if facts.mail.sender else ""
    return tuple(
        to_customer(
            "appointment",
            ticket,
            person,
            facts.colleagues,
            answers=facts.mail.message_id if person.address == writer else "",
            context=context,
            copy=number > 0,
        )
        for number, person in enumerate(ticket.people if readers is None else readers)
    )


def context_of(kind: str, ticket: Ticket, agents: Iterable[Agent]) -> dict[str, object]:
    """`kind`: set, moved or cancelled, which come with an invitation; offered, withdrawn, gone or settled."""
    appointment = ticket.appointment
    if appointment is None:
        raise AssertionError("there is no appointment to tell of")
    keeper = next((agent.name for agent in agents if appointment.agent in agent.addresses), "")
    method = {"set": REQUEST, "moved": REQUEST, "cancelled": CANCEL}.get(kind)
    invitation = {
        "method": method,
        "uid": appointment.uid,
        "sequence": appointment.sequence,
        "starts": appointment.starts,
        "ends": appointment.ends,
        "agent": keeper,
    }
    return {
        "kind": kind,
        "starts": appointment.starts,
        "ends": appointment.ends,
        "minutes": minutes(appointment),
        "agent": keeper,
        "slots": [[number, starts, link(number, starts)] for number, (starts, _) in enumerate(appointment.offered, 1)],
        "invitation": invitation if method else None,
    }


def minutes(appointment: Appointment) -> int:
    """How long it is, or would be."""
    starts, ends = appointment.offered[0] if appointment.offered else (appointment.starts, appointment.ends)
    return int((ends - starts).total_seconds()) // 60


def link(number: int, starts: datetime) -> str:
    """What a tap on a free time writes: the time itself, since the numbers of another letter are others."""
    return f"{number} ({starts.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"


def said(appointment: Appointment, agent: Agent | None, config: Config) -> str:
    """For an agent, in his zone: `2026-12-24 14:00-15:00 Europe/Berlin`."""
    zone = zone_of(agent or Agent(0, "", ()), config)
    starts, ends = appointment.starts.astimezone(zone), appointment.ends.astimezone(zone)
    until = f"{ends:%H:%M}" if starts.date() == ends.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{starts:%Y-%m-%d %H:%M}-{until} {zone.key}"


def keeper(ticket: Ticket, agents: Iterable[Agent]) -> Agent | None:
    """The agent who keeps it, else the owner."""
    address = ticket.appointment.agent if ticket.appointment else ""
    return next((agent for agent in agents if address in agent.addresses), None) or ticket.owner


def ended_at(ticket: Ticket, _config: Config) -> datetime | None:
    """When the agent is asked how it went; once."""
    known = ticket.appointment
    if known is None or known.reminded or known.state not in COMING or ticket.merged:
        return None
    return known.ends


def ended(change: Change, facts: Elapsed, config: Config) -> Change:
    ticket, known = change.ticket, change.ticket.appointment
    if known is None:
        return change
    change = change.set_appointment(replace(known, reminded=True), "")
    agent = keeper(ticket, facts.agents)
    return change.also(*_how_it_went(ticket, known, (agent,) if agent else readers_of(ticket, facts.agents), config))


def _how_it_went(
    ticket: Ticket, known: Appointment, readers: Iterable[Agent], config: Config
) -> tuple[SendLetter, ...]:
    context = {
        "what": "appointment",
        "starts": known.starts,
        "ends": known.ends,
        "minutes": minutes(known),
        "requester": name_of(ticket.requester),
        "goes_to": goes_to(ticket),
        **NO_PROMISE,
    }
    return tuple(
        to_agent(
            "due_soon",
            ticket,
            agent,
            context=context | {"stays": barred_from(ticket, agent)},
            copy=number > 0,
            time_zone=zone_of(agent, config).key,
        )
        for number, agent in enumerate(readers)
    )


def _uid(change: Change, config: Config) -> str:
    """Never given twice: a ticket has no two appointments made at one moment."""
    moment = int(change.now.timestamp() * 1_000_000)
    return f"{change.ticket.reference}-{moment}@{config.desk.domain}"
