"""Held mail: listed, shown, released, dropped, and dropped by time."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk.store import held
from maildesk.store.database import Store
from maildesk.store.held import NotHeld
from maildesk.store.views import ledger, why
from maildesk.words import Hold, Outcome
from tests.builders import ALICE, DAVE, START, mail
from tests.store.house import House, build, filed

UNTIL = START + timedelta(days=2)


def parked(house: House, reason: str = "unproved") -> int:
    return house.takes(mail(ALICE, subject="Old news"), filed(Outcome.HELD, Hold(reason, UNTIL))).id


def test_held_mail_is_listed_in_the_form_of_the_contract(house: House) -> None:
    ident = parked(house)
    assert held.listed(house.store) == [
        {
            "id": ident,
            "reason": "unproved",
            "from": "alice@example.com",
            "subject": "Old news",
            "queue": "technical",
            "received": "2026-03-02T09:00:00Z",
            "until": "2026-03-04T09:00:00Z",
        }
    ]
    assert held.show(house.store, ident)["text"].startswith("Hello")


def test_a_released_mail_waits_to_be_run_and_is_listed_no_more(house: House) -> None:
    ident = parked(house)
    held.release(house.store, ident)
    assert held.released(house.store) == [ident]
    assert held.listed(house.store) == []
    with pytest.raises(NotHeld, match="released already"):
        held.release(house.store, ident)


@pytest.mark.parametrize("outcome", [Outcome.ROBOT, Outcome.REFUSED, Outcome.BOUNCE])
def test_a_robots_a_refused_mail_and_a_bounce_can_be_released_too(house: House, outcome: Outcome) -> None:
    ident = house.takes(mail(DAVE), filed(outcome)).id
    held.release(house.store, ident)
    assert held.released(house.store) == [ident]


def test_what_is_in_a_ticket_already_cannot_be_released(house: House) -> None:
    ident = house.opens().id
    with pytest.raises(NotHeld, match="is not held; see: maildesk why"):
        held.release(house.store, ident)
    with pytest.raises(NotHeld, match="there is no mail 4711"):
        held.release(house.store, 4711)


def test_a_dropped_mail_is_refused_and_its_history_says_it_was_held(house: House) -> None:
    ident = parked(house)
    held.drop(house.store, ident, "dropped by the operator", START)
    [row] = ledger(house.store)
    assert (row["outcome"], row["reason"]) == ("refused", "dropped by the operator")
    [told] = why(house.store, str(ident))
    assert [(each["outcome"], each["until"]) for each in told["history"]] == [("held", "2026-03-02T09:00:00Z")]
    with pytest.raises(NotHeld):
        held.drop(house.store, ident, "again", START)


def test_a_dropped_mail_can_still_be_released(house: House) -> None:
    ident = parked(house)
    held.drop(house.store, ident, "dropped by the operator", START)
    held.release(house.store, ident)
    assert held.released(house.store) == [ident]


def test_held_mail_is_dropped_when_its_time_is_over_and_not_before(house: House) -> None:
    ident = parked(house)
    assert held.drop_overdue(house.store, UNTIL - timedelta(seconds=1)) == []
    assert held.drop_overdue(house.store, UNTIL) == [ident]
    assert held.drop_overdue(house.store, UNTIL) == []
    [row] = ledger(house.store)
    assert (row["outcome"], row["reason"]) == ("refused", "unproved: nobody answered in time")


def test_held_mail_without_a_last_day_stays(house: House) -> None:
    house.takes(mail(), filed(Outcome.HELD, Hold("unreadable", None)))
    assert held.drop_overdue(house.store, UNTIL + timedelta(days=999)) == []


def test_of_two_daemons_one_runs_a_released_mail(postgres_url: str, tmp_path: Path) -> None:
    first = Store.open(postgres_url, tmp_path / "a", patience=20)
    house = build(first, tmp_path)
    ident = parked(house)
    held.release(first, ident)
    answers: list[bool] = []

    def other() -> None:
        with first.session() as second, second.atomic():
            answers.append(held.is_released(second, ident))

    with first.atomic():
        assert held.is_released(first, ident)
        waiting = threading.Thread(target=other)
        waiting.start()
        while not first.all("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert waiting.is_alive()
        held.done(first, ident)
    waiting.join()
    first.close()
    assert answers == [False]
