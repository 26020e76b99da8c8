"""One ticket's new state in the making: its columns, its history, its people.

`Changes` is filled by store/apply, decision by decision, and written once: one INSERT or UPDATE, one INSERT for all
events. It decides nothing, and its events never run backwards: each is stamped max(now, the ticket's last event).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from maildesk.store import tickets
from maildesk.store.database import Store
from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Address, Agent, Severity, Status, Ticket

DESK = "maildesk"  # who acts when time does
SETTLED = {"allow": "allowed", "refuse": "refused"}

STANDS = """
    SELECT t.id, t.status, t.severity, t.opened, t.next_check, (SELECT MAX(at) FROM event WHERE ticket_id = t.id),
        (SELECT address FROM person_address WHERE agent_id = t.owner_id ORDER BY position LIMIT 1)
    FROM ticket t WHERE t.reference = ?"""
EVENT = "(?, ?, ?, ?, ?)"
EVENTS = "INSERT INTO event (ticket_id, at, event, by, detail) VALUES "
JOIN = "INSERT INTO participant (ticket_id, address, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
LEAVE = "DELETE FROM participant WHERE ticket_id = ? AND address = ?"
ASK = "INSERT INTO newcomer (ticket_id, address, name, asked, answer) VALUES (?, ?, ?, ?, '') ON CONFLICT DO NOTHING"
SETTLE = "UPDATE newcomer SET answer = ? WHERE ticket_id = ? AND address = ?"
LINK = "INSERT INTO link (ticket_id, other) VALUES (?, ?) ON CONFLICT DO NOTHING"
SURVEY = """
    INSERT INTO survey (ticket_id, address, sent, valid_until, comment) VALUES (?, ?, ?, ?, '')
    ON CONFLICT (ticket_id) DO UPDATE SET address = excluded.address, sent = excluded.sent,
        valid_until = excluded.valid_until, mark = NULL, comment = '', marked = NULL"""
MARK = "UPDATE survey SET mark = ?, comment = ?, reasons = ?, marked = ? WHERE ticket_id = ?"


class Changes:
    """Raises LookupError for a reference that is no ticket's."""

    def __init__(
        self,
        store: Store,
        reference: str,
        now: datetime,
        *,
        opens: Ticket | None = None,
        loaded: Ticket | None = None,
    ) -> None:
        """`loaded` is the ticket as this transaction has read it, where it has."""
        self.store = store
        self.reference = reference
        self.columns: dict[str, Any] = {}
        self.known: dict[str, Any] = {}  # columns whose value in the row is known, and needs no writing again
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self.opens = opens  # not yet inserted
        if opens is not None:
            self._open(opens, now)
        elif loaded is not None and loaded.id:
            self._go_on(loaded, now)
        else:
            self._look(now)

    def _look(self, now: datetime) -> None:
        row = self.store.one(STANDS, (self.reference,))
        if row is None:
            raise LookupError(f"there is no ticket {self.reference}")
        self._ident, status, severity, opened, next_check, last, self.owner = row
        self.known["next_check"] = next_check
        self.status, self.severity = Status(status), int(severity)
        self.at = max(now, moment(opened), moment(last or 0))

    def _go_on(self, ticket: Ticket, now: datetime) -> None:
        self._ident = ticket.id
        self.known["next_check"] = None if ticket.next_check is None else micros(ticket.next_check)
        self.at = max(now, ticket.opened, ticket.happened or ticket.opened)
        self._stands(ticket)

    def _open(self, ticket: Ticket, now: datetime) -> None:
        self.at = max(now, ticket.opened)
        self._stands(ticket)
        self.event("opened", ticket.requester.address)

    def _stands(self, ticket: Ticket) -> None:
        self.status, self.severity = ticket.status, int(ticket.severity)
        self.owner = ticket.owner.addresses[0] if ticket.owner else None

    @property
    def ident(self) -> int:
        """The row's id. A new ticket is inserted when first asked for it, so with all that was decided by then."""
        if self.opens is not None:
            ticket, self.opens = self.opens, None
            self._ident = tickets.insert(self.store, tickets.values(ticket) | self.columns)
            self.columns = {name: value for name, value in self.columns.items() if name not in tickets.COLUMNS}
            for each in ticket.participants:
                self.store.execute(JOIN, (self._ident, each.address, each.name))
        return int(self._ident)

    # the decisions

    def event(self, name: str, by: str, **detail: Any) -> None:
        self.events.append((name, by or DESK, detail))

    def set_status(self, status: Status, by: str) -> None:
        self.event("status", by, **{"from": self.status.value, "to": status.value})
        at = micros(self.at)
        self.columns |= {"status": status.value, "status_since": at, "reminded": None}
        if status is Status.CLOSED:
            self.columns["closed"] = at
        else:
            self.columns |= {"closed": None, "solved": at if status is Status.SOLVED else None}
        self.status = status

    def set_owner(self, owner: Agent | None, by: str) -> None:
        address = owner.addresses[0] if owner else None
        self.event("owner", by, **{"from": self.owner, "to": address})
        self.columns["owner_id"] = owner.id if owner else None
        self.owner = address

    def set_severity(self, severity: Severity, by: str) -> None:
        self.event("severity", by, **{"from": self.severity, "to": int(severity)})
        self.columns["severity"] = self.severity = int(severity)

    def set_answered(self, kind: str, by: str) -> None:
        self.event("answered", by, kind=kind)
        self.columns |= {"first_answered": micros(self.at), "first_response_kind": kind}

    def add_participants(self, people: Iterable[Address], by: str) -> None:
        for each in people:
            if self.store.execute(JOIN, (self.ident, each.address, each.name)).rowcount:
                self.event("participant_added", by, address=each.address)

    def remove_participants(self, addresses: Iterable[str], by: str) -> None:
        for address in addresses:
            if self.store.execute(LEAVE, (self.ident, address)).rowcount:
                self.event("participant_removed", by, address=address)

    def ask_newcomers(self, people: Iterable[Address]) -> None:
        for each in people:
            if self.store.execute(ASK, (self.ident, each.address, each.name, micros(self.at))).rowcount:
                self.event("newcomer_waits", DESK, address=each.address)

    def settle_newcomers(self, addresses: Iterable[str], answer: str, by: str) -> None:
        for address in addresses:
            if self.store.execute(SETTLE, (answer, self.ident, address)).rowcount:
                self.event(f"newcomer_{SETTLED[answer]}", by, address=address)

    def set_level(self, level: int, by: str) -> None:
        self.event("level", by, to=level)
        self.columns["level"] = level

    def set_category(self, category: str, by: str) -> None:
        self.event("category", by, to=category)
        self.columns["category"] = category

    def set_queue(self, queue: str, address: str, by: str) -> None:
        self.event("queue", by, to=queue)
        self.columns |= {"queue": queue, "address": address}

    def merge_into(self, other: str, by: str) -> None:
        self.event("merged", by, into=other)
        self.columns["merged"] = other

    def set_reminded(self) -> None:
        self.event("reminded", DESK)
        self.columns["reminded"] = micros(self.at)

    def open_survey(self, address: str, valid_until: datetime) -> None:
        self.event("survey_sent", DESK, address=address)
        self.store.execute(SURVEY, (self.ident, address, micros(self.at), micros(valid_until)))

    def record_mark(self, address: str, mark: int, comment: str, reasons: Sequence[str]) -> None:
        self.event("survey_answered", address, mark=mark, comment=comment)
        self.store.execute(MARK, (mark, comment, as_json(list(reasons)), micros(self.at), self.ident))

    def link(self, other: str, by: str) -> None:
        if self.store.execute(LINK, (self.ident, other)).rowcount:
            self.event("linked", by, other=other)

    # and their end

    def write(self) -> None:
        ident = self.ident
        due, self.columns = self.columns, {}
        columns = {name: value for name, value in due.items() if name not in self.known or value != self.known[name]}
        self.known |= columns
        if columns:
            pairs = ", ".join(f"{name} = ?" for name in columns)
            sql = f"UPDATE ticket SET {pairs} WHERE id = ?"  # noqa: S608 - columns of our own
            self.store.execute(sql, (*columns.values(), ident))
        if self.events:
            at = micros(self.at)
            rows = [(ident, at, *each[:2], as_json(each[2])) for each in self.events]
            self.store.execute(EVENTS + ", ".join([EVENT] * len(rows)), [value for row in rows for value in row])
            self.events = []
