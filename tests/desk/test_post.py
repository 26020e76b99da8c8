"""What the doors ask of the store through the ledger."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from maildesk.desk.desk import Desk
from maildesk.desk.post import MailboxMemory, Outbox
from maildesk.desk.readers import Reading
from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from maildesk.words import Envelope, Later


@pytest.fixture
def ledgers(postgres_url: str, tmp_path: Path) -> Iterator[list[Ledger]]:
    """Of two daemons on one store."""
    made = []
    for name in ("a", "b"):
        store = Store.open(postgres_url, tmp_path / name)
        store.close()
        made.append(Ledger(store, Journal(io.StringIO())))
        made[-1].start()
    yield made
    for ledger in made:
        ledger.stop(5)


def test_a_mailbox_that_one_daemon_serves_no_more_is_served_by_another(ledgers: list[Ledger]) -> None:
    first, second = (MailboxMemory(SimpleNamespace(ledger=ledger)) for ledger in ledgers)
    with first.serve("support") as mine, second.serve("support") as theirs:
        assert (mine, theirs) == (True, False)
    ledgers[0].ping().result(20)
    with second.serve("support") as theirs:
        assert theirs


def test_mails_that_wait_for_their_answer_together_are_a_crowd() -> None:
    reading: list[Future[Reading]] = [Future() for _ in range(6)]
    coming = iter(reading)
    readers = SimpleNamespace(read=lambda _: next(coming))
    desk = Desk(None, None, readers, None, None, None)  # type: ignore[arg-type]
    outbox, envelope = Outbox(desk), Envelope("smtp:in", datetime.now(UTC))
    answers = [desk.receive(b"", envelope) for _ in range(4)]
    assert not outbox.crowded()
    answers += [desk.receive(b"", envelope) for _ in range(2)]
    assert outbox.crowded()
    for each in reading:
        each.set_exception(Later())
    assert not outbox.crowded()
    assert all(isinstance(each.exception(), Later) for each in answers)
