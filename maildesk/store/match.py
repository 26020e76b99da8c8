"""What a mail refers to: the keys in it that prove genuine, the held mail it answers, the ticket it belongs to.

Called by store/facts. It finds and admits nobody: the gate is policy's. Reads only, by fixed SQL; the number of
statements does not grow with the number of tokens or Message-IDs in a mail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from maildesk.config import Config
from maildesk.policy.keys import claims, genuine, serial_of
from maildesk.policy.reference import held_id, in_subject, is_held
from maildesk.store import tickets
from maildesk.store.database import Row, Store
from maildesk.store.moments import moment
from maildesk.words import Address, Agent, Claim, Envelope, Incoming, Key, Ticket, Waiting
from maildesk.words.frozen import frozen


@frozen
class Question:
    """A mail in hand, and what it takes to look things up for it."""

    store: Store
    mail: Incoming
    envelope: Envelope
    now: datetime
    config: Config
    secrets: Sequence[bytes]
    staff: tuple[Agent, ...]


MOST_CITED = 50  # Message-IDs looked up; RFC 5322 sets no bound and a hostile References holds thousands

LETTERS = "SELECT id, name, recipient, note, spent, created FROM letter WHERE id IN "
CITED = """
    SELECT m.message_id, t.reference FROM mail m JOIN ticket t ON t.id = m.ticket_id WHERE m.id_hash IN """
WAITING = """
    SELECT h.mail_id, h.reason, m.sender, m.sender_name, h.until, h.state, h.answer, h.answered_by
    FROM held h JOIN mail m ON m.id = h.mail_id WHERE h.mail_id = ?"""
WAITING_LOCKED = WAITING + " FOR UPDATE OF h"  # PostgreSQL: of two answers that two daemons take in, one is the first


@lru_cache(maxsize=64)  # the mail in hand is looked up, then stored
def id_hash(message_id: str, sha256: str = "") -> int:
    """63 bits to look a Message-ID up by; a mail without one goes by its own hash, so that they do not all collide."""
    return int.from_bytes(hashlib.sha256((message_id or sha256).encode()).digest()[:8]) >> 1


def places(count: int) -> str:
    return f"({', '.join('?' * count)})"


def keys(ask: Question) -> tuple[Key, ...]:
    """The genuine ones among the mail's claims, best place first."""
    found = [(claim, serial_of(claim.token)) for claim in claims(ask.mail, ask.envelope, ask.config)]
    serials = sorted({serial for _, serial in found if serial is not None})
    if not serials:
        return ()
    letters = {row[0]: row for row in ask.store.all(LETTERS + places(len(serials)), serials)}
    proved: list[Key] = []
    for claim, serial in found:
        if serial is None:
            continue
        row = letters.get(serial) or _forgotten(ask, claim, serial)
        if row is not None and genuine(ask.secrets, claim, row[2]):
            sent = None if row[5] is None else moment(row[5])
            proved.append(Key(claim.about, serial, row[1], row[2], claim.place, bool(row[3]), bool(row[4]), sent))
    return tuple(proved)


def waiting(store: Store, found: Iterable[Key]) -> Waiting | None:
    """The held mail that a key is about, whatever became of it."""
    sql = WAITING_LOCKED if store.postgres else WAITING
    for key in found:
        ident = held_id(key.about)
        row = store.one(sql, (ident,)) if ident is not None else None
        if row is not None:
            sender = Address(row[2], row[3]) if row[2] else None
            return Waiting(row[0], row[1], sender, None if row[4] is None else moment(row[4]), *row[5:])
    return None


def ticket(ask: Question, found: Sequence[Key]) -> tuple[Ticket | None, str]:
    """The ticket a mail belongs to, and how that was found; (None, "") for a new matter."""
    for reference, how in _referred(ask, found):
        loaded = tickets.survivor(ask.store, reference, ask.staff, lock=True)
        if loaded is not None:
            return loaded, how
    return None, ""


def _referred(ask: Question, found: Sequence[Key]) -> Iterable[tuple[str, str]]:
    about = [key for key in found if not is_held(key.about)]
    yield from ((key.about, "keyed address") for key in about if key.place == "address")
    yield from ((key.about, "keyed message-id") for key in about if key.place == "message-id")
    yield from ((key.about, "keyed address") for key in about if key.place == "subject")  # subaddress = false
    in_hand = in_subject(ask.mail.subject, ask.config)
    if in_hand:
        yield in_hand, "reference"
    yield from ((reference, "message-id") for reference in _by_message_id(ask.store, ask.mail.cited[:MOST_CITED]))


def _by_message_id(store: Store, cited: Sequence[str]) -> Iterable[str]:
    if not cited:
        return ()
    sql = f"{CITED}{places(len(cited))} ORDER BY m.received DESC, m.id DESC"
    rows = store.all(sql, [id_hash(ident) for ident in cited])
    known: dict[str, str] = dict(rows)  # of an id used twice the first mail's ticket
    return [known[ident] for ident in cited if ident in known]


def _forgotten(ask: Question, claim: Claim, serial: int) -> Row | None:
    """The letter row is gone (retention): try whoever may have been its reader."""
    readers = [ask.mail.sender.address] if ask.mail.sender else []
    known = None if is_held(claim.about) else tickets.load(ask.store, claim.about, ask.staff)
    if known is not None:
        readers += [each.address for each in known.people]
    for agent in ask.staff:
        if set(agent.addresses) & set(readers):
            readers += agent.addresses
    for address in dict.fromkeys(readers):
        if genuine(ask.secrets, claim, address):
            return (serial, "", address, False, False, None)
    return None
