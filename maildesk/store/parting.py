"""The mail that an agent's `#split` would move: the one for which the letter was written that he answers.

Called by store/facts for mails with that command alone. Reads only, by fixed SQL; whether it is moved, policy says.
"""

from __future__ import annotations

import json
from dataclasses import replace

from maildesk.policy import script
from maildesk.policy.commands_split import SPLIT
from maildesk.policy.gate import own_keys, proved
from maildesk.policy.reference import reference
from maildesk.store.match import Question
from maildesk.words import Address, Agent, Attachment, Facts, Incoming, Parting

MAIL = """
    SELECT m.id, m.message_id, m.sender, m.sender_name, m.addressed, m.subject, m.text, m.reply_text, m.visibility,
        m.outcome, m.ticket_id
    FROM letter l JOIN mail m ON m.id = l.answers_id JOIN ticket t ON t.id = m.ticket_id
    WHERE l.id = ? AND t.reference = ? AND m.visibility <> ''"""
FIRST = "SELECT id FROM mail WHERE ticket_id = ? AND visibility <> '' ORDER BY received, id LIMIT 1"
FILES = """
    SELECT name, type, size, inline, content_id, sha256, "offset", length, encoding FROM attachment
    WHERE mail_id = ? ORDER BY number"""


def with_parting(ask: Question, facts: Facts) -> Facts:
    """The same facts, with that mail and, where it may be moved, the number of its ticket."""
    if not isinstance(facts.writer, Agent) or facts.ticket is None or not proved(facts):
        return facts
    if all(line.word != SPLIT for line in script.read(facts).lines):
        return facts
    found = _parting(ask, facts, facts.ticket.reference)
    fresh = (
        reference(ask.config, ask.store.next_number()) if found and not found.why and not facts.fresh else facts.fresh
    )
    return replace(facts, parting=found, fresh=fresh)


def _parting(ask: Question, facts: Facts, about: str) -> Parting | None:
    keys = own_keys(facts)
    row = ask.store.one(MAIL, (keys[0].serial, about)) if keys else None
    if row is None:
        return None
    ident, message_id, sender, name, addressed, subject, text, reply_text, visibility, outcome, ticket_id = row
    first = ask.store.one(FIRST, (ticket_id,))
    by_agent = visibility == "note" or any(sender in agent.addresses for agent in ask.staff)
    opened = outcome == "ticket" or first == (ident,)
    mail = Incoming(
        message_id=message_id,
        sender=Address(sender, name) if sender else None,
        to=tuple(Address(each["address"], each["name"]) for each in json.loads(addressed).get("to", ())),
        subject=subject,
        text=text,
        said=reply_text,
        reply_text=reply_text,
        attachments=_files(ask, ident),
    )
    return Parting(ident, mail, "opener" if opened else "of_agent" if by_agent else "")


def _files(ask: Question, ident: int) -> tuple[Attachment, ...]:
    rows = ask.store.all(FILES, (ident,))
    return tuple(
        Attachment(name, kind, size, bool(inline), content_id, sha256, *where)
        for name, kind, size, inline, content_id, sha256, *where in rows
    )
