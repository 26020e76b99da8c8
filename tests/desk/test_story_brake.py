"""The brake: what time would write in masses is held, told of once, shown and released; the records are kept all the
same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from maildesk.desk.post import Outbox
from maildesk.store import outbox
from maildesk.store.directory_edit import remove_agent
from maildesk.store.person import find
from maildesk.store.person_erase import erase
from maildesk.store.recent import minute
from maildesk.words import Delivery, Settled
from tests.builders import ALICE, CAROL, mail
from tests.desk.world import World

PLAN = """2
first_response = { 3 = "4h" }
"""
MANY = 5


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Twenty letters an hour to customers, two from time to one agent."""
    return braked(world, 20)


def braked(world: Callable[..., World], most: int) -> World:
    return world(f'[limits]\nautomatic_mail = "{most}/h"\nacks_per_contact = "100/h"\n', contacts=PLAN)


def asked(desk: World, many: int = MANY) -> None:
    for number in range(many):
        desk.receives(mail(CAROL, subject=f"Matter {number}"))


def solved(desk: World, many: int = MANY) -> None:
    for number in range(many):
        desk.receives(mail(CAROL, subject=f"Matter {number}"))
        desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")


def letters(desk: World, *names: str) -> list[dict[str, Any]]:
    return [row for row in desk.ask(outbox.rows) if row["letter"] in names]


def goes(desk: World) -> list[int]:
    """What the postman takes, and hands over."""
    post, gone = Outbox(desk.desk), []
    while parcels := post.claim(200):
        for parcel in parcels:
            post.settle(parcel, Settled(Delivery.SENT, "250", "2.0.0"))
            gone.append(parcel.id)
    return gone


# to agents


def test_a_day_of_standstill_buries_no_agent_in_letters(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    going = Counter(row["to"] for row in letters(desk, "due_soon", "overdue") if row["state"] == "waiting")
    assert going == {"alice@example.com": 2, "anton@example.com": 2, "mona@example.com": 2}


def test_what_an_agent_is_not_sent_is_held_with_its_reason(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    held = [row for row in letters(desk, "due_soon", "overdue") if row["state"] == "held"]
    assert len(held) == 3 * (2 * MANY - 2)
    assert {row["last_error"] for row in held} == {"automatic_mail"}


def test_every_promise_that_ran_out_stands_in_its_ticket_whether_its_letter_went_or_not(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    for number in range(1, MANY + 1):
        [missed] = [each for each in desk.ticket(f"EX-{10000 + number}")["events"] if each["event"] == "missed"]
        assert (missed["at"], missed["detail"]) == ("2026-03-02T13:00:00Z", "first_response")


def test_the_operators_hear_of_it_once(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    alarm = desk.the("alarm")
    assert alarm.recipient == "ops@example.com"
    assert "20 in an hour, or than 2 reminders to one agent" in " ".join(alarm.text.split())
    assert "`outbox retry`" in alarm.text


def test_letters_to_customers_and_to_agents_sound_the_same_one_alarm(world: Callable[..., World]) -> None:
    desk = braked(world, 10)
    solved(desk)
    asked(desk)
    desk.time_passes(days=30)
    states = Counter((row["letter"] in ("due_soon", "overdue"), row["state"]) for row in desk.ask(outbox.rows))
    assert states[True, "held"]
    assert states[False, "held"]
    assert len(desk.sent("alarm")) == 1


def test_a_working_day_of_promises_is_not_braked(desk: World) -> None:
    for hour in range(8):
        asked(desk, 1 if hour < 4 else 0)
        desk.time_passes(hours=1)
    assert {row["state"] for row in letters(desk, "due_soon", "overdue")} == {"waiting"}


def test_what_an_agent_writes_and_what_customers_write_to_him_is_never_held(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    desk.receives(mail(CAROL, subject="One more"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version?")
    assert {row["state"] for row in letters(desk, "agent_ticket", "reply")} == {"waiting"}


def test_how_much_an_agent_was_sent_is_forgotten_with_him_and_after_a_month_in_any_case(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    assert counted(desk) == {"alice": 2, "anton": 2, "mona": 2}
    desk.time_passes(days=40)
    asked(desk, 1)
    desk.time_passes(hours=5)
    [(oldest,)] = desk.ask(lambda store: store.all("SELECT MIN(minute) FROM tally WHERE name LIKE 'reminders%'"))
    assert oldest > minute(desk.now) - 31 * 24 * 60
    desk.ask(lambda store: remove_agent(store, "alice@example.com", "root", desk.now))
    desk.ask(lambda store: erase(store, find(store, "alice@example.com"), desk.config))
    assert set(counted(desk)) == {"anton", "mona"}


def counted(desk: World) -> dict[str, int]:
    sql = "SELECT name, SUM(count) FROM tally WHERE name LIKE 'reminders to %' GROUP BY name"
    rows = desk.ask(lambda store: store.all(sql))
    return {name.removeprefix("reminders to ").partition("@")[0]: int(count) for name, count in rows}


# to customers


def test_tickets_that_close_in_masses_are_closed_and_their_letters_held(world: Callable[..., World]) -> None:
    desk = braked(world, 8)
    solved(desk)
    desk.time_passes(days=30)
    rows = Counter(row["state"] for row in letters(desk, "closing_soon", "closed", "survey"))
    assert rows == {"waiting": 8, "held": 2 * MANY + 1 - 8}
    for number in range(1, MANY + 1):
        assert desk.ticket(f"EX-{10000 + number}")["closed"] == "2026-03-04T09:00:00Z"


# outbox


def test_retry_releases_one_by_its_id_and_the_others_stay(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    first, *others = [row["id"] for row in letters(desk, "overdue", "due_soon") if row["state"] == "held"]
    assert desk.ask(lambda store: outbox.retry(store, [first], desk.now)) == [first]
    gone = goes(desk)
    assert first in gone
    assert not set(others) & set(gone)


def test_a_released_letter_goes_once(desk: World) -> None:
    asked(desk)
    desk.time_passes(days=1)
    held = {row["id"] for row in letters(desk, "overdue", "due_soon") if row["state"] == "held"}
    assert held <= set(desk.ask(lambda store: outbox.retry(store, None, desk.now)))
    gone = goes(desk)
    assert held <= set(gone)
    assert len(gone) == len(set(gone))
    desk.ask(lambda store: outbox.retry(store, None, desk.now))
    desk.now += timedelta(hours=3)
    assert goes(desk) == []
    desk.time_passes(days=1)
    assert not desk.sent("due_soon", "overdue")
