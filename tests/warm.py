"""Connections to PostgreSQL that are lent to one test after the other, as the shelf does with its databases.

A new one costs the server 3 ms, and 15 more until it has read its catalogues again. While `lending` lasts, whoever
connects gets one that was closed before, if there is one with the same parameters: outside of transactions, without
locks, settings or temporary tables of whoever had it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg
from psycopg.pq import TransactionStatus

MOST = 3  # that wait for one database: two daemons and who looks on
AS_NEW = b"CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES; RESET ALL"


class Warm:
    """Those of one session."""

    def __init__(self) -> None:
        self._waiting: list[Kept] = []
        self._lock = threading.Lock()

    @contextmanager
    def lending(self) -> Iterator[None]:
        with mock.patch.object(psycopg, "connect", self.connect):
            yield

    def connect(self, conninfo: str = "", **parameters: Any) -> psycopg.Connection[Any]:
        wanted = {"conninfo": conninfo, **parameters}
        with self._lock:
            for kept in self._waiting:
                if kept.parameters == wanted:
                    self._waiting.remove(kept)
                    return kept
        made = Kept.connect(conninfo, **parameters)
        made.warm, made.parameters = self, wanted
        return made

    def takes_back(self, kept: Kept) -> bool:
        """Whether it will be lent again."""
        if kept.closed or len(self.of(kept.info.dbname)) >= MOST:
            return False
        try:
            if kept.info.transaction_status != TransactionStatus.IDLE:
                kept.rollback()
            kept.autocommit = True
            kept.execute(AS_NEW)
            kept.autocommit = False
        except psycopg.Error:  # whatever has happened to it
            return False
        with self._lock:
            self._waiting.append(kept)
        return True

    def of(self, name: str) -> list[Kept]:
        """Those who wait for this database."""
        with self._lock:
            return [kept for kept in self._waiting if kept.info.dbname == name]

    def forget(self, name: str) -> None:
        for kept in self.of(name):
            self._waiting.remove(kept)
            kept.end()


class Kept(psycopg.Connection[Any]):
    """Whoever closes it gives it back."""

    warm: Warm
    parameters: dict[str, Any]

    def close(self) -> None:
        if not self.warm.takes_back(self):
            self.end()

    def end(self) -> None:
        super().close()
