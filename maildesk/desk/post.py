"""What the doors ask of the store, through the ledger: letters to send, and what is remembered of mailboxes.

Handed to the postman and the mailboxes by the daemon, so that neither knows of store or ledger. A letter that
failed for good is settled and told of in one transaction. Calls wait for the commit, and raise `Later` when the
store is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from maildesk.desk import writing
from maildesk.desk.desk import Desk
from maildesk.mime.write import pieces
from maildesk.policy.bounces import letter_failed
from maildesk.store import mailboxes, outbox, people, raw, tickets, unwritten
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.store.recent import recent
from maildesk.words import Attachment, Delivery, FailLetter, Order, Outcome, Parcel, Ruling, Settled

LEASE = timedelta(minutes=30)  # longer than the slowest conversation with a relay (RFC 5321, 4.5.3.2)
CROWD = 4  # mails that wait for their answer together; more of them come faster than they are stored


class Outbox:
    def __init__(self, desk: Desk, daemon: int = 0) -> None:
        self.desk = desk
        self.daemon = daemon  # its number among those that share the store

    def claim(self, limit: int) -> list[Parcel]:
        """Letters that are due, those written that wait for it; nobody else gets them while the lease lasts."""
        now, ledger = self.desk.clock(), self.desk.ledger

        def claim(store: Store) -> list[Parcel]:
            return outbox.claim(store, now, limit, LEASE, self.daemon)

        def look(store: Store) -> tuple[list[Order], list[Parcel]]:
            orders = unwritten.due(store, now, limit, self.daemon)
            return orders, [] if orders else claim(store)

        orders, parcels = ledger.submit(look, quiet=True).result()
        if not orders:
            return parcels
        letters = writing.written(self.desk, orders)

        def keep(store: Store) -> list[Parcel]:
            writing.keep(store, self.desk, letters)
            return claim(store)

        return ledger.submit(keep, quiet=True).result()

    def settle(self, parcel: Parcel, settled: Settled) -> None:
        def write(store: Store) -> None:
            now = self.desk.clock()
            ours = outbox.settle(store, parcel, settled, now)
            if ours and settled.delivery is Delivery.FAILED:
                self._tell_failure(store, parcel, settled, now)

        quiet = settled.delivery is not Delivery.FAILED
        self.desk.ledger.submit(write, quiet=quiet).result()

    def next_due(self) -> datetime | None:
        return self.desk.ledger.submit(outbox.next_due, quiet=True).result()

    def crowded(self) -> bool:
        return len(self.desk.unanswered) > CROWD

    def pieces(self, parcel: Parcel) -> Iterator[bytes]:
        """The letter's bytes; its attachments are read from the mail they came with, in the sender's own thread."""
        if not parcel.attachments:
            yield from pieces(parcel.head, parcel.body, parcel.boundary, (), _no_attachment)
            return
        with self.desk.ledger.store.session() as store:

            def open_attachment(attachment: Attachment) -> list[bytes]:
                return [raw.open_attachment(store, attachment)]

            yield from pieces(parcel.head, parcel.body, parcel.boundary, parcel.attachments, open_attachment)

    def _tell_failure(self, store: Store, parcel: Parcel, settled: Settled, now: datetime) -> None:
        settings = self.desk.settings
        agents = people.agents(store, now)
        reference = outbox.ticket_of(store, parcel.id)
        ticket = tickets.load(store, reference, agents) if reference else None
        told = parcel.recipient in recent(store, parcel.recipient, settings.config, now).pauses
        failure = FailLetter(parcel.id, parcel.recipient, settled.status, None)
        decisions = letter_failed(failure, ticket, agents, settings.config, now, told=told)
        ruling = Ruling(Outcome.BOUNCE, settled.answer, ("letter-failed",), decisions, reference)
        apply_moment(store, ruling, ticket, now, settings.letters)


def _no_attachment(attachment: Attachment) -> list[bytes]:
    raise LookupError(f"the letter names no attachment, least of all {attachment.sha256}")


class MailboxMemory:
    def __init__(self, desk: Desk) -> None:
        self.ledger = desk.ledger

    def first_login(self, name: str, now: datetime) -> datetime:
        return self.ledger.submit(lambda store: mailboxes.first_login(store, name, now), quiet=True).result()

    def uidvalidity(self, name: str, value: int) -> int:
        return self.ledger.submit(lambda store: mailboxes.uidvalidity(store, name, value), quiet=True).result()

    def seen(self, sources: Iterable[str]) -> set[str]:
        wanted = tuple(sources)
        return self.ledger.submit(lambda store: mailboxes.seen(store, wanted), quiet=True).result()

    def good(self, name: str, now: datetime) -> None:
        self.ledger.submit(lambda store: mailboxes.good(store, name, now), quiet=True).result()

    @contextmanager
    def serve(self, name: str) -> Iterator[bool]:
        """True when this daemon is the one to serve the mailbox; afterwards any other may."""
        mine = self.ledger.submit(lambda store: mailboxes.serve(store, name), quiet=True).result()
        try:
            yield mine
        finally:
            if mine:
                self.ledger.submit(lambda store: mailboxes.leave(store, name), quiet=True)
