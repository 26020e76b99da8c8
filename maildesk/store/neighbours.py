"""What else an organisation has at work, for the hint that a new ticket looks like one of it.

Called by store/facts where a ticket will be opened; whether there is anything is told by the statement that is asked of
every mail (store/recent), so that most new tickets cost none here. Reads only, by fixed SQL.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.store.match import Question
from maildesk.store.moments import micros
from maildesk.words import Contact, Facts, Neighbour

LATELY = timedelta(days=14)
# The newest of an organisation, however many it has had.
NEWEST = (
    "(SELECT id, reference, subject, status, opened FROM ticket WHERE organisation_id = ? ORDER BY id DESC LIMIT 50)"
)
AT_WORK = "t.status IN ('new', 'open', 'pending') AND t.opened > ?"
FOUND = f"""
    SELECT t.reference, t.subject,
        (SELECT SUBSTR(CASE m.reply_text WHEN '' THEN m.text ELSE m.reply_text END, 1, 1000) FROM mail m
        WHERE m.ticket_id = t.id AND m.visibility = 'public' ORDER BY m.received, m.id LIMIT 1)
    FROM {NEWEST} AS t WHERE {AT_WORK} ORDER BY t.opened DESC, t.id DESC"""  # noqa: S608 - words of our own
COUNT = f" UNION ALL SELECT 'at work', '', COUNT(*) FROM {NEWEST} AS t WHERE {AT_WORK}"  # noqa: S608 - the same


def with_neighbours(ask: Question, facts: Facts) -> Facts:
    """The same facts, with the tickets that the new one may look like."""
    whom = facts.behalf or facts.writer
    organisation = whom.organisation if isinstance(whom, Contact) else None
    if not facts.fresh or not facts.recent.at_work or organisation is None:
        return facts
    found = ask.store.all(FOUND, (organisation.id, micros(ask.now - LATELY)))
    return replace(facts, neighbours=tuple(Neighbour(reference, title, text or "") for reference, title, text in found))
