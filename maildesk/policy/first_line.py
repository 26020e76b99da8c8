"""The first line of a letter to an agent: who would read a plain reply to it.

Called by notice, and by receipt and escalating, whose letters may be about a note. What the line says the desk does: a
letter about a note is marked as one, and an answer to it stays inside.
"""

from __future__ import annotations

from maildesk.policy import script
from maildesk.policy.gate import answers_a_note, commands
from maildesk.policy.letter import goes_to
from maildesk.words import Agent, Facts, Ticket

NOTE, QUEUE = "note", "queue"  # why nobody outside would read it


def barred_from(ticket: Ticket, agent: Agent) -> str:
    """Why nothing that he writes about it goes out; "" = it may."""
    return "" if commands(agent, ticket) else QUEUE


def stays(facts: Facts, agent: Agent, ticket: Ticket) -> str:
    """Why a reply to a letter about the mail in hand would stay inside; "" = it would not."""
    if barred := barred_from(ticket, agent):
        return barred
    said = isinstance(facts.writer, Agent) and any(line.word == "note" for line in script.read(facts).lines)
    passed_on = facts.mail.forwarded is not None and facts.ticket is not None
    return NOTE if said or passed_on or answers_a_note(facts) else ""


def told_first(facts: Facts, agent: Agent, ticket: Ticket | None) -> dict[str, object]:
    """What a receipt's template is handed for that line."""
    if ticket is None:
        return {"goes_to": [], "stays": ""}
    return {"goes_to": _readers(facts, ticket), "stays": stays(facts, agent, ticket)}


def _readers(facts: Facts, ticket: Ticket) -> list[str]:
    """Who would read it where it does not stay inside; of a ticket that went into another, those of both."""
    into = facts.merging if ticket.merged and facts.merging else None
    return list(dict.fromkeys((*(goes_to(into) if into else ()), *goes_to(ticket))))
