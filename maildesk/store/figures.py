"""What reports are made from: the tickets that a span of time touched, each with its turns, rests and missed promises.

Called by reports. Fixed SQL, reads only. Spam and tickets that went into others count in no figure and are left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from maildesk.store.database import Row, Store
from maildesk.store.match import places
from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Severity, Status
from maildesk.words.frozen import frozen

WINDOW = 256  # ids of tickets that one look goes over
ENDS = ", ".join(f"'{as_json({'from': each.value, 'to': Status.CLOSED.value})}'" for each in Status)
# What was opened again after it was called spam was none.
NO_SPAM = f"""NOT EXISTS (SELECT 1 FROM event e WHERE e.event = 'spam' AND NOT EXISTS (SELECT 1 FROM event o
        WHERE o.ticket_id = e.ticket_id AND o.id > e.id AND o.event = 'status' AND o.detail NOT IN ({ENDS}))
        AND e.ticket_id ="""  # noqa: S608 - SQL of our own
TICKETS = f"""
    SELECT t.id, t.reference, t.queue, o.name, o.plan, a.name, t.severity, t.status, t.opened, t.first_answered,
        t.first_response_kind, t.closed, s.sent, s.mark, s.reasons, s.marked
    FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id LEFT JOIN agent a ON a.id = t.owner_id
    LEFT JOIN survey s ON s.ticket_id = t.id
    WHERE t.id > ? AND t.id <= ? AND t.opened < ? AND t.merged = ''
        AND (t.closed IS NULL OR t.closed >= ? OR s.sent >= ? OR s.marked >= ?) AND {NO_SPAM} t.id)
    ORDER BY t.id"""  # noqa: S608 - SQL of our own
# Without what begins no wait for an answer. Answers are told by the rule that took them in: a writer may have left.
# The plus and the || keep SQLite from going over all mails there are, by their outcomes or times.
MAILS = """
    SELECT m.ticket_id, m.id, m.received, CASE WHEN m.rule IN ('agent', 'agent-new') THEN 1 ELSE 0 END, g.name
    FROM mail m LEFT JOIN person_address p ON p.address = m.sender LEFT JOIN agent g ON g.id = p.agent_id
    WHERE m.visibility = 'public' AND m.outcome || '' IN ('ticket', 'message') AND m.rule <> 'thanks'
    AND m.ticket_id IN {} ORDER BY +m.received, m.id"""
EVENTS = """
    SELECT e.ticket_id, e.at, e.event, e.detail FROM event e
    WHERE e.event IN ('status', 'missed', 'imported', 'message') AND e.ticket_id IN {} ORDER BY e.at, e.id"""
WORKED = f"""
    SELECT o.name, SUM(w.minutes) FROM work w JOIN ticket t ON t.id = w.ticket_id
    JOIN organisation o ON o.id = t.organisation_id
    WHERE w.at >= ? AND w.at < ? AND {NO_SPAM} w.ticket_id) GROUP BY o.name ORDER BY o.name"""  # noqa: S608 - SQL of our own


EVER = datetime.max.replace(tzinfo=UTC)


@frozen
class Turn:
    """What a customer wrote first after an answer, and the answer to it."""

    asked: datetime
    answered: datetime
    agent: str  # "" = one who has left
    first: bool  # of the ticket


@frozen
class Case:
    """A ticket as a report counts it. Names are "" where there is none."""

    reference: str
    queue: str
    organisation: str
    plan: str
    owner: str
    severity: Severity
    status: Status
    opened: datetime
    answered: datetime | None
    kind: str  # of the first answer
    closed: datetime | None
    surveyed: datetime | None
    mark: int | None
    marked: datetime | None
    turns: tuple[Turn, ...]
    rests: tuple[tuple[datetime, datetime], ...]  # stays of pending, solved and closed; one that goes on lasts for EVER
    missed: tuple[tuple[datetime, str], ...]  # promises that were not kept: when, and which
    imported: bool = False  # from an older desk: when it came, and how long it waited there, nobody knows
    reasons: tuple[str, ...] = ()  # of the listed ones, those that came with the mark
    told: tuple[tuple[datetime, str], ...] = ()  # every answer, asked for or not: when, and whose


def cases(store: Store, since: datetime, until: datetime, behind: int = 0) -> tuple[list[Case], int | None]:
    """Of some tickets behind the one with this id those that were there, or were judged, between the two; and the id
    behind which it goes on, None at the end: no look grows with the desk."""
    rows = store.all(TICKETS, (behind, behind + WINDOW, micros(until), *(micros(since),) * 3))
    idents = [row[0] for row in rows] or [0]
    mails, events = (_by_ticket(store.all(sql.format(places(len(idents))), idents)) for sql in (MAILS, EVENTS))
    [(last,)] = store.all("SELECT MAX(id) FROM ticket")
    found = [_case(row, mails[row[0]], events[row[0]]) for row in rows]
    return found, behind + WINDOW if behind + WINDOW < (last or 0) else None


def worked(store: Store, since: datetime, until: datetime) -> dict[str, int]:
    """Minutes by organisation."""
    return {name: int(minutes) for name, minutes in store.all(WORKED, (micros(since), micros(until)))}


def _by_ticket(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def _case(row: Row, mails: Sequence[Row], events: Sequence[Row]) -> Case:
    _, reference, queue, organisation, plan, owner, severity, status, opened, answered, kind, closed, *survey = row
    sent, mark, reasons, marked = survey
    told = [(moment(at), name, json.loads(detail)) for _, at, name, detail in events]
    said = tuple(_said(_as_told(mails, events), answered, owner or ""))
    return Case(
        *(reference, queue, organisation or "", plan or "", owner or "", Severity(severity), Status(status)),
        opened=moment(opened),
        answered=_moment(answered),
        kind=kind,
        closed=_moment(closed),
        surveyed=_moment(sent),
        mark=mark,
        reasons=tuple(json.loads(reasons)) if reasons else (),
        marked=_moment(marked),
        turns=tuple(_turns(said)),
        rests=tuple(_rests([(at, detail) for at, name, detail in told if name == "status"])),
        missed=tuple((at, str(detail["detail"])) for at, name, detail in told if name == "missed"),
        told=tuple((at, agent) for at, answers, agent in said if answers),
        imported=any(name == "imported" for _, name, _ in told),
    )


def _as_told(mails: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """When, whether it answers, by whom: as of the events, which are ahead of the clock where time was run ahead."""
    heard = {json.loads(detail).get("mail"): at for _, at, name, detail in events if name == "message"}
    return sorted(((max(at, heard.get(ident, at)), *who) for _, ident, at, *who in mails), key=itemgetter(0))


def _said(mails: Sequence[Row], answered: int | None, owner: str) -> Iterable[tuple[datetime, bool, str]]:
    """Who wrote when; a first answer that a command gave without a message is its owner's."""
    said = [(at, bool(answers), name or "") for at, answers, name in mails]
    if answered is not None and not any(answers and at <= answered for at, answers, _ in said):
        said = sorted([*said, (answered, True, owner)])
    return ((moment(at), answers, name) for at, answers, name in said)


def _turns(mails: Iterable[tuple[datetime, bool, str]]) -> Iterable[Turn]:
    asked, first = None, True
    for at, answers, agent in mails:
        if answers and asked:
            yield Turn(asked, at, agent, first)
        asked, first = (None, False) if answers else (asked or at, first)


def _rests(changes: Iterable[tuple[datetime, dict[str, Any]]]) -> Iterable[tuple[datetime, datetime]]:
    since: datetime | None = None
    for at, detail in changes:
        rests = detail["to"] not in (Status.NEW, Status.OPEN)
        if since and not rests:
            yield since, at
        since = (since or at) if rests else None
    if since:
        yield since, EVER


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)
