"""Held mail: parked for a human with its reason, until somebody releases or drops it, or its time is over.

Called by store/apply, the sweep and `maildesk held`. A released mail is run again by the desk, which asks
`released` for it; nothing here decides what becomes of one, and no raw byte is ever thrown away here.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from maildesk.store import raw
from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.stamps import rfc3339
from maildesk.words import Envelope, Outcome

PARK = """
    INSERT INTO held (mail_id, reason, queue, until, state) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (mail_id) DO UPDATE SET reason = excluded.reason, until = excluded.until, state = excluded.state"""
RELEASE = "UPDATE held SET state = 'released', until = NULL, answer = ?, answered_by = ?, taker = ? WHERE mail_id = ?"
DROP = "UPDATE held SET state = 'dropped', answer = ?, answered_by = ? WHERE mail_id = ?"

LIST = """
    SELECT h.mail_id, h.reason, m.sender, m.subject, h.queue, m.received, h.until, h.state, m.text, m.door,
        m.message_id, m.sha256
    FROM held h JOIN mail m ON m.id = h.mail_id"""

FORMER = "SELECT outcome, reason, rule, rules, decisions, history FROM mail WHERE id = ?"
REWRITE = "UPDATE mail SET outcome = ?, reason = ?, history = ? WHERE id = ?"

RELEASABLE = (Outcome.ROBOT, Outcome.REFUSED, Outcome.BOUNCE, Outcome.HELD)


class NotHeld(LookupError):
    """There is no such mail, or it does not wait for anybody. `str()` of it is a sentence for the operator."""


def park(store: Store, mail_id: int, reason: str, queue: str, until: datetime | None) -> None:
    store.execute(PARK, (mail_id, reason, queue, None if until is None else micros(until), "waiting"))


def listed(store: Store) -> list[dict[str, Any]]:
    """What waits, oldest first, in the form of `held list --json`."""
    return [_shown(row) for row in store.all(LIST + " WHERE h.state = 'waiting' ORDER BY m.received, h.mail_id")]


def show(store: Store, mail_id: int) -> dict[str, Any]:
    """One held mail, with its text and how it stands; raises NotHeld."""
    row = store.one(LIST + " WHERE h.mail_id = ?", (mail_id,))
    if row is None:
        raise NotHeld(f"no mail {mail_id} is held; see: maildesk held list")
    names = ("state", "text", "door", "message_id", "sha256")
    return _shown(row) | dict(zip(names, row[7:12], strict=True))


def release(store: Store, mail_id: int, answer: str = "", by: str = "", taker: str = "") -> None:
    """Have a mail handled as vouched for: one that is held, or a robot's, refused one or bounce. Raises NotHeld.

    `answer` is what somebody said of it, `by` his address; `taker` the contact's whose ticket it becomes.
    """
    row = store.one(
        "SELECT m.outcome, h.state, EXISTS (SELECT 1 FROM chunk c WHERE c.mail_id = m.id)"
        " FROM mail m LEFT JOIN held h ON h.mail_id = m.id WHERE m.id = ?",
        (mail_id,),
    )
    if row is None:
        raise NotHeld(f"there is no mail {mail_id}; see: maildesk ledger")
    outcome, state, whole = row
    if not whole:
        raise NotHeld(f"mail {mail_id} has no bytes any more: they were erased with a person's")
    if outcome not in RELEASABLE or state == "released":
        how = "released already" if state == "released" else "not held"
        raise NotHeld(f"mail {mail_id} is {how}; see: maildesk why {mail_id}")
    if state is None:
        store.execute(PARK, (mail_id, "released by the operator", "", None, "released"))
    else:
        store.execute(RELEASE, (answer, by, taker, mail_id))


def drop(store: Store, mail_id: int, reason: str, now: datetime, by: str = "") -> None:
    """Refuse a held mail for good; the row and its bytes stay. Raises NotHeld."""
    row = store.one("SELECT state FROM held WHERE mail_id = ? AND state = 'waiting'", (mail_id,))
    if row is None:
        raise NotHeld(f"no mail {mail_id} is held; see: maildesk held list")
    store.execute(DROP, ("refuse" if by else "", by, mail_id))
    store.execute(REWRITE, (Outcome.REFUSED.value, reason, former(store, mail_id, now), mail_id))


def overdue(store: Store, now: datetime, limit: int = 64) -> list[int]:
    """Held mails whose time is over, those apart that another daemon has in hand."""
    sql = "SELECT mail_id FROM held WHERE state = 'waiting' AND until <= ? ORDER BY until, mail_id LIMIT ?"
    sql += " FOR UPDATE SKIP LOCKED" if store.postgres else ""
    return [ident for (ident,) in store.all(sql, (micros(now), limit))]


def drop_overdue(store: Store, now: datetime, limit: int = 64) -> list[int]:
    """Drop them, each stamped with its moment; the ids of those dropped."""
    dropped = overdue(store, now, limit)
    for ident in dropped:
        row = store.one("SELECT reason, until FROM held WHERE mail_id = ?", (ident,))
        reason, until = row if row else ("", micros(now))
        drop(store, ident, f"{reason}: nobody answered in time", moment(until))
    return dropped


def released(store: Store, limit: int = 64) -> list[int]:
    """Mails to be run again now, in the order they came."""
    sql = "SELECT mail_id FROM held WHERE state = 'released' ORDER BY mail_id LIMIT ?"
    return [ident for (ident,) in store.all(sql, (limit,))]


def envelope(store: Store, mail_id: int) -> Envelope:
    """How a stored mail came, to run it again; its queue is the one it was held for. Raises NotHeld."""
    row = store.one(
        "SELECT m.door, m.received, m.mail_from, m.recipients, m.peer, m.source, h.queue"
        " FROM mail m LEFT JOIN held h ON h.mail_id = m.id WHERE m.id = ?",
        (mail_id,),
    )
    if row is None:
        raise NotHeld(f"there is no mail {mail_id}; see: maildesk ledger")
    door, received, sender, recipients, peer, source, queue = row
    return Envelope(
        door, moment(received), sender, tuple(json.loads(recipients)), queue=queue or "", peer=peer, source=source
    )


def take(store: Store, mail_id: int) -> tuple[bytes, Envelope]:
    """The raw bytes and the envelope of a mail that is run again. Raises NotHeld."""
    return raw.load(store, mail_id), envelope(store, mail_id)


def is_released(store: Store, mail_id: int) -> bool:
    """Whether a mail waits to be run again; False once it was. Another daemon that runs it is waited for."""
    sql = "SELECT mail_id FROM held WHERE mail_id = ? AND state = 'released'"
    sql += " FOR UPDATE" if store.postgres else ""
    return store.one(sql, (mail_id,)) is not None


def done(store: Store, mail_id: int) -> None:
    """It was run again."""
    store.execute("UPDATE held SET state = 'done' WHERE mail_id = ?", (mail_id,))


def former(store: Store, mail_id: int, now: datetime) -> str:
    """The history of a row that is about to be rewritten: what it says now, added as its newest entry."""
    row = store.one(FORMER, (mail_id,))
    if row is None:
        raise NotHeld(f"there is no mail {mail_id}; see: maildesk ledger")
    outcome, reason, rule, rules, decisions, history = row
    entry = {
        "until": rfc3339(now),
        "outcome": outcome,
        "reason": reason,
        "rule": rule,
        "rules": json.loads(rules),
        "decisions": json.loads(decisions),
    }
    return json.dumps([*json.loads(history), entry], ensure_ascii=False)


def _shown(row: Row) -> dict[str, Any]:
    ident, reason, sender, subject, queue, received, until = row[:7]
    return {
        "id": ident,
        "reason": reason,
        "from": sender,
        "subject": subject,
        "queue": queue,
        "received": rfc3339(moment(received)),
        "until": None if until is None else rfc3339(moment(until)),
    }
