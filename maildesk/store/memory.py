"""What the ledger knows of the directory, the counters and the first words of tickets.

Filled by the Store and kept from one batch to the next while nobody else writes. On SQLite the database says whether
another connection wrote; on PostgreSQL nothing is kept beyond a transaction. What is written over the own connection
is known by its statements.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from typing import Any

MOST = 2000  # answers kept
_OUTDATES = re.compile(
    r"\b(?:INTO|UPDATE|DELETE\s+FROM)\s+(?:agent|contact|domain|organisation|person_address)\b"
    r"|\b(?:UPDATE|DELETE\s+FROM)\s+mail\b|\bUPDATE\s+ticket\b.*\bsubject\s*="  # what a ticket began with
    r"|^\s*ROLLBACK\b",  # what was read may be undone
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=1024)
def outdates(sql: str) -> bool:
    """Whether a statement may change what is kept."""
    return _OUTDATES.search(sql) is not None


class Memory:
    def __init__(self) -> None:
        self.answers: dict[Hashable, Any] | None = None  # None outside of batches, and once one has outdated them
        self.numbers: dict[str, int] = {}  # the counters after the last batch
        self._kept: dict[Hashable, Any] = {}
        self._version: object = None

    def open(self, version: object) -> None:
        """A transaction begins. Equal versions: nobody else has written meanwhile; None: nobody knows."""
        if version is None or version != self._version or len(self._kept) > MOST:
            self._kept, self.numbers = {}, {}
        self._version = version
        self.answers = self._kept

    def close(self) -> None:
        """It ends."""
        self.answers = None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is read meanwhile may be undone: it is known until then, and what is kept stays as it was."""
        kept = self.answers
        if kept is not None:
            self.answers = {about: copy(answer) for about, answer in kept.items()}  # some are tables that grow
        try:
            yield
        finally:
            if self.answers is not None:
                self.answers = kept

    def forget(self) -> None:
        """What is kept changes, a number is drawn outside of a batch, or the connection ends.

        Nothing is kept until the transaction has ended: it may be undone.
        """
        self.answers = self._version = None
