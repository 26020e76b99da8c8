"""The free time that a customer chooses of those that were offered: by a tap, by its number, or by naming it.

Asked by the rules. By the key of the letter that offered them alone; the first answer wins. What is taken or over
meanwhile is told, with what is free now.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy import appointments, customers, slots
from maildesk.policy.appointments_answer import agent_hears, change_of, takes_part, writer_of
from maildesk.policy.audience import contact_of
from maildesk.policy.gate import addresses_of
from maildesk.policy.hours_days import Stretch
from maildesk.policy.letter import plan_of
from maildesk.policy.moments import instants
from maildesk.policy.requests import below
from maildesk.policy.tickets import Change
from maildesk.policy.timers import scheduled
from maildesk.policy.when import time_of
from maildesk.words import Agent, Appointment, Facts, Outcome, Ruling, Status, Visibility
from maildesk.words.frozen import frozen

LETTER = "appointment"
LONGEST = 100  # characters of a line that may be a choice
_LINK = re.compile(r"[1-9] \(([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) UTC\)")
_NUMBER = re.compile(r"(?:number|nummer|nr|no|time|slot|option|termin)?[. ]*#?([1-9])[.)!]?", re.IGNORECASE)
_ZONE = re.compile(r"\([^()]*\)$")


@frozen
class Choice:
    """What somebody chose; `slot` is None where it is not offered any more."""

    slot: Stretch | None
    words: str  # below it


def choice(facts: Facts, config: Config) -> Choice | None:
    """What a mail's first line chooses of what was offered; None where it is an ordinary line."""
    ticket = facts.ticket
    known = ticket.appointment if ticket else None
    if known is None or known.asked is None or not _has_key(facts) or not takes_part(facts):
        return None
    first, _, rest = facts.mail.reply_text.strip().partition("\n")
    line = first.strip(" \t\r>*_\"'")
    if not line or len(line) > LONGEST:
        return None
    found = _chosen(line, known, facts, config)
    return Choice(found[0], below(rest.strip(), facts.mail)) if found else None


def answered(facts: Facts, config: Config) -> Ruling | None:
    """The appointment is made; or its writer is told why not, and what is free now."""
    chosen, ticket = choice(facts, config), facts.ticket
    if chosen is None or ticket is None or ticket.appointment is None:
        return None
    change = change_of(facts, ticket)
    if chosen.words:
        change = _said(change, facts, config)
    agent = appointments.keeper(ticket, facts.agents)
    slot = chosen.slot if change.ticket.status is not Status.CLOSED and agent else None
    if slot and agent and _free(slot, facts):
        kind = "moved" if appointments.stands(ticket.appointment) else "set"
        change = scheduled(appointments.set_to(change, slot, agent, config), config)
        heard = agent_hears("chosen", change.ticket, facts, config, chosen.words)
        letters = (*appointments.told(kind, change.ticket, facts), *heard)
        reason = "an appointment is chosen"
    else:
        kind, change = _instead(change, agent, facts, config)
        change = scheduled(change, config)
        letters = appointments.told(kind, change.ticket, facts, (writer_of(facts),))
        letters += agent_hears("message", change.ticket, facts, config, chosen.words) if chosen.words else ()
        reason = f"no appointment: {kind}"
    outcome = Outcome.MESSAGE if chosen.words else Outcome.REQUEST
    return Ruling(outcome, reason, (), (*change.decisions, *letters), ticket.reference)


def _said(change: Change, facts: Facts, config: Config) -> Change:
    """Words are a message like any other: an answer is waited for, and what rests is at work again."""
    change = change.add_message(Visibility.PUBLIC).heard()
    return change if customers.long_closed(facts, config) else customers.at_work(change, facts, config)


def _instead(change: Change, agent: Agent | None, facts: Facts, config: Config) -> tuple[str, Change]:
    """What its writer is told: that it is settled, what is free now, or that nothing is offered any more."""
    ticket, known = change.ticket, change.ticket.appointment
    if known is None or agent is None or ticket.status is Status.CLOSED or not known.offered:
        return ("settled" if appointments.stands(known) else "withdrawn"), change
    left = tuple(slot for slot in known.offered if _free(slot, facts))
    length = timedelta(minutes=appointments.minutes(known))
    plan = plan_of(ticket, facts.colleagues)
    left = left or slots.free(config, agent, plan, ticket.queue, length, facts.busy, facts.now)
    if not left:
        return "withdrawn", change
    return "gone", change if left == known.offered else appointments.offered(change, left, agent, config)


def _chosen(line: str, known: Appointment, facts: Facts, config: Config) -> tuple[Stretch | None] | None:
    """None: the line chooses nothing. A tap names its time; a number is one of the letter that is answered."""
    slots_by = {starts: (starts, ends) for starts, ends in known.offered}
    if tapped := _LINK.fullmatch(line):
        starts = _utc(tapped[1])
        return (slots_by.get(starts) if starts else None,)
    if number := _NUMBER.fullmatch(line):
        at = int(number[1]) - 1
        stale = any(key.sent and known.asked and key.sent < known.asked for key in facts.keys if key.letter == LETTER)
        if at >= slots.OFFERED:
            return None
        return (known.offered[at] if at < len(known.offered) and not stale else None,)
    zone = _zone(facts, config)
    said = _ZONE.sub("", line).strip()
    meant = [slot for starts, slot in slots_by.items() if starts in instants(said, facts.now, zone)]
    at_time = time_of(said)
    meant = meant or [slot for starts, slot in slots_by.items() if starts.astimezone(zone).time() == at_time]
    return (meant[0],) if len(meant) == 1 else None


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def _free(slot: Stretch, facts: Facts) -> bool:
    return slot[0] > facts.now and not slots.overlaps(slot, facts.busy)


def _zone(facts: Facts, config: Config) -> ZoneInfo:
    """Of whoever reads the letter; a zone that does not exist is the desk's, as in the letter."""
    reader = contact_of(writer_of(facts).address, facts.colleagues)
    try:
        return ZoneInfo((reader.time_zone if reader else "") or config.desk.time_zone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(config.desk.time_zone)


def _has_key(facts: Facts) -> bool:
    """Of the letter that offered the times, to whoever writes."""
    own = {writer_of(facts).address, *addresses_of(facts)}
    return any(key.letter == LETTER and key.address in own for key in facts.keys)
