"""What a customer wrote last in a ticket, and who came into it afterwards: for the letters with an agent's answer.

Called by store/facts for agents' mails with words alone. Only public mails of customers are looked at, and only their
new words: what somebody quoted below them may be older than a reader. Reads only, by fixed SQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from maildesk.policy.audience import name_of
from maildesk.policy.gate import participates, proved
from maildesk.store.database import Row
from maildesk.store.match import Question
from maildesk.store.moments import micros, moment
from maildesk.words import Agent, Facts, Heard, Said, Ticket

LONGEST = 20_000  # characters read of it; letters quote less
PASSED_ON = "agent-forward"  # a customer's words in an agent's mail
SECRET = "(encrypted with "  # as the decisions of a mail tell of its seals
LAST = f"""
    SELECT m.id, m.received, m.sender, m.sender_name, SUBSTR(m.reply_text, 1, {LONGEST}), m.rule, m.decisions
    FROM mail m JOIN ticket t ON t.id = m.ticket_id
    WHERE t.reference = ? AND m.visibility = 'public' AND m.id <> ? AND m.rule NOT IN ('agent', 'agent-new')
    AND (m.rule = '{PASSED_ON}' OR NOT EXISTS
        (SELECT 1 FROM person_address p WHERE p.address = m.sender AND p.agent_id IS NOT NULL))
    ORDER BY m.received DESC, m.id DESC LIMIT 1"""  # noqa: S608 - words of our own
EVENTS = """
    SELECT e.at, e.event, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE t.reference = ? AND e.event IN ('message', 'participant_added', 'newcomer_allowed') ORDER BY e.at, e.id"""


def with_heard(ask: Question, facts: Facts) -> Facts:
    """The same facts, with that, where the mail in hand may become an answer."""
    writing = isinstance(facts.writer, Agent) and bool(facts.mail.said) and facts.mail.forwarded is None
    if not writing or facts.ticket is None or not proved(facts):
        return facts
    parting = facts.parting.id if facts.parting else 0  # it leaves this ticket
    return replace(facts, heard=_heard(ask, facts.ticket, parting))


def _heard(ask: Question, ticket: Ticket, besides: int) -> Heard | None:
    """None when no customer wrote in it, or not in clear: what came encrypted is not sent back so."""
    row = ask.store.one(LAST, (ticket.reference, besides))
    if row is None or SECRET in row[6] or not row[4].strip():
        return None
    events = [(*each, json.loads(detail)) for *each, detail in ask.store.all(EVENTS, (ticket.reference,))]
    wanted = "message", row[0]
    its = [place for place, (_, event, _, told) in enumerate(events) if (event, told.get("mail")) == wanted]
    # The first mail of a ticket came with its opening.
    came, since = (events[its[-1]][0], its[-1] + 1) if its else (max(row[1], micros(ticket.opened)), 0)
    return Heard(_said(ticket, row), frozenset(_joined(events[since:], came, row[2])))


def _joined(events: Iterable[tuple[int, str, str, dict[str, str]]], came: int, writer: str) -> Iterator[str]:
    """Who came in after a mail: later, or in the same moment, but by another mail or by somebody's word."""
    events = tuple(events)
    by_it, outside = True, {told.get("address") for _, event, _, told in events if event == "newcomer_allowed"}
    for at, event, by, told in events:
        if event != "participant_added":
            by_it = False
        elif at > came or not by_it or by != writer or told.get("address") in outside:
            yield told.get("address", "")


def _said(ticket: Ticket, row: Row) -> Said:
    _, received, sender, name, words, rule, _ = row
    if rule == PASSED_ON:
        return Said(moment(received), name_of(ticket.requester), words)
    return Said(moment(received), name or (sender if participates(sender, ticket) else ""), words)
