"""What follows when a letter of ours does not arrive: a bounce that proves to be of it, or the relay's own refusal.

Called by the rules and by the desk, when the postman gives up. A report without a genuine key of ours follows
nothing and is filed as a robot's (RFC 3464; promise of T18).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from maildesk.config import Config
from maildesk.policy import notice
from maildesk.policy.letter import alarm
from maildesk.words import Agent, Bounce, Decision, Facts, FailLetter, Key, Outcome, RecordEvent, Ruling, Ticket

PAUSE = timedelta(days=30)


def returned(facts: Facts) -> Key | None:
    """The letter of ours that this delivery report returns."""
    kind = facts.mail.bounce.kind if facts.mail.bounce else "none"
    return facts.keys[0] if facts.keys and kind in ("permanent", "temporary") else None


def take_back(facts: Facts, config: Config) -> Ruling | None:
    key = returned(facts)
    if key is None:
        return None
    bounce = facts.mail.bounce or Bounce()
    reason = f"{bounce.kind} failure {bounce.status} of a letter to {key.address}".replace("  ", " ")
    ticket = facts.ticket if facts.ticket and facts.ticket.reference == key.about else None
    reference = ticket.reference if ticket else ""
    return Ruling(Outcome.BOUNCE, reason, (), _follows(bounce, key, ticket, facts, config), reference)


def letter_failed(
    failure: FailLetter, ticket: Ticket | None, agents: Iterable[Agent], config: Config, now: datetime, *, told: bool
) -> tuple[Decision, ...]:
    """What follows when a letter has failed for good; `told` when agents know of this address already.

    Automatic letters to a customer's address pause; letters to agents and operators go on, for somebody must know.
    """
    staff = tuple(agents)
    to_staff = any(failure.address in agent.addresses for agent in staff)
    to_ops = failure.address == config.desk.postmaster
    failure = replace(failure, pause_until=None if to_staff or to_ops else now + PAUSE)
    if to_ops:
        return (failure,)  # an alarm about an alarm would never end
    if to_staff:
        text = f"letter {failure.serial} to {failure.address} failed for good: {failure.status}"
        return (failure, alarm(config, "a letter that did not arrive", text))
    if told or ticket is None:
        return (failure,)
    return (failure, *notice.failed(ticket, staff, config, failure.address, failure.status))


def _follows(bounce: Bounce, key: Key, ticket: Ticket | None, facts: Facts, config: Config) -> tuple[Decision, ...]:
    if bounce.kind == "permanent":
        failure = FailLetter(key.serial, key.address, bounce.status, None)
        told = key.address in facts.recent.pauses
        return letter_failed(failure, ticket, facts.agents, config, facts.now, told=told)
    return (RecordEvent(ticket.reference, "delayed", key.address, bounce.status),) if ticket else ()
