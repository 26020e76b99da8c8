"""The ledger on both databases: one commit for all that wait, and what each kind of failure costs."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from maildesk.journal import Journal
from maildesk.store import people
from maildesk.store.database import Store
from maildesk.store.directory_rows import ADDRESS, NEW_AGENT
from maildesk.store.errors import is_full
from maildesk.store.jobs import BATCH_JOBS
from maildesk.store.ledger import Ledger
from maildesk.store.schema import ensure
from maildesk.words import Later
from tests.builders import START


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def ledger(store: Store, told: io.StringIO) -> Iterator[Ledger]:
    ledger = Ledger(store, Journal(told))
    ledger.start()
    yield ledger
    ledger.stop(10)


def put(key: str) -> Callable[[Store], str]:
    def run(store: Store) -> str:
        store.execute("INSERT INTO meta (key, value) VALUES (?, '')", (key,))
        return key

    return run


def put_and_fail(key: str) -> Callable[[Store], str]:
    def run(store: Store) -> str:
        put(key)(store)
        raise ZeroDivisionError(key)

    return run


def keys(store: Store) -> list[str]:
    return [key for (key,) in store.all("SELECT key FROM meta ORDER BY key")]


@contextmanager
def busy(ledger: Ledger) -> Iterator[None]:
    """Keeps the ledger at work, so that what is submitted inside waits and shares the next batch."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(_: Store) -> None:
        begun.set()
        go_on.wait(30)

    job = ledger.submit(wait, quiet=True)
    begun.wait(30)
    yield
    go_on.set()
    job.result(30)


@contextmanager
def locked(store: Store) -> Iterator[None]:
    if store.postgres:
        with psycopg.connect(store.url) as other:
            other.execute("LOCK TABLE meta IN ACCESS EXCLUSIVE MODE")
            yield
            other.rollback()
        return
    other = sqlite3.connect(store.state_dir / "maildesk.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_all_that_waits_shares_one_commit(store: Store, ledger: Ledger) -> None:
    commits: list[int] = []
    ledger.on_commit(lambda: commits.append(1))
    with busy(ledger):
        futures = [ledger.submit(put(f"{number:02}")) for number in range(BATCH_JOBS)]
    assert [future.result(30) for future in futures] == keys(store)
    ledger.ping().result(30)
    assert len(commits) == 1


def test_a_batch_is_full_at_eight_megabytes(store: Store, ledger: Ledger) -> None:
    commits: list[int] = []
    ledger.on_commit(lambda: commits.append(1))
    with busy(ledger):
        futures = [ledger.submit(put(str(number)), size=5_000_000) for number in range(4)]
    for future in futures:
        future.result(30)
    ledger.ping().result(30)
    assert len(commits) == 2


def test_a_future_resolves_when_others_can_see_the_row(store: Store, ledger: Ledger) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        other = Store.open(store.url, store.state_dir)
        seen.append(keys(other))
        other.close()

    def in_a_thread(_: object) -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(30)

    with busy(ledger):
        for key in ("a", "b"):
            ledger.submit(put(key)).add_done_callback(in_a_thread)
    ledger.ping().result(30)
    assert seen == [["a", "b"], ["a", "b"]]


def test_an_error_of_our_own_costs_one_job_and_its_rescue_keeps_the_mail(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        before = ledger.submit(put("before"))
        broken = ledger.submit(put_and_fail("broken"), lambda store, error: put(f"held {error}")(store))
        after = ledger.submit(put("after"))
    assert (before.result(30), broken.result(30), after.result(30)) == ("before", "held broken", "after")
    assert keys(store) == ["after", "before", "held broken"]


def test_a_job_over_what_comes_but_once_is_called_once(ledger: Ledger) -> None:
    coming = iter(range(3))

    def run(_: Store) -> list[int]:
        if next(coming) == 0:
            raise ZeroDivisionError
        return list(coming)

    with pytest.raises(ZeroDivisionError):
        ledger.submit(run, single=True).result(30)


def called(name: str) -> Callable[[Store], list[str]]:
    def run(store: Store) -> list[str]:
        store.execute("UPDATE agent SET name = ?", (name,))
        return names(store)

    return run


def names(store: Store) -> list[str]:
    return [each.name for each in people.agents(store, START)]


def test_a_change_of_the_directory_counts_at_once_whoever_makes_it(store: Store, ledger: Ledger) -> None:
    with store.atomic():
        [(ident,)] = store.all(NEW_AGENT, ("A", 1, "agent", "", "single", "[]"))
        store.execute(ADDRESS, ("a@desk.example", None, ident, 0))
    assert ledger.submit(names).result(30) == ["A"]
    called("B")(store)  # over another connection than the ledger's
    assert ledger.submit(names).result(30) == ["B"]
    with busy(ledger):
        told = [ledger.submit(job) for job in (names, called("C"), names)]
    assert [each.result(30) for each in told] == [["B"], ["C"], ["C"]]
    assert ledger.submit(names).result(30) == ["C"]


def test_a_change_of_the_directory_that_was_undone_is_not_remembered(store: Store, ledger: Ledger) -> None:
    with store.atomic():
        [(ident,)] = store.all(NEW_AGENT, ("A", 1, "agent", "", "single", "[]"))
        store.execute(ADDRESS, ("a@desk.example", None, ident, 0))

    def undone(store: Store) -> list[str]:
        with store.undone():
            return called("B")(store)

    def failed(store: Store) -> list[str]:
        called("C")(store)
        raise ZeroDivisionError

    with busy(ledger):
        told = [ledger.submit(job, lambda store, _: names(store)) for job in (names, undone, names, failed, names)]
    assert [each.result(30) for each in told] == [["A"], ["B"], ["A"], ["A"], ["A"]]
    assert ledger.submit(names).result(30) == ["A"]


def test_a_job_that_failed_takes_no_number(store: Store, ledger: Ledger) -> None:
    def draw(store: Store) -> tuple[int, int]:
        return store.serial(), store.next_number()

    def draw_and_fail(store: Store) -> tuple[int, int]:
        draw(store)
        raise ZeroDivisionError

    with busy(ledger):
        drawn = [ledger.submit(draw), ledger.submit(draw_and_fail, lambda store, _: draw(store)), ledger.submit(draw)]
    numbers = [future.result(30) for future in drawn] + [ledger.submit(draw).result(30)]
    for before, after in pairwise(numbers):
        steps = [later - earlier for earlier, later in zip(before, after, strict=True)]
        assert min(steps) >= 1 if store.postgres else steps == [1, 1]  # sequences may leave gaps


def test_nothing_stays_of_numbers_that_were_drawn_to_be_undone(store: Store, ledger: Ledger) -> None:
    def undone(store: Store) -> int:
        with store.undone():
            return store.next_number()

    with busy(ledger):
        first, second = ledger.submit(undone), ledger.submit(lambda store: store.next_number())
    assert second.result(30) - first.result(30) == (1 if store.postgres else 0)


def test_an_error_without_rescue_reaches_who_submitted(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        broken = ledger.submit(put_and_fail("broken"))
        after = ledger.submit(put("after"))
    with pytest.raises(ZeroDivisionError):
        broken.result(30)
    assert after.result(30) == "after"
    assert keys(store) == ["after"]


def test_a_rescue_that_fails_too_asks_the_sender_to_come_again(store: Store, ledger: Ledger) -> None:
    broken = ledger.submit(put_and_fail("broken"), lambda store, error: put_and_fail("rescue")(store))
    with pytest.raises(Later) as caught:
        broken.result(30)
    assert str(caught.value) == "Try again later"
    assert keys(store) == []


def test_a_row_that_another_daemon_was_first_with_is_looked_at_again(store: Store, ledger: Ledger) -> None:
    tries: list[list[str]] = []

    def run(store: Store) -> str:
        tries.append(keys(store))
        return "duplicate" if len(tries) > 1 else put("taken")(store)

    ledger.once(put("taken"))
    assert ledger.submit(run).result(30) == "duplicate"
    assert len(tries) == 2


def test_a_cancelled_job_is_not_run(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        cancelled = ledger.submit(put("cancelled"))
        assert cancelled.cancel()
    ledger.ping().result(30)
    assert keys(store) == []


def test_a_full_queue_says_so_at_once(store: Store) -> None:
    ledger = Ledger(store, Journal(io.StringIO()), capacity=2)
    ledger.start()
    with busy(ledger):
        kept = [ledger.submit(put(key)) for key in "ab"]
        with pytest.raises(Later) as caught:
            ledger.submit(put("c")).result(0)
    assert caught.value.full
    assert [future.result(30) for future in kept] == ["a", "b"]
    assert ledger.stop(10)


def test_a_queue_is_bounded_in_octets_too(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        large = ledger.submit(put("large"), size=100_000_000)
        with pytest.raises(Later):
            ledger.submit(put("next"), size=1).result(0)
    assert large.result(30) == "large"


def test_stop_finishes_what_waits_and_refuses_what_comes_later(store: Store) -> None:
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()
    waiting = [ledger.submit(put(f"{number:03}")) for number in range(200)]
    assert ledger.stop(20)
    assert [future.result(0) for future in waiting] == keys(store)
    with pytest.raises(Later) as caught:
        ledger.submit(put("late")).result(0)
    assert not caught.value.full
    assert not ledger.alive


def test_what_could_not_be_finished_in_time_is_answered(store: Store) -> None:
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()
    with busy(ledger):
        waiting = ledger.submit(put("a"))
        assert not ledger.stop(0.05)
        with pytest.raises(Later):
            waiting.result(0)
    assert ledger.stop(10)


def test_a_thread_that_dies_tells_the_daemon(store: Store) -> None:
    deaths: list[BaseException] = []
    ledger = Ledger(store, Journal(io.StringIO()), fatal=deaths.append)
    ledger.start()

    def die(_: Store) -> None:
        raise SystemExit("gone")

    ledger.submit(die)
    ledger._thread.join(30)
    assert isinstance(deaths[0], SystemExit)
    assert not ledger.alive


def test_a_verb_is_a_batch_of_one(store: Store) -> None:
    ledger = Ledger(store, Journal(io.StringIO()))
    assert ledger.once(put("a")) == "a"
    with pytest.raises(ZeroDivisionError):
        ledger.once(put_and_fail("b"))
    assert ledger.once(put_and_fail("b"), lambda store, _: put("held")(store)) == "held"
    assert keys(store) == ["a", "held"]


def test_commits_of_quiet_jobs_wake_nobody(ledger: Ledger) -> None:
    woken: list[int] = []
    ledger.on_commit(lambda: woken.append(1))
    ledger.submit(put("a"), quiet=True).result(30)
    ledger.ping().result(30)
    assert woken == []


def test_what_a_verb_committed_is_noticed(store: Store, ledger: Ledger) -> None:
    ledger.foreign().result(30)
    other = Store.open(store.url, store.state_dir)
    Ledger(other, Journal(io.StringIO())).once(put("a"))
    other.close()
    assert ledger.foreign().result(30)


def test_a_locked_database_means_later_for_all_and_nothing_is_lost(
    store: Store, ledger: Ledger, told: io.StringIO
) -> None:
    with locked(store):
        futures = [ledger.submit(put(key), lambda store, _: put("held")(store)) for key in "ab"]
        for future in futures:
            with pytest.raises(Later) as caught:
                future.result(30)
            assert not caught.value.full
    assert ledger.submit(put("c")).result(30) == "c"
    assert keys(store) == ["c"]
    assert "store-unavailable" in told.getvalue()


def test_a_read_only_database_means_later(store: Store, ledger: Ledger) -> None:
    read_only = "SET TRANSACTION READ ONLY" if store.postgres else "PRAGMA query_only = 1"

    def run(store: Store) -> str:
        store.execute(read_only)
        return put("a")(store)

    with busy(ledger):
        futures = [ledger.submit(put("before")), ledger.submit(run, lambda store, _: put("held")(store))]
    for future in futures:
        with pytest.raises(Later):
            future.result(30)


def test_a_full_disk_means_no_room_and_recovers_when_there_is(tmp_path: Path) -> None:
    store = Store.open("sqlite:///maildesk.db", tmp_path)
    ensure(store)
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()

    def run(store: Store) -> str:
        [(pages,)] = store.all("PRAGMA page_count")
        store.execute(f"PRAGMA max_page_count = {pages + 10}")
        store.execute("INSERT INTO meta (key, value) VALUES ('large', ?)", ("x" * 1_000_000,))
        return "large"

    with busy(ledger):
        futures = [ledger.submit(put("a")), ledger.submit(run, lambda store, _: put("held")(store))]
    for future in futures:
        with pytest.raises(Later) as caught:
            future.result(30)
        assert caught.value.full
        assert "full" in str(caught.value.__cause__)
    assert ledger.submit(put("b")).result(30) == "b"
    assert keys(store) == ["b"]
    assert ledger.stop(10)
    store.close()


def test_postgresql_s_full_disk_is_known_by_its_code() -> None:
    assert is_full(psycopg.errors.DiskFull())
    assert not is_full(psycopg.errors.DeadlockDetected())


def test_a_commit_that_fails_is_no_commit(tmp_path: Path) -> None:
    store = Store.open("sqlite:///maildesk.db", tmp_path)
    ensure(store)
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()

    def run(store: Store) -> None:
        store.execute("PRAGMA defer_foreign_keys = ON")
        store.execute("INSERT INTO link (ticket_id, other) VALUES (99, 'nowhere')")

    with busy(ledger):
        futures = [ledger.submit(put("a")), ledger.submit(run)]
    for future in futures:
        with pytest.raises(Later):
            future.result(30)
    assert keys(store) == []
    assert ledger.stop(10)
    store.close()


def test_a_lost_connection_is_made_again(postgres_url: str, tmp_path: Path) -> None:
    store = Store.open(postgres_url, tmp_path)
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()
    [(pid,)] = ledger.submit(lambda store: store.all("SELECT pg_backend_pid()")).result(30)
    store.execute("SELECT pg_terminate_backend(?)", (pid,))
    with pytest.raises(Later):
        ledger.submit(put("a")).result(30)
    assert ledger.submit(put("b")).result(30) == "b"
    assert keys(store) == ["b"]
    assert ledger.stop(10)
    store.close()


def test_two_daemons_in_each_other_s_way_both_finish(postgres_url: str, tmp_path: Path) -> None:
    stores = [Store.open(postgres_url, tmp_path) for _ in range(2)]
    ledgers = [Ledger(store, Journal(io.StringIO())) for store in stores]
    for key in "xy":
        ledgers[0].once(put(key))
    meet = threading.Barrier(2)

    def both(first: str, second: str) -> Callable[[Store], str]:
        met: list[int] = []

        def run(store: Store) -> str:
            store.execute("UPDATE meta SET value = value || 'a' WHERE key = ?", (first,))
            if not met:
                met.append(1)
                meet.wait(30)
            store.execute("UPDATE meta SET value = value || 'b' WHERE key = ?", (second,))
            return first

        return run

    for ledger in ledgers:
        ledger.start()
    futures = [ledgers[0].submit(both("x", "y")), ledgers[1].submit(both("y", "x"))]
    assert [future.result(30) for future in futures] == ["x", "y"]
    assert sorted(len(value) for (value,) in stores[0].all("SELECT value FROM meta")) == [2, 2]
    for ledger, store in zip(ledgers, stores, strict=True):
        assert ledger.stop(10)
        store.close()


CRASHING = """
import sys
from pathlib import Path
from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
store = Store.open(sys.argv[1], Path(sys.argv[2]))
ledger = Ledger(store, Journal())
store.close()
ledger.start()
ledger.submit(lambda store: store.execute("INSERT INTO meta (key, value) VALUES ('a', '')"), size=1).result()
"""


@pytest.mark.parametrize(("place", "kept"), [("before-commit", []), ("after-commit", ["a"])])
def test_kill_9_before_the_commit_leaves_nothing_and_after_it_everything(
    store: Store, place: str, kept: list[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CRASHING, store.url, str(store.state_dir)],
        env=os.environ | {"MAILDESK_CRASH_AT": place},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    assert keys(store) == kept
