"""Canned answers for the mail in hand: written for its customer before policy is asked.

Called by desk for each mail, inside the ledger's job; only an agent's mail with `#answer` costs anything. Policy says
whether it goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from maildesk.config import Config
from maildesk.letters.answers import Answers
from maildesk.policy import behalf, script
from maildesk.policy.audience import contact_of
from maildesk.policy.commands_answer import asked
from maildesk.policy.letter import plan_of
from maildesk.policy.notice import writer_name
from maildesk.policy.service import words
from maildesk.words import Address, Agent, Canned, Contact, Facts


def with_canned(facts: Facts, answers: Answers, config: Config) -> Facts:
    """The same facts, with the canned answers there are; those that the mail names are written."""
    named = asked(facts) if isinstance(facts.writer, Agent) else ()
    if not named:
        return facts
    queue = facts.ticket.queue if facts.ticket else facts.queue
    reader = _reader(facts)
    language, values = _language(reader, facts), _values(reader, queue, facts, config)
    canned = (
        answers.write(name, queue, language, values) if name in named else Canned(name) for name in answers.names(queue)
    )
    return replace(facts, canned=tuple(canned))


def _reader(facts: Facts) -> Address:
    """The requester, or whoever will be."""
    if facts.ticket:
        return facts.ticket.requester
    whom = facts.behalf
    return Address(whom.addresses[0], whom.name) if isinstance(whom, Contact) else behalf.person(facts) or Address("")


def _language(reader: Address, facts: Facts) -> str:
    contact = contact_of(reader.address, facts.colleagues)
    return (contact.language if contact else "") or (facts.ticket.language if facts.ticket else "")


def _values(reader: Address, queue: str, facts: Facts, config: Config) -> Mapping[str, Any]:
    ticket, known = facts.ticket, config.queue.get(queue)
    plan = plan_of(ticket, facts.colleagues) if ticket else ""
    return {
        "desk": config.desk.name,
        "queue": known.title if known and known.title else config.desk.name,
        "words": words(config, plan, queue),
        "reference": ticket.reference if ticket else facts.fresh,
        "subject": ticket.subject if ticket else script.bare_subject(facts.mail.subject),
        "reader": reader.name,
        "agent": writer_name(facts),
    }
