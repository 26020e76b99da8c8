"""A ticket is escalated: it goes to the second level, triage begins, and who can do something about it is told.

Called by requested for a customer's word, by commands_sorting for an agent's, by customers for what a plan escalates
itself. The managers read and decide; the requester and the account manager hear that it was done. Once a ticket a day,
since each time managers are called to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.config import Config
from maildesk.policy import answers, triage
from maildesk.policy.audience import of_queue
from maildesk.policy.escalation_told import in_short, story, to_agents, to_customers
from maildesk.policy.first_line import NOTE, stays
from maildesk.policy.tickets import Change
from maildesk.words import Address, Agent, Facts, RecordEvent, SendLetter, Ticket, Verdict

ESCALATED = "escalated"  # the event; its detail is the reason
LEVEL = 2  # who is asked when the first level is not enough
AGAIN = timedelta(days=1)


def lately(facts: Facts) -> bool:
    """Whether the ticket was escalated not long ago."""
    last = facts.shown.escalated
    return last is not None and facts.now < last + AGAIN


def by_itself(change: Change, facts: Facts, config: Config) -> tuple[Change, tuple[SendLetter, ...]]:
    """A new ticket that its plan escalates at once, for its severity and at any hour."""
    plan = config.plan.get(change.ticket.plan)
    wanted = plan is not None and int(change.ticket.severity) in plan.escalate
    if not wanted:
        return change, ()
    after, letters = escalated(replace(change, by=""), "", facts, config, by="")
    return replace(after, by=change.by), letters


def escalated(
    change: Change, reason: str, facts: Facts, config: Config, by: str | None = None
) -> tuple[Change, tuple[SendLetter, ...]]:
    """The ticket after it, and the letters that tell of it; `by` is the writer, or "" where it came by itself."""
    who = answers.called(facts) if by is None else by
    if change.ticket.level < LEVEL:
        change = change.set_level(LEVEL)
    change = triage.begun(change).also(RecordEvent(change.ticket.reference, ESCALATED, change.by, in_short(reason)))
    readers = _managers(change.ticket, facts)
    inside = stays(facts, facts.writer, change.ticket) if isinstance(facts.writer, Agent) else ""
    context = story(change.ticket, facts, config) | {"reason": reason, "by": who, "stays": inside}
    context["next_at"] = triage.triage_ends(change.ticket, config)
    if not who:  # its first mail is all there is
        context["text"] = facts.mail.said or facts.mail.text
    given = {"answers": facts.mail.message_id, "note": inside == NOTE}
    agents = to_agents(change.ticket, readers, context, config, **given)
    return change, (*agents, *_customers(change.ticket, reason, readers, facts, who))


def _managers(ticket: Ticket, facts: Facts) -> tuple[Agent, ...]:
    managers = tuple(agent for agent in facts.agents if agent.manager and agent != facts.writer)
    return managers or of_queue(facts.agents, ticket.queue, ticket.level)


def _customers(
    ticket: Ticket, reason: str, readers: tuple[Agent, ...], facts: Facts, who: str
) -> tuple[SendLetter, ...]:
    """Requester, writer and account manager. The reason is repeated only of a writer who is vouched for (T26)."""
    inside = isinstance(facts.writer, Agent)  # his reason is for managers; what customers shall read, he writes below
    words = reason if facts.verdict is Verdict.PASS and not inside else ""
    writing = () if inside else _writes(ticket, facts)
    context = {"reason": words, "by": who}
    return to_customers(ticket, facts, readers, context, writing, facts.mail.message_id)


def _writes(ticket: Ticket, facts: Facts) -> tuple[Address, ...]:
    writer = facts.mail.sender.address if facts.mail.sender else ""
    return tuple(each for each in ticket.people if each.address == writer) or ((Address(writer),) if writer else ())
