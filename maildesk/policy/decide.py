"""The one question of the house: what is to be done with this mail?

`decide` is called by the desk in a ledger job, and by `explain`. It is total and pure: it never raises, never
writes, never looks at a clock; the same facts and configuration give the same ruling.
"""

from __future__ import annotations

from maildesk.config import Config
from maildesk.policy.automatic import is_robot
from maildesk.policy.gate import doubted, spent
from maildesk.policy.limits import Traffic, weigh
from maildesk.policy.paging import pages
from maildesk.policy.rules import RULES
from maildesk.policy.seals import recorded
from maildesk.words import Agent, Decision, Facts, Outcome, Ruling, SendLetter


def decide(facts: Facts, config: Config) -> Ruling:
    hits: list[str] = []
    for rule in RULES:
        if not rule.asks(facts, config):
            continue
        hits.append(rule.name)
        if ruling := rule.answers(facts, config):
            return _finished(ruling, tuple(hits), facts, config)
    raise AssertionError("the last rule takes every mail")


def _finished(ruling: Ruling, rules: tuple[str, ...], facts: Facts, config: Config) -> Ruling:
    """The ruling with its letters weighed and the keys that outsiders saw spent."""
    writer = facts.mail.sender.address if facts.mail.sender else ""
    serves = isinstance(facts.writer, Agent)
    traffic = Traffic(facts.recent, writer, answerable=not is_robot(facts), serves=serves, doubted=doubted(facts))
    decisions = (*ruling.decisions, *pages(ruling.decisions, facts, config))
    if facts.envelope.quiet:
        decisions = tuple(each for each in decisions if not isinstance(each, SendLetter))
    weighed, said = weigh(decisions, traffic, config)
    spending: tuple[Decision, ...] = () if ruling.outcome is Outcome.DUPLICATE else spent(facts, config)
    reason = "; ".join((ruling.reason, *said))
    return Ruling(
        ruling.outcome, reason, rules, (*weighed, *spending, *recorded(ruling, facts)), ruling.ticket, ruling.refusal
    )
