"""Who is called at any hour: `[escalation] page`, as soon as a ticket is critical.

Called by decide over every ruling, so that it does not matter who made it critical: the customer's words, a rule, or an
agent. A contact who argues in a running ticket that it is critical, or by whose words a critical one is open again,
calls as well, once a ticket and day. What only says that nobody can work, while `[[maintenance]]` was announced, calls
nobody: the acknowledgement tells the customer what is going on.

No call is lost: those beyond MOST_AT_ONCE within the hour wait a little for each other and go in one letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from maildesk.config import Config
from maildesk.policy import arguing
from maildesk.policy.gate import doubted
from maildesk.policy.guessing import guess
from maildesk.policy.letter import alarm
from maildesk.policy.planned import planned
from maildesk.words import (
    Contact,
    Decision,
    Facts,
    OpenTicket,
    RecordEvent,
    SendLetter,
    SetSeverity,
    SetStatus,
    Severity,
    Status,
    Ticket,
)

WHAT, FURTHER = "page", "pages"
MOST_AT_ONCE = 5  # critical tickets within an hour, each of which calls by itself
PAGED, ONCE_A_DAY = "paged", "argued"  # the event; its detail where a customer's word in a running ticket called
OVER = (Status.SOLVED, Status.CLOSED)


class Call(NamedTuple):
    ticket: Ticket
    text: str
    argued: bool = False  # by a customer, in a running ticket
    meant: bool = False  # an agent has said so, who knows what was announced


def pages(decisions: Iterable[Decision], facts: Facts, config: Config) -> tuple[Decision, ...]:
    if not config.escalation.page or facts.envelope.quiet:
        return ()
    calls = (call for each in decisions for call in _calls(each, facts))
    call = next((each for each in calls if each.meant or not _announced(facts, config)), None)
    if call is None:
        return ()
    event = RecordEvent(call.ticket.reference, PAGED, "", ONCE_A_DAY if call.argued else "")
    return (*_letters(call.text, facts, config), event)


def may_call(facts: Facts, config: Config) -> bool:
    """Whether a mail to a running ticket may call somebody, so far as it and its writer tell.

    Whoever is no contact calls nobody, nor does a writer whom our own mail servers did not vouch for.
    """
    if not config.escalation.page or not isinstance(facts.writer, Contact) or doubted(facts):
        return False
    return _opens_again(facts) or arguing.critical(facts.mail)


def _calls(decision: Decision, facts: Facts) -> Iterator[Call]:
    """The ticket that this makes critical, or that a customer wants to be."""
    if isinstance(decision, OpenTicket) and decision.ticket.severity is Severity.CRITICAL:
        yield _critical(decision.ticket)
    before = running(facts)
    if before is None:
        return
    if isinstance(decision, SetSeverity) and decision.severity is Severity.CRITICAL is not before.severity:
        yield _critical(before)._replace(meant=True)
    elif _argues(decision) and _may_again(facts):
        who = facts.writer.name if isinstance(facts.writer, Contact) else ""
        yield Call(before, f"{before.reference}: {who} asks for severity 1: {before.subject}", argued=True)
    elif _opens(decision) and _opens_again(facts) and _may_again(facts):
        yield Call(before, f"{before.reference} is critical and open again: {before.subject}", argued=True)


def _critical(ticket: Ticket) -> Call:
    return Call(ticket, f"{ticket.reference} is critical: {ticket.subject}")


def _argues(decision: Decision) -> bool:
    if not isinstance(decision, RecordEvent):
        return False
    return decision.event == arguing.ASKED and decision.detail == str(int(Severity.CRITICAL))


def _opens(decision: Decision) -> bool:
    return isinstance(decision, SetStatus) and decision.status is Status.OPEN


def running(facts: Facts) -> Ticket | None:
    """The ticket that a mail goes on with, or that a customer's request names."""
    return facts.shown.ticket or facts.ticket


def _opens_again(facts: Facts) -> bool:
    ticket = running(facts)
    return ticket is not None and ticket.severity is Severity.CRITICAL and ticket.status in OVER


def _may_again(facts: Facts) -> bool:
    """A contact vouched for, as far as our mail servers look at all; once a ticket and day."""
    if not isinstance(facts.writer, Contact) or doubted(facts):
        return False
    return facts.recent.paged is None or facts.now >= facts.recent.paged + arguing.AGAIN


def _letters(text: str, facts: Facts, config: Config) -> tuple[SendLetter, ...]:
    to = config.escalation.page
    waits = facts.recent.alarms.get(WHAT, 0) >= MOST_AT_ONCE * len(to)
    return tuple(alarm(config, FURTHER if waits else WHAT, text, address, gathers=waits) for address in to)


def _announced(facts: Facts, config: Config) -> bool:
    found = guess(facts.mail.subject, facts.mail.reply_text or facts.mail.text)
    return found is not None and found.down and planned(config, facts.now) is not None
