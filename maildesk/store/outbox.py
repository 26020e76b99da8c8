"""The outbox: letters that wait for the relay, claimed by postmen, settled when the relay has answered.

`claim` and `settle` run in quiet ledger jobs on behalf of a postman, the rest in verbs. A claim is a lease with a
fencing number, so that of several daemons one sends a letter, and one that slept past its lease settles nothing.
Letters get here through store/apply alone, and are claimed when they are written (store/unwritten).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from maildesk.store.database import Row, Store
from maildesk.store.moments import micros, moment
from maildesk.store.stamps import stamp
from maildesk.words import Attachment, Delivery, Parcel, Settled

DUE = """
    SELECT id FROM letter
    WHERE state = 'waiting' AND next_try <= ? AND (lease_until IS NULL OR lease_until <= ?) AND unwritten = ''
    ORDER BY next_try, id LIMIT ?"""
CLAIM = """
    UPDATE letter SET fence = fence + 1, lease_until = ?, lease_by = ? WHERE id {due}
    RETURNING id, fence, mail_from, recipient, head, body, boundary, attachments, attempts, created, name"""
CLAIM_SQLITE = CLAIM.format(due=f"IN ({DUE})")
CLAIM_POSTGRESQL = CLAIM.format(due=f"= ANY (ARRAY ({DUE} FOR UPDATE SKIP LOCKED))")  # an array is made once
SETTLE = """
    UPDATE letter SET state = ?, attempts = attempts + ?, next_try = ?, last_error = ?, done = ?, lease_until = NULL
    WHERE id = ? AND fence = ? AND state = 'waiting'"""
LIST = """
    SELECT l.id, l.name, t.reference, l.recipient, l.message_id, l.state, l.attempts, l.next_try, l.last_error
    FROM letter l LEFT JOIN ticket t ON t.id = l.ticket_id"""
NEXT = "SELECT next_try, lease_until FROM letter WHERE state = 'waiting' ORDER BY next_try LIMIT 256"
RETRY = "UPDATE letter SET state = 'waiting', next_try = ?, done = NULL WHERE state IN ({states}){these} RETURNING id"
FREE = "UPDATE letter SET lease_until = NULL WHERE lease_until IS NOT NULL AND lease_by = ?"
DROP = "DELETE FROM letter WHERE id = ? AND state <> 'sent' RETURNING id"


def claim(store: Store, now: datetime, limit: int, lease: timedelta, daemon: int = 0) -> list[Parcel]:
    """Letters that are written and due, first due first; nobody else gets them before the lease has ended.

    `daemon` is the number of the daemon that asks.
    """
    sql = CLAIM_POSTGRESQL if store.postgres else CLAIM_SQLITE
    at = micros(now)
    claimed = map(parcel, store.all(sql, (micros(now + lease), daemon, at, at, limit)))
    return sorted(claimed, key=lambda each: (each.created, each.id))  # ids of several daemons mingle


def settle(store: Store, claimed: Parcel, settled: Settled, now: datetime) -> bool:
    """Write down what became of a claimed letter. False when the claim was no longer ours: nothing was written."""
    waits = settled.delivery is Delivery.WAITING
    if waits and settled.next_try is None:
        raise ValueError("a letter that waits needs its next_try")
    values = (
        settled.delivery.value,
        int(settled.counted),
        micros(settled.next_try) if waits and settled.next_try else None,
        "" if settled.delivery is Delivery.SENT else said(settled),
        None if waits else micros(now),
        claimed.id,
        claimed.fence,
    )
    return bool(store.execute(SETTLE, values).rowcount)


def free(store: Store, daemon: int) -> int:
    """End the leases of a daemon that starts anew: what it had in hand it was killed with."""
    return int(store.execute(FREE, (daemon,)).rowcount)


def next_due(store: Store) -> datetime | None:
    """When the postman should next look; None when nothing waits."""
    moments = [max(next_try, lease_until or 0) for next_try, lease_until in store.all(NEXT)]
    return moment(min(moments)) if moments else None


def rows(store: Store, all: bool = False) -> list[dict[str, Any]]:  # noqa: A002  the option's name
    """`outbox list --json`, first written first; what was sent only with `all`."""
    where = "" if all else " WHERE l.state <> 'sent'"
    return [listed(row) for row in store.all(f"{LIST}{where} ORDER BY l.created, l.id")]


def retry(store: Store, ids: Sequence[int] | None, now: datetime) -> list[int]:
    """Make letters due now: these, given up or held or waiting; without ids all that wait or are held."""
    if ids is None:
        sql = RETRY.format(states="'waiting', 'held'", these="")
        return sorted(ident for (ident,) in store.all(sql, (micros(now),)))
    sql = RETRY.format(states="'waiting', 'held', 'failed'", these=" AND id = ?")
    return [ident for each in ids for (ident,) in store.all(sql, (micros(now), each))]


def drop(store: Store, ids: Sequence[int]) -> list[int]:
    """Take letters that were not sent out of the outbox for good. The ids of those that were there."""
    return [ident for each in ids for (ident,) in store.all(DROP, (each,))]


def said(settled: Settled) -> str:
    """The relay's words, with the status code where they lack it."""
    if settled.status and settled.status not in settled.answer:
        return f"{settled.status} {settled.answer}".strip()
    return settled.answer


def parcel(row: Row) -> Parcel:
    ident, fence, mail_from, recipient, head, body, boundary, attachments, attempts, created, name = row
    return Parcel(
        id=ident,
        fence=fence,
        mail_from=mail_from,
        recipient=recipient,
        head=bytes(head),
        body=bytes(body),
        boundary=boundary,
        attachments=tuple(Attachment(**each) for each in json.loads(attachments)),
        attempts=attempts,
        created=moment(created),
        name=name,
    )


def listed(row: Row) -> dict[str, Any]:
    ident, name, reference, recipient, message_id, state, attempts, next_try, last_error = row
    return {
        "id": ident,
        "letter": name,
        "ticket": reference,
        "to": recipient,
        "message_id": message_id,
        "state": state,
        "attempts": attempts,
        "next_try": stamp(next_try) if state == "waiting" else None,
        "last_error": last_error,
    }


def ticket_of(store: Store, letter: int) -> str:
    """The reference of the ticket a letter is about; "" for none."""
    sql = "SELECT t.reference FROM letter l JOIN ticket t ON t.id = l.ticket_id WHERE l.id = ?"
    row = store.one(sql, (letter,))
    return "" if row is None else str(row[0])
