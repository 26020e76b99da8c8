"""What a sweep costs, counted: by statements and by steps, so that it is the same on any machine and for any desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from maildesk.desk.sweep import MOST_PLANNED, MOST_STEPS, Batch, Sweeper
from maildesk.store import chores, due, figures, held, outlook, planning, tickets, views_ticket
from maildesk.store.database import Store
from maildesk.store.moments import micros
from tests.builders import CAROL, DIRECTORY, mail
from tests.desk.test_story_digest import CALENDARS
from tests.desk.world import World
from tests.store.plans import scans

TRANSACTION = ("BEGIN", "COMMIT", "PRAGMA")
PROMISE = '2\nfirst_response = { 3 = "2h" }'
LIMITS = """
[limits]
acks_per_contact = "1000/h"
automatic_mail = "1000/h"
"""
# statements are told by SQLite, and are the same on PostgreSQL
counted = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Two hours for a first answer."""
    return world(LIMITS, contacts=PROMISE)


@contextmanager
def statements(desk: World) -> Iterator[list[str]]:
    """Those of the ledger, without those of a transaction itself."""
    found: list[str] = []

    def trace(hook: Callable[[str], object] | None) -> None:
        desk.ask(lambda store: store.database.connection().set_trace_callback(hook))

    trace(found.append)
    yield found
    trace(None)
    found[:] = [each for each in found if not each.lstrip().startswith(TRANSACTION)]


def asked(desk: World, number: int) -> None:
    for nth in range(number):
        desk.receives(mail(CAROL, subject=f"Export {nth} fails"))


def batches(desk: World) -> list[int]:
    """The steps of each job until nothing is due."""
    found = [1]
    while found[-1]:
        found.append(desk.ask(Batch(desk.desk.settings, desk.now, desk.now).run))
    return found[1:-1]


@counted
def test_an_idle_sweep_is_one_statement_and_wakes_nobody(desk: World) -> None:
    asked(desk, 3)
    sweeper = Sweeper(desk.desk)
    sweeper.sweep(desk.now)
    woken: list[str] = []
    desk.ledger.on_commit(lambda: woken.append("postman"))
    with statements(desk) as seen:
        woken.clear()
        sweeper.sweep(desk.now)
        sweeps = list(woken)
    assert sweeps == []
    assert [each for each in seen if "EXISTS" in each] == seen
    assert len(seen) == 1


@counted
def test_a_further_mail_has_its_ticket_looked_up_once_and_marks_no_letter_where_none_went_just_now(desk: World) -> None:
    asked(desk, 1)
    letter = desk.the("acknowledgement")
    for minutes, marked in ((1, True), (5, False)):
        desk.time_passes(minutes=minutes)
        with statements(desk) as seen:
            desk.replies(CAROL, letter, f"{minutes} minutes later it still fails.")
        assert sum(each.split("WHERE")[-1].strip().startswith("t.reference") for each in seen) == 1
        assert any(each.startswith("UPDATE letter SET answered") for each in seen) is marked


@counted
def test_a_ticket_costs_as_many_statements_whatever_else_there_is(desk: World) -> None:
    costs = []
    for number in (3, 12):
        asked(desk, number)
        desk.time_passes(minutes=100)  # who can still keep it has been warned
        desk.now += desk.config.plan["standard"].first_response[3].wall
        with statements(desk) as seen:
            steps = batches(desk)
        assert sum(steps) == number
        costs.append(len(seen) / number)
    assert max(costs) <= 40
    assert costs[1] <= costs[0] + 1  # slow machines make more jobs of it


def test_no_job_does_more_than_so_many_things(desk: World) -> None:
    number = MOST_STEPS + 20
    asked(desk, 1)
    desk.ask(lambda store: copied(store, number - 1))
    desk.now += desk.config.plan["standard"].first_response[3].wall * 3 / 4
    found = batches(desk)
    assert max(found) <= MOST_STEPS
    assert sum(found) == number


def copied(store: Store, number: int) -> None:
    """As many tickets more, like the last one there is."""
    [row] = store.all("SELECT * FROM ticket ORDER BY id DESC LIMIT 1")
    [names] = [[each[0] for each in store.execute("SELECT * FROM ticket").description]]
    for nth in range(1, number + 1):
        ticket: dict[str, Any] = dict(zip(names, row, strict=True))
        ticket |= {"id": row[0] + nth, "number": ticket["number"] + nth, "reference": f"EX-{ticket['number'] + nth}"}
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        store.execute(f"INSERT INTO ticket ({columns}) VALUES ({places})", list(ticket.values()))


def test_what_a_sweep_asks_for_is_found_by_indexes(desk: World) -> None:
    at = micros(desk.now)

    def looked(store: Store) -> list[str]:
        found = scans(store, due.ANYTHING, (at, at, at))
        found += scans(store, due.FIRST, (at,))
        found += scans(store, "SELECT mail_id FROM held WHERE state = 'waiting' AND until <= ? ORDER BY until", (at,))
        return found + scans(store, figures.MAILS.format("(?, ?)"), (1, 2))

    def by_ticket(store: Store) -> bool:
        wanted = range(figures.WINDOW)
        sql = figures.MAILS.format(f"({', '.join('?' * len(wanted))})")
        return store.postgres or "mail_ticket_id" in str(store.all(f"EXPLAIN QUERY PLAN {sql}", wanted))

    assert desk.ask(by_ticket)
    assert desk.ask(looked) == []
    assert desk.ask(lambda store: held.overdue(store, desk.now)) == []


def test_an_idle_look_goes_over_no_tickets_even_when_planned_for_any_moment(desk: World) -> None:
    """As PostgreSQL does for a statement that it has seen some times."""
    asked(desk, 1)

    def plan(store: Store) -> str:
        copied(store, 500)
        if not store.postgres:
            return str(store.all(f"EXPLAIN QUERY PLAN {due.ANYTHING}", (1, 1, 1)))
        store.execute("ANALYZE ticket")
        store.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        numbered = due.ANYTHING.replace("?", "${}").format(1, 2, 3)
        store.execute(f"PREPARE looks(bigint, bigint, bigint) AS {numbered}")
        return str(store.all("EXPLAIN EXECUTE looks(1, 1, 1)"))

    found = desk.ask(plan)
    assert "ticket_next_check_number" in found
    assert "Seq Scan on ticket" not in found
    assert "SCAN ticket" not in found


def test_tickets_due_at_one_moment_are_not_sorted_for_each_of_them(desk: World) -> None:
    """On PostgreSQL a sort of all that is due would come with each step."""

    def plan(store: Store) -> str:
        with store.atomic():
            if store.postgres:
                store.execute("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN" if store.postgres else "EXPLAIN QUERY PLAN"
            return str(store.all(f"{explain} {due.FIRST}", (1,)))

    found = desk.ask(plan)
    assert "ticket_next_check_number" in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found


def test_chores_of_more_agents_than_one_job_plans_are_all_planned(world: Callable[..., World]) -> None:
    agents = "".join(
        f'[[agent]]\nname = "Agent {n}"\naddresses = ["a{n}@example.com"]\ncalendar = "berlin"\n'
        for n in range(MOST_PLANNED + 10)
    )
    desk = world(CALENDARS, people=DIRECTORY + agents)
    looked = desk.ask(lambda store: planning.look(store, desk.config, desk.now))
    assert len(looked.doubts) == MOST_PLANNED + 10
    Sweeper(desk.desk).sweep(desk.now)
    again = desk.ask(lambda store: planning.look(store, desk.config, desk.now, looked.there))
    assert again == planning.Looked(looked.there)
    [(rows, planned)] = desk.ask(lambda store: store.all("SELECT COUNT(*), COUNT(due) FROM chore"))
    assert rows == planned == MOST_PLANNED + 10


def test_a_report_looks_at_so_many_tickets_at_a_time_and_at_all_of_them(desk: World) -> None:
    asked(desk, 1)
    desk.ask(lambda store: copied(store, figures.WINDOW + 5))

    def pages(store: Store) -> list[list[str]]:
        found, behind = [], 0
        while behind is not None:
            cases, behind = figures.cases(store, desk.now, desk.now.replace(year=2027), behind)
            found.append([each.reference for each in cases])
        return found

    found = desk.ask(pages)
    assert [len(each) <= figures.WINDOW for each in found] == [True] * 2
    assert [reference for each in found for reference in each] == [
        f"EX-{10001 + nth}" for nth in range(figures.WINDOW + 6)
    ]


def test_many_tickets_are_loaded_as_each_of_them_would_be(desk: World) -> None:
    asked(desk, 3)
    desk.receives(mail(CAROL, cc="Bob <bob@acme.example>", subject="For Bob, too"))

    def both(store: Store) -> tuple[list[object], list[object]]:
        wanted = ["EX-10004", "EX-10002", "EX-99999", "EX-10001"]
        one_by_one = [tickets.load(store, each, ()) for each in wanted]
        return [each for each in one_by_one if each], list(tickets.load_all(store, wanted, ()))

    one_by_one, at_once = desk.ask(both)
    assert len(at_once) == 3
    assert at_once == one_by_one


@counted
def test_lists_take_as_few_statements_for_hundreds_of_tickets(desk: World) -> None:
    asked(desk, 2)
    there = desk.ask(lambda store: chores.roster(store, desk.now))
    lists: tuple[Callable[[Store], Iterable[object]], ...] = (
        lambda store: views_ticket.listed(store, desk.config, desk.now),
        lambda store: outlook.coming(store, desk.config, there, desk.now, desk.now.replace(year=2027)),
    )
    few, many = [], []
    for found in (few, many):
        for looks in lists:
            with statements(desk) as seen:
                assert len(desk.ask(partial(_all_of, looks))) >= 2
            found.append(len(seen))
        desk.ask(lambda store: copied(store, tickets.SOME - 2))
    assert few == many
    assert max(many) <= 12


def _all_of(looks: Callable[[Store], Iterable[object]], store: Store) -> list[object]:
    return list(looks(store))
