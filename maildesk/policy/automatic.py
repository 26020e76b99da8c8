"""Mail that no human wrote, and mail that has run in a circle. It is filed where it belongs and never answered.

Called by the rules. An agent's robot is never relayed, a customer's never changes a state.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.gate import admitted
from maildesk.policy.held import hold
from maildesk.policy.tickets import Change
from maildesk.words import Agent, Facts, Outcome, Ruling, Visibility

MOST_HOPS = 50  # RFC 5321, 6.3
REFUSED = "554 5.4.6 Too many hops"


def is_robot(facts: Facts) -> bool:
    """By the mail's own marks, or by the null return path, which every door knows (RFC 3834, 2; RFC 5321, 4.5.5)."""
    marked = facts.mail.automatic is not None or facts.mail.bounce is not None
    return marked or not facts.envelope.sender or by_calendar(facts)


def by_calendar(facts: Facts) -> bool:
    """Whether an agent's calendar answers an invitation: its words are no words of his to a customer."""
    return isinstance(facts.writer, Agent) and facts.mail.calendar is not None


def file_robot(facts: Facts, _config: Config) -> Ruling:
    """Kept with its ticket when the writer is admitted there; what an agent's robot says stays inside."""
    by_itself = "a calendar" if by_calendar(facts) else "null return path"
    reason = f"automatic: {facts.mail.automatic.value if facts.mail.automatic else by_itself}"
    if facts.ticket is None or facts.mail.sender is None or not admitted(facts):
        return Ruling(Outcome.ROBOT, reason, ())
    inside = isinstance(facts.writer, Agent)
    change = Change(facts.ticket, facts.now, facts.mail.sender.address)
    change = change.add_message(Visibility.NOTE if inside else Visibility.PUBLIC)
    return Ruling(Outcome.ROBOT, reason, (), change.decisions, facts.ticket.reference)


def loops(facts: Facts) -> bool:
    return len(facts.mail.trace) >= MOST_HOPS and sum(name == "received" for name, _ in facts.mail.trace) >= MOST_HOPS


def stop_loop(facts: Facts, config: Config) -> Ruling:
    if facts.envelope.refusable:
        return Ruling(Outcome.REFUSED, "loop", (), refusal=REFUSED)
    return hold(facts, config, "loop")
