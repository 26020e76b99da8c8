"""What else an organisation has at work, for the hint that a new ticket looks like one of it.

Called by store/facts where a ticket will be opened; whether there is anything is told by the statement that is asked of
every mail (store/recent), so that most new tickets cost none here. Reads only, by fixed SQL. The first words of a
ticket stay as they are, and are long: those of the organisations that wrote last are kept (store/memory).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maildesk.policy.alike import neighbour
from maildesk.store.database import Row, Store
from maildesk.store.match import Question
from maildesk.store.moments import micros
from maildesk.words import Contact, Facts, Neighbour

LATELY = timedelta(days=14)
MOST = 128  # organisations whose tickets are kept
# The newest of an organisation, however many it has had.
NEWEST = (
    "(SELECT id, reference, subject, status, opened FROM ticket WHERE organisation_id = ? ORDER BY id DESC LIMIT 50)"
)
AT_WORK = "t.status IN ('new', 'open', 'pending') AND t.opened > ?"
# The text only of those above an id.
FOUND = f"""
    SELECT t.opened, t.id, t.reference, t.subject, CASE WHEN t.id > ? THEN
        (SELECT SUBSTR(CASE m.reply_text WHEN '' THEN m.text ELSE m.reply_text END, 1, 1000) FROM mail m
        WHERE m.ticket_id = t.id AND m.visibility = 'public' ORDER BY m.received, m.id LIMIT 1) END
    FROM {NEWEST} AS t WHERE {AT_WORK}"""  # noqa: S608 - words of our own
ANY = f"EXISTS (SELECT 1 FROM {NEWEST} AS t WHERE {AT_WORK})"  # noqa: S608 - the same

Known = dict[int, Neighbour]  # by the id of its ticket


def with_neighbours(ask: Question, facts: Facts) -> Facts:
    """The same facts, with the tickets that the new one may look like."""
    whom = facts.behalf or facts.writer
    organisation = whom.organisation if isinstance(whom, Contact) else None
    if not facts.fresh or not facts.recent.at_work or organisation is None:
        return facts
    return replace(facts, neighbours=_found(ask, organisation.id))


def _found(ask: Question, organisation: int) -> tuple[Neighbour, ...]:
    """The newest first."""
    kept = ask.store.known(_none_yet)
    known = kept.pop(organisation, {})
    newest = max(known, default=0)
    rows = _rows(ask, organisation, newest)
    if any(ident <= newest and ident not in known for _, ident, *_ in rows):  # one is at work again
        rows = _rows(ask, organisation, 0)
    found = {ident: known.get(ident) or neighbour(*words) for _, ident, *words in rows}
    speechless = {ident for _, ident, *_, text in rows if text is None}  # so far
    kept[organisation] = {ident: each for ident, each in found.items() if ident in known or ident not in speechless}
    if len(kept) > MOST:
        del kept[next(iter(kept))]
    return tuple(found.values())


def _rows(ask: Question, organisation: int, above: int) -> Sequence[Row]:
    return sorted(ask.store.all(FOUND, (above, organisation, micros(ask.now - LATELY))), reverse=True)


def _none_yet(_: Store) -> dict[int, Known]:
    return {}
