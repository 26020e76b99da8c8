"""Rising numbers: the ids of mails and letters, which are one space, and the numbers of tickets.

On SQLite a counter row, moved inside the transaction: no gaps. On PostgreSQL sequences, so that several daemons
never wait for each other: gaps allowed, never reused. Called by the Store alone; what is drawn in one transaction of
the ledger is read and written once for all of its jobs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

SERIAL = "serial"
TICKET = "ticket"
READ = "SELECT name, value FROM counter"
WRITE = "UPDATE counter SET value = CASE name WHEN 'serial' THEN ? ELSE ? END"
MOVE = "UPDATE counter SET value = value + ? WHERE name = ? RETURNING value"
FETCH = "SELECT nextval('counter_serial') FROM generate_series(1, 32)"  # one round trip for many


class Asks(Protocol):
    def all(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]: ...
    def execute(self, sql: str, params: Sequence[object] = ()) -> Any: ...


class Numbers(Protocol):
    def serials(self, count: int) -> list[int]: ...
    def ticket(self) -> int: ...


class Counters:
    """SQLite: rows of the table counter."""

    def __init__(self, store: Asks) -> None:
        self.store = store

    def serials(self, count: int) -> list[int]:
        last = self._move(SERIAL, count)
        return list(range(last - count + 1, last + 1))

    def ticket(self) -> int:
        return self._move(TICKET, 1)

    def _move(self, name: str, by: int) -> int:
        [(value,)] = self.store.all(MOVE, (by, name))
        return int(value)


class Drawn(Counters):
    """SQLite, within one transaction that nobody else can write in."""

    def __init__(self, store: Asks, values: dict[str, int]) -> None:
        """`values` are the counters where they are known, and else empty."""
        super().__init__(store)
        self.values = self._before = values  # never changed in place, so that who keeps it can give it back

    def _move(self, name: str, by: int) -> int:
        if not self.values:
            self.values = self._before = dict(self.store.all(READ))
        self.values = {**self.values, name: self.values[name] + by}
        return self.values[name]

    def write(self) -> None:
        """Before the commit."""
        if self.values != self._before and self.values:
            self.store.execute(WRITE, (self.values[SERIAL], self.values[TICKET]))


class Sequences:
    """PostgreSQL: counter_serial and counter_ticket. Serials come in handfuls, one round trip for all of them."""

    def __init__(self, store: Asks) -> None:
        self.store = store
        self.ready: deque[int] = deque()

    def serials(self, count: int) -> list[int]:
        return [self._serial() for _ in range(count)]

    def ticket(self) -> int:
        [(value,)] = self.store.all("SELECT nextval('counter_ticket')")
        return int(value)

    def _serial(self) -> int:
        while True:
            try:
                return self.ready.popleft()
            except IndexError:
                fetched = self.store.all(FETCH)
                self.ready.extend(value for (value,) in fetched)
