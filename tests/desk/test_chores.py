"""Chores: planned by the directory and the configuration, done once in order with the tickets' timers, put off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from maildesk.desk.opening import configure
from maildesk.desk.sweep import Batch, Sweeper
from maildesk.store import chores, directory, planning
from maildesk.store.database import Store
from tests.builders import ALICE, CAROL, mail
from tests.desk.test_story_digest import CALENDARS, PEOPLE, until, with_calendar
from tests.desk.world import SECRETS, World

MORNING = datetime.fromisoformat("2026-03-03T08:00:00Z")  # when Alice's day begins, and after Anton's


def planned(desk: World) -> dict[str, tuple[int, int | None, int | None]]:
    return desk.ask(
        lambda store: {row[0]: row[1:] for row in store.all("SELECT name, done, due, next_check FROM chore")}
    )


def people(desk: World, directory_file: str) -> None:
    desk.ask(lambda store: directory.apply(store, directory_file, desk.config))


def swept(desk: World) -> Sweeper:
    sweeper = Sweeper(desk.desk)
    sweeper.sweep(desk.now)
    return sweeper


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(CALENDARS, people=PEOPLE)


def test_a_new_agents_digest_begins_with_his_next_morning(desk: World) -> None:
    desk.receives(mail(CAROL))
    sweeper = swept(desk)
    desk.now += timedelta(days=2)
    people(desk, with_calendar(PEOPLE, "Mona Manager", "berlin"))
    sweeper.sweep(desk.now)
    assert len(planned(desk)) == 3
    assert "mona@example.com" not in {each.recipient for each in desk.sent("digest")}
    until(desk, "2026-03-05T08:00:00Z")
    assert "mona@example.com" in {each.recipient for each in desk.sent("digest")}


def test_an_agent_without_a_calendar_any_more_has_no_chore(desk: World) -> None:
    sweeper = swept(desk)
    assert len(planned(desk)) == 2
    people(desk, with_calendar(PEOPLE.replace('calendar = "berlin"\n', ""), "Mona Manager", "boston"))
    desk.now += timedelta(minutes=1)
    sweeper.sweep(desk.now)
    assert set(planned(desk)) == {"digest:2", "digest:3"}


def test_a_calendar_that_changes_moves_what_is_planned(desk: World) -> None:
    sweeper = swept(desk)
    before = planned(desk)
    later = desk.config.model_copy(
        update={"calendar": desk.config.calendar | {"berlin": desk.config.calendar["boston"]}}
    )
    configure(desk.desk, later, SECRETS)
    sweeper.sweep(desk.now)
    after = planned(desk)
    assert after["digest:1"][1] == after["digest:2"][1] == before["digest:2"][1] != before["digest:1"][1]


def test_chores_and_tickets_go_in_the_order_of_their_moments(desk: World) -> None:
    """Alice's letter of Wednesday knows that her ticket has closed an hour before, though both are done at noon."""
    desk.now = datetime.fromisoformat("2026-03-02T07:00:00Z")
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    swept(desk)
    until(desk, "2026-03-03T20:00:00Z")
    until(desk, "2026-03-04T12:00:00Z")
    assert desk.ticket()["closed"] == "2026-03-04T07:00:00Z"
    assert [each.name for each in desk.sent()] == ["closed", "survey"]


def test_a_sweep_that_finds_nothing_asks_once_for_tickets_and_once_for_chores(desk: World) -> None:
    desk.receives(mail(CAROL))
    sweeper = swept(desk)
    seen: list[str] = []

    def counted(store: Store) -> int:
        connection = store.database.connection()
        if store.postgres:
            return Batch(desk.desk.settings, desk.now, desk.now).run(store)
        connection.set_trace_callback(seen.append)
        done = Batch(desk.desk.settings, desk.now, desk.now).run(store)
        connection.set_trace_callback(None)
        return done

    assert desk.ask(counted) == 0
    assert len(seen) <= 2
    assert sweeper.sweep(desk.now).tickets == 0


def test_where_nobody_came_or_went_planning_asks_once_for_the_people_and_writes_nothing(desk: World) -> None:
    swept(desk)
    if desk.ask(lambda store: store.postgres):
        return
    seen: list[str] = []

    def counted(store: Store) -> None:
        known = planning.look(store, desk.config, desk.now).there
        store.database.connection().set_trace_callback(seen.append)
        assert planning.look(store, desk.config, desk.now + timedelta(hours=1), known) == planning.Looked(known)
        store.database.connection().set_trace_callback(None)

    desk.ask(counted)
    assert len(seen) <= 2
    assert all(statement.strip().startswith("SELECT") for statement in seen)


def test_the_chore_that_is_due_first_is_found_by_an_index(desk: World) -> None:
    swept(desk)
    if desk.ask(lambda store: store.postgres):
        return
    plan = desk.ask(lambda store: store.all("EXPLAIN QUERY PLAN " + chores.FIRST, (1,)))
    assert any("chore_next_check" in str(row) for row in plan)


def test_a_chore_that_fails_is_put_off_and_tickets_go_on(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    broken = desk.receives(mail(CAROL, subject="Broken")).ticket
    sweeper = swept(desk)
    desk.ask(lambda store: store.execute("UPDATE ticket SET severity = 9 WHERE reference = ?", (broken,)))
    before = planned(desk)["digest:1"]
    until(desk, "2026-03-04T10:00:00Z")
    assert desk.ticket()["status"] == "closed"
    assert desk.sent("digest") == []
    after = planned(desk)["digest:1"]
    assert after[:2] == before[:2]  # due for the same moment
    desk.ask(lambda store: store.execute("UPDATE ticket SET severity = 3 WHERE reference = ?", (broken,)))
    desk.now += timedelta(minutes=30)
    sweeper.sweep(desk.now)
    assert desk.sent("digest") == []
    desk.time_passes(minutes=31)
    assert desk.the("digest", ALICE)


@pytest.fixture
def desks(postgres_url: str, tmp_path: Path) -> Iterator[tuple[World, World]]:
    with closing(Store.open(postgres_url, tmp_path)) as one, closing(Store.open(postgres_url, tmp_path)) as two:
        worlds = World(one, tmp_path, CALENDARS, PEOPLE, {}), World(two, tmp_path, CALENDARS, PEOPLE, {})
        yield worlds
        for each in worlds:
            each.stop()


def test_of_two_daemons_one_does_it(desks: tuple[World, World]) -> None:
    one, two = desks
    one.receives(mail(CAROL))
    for each in desks:
        swept(each)
    assert len(planned(one)) == 2
    done, go_on = Event(), Event()
    one.now = two.now = MORNING

    def slowly(store: Store) -> int:
        steps = Batch(one.desk.settings, MORNING, MORNING).run(store)
        done.set()
        go_on.wait(20)
        return steps

    first = one.ledger.submit(slowly)
    assert done.wait(20)
    assert Sweeper(two.desk).sweep(MORNING).tickets == 0  # the other has both in hand
    go_on.set()
    assert first.result(20) == 2
    assert Sweeper(two.desk).sweep(MORNING).tickets == 0
    two.seen = 0
    assert sorted(each.recipient for each in two.sent("digest")) == ["alice@example.com", "anton@example.com"]
