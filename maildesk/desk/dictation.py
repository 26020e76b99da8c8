"""Letters written by a scribe, which is a process of its own: it may take its time, and an override may do anything.

Made by desk/opening for the daemon, used in the postman's thread. A letter never fails for the scribe's sake: when it
dies over one, or takes too long, the shipped letter is written here, and the overrides of letters of that name rest
until a reload.
"""

from __future__ import annotations

import math
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from maildesk.config import Config
from maildesk.desk.child import Child, ChildGone
from maildesk.letters.render import Fulfilled, Letters
from maildesk.words import Letter, Order

SCRIBE = "maildesk.desk.scribe"
MEMORY = 256 * 1024 * 1024
DEADLINE = 5.0  # seconds of CPU for a letter
PATIENCE = 15.0  # seconds of the wall clock: other letters wait meanwhile
TRY_AGAIN = 60.0  # seconds after a scribe that would not start


class Tells(Protocol):
    def scribe_replaced(self, *, reason: str) -> None: ...


class Dictation:
    """Orders go out and come back in the same order. `alarm` hears of broken overrides."""

    def __init__(
        self,
        config: Config,
        secrets: tuple[bytes, ...],
        alarm: Callable[[str], None],
        journal: Tells | None = None,
        start: Callable[[], Child] = lambda: Child(SCRIBE, "writing", MEMORY, DEADLINE, PATIENCE),
    ) -> None:
        self._told = pickle.dumps((config, secrets))
        self._alarm = alarm
        self._journal = journal
        self._start = start
        self._here = Letters(config, secrets, alarm)
        self._shipped = Letters(_without_overrides(config), secrets)
        self._resting: set[str] = set()  # letters whose overrides ended a scribe
        self._child: Child | None = None
        self._not_before = 0.0  # on the monotonic clock
        self._waiting: deque[Order] = deque()  # dictated, and not come back
        self._done: dict[int, Fulfilled] = {}  # by serial
        self._one = threading.Lock()  # a reload ends it, and waits until what is in hand is written

    def message_id(self, letter: Letter, serial: int) -> str:
        return self._here.message_id(letter, serial)

    def written(self, orders: Sequence[Order]) -> list[Fulfilled]:
        """What became of each. Never raises for a letter's sake."""
        with self._one:
            for order in orders:
                if order.name in self._resting:
                    self._write(order, self._shipped)
                else:
                    self._dictate(order)
            while self._waiting:
                self._hear()
            return [self._done.pop(order.serial) for order in orders]

    def begin(self) -> None:
        """Start the scribe, so that the first letter need not wait for it."""
        with self._one:
            self._begin()

    def follow(self, former: Dictation) -> None:
        """Take its place after a reload."""
        former.end()
        self.begin()

    def end(self) -> None:
        """End the scribe, after what is in hand. Who still has letters to write gets them written here."""
        with self._one:
            self._not_before = math.inf
            child, self._child = self._child, None
            if child:
                child.end()

    def _begin(self) -> None:
        if self._child is None and time.monotonic() >= self._not_before:
            try:
                self._child = self._start()
            except OSError as error:
                self._not_started(str(error))

    def _dictate(self, order: Order) -> None:
        self._begin()
        if self._child is None:
            self._write(order, self._here)
            return
        self._waiting.append(order)
        try:
            if not self._child.greeted:
                self._child.greet()
                self._child.send(self._told)
            self._child.send(pickle.dumps(tuple(order), pickle.HIGHEST_PROTOCOL))
        except ChildGone as gone:
            self._lost(self._child, gone)

    def _hear(self) -> None:
        child = self._child
        if child is None:
            self._write(self._waiting.popleft(), self._here)
            return
        try:
            written, faults = pickle.loads(child.frame())  # noqa: S301 - our own process
        except ChildGone as gone:
            self._lost(child, gone)
            return
        self._done[self._waiting.popleft().serial] = written
        for fault in faults:
            self._alarm(fault)

    def _lost(self, child: Child, gone: ChildGone) -> None:
        """The order it died over is written here with what is shipped, the others are dictated again."""
        child.end()
        self._child = None
        if child.greeted:
            self._tell(str(gone))
        else:
            self._not_started(str(gone))
        orders, self._waiting = self._waiting, deque()
        if child.greeted:
            self._blame(orders.popleft(), gone)
        for order in orders:
            self._dictate(order)

    def _blame(self, order: Order, gone: ChildGone) -> None:
        self._resting.add(order.name)
        self._alarm(f"{order.name}: {gone}; the shipped letter is used until a reload")
        self._write(order, self._shipped)

    def _write(self, order: Order, letters: Letters) -> None:
        [self._done[order.serial]] = letters.written([order])

    def _not_started(self, reason: str) -> None:
        self._not_before = time.monotonic() + TRY_AGAIN
        self._tell(f"the scribe does not start: {reason}")

    def _tell(self, reason: str) -> None:
        if self._journal:
            self._journal.scribe_replaced(reason=reason)


def _without_overrides(config: Config) -> Config:
    return config.model_copy(update={"desk": config.desk.model_copy(update={"templates": None})})
