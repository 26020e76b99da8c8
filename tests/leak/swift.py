"""A desk for thousands of short histories: the real store, policy and letters in this thread, without ledger and doors.

What a history did is undone at its end, so that each finds an empty desk and none waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from maildesk.config import parse
from maildesk.desk.desk import Settings, handle
from maildesk.desk.reader import reading
from maildesk.desk.readers import Reading
from maildesk.desk.sweep import Batch
from maildesk.letters.answers import Answers
from maildesk.letters.render import Letters
from maildesk.store import held, planning, tickets, views
from maildesk.store.database import Store
from maildesk.store.directory import apply
from maildesk.store.unwritten import Rendered, in_full
from maildesk.words import Envelope, Incoming, Order, Receipt
from tests.builders import START, configuration
from tests.leak.people import CONFIGURATION, DIRECTORY

SECRETS = (b"k" * 32,)
NEW = "SELECT id, name, recipient, message_id FROM letter WHERE id > ? ORDER BY id"


Spoils = Callable[[Incoming], Incoming]
Stains = Callable[[bytes], bytes]
T = TypeVar("T")


def kept(whole: T) -> T:
    return whole


class Swift:
    """`spoils` and `stains` make it a desk with a fault, for tests that the fault is seen."""

    def __init__(self, store: Store, folder: Path, spoils: Spoils = kept, stains: Stains = kept) -> None:
        self.store, self.spoils, self.stains = store, spoils, stains
        self.config = parse(configuration(CONFIGURATION), folder)
        self.settings = Settings(self.config, SECRETS, Letters(self.config, SECRETS), Answers(self.config))
        with store.atomic():
            apply(store, DIRECTORY, self.config, now=START)
        self.now = START

    def receives(self, content: bytes, sender: str, recipients: tuple[str, ...]) -> Receipt:
        envelope = Envelope("lmtp:main", self.now, sender, recipients, verdicts=True, refusable=True)
        handled = handle(self.store, self.settings, self._read(content), envelope, self.now)
        for mail_id in handled.released:
            self._again(mail_id)
        return handled.receipt

    def time_passes(self, **span: float) -> None:
        with self.store.atomic():
            looked = planning.look(self.store, self.config, self.now)
            planning.settle(self.store, looked.doubts, looked.there, self.config, self.now)
        self.now += timedelta(**span)
        while Batch(self.settings, self.now, self.now).run(self.store):
            pass
        held.drop_overdue(self.store, self.now)
        for mail_id in held.released(self.store):
            self._again(mail_id)

    def new_letters(self, seen: int) -> list[tuple[int, str, str, str]]:
        """Behind this one: number, name, reader and Message-ID."""
        return [(int(ident), str(name), str(to), str(key)) for ident, name, to, key in self.store.all(NEW, (seen,))]

    def letter(self, ident: int) -> bytes:
        """As it leaves."""
        [row] = in_full(self.store, views.PARTS, "id = ?", (ident,), self._write)
        return self.stains(b"".join(views.assembled(self.store, row)))

    def people(self, reference: str) -> frozenset[str]:
        """Who takes part in a ticket now."""
        ticket = tickets.load(self.store, reference, ())
        return frozenset(each.address for each in ticket.people) if ticket else frozenset()

    def stands_in(self, mail_id: int) -> str:
        """The ticket in whose public thread a mail stands."""
        row: Any = self.store.one(
            "SELECT t.reference FROM mail m JOIN ticket t ON t.id = m.ticket_id"
            " WHERE m.id = ? AND m.visibility = 'public'",
            (mail_id,),
        )
        return str(row[0]) if row else ""

    def _again(self, mail_id: int) -> None:
        content, envelope = held.take(self.store, mail_id)
        handle(self.store, self.settings, self._read(content), envelope, self.now, mail_id)

    def _read(self, content: bytes) -> Reading:
        mail, packed = reading(content)
        return Reading(self.spoils(mail), packed)

    def _write(self, order: Order) -> Rendered | None:
        [fulfilled] = self.settings.letters.written([order])
        assert not fulfilled.error, fulfilled.error
        return fulfilled.rendered
