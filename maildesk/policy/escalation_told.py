"""The letters about an escalated ticket: `escalation` to agents, with the whole story and answers ready to be sent, and
`escalated` to the requester and the account manager.

Called by escalating, when somebody escalates it, and by handing_on, when time does. No letter promises by when it is
solved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from maildesk.config import Config
from maildesk.policy.audience import called, contact_of, name_of, organisation_of
from maildesk.policy.fields import shown
from maildesk.policy.first_line import barred_from
from maildesk.policy.letter import alarm, goes_to, to_agent, to_customer
from maildesk.words import Address, Agent, Contact, Elapsed, Facts, SendLetter, Shown, Ticket

EXPERT = 2  # the level from which on an agent knows more than the first does
MOST_EXPERTS = 4  # whom a letter offers to give it to
LONGEST_REASON = 300  # characters of it in a history: the mail has all of it


def story(ticket: Ticket, facts: Facts | Elapsed, config: Config) -> dict[str, object]:
    """What managers and engineers want to know of it; the occasion is told beside it."""
    organisation = organisation_of(ticket, facts.colleagues)
    plan = config.plan.get(organisation.plan) if organisation else None
    return {
        "occasion": "",
        "missed": "",
        "next_at": None,
        "severity": int(ticket.severity),
        "requester": name_of(ticket.requester),
        "address": ticket.requester.address,
        "organisation": ticket.organisation,
        "plan": plan.title if plan else "",
        "account_manager": organisation.account_manager if organisation else "",
        "status": ticket.status.value,
        "owner": ticket.owner.name if ticket.owner else "",
        "at_level": ticket.level,
        "goes_to": goes_to(ticket),
        **_gathered(ticket, facts.shown, config),
        "experts": experts(ticket, facts.agents),
    }


def _gathered(ticket: Ticket, known: Shown, config: Config) -> dict[str, object]:
    return {
        "category": ticket.category,
        "fields": shown(ticket, config),
        "links": list(ticket.links),
        "worked": ticket.minutes,
        "text": known.thread[-1].text if known.thread else "",
        "history": [[at, words] for at, words in known.history],
        "attachments": [],
        "not_carried": [],
    }


def experts(ticket: Ticket, agents: Iterable[Agent]) -> list[list[str]]:
    """Who of the queue is there and may know more: by name, and as `#assign` finds him."""
    staff = tuple(agents)
    able = [each for each in staff if each.present and ticket.queue in each.queues and each.level >= EXPERT]
    others = sorted((each for each in able if each != ticket.owner), key=lambda each: (each.level, each.name))
    return [[each.name, _assignable(each, staff)] for each in others[:MOST_EXPERTS]]


def _assignable(agent: Agent, staff: tuple[Agent, ...]) -> str:
    """His name, or his address where the name is another's, too."""
    return agent.name if called(agent.name.casefold(), staff) == [agent] else agent.addresses[0]


def to_agents(
    ticket: Ticket, readers: Iterable[Agent], context: Mapping[str, object], config: Config, **fields: Any
) -> tuple[SendLetter, ...]:
    """To each of them; a reason for which answers stay inside goes for all."""
    letters = tuple(
        to_agent("escalation", ticket, each, context=_for(each, ticket, context), copy=number > 0, **fields)
        for number, each in enumerate(dict.fromkeys(readers))
    )
    text = f"{ticket.reference}: there is no agent who could be told of its escalation"
    return letters or (alarm(config, "nobody", text),)


def _for(agent: Agent, ticket: Ticket, context: Mapping[str, object]) -> dict[str, object]:
    return {**context, "stays": context.get("stays") or barred_from(ticket, agent)}


def to_customers(
    ticket: Ticket,
    facts: Facts | Elapsed,
    informed: Iterable[Agent],
    context: Mapping[str, object],
    writing: Iterable[Address] = (),
    answers: str = "",
) -> tuple[SendLetter, ...]:
    """To the requester, to whoever is `writing`, and to the account manager; not to agents who are informed.

    `answers` is the Message-ID of the mail in hand, which the letter to its writer answers.
    """
    told = {address for agent in informed for address in agent.addresses}
    managers = _manager(ticket, facts)
    people = {each.address: each for each in (ticket.requester, *writing, *managers)}
    wanting = [person for address, person in people.items() if address not in told]
    writer = {each.address for each in writing}
    given = {"occasion": "", "severity": int(ticket.severity), "reason": "", "by": "", "customer": "", **context}
    whose = {"customer": ", ".join(dict.fromkeys((name_of(ticket.requester), ticket.organisation)))}
    return tuple(
        to_customer(
            "escalated",
            ticket,
            person,
            facts.colleagues,
            answers=answers if person.address in writer else "",
            context=given | whose if person in managers else given,
            copy=number > 0,
        )
        for number, person in enumerate(wanting)
    )


def called_so(address: str, ticket: Ticket, agents: Iterable[Agent], colleagues: Iterable[Contact]) -> str:
    """Somebody of its history, as agents read his name."""
    named = next((each.name for each in agents if address in each.addresses), "")
    contact = contact_of(address, colleagues)
    if named or contact:
        return named or (contact.name if contact else "")
    return next((name_of(each) for each in ticket.people if each.address == address), address)


def in_short(reason: str) -> str:
    """For the history: one line."""
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON].rstrip()} \u2026"


def _manager(ticket: Ticket, facts: Facts | Elapsed) -> tuple[Address, ...]:
    organisation = organisation_of(ticket, facts.colleagues)
    address = organisation.account_manager if organisation else ""
    name = next((agent.name for agent in facts.agents if address in agent.addresses), "")
    return (Address(address, name),) if address else ()
