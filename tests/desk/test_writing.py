"""The postman has letters written before he takes them; one that cannot be written is held, told of, and alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from maildesk.desk.post import Outbox
from maildesk.letters.render import Fulfilled
from maildesk.store import outbox
from maildesk.words import Order, Parcel
from tests.builders import mail
from tests.desk.world import World


class Failing:
    """Letters of which some cannot be written, for a fault of ours."""

    def __init__(self, letters: Any, *names: str) -> None:
        self.names = names
        self._letters = letters

    def __getattr__(self, name: str) -> Any:
        return getattr(self._letters, name)

    def written(self, orders: Sequence[Order]) -> list[Fulfilled]:
        return [
            Fulfilled(None, "KeyError: 'severity'") if order.name in self.names else self._letters.written([order])[0]
            for order in orders
        ]


def failing(desk: World, *names: str) -> Failing:
    letters = Failing(desk.desk.settings.letters, *names)
    object.__setattr__(desk.desk.settings, "letters", letters)
    return letters


def taken(desk: World) -> list[Parcel]:
    return Outbox(desk.desk).claim(20)


def held(desk: World) -> list[dict[str, Any]]:
    return [row for row in desk.ask(outbox.rows) if row["state"] == "held"]


def test_letters_are_written_when_their_turn_comes_and_go_as_they_were_shown(desk: World) -> None:
    desk.receives(mail())
    shown = {each.recipient: each.raw for each in desk.sent()}
    parcels = taken(desk)
    assert {each.name for each in parcels} == {"acknowledgement", "agent_ticket"}
    assert {each.recipient: each.head + each.body for each in parcels} == shown
    assert taken(desk) == []


def test_a_letter_that_cannot_be_written_is_held_and_told_of_and_the_others_go(desk: World) -> None:
    failing(desk, "acknowledgement")
    desk.receives(mail())
    assert {each.name for each in taken(desk)} == {"agent_ticket"}
    [row] = held(desk)
    assert (row["letter"], row["last_error"]) == ("acknowledgement", "cannot be written: KeyError: 'severity'")
    alarm = desk.the("alarm")
    assert f"letter {row['id']} (acknowledgement) cannot be written: KeyError: 'severity'" in alarm.text
    assert f"maildesk outbox retry {row['id']}" in alarm.text


def test_it_goes_when_it_is_mended_and_let_go(desk: World) -> None:
    letters = failing(desk, "acknowledgement")
    desk.receives(mail())
    taken(desk)
    letters.names = ()
    [row] = held(desk)
    desk.ask(lambda store: outbox.retry(store, [row["id"]], desk.now))
    assert row["id"] in [each.id for each in taken(desk)]


def test_alarms_about_it_are_few_and_none_is_about_an_alarm(desk: World) -> None:
    failing(desk, "acknowledgement", "agent_ticket", "alarm")
    for number in range(9):
        desk.receives(mail(subject=f"Matter {number}"))
        assert taken(desk) == []
    names = [row["letter"] for row in held(desk)]
    assert set(names) == {"acknowledgement", "agent_ticket", "alarm"}
    assert names.count("alarm") <= 5
