"""The agents' commands that ask: `#status`, `#mine`, `#why` and `#raw`, answered in the receipt. `#help` stands in
commands, which has the table.

Read by commands. They change nothing, so that they work beside any others, and in a mail about no ticket. What they
tell is for agents alone, of their own queues, and never holds a key; store/inside has loaded it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from maildesk.config import Config
from maildesk.policy.audience import name_of
from maildesk.policy.commands_hours import length
from maildesk.policy.deeds import Command, Deed, Refusal
from maildesk.policy.fields import missing, shown
from maildesk.policy.gate import commands
from maildesk.policy.letter import carried
from maildesk.policy.order import place
from maildesk.policy.reference import canonical
from maildesk.policy.script import Line
from maildesk.policy.timers import ahead
from maildesk.words import Agent, Attachment, Facts, Handled, Ticket

MOST = 50  # tickets in one list


def _status(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """Of the ticket that is named; else of the one in hand, as the other commands of the mail leave it."""
    asked = canonical(line.argument.strip("[]<> "))
    named = dict(facts.inside.named).get(asked) if asked else facts.ticket
    if named is None:
        return Refusal(line.text, "no_such" if asked else "no_ticket", "" if asked else "#status REF")
    if not isinstance(facts.writer, Agent) or not commands(facts.writer, named):
        return Refusal(line.text, "not_allowed")

    def tells(after: Ticket | None) -> Mapping[str, object]:
        ticket = after if after is not None and after.reference == named.reference else named
        return {"standing": [_standing(ticket, config)]}

    return Deed("status", "", "", lambda change: change, tells)


def _mine(_line: Line, facts: Facts, config: Config) -> Deed:
    """The gravest first, then the plan that is served first, then the oldest."""
    found = sorted(
        facts.inside.mine, key=lambda each: place(each.severity, each.plan, each.opened, each.reference, config)
    )
    listed: list[dict[str, object]] = [
        {
            "reference": each.reference,
            "subject": each.subject,
            "status": each.status.value,
            "severity": int(each.severity),
            "requester": name_of(each.requester),
            "opened": each.opened,
        }
        for each in found[:MOST]
    ]
    told: Mapping[str, object] = {"mine": listed, "more": len(found) - len(listed)}
    return Deed("mine", "", "", lambda change: change, lambda _: told)


def _why(line: Line, facts: Facts, _config: Config) -> Deed | Refusal:
    handled = facts.inside.handled
    if handled is None:
        return Refusal(line.text, "no_mail")
    if not _his(facts, handled):
        return Refusal(line.text, "not_allowed")
    told = {
        "id": handled.id,
        "sender": handled.sender,
        "received": handled.received,
        "outcome": handled.outcome,
        "reason": handled.reason,
        "rules": list(handled.rules),
        "decisions": list(handled.decisions),
        "problems": list(handled.problems),
    }
    return Deed("why", "", "", lambda change: change, lambda _: {"why": told})


def _raw(line: Line, facts: Facts, config: Config) -> Deed | Refusal:
    """As it came, but for keys of ours in it. Another agent's mail is not given away: its keys speak for him."""
    handled = facts.inside.handled
    if handled is None:
        return Refusal(line.text, "no_mail")
    if not _his(facts, handled) or _anothers(facts, handled):
        return Refusal(line.text, "not_allowed")
    if not carried((handled.whole,), config):
        return Refusal(line.text, "too_large")
    return Deed("raw", "raw", handled.whole.name, lambda change: change, encloses=(handled.whole,))


def told_of(deeds: Iterable[Deed], after: Ticket | None) -> dict[str, object]:
    """What all that was asked comes to, as the receipt's template is handed it."""
    told: dict[str, object] = {"help": [], "standing": [], "mine": None, "more": 0, "why": None, "away": None}
    for deed in deeds:
        for field, value in deed.tells(after).items():
            known = told[field]
            told[field] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
    return told


def enclosed_by(deeds: Iterable[Deed]) -> tuple[Attachment, ...]:
    return tuple(dict.fromkeys(each for deed in deeds for each in deed.encloses))


def _standing(ticket: Ticket, config: Config) -> dict[str, object]:
    queue = config.queue.get(ticket.queue)
    times: list[list[str | datetime]] = [[at, what] for at, what in ahead(ticket, config)]
    return {
        "reference": ticket.reference,
        "subject": ticket.subject,
        "status": ticket.status.value,
        "since": ticket.status_since or ticket.opened,
        "severity": int(ticket.severity),
        "queue": queue.title if queue and queue.title else ticket.queue,
        "level": ticket.level,
        "category": ticket.category,
        "owner": ticket.owner.name if ticket.owner else "",
        "requester": name_of(ticket.requester),
        "organisation": ticket.organisation,
        "copies": [name_of(each) for each in ticket.participants],
        "opened": ticket.opened,
        "fields": shown(ticket, config),
        "lacking": missing(ticket, config),
        "links": list(ticket.links),
        "worked": length(ticket.minutes),
        "stage": ticket.stage,
        "forecast": ticket.forecast.isoformat() if ticket.forecast else "",
        "due": times,
    }


def _his(facts: Facts, handled: Handled) -> bool:
    """Whether a mail is of this agent's queues; of none, whether it is his own."""
    agent = facts.writer
    if not isinstance(agent, Agent):
        return False
    own = not handled.queue and handled.sender in agent.addresses
    return agent.manager or handled.queue in agent.queues or own


def _anothers(facts: Facts, handled: Handled) -> bool:
    return any(handled.sender in agent.addresses for agent in facts.agents if agent != facts.writer)


COMMANDS_ASKING = {
    "status": Command("[REF]", "how a ticket stands: this one, or the one that is named", True, _status, alone=True),
    "mine": Command("", "your tickets, the gravest and oldest first", True, _mine, alone=True),
    "why": Command(
        "", "what was done with the mail that this letter was about, and by which rules", True, _why, alone=True
    ),
    "raw": Command("", "that mail itself, as a file", True, _raw, alone=True),
}
