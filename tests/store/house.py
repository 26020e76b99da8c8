"""A store with people in it, and mails handed to it with rulings of the test's own choice."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from maildesk.config import Config, parse
from maildesk.letters.render import Letters
from maildesk.mime.read import read
from maildesk.store import directory, unwritten
from maildesk.store.apply import apply
from maildesk.store.database import Store
from maildesk.store.facts import gather
from maildesk.words import (
    AddMessage,
    Address,
    Decision,
    Envelope,
    Facts,
    Letter,
    OpenTicket,
    Outcome,
    Receipt,
    Ruling,
    SendLetter,
    Ticket,
    Verdict,
    Visibility,
)
from tests.builders import DIRECTORY, START, SUPPORT, configuration, mail

SECRETS = (b"k" * 32,)


@dataclass
class House:
    store: Store
    config: Config
    letters: Letters
    now: datetime = START
    facts: Facts = field(init=False)

    def gathers(self, raw: bytes, mail_id: int = 0, **envelope: Any) -> Facts:
        given: dict[str, Any] = {"door": "lmtp:main", "received": self.now, "recipients": (SUPPORT,)} | envelope
        return gather(
            self.store,
            read(raw),
            Envelope(**given),
            self.now,
            self.config,
            SECRETS,
            Verdict.NONE,
            vouched=bool(mail_id),
            mail_id=mail_id,
        )

    def takes(self, raw: bytes, rule: Callable[[Facts], Ruling], mail_id: int = 0, **envelope: Any) -> Receipt:
        with self.store.atomic():
            self.facts = self.gathers(raw, mail_id, **envelope)
            return apply(self.store, rule(self.facts), self.facts, zlib.compress(raw, 1), self.letters, self.now)

    def opens(self, raw: bytes | None = None, *more: Decision) -> Receipt:
        """A mail of Carol's becomes a ticket, acknowledged."""
        return self.takes(mail() if raw is None else raw, lambda facts: opened(facts, *more))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def writes(self) -> list[int]:
        """What is due to be written, as a daemon's postman has it done; the serials."""
        with self.store.atomic():
            orders = unwritten.due(self.store, self.now, 100)
            unwritten.keep(self.store, [(order.serial, self.letters.write(order)) for order in orders])
        return [order.serial for order in orders]

    def count(self, table: str, where: str = "1 = 1") -> int:
        row = self.store.one(f"SELECT COUNT(*) FROM {table} WHERE {where}")
        assert row is not None
        return int(row[0])


def build(store: Store, folder: Path, more: str = "") -> House:
    config = parse(configuration(more), folder)
    directory.apply(store, DIRECTORY, config)
    return House(store, config, Letters(config, SECRETS))


def opened(facts: Facts, *more: Decision) -> Ruling:
    sender = facts.mail.sender
    assert sender
    ticket = Ticket(facts.fresh, facts.queue, facts.address, facts.mail.subject, sender, facts.now, organisation="Acme")
    reference = ticket.reference
    decisions = (
        OpenTicket(ticket),
        AddMessage(reference, Visibility.PUBLIC, sender.address),
        SendLetter(acknowledgement(sender, reference, facts)),
        *more,
    )
    return Ruling(Outcome.TICKET, "a contact's new matter", ("contact", "new"), decisions, reference)


def acknowledgement(to: Address, about: str, facts: Facts, **more: Any) -> Letter:
    given: dict[str, Any] = {
        "audience": "customer",
        "queue": "technical",
        "about": about,
        "subject": facts.mail.subject,
        "in_reply_to": facts.mail.message_id,
        "context": {"severity": 3, "text": "the export"},
    }
    return Letter("acknowledgement", to, **(given | more))


def filed(
    outcome: Outcome, *decisions: Decision, reason: str = "as ruled", ticket: str = ""
) -> Callable[[Facts], Ruling]:
    return lambda facts: Ruling(outcome, reason, ("ruled",), decisions, ticket)
