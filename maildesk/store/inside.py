"""What an agent's commands are about: loaded for mails with such commands alone.

Called by store/facts. Agents read it and nobody else; whether this agent may, policy says. Reads only, by fixed SQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from maildesk.policy import script
from maildesk.policy.commands_sorting import moves
from maildesk.policy.gate import own_keys
from maildesk.policy.reference import BRACKETED, canonical
from maildesk.store import raw, thread, tickets
from maildesk.store.gathered import files
from maildesk.store.match import Question
from maildesk.store.moments import moment
from maildesk.store.order import served
from maildesk.words import (
    Address,
    Agent,
    Attachment,
    Facts,
    Handled,
    Inside,
    Mine,
    Severity,
    Shown,
    Status,
    Ticket,
)

NAMING = ("link", "status")  # the commands whose argument may be a ticket
MOST_NAMED = 10  # tickets that one mail names
MOST_SAID = 20  # messages that a letter to new agents repeats
MOST_MINE = 500  # tickets of one agent that are looked at
MINE = """
    SELECT t.reference, t.subject, t.status, t.severity, t.requester, t.requester_name, t.opened, o.plan
    FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id
    WHERE t.owner_id = ? AND t.status <> 'closed' ORDER BY {} LIMIT ?"""
HANDLED = """
    SELECT m.id, m.received, m.sender, t.queue, h.queue, m.outcome, m.reason, m.rules, m.decisions, m.problems, m.size
    FROM letter l JOIN mail m ON m.id = l.answers_id LEFT JOIN ticket t ON t.id = m.ticket_id
    LEFT JOIN held h ON h.mail_id = m.id WHERE l.id = ?"""


def with_inside(ask: Question, facts: Facts) -> Facts:
    """The same facts, with what the commands in hand need."""
    if not isinstance(facts.writer, Agent) or not any(mark in _texts(ask) for mark in script.MARKS):
        return facts
    lines = script.read(facts).lines
    words = [line.word for line in lines]
    named = dict.fromkeys(_asked(line.argument) for line in lines if line.word in NAMING)
    inside = Inside(
        named=tuple(_found(ask, [each for each in named if each][:MOST_NAMED])),
        mine=_mine(ask, facts.writer) if "mine" in words or "away" in words else (),
        handled=_handled(ask, facts) if "why" in words or "raw" in words else None,
    )
    if facts.ticket and moves(words):
        said, _ = thread.said(ask, facts.ticket, (), most=MOST_SAID)
        inside = replace(inside, thread=said, files=files(ask.store, facts.ticket))
    return replace(facts, inside=inside, shown=_shown(ask, facts, inside) if "escalate" in words else facts.shown)


def _texts(ask: Question) -> str:
    return f"{ask.mail.subject}\n{ask.mail.said}"


def _asked(argument: str) -> str:
    """The reference that an argument is, in its one form; "" when it is none."""
    bare = argument.strip("[]<> ")
    return canonical(bare) if BRACKETED.fullmatch(f"[{bare}]") else ""


def _found(ask: Question, named: list[str]) -> Iterator[tuple[str, Ticket]]:
    for reference in named:
        ticket = tickets.survivor(ask.store, reference, ask.staff)
        if ticket is not None:
            yield reference, ticket


def _mine(ask: Question, agent: Agent) -> tuple[Mine, ...]:
    order, plans = served(ask.config)
    return tuple(
        Mine(reference, subject, Status(status), Severity(severity), Address(*requester), moment(opened), plan or "")
        for reference, subject, status, severity, *requester, opened, plan in ask.store.all(
            MINE.format(order), (agent.id, *plans, MOST_MINE)
        )
    )


def _handled(ask: Question, facts: Facts) -> Handled | None:
    """The mail for which the letter was written that this one answers; time writes letters for none."""
    keys = own_keys(facts)
    row = ask.store.one(HANDLED, (keys[0].serial,)) if keys else None
    if row is None:
        return None
    ident, received, sender, queue, parked, outcome, reason, rules, decisions, problems, size = row
    rules, decisions, problems = (tuple(json.loads(each)) for each in (rules, decisions, problems))
    whole = Attachment(f"mail-{ident}.eml", "message/rfc822", size, sha256=raw.whole(ident))
    return Handled(
        *(ident, moment(received), sender, queue or parked or "", outcome, reason),
        *(rules, decisions, problems),
        whole=whole,
    )


def _shown(ask: Question, facts: Facts, inside: Inside) -> Shown:
    """The whole story, as managers read it when a ticket is escalated."""
    if facts.ticket is None:
        return facts.shown
    history, last = thread.history(ask, facts.ticket)
    return replace(facts.shown, thread=inside.thread[-1:], history=history, escalated=last)
