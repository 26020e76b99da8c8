"""What a customer asked to see, as far as he may: loaded for a request alone.

Called by store/facts. A contact sees what is his organisation's, anybody else what he takes part in; what he may not
see is as if it were not there. Reads only, by fixed SQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from maildesk.policy.gate import colleague
from maildesk.policy.requests import Request, may_see
from maildesk.store import thread, tickets
from maildesk.store.database import Row
from maildesk.store.match import Question, places
from maildesk.store.moments import moment
from maildesk.store.order import served
from maildesk.words import Address, Contact, Seen, Severity, Shown, Status, Ticket, Writer

MOST = 50  # tickets in one list
STATED = ("status", "escalate")  # requests that may be answered by how the ticket stands

SEEN = "SELECT t.id, t.reference, t.subject, t.status, t.severity, t.requester, t.requester_name, t.opened, "
NAMED = SEEN + "t.status_since FROM ticket t WHERE t.reference = ?"
# By their indexes, each way of its own: joined by OR they would be a walk through all tickets.
OPEN = """
    SELECT t.id FROM ticket t WHERE t.organisation_id = ? AND t.status <> 'closed'
    UNION SELECT t.id FROM ticket t WHERE t.requester IN {addresses} AND t.status <> 'closed'
    UNION SELECT t.id FROM participant p JOIN ticket t ON t.id = p.ticket_id
    WHERE p.address IN {addresses} AND t.status <> 'closed'"""
LISTED = SEEN + (
    "t.status_since FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id"
    " WHERE t.id IN ({open}) ORDER BY {order} LIMIT ?"
)
COUNT = "SELECT COUNT(*) FROM ({open}) AS found"
PART = """
    SELECT 1 FROM (SELECT id FROM ticket WHERE requester = ?
    UNION ALL SELECT ticket_id FROM participant WHERE address = ?) AS found LIMIT 1"""
WRITTEN = "SELECT ticket_id, MAX(received) FROM mail WHERE visibility = 'public' AND ticket_id IN "


def shown(ask: Question, writer: Writer, request: Request | None, ticket: Ticket | None) -> Shown:
    """`ticket` is the one that the mail belongs to, for a request that names none."""
    sender = ask.mail.sender
    if request is None or sender is None:
        return Shown()
    addresses = writer.addresses if isinstance(writer, Contact) else (sender.address,)
    named = tickets.survivor(ask.store, request.reference, ask.staff, lock=True) if request.reference else ticket
    seen = named if named is not None and may_see(writer, addresses, named) else None
    if seen is not None:
        return _of_ticket(ask, request, seen, writer, addresses)
    part = isinstance(writer, Contact) or ask.store.one(PART, (sender.address, sender.address)) is not None
    if request.reference or not part:
        return Shown(takes_part=part)  # the same for a ticket of others and for one that never was
    found, more = _open(ask, writer, addresses)
    return Shown(found, more, takes_part=part)


def _of_ticket(ask: Question, request: Request, ticket: Ticket, writer: Writer, addresses: Sequence[str]) -> Shown:
    state = _seen(ask, list(ask.store.all(NAMED, (ticket.reference,)))) if request.act in STATED else ()
    if request.act == "copy":
        whole = colleague(writer, ticket) or ticket.requester.address in addresses
        said, more = thread.said(ask, ticket, () if whole else addresses)
        return Shown(more=more, thread=said, ticket=ticket, takes_part=True)
    if request.act == "escalate":
        newest, _ = thread.said(ask, ticket, (), most=1)
        history, last = thread.history(ask, ticket)
        return Shown(state, thread=newest, ticket=ticket, takes_part=True, history=history, escalated=last)
    return Shown(state, ticket=ticket, takes_part=True)


def _open(ask: Question, writer: Writer, addresses: Sequence[str]) -> tuple[tuple[Seen, ...], int]:
    """The tickets that are not closed, the gravest and oldest first; and how many more there are."""
    mine = OPEN.format(addresses=places(len(addresses)))
    values = (writer.organisation.id if isinstance(writer, Contact) else None, *addresses, *addresses)
    order, plans = served(ask.config)
    rows = list(ask.store.all(LISTED.format(open=mine, order=order), (*values, *plans, MOST + 1)))
    counted = ask.store.one(COUNT.format(open=mine), values) if len(rows) > MOST else None
    return _seen(ask, rows[:MOST]), int(counted[0]) - MOST if counted else 0


def _seen(ask: Question, rows: Sequence[Row]) -> tuple[Seen, ...]:
    """As their people may know them: changed when somebody wrote or the status changed, whatever was done inside."""
    idents = [row[0] for row in rows]
    found = ask.store.all(f"{WRITTEN}{places(len(idents))} GROUP BY ticket_id", idents) if idents else ()
    written: dict[int, int] = dict(found)
    return tuple(_one(row, written.get(row[0], 0)) for row in rows)


def _one(row: Row, written: int) -> Seen:
    _, reference, subject, status, severity, requester, name, opened, since = row
    updated = moment(max(opened, since, written))
    return Seen(
        reference, subject, Status(status), Severity(severity), Address(requester, name), moment(opened), updated
    )
