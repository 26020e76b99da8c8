"""What a customer asked to see, as far as he may: loaded for a request alone.

Called by store/facts. A contact sees what is his organisation's, anybody else what he takes part in; what he may not
see is as if it were not there. Reads only, by fixed SQL.
"""

from __future__ import annotations

from maildesk.policy import script
from maildesk.policy.gate import colleague, participates
from maildesk.policy.requests import Request
from maildesk.store import tickets
from maildesk.store.database import Row
from maildesk.store.match import Question
from maildesk.store.moments import moment
from maildesk.words import Address, Contact, Said, Seen, Severity, Shown, Status, Ticket, Writer

MOST = 50  # tickets in one list
MOST_SAID = 500  # messages of one thread, the newest of them

VISIBLE = """
    SELECT t.reference, t.subject, t.status, t.severity, t.requester, t.requester_name, t.opened,
        COALESCE((SELECT MAX(at) FROM event e WHERE e.ticket_id = t.id), t.opened)
    FROM ticket t WHERE t.status <> 'closed' AND (t.organisation_id = ? OR t.requester = ?
        OR EXISTS (SELECT 1 FROM participant p WHERE p.ticket_id = t.id AND p.address = ?))
    ORDER BY t.severity, t.opened, t.id"""
THREAD = """
    SELECT m.id, m.received, m.sender, m.sender_name, m.reply_text, m.text
    FROM mail m JOIN ticket t ON t.id = m.ticket_id WHERE t.reference = ? AND m.visibility = 'public'
    ORDER BY m.received DESC, m.id DESC LIMIT ?"""
FILES = "SELECT name FROM attachment WHERE mail_id = ? ORDER BY number"


def shown(ask: Question, writer: Writer, request: Request | None, ticket: Ticket | None) -> Shown:
    """`ticket` is the one that the mail belongs to, for a request that names none."""
    sender = ask.mail.sender
    if request is None or sender is None:
        return Shown()
    named = tickets.survivor(ask.store, request.reference, ask.staff, lock=True) if request.reference else ticket
    seen = named if named is not None and may_see(writer, sender.address, named) else None
    listed = request.act == "status" and not request.reference and ticket is None
    rows = _visible(ask, writer, sender.address) if listed else []
    thread = _thread(ask, seen) if request.act == "copy" and seen else ()
    return Shown(tuple(_seen(row) for row in rows[:MOST]), max(0, len(rows) - MOST), thread, seen)


def may_see(writer: Writer, address: str, ticket: Ticket) -> bool:
    return participates(address, ticket) or colleague(writer, ticket)


def _visible(ask: Question, writer: Writer, address: str) -> list[Row]:
    organisation = writer.organisation.id if isinstance(writer, Contact) else None
    return list(ask.store.all(VISIBLE, (organisation, address, address)))


def _seen(row: Row) -> Seen:
    reference, subject, status, severity, requester, name, opened, updated = row
    person = Address(requester, name)
    return Seen(reference, subject, Status(status), Severity(severity), person, moment(opened), moment(updated))


def _thread(ask: Question, ticket: Ticket) -> tuple[Said, ...]:
    rows = ask.store.all(THREAD, (ticket.reference, MOST_SAID))
    return tuple(_said(ask, ticket, row) for row in reversed(rows))


def _said(ask: Question, ticket: Ticket, row: Row) -> Said:
    """Of an agent his name and his public words, as customers got them; nobody's address but the ticket's people's."""
    ident, at, sender, name, new_text, text = row
    files = tuple(each[0] for each in ask.store.all(FILES, (ident,)))
    agent = next((each for each in ask.staff if sender in each.addresses), None)
    if agent is not None:
        return Said(moment(at), agent.name, script.read_text(new_text).text, files)
    return Said(moment(at), name or (sender if participates(sender, ticket) else ""), new_text or text, files)
