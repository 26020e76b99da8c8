"""Sorting a new ticket: the [[rule]] tables of the configuration, and what the customer says of its severity.

Called by customers before a ticket is opened. The first rule that fits is taken; the customer's own severity
stands above a rule's.
"""

from __future__ import annotations

import re
from dataclasses import replace

from maildesk.config import Config, Rule, When
from maildesk.policy.severities import named_in
from maildesk.words import Contact, Facts, Severity, Ticket

SEARCHED = 64 * 1024  # characters of a text that a rule looks through


def sorted_ticket(ticket: Ticket, facts: Facts, config: Config) -> tuple[Ticket, str]:
    """The ticket as the first rule that fits and its own first lines have it; and which rule that was, in words."""
    fitting = (number for number, rule in enumerate(config.rule) if fits(rule.when, ticket, facts))
    number = next(fitting, None)
    ticket = ticket if number is None else _by_rule(ticket, config.rule[number], config)
    named = named_in(facts.mail.reply_text or facts.mail.text)
    said = "" if number is None else f", sorted by rule {number + 1}"
    return replace(ticket, severity=named) if named else ticket, said


def fits(when: When, ticket: Ticket, facts: Facts) -> bool:
    """Whether all that a rule asks for is there; a rule that asks for nothing fits every mail."""
    plan = facts.writer.organisation.plan if isinstance(facts.writer, Contact) else ""
    patterns = (
        (when.subject, (facts.mail.subject,)),
        (when.body, (facts.mail.text[:SEARCHED],)),
        (when.from_, (facts.mail.sender.address if facts.mail.sender else "",)),
        *((pattern, _field(facts, name)) for name, pattern in when.header.items()),
    )
    equal = when.category in ("", ticket.category) and when.plan in ("", plan)
    return equal and all(not pattern or _found(pattern, texts) for pattern, texts in patterns)


def _by_rule(ticket: Ticket, rule: Rule, config: Config) -> Ticket:
    then = rule.then
    return replace(
        ticket,
        queue=then.queue if then.queue in config.queue else ticket.queue,
        category=then.category or ticket.category,
        severity=Severity(then.severity) if then.severity else ticket.severity,
        level=then.level or ticket.level,
    )


def _found(pattern: str, texts: tuple[str, ...]) -> bool:
    return any(re.search(pattern, text) for text in texts)


def _field(facts: Facts, name: str) -> tuple[str, ...]:
    return tuple(value for field, value in facts.mail.headers if field.lower() == name.lower())
