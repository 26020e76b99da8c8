"""What another agent answered while this one wrote: so that no customer gets two answers by two who did not know.

Called by store/facts for agents' mails about a ticket. What an agent knew is told by the letter he answers; where his
mail answers none, by the newest that he had been sent about it. By times and not by ids, which several daemons draw at
once. Reads only, by fixed SQL.
"""

from __future__ import annotations

import json
from dataclasses import replace

from maildesk.policy import script
from maildesk.policy.gate import own_keys, proved
from maildesk.policy.reference import is_held
from maildesk.store.match import Question, places
from maildesk.store.moments import micros, moment
from maildesk.words import Agent, Facts, Said, Ticket

LONGEST = 20_000  # characters read of an answer
MOST = 20  # messages since then that are looked at, the newest of them
BY_AGENT = ("agent", "agent-new")  # the rules that take an agent's own words in
SINCE = """
    SELECT e.at, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE t.reference = ? AND e.event = 'message' AND e.at > ? ORDER BY e.at DESC, e.id DESC LIMIT ?"""
ANSWER = f"""
    SELECT received, rule, SUBSTR(reply_text, 1, {LONGEST}) FROM mail WHERE id = ? AND visibility = 'public'"""  # noqa: S608
TOLD = """
    SELECT MAX(l.created) FROM letter l JOIN ticket t ON t.id = l.ticket_id
    WHERE t.reference = ? AND l.created <= ? AND l.recipient IN """


def with_crossed(ask: Question, facts: Facts) -> Facts:
    """The same facts, with the newest public answer of another agent that this one cannot have known of."""
    ticket, writer = facts.ticket, facts.writer
    if ticket is None or not isinstance(writer, Agent) or facts.mail.automatic or not proved(facts):
        return facts
    known = _known(ask, facts, ticket, writer)
    return facts if known is None else replace(facts, crossed=_answer(ask, ticket, writer, known))


def _known(ask: Question, facts: Facts, ticket: Ticket, writer: Agent) -> int | None:
    """Up to when he had been told; None where nobody can say."""
    keys = [key for key in own_keys(facts) if not is_held(key.about)]
    if keys:
        return micros(keys[0].sent) if keys[0].sent else None
    before = micros(facts.envelope.received)
    row = ask.store.one(TOLD + places(len(writer.addresses)), (ticket.reference, before, *writer.addresses))
    return None if row is None else row[0]


def _answer(ask: Question, ticket: Ticket, writer: Agent, known: int) -> Said | None:
    others = {address: agent for agent in ask.staff if agent.id != writer.id for address in agent.addresses}
    for at, by, detail in ask.store.all(SINCE, (ticket.reference, known, MOST)):
        agent = others.get(by)
        row = ask.store.one(ANSWER, (json.loads(detail).get("mail", 0),)) if agent else None
        if agent is None or row is None or row[1] not in BY_AGENT:
            continue
        # Where time was run ahead, a history is ahead of the clock; the mail is not.
        taken_in = at if at <= micros(ask.now) else row[0]
        if taken_in > known:
            return Said(moment(taken_in), agent.name, script.read_text(row[2]).text)
    return None
