"""What a transaction leaves to its end, just before the commit.

Kept by the store, one list a thread, because each thread has a transaction of its own. Letters are the reason: they
are written by another process while the ledger goes on to the next mail, and are asked for when nothing else is left.
Whoever undoes a part of the transaction undoes what that part left to the end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

Act = Callable[[], object]


class Ends(threading.local):
    """What is to be done, first added first."""

    def __init__(self) -> None:
        self._acts: list[tuple[Act, tuple[object, ...]]] = []

    def add(self, act: Act, *about: object) -> None:
        """`about` is what the act will write, for those who count it before it is done."""
        self._acts.append((act, about))

    def count(self, what: object) -> int:
        """How often something is about to be written."""
        return sum(about.count(what) for _, about in self._acts)

    def mark(self) -> int:
        """How many there are now, for `settle` and `undo`."""
        return len(self._acts)

    def settle(self, mark: int = 0) -> None:
        """Do all that was added since the mark, in order. An act may add another."""
        while len(self._acts) > mark:
            act, _ = self._acts.pop(mark)
            act()

    def undo(self, mark: int = 0) -> None:
        del self._acts[mark:]
