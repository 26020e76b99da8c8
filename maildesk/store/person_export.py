"""All that is kept of one person, as one JSON object.

Called by `maildesk person export`. Reads only. Mails and letters stand as text, files with name, size and SHA-256;
`maildesk message raw ID` has their bytes. Keys of letters are shown to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from maildesk.config import Config
from maildesk.mime.keyless import keyless
from maildesk.store import appointments, people, tickets
from maildesk.store.database import Row, Store
from maildesk.store.directory_views import agents, contacts
from maildesk.store.match import places
from maildesk.store.person import Person, among
from maildesk.store.person_work import charged, worked
from maildesk.store.recent import tallies_of
from maildesk.store.stamps import rfc3339, stamp
from maildesk.store.unwritten import Write, in_full
from maildesk.store.views_ticket import summary

TICKETS = """
    SELECT reference FROM ticket
    WHERE requester IN {0} OR id IN (SELECT ticket_id FROM participant WHERE address IN {0})
    ORDER BY number"""
APPOINTMENTS = "SELECT reference, appointment FROM ticket WHERE appointment <> '' ORDER BY number"
HIS_APPOINTMENTS = """
    SELECT reference, appointment FROM ticket
    WHERE appointment <> '' AND (requester IN {0} OR id IN (SELECT ticket_id FROM participant WHERE address IN {0}))
    ORDER BY number"""
NEWCOMER = """
    SELECT t.reference, n.address, n.name, n.asked, n.answer FROM newcomer n JOIN ticket t ON t.id = n.ticket_id
    WHERE n.address IN {} ORDER BY t.number"""
MAILS = """
    SELECT m.id, m.received, m.door, m.sender, m.sender_name, m.addressed, m.subject, m.text, m.message_id, m.sha256,
        m.size, m.outcome, m.reason, t.reference FROM mail m LEFT JOIN ticket t ON t.id = m.ticket_id
    WHERE m.sender IN {0} OR m.mail_from IN {0} OR (m.outcome = 'ticket' AND t.requester IN {0}
        AND EXISTS (SELECT 1 FROM event e WHERE e.ticket_id = t.id AND e.event = 'forwarded'))
    ORDER BY m.received, m.id"""
FILES = "SELECT mail_id, name, type, size, sha256 FROM attachment WHERE mail_id IN {} ORDER BY mail_id, number"
HELD = "SELECT mail_id, reason, queue, until, state FROM held WHERE mail_id IN {} ORDER BY mail_id"
LETTERS = (
    "id",
    "created",
    "name",
    "about",
    "sender",
    "recipient",
    "subject",
    "text",
    "message_id",
    "state",
    "attachments",
)
SURVEYS = """
    SELECT t.reference, s.address, s.sent, s.valid_until, s.mark, s.comment, s.marked FROM survey s
    JOIN ticket t ON t.id = s.ticket_id WHERE s.address IN {} ORDER BY t.number"""
PAUSES = "SELECT address, until, why FROM pause WHERE address IN {} ORDER BY address"
TALLIES = "SELECT name, SUM(count) FROM tally WHERE name IN {} GROUP BY name ORDER BY name"
MOMENTS = ("asked", "until", "sent", "valid_until", "marked")
EVENTS = """
    SELECT t.reference, e.at, e.event, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE e.by IN {0} OR t.requester IN {0} ORDER BY e.at, e.id"""


def export(store: Store, person: Person, config: Config, now: datetime, write: Write) -> dict[str, Any]:
    mails = _mails(store, person)
    held = among(store, HELD, [mail["id"] for mail in mails])
    return {
        "address": person.address,
        "addresses": list(person.addresses),
        "names": list(person.names),
        "directory": _directory(store, person, now),
        "tickets": _tickets(store, person, config, now),
        "appointments": _appointments(store, person),
        "newcomer": [
            _named(("ticket", "address", "name", "asked", "answer"), row) for row in _of(store, NEWCOMER, person)
        ],
        "mails": mails,
        "letters": _letters(store, person, write),
        "held": [_named(("id", "reason", "queue", "until", "state"), row) for row in held],
        "surveys": [
            _named(("ticket", "address", "sent", "valid_until", "mark", "comment", "marked"), row)
            for row in _of(store, SURVEYS, person)
        ],
        "pauses": [_named(("address", "until", "why"), row) for row in _of(store, PAUSES, person)],
        "tallies": {name: int(count) for name, count in among(store, TALLIES, tallies_of(person.addresses))},
        "work": worked(store, person),
        "incidents": charged(store, person),
        "events": [_event(row) for row in _of(store, EVENTS, person)],
    }


def _named(names: Iterable[str], row: Row) -> dict[str, Any]:
    pairs = zip(names, row, strict=True)
    return {name: stamp(value) if name in MOMENTS else value for name, value in pairs}


def _of(store: Store, sql: str, person: Person) -> list[Row]:
    those = places(len(person.addresses))
    times = sql.count("{0}") or 1
    return store.all(sql.format(those), person.addresses * times)


def _directory(store: Store, person: Person, now: datetime) -> dict[str, Any] | None:
    """As `contact list` or `agent list` shows him."""
    entries = agents(store, now) if person.agent else contacts(store)
    return next((each for each in entries if person.address in each["addresses"]), None)


def _tickets(store: Store, person: Person, config: Config, now: datetime) -> list[dict[str, Any]]:
    staff = people.agents(store, now)
    loaded = [tickets.load(store, reference, staff) for (reference,) in _of(store, TICKETS, person)]
    return [summary(each, config) for each in loaded if each is not None]


def _appointments(store: Store, person: Person) -> list[dict[str, Any]]:
    """Of his tickets; of an agent those that he keeps."""
    rows = store.all(APPOINTMENTS) if person.agent else _of(store, HIS_APPOINTMENTS, person)
    found = [(reference, appointments.read(column)) for reference, column in rows]
    return [
        {
            "ticket": reference,
            "uid": each.uid,
            "starts": rfc3339(each.starts),
            "ends": rfc3339(each.ends),
            "agent": each.agent,
            "state": each.state,
        }
        for reference, each in found
        if each and (each.agent in person.addresses or not person.agent)
    ]


def _mails(store: Store, person: Person) -> list[dict[str, Any]]:
    rows = _of(store, MAILS, person)
    files: dict[int, list[dict[str, Any]]] = {}
    for mail_id, name, kind, size, sha256 in among(store, FILES, [row[0] for row in rows]):
        files.setdefault(mail_id, []).append({"name": name, "type": kind, "size": size, "sha256": sha256})
    return [_mail(row, files.get(row[0], [])) for row in rows]


def _mail(row: Row, files: list[dict[str, Any]]) -> dict[str, Any]:
    ident, at, door, sender, name, addressed, subject, text, message_id, sha256, size, outcome, reason, ticket = row
    return {
        "id": ident,
        "received": stamp(at),
        "door": door,
        "from": {"name": name, "address": sender},
        **{
            field: [{"name": each["name"], "address": keyless(each["address"])} for each in named]
            for field, named in json.loads(addressed).items()
        },
        "subject": keyless(subject),
        "text": keyless(text),
        "message_id": message_id,
        "sha256": sha256,
        "size": size,
        "outcome": outcome,
        "reason": reason,
        "ticket": ticket,
        "attachments": files,
    }


def _letters(store: Store, person: Person, write: Write) -> list[dict[str, Any]]:
    where = f"recipient IN {places(len(person.addresses))} ORDER BY created, id"
    return [_letter(row) for row in in_full(store, LETTERS, where, person.addresses, write)]


def _letter(row: Row) -> dict[str, Any]:
    ident, at, name, about, sender, recipient, subject, text, message_id, state, attachments = row
    return {
        "id": ident,
        "created": stamp(at),
        "letter": name,
        "about": about,
        "from": sender,
        "to": recipient,
        "subject": subject,
        "text": keyless(text),
        "message_id": keyless(f"{message_id}"),
        "state": state,
        "attachments": [
            {key: each[key] for key in ("name", "type", "size", "sha256")} for each in json.loads(attachments)
        ],
    }


def _event(row: Row) -> dict[str, Any]:
    ticket, at, event, by, detail = row
    return {"ticket": ticket, "at": stamp(at), "event": event, "by": by, **json.loads(detail)}
