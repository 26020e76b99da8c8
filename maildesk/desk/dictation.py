"""Letters written by a scribe, which is a process of its own: the ledger goes on to the next mail meanwhile.

Made by desk/opening for the daemon, used in the ledger's thread alone; verbs write their letters themselves. What one
mail asks for is one order. Its letters never fail for the scribe's sake: when it dies over an order, or takes too
long, the shipped letters are written here, and the overrides of those letters rest until a reload.
"""

from __future__ import annotations

import math
import pickle
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from io import BytesIO
from operator import attrgetter
from typing import Any, Protocol

from maildesk.config import Config
from maildesk.desk.child import Child, ChildGone
from maildesk.letters.render import Letters, Rendered
from maildesk.words import Address, Attachment, Letter

SCRIBE = "maildesk.desk.scribe"
MEMORY = 256 * 1024 * 1024
DEADLINE = 5.0  # seconds of CPU for the letters of one mail
PATIENCE = 15.0  # seconds of the wall clock: senders are answered within 30, and the ledger waits meanwhile
TRY_AGAIN = 60.0  # seconds after a scribe that would not start

Ordered = Sequence[tuple[Letter, int]]


class Tells(Protocol):
    def scribe_replaced(self, *, reason: str) -> None: ...


class LetterError(Exception):
    """The scribe could not write a letter; no override is to blame."""


class Order:
    """The letters of one mail; called, it waits for them."""

    def __init__(self, dictation: Dictation, letters: Ordered, now: datetime) -> None:
        self.letters = letters
        self.now = now
        self.written: Sequence[Rendered] | None = None
        self.error = ""
        self._dictation = dictation

    def __call__(self) -> Sequence[Rendered]:
        self._dictation.wait_for(self)
        if self.written is None:
            raise LetterError(self.error)
        return self.written


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
        self._waiting: deque[Order] = deque()

    def order(self, letters: Ordered, now: datetime) -> Callable[[], Sequence[Rendered]]:
        """Have letters written, each with its serial (store/apply_letters.Letters)."""
        order = Order(self, letters, now)
        if any(letter.name in self._resting for letter, _ in letters):
            self._write(order, self._shipped)
        else:
            self._dictate(order)
        return order

    def wait_for(self, order: Order) -> None:
        while order.written is None and not order.error:
            self._hear()

    def begin(self) -> None:
        """Start the scribe, so that the first letter need not wait for it."""
        if self._child is None and time.monotonic() >= self._not_before:
            try:
                self._child = self._start()
            except OSError as error:
                self._not_started(str(error))

    def follow(self, former: Dictation) -> None:
        """Take its place after a reload. What was dictated to it is finished; what it is still asked for, it writes."""
        while former._waiting:
            former._hear()
        former.end()
        self.begin()

    def end(self) -> None:
        """End the scribe, once the ledger has stopped. Who still asks for letters gets them written here."""
        self._not_before = math.inf
        child, self._child = self._child, None
        if child:
            child.end()

    def _dictate(self, order: Order) -> None:
        self.begin()
        if self._child is None:
            self._write(order, self._here)
            return
        self._waiting.append(order)
        try:
            if not self._child.greeted:
                self._child.greet()
                self._child.send(self._told)
            self._child.send(_packed(order))
        except ChildGone as gone:
            self._lost(self._child, gone)

    def _hear(self) -> None:
        child = self._child
        if child is None:
            self._write(self._waiting.popleft(), self._here)
            return
        try:
            written, error, faults = pickle.loads(child.frame())  # noqa: S301 - our own process
        except ChildGone as gone:
            self._lost(child, gone)
            return
        order = self._waiting.popleft()
        order.written, order.error = written, error
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
        names = sorted({letter.name for letter, _ in order.letters})
        self._resting.update(names)
        self._alarm(f"{', '.join(names)}: {gone}; the shipped letter is used until a reload")
        self._write(order, self._shipped)

    def _write(self, order: Order, letters: Letters) -> None:
        order.written = letters.order(order.letters, order.now)()

    def _not_started(self, reason: str) -> None:
        self._not_before = time.monotonic() + TRY_AGAIN
        self._tell(f"the scribe does not start: {reason}")

    def _tell(self, reason: str) -> None:
        if self._journal:
            self._journal.scribe_replaced(reason=reason)


def _by_place(kind: type) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """How to pickle a value of words: left to itself, it looks up the names of its fields each time."""
    values = attrgetter(*(field.name for field in fields(kind)))
    return lambda value: (kind, values(value))


BY_PLACE: dict[type, Callable[[Any], Any]] = {kind: _by_place(kind) for kind in (Letter, Address, Attachment)}


def _packed(order: Order) -> bytes:
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = BY_PLACE
    pickler.dump((order.letters, order.now))
    return buffer.getvalue()


def _without_overrides(config: Config) -> Config:
    return config.model_copy(update={"desk": config.desk.model_copy(update={"templates": None})})
