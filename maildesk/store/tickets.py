"""Tickets as policy sees them: loading one by its reference, inserting a new one.

Called by store/facts, store/apply and the sweep. Fixed SQL, two statements a load; it changes nothing but by
`insert`, and decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from maildesk.store import appointments, clocks, match  # by its name: each imports the other
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Address, Agent, Newcomer, Severity, Status, Survey, Ticket

THREAD_ENDS = 20  # Message-IDs kept of each end of a long thread (RFC 5322, 3.6.4 sets no bound; relays do)

COLUMNS = (
    "number", "reference", "queue", "address", "subject", "requester", "requester_name", "organisation_id", "status",
    "status_since", "severity", "category", "level", "owner_id", "opened", "first_answered", "first_response_kind",
    "solved", "closed", "reminded", "survey_due", "next_check", "language", "fields",
)  # fmt: skip

_PLACES = ("(SELECT id FROM organisation WHERE name = ?)" if name == "organisation_id" else "?" for name in COLUMNS)
INSERT = f"INSERT INTO ticket ({', '.join(COLUMNS)}) VALUES ({', '.join(_PLACES)})"  # noqa: S608

LOAD = """
    SELECT t.id, t.reference, t.queue, t.address, t.subject, t.requester, t.requester_name, t.opened, t.status,
        t.status_since, t.severity, t.category, t.level, t.first_answered, t.first_response_kind, t.solved, t.closed,
        t.reminded, t.survey_due, t.owner_id, o.name, s.sent, s.valid_until, s.mark, s.comment, t.language, t.merged,
        t.fields, t.stage, t.forecast, t.minutes, t.appointment,
        o.plan, t.clocks, t.next_check
    FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id LEFT JOIN survey s ON s.ticket_id = t.id
    WHERE t.reference """

TIMES = {"first_answered": 13, "solved": 15, "closed": 16, "reminded": 17, "survey_due": 18, "next_check": 34}

# Agents' own Message-IDs name their hosts and programs, which no customer is to see (T61, T62).
BESIDES = """
    SELECT 'participant', 0, address, name, ''{1} FROM participant WHERE ticket_id {0}
    UNION ALL SELECT 'newcomer', asked, address, name, answer{1} FROM newcomer WHERE ticket_id {0}
    UNION ALL SELECT 'link', 0, other, '', ''{1} FROM link WHERE ticket_id {0}
    UNION ALL SELECT 'event', MAX(at), '', '', ''{1} FROM event WHERE ticket_id {0}{2}
    UNION ALL SELECT 'mail', id, message_id, '', ''{1} FROM mail m WHERE ticket_id {0} AND visibility = 'public'
    AND message_id <> ''
    AND NOT EXISTS (SELECT 1 FROM person_address p WHERE p.address = m.sender AND p.agent_id IS NOT NULL)"""
ONE, BESIDES_ONE = f"{LOAD}= ?", BESIDES.format("= ?", "", "")
SOME = 250  # tickets that are loaded at once


def load(store: Store, reference: str, staff: Iterable[Agent], *, lock: bool = False) -> Ticket | None:
    """The ticket of this reference with all that hangs on it; `staff` are all agents, for its owner.

    `lock` keeps other daemons on a PostgreSQL store from changing it before this transaction ends.
    """
    row = store.one(f"{ONE} FOR UPDATE OF t" if lock and store.postgres else ONE, (reference,))
    if row is None:
        return None
    besides = sorted(store.all(BESIDES_ONE, (row[0],) * 5))
    owner = next((agent for agent in staff if agent.id == row[19]), None) if row[19] is not None else None
    return _ticket(row, besides, owner)


def load_all(store: Store, references: Sequence[str], staff: Iterable[Agent]) -> Iterator[Ticket]:
    """The same of many, in that order, hundreds by two statements; a reference that is no ticket's is left out."""
    owners = {agent.id: agent for agent in staff}
    for at in range(0, len(references), SOME):
        some = references[at : at + SOME]
        rows = {row[1]: row for row in store.all(f"{LOAD}IN {match.places(len(some))}", some)}
        besides = _besides(store, [row[0] for row in rows.values()])
        for reference in some:
            if row := rows.get(reference):
                yield _ticket(row, sorted(besides.get(row[0], ())), owners.get(row[19]))


def _besides(store: Store, idents: Sequence[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    sql = BESIDES.format(f"IN {match.places(len(idents))}", ", ticket_id", " GROUP BY ticket_id")
    for row in store.all(sql, (*idents,) * 5) if idents else ():
        found.setdefault(row[-1], []).append(row[:-1])
    return found


def survivor(store: Store, reference: str, staff: Iterable[Agent], *, lock: bool = False) -> Ticket | None:
    """The same, or the ticket that this one went into, however often that was done."""
    found = load(store, reference, staff, lock=lock)
    seen = {reference}
    while found is not None and found.merged and found.merged not in seen:
        seen.add(found.merged)
        found = load(store, found.merged, staff, lock=lock)
    return found


def row_id(store: Store, reference: str) -> int | None:
    row = store.one("SELECT id FROM ticket WHERE reference = ?", (reference,))
    return None if row is None else row[0]


def _ends(idents: tuple[str, ...]) -> tuple[str, ...]:
    """Message-IDs, oldest first, the middle of a long thread left out."""
    return idents if len(idents) <= 2 * THREAD_ENDS else idents[:THREAD_ENDS] + idents[-THREAD_ENDS:]


def insert(store: Store, values: dict[str, Any]) -> int:
    """A new row of `values` by column, its organisation by name; its id."""
    return store.inserted(INSERT, [values[name] for name in COLUMNS])


def values(ticket: Ticket) -> dict[str, Any]:
    """The columns of a ticket that is about to be opened."""
    columns: dict[str, Any] = dict.fromkeys(COLUMNS)
    columns |= {
        "number": int(ticket.reference.rpartition("-")[2]),
        "reference": ticket.reference,
        "queue": ticket.queue,
        "address": ticket.address,
        "subject": ticket.subject,
        "requester": ticket.requester.address,
        "requester_name": ticket.requester.name,
        "organisation_id": ticket.organisation,
        "status": ticket.status.value,
        "status_since": micros(ticket.status_since or ticket.opened),
        "severity": int(ticket.severity),
        "category": ticket.category,
        "level": ticket.level,
        "language": ticket.language,
        "owner_id": ticket.owner.id if ticket.owner else None,
        "opened": micros(ticket.opened),
        "first_response_kind": ticket.first_response_kind,
        "fields": as_json(dict(ticket.fields)),
    }
    times = {name: getattr(ticket, name) for name in ("first_answered", "solved", "closed", "reminded", "survey_due")}
    return columns | {name: None if at is None else micros(at) for name, at in times.items()}


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def _times(row: Row) -> dict[str, Any]:
    return {name: _moment(row[place]) for name, place in TIMES.items()}


def _work(fields: str, stage: str, forecast: str, minutes: int, appointment: str) -> dict[str, Any]:
    """What agents did besides answering, which most tickets have nothing of."""
    return {
        "fields": tuple(json.loads(fields).items()) if fields != "{}" else (),
        "stage": stage,
        "forecast": date.fromisoformat(forecast) if forecast else None,
        "minutes": minutes,
        "appointment": appointments.read(appointment),
    }


def _survey(sent: int | None, valid_until: int, mark: int | None, comment: str) -> Survey | None:
    return None if sent is None else Survey(moment(sent), moment(valid_until), mark, comment)


def _ticket(row: Row, besides: Sequence[Row], owner: Agent | None) -> Ticket:
    people = tuple(Address(text, name) for kind, _, text, name, _ in besides if kind == "participant")
    newcomers = tuple(
        Newcomer(Address(text, name), moment(asked), answer)
        for kind, asked, text, name, answer in besides
        if kind == "newcomer"
    )
    links = tuple(text for kind, _, text, _, _ in besides if kind == "link")
    mails = tuple(dict.fromkeys(text for kind, _, text, _, _ in besides if kind == "mail"))
    return Ticket(
        reference=row[1],
        queue=row[2],
        address=row[3],
        subject=row[4],
        requester=Address(row[5], row[6]),
        opened=moment(row[7]),
        status=Status(row[8]),
        status_since=moment(row[9]),
        severity=Severity(row[10]),
        category=row[11],
        level=row[12],
        organisation=row[20] or "",
        participants=people,
        newcomers=newcomers,
        language=row[25],
        merged=row[26],
        owner=owner,
        first_response_kind=row[14],
        survey=_survey(*row[21:25]),
        links=links,
        thread=_ends(mails),
        plan=row[32] or "",
        clocks=clocks.read(row[33]),
        id=row[0],
        happened=next((_moment(at) for kind, at, *_ in besides if kind == "event"), None),
        **_work(*row[27:32]),
        **_times(row),
    )
