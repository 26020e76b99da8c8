"""`due --at TIME --run` gives the same events, stamps and letters as living through it, for a desk below its brake.

MAILDESK_AHEAD is how many histories are drawn for SQLite; PostgreSQL has some of its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from maildesk.desk.sweep import Sweeper
from maildesk.store import outlook
from maildesk.store.database import Store
from tests.ahead.desks import AGENT, CALENDARS, HISTORIES, PEOPLE, PLANS, RULES, Deed, configurations, play, staffs
from tests.builders import CAROL, START
from tests.desk.world import World
from tests.shelf import Shelf

COUNT = int(os.environ.get("MAILDESK_AHEAD", "12"))
BATCH = 4
KEY = re.compile(r"\b[a-z2-7]{26,40}\b")
EVENTS = """
    SELECT t.reference, e.at, e.event, e.by, e.detail FROM event e JOIN ticket t ON t.id = e.ticket_id
    ORDER BY t.number, e.at, e.id"""
TICKETS = """
    SELECT reference, status, status_since, severity, level, owner_id, first_answered, first_response_kind, solved,
        closed, reminded, survey_due, next_check, clocks, appointment, stage FROM ticket ORDER BY number"""
SURVEYS = "SELECT t.number, s.address, s.sent, s.valid_until, s.mark FROM survey s JOIN ticket t ON t.id = s.ticket_id"
CHARGES = "SELECT organisation_id, at, amount, kind FROM charge ORDER BY at, id"
CHORES = "SELECT name, done, told, due, next_check FROM chore ORDER BY name"
Opens = Callable[[Path], Store]
Goes = Callable[[World, datetime, timedelta], None]
Drawn = tuple[str, str, tuple[Deed, ...], tuple[timedelta, int]]


def known(world: World) -> dict[str, Any]:
    """All that can be told of a desk, letters in their order; keys stand for serials, which are the store's own."""
    world.seen = 0
    letters = [
        (
            each.name,
            each.recipient,
            str(each.head["Date"]),
            KEY.sub("KEY", each.subject),
            KEY.sub("KEY", each.text),
            KEY.sub("KEY", each.html),
        )
        for each in world.sent()
    ]
    tables = {
        "events": EVENTS,
        "tickets": TICKETS,
        "surveys": SURVEYS,
        "charges": CHARGES,
        "chores": CHORES,
    }
    found: dict[str, Any] = {name: world.ask(_all(sql)) for name, sql in tables.items()}
    far = world.now + timedelta(days=800)
    coming = world.ask(lambda store: outlook.rows(store, world.config, world.now, far))
    return {**found, "letters": letters, "coming": coming}


def _all(sql: str) -> Callable[[Store], list[Any]]:
    return lambda store: list(store.all(sql))


def lives(world: World, until: datetime, step: timedelta) -> None:
    sweeper = Sweeper(world.desk)
    world.now += (START - world.now) % step
    while world.now < until:
        sweeper.sweep(world.now)
        world.now += step
    world.now = until
    sweeper.sweep(until)


def runs_ahead(world: World, until: datetime, _step: timedelta) -> None:
    """As `due --at TIME --run`; then the clock gets there."""
    Sweeper(world.desk).sweep(until)
    world.now = until


def sleeps(world: World, until: datetime, _step: timedelta) -> None:
    world.now = until
    Sweeper(world.desk).sweep(until)


def ends(opens: Opens, drawn: Drawn, goes: Goes) -> dict[str, Any]:
    more, people, history, (step, days) = drawn
    with TemporaryDirectory(prefix="maildesk-ahead-") as folder:
        world = World(opens(Path(folder)), Path(folder), more, people, {})
        try:
            play(world, history)
            goes(world, world.now + timedelta(days=days), step)
            return known(world)
        finally:
            world.stop()


def alike(opens: Opens, drawn: Drawn) -> None:
    lived, ahead = (ends(opens, drawn, goes) for goes in (lives, runs_ahead))
    for each in lived:
        assert [one for one in ahead[each] if one not in lived[each]] == [], f"{each} of running ahead alone"
        assert [one for one in lived[each] if one not in ahead[each]] == [], f"{each} of living through it alone"
        assert ahead[each] == lived[each], f"the order of {each}"


def hold(opens: Opens, number: int, examples: int) -> None:
    """So many histories, the same for the same number. One that fails is not made shorter: that takes minutes."""
    often = st.tuples(st.sampled_from((timedelta(minutes=5), timedelta(minutes=7))), st.integers(1, 3))
    long = st.tuples(st.just(timedelta(minutes=30)), st.integers(3, 16))

    @seed(number)
    @settings(max_examples=examples, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(drawn=st.tuples(configurations(), staffs(), HISTORIES, st.one_of(often, long)))
    def holds(drawn: Drawn) -> None:
        alike(opens, drawn)

    holds()


@pytest.fixture(scope="module")
def on_sqlite(sqlite_template: bytes) -> Opens:
    def opened(folder: Path) -> Store:
        state = folder / "state"
        state.mkdir(mode=0o700)
        file = state / "maildesk.db"
        file.touch(0o600)
        file.write_bytes(sqlite_template)
        return Store.open("sqlite:///maildesk.db", state, patience=2)

    return opened


@pytest.mark.parametrize("number", range(COUNT // BATCH))
def test_running_ahead_does_what_living_through_it_does(on_sqlite: Opens, number: int) -> None:
    hold(on_sqlite, number, BATCH)


@pytest.mark.parametrize("number", range(max(1, COUNT // BATCH // 10)))
def test_running_ahead_does_the_same_on_postgresql(postgres_shelf: Shelf, number: int) -> None:
    lent: list[str] = []

    def opened(folder: Path) -> Store:
        (folder / "state").mkdir(mode=0o700)
        lent.append(postgres_shelf.take())
        return Store.open(lent[-1], folder / "state", patience=2)

    try:
        hold(opened, 1000 + number, BATCH // 2)
    finally:
        for url in lent:
            postgres_shelf.give_back(url)


def test_a_desk_that_slept_is_told_from_one_that_was_awake(on_sqlite: Opens) -> None:
    """Of the mornings it slept through it sends the last letter alone: were that not seen, nothing would be."""
    more = CALENDARS + RULES + PLANS
    alice = AGENT.format(
        name="Alice", address="alice@example.com", role="agent", level=1, calendar="berlin", notices="single"
    )
    asked = (Deed(1, CAROL, "It stops at page 3."),)
    history = (more, PEOPLE + alice, asked, (timedelta(hours=1), 4))
    lived, slept = (ends(on_sqlite, history, goes) for goes in (lives, sleeps))
    assert [lived[each] == slept[each] for each in ("letters", "events")] == [False, True]
