"""What the doors ask of the store through the ledger."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from maildesk.desk.post import MailboxMemory, Outbox
from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger


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


def test_jobs_behind_the_batch_in_hand_are_a_crowd(tmp_path: Path) -> None:
    ledger = Ledger(Store.open("sqlite:///maildesk.db", tmp_path), Journal(io.StringIO()))
    outbox = Outbox(SimpleNamespace(ledger=ledger))
    ledger.start()
    begun, go_on = threading.Event(), threading.Event()
    ledger.submit(lambda _: (begun.set(), go_on.wait(20)))
    assert begun.wait(20)
    assert not outbox.crowded()
    waiting = [ledger.submit(lambda _: None) for _ in range(2)]
    assert outbox.crowded()
    go_on.set()
    for each in waiting:
        each.result(20)
    assert not outbox.crowded()
    ledger.stop(5)
