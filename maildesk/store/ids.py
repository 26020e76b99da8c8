"""Rising numbers: the ids of mails and letters, which are one space, and the numbers of tickets.

On SQLite a counter row, moved inside the transaction: no gaps. On PostgreSQL sequences, so that several daemons
never wait for each other: gaps allowed, never reused. Called by the Store alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Protocol

SERIAL = "serial"
TICKET = "ticket"
FETCH = "SELECT nextval('counter_serial') FROM generate_series(1, 32)"  # one round trip for many


class Asks(Protocol):
    def all(self, sql: str, params: Iterable[object] = ()) -> list[tuple[Any, ...]]: ...


class Numbers(Protocol):
    def serial(self) -> int: ...
    def ticket(self) -> int: ...


class Counters:
    """SQLite: rows of the table counter."""

    def __init__(self, store: Asks) -> None:
        self.store = store

    def serial(self) -> int:
        return self._next(SERIAL)

    def ticket(self) -> int:
        return self._next(TICKET)

    def _next(self, name: str) -> int:
        [(value,)] = self.store.all("UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value", (name,))
        return int(value)


class Sequences:
    """PostgreSQL: counter_serial and counter_ticket. Serials come in handfuls, one round trip for all of them."""

    def __init__(self, store: Asks) -> None:
        self.store = store
        self.ready: deque[int] = deque()

    def serial(self) -> int:
        while True:
            try:
                return self.ready.popleft()
            except IndexError:
                fetched = self.store.all(FETCH)
                self.ready.extend(value for (value,) in fetched)

    def ticket(self) -> int:
        [(value,)] = self.store.all("SELECT nextval('counter_ticket')")
        return int(value)
