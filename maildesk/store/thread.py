"""A ticket's public thread and its history, for whoever asked for them by mail.

Called by store/shown, which has seen that he may. Notes, and whatever was read of an agent's mail besides his name and
his words, are not among it. Reads only, by fixed SQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from maildesk.policy import script
from maildesk.policy.audience import name_of
from maildesk.policy.gate import participates
from maildesk.policy.targets import PROMISES
from maildesk.store.apply_ticket import DESK
from maildesk.store.database import Row, Store
from maildesk.store.match import places
from maildesk.store.moments import micros, moment
from maildesk.words import Agent, Said, Ticket

MOST_SAID = 200  # messages of one thread, the newest of them
LONGEST = 50_000  # characters read of each
MOST_EVENTS = 50  # of a history, the newest of them
ESCALATED = "escalated"
# What an agent wrote is told by the rule that took it in: he may have left since.
BY_AGENT = ("agent", "agent-new")
PASSED_ON = "agent-forward"  # its words are its requester's

PUBLIC = "FROM mail m JOIN ticket t ON t.id = m.ticket_id WHERE t.reference = ? AND m.visibility = 'public'"
THREAD = f"""
    SELECT m.id, m.received, m.sender, m.sender_name, SUBSTR(m.reply_text, 1, {LONGEST}),
        SUBSTR(m.text, 1, {LONGEST}), m.rule
    {PUBLIC} AND m.received >= ? ORDER BY m.received DESC, m.id DESC LIMIT ?"""
COUNT = f"SELECT COUNT(*) {PUBLIC} AND m.received >= ?"
FILES = "SELECT mail_id, name FROM attachment WHERE mail_id IN {} ORDER BY mail_id, number"
EVENTS = """
    SELECT e.at, e.event, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id
    WHERE t.reference = ? ORDER BY e.at, e.id"""


class Asks(Protocol):
    """Whoever looks: store/match.Question for a mail in hand, the sweep for a moment."""

    @property
    def store(self) -> Store: ...
    @property
    def staff(self) -> tuple[Agent, ...]: ...


def said(
    ask: Asks, ticket: Ticket, newcomer: Sequence[str] = (), most: int = MOST_SAID
) -> tuple[tuple[Said, ...], int]:
    """The public messages, oldest first, and how many older ones are left out.

    Who was let in later, known by these addresses, gets nothing that was said before (T2).
    """
    since = _joined(ask, ticket, newcomer) if newcomer else 0
    rows = list(ask.store.all(THREAD, (ticket.reference, since, most)))
    counted = ask.store.one(COUNT, (ticket.reference, since)) if len(rows) == most else None
    files = _files(ask, [row[0] for row in rows])
    told = tuple(_said(ask.staff, ticket, row, files.get(row[0], [])) for row in reversed(rows))
    return told, int(counted[0]) - len(rows) if counted else 0


def history(ask: Asks, ticket: Ticket) -> tuple[tuple[tuple[datetime, str], ...], datetime | None]:
    """What has happened, in words, and when managers were last called to it."""
    rows = list(ask.store.all(EVENTS, (ticket.reference,)))
    last = max((row[0] for row in rows if row[1] == ESCALATED and not _missed(row)), default=None)
    told = tuple((moment(at), _words(event, by, json.loads(detail))) for at, event, by, detail in rows[-MOST_EVENTS:])
    return told, None if last is None else moment(last)


def cause(ask: Asks, ticket: Ticket) -> tuple[str, str]:
    """Of its last escalation: whose it was, "" where that came by itself, and the reason."""
    rows = [row for row in ask.store.all(EVENTS, (ticket.reference,)) if row[1] == ESCALATED]
    if not rows:
        return "", ""
    _, _, by, detail = rows[-1]
    return "" if by == DESK else by, str(json.loads(detail).get("detail", ""))


def _missed(row: Row) -> bool:
    """Whether a promise that was not kept escalated it: then whoever asks for managers gets them all the same."""
    return row[2] == DESK and json.loads(row[3]).get("detail") in PROMISES


def _joined(ask: Asks, ticket: Ticket, addresses: Sequence[str]) -> int:
    """When they were let in; those who were there at the opening were so from the beginning."""
    added = (row for row in ask.store.all(EVENTS, (ticket.reference,)) if row[1] == "participant_added")
    moments = [row[0] for row in added if json.loads(row[3]).get("address") in addresses]
    joined = max(moments, default=0)
    return 0 if joined <= micros(ticket.opened) else joined


def _files(ask: Asks, idents: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for ident, name in ask.store.all(FILES.format(places(len(idents))), idents) if idents else ():
        found.setdefault(ident, []).append(name)
    return found


def _said(staff: Sequence[Agent], ticket: Ticket, row: Row, files: Sequence[str]) -> Said:
    """Of an agent his name and his public words, as customers got them; nobody's address but the ticket's people's."""
    _, at, sender, name, new_text, text, rule = row
    agent = next((each for each in staff if sender in each.addresses), None)
    if rule == PASSED_ON:
        return Said(moment(at), name_of(ticket.requester), new_text, tuple(files))
    if agent is not None or rule in BY_AGENT:
        known = agent.name if agent else "" if "@" in name else name
        return Said(moment(at), known, script.read_text(new_text).text, tuple(files))
    shown = name or (sender if participates(sender, ticket) else "")
    return Said(moment(at), shown, new_text or text, tuple(files))


def _words(event: str, by: str, detail: dict[str, Any]) -> str:
    """An event in words: what, from what to what, by whom."""
    told = [str(value) for name, value in detail.items() if name not in ("mail", "letter") and value not in (None, "")]
    what = " \u2192 ".join(told)
    return f"{event.replace('_', ' ')}{f' {what}' if what else ''} ({by})"
