"""Rows for the tests of this folder: defaults for everything, named is only what matters."""

from __future__ import annotations

from datetime import UTC, datetime

from maildesk.store.database import Store
from maildesk.store.tables import Letter, Mail, Ticket

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def ticket(store: Store) -> Ticket:
    number = store.next_number()
    return Ticket.create(
        number=number,
        reference=f"EX-{number}",
        queue="technical",
        address="support@example.com",
        subject="It is on fire",
        requester="carol@acme.example",
        status="new",
        status_since=NOON,
        opened=NOON,
    )


def mail(store: Store, **differing: object) -> Mail:
    ident = store.serial()
    usual = {"door": "lmtp:a", "received": NOON, "id_hash": ident, "sha256": f"{ident:064x}", "outcome": "ticket"}
    return Mail.create(force_insert=True, id=ident, **(usual | differing))


def letter(store: Store, **differing: object) -> Letter:
    ident = store.serial()
    usual = {
        "name": "acknowledgement",
        "audience": "customer",
        "sender": "support@example.com",
        "recipient": "carol@acme.example",
        "message_id": f"EX-{ident}.token@example.com",
        "head": b"Subject: x\r\n\r\n",
        "body": b"y\r\n",
        "created": NOON,
        "next_try": NOON,
    }
    return Letter.create(force_insert=True, id=ident, **(usual | differing))
