"""When somebody was called last because of what a customer wrote in a running ticket.

Called by store/facts; asked of the few mails alone that may call somebody.
"""

from __future__ import annotations

from dataclasses import replace

from maildesk.policy.paging import ONCE_A_DAY, PAGED, may_call, running
from maildesk.store.match import Question
from maildesk.store.moments import moment
from maildesk.store.text import as_json
from maildesk.words import Facts

LAST = """
    SELECT MAX(e.at) FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE t.reference = ? AND e.event = ? AND e.detail = ?"""


def with_paged(ask: Question, facts: Facts) -> Facts:
    ticket = running(facts)
    if ticket is None or not may_call(facts, ask.config):
        return facts
    row = ask.store.one(LAST, (ticket.reference, PAGED, as_json({"detail": ONCE_A_DAY})))
    last = None if row is None or row[0] is None else moment(row[0])
    return replace(facts, recent=replace(facts.recent, paged=last))
