"""Receipts on their way from the thread that committed to the listeners' loop: one call wakes it for a whole commit.

Used by the conversations of one loop. A wake-up for each mail would make the committing thread stand aside as often.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial

from maildesk.words import Receipt

Then = Callable[[Future[Receipt]], None]


class Answers:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._come: deque[tuple[Then, Future[Receipt]]] = deque()
        self._called = False

    def expect(self, kept: Future[Receipt], then: Then) -> None:
        """Calls `then` on the loop, with `kept`, once that is done."""
        kept.add_done_callback(partial(self._arrived, then))

    def _arrived(self, then: Then, kept: Future[Receipt]) -> None:
        self._come.append((then, kept))
        if not self._called:
            self._called = True
            with suppress(RuntimeError):  # the loop has ended, and with it whoever expected this
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._called = False  # before the first is taken: what comes from now on calls again
        try:
            while self._come:
                then, kept = self._come.popleft()
                then(kept)
        finally:
            if self._come:
                self._loop.call_soon(self._deliver)
