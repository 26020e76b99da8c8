"""What is remembered of mailboxes, and which of several daemons serves one."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from maildesk.store import mailboxes
from maildesk.store.database import Store
from tests.store import rows
from tests.store.rows import NOON


def test_the_first_login_is_remembered(store: Store) -> None:
    assert mailboxes.first_login(store, "support", NOON) == NOON
    assert mailboxes.first_login(store, "support", NOON + timedelta(days=1)) == NOON


def test_the_uidvalidity_before_is_told(store: Store) -> None:
    mailboxes.first_login(store, "support", NOON)
    assert mailboxes.uidvalidity(store, "support", 4_294_967_295) == 0
    assert mailboxes.uidvalidity(store, "support", 2) == 4_294_967_295


def test_sources_with_a_row_are_seen(store: Store) -> None:
    rows.mail(store, source="support/1/700")
    rows.mail(store)
    asked = [f"support/1/{uid}" for uid in range(1200)]
    assert mailboxes.seen(store, asked) == {"support/1/700"}
    assert mailboxes.seen(store, []) == set()


def test_the_last_good_look_is_told(store: Store) -> None:
    mailboxes.first_login(store, "support", NOON)
    assert mailboxes.last_good(store) == {"support": None}
    mailboxes.good(store, "support", NOON)
    assert mailboxes.last_good(store) == {"support": NOON}


def test_a_mailbox_is_served_by_one_daemon_and_taken_over_when_that_is_gone(postgres_url: str, tmp_path: Path) -> None:
    first, second = (Store.open(postgres_url, tmp_path / name) for name in "ab")
    assert mailboxes.serve(first, "support")
    assert mailboxes.serve(first, "support")
    assert not mailboxes.serve(second, "support")
    assert mailboxes.serve(second, "sales")
    mailboxes.leave(first, "support")
    assert mailboxes.serve(second, "support")
    second.abandon()
    until = time.monotonic() + 20
    while not mailboxes.serve(first, "sales"):  # the server takes its time to see that the other end is gone
        assert time.monotonic() < until
    first.close()
