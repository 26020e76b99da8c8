"""What jobs leave to the end of their transaction: done before the commit, undone with its job, blamed on no other."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.ledger import Ledger
from tests.store.test_ledger import busy, keys, put


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    ledger = Ledger(store, Journal(io.StringIO()))
    ledger.start()
    yield ledger
    ledger.stop(10)


def put_at_the_end(key: str) -> Callable[[Store], list[str]]:
    """Gives the keys that were there before its end."""

    def run(store: Store) -> list[str]:
        store.ends.add(lambda: put(key)(store))
        return keys(store)

    return run


def fail_at_the_end(store: Store) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    put("half")(store)
    store.ends.add(fail)


def test_the_end_comes_after_all_jobs_of_the_batch_and_before_the_commit(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        first, second = ledger.submit(put_at_the_end("late")), ledger.submit(put("early"))
        third = ledger.submit(keys)
    assert (first.result(30), second.result(30), third.result(30)) == ([], "early", ["early"])
    assert keys(store) == ["early", "late"]


def test_a_job_that_fails_leaves_nothing_to_the_end(store: Store, ledger: Ledger) -> None:
    def run(store: Store) -> None:
        put_at_the_end("lost")(store)
        raise ZeroDivisionError

    with busy(ledger):
        failing, other = ledger.submit(run), ledger.submit(put_at_the_end("kept"))
    with pytest.raises(ZeroDivisionError):
        failing.result(30)
    other.result(30)
    assert keys(store) == ["kept"]


def test_an_end_that_fails_costs_the_job_it_belongs_to_and_no_other(store: Store, ledger: Ledger) -> None:
    with busy(ledger):
        before = ledger.submit(put_at_the_end("before"))
        failing = ledger.submit(fail_at_the_end, lambda store, error: put(f"parked-{type(error).__name__}")(store))
        after = ledger.submit(put("after"))
    assert failing.result(30) == "parked-ZeroDivisionError"
    before.result(30)
    after.result(30)
    assert keys(store) == ["after", "before", "parked-ZeroDivisionError"]


def test_an_end_that_fails_reaches_who_has_no_rescue(store: Store, ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError):
        ledger.submit(fail_at_the_end).result(30)
    assert keys(store) == []


def test_a_savepoint_does_its_end_within_itself(store: Store) -> None:
    with store.atomic():
        put_at_the_end("outer")(store)
        with store.atomic():
            put_at_the_end("inner")(store)
        assert keys(store) == ["inner"]
    assert keys(store) == ["inner", "outer"]


def test_an_error_undoes_what_was_left_to_the_end_since(store: Store) -> None:
    with store.atomic():
        put_at_the_end("outer")(store)
        with suppress(ZeroDivisionError), store.atomic():
            put_at_the_end("inner")(store)
            raise ZeroDivisionError
    assert keys(store) == ["outer"]


def test_of_what_is_only_tried_nothing_stays(store: Store) -> None:
    with store.atomic():
        put_at_the_end("outer")(store)
        with store.undone():
            put("tried")(store)
            put_at_the_end("tried too")(store)
            assert keys(store) == ["tried"]
        assert keys(store) == []
    assert keys(store) == ["outer"]


def test_an_end_may_leave_something_to_the_end(store: Store) -> None:
    def first() -> None:
        put("first")(store)
        store.ends.add(second)

    def second() -> None:
        put("second")(store)

    with store.atomic():
        store.ends.add(first)
    assert keys(store) == ["first", "second"]
