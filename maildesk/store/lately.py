"""What was said or sent about a ticket lately, where the mail in hand may do it again.

Called by store/facts; asked of the few mails alone that may call somebody, close a ticket, or answer a survey.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from maildesk.config import Config
from maildesk.policy import requests, script
from maildesk.policy.paging import ONCE_A_DAY, PAGED, may_call, running
from maildesk.store.database import Store
from maildesk.store.match import Question
from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Agent, Facts, Status

CALLED = """
    SELECT MAX(e.at) FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE t.reference = ? AND e.event = ? AND e.detail = ?"""
SURVEYED = """
    SELECT MAX(sent) FROM survey WHERE sent <= ? AND (address = ? OR address IN (
        SELECT p.address FROM person_address p JOIN person_address q ON q.contact_id = p.contact_id
        WHERE q.address = ?))"""  # a contact is one person, whichever of his addresses he wrote from
VOTES = """
    SELECT COUNT(*) FROM mail WHERE outcome = 'survey' AND ticket_id = (SELECT id FROM ticket WHERE reference = ?)"""


def with_lately(ask: Question, facts: Facts) -> Facts:
    """With when a customer's word in this ticket called somebody, when its requester was asked how it was, and how
    often he has said so.
    """
    ticket = running(facts)
    if ticket is None:
        return facts
    if may_call(facts, ask.config):
        row = ask.store.one(CALLED, (ticket.reference, PAGED, as_json({"detail": ONCE_A_DAY})))
        last = None if row is None or row[0] is None else moment(row[0])
        facts = replace(facts, recent=replace(facts.recent, paged=last))
    if ticket.status is not Status.CLOSED and _closes(facts):
        last = surveyed(ask.store, ticket.requester.address, ask.now, ask.config)
        facts = replace(facts, recent=replace(facts.recent, surveyed=last))
    if ticket.survey is not None:
        row = ask.store.one(VOTES, (ticket.reference,))
        facts = replace(facts, recent=replace(facts.recent, votes=int(row[0]) if row else 0))
    return facts


def surveyed(store: Store, address: str, now: datetime, config: Config) -> datetime | None:
    """When this person got the last survey, on whatever ticket; one ahead of the clock counts, too.

    Where time was run ahead there is such a one; what a wrong clock has left lies further ahead.
    """
    row = store.one(SURVEYED, (micros(now + config.survey.at_most_every), address, address))
    return None if row is None or row[0] is None else moment(row[0])


def _closes(facts: Facts) -> bool:
    if isinstance(facts.writer, Agent):
        return any(line.word == "closed" for line in script.read(facts).lines)
    request, _ = requests.asked(facts.mail)
    return request is not None and request.act == "close"
