"""What a ticket of a charged plan costs, who is told of it, and how conversations are noted."""

from __future__ import annotations

from typing import Any

import pytest

from maildesk.policy.commands_hours import Talk, kept, length, talk
from maildesk.policy.incidents import home, of_appointment
from maildesk.policy.incidents_told import passed
from maildesk.words import Account, Charge
from tests.policy.given import (
    ACME,
    CAROL,
    OLGA,
    OTHER,
    STRANGER,
    effects,
    envelope,
    from_agent,
    from_customer,
    key,
    letters,
    ruled,
    ticket,
)

TEN = Account("Acme", "charged", 10)


@pytest.mark.parametrize(
    ("minutes", "incidents"),
    [(1, 2), (45, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4), (121, 5), (480, 16)],
)
def test_an_appointment_costs_two_for_its_first_hour_and_one_for_each_half_hour_begun(
    minutes: int, incidents: int
) -> None:
    assert of_appointment(minutes) == incidents


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (10, 9, False),
        (3, 2, True),
        (2, 1, False),
        (1, 0, True),
        (0, -1, False),
        (3, 0, True),
        (10, -5, True),
        (0, 3, False),
        (-1, 2, False),
        (2, 3, False),
    ],
)
def test_a_mark_is_passed_on_the_way_down_alone(before: int, after: int, told: bool) -> None:
    assert passed(before, after, 10) is told


def test_a_fifth_of_a_small_number_is_nothing() -> None:
    assert [passed(before, before - 1, 4) for before in (4, 3, 2, 1)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("argument", "channel", "minutes", "text"),
    [
        ("phone", "phone", 0, ""),
        ("Phone 20m", "phone", 20, ""),
        ("phone: 20 min she wants it by Friday", "phone", 20, "she wants it by Friday"),
        ("phone 1h 30m about the invoice", "phone", 90, "about the invoice"),
        ("chat 1:30", "chat", 90, ""),
        ("screenshare 1.5h, we looked at it", "screenshare", 90, "we looked at it"),
        ("Telefon 20 Minuten wegen der Rechnung", "phone", 20, "wegen der Rechnung"),
        ("bildschirm 1 h 5 min", "screenshare", 65, ""),
    ],
)
def test_a_note_of_a_conversation_has_a_channel_and_a_length(
    argument: str, channel: str, minutes: int, text: str
) -> None:
    assert talk(argument) == Talk(channel, minutes, text)


@pytest.mark.parametrize(
    "argument",
    [
        "",
        "phone number has changed",
        "phone 20",
        "phone 0m",
        "phone 3 times and nobody was there",
        "phone an hour later",
        "phone 9999h",
        "phones 20m",
        "20m phone",
        "chatty",
        "phone -20m",
        "phone \u0662\u0660m",
    ],
)
def test_a_note_that_begins_with_such_a_word_by_chance_is_a_text(argument: str) -> None:
    assert (talk(argument), kept(argument)) == (None, argument)


@pytest.mark.parametrize(("minutes", "told"), [(0, ""), (5, "5 min"), (60, "1 h"), (90, "1 h 30 min"), (6000, "100 h")])
def test_a_length_of_work_is_told_in_hours_and_minutes(minutes: int, told: str) -> None:
    assert length(minutes) == told


def charged(text: str, **fields: Any) -> list[tuple[int, str]]:
    """What an agent's mail costs Acme, which has ten incidents left."""
    account = Account("Acme", "charged", 10, **fields.pop("account", {}))
    ruling = ruled(from_agent(text, account=account, **fields))
    return [(each.amount, each.kind) for each in effects(ruling, Charge)]


def test_what_is_imported_in_silence_costs_nothing_now() -> None:
    assert charged("It works again.") == [(-1, "answer")]
    assert charged("It works again.", envelope=envelope(quiet=True)) == []
    assert charged("#charge 3\n\nIt works again.", envelope=envelope(quiet=True)) == []


@pytest.mark.parametrize(
    ("text", "account", "costs"),
    [
        ("It works again.", {"answered": True}, []),
        ("#charge 2\n\nIt works again.", {"answered": True, "spent": 1}, [(-2, "charge")]),
        ("#charge 0\n\nIt works again.", {}, []),
        ("#solved\n\nIt works again.", {}, [(-1, "answer")]),
        ("#note It works again.", {}, []),
        ("#charge 2\n#note It works again.", {}, [(-2, "charge")]),
        ("#credit 2 sorry\n\nIt works again.", {}, [(2, "credit"), (-1, "answer")]),
        ("#spam", {"spent": 3}, [(3, "credit")]),
        ("#spam", {"spent": 0}, []),
        ("#spam", {"spent": -2}, []),
        ("#charge 2\n#spam", {"spent": 1}, [(-2, "charge"), (3, "credit")]),
        ("#solvd\n\nIt works again.", {}, []),
        ("#stage bug Filed as 4711.", {}, [(-1, "answer")]),
        ("#charge 0\n#stage bug Filed as 4711.", {}, []),
        ("#charge 4\n#stage bug", {}, [(-4, "charge")]),
    ],
)
def test_a_mail_costs_what_its_words_and_lines_come_to(
    text: str, account: dict[str, Any], costs: list[tuple[int, str]]
) -> None:
    assert charged(text, account=account) == costs


def test_an_answer_to_a_note_is_no_answer_whose_charge_could_be_waived() -> None:
    note = (key(note=True),)
    why = [
        each.context["refused"] for each in letters(ruled(from_agent("#charge 0\n\nI see.", keys=note, account=TEN)))
    ]
    assert why == [[("#charge 0", "nothing_waived", "#credit 1 REASON")]]
    assert charged("I see.", keys=note) == []


def test_an_account_is_the_tickets_for_agents_and_the_writers_own_for_others() -> None:
    other = ticket(organisation="Other")
    assert home(from_agent("Hello.")) == ACME
    assert home(from_agent("Hello.", ticket=None, behalf=OLGA)) == OTHER
    assert home(from_agent("Hello.", ticket=ticket(organisation=""))) is None
    assert home(from_customer(OLGA, ticket=ticket())) == OTHER
    assert home(from_customer(CAROL, ticket=other)) == ACME
    assert home(from_customer(STRANGER)) is None
    assert home(from_customer(STRANGER, vouched=True, taker=CAROL)) == ACME
