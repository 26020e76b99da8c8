"""The days on which a year of incidents ends, and what it then comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from maildesk.policy.anniversaries import anniversary, ends, following, rollover, statement, year_before
from maildesk.words import Charge, Contact, Organisation
from maildesk.words.years import Term, Year
from tests.policy.given import config

CHARGED = config('[plan.charged]\ntitle = "Charged"\nincidents = 20\nrollover = 5\n')
BERLIN = config("[plan.charged]\nincidents = 20\n").model_copy(
    update={"desk": CHARGED.desk.model_copy(update={"time_zone": "Europe/Berlin"})}
)
ACME = Organisation(1, "Acme", "charged")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def term(began: str, until: date | None = None) -> Term:
    return Term(ACME, True, until, at(began), at(began))


@pytest.mark.parametrize(
    ("began", "years", "day"),
    [
        ("2026-03-02T09:00", 1, "2027-03-02"),
        ("2024-02-29T23:59", 1, "2025-02-28"),
        ("2024-02-29T23:59", 3, "2027-02-28"),
        ("2024-02-29T23:59", 4, "2028-02-29"),
        ("2023-02-28T00:00", 1, "2024-02-28"),
        ("2026-12-31T12:00", 1, "2027-12-31"),
        ("2096-02-29T12:00", 4, "2100-02-28"),  # no leap year
    ],
)
def test_an_anniversary_begins_with_its_day(began: str, years: int, day: str) -> None:
    assert anniversary(at(began), years, CHARGED) == at(day)


def test_its_day_is_that_of_the_desks_zone() -> None:
    assert anniversary(at("2026-03-01T23:30"), 1, BERLIN) == at("2027-03-01T23:00")  # 2 March in Berlin
    assert anniversary(at("2026-12-31T23:30"), 1, BERLIN) == at("2027-12-31T23:00")


@pytest.mark.parametrize(
    ("began", "after", "day"),
    [
        ("2026-03-02T09:00", "2026-03-02T09:00", "2027-03-02"),
        ("2026-03-02T09:00", "2027-03-01T23:59", "2027-03-02"),
        ("2026-03-02T09:00", "2027-03-02T00:00", "2028-03-02"),
        ("2026-03-02T09:00", "2031-01-01T00:00", "2031-03-02"),
        ("2024-02-29T09:00", "2027-02-28T00:00", "2028-02-29"),
        ("2026-12-31T23:59", "2026-12-31T23:59", "2027-12-31"),
        ("2026-01-01T00:00", "2026-12-31T23:59", "2027-01-01"),
    ],
)
def test_the_next_one_is_later_than_the_last(began: str, after: str, day: str) -> None:
    assert following(term(began), at(after), CHARGED) == at(day)


def test_whoever_is_not_served_on_that_day_has_none() -> None:
    assert following(term("2026-03-02T09:00", date(2027, 3, 1)), at("2026-03-02T09:00"), CHARGED) is None
    assert following(term("2026-03-02T09:00", date(2027, 3, 2)), at("2026-03-02T09:00"), CHARGED) == at("2027-03-02")


def test_a_year_began_with_the_anniversary_before_it_and_the_first_with_the_purchase() -> None:
    began = term("2024-02-29T09:00")
    assert year_before(began, at("2025-02-28"), CHARGED) == (1, at("2024-02-29T09:00"))
    assert year_before(began, at("2026-02-28"), CHARGED) == (2, at("2025-02-28"))


@pytest.mark.parametrize(("unused", "lapsed"), [(0, 0), (4, 0), (5, 0), (6, -1), (20, -15), (-3, 0)])
def test_at_most_what_the_plan_lets_moves_over_and_nothing_that_is_owed_goes(unused: int, lapsed: int) -> None:
    done = rollover(term("2026-03-02T09:00"), at("2027-03-02"), Year(unused, 0, 0, ()), CHARGED)
    come = Charge("Acme", 20, "bought", "charged, year 2", "maildesk")
    gone = Charge("Acme", lapsed, "lapsed", "charged, year 1", "maildesk")
    assert done == ((gone, come) if lapsed else (come,))


def test_years_end_for_those_alone_who_are_served_in_a_charged_plan() -> None:
    acme = term("2026-03-02T09:00")
    assert ends(acme, CHARGED)
    assert not ends(replace(acme, active=False), CHARGED)
    assert not ends(replace(acme, organisation=Organisation(1, "Acme", "gone")), CHARGED)


@pytest.mark.parametrize(
    ("queues", "queue"), [("[]", "technical"), ('["sales", "technical"]', "technical"), ('["sales"]', "sales")]
)
def test_a_statement_comes_from_a_queue_that_its_readers_may_write_to(queues: str, queue: str) -> None:
    desk = config(f"[plan.charged]\nincidents = 20\nqueues = {queues}\n")
    carol = Contact(1, "Carol Jones", ("carol@acme.example",), ACME)
    [letter] = statement(term("2026-03-02T09:00"), at("2027-03-02"), Year(0, 20, 0, ()), [carol], desk)
    assert (letter.letter.to.address, letter.letter.queue) == ("carol@acme.example", queue)
