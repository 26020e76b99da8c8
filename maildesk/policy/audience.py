"""Who among the agents is told, and who among the customers joins a conversation.

Called wherever a letter to agents is built and wherever a participant's mail is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.policy.gate import commands, listed
from maildesk.policy.recipients import ours
from maildesk.policy.shifts import reads_digest
from maildesk.words import Address, Agent, Contact, Facts, Organisation, Ticket

GRAVE = 2  # of this severity, or a graver one, everybody is told at once
MOST_PEOPLE = 100  # of a ticket: each gets letters of his own, and a forger may name a thousand


def of_queue(agents: Iterable[Agent], queue: str, level: int) -> tuple[Agent, ...]:
    """Those present at this level, else all of the queue, else its managers; () when there is nobody at all."""
    staff = tuple(agents)
    members = tuple(agent for agent in staff if queue in agent.queues)
    present = tuple(agent for agent in members if agent.present and agent.level == level)
    return present or members or tuple(agent for agent in staff if agent.manager)


def told(ticket: Ticket, agents: Iterable[Agent]) -> tuple[Agent, ...]:
    """Who hears of what happens to a ticket: its owner, or whoever stands in for him, else its queue's agents."""
    staff = tuple(agents)
    acting = acts_for(ticket, staff)
    return (acting,) if acting else of_queue(staff, ticket.queue, ticket.level)


def singly(readers: tuple[Agent, ...], ticket: Ticket, config: Config) -> tuple[Agent, ...]:
    """Those of them who are told at once: who reads digests waits, unless it is grave, his, or all would wait."""
    if int(ticket.severity) <= GRAVE:
        return readers
    return tuple(each for each in readers if each == ticket.owner or not reads_digest(each, config)) or readers


def acts_for(ticket: Ticket, agents: Iterable[Agent]) -> Agent | None:
    """Its owner, or his deputy while he is away: one who is there, and may act on this ticket. A deputy has none."""
    owner = ticket.owner
    if owner is None or owner.present:
        return owner
    return next((each for each in agents if each.id == owner.deputy and each.present and commands(each, ticket)), None)


def called(name: str, agents: Iterable[Agent]) -> list[Agent]:
    """By the full name or an address, else by a part of the name, else by its beginning."""
    known = [(agent, agent.name.casefold()) for agent in agents if name]
    exact = [agent for agent, full in known if name in (full, *agent.addresses)]
    part = [agent for agent, full in known if name in full.split()]
    return exact or part or [agent for agent, full in known if full.startswith(name)]


def joining(facts: Facts, ticket: Ticket, config: Config) -> tuple[Address, ...]:
    """Who becomes a participant by this participant's mail: its writer, and whom it names of his organisation."""
    known = {person.address for person in ticket.people}
    new = {person.address: person for person in _named(facts, ticket, config) if person.address not in known}
    return tuple(new.values())[: max(0, MOST_PEOPLE - len(known))]


def outsiders(facts: Facts, ticket: Ticket, config: Config) -> tuple[Address, ...]:
    """Whom this participant's mail names from outside, and nobody was asked about yet.

    By their addresses alone: what a mail calls them is its writer's choice.
    """
    known = {person.address for person in ticket.people} | {each.person.address for each in ticket.newcomers}
    named = (person.address for person in (*facts.mail.to, *facts.mail.cc))
    new = dict.fromkeys(each for each in named if each not in known and not barred(each, facts, config))
    return tuple(Address(each) for each in new if not _may_join(each, facts, ticket, config))


def barred(address: str, facts: Facts, config: Config) -> bool:
    """Whether this address never takes part: one of ours, an agent's, or one of [gate] never_copy."""
    kept_out = not address or ours(config, address) is not None or listed(address, config.gate.never_copy)
    return kept_out or any(address in agent.addresses for agent in facts.agents)


def contact_of(address: str, colleagues: Iterable[Contact]) -> Contact | None:
    return next((contact for contact in colleagues if address in contact.addresses), None)


def organisation_of(ticket: Ticket, colleagues: Iterable[Contact]) -> Organisation | None:
    """The ticket's organisation, as far as its contacts tell."""
    known = (contact.organisation for contact in colleagues)
    return next((organisation for organisation in known if organisation.name == ticket.organisation), None)


def name_of(person: Address) -> str:
    return person.name or person.address


def _named(facts: Facts, ticket: Ticket, config: Config) -> Iterator[Address]:
    writer, sender = facts.writer, facts.mail.sender
    if isinstance(writer, Contact) and sender:
        yield Address(sender.address, writer.name)
    for person in (*facts.mail.to, *facts.mail.cc):
        if _may_join(person.address, facts, ticket, config):
            contact = contact_of(person.address, facts.colleagues)
            yield Address(person.address, contact.name if contact else person.name)


def _may_join(address: str, facts: Facts, ticket: Ticket, config: Config) -> bool:
    if barred(address, facts, config):
        return False
    contact = contact_of(address, facts.colleagues)
    if contact:
        return contact.organisation.name == ticket.organisation
    organisation = organisation_of(ticket, facts.colleagues)
    return organisation is not None and domain(address) in organisation.domains
