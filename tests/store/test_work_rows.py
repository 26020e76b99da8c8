"""What agents do besides answering, as rows: read back as it was decided, told in words, kept in the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from maildesk.store import incidents, people
from maildesk.store.apply_tell import tell
from maildesk.words import (
    AddWork,
    Appointment,
    Charge,
    Clocks,
    SetAppointment,
    SetAway,
    SetClocks,
    SetField,
    SetForecast,
    SetStage,
)
from tests.builders import START
from tests.store.house import House
from tests.store.test_consent_rows import BY, REFERENCE, history, rules, ticket

SLOT = (START + timedelta(days=1), START + timedelta(days=1, minutes=30))
APPOINTMENT = Appointment("EX-10001-1@example.com", *SLOT, BY, offered=(SLOT,))


def test_fields_are_set_changed_and_emptied(house: House) -> None:
    house.opens()
    rules(house, SetField(REFERENCE, "os", "Linux", BY), SetField(REFERENCE, "product", "Backup", BY))
    rules(house, SetField(REFERENCE, "os", "", BY))
    assert ticket(house).fields == (("product", "Backup"),)
    assert history(house, "field")[-1] == (BY, {"field": "os", "value": ""})


def test_stage_and_forecast_stay(house: House) -> None:
    house.opens()
    rules(house, SetStage(REFERENCE, "plan", BY), SetForecast(REFERENCE, date(2027, 1, 4), BY))
    assert (ticket(house).stage, ticket(house).forecast) == ("plan", date(2027, 1, 4))
    assert history(house, "forecast") == [(BY, {"to": "2027-01-04"})]


def test_time_worked_is_summed(house: House) -> None:
    house.opens()
    rules(house, AddWork(REFERENCE, 20, "phone", BY), AddWork(REFERENCE, 70, "", BY))
    assert ticket(house).minutes == 90
    assert history(house, "worked") == [(BY, {"minutes": 20, "channel": "phone"}), (BY, {"minutes": 70})]


def test_an_appointment_is_read_back_as_it_was_set(house: House) -> None:
    house.opens()
    rules(house, SetAppointment(REFERENCE, APPOINTMENT, "appointment_set", BY))
    assert ticket(house).appointment == APPOINTMENT
    moved = replace(APPOINTMENT, sequence=1, state="cancelled", reminded=True, offered=())
    rules(house, SetAppointment(REFERENCE, moved, "", BY))
    assert ticket(house).appointment == moved
    assert len(history(house, "appointment_set")) == 1


def test_the_balance_is_the_sum_of_what_was_got_and_spent(house: House) -> None:
    assert incidents.balances(house.store)["Acme"] == 0
    house.opens()
    rules(house, Charge("Acme", 10, "bought", "", "maildesk"), Charge("Acme", -1, "answer", "", BY, REFERENCE))
    assert incidents.balances(house.store) == {"Acme": 9, "Globex": 0}


def test_an_agent_is_away_with_a_deputy_and_is_back(house: House) -> None:
    house.opens()
    alice, anton = (each for each in people.agents(house.store, house.now) if not each.manager)
    until = house.now + timedelta(days=7)
    rules(house, SetAway(alice, until, anton, BY))
    away = next(each for each in people.agents(house.store, house.now) if each.id == alice.id)
    assert (away.present, away.away, away.deputy) == (False, until, anton.id)
    assert next(each for each in people.agents(house.store, until) if each.id == alice.id).present
    rules(house, SetAway(alice, None, None, BY))
    assert alice in people.agents(house.store, house.now)


def test_each_is_told_in_a_sentence() -> None:
    assert tell(SetField(REFERENCE, "os", "Linux", BY)) == f'{REFERENCE}: set the field os to "Linux", by {BY}'
    assert tell(AddWork(REFERENCE, 20, "phone", BY)) == f"{REFERENCE}: add 20 minutes of work (phone), by {BY}"
    assert (
        tell(Charge("Acme", -1, "answer", "", BY, REFERENCE))
        == f"-1 incidents for Acme for {REFERENCE} (answer), by {BY}"
    )
    assert tell(SetClocks(REFERENCE, Clocks())) == f"{REFERENCE}: set its clocks: no further answer is waited for"
    waits = Clocks(asked=START, warned=(("update", START),), missed=(("next_response", START),))
    assert tell(SetClocks(REFERENCE, waits)) == (
        f"{REFERENCE}: set its clocks: a further answer is waited for since 2026-03-02T09:00:00Z, "
        "update announced, next_response missed"
    )
    assert "2026" in tell(SetAppointment(REFERENCE, APPOINTMENT, "", BY))
