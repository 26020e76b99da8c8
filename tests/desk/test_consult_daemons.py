"""Two daemons on one PostgreSQL store take in two people's answers at the same moment: one of them is the first."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from maildesk.desk.desk import Handled, handle
from maildesk.desk.reader import reading
from maildesk.desk.readers import Reading
from maildesk.store import directory_views
from maildesk.store.database import Store
from maildesk.words import Envelope
from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, DIRECTORY, mail
from tests.desk.world import World, newest, reply_to
from tests.dovecot import wait_until

ERIN = "Erin East <erin@acme.example>"


@pytest.fixture
def desks(postgres_url: str, tmp_path: Path) -> Iterator[tuple[World, World]]:
    with closing(Store.open(postgres_url, tmp_path)) as one, closing(Store.open(postgres_url, tmp_path)) as two:
        replaced = {"contacts": "3"}
        worlds = World(one, tmp_path, "", DIRECTORY, replaced), World(two, tmp_path, "", DIRECTORY, replaced)
        yield worlds
        for each in worlds:
            each.stop()


def begun(desk: World, content: bytes, go_on: Event) -> Future[Handled]:
    """A mail that is handled and not yet committed; the batch ends with `go_on`."""
    envelope = Envelope("lmtp:main", desk.now, "somebody@acme.example", ("support@example.com",))
    ready = Event()

    def run(store: Store) -> Handled:
        done = handle(store, desk.desk.settings, Reading(*reading(content)), envelope, desk.now)
        ready.set()
        go_on.wait(20)
        return done

    future = desk.ledger.submit(run)
    assert ready.wait(20)
    return future


def stuck(url: str, folder: Path, second: Future[Any]) -> bool:
    """Whether the second has got as far as it can."""
    with closing(Store.open(url, folder)) as third, third.session():
        row = third.one("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return second.done() or bool(row and row[0])


def test_of_two_answers_to_one_question_the_second_is_told_of_the_first(
    desks: tuple[World, World], postgres_url: str, tmp_path: Path
) -> None:
    one, two = desks
    one.receives(mail(DAVE))
    to_carol, to_bob = one.the("consult", CAROL), one.the("consult", BOB)
    go_on = Event()
    first = begun(one, reply_to(CAROL, to_carol, "allow"), go_on)
    second = two.desk.receive(
        reply_to(BOB, to_bob, "refuse"), Envelope("lmtp:main", two.now, "bob@acme.example", ("support@example.com",))
    )
    wait_until(lambda: stuck(postgres_url, tmp_path, second), "the second to wait")
    go_on.set()
    assert first.result(20).receipt.outcome == "consent"
    assert second.result(20).outcome == "consent"
    rows = {row["message_id"]: row for row in one.rows()}
    assert [row["reason"] for row in rows.values() if "dropped" in row["reason"]] == []
    assert [row["outcome"] for row in rows.values() if row["id"] == min(each["id"] for each in rows.values())] == [
        "held"
    ]


def test_the_last_free_place_is_given_once(desks: tuple[World, World], postgres_url: str, tmp_path: Path) -> None:
    one, two = desks
    one.receives(mail(DAVE))
    about_dave = one.the("consult", CAROL)
    one.receives(mail(ERIN))
    about_erin = one.the("consult", CAROL)
    go_on = Event()
    first = begun(one, reply_to(CAROL, about_dave, "swap"), go_on)
    second = two.desk.receive(
        reply_to(CAROL, about_erin, "swap"),
        Envelope("lmtp:main", two.now, "carol@acme.example", ("support@example.com",)),
    )
    wait_until(lambda: stuck(postgres_url, tmp_path, second), "the second to wait")
    go_on.set()
    first.result(20)
    second.result(20)
    found = one.ask(lambda store: directory_views.contacts(store, "Acme"))
    assert sorted(each["name"] for each in found) == ["Bob Brown", "Carol Jones", "Dave Dent"]


def test_of_two_agents_who_answer_at_once_the_second_is_told_of_the_first(
    desks: tuple[World, World], postgres_url: str, tmp_path: Path
) -> None:
    one, two = desks
    one.receives(mail(CAROL))
    to_alice, to_anton = one.the("agent_ticket", ALICE), one.the("agent_ticket", ANTON)
    one.now = two.now = one.now + timedelta(minutes=1)
    go_on = Event()
    first = begun(one, reply_to(ALICE, to_alice, "Which version is it?"), go_on)
    two.seen = two.ask(newest)
    envelope = Envelope("lmtp:main", two.now, "anton@example.com", ("support@example.com",))
    second = two.desk.receive(reply_to(ANTON, to_anton, "Restart it, please."), envelope)
    wait_until(lambda: stuck(postgres_url, tmp_path, second), "the second to wait")
    go_on.set()
    assert first.result(20).receipt.outcome == "message"
    assert second.result(20).reason == "another agent has answered meanwhile"
    assert "> Which version is it?" in two.the("receipt", ANTON).text
    assert one.ticket()["owner"] == "alice@example.com"
