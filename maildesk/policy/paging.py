"""Who is called at any hour: `[escalation] page`, as soon as a ticket is critical.

Called by decide over every ruling, so that it does not matter who made it critical: the customer's words, a rule, or an
agent. What only says that nobody can work, while `[[maintenance]]` was announced, calls nobody: the acknowledgement
tells the customer what is going on.
"""

from __future__ import annotations

from collections.abc import Iterable

from maildesk.config import Config
from maildesk.policy.guessing import guess
from maildesk.policy.letter import alarm
from maildesk.policy.planned import planned
from maildesk.words import Decision, Facts, OpenTicket, SendLetter, SetSeverity, Severity, Ticket

WHAT = "page"


def pages(decisions: Iterable[Decision], facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    critical = [ticket for each in decisions if (ticket := _critical(each, facts)) and not _announced(facts, config)]
    return tuple(
        alarm(config, WHAT, f"{ticket.reference} is critical: {ticket.subject}", address)
        for ticket in critical[:1]
        for address in config.escalation.page
    )


def _critical(decision: Decision, facts: Facts) -> Ticket | None:
    """The ticket that this makes critical."""
    if isinstance(decision, OpenTicket) and decision.ticket.severity is Severity.CRITICAL:
        return decision.ticket
    raised = isinstance(decision, SetSeverity) and decision.severity is Severity.CRITICAL
    before = facts.ticket
    return before if raised and before and before.severity is not Severity.CRITICAL else None


def _announced(facts: Facts, config: Config) -> bool:
    found = guess(facts.mail.subject, facts.mail.reply_text or facts.mail.text)
    return found is not None and found.down and planned(config, facts.now) is not None
