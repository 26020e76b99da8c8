"""Two daemons on one PostgreSQL store charge one organisation at the same moment: the second knows of the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from maildesk.store import incidents
from maildesk.store.database import Store
from maildesk.words import Envelope
from tests.builders import ALICE, CAROL, mail
from tests.desk.test_consult_daemons import begun, stuck
from tests.desk.test_story_incidents import CHARGED, FREE, PEOPLE
from tests.desk.world import Sent, World, reply_to
from tests.dovecot import wait_until


@pytest.fixture
def desks(postgres_url: str, tmp_path: Path) -> Iterator[tuple[World, World]]:
    with closing(Store.open(postgres_url, tmp_path)) as one, closing(Store.open(postgres_url, tmp_path)) as two:
        replaced = {"survey": CHARGED}
        worlds = World(one, tmp_path, FREE, PEOPLE, replaced), World(two, tmp_path, FREE, PEOPLE, replaced)
        yield worlds
        for each in worlds:
            each.stop()


def opened(desk: World) -> Sent:
    desk.receives(mail(CAROL))
    return desk.the("agent_ticket", ALICE)


def test_of_two_answers_at_once_one_passes_the_mark_and_is_told(
    desks: tuple[World, World], postgres_url: str, tmp_path: Path
) -> None:
    one, two = desks
    assert one.ask(incidents.balances)["Acme"] == 10  # the second daemon's apply has brought none
    one.replies(ALICE, opened(one), "#charge 7")
    tickets = opened(one), opened(one)
    one.seen = one.ask(lambda store: store.one("SELECT MAX(id) FROM letter"))[0]
    go_on = Event()
    first = begun(one, reply_to(ALICE, tickets[0], "It works again."), go_on)
    second = two.desk.receive(
        reply_to(ALICE, tickets[1], "This works again, too."),
        Envelope("lmtp:main", two.now, "alice@example.com", ("support@example.com",)),
    )
    wait_until(lambda: stuck(postgres_url, tmp_path, second), "the second to wait")
    assert not second.done()
    go_on.set()
    assert (first.result(20).receipt.outcome, second.result(20).outcome) == ("message", "message")
    assert one.ask(incidents.balances)["Acme"] == 1
    told = sorted(each.recipient for each in one.sent("low_balance"))
    assert told == ["amy@example.com", "bob@acme.example", "carol@acme.example"]
    assert "Acme has 2 incidents left." in one.the("low_balance", CAROL).text
