"""The gate: who is proved, and who is admitted to the ticket that a mail refers to.

Called by the rules. A reference, a thread or a key finds a ticket and admits nobody; a key proves an agent
alone, and a failing verdict of our own mail servers overrules it.
"""

from __future__ import annotations

from collections.abc import Iterator

from maildesk.config import Config
from maildesk.mime.address import domain
from maildesk.policy.recipients import ours
from maildesk.policy.reference import held_id
from maildesk.words import Agent, Contact, Facts, Key, Ours, SpendKeys, Stranger, Ticket, Verdict

ASKING = ("consult", "answer")  # about a held mail; the second says that a contact's word was not understood


def proved(facts: Facts) -> bool:
    """Whether the writer, an agent, is who his From field says."""
    return facts.vouched or facts.verdict is Verdict.PASS or any(not key.spent for key in own_keys(facts))


def own_keys(facts: Facts) -> tuple[Key, ...]:
    """The keys of letters that went to the agent who writes."""
    writer = facts.writer
    if not facts.keys or not isinstance(writer, Agent):
        return ()
    return tuple(key for key in facts.keys if key.address in writer.addresses)


def answers_a_note(facts: Facts) -> bool:
    """Whether an agent's mail answers a letter about a note: the nearest key tells which it answers."""
    return any(key.note for key in own_keys(facts)[:1])


def admitted(facts: Facts) -> bool:
    """Whether the writer may add to the matched ticket: participant, colleague, or agent with proof."""
    ticket, writer = facts.ticket, facts.writer
    if ticket is None or isinstance(writer, Ours):
        return False
    if isinstance(writer, Agent):
        return proved(facts)
    address = facts.mail.sender.address if facts.mail.sender else ""
    return participates(address, ticket) or colleague(writer, ticket) or vouched_newcomer(facts)


def vouched_newcomer(facts: Facts) -> bool:
    """Whether an operator released what somebody wrote into this ticket, about whom its requester was asked."""
    if not facts.vouched or facts.ticket is None or facts.mail.sender is None:
        return False
    return any(each.waits and each.person.address == facts.mail.sender.address for each in facts.ticket.newcomers)


def participates(address: str, ticket: Ticket) -> bool:
    return address == ticket.requester.address or any(address == person.address for person in ticket.participants)


def colleague(writer: object, ticket: Ticket) -> bool:
    return isinstance(writer, Contact) and bool(ticket.organisation) and writer.organisation.name == ticket.organisation


def addresses_of(facts: Facts) -> tuple[str, ...]:
    """All addresses of whoever writes."""
    writer = facts.writer
    if isinstance(writer, Contact | Agent):
        return writer.addresses
    return (writer.address,) if isinstance(writer, Stranger) else ()


def commands(agent: Agent, ticket: Ticket) -> bool:
    """Whether this agent may act on this ticket: on those of his queues, a manager on all."""
    return agent.manager or ticket.queue in agent.queues


def doubted(facts: Facts) -> bool:
    """Whether our own mail servers judged the writer and did not vouch for him."""
    return facts.judged and facts.verdict is not Verdict.PASS and not facts.vouched


def spent(facts: Facts, config: Config) -> tuple[SpendKeys, ...]:
    """Keys of agents, and of questions to contacts, that outsiders have seen: they prove nothing in a later mail."""
    if not facts.keys:
        return ()
    serials = tuple(dict.fromkeys(key.serial for key in facts.keys if not key.spent and _exposed(key, facts, config)))
    return (SpendKeys(serials),) if serials else ()


def _exposed(key: Key, facts: Facts, config: Config) -> bool:
    staff = {address for agent in facts.agents for address in agent.addresses}
    if key.address in staff:
        return not isinstance(facts.writer, Agent) or any(_outsiders(facts, config, staff))
    if key.letter not in ASKING or held_id(key.about) is None:
        return False
    insiders = {address for each in facts.colleagues for address in each.addresses}
    return key.address not in addresses_of(facts) or any(_outsiders(facts, config, staff | insiders))


def listed(address: str, entries: tuple[str, ...]) -> bool:
    """Whether an address, or its domain or a parent of that, stands in a list of addresses and domains."""
    if not entries:
        return False
    right = domain(address)
    return any(entry in (address, right) or right.endswith(f".{entry}") for entry in entries)


def organisation(facts: Facts) -> str:
    """The name of the writer's organisation; "" for none."""
    writer = facts.writer
    known = writer.organisation if isinstance(writer, Contact | Stranger) else None
    return known.name if known else ""


def _outsiders(facts: Facts, config: Config, insiders: set[str]) -> Iterator[str]:
    for each in (*facts.mail.to, *facts.mail.cc):
        if each.address not in insiders and ours(config, each.address) is None:
            yield each.address
