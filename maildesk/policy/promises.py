"""What time does about a promise: it warns whoever can still keep it, and tells when it was not kept.

Used by timers. Once each: an answer begins the clocks anew, and with them all that was told of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from maildesk.config import Config
from maildesk.policy.audience import name_of, told
from maildesk.policy.first_line import barred_from
from maildesk.policy.handing_on import broken
from maildesk.policy.letter import alarm, goes_to, to_agent
from maildesk.policy.targets import targets
from maildesk.policy.tickets import Change
from maildesk.policy.triage import triage_ends
from maildesk.words import Agent, Elapsed, RecordEvent, SendLetter, Target, Ticket

MISSED = "missed"  # the event; its detail is the promise
NO_APPOINTMENT = {"starts": None, "ends": None, "minutes": 0}  # `due_soon` is about these, too


def warned(change: Change, facts: Elapsed, config: Config) -> Change:
    """To the owner, else to the queue's agents, once `warn_at` of the time has run; of what is over already nobody."""
    found = [each for each in targets(change.ticket, config) if each.warn and each.warn <= facts.now]
    target = min(found, key=lambda each: each.warn or each.due, default=None)
    if target is None:
        return change
    clocks = change.ticket.clocks
    change = change.set_clocks(replace(clocks, warned=(*clocks.warned, (target.name, target.start))))
    if target.due <= facts.now:
        return change
    return change.also(*_letters("due_soon", change.ticket, target, told(change.ticket, facts.agents), config))


def missed(change: Change, facts: Elapsed, config: Config) -> Change:
    """To the owner, else to the queue's agents, and to the managers."""
    found = [each for each in targets(change.ticket, config) if not each.missed and each.due <= facts.now]
    target = min(found, key=lambda each: each.due, default=None)
    if target is None:
        return change
    clocks = change.ticket.clocks
    change = change.set_clocks(replace(clocks, missed=(*clocks.missed, (target.name, target.start))))
    change = change.also(RecordEvent(change.ticket.reference, MISSED, change.by, target.name))
    managers = (agent for agent in facts.agents if agent.manager)
    readers = tuple(dict.fromkeys((*told(change.ticket, facts.agents), *managers)))
    change = broken(change, target.name, readers, facts)
    return change.also(*_letters("overdue", change.ticket, target, readers, config))


def _letters(
    name: str, ticket: Ticket, target: Target, readers: Iterable[Agent], config: Config
) -> tuple[SendLetter, ...]:
    context = {
        "what": target.name,
        "due_at": target.due,
        "severity": int(ticket.severity),
        "status": ticket.status.value,
        "owner": ticket.owner.name if ticket.owner else "",
        "requester": name_of(ticket.requester),
        "organisation": ticket.organisation,
        "plan": config.plan[ticket.plan].title,
        "goes_to": goes_to(ticket),
        **(NO_APPOINTMENT if name == "due_soon" else {"triage_until": triage_ends(ticket, config)}),
    }
    letters = tuple(
        to_agent(name, ticket, agent, context=context | {"stays": barred_from(ticket, agent)}, copy=number > 0)
        for number, agent in enumerate(readers)
    )
    return letters or (
        alarm(config, "nobody", f"{ticket.reference}: there is no agent who could be told of a promise"),
    )
