"""What a clock that was ahead has left in the rows, once it is right: what is set right, and what is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from maildesk.config import parse
from maildesk.store.ahead import FOR_EVER, SetRight, set_right
from maildesk.store.database import Store
from maildesk.store.moments import micros
from tests.builders import START, configuration

CONFIG = parse(configuration('[report]\nto = ["boss@example.com"]\nat = "mon 08:00"\n'), Path("/"))
DAY = timedelta(days=1)
YEAR = micros(START + 400 * DAY)
CHORE = "INSERT INTO chore (name, done, told, due, next_check) VALUES (?, ?, ?, ?, ?)"
CHORES = "SELECT name, done, told, due, next_check FROM chore ORDER BY name"
PAUSES = "SELECT address, until FROM pause ORDER BY address"


def pause(store: Store, address: str, until: int) -> tuple[str, int]:
    store.execute("INSERT INTO pause (address, until, why) VALUES (?, ?, '')", (address, until))
    return address, until


def test_a_pause_of_a_year_to_come_lasts_a_month_and_one_that_a_right_clock_made_stays(store: Store) -> None:
    kept = [
        pause(store, "a@acme.example", micros(START + DAY)),
        pause(store, "b@acme.example", micros(START + 30 * DAY)),
        pause(store, "erased-1", FOR_EVER),
    ]
    pause(store, "z@acme.example", YEAR)
    assert set_right(store, CONFIG, START) == SetRight(pauses=1)
    assert [tuple(row) for row in store.all(PAUSES)] == [*kept, ("z@acme.example", micros(START + 30 * DAY))]
    assert not set_right(store, CONFIG, START).any


def test_anniversaries_of_a_clock_that_was_ahead_are_not_had_twice(store: Store) -> None:
    """Their incidents have come: what an organisation has got for a year it does not get for that year again."""
    rows = [(f"{what}:1", YEAR, YEAR, YEAR, YEAR) for what in ("rollover", "statement")]
    for row in rows:
        store.execute(CHORE, row)
    assert set_right(store, CONFIG, START) == SetRight()
    assert [tuple(row) for row in store.all(CHORES)] == rows


def test_a_report_of_a_clock_that_was_ahead_is_due_as_if_it_had_been_done_now(store: Store) -> None:
    store.execute(CHORE, ("report:weekly", YEAR, YEAR, YEAR, YEAR))
    assert set_right(store, CONFIG, START) == SetRight(chores=1)
    monday = micros(datetime(2026, 3, 9, 8, 0, tzinfo=UTC))
    now = micros(START)
    assert [tuple(row) for row in store.all(CHORES)] == [("report:weekly", now, now, monday, monday)]


def test_what_has_been_told_of_before_the_clock_was_wrong_is_told_of_from_there_on(store: Store) -> None:
    told = micros(START - DAY)
    store.execute(CHORE, ("report:weekly", YEAR, told, YEAR, YEAR))
    set_right(store, CONFIG, START)
    assert [row[2] for row in store.all(CHORES)] == [told]


def test_a_chore_that_was_put_off_by_that_clock_is_tried_when_it_is_due(store: Store) -> None:
    due = micros(START + DAY)
    store.execute(CHORE, ("report:weekly", micros(START), micros(START), due, YEAR))
    assert set_right(store, CONFIG, START) == SetRight(chores=1)
    assert [tuple(row)[3:] for row in store.all(CHORES)] == [(due, due)]
