"""What customers see of an agent's mail: his words, or the new status when there were none.

Called by agents. Each person of a ticket gets a copy of his own; nobody gets twice what the agent sent him
directly.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.cited import cited
from maildesk.policy.left_over import unsigned
from maildesk.policy.letter import carried, to_customer
from maildesk.policy.notice import writer_name
from maildesk.policy.recipients import ours
from maildesk.policy.survey import follows
from maildesk.policy.timers import close_at
from maildesk.words import Agent, Facts, SendLetter, Status, Ticket


def reached(facts: Facts) -> frozenset[str]:
    """Whom an agent's mail went to without us: of a contact all addresses, since one of them is enough."""
    direct = frozenset(person.address for person in (*facts.mail.to, *facts.mail.cc))
    return direct.union(*(each.addresses for each in facts.colleagues if not direct.isdisjoint(each.addresses)))


def past_the_desk(facts: Facts) -> bool:
    """Whether the requester has an agent's words already: nothing here can keep them back."""
    return facts.ticket is not None and facts.ticket.requester.address in reached(facts)


def aside(facts: Facts, config: Config) -> bool:
    """Whether an agent's mail names neither us nor the requester among its readers: it is for somebody else.

    A blind copy of it may be meant so; another reader may as well have sent it here himself, with the agent's own
    signature and References (T19).
    """
    if not (isinstance(facts.writer, Agent) and facts.matched) or past_the_desk(facts):
        return False  # where a command has opened the ticket, it was meant for us
    return all(ours(config, person.address) is None for person in (*facts.mail.to, *facts.mail.cc))


def words(ticket: Ticket, text: str, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """The agent's words to every person of the ticket, each shown all of them."""
    there = reached(facts)
    readers = [person for person in ticket.people if person.address not in there]
    agent = writer_name(facts)
    goes_on = facts.merging if ticket.merged and facts.merging else ticket  # where the matter stands from now on
    return tuple(
        to_customer(
            "reply",
            ticket,
            person,
            facts.colleagues,
            sender_name=agent,
            shown_to=(ticket.requester,),
            shown_cc=ticket.participants,
            human=True,
            attachments=carried(unsigned(facts.mail.attachments), config),
            context={"text": text, "agent": agent, "status": goes_on.status.value, "cited": cited(person, facts)},
            copy=index > 0,
        )
        for index, person in enumerate(readers)
    )


def status(before: Ticket, after: Ticket, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """A status that changed without words, told to the requester; of a merged ticket nothing is over for him."""
    if after.merged or after.clocks.silent:
        return ()
    contexts: dict[Status, tuple[str, dict[str, object]]] = {
        Status.SOLVED: ("solved", {"agent": writer_name(facts), "close_at": close_at(after, config)}),
        Status.CLOSED: ("closed", {"reason": "agent", "survey": follows(after, facts, config)}),
    }
    otherwise = ("status", {"status": after.status.value, "previous": before.status.value})
    name, context = contexts.get(after.status, otherwise)
    return (to_customer(name, after, after.requester, facts.colleagues, context=context),)
