"""What has been gathered about an escalated ticket: its history, the newest words, why it is so, and its files.

Called by store/due where time carries an escalation on. Reads only, by fixed SQL.
"""

from __future__ import annotations

from maildesk.store import thread
from maildesk.store.database import Store
from maildesk.words import Agent, Attachment, Shown, Ticket
from maildesk.words.frozen import frozen

FILES = """
    SELECT a.name, a.type, a.size, a.inline, a.content_id, a.sha256, a."offset", a.length, a.encoding
    FROM attachment a JOIN mail m ON m.id = a.mail_id JOIN ticket t ON t.id = m.ticket_id
    WHERE t.reference = ? AND m.visibility = 'public' ORDER BY a.mail_id, a.number LIMIT 50"""


@frozen
class Look:
    store: Store
    staff: tuple[Agent, ...]


def gathered(store: Store, ticket: Ticket, staff: tuple[Agent, ...]) -> tuple[Shown, tuple[Attachment, ...]]:
    look = Look(store, staff)
    newest, _ = thread.said(look, ticket, (), most=1)
    history, last = thread.history(look, ticket)
    cause = thread.cause(look, ticket)
    return Shown(thread=newest, history=history, escalated=last, cause=cause), files(store, ticket)


def files(store: Store, ticket: Ticket) -> tuple[Attachment, ...]:
    """What came with its public mails."""
    return tuple(
        Attachment(name, type_, size, bool(inline), content_id, sha256, *where)
        for name, type_, size, inline, content_id, sha256, *where in store.all(FILES, (ticket.reference,))
    )
