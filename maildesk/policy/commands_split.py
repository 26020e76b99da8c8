"""The agents' command that gives a mail a ticket of its own: `#split`, in a reply to a letter about that mail.

Read by commands; store/facts looks up which mail that was. Words beside it answer the ticket that is left, as ever.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy import customers, script
from maildesk.policy.audience import contact_of
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.notice import agent_ticket
from maildesk.policy.script import Line
from maildesk.policy.tickets import Change
from maildesk.words import (
    Address,
    Agent,
    Facts,
    Incoming,
    MoveMail,
    OpenTicket,
    RecordEvent,
    SendLetter,
    Status,
    Stranger,
    Ticket,
    Verdict,
)

SPLIT = "split"


def _split(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    ticket, parting = facts.ticket, facts.parting
    if ticket is None or not isinstance(facts.writer, Agent):
        return Refusal(line.text, "no_ticket")
    if sum(each.word == SPLIT for each in script.read(facts).lines) > 1:
        return Refusal(line.text, "argument")
    if parting is None or parting.mail.sender is None or (not facts.fresh and not parting.why):
        return Refusal(line.text, "no_letter")
    if parting.why:
        return Refusal(line.text, parting.why)
    new = _ticket(ticket, parting.mail, parting.mail.sender, facts)
    told = _told(new, parting.mail, facts, config)

    def does(change: Change) -> Change:
        moved = MoveMail(parting.id, ticket.reference, new.reference, change.by)
        events = (
            RecordEvent(ticket.reference, "split", change.by, new.reference),
            RecordEvent(new.reference, "split_from", change.by, ticket.reference),
        )
        return change.also(OpenTicket(new), moved, *events).link(new.reference).also(*told)

    return Deed(SPLIT, SPLIT, new.reference, does)


def _ticket(old: Ticket, mail: Incoming, sender: Address, facts: Facts) -> Ticket:
    """A matter of its own, in the queue it has been in; whoever else takes part in the old one does not here."""
    contact = contact_of(sender.address, facts.colleagues)
    return Ticket(
        reference=facts.fresh,
        queue=old.queue,
        address=old.address,
        subject=keyless(script.bare_subject(mail.subject)) or old.subject,
        requester=Address(sender.address, contact.name if contact else sender.name),
        opened=facts.now,
        status=Status.NEW,
        status_since=facts.now,
        severity=old.severity,
        category=old.category,
        level=old.level,
        fields=old.fields,
        organisation=old.organisation,
        plan=old.plan,
        language=old.language,
        thread=(mail.message_id,) if mail.message_id else (),
    )


def _told(ticket: Ticket, mail: Incoming, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """Its writer and the queue's agents, as of any new ticket; nobody vouches any more for the words (T26)."""
    contact = contact_of(ticket.requester.address, facts.colleagues)
    writer = contact or Stranger(ticket.requester.address)
    theirs = replace(facts, mail=mail, writer=writer, verdict=Verdict.NONE, ticket=None)
    return *customers.received(ticket, theirs, config), *agent_ticket(ticket, theirs, config)


COMMANDS_SPLIT = {
    SPLIT: Command("", "the mail this letter was about gets a ticket of its own", False, _split),
}
