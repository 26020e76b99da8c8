"""Tickets in the exact JSON forms of the contract: `ticket show`, `ticket list`, `ticket history`.

Called by the command line and the demo. Reads only; a reference that is no ticket's raises LookupError.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.policy.cited import without_cited
from maildesk.policy.recipients import ours
from maildesk.policy.reference import canonical
from maildesk.policy.targets import PROMISES, targets
from maildesk.policy.timers import close_at
from maildesk.store import people, tickets
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.order import served
from maildesk.store.stamps import rfc3339, stamp
from maildesk.store.unwritten import Write, in_full
from maildesk.store.views import PARTS, assembled
from maildesk.words import Agent, Survey, Ticket

REFERENCES = "SELECT t.reference FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id"
OWNED = "t.owner_id IN (SELECT p.agent_id FROM person_address p JOIN agent a ON a.id = p.agent_id WHERE {})"
CAME = """
    SELECT id, received, visibility, sender, addressed, subject, text, message_id, sha256 FROM mail
    WHERE ticket_id = ? AND visibility <> ''"""
WENT = "ticket_id = ? AND audience = 'customer' AND NOT copy"
OF_LETTERS = ("id", "created", "sender", "recipient", "subject", "text", "message_id", *PARTS, "answers_id")
HEARD = "SELECT at, detail FROM event WHERE ticket_id = ? AND event IN ('message', 'noted')"
ATTACHED = """
    SELECT a.mail_id, a.name, a.type, a.size FROM attachment a JOIN mail m ON m.id = a.mail_id
    WHERE m.ticket_id = ? ORDER BY a.mail_id, a.number"""
DATE = re.compile(rb"^Date: (.+)\r$", re.MULTILINE)
EVENTS = "SELECT at, event, by, detail FROM event WHERE ticket_id = ? ORDER BY at, id"


def show(store: Store, reference: str, config: Config, now: datetime, write: Write) -> dict[str, Any]:
    """One ticket with its messages and events."""
    ticket, ident = _found(store, reference, people.agents(store, now))
    thread = messages(store, ident, config, write)
    return summary(ticket, config) | {"messages": thread, "events": _events(store, ident)}


def listed(
    store: Store, config: Config, now: datetime, *, status: str = "", queue: str = "", owner: str = ""
) -> Iterator[dict[str, Any]]:
    """The tickets of a status, a queue, an owner (a name or an address), in the order in which they are served."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    if status:
        asked.append(("t.status = ?", (status,)))
    if queue:
        asked.append(("t.queue = ?", (queue,)))
    if owner:
        asked.append((OWNED.format("p.address = ? OR lower(a.name) = ?"), (owner.lower(), owner.lower())))
    where = f" WHERE {' AND '.join(sql for sql, _ in asked)}" if asked else ""
    staff = people.agents(store, now)
    order, plans = served(config)
    values = [*(one for _, ones in asked for one in ones), *plans]
    found = [reference for (reference,) in store.all(f"{REFERENCES}{where} ORDER BY {order}", values)]
    return (summary(ticket, config) for ticket in tickets.load_all(store, found, staff))


def history(store: Store, reference: str) -> list[dict[str, Any]]:
    """The events of a ticket, oldest first."""
    return _events(store, _found(store, reference, ())[1])


def summary(ticket: Ticket, config: Config) -> dict[str, Any]:
    """A ticket without messages and events: the form of `ticket list --json`."""
    return {
        "reference": ticket.reference,
        "queue": ticket.queue,
        "status": ticket.status.value,
        "severity": int(ticket.severity),
        "category": ticket.category,
        "subject": ticket.subject,
        "organisation": ticket.organisation or None,
        "requester": ticket.requester.address,
        "participants": [each.address for each in ticket.participants],
        "owner": ticket.owner.addresses[0] if ticket.owner else None,
        "level": ticket.level,
        "opened": rfc3339(ticket.opened),
        "first_answered": _at(ticket.first_answered),
        "first_response_kind": ticket.first_response_kind or None,
        "solved": _at(ticket.solved),
        "closed": _at(ticket.closed),
        "time_worked": ticket.minutes,
        "survey": _survey(ticket.survey),
        "due": {
            **dict.fromkeys(PROMISES),
            **{each.name: rfc3339(each.due) for each in targets(ticket, config)},
            "close": _at(close_at(ticket, config)),
        },
        "fields": dict(ticket.fields),
        "links": list(ticket.links),
    }


def messages(store: Store, ident: int, config: Config, write: Write) -> list[dict[str, Any]]:
    """The thread: the mails that came in, and the letters to customers, each once whatever the copies."""
    files: dict[int, list[dict[str, Any]]] = {}
    for mail_id, name, kind, size in store.all(ATTACHED, (ident,)):
        files.setdefault(mail_id, []).append({"name": name, "type": kind, "size": size})
    heard = {json.loads(detail).get("mail"): at for at, detail in store.all(HEARD, (ident,))}
    mails = [_no_earlier(row, heard.get(row[0])) for row in store.all(CAME, (ident,))]
    came = [(row[1], row[0], _came(row, files.get(row[0], []), config)) for row in mails]
    letters = in_full(store, OF_LETTERS, WENT, (ident,), write)
    dated = (_no_earlier(row, heard.get(row[-1]) if row[-1] else _date(row[7])) for row in letters)
    went = [(row[1], row[0], _went(store, row)) for row in dated]
    return [shown for _, _, shown in sorted(came + went, key=lambda each: each[:2])]  # ids of several daemons mingle


def _no_earlier(row: Row, event: int | None) -> Row:
    """With the moment of its event, or of the mail's that it answers, where the clock has gone back since, or time
    was run ahead of it."""
    return (row[0], max(row[1], event or 0), *row[2:])


def _date(head: bytes) -> int | None:
    """As of when a letter of time was: its row tells when it was decided, which running ahead does before."""
    found = DATE.search(bytes(head))
    return micros(parsedate_to_datetime(found[1].decode("ascii"))) if found else None


def _found(store: Store, reference: str, staff: tuple[Agent, ...]) -> tuple[Ticket, int]:
    wanted = canonical(reference.strip().strip("[]"))
    ticket, ident = tickets.load(store, wanted, staff), tickets.row_id(store, wanted)
    if ticket is None or ident is None:
        raise LookupError(f"there is no ticket {wanted}; see: maildesk ticket list --all")
    return ticket, ident


def _plain(address: str, config: Config) -> str:
    """One of our own addresses without its detail, since that is a key of somebody's."""
    found = ours(config, address)
    return found[1] if found else address


def _came(row: Row, files: list[dict[str, Any]], config: Config) -> dict[str, Any]:
    ident, at, visibility, sender, addressed, subject, text, message_id, sha256 = row
    return {
        "id": ident,
        "at": rfc3339(moment(at)),
        "direction": "in",
        "visibility": visibility,
        "from": sender,
        "to": [_plain(each["address"], config) for each in json.loads(addressed)["to"]],
        "subject": keyless(subject),
        "text": keyless(text),
        "message_id": message_id,
        "sha256": sha256,
        "attachments": files,
    }


def _went(store: Store, row: Row) -> dict[str, Any]:
    ident, at, sender, recipient, subject, text, message_id = row[:7]
    digest = hashlib.sha256()
    for piece in assembled(store, row[7:-1]):
        digest.update(piece)
    files = [{key: each[key] for key in ("name", "type", "size")} for each in json.loads(row[10])]
    return {
        "id": ident,
        "at": rfc3339(moment(at)),
        "direction": "out",
        "visibility": "public",
        "from": sender,
        "to": [recipient],
        "subject": subject,
        "text": without_cited(text),
        "message_id": message_id,
        "sha256": digest.hexdigest(),
        "attachments": files,
    }


def _events(store: Store, ident: int) -> list[dict[str, Any]]:
    return [
        {"at": stamp(at), "event": event, "by": by, **json.loads(detail)}
        for at, event, by, detail in store.all(EVENTS, (ident,))
    ]


def _survey(survey: Survey | None) -> dict[str, Any] | None:
    if survey is None:
        return None
    return {"sent": rfc3339(survey.sent), "mark": survey.mark, "comment": survey.comment}


def _at(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
