"""When agents have appointments already: looked up where free times are wanted, and not among all tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maildesk.store.busy import KEPT
from maildesk.words import Appointment, SetAppointment
from tests.builders import ALICE, BOB, CAROL, START, mail
from tests.store.house import House

STARTS = START + timedelta(days=1)
SET = Appointment("uid@example.com", STARTS, STARTS + timedelta(hours=1), "alice@example.com")


def with_appointment(house: House, appointment: Appointment) -> None:
    """A ticket of Bob's with this appointment, and one of Carol's without any."""
    house.opens(mail(BOB), SetAppointment("EX-10001", appointment, "", "alice@example.com"))
    house.opens(mail(CAROL, subject="Another"))


def busy(house: House, text: str = "#offer 1h", writer: str = ALICE) -> list[tuple[object, object]]:
    return list(house.gathers(mail(writer, subject="[EX-10002] Another", text=text)).busy)


@pytest.mark.parametrize(
    ("appointment", "counts"),
    [
        (SET, True),
        (replace(SET, state="accepted"), True),
        (replace(SET, state="declined"), False),
        (replace(SET, state="cancelled"), False),
        (replace(SET, state="offered", offered=((STARTS, STARTS + timedelta(hours=1)),)), False),
        (replace(SET, agent="anton@example.com"), False),
        (replace(SET, starts=START - timedelta(hours=2), ends=START - timedelta(hours=1)), False),
    ],
)
def test_those_that_stand_ahead_count(house: House, appointment: Appointment, counts: bool) -> None:
    with_appointment(house, appointment)
    assert busy(house) == [(SET.starts, SET.ends)] * counts


def test_they_are_loaded_where_times_are_wanted_alone(house: House) -> None:
    with_appointment(house, SET)
    assert busy(house, "The offer still stands.") == []
    assert busy(house, "1", CAROL) == []


def test_a_part_of_the_tickets_is_gone_over(house: House) -> None:
    with_appointment(house, SET)
    store = house.store
    with store.atomic():
        if store.postgres:
            store.execute("SET LOCAL enable_seqscan = off")
        plan = store.all(f"EXPLAIN {'' if store.postgres else 'QUERY PLAN '}{KEPT}", ("EX-1",))
    assert "ticket_appointment" in str(plan)
