"""The fields of a ticket are filled from what customers write, and asked for where they say nothing: `fields_wanted`.

Called by customers. A mail fills fields that are empty, and never changes one. A ticket gets at most two such letters
(P19): the first when it opens, the second when an answer to it leaves something open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from maildesk.config import Config
from maildesk.policy import fields
from maildesk.policy.letter import to_customer
from maildesk.policy.tickets import Change
from maildesk.words import Address, Facts, SendLetter, Ticket

LETTER = "fields_wanted"
MOST = 2  # about one ticket


def filled(change: Change, facts: Facts, config: Config, by_rule: Mapping[str, str] | None = None) -> Change:
    """What a rule says first, then what the mail in hand says of fields that are empty still."""
    for name, value in (by_rule or {}).items():
        change = change.set_field(name, value, by="")
    known = fields.of_queue(change.ticket.queue, config)
    for name, said in _told(change.ticket, facts, config):
        value = fields.accepted(said, known[name])
        if value and not dict(change.ticket.fields).get(name):
            change = change.set_field(name, value)
    return change


def wanted(ticket: Ticket, to: Address, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """Beside the acknowledgement of a ticket that lacks something; what is not supported stands in that one."""
    return (_letter(ticket, to, facts, config),) if fields.lacking(ticket, config) else ()


def wanted_still(before: Ticket, after: Ticket, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    """To whoever answered the first of them, or tried to, when something is wanted still or is not supported."""
    sender = facts.mail.sender
    if sender is None or not 1 <= facts.recent.wanted < MOST:
        return ()
    lacks = fields.lacking(after, config)
    tried = any(name in lacks for name, _ in _told(after, facts, config))
    news = set(fields.unsupported(after, config)) - set(fields.unsupported(before, config))
    asks = (lacks and (tried or _answers(facts))) or news
    return (_letter(after, sender, facts, config),) if asks else ()


def _told(ticket: Ticket, facts: Facts, config: Config) -> Iterator[tuple[str, str]]:
    """The new text first; then the quoted lines of the letter that asked, which many fill in where they stand."""
    known = fields.of_queue(ticket.queue, config)
    yield from fields.told(facts.mail.said or facts.mail.text, known)
    if _answers(facts):
        yield from fields.told(facts.mail.text, known, quoted=True)


def _answers(facts: Facts) -> bool:
    return any(key.letter == LETTER for key in facts.keys[:1])


def _letter(ticket: Ticket, to: Address, facts: Facts, config: Config) -> SendLetter:
    """It repeats nothing that the mail says: a forger would choose it (T26)."""
    known = fields.of_queue(ticket.queue, config)
    tried = {name for name, _ in _told(ticket, facts, config)}
    asked = [
        {
            "title": fields.title(name, known),
            "choices": list(known[name].choices),
            "example": known[name].example or next(iter(known[name].supported), ""),
            "wrong": name in tried,
        }
        for name in fields.lacking(ticket, config)
    ]
    context = {"fields": asked, "unsupported": fields.notices(ticket, config)}
    return to_customer(LETTER, ticket, to, facts.colleagues, answers=facts.mail.message_id, context=context)
