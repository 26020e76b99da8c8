"""What agents are told of a ticket: agent_ticket when it opens, agent_update when something happens to it.

Called by customers, agents, survey and bounces. Nobody is told of his own mail. When there is no agent to tell,
the operators are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from maildesk.config import Config
from maildesk.policy.alike import alike
from maildesk.policy.audience import name_of, of_queue, organisation_of, singly, told
from maildesk.policy.fields import missing, news, shown
from maildesk.policy.first_line import barred_from
from maildesk.policy.gate import admitted
from maildesk.policy.letter import alarm, carried, enclosed, goes_to, to_agent
from maildesk.policy.page import Page, page
from maildesk.policy.targets import targets
from maildesk.words import Address, Agent, Facts, Incoming, Said, SendLetter, Severity, Ticket

NEW = {"moved": False, "status": "", "owner": ""}  # nobody has had it before


def agent_ticket(ticket: Ticket, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    text = facts.mail.text or facts.mail.reply_text
    shown = page(text, facts, config)
    context = {
        **_request(ticket, facts, config),
        **_origin(ticket, facts),
        **NEW,
        "alike": alike(facts.mail.subject, facts.mail.reply_text or text, facts.neighbours),
        "text": text,
        "html": shown.html,
        **enclosed(facts.mail, config),
    }
    readers = singly(of_queue(facts.agents, ticket.queue, ticket.level), ticket, config)
    letters = _each("agent_ticket", ticket, readers, context, **_in_hand(facts, shown))
    return letters or _nobody(ticket, config)


def _origin(ticket: Ticket, facts: Facts) -> dict[str, object]:
    """Who wrote what another has taken over, and which closed ticket it goes on with."""
    writer = facts.mail.sender.address if facts.mail.sender else ""
    before = facts.ticket.reference if facts.ticket and admitted(facts) else ""
    return {
        "writer": "" if writer == ticket.requester.address else writer,
        "follows": "" if before == ticket.reference else before,
    }


def handed_over(
    ticket: Ticket, facts: Facts, config: Config, group: Iterable[Agent], informed: Iterable[str] = ()
) -> tuple[SendLetter, ...]:
    """To the agents whom a ticket was moved or given to: what was said in it, and its files.

    Not to whoever is `informed` already, and not to the agent who did it.
    """
    group = tuple(group)
    past = Incoming(attachments=facts.inside.files)
    context = {
        **_request(ticket, facts, config),
        "writer": "",
        "follows": "",
        "alike": "",
        "moved": True,
        "status": ticket.status.value,
        "owner": ticket.owner.name if ticket.owner else "",
        "text": _said(facts.inside.thread),
        "html": "",
        **enclosed(past, config),
    }
    others = [agent for agent in group if agent != facts.writer and not set(agent.addresses) & set(informed)]
    files = carried(past.attachments, config)
    readers = singly(tuple(others), ticket, config)
    letters = _each("agent_ticket", ticket, readers, context, answers=facts.mail.message_id, attachments=files)
    return letters if group else _nobody(ticket, config)


def agent_update(  # noqa: PLR0913, PLR0917 - what is told, of what, and to whom besides
    what: str,
    ticket: Ticket,
    facts: Facts,
    config: Config,
    text: str,
    code: str = "",
    readers: tuple[Agent, ...] = (),
    argued: Mapping[str, int] | None = None,
) -> tuple[SendLetter, ...]:
    """To these, else to the owner, else to the queue's agents: what the mail in hand does to the ticket.

    Where its writer has `argued` how grave it is, it is read by those who would read what is as grave as that.
    """
    shown = page(text, facts, config)
    context = {
        **_update(what, ticket, text, writer_name(facts), config),
        "html": shown.html,
        **enclosed(facts.mail, config),
        "address": facts.mail.sender.address if facts.mail.sender else "",
        "code": code,
        "fields": news(facts.ticket, ticket, config),
        "argued": argued,
    }
    told_of = readers or told(ticket, facts.agents)
    others = tuple(agent for agent in told_of if agent != facts.writer)
    grave = replace(ticket, severity=min(ticket.severity, Severity(argued["to"]))) if argued else ticket
    others = others if readers else singly(others, grave, config)
    letters = _each("agent_update", ticket, others, context, note=what == "note", **_in_hand(facts, shown))
    return letters if told_of else _nobody(ticket, config)


def failed(ticket: Ticket, agents: Iterable[Agent], config: Config, address: str, code: str) -> tuple[SendLetter, ...]:
    """A letter to `address` failed for good, with this status code."""
    context = {
        **_update("failed", ticket, "", "", config),
        **enclosed(Incoming(), config),
        "address": address,
        "code": code,
    }
    context |= {"html": "", "fields": [], "argued": None}
    readers = singly(told(ticket, agents), ticket, config)
    return _each("agent_update", ticket, readers, context) or _nobody(ticket, config)


def writer_name(facts: Facts) -> str:
    """The writer as the directory knows him, else as he calls himself."""
    known: str = getattr(facts.writer, "name", "")
    return known or name_of(facts.mail.sender or Address(""))


def _request(ticket: Ticket, facts: Facts, config: Config) -> dict[str, object]:
    organisation = organisation_of(ticket, facts.colleagues)
    plan = config.plan.get(organisation.plan) if organisation else None
    return {
        "requester": name_of(ticket.requester),
        "address": ticket.requester.address,
        "organisation": ticket.organisation,
        "plan": plan.title if plan else "",
        "severity": int(ticket.severity),
        "category": ticket.category,
        "fields": shown(ticket, config),
        "lacking": missing(ticket, config),
        "goes_to": goes_to(ticket),
        "outside": _outside(ticket),
        **_course(ticket, config),
    }


def _said(thread: tuple[Said, ...]) -> str:
    """One message as it is; several, oldest first, each below its writer's name."""
    if len(thread) == 1:
        return thread[0].text.strip()
    return "\n\n".join(f"{each.writer}:\n{each.text.strip()}" for each in thread)


def _in_hand(facts: Facts, shown: Page) -> dict[str, Any]:
    return {"answers": facts.mail.message_id, "attachments": shown.attachments}


def _update(what: str, ticket: Ticket, text: str, writer: str, config: Config) -> dict[str, object]:
    return {
        "what": what,
        "writer": writer,
        "text": text,
        "status": ticket.status.value,
        "away": ticket.owner.name if ticket.owner and not ticket.owner.present else "",
        "goes_to": goes_to(ticket),
        "outside": _outside(ticket),
        **_course(ticket, config),
    }


def _course(ticket: Ticket, config: Config) -> dict[str, object]:
    """Which promise runs out first, how far an engineering case has come, and when work on it begins."""
    next_due = min(targets(ticket, config), key=lambda each: each.due, default=None)
    return {
        "promise": next_due.name if next_due else "",
        "due_at": next_due.due if next_due else None,
        "late": bool(next_due and next_due.missed),
        "stage": ticket.stage,
        "forecast": ticket.forecast.isoformat() if ticket.forecast else "",
    }


def _outside(ticket: Ticket) -> list[str]:
    """Who waits for a word of the requester's or an agent's."""
    return [each.person.address for each in ticket.newcomers if each.waits]


def _each(
    name: str, ticket: Ticket, readers: tuple[Agent, ...], context: dict[str, object], **fields: Any
) -> tuple[SendLetter, ...]:
    """To each of them; whoever owns a ticket of a queue that is not his is told that he cannot answer it."""
    return tuple(
        to_agent(name, ticket, agent, context=context | {"stays": barred_from(ticket, agent)}, copy=index > 0, **fields)
        for index, agent in enumerate(readers)
    )


def _nobody(ticket: Ticket, config: Config) -> tuple[SendLetter, ...]:
    return (alarm(config, "nobody", f"{ticket.reference}: the queue {ticket.queue} has no agent who could be told"),)
