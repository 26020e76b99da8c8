"""Another configuration, another plan: the tickets at rest go by it soon, and nobody is buried in letters for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from maildesk.config import parse
from maildesk.desk.opening import configure
from maildesk.desk.replanning import MOST, Replanner, Stretch
from maildesk.desk.sweep import Sweeper, patiently
from maildesk.policy.replanning import mark
from maildesk.store import directory, replanning, tickets
from maildesk.store.database import Store
from maildesk.store.moments import micros
from tests.builders import ALICE, CAROL, DIRECTORY, START, configuration, mail
from tests.desk.world import SECRETS, World

SLOW = '2\nfirst_response = { 3 = "8h" }\n'
QUICK = '2\nfirst_response = { 3 = "2h" }\n'
GOLD = '[plan.gold]\ntitle = "Gold"\ncontacts = 2\nqueues = ["technical", "sales"]\nfirst_response = { 3 = "3h" }\n'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """It is Monday, 9:00; the first answer is promised within eight hours."""
    return world(contacts=SLOW)


def goes_by(desk: World, more: str = "", **replaced: str) -> None:
    """As after a reload."""
    desk.config = parse(configuration(more, **replaced), desk.config.path.parent)
    configure(desk.desk, desk.config, SECRETS)


def checks(desk: World, reference: str = "EX-10001") -> int | None:
    """When time looks at the ticket next: minutes from now."""
    sql = "SELECT next_check FROM ticket WHERE reference = ?"
    [(at,)] = desk.ask(lambda store: store.all(sql, (reference,)))
    return None if at is None else round(at / 60_000_000 - desk.now.timestamp() / 60)


def events(desk: World, name: str, reference: str = "EX-10001") -> list[dict[str, Any]]:
    return [each for each in desk.ticket(reference)["events"] if each["event"] == name]


# a promise


def test_a_ticket_at_rest_goes_by_a_shorter_promise_after_a_reload(desk: World) -> None:
    desk.receives()
    desk.time_passes(minutes=10)
    goes_by(desk, contacts=QUICK)
    desk.time_passes(minutes=1)
    assert checks(desk) == 79  # it warns at three quarters of two hours
    desk.time_passes(minutes=79)
    assert {letter.recipient for letter in desk.sent("due_soon")} >= {"alice@example.com"}


def test_a_longer_promise_is_not_told_as_overdue_at_its_former_end(desk: World) -> None:
    desk.receives()
    desk.time_passes(minutes=10)
    goes_by(desk, contacts='2\nfirst_response = { 3 = "100h" }\n')
    desk.time_passes(hours=20)
    assert not desk.sent("due_soon", "overdue")
    assert not events(desk, "missed")


def test_a_promise_that_is_new_begins_for_tickets_that_are_there(world: Callable[..., World]) -> None:
    desk = world()
    desk.receives()
    desk.time_passes(minutes=10)
    assert checks(desk) is None
    goes_by(desk, contacts=QUICK)
    desk.time_passes(minutes=1)
    assert checks(desk) == 79


def test_a_promise_that_is_gone_calls_nobody(desk: World) -> None:
    desk.receives()
    desk.time_passes(minutes=10)
    goes_by(desk)
    desk.time_passes(minutes=1)
    assert checks(desk) is None


def test_a_promise_that_is_over_when_it_begins_is_recorded_and_nobody_is_written_to(desk: World) -> None:
    for number in range(3):
        desk.receives(mail(CAROL, subject=f"Matter {number}"))
    desk.time_passes(hours=5)
    goes_by(desk, contacts=QUICK)
    desk.time_passes(minutes=1)
    assert desk.sent() == []
    [told] = events(desk, "overdue", "EX-10002")
    assert (told["at"], told["detail"]) == ("2026-03-02T14:01:00Z", "first_response")
    assert desk.ticket("EX-10002")["due"]["first_response"] == "2026-03-02T11:00:00Z"  # every list shows it so
    desk.time_passes(days=2)
    assert not desk.sent("due_soon", "overdue")


def test_the_next_promise_of_such_a_ticket_is_told_as_ever(world: Callable[..., World]) -> None:
    desk = world(contacts=SLOW)
    desk.receives()
    told = desk.the("agent_ticket", ALICE)
    desk.time_passes(hours=5)
    goes_by(desk, contacts=QUICK + 'next_response = { 3 = "2h" }\n')
    desk.time_passes(minutes=1)
    desk.replies(ALICE, told, "Which version?")
    desk.replies(CAROL, desk.the("reply", CAROL), "Version 4.")
    desk.time_passes(hours=3)
    assert {letter.name for letter in desk.sent()} >= {"due_soon", "overdue"}


def test_what_was_due_before_the_change_is_done_as_of_its_moment(desk: World) -> None:
    """The desk was down for a day, and is started with another configuration."""
    desk.receives()
    desk.time_passes(minutes=10)
    goes_by(desk, contacts='2\nfirst_response = { 3 = "6h" }\n')
    desk.time_passes(days=1)
    [missed] = events(desk, "missed")
    assert missed["at"] == "2026-03-02T15:00:00Z"
    assert desk.sent("overdue")


# closing, calendars


def test_solved_tickets_close_as_the_new_configuration_says(desk: World) -> None:
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    desk.time_passes(hours=1)
    goes_by(desk, '[closing]\nsolved_after = "6h"\nremind_before = "1h"\n', contacts=SLOW)
    desk.time_passes(minutes=1)
    assert checks(desk) == 4 * 60 - 1
    desk.time_passes(hours=5)
    assert desk.ticket()["closed"] == "2026-03-02T15:00:00Z"


def test_a_close_that_is_over_by_the_new_configuration_is_of_now_and_not_of_the_past(desk: World) -> None:
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    desk.time_passes(hours=20)
    goes_by(desk, '[closing]\nsolved_after = "6h"\nremind_before = "0s"\n', contacts=SLOW)
    desk.time_passes(minutes=1)
    assert desk.ticket()["closed"] == "2026-03-03T05:01:00Z"


def test_a_calendar_that_closes_moves_what_is_promised(world: Callable[..., World]) -> None:
    desk = world('[calendar.office]\nhours = { mon-fri = "08:00-16:00" }\n', contacts=SLOW + 'calendar = "office"\n')
    desk.receives()
    desk.time_passes(minutes=1)
    moved = '[calendar.office]\nhours = { mon-fri = "08:00-16:00" }\nclosed = ["2026-03-03"]\n'
    goes_by(desk, moved, contacts='2\nfirst_response = { 3 = "10bh" }\ncalendar = "office"\n')
    desk.time_passes(minutes=1)
    desk.time_passes(hours=47)  # Wednesday, 8:02: of ten hours seven are over
    assert not desk.sent("overdue")
    assert desk.ticket()["due"]["first_response"] == "2026-03-04T11:00:00Z"


# the directory


def test_a_directory_that_gives_another_plan_reaches_the_organisations_tickets(world: Callable[..., World]) -> None:
    desk = world(GOLD, contacts=SLOW)
    desk.receives()
    desk.time_passes(minutes=10)
    golden = DIRECTORY.replace('plan = "standard"', 'plan = "gold"', 1)
    desk.ask(lambda store: directory.apply(store, golden, desk.config, now=desk.now))
    desk.time_passes(minutes=2)
    assert checks(desk) == 123  # three quarters of three hours, less twelve minutes


def test_a_running_desk_notices_another_plan_within_a_minute(world: Callable[..., World]) -> None:
    desk = world(GOLD, contacts=SLOW)
    sweeper = Sweeper(desk.desk)
    desk.receives()
    sweeper.sweep(desk.now)
    golden = DIRECTORY.replace('plan = "standard"', 'plan = "gold"', 1)
    desk.ask(lambda store: directory.apply(store, golden, desk.config, now=desk.now))
    desk.now += timedelta(minutes=1)
    sweeper.sweep(desk.now)
    assert checks(desk) == 134  # three quarters of three hours, less a minute


# the work itself


def test_it_is_done_once_and_nothing_is_written_where_nothing_changes(desk: World) -> None:
    desk.receives()
    desk.time_passes(minutes=10)
    before = checks(desk)
    desk.time_passes(minutes=10)
    assert checks(desk) == (before or 0) - 10
    assert [each["event"] for each in desk.ticket()["events"]] == ["opened"]


def test_hundreds_of_tickets_are_planned_a_few_at_a_time(desk: World) -> None:
    many(desk, 200)
    desk.time_passes(hours=1)
    goes_by(desk, contacts=QUICK)
    desk.ask(lambda store: replanning.begin(store, mark(desk.config)))
    assert desk.ask(Stretch(desk.desk.settings, desk.now, ()).run)
    assert 0 < planned(desk) <= MOST
    Replanner(desk.desk, patiently).finish()
    assert planned(desk) == 200


def test_a_ticket_that_fails_stops_no_other(desk: World) -> None:
    many(desk, 5)
    desk.time_passes(hours=1)
    desk.ask(lambda store: store.execute("UPDATE ticket SET clocks = '{' WHERE reference = 'EX-10003'"))
    goes_by(desk, contacts=QUICK)
    desk.time_passes(seconds=1)
    assert planned(desk) == 4


# several daemons on one store


@pytest.fixture
def two(postgres_url: str, tmp_path: Path) -> Iterator[tuple[World, World]]:
    with closing(Store.open(postgres_url, tmp_path)) as one, closing(Store.open(postgres_url, tmp_path)) as other:
        worlds = tuple(World(each, tmp_path, "", DIRECTORY, {"contacts": SLOW}) for each in (one, other))
        yield worlds[0], worlds[1]
        for each in worlds:
            each.stop()


def test_two_daemons_share_the_work_and_do_nothing_twice(two: tuple[World, World]) -> None:
    one, other = two
    many(one, 150)
    one.time_passes(hours=5)
    other.now = one.now
    for each in two:
        goes_by(each, contacts=QUICK)
        each.ask(lambda store: replanning.begin(store, mark(one.config)))
    while True:
        both = [begun(each) for each in two]  # at the same time
        if not any([each.result(20) for each in both]):  # noqa: C419 - of both
            break
    assert one.ask(lambda store: store.all("SELECT COUNT(*) FROM event WHERE event = 'overdue'")) == [(150,)]


def test_a_daemon_of_another_configuration_leaves_it_alone(two: tuple[World, World]) -> None:
    one, other = two
    many(one, 3)
    sweeper = Sweeper(other.desk)
    sweeper.sweep(other.now)
    one.time_passes(minutes=10)
    goes_by(one, contacts=QUICK)
    one.time_passes(seconds=1)
    other.now = one.now + timedelta(minutes=2)
    sweeper.sweep(other.now)
    assert planned(one) == 3


def begun(desk: World) -> Future[bool]:
    return desk.desk.ledger.submit(Stretch(desk.desk.settings, desk.now, ()).run)


def many(desk: World, count: int) -> None:
    """So many tickets that wait for their first answer since 9:00; each goes by what it was opened with."""
    desk.receives()
    desk.time_passes(seconds=1)

    def copy(store: Store) -> None:
        ticket = tickets.load(store, "EX-10001", ())
        assert ticket
        for number in range(2, count + 1):
            columns = tickets.values(replace(ticket, reference=f"EX-{10000 + number}"))
            tickets.insert(store, columns | {"next_check": micros(desk.now + timedelta(hours=6))})

    desk.ask(copy)


def planned(desk: World) -> int:
    """How many go by two hours from 9:00, of which three quarters have to run."""
    sql = "SELECT COUNT(*) FROM ticket WHERE next_check = ?"
    [(count,)] = desk.ask(lambda store: store.all(sql, (micros(START + timedelta(minutes=90)),)))
    return int(count)
