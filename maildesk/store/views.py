"""What the ledger tells, in the exact JSON forms of the contract: `ledger`, `why`, `message raw`, `status`.

Called by the command line and the demo. Reads only. What is not there raises LookupError with a sentence for the
operator.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from maildesk.mime.write import pieces
from maildesk.store import outbox, raw
from maildesk.store.database import Row, Store
from maildesk.store.mailboxes import last_good
from maildesk.store.match import id_hash
from maildesk.store.moments import micros, moment
from maildesk.store.stamps import rfc3339, stamp
from maildesk.store.unwritten import Write, in_full
from maildesk.words import Attachment, Status

LEDGER = """
    SELECT m.id, m.door, m.received, m.message_id, m.sha256, m.outcome, m.reason, m.rule, t.reference
    FROM mail m LEFT JOIN ticket t ON t.id = m.ticket_id"""
WHY = """
    SELECT m.rules, m.decisions, m.problems, m.history, h.answer, h.answered_by
    FROM mail m LEFT JOIN held h ON h.mail_id = m.id WHERE m.id = ?"""
PARTS = ("head", "body", "boundary", "attachments")
DAY = timedelta(days=1)


def ledger(store: Store, since: datetime | None = None, outcome: str = "") -> Iterator[dict[str, Any]]:
    """One row for every accepted mail, oldest first, in the form of `ledger --json`."""
    asked: list[tuple[str, object]] = [("m.received >= ?", micros(since))] if since else []
    asked += [("m.outcome = ?", outcome)] if outcome else []
    where = f" WHERE {' AND '.join(sql for sql, _ in asked)}" if asked else ""
    for row in store.all(f"{LEDGER}{where} ORDER BY m.received, m.id", [value for _, value in asked]):
        yield _row(row)


def why(store: Store, ident: str) -> list[dict[str, Any]]:
    """What was done with the mails of this Message-ID, or ledger id, oldest first: the row and what led to it."""
    wanted = ident.strip().removeprefix("<").removesuffix(">")
    sql = f"{LEDGER} WHERE m.id_hash = ? AND m.message_id = ? ORDER BY m.received, m.id"
    rows = store.all(sql, (id_hash(wanted), wanted))
    if not rows and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        rows = store.all(f"{LEDGER} WHERE m.id = ?", (int(wanted),))
    if not rows:
        raise LookupError(f"no mail with the Message-ID {wanted} was accepted; see: maildesk ledger")
    return [_row(row) | _because(store, row[0]) for row in rows]


def message(store: Store, ident: int, write: Write) -> bytes:
    """The raw bytes of a mail as received, or of a letter as it leaves."""
    rows = in_full(store, PARTS, "id = ?", (ident,), write)
    if not rows:
        try:
            return raw.load(store, ident)
        except raw.Missing as error:
            raise LookupError(f"{error}; see: maildesk ledger, maildesk outbox list --all") from None
    if not rows[0][0]:
        raise LookupError(f"letter {ident} cannot be written; see: maildesk outbox list")
    return b"".join(assembled(store, rows[0]))


def assembled(store: Store, row: Row) -> Iterator[bytes]:
    """The bytes of a letter, of the values of PARTS."""

    def open_attachment(attachment: Attachment) -> list[bytes]:
        return [raw.open_attachment(store, attachment)]

    head, body, boundary, attachments = row
    files = [Attachment(**each) for each in json.loads(attachments)]
    return pieces(bytes(head), bytes(body), boundary, files, open_attachment)


def status(store: Store, now: datetime) -> dict[str, Any]:
    """How things stand, in counts."""
    tickets = dict.fromkeys((each.value for each in Status), 0) | _counts(store, "ticket", "status")
    letters = dict.fromkeys(("waiting", "held", "failed", "sent"), 0) | _counts(store, "letter", "state")
    lately = micros(now - DAY), micros(now)
    counted = (
        "SELECT outcome, COUNT(*) FROM mail WHERE received > ? AND received <= ? GROUP BY outcome ORDER BY outcome"
    )
    day = store.all(counted, lately)
    [(newest,)] = store.all("SELECT MAX(received) FROM mail")
    [(oldest,)] = store.all("SELECT MIN(created) FROM letter WHERE state = 'waiting'")
    [(waiting,)] = store.all("SELECT COUNT(*) FROM held WHERE state = 'waiting'")
    return {
        "at": rfc3339(now),
        "tickets": tickets,
        "outbox": letters | {"oldest": stamp(oldest)},
        "held": waiting,
        "mails_last_day": dict(day),
        "last_mail": stamp(newest),
        "mailboxes": {name: None if at is None else rfc3339(at) for name, at in last_good(store).items()},
    }


def _row(row: Row) -> dict[str, Any]:
    ident, door, received, message_id, sha256, outcome, reason, rule, ticket = row
    return {
        "id": ident,
        "door": door,
        "received": rfc3339(moment(received)),
        "message_id": message_id,
        "sha256": sha256,
        "outcome": outcome,
        "reason": reason,
        "rule": rule,
        "ticket": ticket,
    }


def _because(store: Store, ident: int) -> dict[str, Any]:
    [(rules, decisions, problems, history, answer, by)] = store.all(WHY, (ident,))
    letters = store.all(f"{outbox.LIST} WHERE l.answers_id = ? ORDER BY l.created, l.id", (ident,))
    return {
        "rules": json.loads(rules),
        "decisions": json.loads(decisions),
        "letters": [outbox.listed(each) for each in letters],
        "problems": json.loads(problems),
        "history": json.loads(history),
        "answer": answer or "",  # what somebody said of it while it was held
        "answered_by": by or "",
    }


def _counts(store: Store, table: str, column: str) -> dict[str, int]:
    sql = f"SELECT {column}, COUNT(*) FROM {table} GROUP BY {column}"  # noqa: S608 - names of our own
    return dict(store.all(sql))
