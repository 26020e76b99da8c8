"""What time does with an escalated ticket: triage ends, engineering gets it; and a promise that was missed escalates.

Used by timers and promises. Each is told once. Nothing here is an agent's word: it keeps no promise to the customer.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.config import Config
from maildesk.policy import triage
from maildesk.policy.audience import told
from maildesk.policy.escalating import ESCALATED, LEVEL
from maildesk.policy.escalation_told import called_so, story, to_agents, to_customers
from maildesk.policy.letter import carried
from maildesk.policy.targets import PROMISES
from maildesk.policy.tickets import Change
from maildesk.words import Agent, Elapsed, RecordEvent, Ticket

TRIAGE, ENGINEERING = "triage", "engineering"  # the timers
TRIAGED, HANDED = "triage_ended", "sent_to_engineering"  # the events
MISSED = "missed"


def broken(change: Change, promise: str, informed: tuple[Agent, ...], facts: Elapsed) -> Change:
    """A promise was not kept: triage begins, unless the ticket is on its way already."""
    if triage.under_way(change.ticket):
        return change
    change = triage.begun(change).also(RecordEvent(change.ticket.reference, ESCALATED, change.by, promise))
    return change.also(*to_customers(change.ticket, facts, informed, {"occasion": MISSED}))


def triaged(change: Change, facts: Elapsed, config: Config) -> Change:
    """The owner, else the queue's agents, and the managers read how far it has come."""
    way = change.ticket.clocks.escalation
    if way is None:
        return change
    change = change.set_escalation(replace(way, triaged=change.now))
    change = change.also(RecordEvent(change.ticket.reference, TRIAGED, change.by))
    context = _story(TRIAGE, change.ticket, facts, config)
    context["next_at"] = triage.engineering_begins(change.ticket, config)
    return change.also(*to_agents(change.ticket, _readers(change.ticket, facts), context, config))


def handed(change: Change, facts: Elapsed, config: Config) -> Change:
    """To the next level that the queue has, with all that was gathered; requester and account manager hear of it."""
    way = change.ticket.clocks.escalation
    if way is None:
        return change
    before = change.ticket
    change = change.set_escalation(replace(way, engineering=change.now))
    change = change.also(RecordEvent(before.reference, HANDED, change.by))
    higher = {each.level for each in facts.agents if before.queue in each.queues and each.level > before.level}
    if higher:
        change = change.set_level(min(higher))
    ticket = change.ticket
    readers = tuple(dict.fromkeys((*_readers(before, facts), *_engineers(ticket, facts))))
    context = _story(ENGINEERING, ticket, facts, config)
    files = carried(facts.files, config)
    context["attachments"] = [each.name for each in facts.files]
    context["not_carried"] = [each.name for each in facts.files if each not in files]
    change = change.also(*to_agents(ticket, readers, context, config, attachments=files))
    return change.also(*to_customers(ticket, facts, readers, {"occasion": ENGINEERING}))


def _story(occasion: str, ticket: Ticket, facts: Elapsed, config: Config) -> dict[str, object]:
    """With the reason: somebody's words, or the promise that was missed."""
    by, reason = facts.shown.cause
    missed = reason if reason in PROMISES and not by else ""
    who = called_so(by, ticket, facts.agents, facts.colleagues) if by else ""
    context = story(ticket, facts, config) | {"occasion": occasion, "by": who, "missed": missed}
    return context | {"reason": "" if missed else reason}


def _readers(ticket: Ticket, facts: Elapsed) -> tuple[Agent, ...]:
    managers = (agent for agent in facts.agents if agent.manager)
    return tuple(dict.fromkeys((*told(ticket, facts.agents), *managers)))


def _engineers(ticket: Ticket, facts: Elapsed) -> tuple[Agent, ...]:
    """Those of its level who are there, else all of them; where there is but the first level, nobody."""
    if ticket.level < LEVEL:
        return ()
    known = tuple(each for each in facts.agents if ticket.queue in each.queues and each.level == ticket.level)
    return tuple(each for each in known if each.present) or known
