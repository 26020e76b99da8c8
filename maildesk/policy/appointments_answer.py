"""What a calendar answers to an invitation, and who may answer for a customer.

Asked by the rules; appointments_choice shares what it knows of people. It is no message that opens a ticket again:
somebody tapped on something, and his calendar wrote the mail, which may even bear the marks of a robot's.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.config import Config
from maildesk.policy import appointments
from maildesk.policy.gate import addresses_of, colleague, participates
from maildesk.policy.notice import agent_update
from maildesk.policy.tickets import Change
from maildesk.policy.timers import scheduled
from maildesk.words import (
    Address,
    Agent,
    Appointment,
    CalendarAnswer,
    Facts,
    Outcome,
    Ruling,
    SendLetter,
    Ticket,
    Verdict,
)

LONGEST = 500  # characters of a mail with a calendar's answer that its reader is shown


def replied(facts: Facts) -> CalendarAnswer | None:
    """Whether a calendar answers the ticket's invitation, of somebody who takes part in it."""
    said, ticket = facts.mail.calendar, facts.ticket
    known = ticket.appointment if ticket else None
    if said is None or known is None or said.uid != known.uid or facts.verdict is Verdict.FAIL:
        return None
    return said if takes_part(facts) else None


def noted(facts: Facts, config: Config) -> Ruling | None:
    """The agent hears of it. What he knows, and what is of another time, is filed and no more."""
    said, ticket = replied(facts), facts.ticket
    if said is None or ticket is None or ticket.appointment is None:
        return None
    known = ticket.appointment
    late = said.sequence is not None and said.sequence < known.sequence
    if late or not appointments.stands(known) or _knows(known, said.answer, facts, ticket):
        return Ruling(Outcome.REQUEST, f"a calendar's answer of no news: {said.answer}", (), (), ticket.reference)
    change = change_of(facts, ticket)
    if said.answer != "tentative":
        state = said.answer if _is_requester(facts, ticket) else known.state
        change = change.set_appointment(replace(known, state=state), f"appointment_{said.answer}")
    change = scheduled(change, config)
    tapped = replace(facts, mail=replace(facts.mail, attachments=(), html="", html_said=""))  # a program wrote these
    heard = agent_hears(said.answer, change.ticket, tapped, config, said.comment or _beside(facts))
    return Ruling(Outcome.REQUEST, f"appointment {said.answer}", (), (*change.decisions, *heard), ticket.reference)


def _beside(facts: Facts) -> str:
    """What stands in the mail itself: who has more to say may say it there, and nobody else would read it."""
    return "" if facts.mail.automatic else facts.mail.reply_text[:LONGEST]


def agent_hears(what: str, ticket: Ticket, facts: Facts, config: Config, text: str) -> tuple[SendLetter, ...]:
    """Who keeps it, and the owner."""
    agent = appointments.keeper(ticket, facts.agents)
    told = appointments.said(ticket.appointment, agent, config) if ticket.appointment else ""
    return agent_update(
        what,
        ticket,
        facts,
        config,
        text,
        told,
        readers=tuple(dict.fromkeys(each for each in (ticket.owner, agent) if each)),
    )


def change_of(facts: Facts, ticket: Ticket) -> Change:
    return Change(ticket, max(facts.now, ticket.latest), writer_of(facts).address)


def writer_of(facts: Facts) -> Address:
    """As the ticket knows him."""
    sender = facts.mail.sender or Address("")
    known = facts.ticket.people if facts.ticket else ()
    return next((each for each in known if each.address == sender.address), sender)


def takes_part(facts: Facts) -> bool:
    ticket, sender = facts.ticket, facts.mail.sender
    if ticket is None or sender is None or isinstance(facts.writer, Agent):
        return False
    return participates(sender.address, ticket) or colleague(facts.writer, ticket)


def _is_requester(facts: Facts, ticket: Ticket) -> bool:
    return ticket.requester.address in {writer_of(facts).address, *addresses_of(facts)}


def _knows(known: Appointment, answer: str, facts: Facts, ticket: Ticket) -> bool:
    return known.state == answer and _is_requester(facts, ticket)
