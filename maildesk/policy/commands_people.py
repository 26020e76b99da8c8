"""The agents' commands about who takes part in a ticket, and which ticket a matter stands in: `#cc` and `#merge`.

Read by commands. Nobody of ours takes part, and nobody of [gate] never_copy; the requester stays the requester.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from maildesk.config import Config
from maildesk.mime.address import linkless, normal
from maildesk.policy import script, triage
from maildesk.policy.appointments import stands
from maildesk.policy.audience import MOST_PEOPLE, barred
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.gate import commands, participates
from maildesk.policy.newcomers import keep_out, let_in
from maildesk.policy.script import Line
from maildesk.policy.tickets import RUNNING, Change
from maildesk.policy.timers import scheduled
from maildesk.words import AddParticipants, Agent, AskNewcomers, Decision, Facts, Status, Ticket

# It begins where a word does, so that a line without end is gone over once.
_NAMED = re.compile(r"(?<![^\s<>,;])(?:([+-])[ \t]*+)?<?([^\s<>,;+@-][^\s<>,;@]*+@[^\s<>,;]+)>?")


def _cc(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    ticket = facts.ticket
    if ticket is None:
        return Refusal(line.text, "no_ticket")
    coming, going, left = _read(line.argument)
    if left or not (coming or going):
        return Refusal(line.text, "argument", "#cc +ADDRESS -ADDRESS")
    unknown = [each for each in going if each not in _known(ticket)]
    if unknown:
        near = get_close_matches(unknown[0], _known(ticket), n=1)
        return Refusal(line.text, "argument", f"#cc -{near[0]}" if near else "")
    new = [each for each in coming if not participates(each, ticket)]
    crowded = len(ticket.people) + len(new) > MOST_PEOPLE + len(going)
    if ticket.requester.address in going or crowded or any(barred(each, facts, config) for each in coming):
        return Refusal(line.text, "not_allowed")

    def does(change: Change) -> Change:
        return keep_out(let_in(change, coming, facts), going, facts)

    told = (*(f"+{each}" for each in coming), *(f"-{each}" for each in going))
    return Deed("cc", "copies", ", ".join(told), does)


def _merge(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """It goes into another: its people and its appointment go along, its clocks stop, its reference leads there."""
    ticket, into, agent = facts.ticket, facts.merging, facts.writer
    if ticket is None or not isinstance(agent, Agent):
        return Refusal(line.text, "no_ticket")
    first = next((each.text for each in script.read_text(facts.mail.said).lines if each.word == "merge"), "")
    if into is None or into.reference == ticket.reference or line.text != first:
        return _leads_nowhere(line, config) if into is None else Refusal(line.text, "argument", "#merge REF")
    if not (ours := commands(agent, into)) or not _of_one(ticket, into):
        return Refusal(line.text, "another_customer" if ours else "not_allowed")
    if stands(ticket.appointment) and stands(into.appointment):
        return Refusal(line.text, "two_appointments", "#cancel")

    def does(change: Change) -> Change:
        change = change.also(*_moved(change.ticket, into, change.by), *_taken_up(change, into, config))
        return change.merge_into(into.reference)

    return Deed("merge", "merged", into.reference, does)


def _leads_nowhere(line: Line, config: Config) -> Refusal:
    """No ticket is named so; a bare number is meant for a reference."""
    if not line.argument:
        return Refusal(line.text, "argument", "#merge REF")
    bare = line.argument.isdecimal()
    return Refusal(line.text, "no_such", f"#merge {config.desk.prefix}-{line.argument}" if bare else "")


def _of_one(ticket: Ticket, other: Ticket) -> bool:
    """Whether all that is written in one may be seen by the people of the other."""
    if ticket.organisation or other.organisation:
        return ticket.organisation == other.organisation
    return ticket.requester.address == other.requester.address


def _moved(ticket: Ticket, into: Ticket, by: str) -> Iterable[AddParticipants | AskNewcomers]:
    """The people of a ticket, in the one that it goes into; who waits there, waits here."""
    known = {person.address for person in into.people}
    people = [person for person in ticket.people if person.address not in known]
    if people := people[: max(0, MOST_PEOPLE - len(known))]:
        yield AddParticipants(into.reference, tuple(people), by)
    asked = {each.person.address for each in into.newcomers} | known
    waiting = tuple(each.person for each in ticket.newcomers if each.waits and each.person.address not in asked)
    if waiting:
        yield AskNewcomers(into.reference, waiting)


def _taken_up(change: Change, into: Ticket, config: Config) -> tuple[Decision, ...]:
    """What is still to be done goes on where the matter does: work, escalation, an appointment that people know of."""
    other = Change(into, max(change.now, into.latest), change.by)
    if change.ticket.status in RUNNING and into.status not in RUNNING:
        other = other.set_status(Status.OPEN).set_survey_due(None)
    other = triage.on_the_way(other, change.ticket.clocks.escalation)
    known = change.ticket.appointment
    if known and not stands(into.appointment) and (stands(known) or known.offered):
        other = other.set_appointment(known, "appointment_set" if stands(known) else "appointment_offered")
    return scheduled(other, config).decisions


def _read(argument: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Who shall come, who shall go, and what else the line holds."""
    text = linkless(argument)
    found = [(sign, normal(address)) for sign, address in _NAMED.findall(text)]
    left = _NAMED.sub(" ", text).strip(" \t,;") or ("" if all(address for _, address in found) else argument)
    coming = dict.fromkeys(address for sign, address in found if sign != "-")
    going = dict.fromkeys(address for sign, address in found if sign == "-")
    return tuple(coming), tuple(going), left


def _known(ticket: Ticket) -> list[str]:
    """Whom `-ADDRESS` may name, and the requester, of whom the answer is no."""
    return [*(person.address for person in ticket.people), *(each.person.address for each in ticket.newcomers)]


COMMANDS_PEOPLE: dict[str, Command] = {
    "cc": Command("+ADDRESS -ADDRESS", "who gets copies from now on, and who does not any more", True, _cc),
    "merge": Command("REF", "this ticket goes into that one", False, _merge),
}
