"""What becomes of a ticket's one appointment, and what a customer's first line chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy import appointments
from maildesk.policy.appointments_answer import replied
from maildesk.policy.appointments_choice import choice
from maildesk.policy.tickets import Change
from maildesk.words import Appointment, CalendarAnswer, Facts, SetAppointment
from tests.policy.given import ALICE, BOB, CONFIG, NOW, from_agent, from_customer, key, mail, ticket

HOUR = timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1)
SLOT = TOMORROW, TOMORROW + HOUR
OTHER = TOMORROW + 5 * HOUR, TOMORROW + 6 * HOUR
SET = Appointment("uid@desk.example", *SLOT, "alice@desk.example")
OFFERED = replace(SET, state="offered", offered=(SLOT, OTHER), asked=NOW)
OFFER = key("carol@acme.example", "appointment")
BERLIN = CONFIG.model_copy(update={"desk": CONFIG.desk.model_copy(update={"time_zone": "Europe/Berlin"})})


def change(known: Appointment | None) -> Change:
    return Change(ticket(appointment=known), NOW, "alice@desk.example")


def last(done: Change) -> tuple[Appointment, str]:
    [decision] = done.decisions
    assert isinstance(decision, SetAppointment)
    assert decision.appointment == done.ticket.appointment
    return decision.appointment, decision.event


@pytest.mark.parametrize("state", ["set", "accepted", "declined"])
def test_one_that_stands_is_moved_and_must_be_accepted_again(state: str) -> None:
    moved, event = last(
        appointments.set_to(change(replace(SET, state=state, sequence=3, reminded=True)), OTHER, BOB, CONFIG)
    )
    assert (moved.uid, moved.sequence, moved.state, event) == (SET.uid, 4, "set", "appointment_moved")
    assert (moved.agent, moved.reminded, moved.starts) == (BOB.addresses[0], False, OTHER[0])


@pytest.mark.parametrize(
    "known", [None, *(replace(SET, state=each) for each in ("offered", "cancelled", "held", "noshow"))]
)
def test_after_one_that_is_over_comes_a_new_one(known: Appointment | None) -> None:
    made, event = last(appointments.set_to(change(known), OTHER, ALICE, CONFIG))
    assert (made.sequence, made.state, event) == (0, "set", "appointment_set")
    assert made.uid.startswith("EX-7-")
    assert made.uid != SET.uid


def test_what_was_only_offered_is_in_no_calendar_and_its_number_stays() -> None:
    assert last(appointments.called_off(change(OFFERED)))[0].sequence == 0
    assert last(appointments.called_off(change(SET)))[0].sequence == 1


def test_an_offer_beside_one_that_stands_leaves_it_standing() -> None:
    open_, event = last(appointments.offered(change(SET), (OTHER,), ALICE, CONFIG))
    assert (open_.state, open_.starts, open_.offered, event) == ("set", SET.starts, (OTHER,), "appointment_offered")
    assert appointments.ended_at(ticket(appointment=open_), CONFIG) == SET.ends


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        (SET, True),
        (replace(SET, state="accepted"), True),
        (replace(SET, state="declined"), False),
        (replace(SET, state="cancelled"), False),
        (replace(SET, state="held"), False),
        (OFFERED, False),
        (replace(SET, reminded=True), False),
        (None, False),
    ],
)
def test_who_will_have_waited_is_asked_how_it_went(known: Appointment | None, asked: bool) -> None:
    assert appointments.ended_at(ticket(appointment=known), CONFIG) == (SET.ends if asked else None)


def test_an_agent_reads_the_day_of_its_end_where_that_is_another() -> None:
    late = replace(SET, starts=datetime(2026, 3, 3, 22, tzinfo=UTC), ends=datetime(2026, 3, 4, 1, tzinfo=UTC))
    assert appointments.said(SET, None, BERLIN) == "2026-03-03 10:00-11:00 Europe/Berlin"
    assert appointments.said(late, None, BERLIN) == "2026-03-03 23:00-2026-03-04 02:00 Europe/Berlin"


def chosen(text: str, **fields: object) -> Facts:
    given_: dict[str, object] = {"ticket": ticket(appointment=OFFERED), "keys": (OFFER,), **fields}
    return replace(from_customer(mail=mail(reply_text=text)), **given_)  # type: ignore[arg-type]


LINES = {
    "1": SLOT,
    "2.": OTHER,
    "> 2": OTHER,
    "*2*": OTHER,
    "No. 2": OTHER,
    "Termin 1": SLOT,
    appointments.link(1, SLOT[0]): SLOT,
    appointments.link(3, OTHER[0]): OTHER,
    "3.3. 10:00": SLOT,  # the reader's zone is Berlin's
    "Dienstag, 3. März 2026, 10:00 Uhr (MEZ)": SLOT,
    "15 Uhr": OTHER,
}


@pytest.mark.parametrize(("line", "slot"), LINES.items())
def test_a_line_names_one_of_the_times(line: str, slot: tuple[datetime, datetime]) -> None:
    found = choice(chosen(line), CONFIG)
    assert found is not None
    assert found.slot == slot


@pytest.mark.parametrize("line", ["3", appointments.link(1, SLOT[0] + HOUR), "1 (2026-13-40 99:99 UTC)"])
def test_a_tap_or_a_number_of_what_is_offered_no_more_is_a_choice_of_nothing(line: str) -> None:
    found = choice(chosen(line), CONFIG)
    assert found is not None
    assert found.slot is None


@pytest.mark.parametrize(
    "line", ["", "0", "4", "12", "1 2", "one", "10", "10:30", "tomorrow", "1 (2026-03-03 10:00)", "1" * 200, "²"]
)
def test_any_other_line_chooses_nothing(line: str) -> None:
    assert choice(chosen(line), CONFIG) is None


def test_a_choice_wants_the_readers_own_key_and_an_offer() -> None:
    assert choice(chosen("1", keys=()), CONFIG) is None
    assert choice(chosen("1", keys=(key("dave@acme.example", "appointment"),)), CONFIG) is None
    assert choice(chosen("1", keys=(key("carol@acme.example", "reply"),)), CONFIG) is None
    assert choice(chosen("1", ticket=ticket(appointment=SET)), CONFIG) is None
    assert choice(replace(from_agent("1"), ticket=ticket(appointment=OFFERED), keys=(OFFER,)), CONFIG) is None


@given(st.text(max_size=150) | st.text("0123456789.:-() UTCuhr#", max_size=40))
def test_no_line_breaks_the_reading(line: str) -> None:
    found = choice(chosen(line), CONFIG)
    assert found is None or found.slot in (None, SLOT, OTHER)


def test_an_agents_calendar_answers_nothing() -> None:
    said = CalendarAnswer(SET.uid, "accepted")
    facts = from_agent("")
    assert replied(replace(facts, ticket=ticket(appointment=SET), mail=replace(facts.mail, calendar=said))) is None
