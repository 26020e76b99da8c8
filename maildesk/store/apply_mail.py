"""The ledger row of a mail: written once with its outcome and why, rewritten when a held mail is run again.

Called by store/apply; `rescue` by the ledger after an error of our own code. Every accepted mail has exactly one
row here, and its raw bytes are saved in the same savepoint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from maildesk.store import held, raw
from maildesk.store.apply_tell import tell
from maildesk.store.database import Store
from maildesk.store.facts import duplicate
from maildesk.store.match import id_hash
from maildesk.store.moments import micros
from maildesk.store.text import as_json, texts_as_json
from maildesk.words import (
    AddMessage,
    Address,
    Attachment,
    Envelope,
    FileAs,
    Incoming,
    OpenTicket,
    Outcome,
    Receipt,
    Ruling,
)

COLUMNS = (
    "id", "door", "received", "mail_from", "recipients", "peer", "source", "message_id", "id_hash", "sha256", "twin",
    "size", "sender", "sender_name", "addressed", "subject", "text", "reply_text", "problems", "outcome", "reason",
    "rule", "rules", "decisions", "ticket_id", "visibility", "history",
)  # fmt: skip
INSERT = f"INSERT INTO mail ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
REWRITE = """
    UPDATE mail SET outcome = ?, reason = ?, rule = ?, rules = ?, decisions = ?, ticket_id = ?, visibility = ?,
        history = ? WHERE id = ?"""
REFILE = "UPDATE mail SET text = ?, reply_text = ? WHERE id = ?"
DETACH = "DELETE FROM attachment WHERE mail_id = ?"
ATTACHMENT = """
    INSERT INTO attachment (mail_id, number, name, type, size, inline, content_id, sha256, "offset", length, encoding)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

INTERNAL_FAULT = "internal fault"


class Entry:
    """One mail's row in the ledger."""

    def __init__(self, store: Store, ident: int, mail: Incoming, envelope: Envelope) -> None:
        self.store = store
        self.ident = ident
        self.mail = mail
        self.envelope = envelope

    def write(self, ruling: Ruling, ticket_id: int | None, packed: bytes) -> None:
        """The row, the raw bytes and the attachments of a new mail."""
        came = _came(self.ident, self.mail, self.envelope)
        self.store.execute(INSERT, (*came, *_became(ruling, ticket_id), "[]"))
        raw.save(self.store, self.ident, packed)
        self._attach()

    def rewrite(self, ruling: Ruling, ticket_id: int | None, now: datetime) -> None:
        """The new outcome of a mail that is run again; what it was before stays in its history."""
        former = held.former(self.store, self.ident, now)
        self.store.execute(REWRITE, (*_became(ruling, ticket_id), former, self.ident))
        if any(isinstance(each, FileAs) for each in ruling.decisions):
            self.store.execute(REFILE, (self.mail.text, self.mail.reply_text, self.ident))
            self.store.execute(DETACH, (self.ident,))
            self._attach()

    def _attach(self) -> None:
        if self.mail.attachments:
            rows = [_attachment(self.ident, number, each) for number, each in enumerate(self.mail.attachments)]
            self.store.many(ATTACHMENT, rows)


def filed(mail: Incoming, ruling: Ruling) -> Incoming:
    """The mail as its row tells it."""
    for each in ruling.decisions:
        if isinstance(each, FileAs):
            return replace(mail, text=each.text, said=each.text, reply_text=each.text, attachments=each.attachments)
    return mail


def rescue(  # noqa: PLR0913, PLR0917 - all that is left of a job that failed
    store: Store,
    packed: bytes,
    mail: Incoming,
    envelope: Envelope,
    error: Exception,
    now: datetime,
    mail_id: int = 0,
) -> Receipt:
    """Park a mail that our own code failed on; `mail_id` names one that was stored before and run again."""
    reason = f"{INTERNAL_FAULT}: {type(error).__name__}"
    ruling = Ruling(Outcome.HELD, reason, (INTERNAL_FAULT,))
    first = None if mail_id else duplicate(store, mail, 0)
    if first is not None:  # another daemon stored it in this very moment, which is what failed here
        ruling = Ruling(Outcome.DUPLICATE, f"duplicate of {first}", ("duplicate",))
    entry = Entry(store, mail_id or store.serial(), mail, replace(envelope, source=_unused(store, envelope.source)))
    if mail_id:
        entry.rewrite(ruling, None, now)
    else:
        entry.write(ruling, None, packed)
    if first is None:
        held.park(store, entry.ident, INTERNAL_FAULT, envelope.queue, None)
    return Receipt(entry.ident, ruling.outcome, ruling.reason)


def _unused(store: Store, source: str) -> str:
    """The far side's name for a mail stands in one row alone."""
    return "" if source and store.one("SELECT id FROM mail WHERE source = ?", (source,)) else source


def _came(mail_id: int, mail: Incoming, envelope: Envelope) -> tuple[Any, ...]:
    sender = mail.sender or Address("")
    problems = (*mail.problems, *filter(None, (mail.unreadable, *(seal.told for seal in mail.seals if seal.broken))))
    return (
        mail_id,
        envelope.door,
        micros(envelope.received),
        envelope.sender,
        texts_as_json(envelope.recipients),
        envelope.peer,
        envelope.source,
        mail.message_id,
        id_hash(mail.message_id, mail.sha256),
        mail.sha256,
        mail.twin,
        mail.size,
        sender.address,
        sender.name,
        as_json({"to": _people(mail.to), "cc": _people(mail.cc)}),
        mail.subject,
        mail.text,
        mail.reply_text,
        texts_as_json(problems),
    )


def _became(ruling: Ruling, ticket_id: int | None) -> tuple[Any, ...]:
    return (
        ruling.outcome.value,
        ruling.reason,
        ruling.rules[-1] if ruling.rules else "",
        texts_as_json(ruling.rules),
        texts_as_json(map(tell, ruling.decisions)),
        ticket_id,
        visibility(ruling),
    )


def visibility(ruling: Ruling) -> str:
    """Where in a thread the mail stands: public, note, or "" for nowhere."""
    for each in ruling.decisions:
        if isinstance(each, AddMessage):
            return each.visibility.value
    return "public" if any(isinstance(each, OpenTicket) for each in ruling.decisions) else ""


def _attachment(mail_id: int, number: int, each: Attachment) -> tuple[Any, ...]:
    return (
        mail_id, number, each.name, each.type, each.size, each.inline, each.content_id, each.sha256, each.offset,
        each.length, each.encoding,
    )  # fmt: skip


def _people(people: Iterable[Address]) -> list[dict[str, str]]:
    return [{"name": each.name, "address": each.address} for each in people]
