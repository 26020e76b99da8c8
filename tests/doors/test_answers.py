"""Receipts that come from another thread: each reaches its conversation, however many come at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from maildesk.doors.answers import Answers
from maildesk.words import Outcome, Receipt


class Loop(asyncio.SelectorEventLoop):
    """Counts how often another thread wakes it."""

    calls = 0

    def call_soon_threadsafe(self, *words: Any, **context: Any) -> asyncio.Handle:  # type: ignore[override]
        self.calls += 1
        return super().call_soon_threadsafe(*words, **context)


class Told:
    """Conversations that note what they are told."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.loop.set_exception_handler(lambda *_: None)
        self.answers = Answers(self.loop)
        self.ids: list[int] = []

    def expect(self, kept: Future[Receipt], fault: bool = False) -> None:
        self.answers.expect(kept, self._fail if fault else self._tell)

    def until(self, count: int) -> None:
        async def waited() -> None:
            while len(self.ids) < count:
                await asyncio.sleep(0.001)

        self.loop.run_until_complete(asyncio.wait_for(waited(), 10))

    def _tell(self, kept: Future[Receipt]) -> None:
        self.ids.append(kept.result().id)

    def _fail(self, kept: Future[Receipt]) -> None:
        self._tell(kept)
        raise RuntimeError("boom")


def finish(kept: list[Future[Receipt]]) -> None:
    def commit() -> None:
        for number, future in enumerate(kept):
            future.set_result(Receipt(id=number, outcome=Outcome.TICKET, reason=""))

    thread = threading.Thread(target=commit)
    thread.start()
    thread.join()


def test_all_receipts_of_a_commit_wake_the_loop_once_and_come_in_order() -> None:
    told = Told()
    kept: list[Future[Receipt]] = [Future() for _ in range(50)]
    for future in kept:
        told.expect(future)
    finish(kept)
    assert told.loop.calls == 1
    told.until(50)
    assert told.ids == list(range(50))
    told.loop.close()


def test_the_next_commit_wakes_it_again() -> None:
    told = Told()
    for count in (1, 2, 3):
        kept: list[Future[Receipt]] = [Future()]
        told.expect(kept[0])
        finish(kept)
        told.until(count)
        assert told.loop.calls == count
    told.loop.close()


def test_a_conversation_that_fails_costs_the_others_nothing() -> None:
    told = Told()
    kept: list[Future[Receipt]] = [Future() for _ in range(5)]
    for number, future in enumerate(kept):
        told.expect(future, fault=number in (0, 3))
    finish(kept)
    told.until(5)
    assert told.ids == [0, 1, 2, 3, 4]
    told.loop.close()


def test_a_receipt_after_the_end_of_the_loop_is_nobodys_error(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    kept: Future[Receipt] = Future()
    told.expect(kept)
    told.loop.close()
    finish([kept])
    assert kept.result().id == 0
    assert not caplog.records
    assert told.ids == []


def test_receipts_from_many_threads_all_arrive() -> None:
    told = Told()
    kept: list[Future[Receipt]] = [Future() for _ in range(400)]
    for future in kept:
        told.expect(future)
    threads = [threading.Thread(target=finish, args=(kept[at::4],)) for at in range(4)]
    for thread in threads:
        thread.start()
    told.until(400)
    for thread in threads:
        thread.join()
    assert len(told.ids) == 400
    told.loop.close()
