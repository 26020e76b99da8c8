"""A ticket is escalated: it goes to the second level, and who can do something about it is told.

Called by requested for a customer's word, by commands_sorting for an agent's. The managers read and decide; the
requester and the account manager hear that it was done. Once a ticket a day, since each time managers are called to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from maildesk.config import Config
from maildesk.policy.answers import called
from maildesk.policy.audience import name_of, of_queue, organisation_of
from maildesk.policy.first_line import NOTE, stays
from maildesk.policy.letter import alarm, goes_to, to_agent, to_customer
from maildesk.policy.tickets import Change
from maildesk.words import Address, Agent, Facts, RecordEvent, SendLetter, Ticket, Verdict

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
    who = called(facts) if by is None else by
    if change.ticket.level < LEVEL:
        change = change.set_level(LEVEL)
    change = change.also(RecordEvent(change.ticket.reference, "escalated", change.by))
    readers = _managers(change.ticket, facts)
    inside = stays(facts, facts.writer, change.ticket) if isinstance(facts.writer, Agent) else ""
    context = {**_context(change.ticket, reason, facts, config), "by": who, "stays": inside}
    if not who:  # its first mail is all there is
        context["text"] = facts.mail.said or facts.mail.text
    given: dict[str, Any] = {"answers": facts.mail.message_id, "context": context, "note": inside == NOTE}
    agents = tuple(
        to_agent("escalation", change.ticket, agent, copy=number > 0, **given) for number, agent in enumerate(readers)
    )
    return change, (
        *(agents or _nobody(change.ticket, config)),
        *_customers(change.ticket, reason, readers, facts, who),
    )


def _managers(ticket: Ticket, facts: Facts) -> tuple[Agent, ...]:
    managers = tuple(agent for agent in facts.agents if agent.manager and agent != facts.writer)
    return managers or of_queue(facts.agents, ticket.queue, ticket.level)


def _customers(
    ticket: Ticket, reason: str, readers: tuple[Agent, ...], facts: Facts, who: str
) -> tuple[SendLetter, ...]:
    """Requester, writer and account manager. The reason is repeated only of a writer who is vouched for (T26)."""
    writer = facts.mail.sender.address if facts.mail.sender else ""
    organisation = organisation_of(ticket, facts.colleagues)
    manager = organisation.account_manager if organisation else ""
    told = {address for agent in readers for address in agent.addresses}
    inside = isinstance(facts.writer, Agent)  # his reason is for managers; what customers shall read, he writes below
    writes = () if inside else _writes(ticket, writer)
    people = {each.address: each for each in (ticket.requester, *writes, *_named(manager, facts))}
    wanting = [person for address, person in people.items() if address not in told]
    words = reason if facts.verdict is Verdict.PASS and not inside else ""
    context = {"reason": words, "by": who, "severity": int(ticket.severity)}
    return tuple(
        to_customer(
            "escalated",
            ticket,
            person,
            facts.colleagues,
            answers=facts.mail.message_id if person.address == writer else "",
            context=context,
            copy=number > 0,
        )
        for number, person in enumerate(wanting)
    )


def _writes(ticket: Ticket, writer: str) -> tuple[Address, ...]:
    return tuple(each for each in ticket.people if each.address == writer) or ((Address(writer),) if writer else ())


def _named(manager: str, facts: Facts) -> tuple[Address, ...]:
    name = next((agent.name for agent in facts.agents if manager in agent.addresses), "")
    return (Address(manager, name),) if manager else ()


def _context(ticket: Ticket, reason: str, facts: Facts, config: Config) -> dict[str, object]:
    organisation = organisation_of(ticket, facts.colleagues)
    plan = config.plan.get(organisation.plan) if organisation else None
    newest = facts.shown.thread[-1].text if facts.shown.thread else ""
    return {
        "reason": reason,
        "severity": int(ticket.severity),
        "requester": name_of(ticket.requester),
        "address": ticket.requester.address,
        "organisation": ticket.organisation,
        "plan": plan.title if plan else "",
        "account_manager": organisation.account_manager if organisation else "",
        "status": ticket.status.value,
        "owner": ticket.owner.name if ticket.owner else "",
        "text": newest,
        "history": [[at, words] for at, words in facts.shown.history],
        "goes_to": goes_to(ticket),
    }


def _nobody(ticket: Ticket, config: Config) -> tuple[SendLetter, ...]:
    return (alarm(config, "nobody", f"{ticket.reference}: there is no agent who could be told of its escalation"),)
