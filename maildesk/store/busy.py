"""When an agent has appointments already: loaded where free times are offered or chosen, and only then.

Called by store/facts. Reads only.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.policy import script
from maildesk.policy.appointments import keeper, stands
from maildesk.store import appointments
from maildesk.store.match import Question
from maildesk.words import Agent, Facts

OFFER = "offer"  # the command that asks for free times
KEPT = "SELECT appointment FROM ticket WHERE appointment <> '' AND reference <> ?"


def with_busy(ask: Question, facts: Facts) -> Facts:
    agent = _whose(facts)
    if agent is None or facts.ticket is None:
        return facts
    known = (appointments.read(column) for (column,) in ask.store.all(KEPT, (facts.ticket.reference,)))
    busy = tuple(
        (each.starts, each.ends)
        for each in known
        if each and each.agent in agent.addresses and stands(each) and each.state != "declined" and each.ends > ask.now
    )
    return replace(facts, busy=tuple(sorted(busy)))


def _whose(facts: Facts) -> Agent | None:
    """The agent who offers times, or of whom a customer chooses one."""
    if isinstance(facts.writer, Agent):
        asks = OFFER in facts.mail.said.lower() or "termine" in facts.mail.said.lower()
        return facts.writer if asks and any(each.word == OFFER for each in script.read(facts).lines) else None
    offered = facts.ticket is not None and facts.ticket.appointment is not None and facts.ticket.appointment.offered
    return keeper(facts.ticket, facts.agents) if offered and facts.ticket else None
