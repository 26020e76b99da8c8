"""How far the tickets at rest have been planned anew, and by which configuration: one line of `meta`.

Called by desk/replanning, and where the directory gives organisations other plans. Daemons that share a store go on
where another has stopped; one with another configuration leaves it alone, so that no two undo each other's work.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.store.database import Store
from maildesk.store.moments import micros
from maildesk.words.frozen import frozen

# The line's value: a mark of 16 characters, then the last ticket's row id, or DONE.
DONE = "done"
BEGIN = """
    INSERT INTO meta (key, value) VALUES ('replanned', ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.value NOT LIKE ?"""
AGAIN = "UPDATE meta SET value = substr(value, 1, 16) || ' 0' WHERE key = 'replanned'"
STANDS = "SELECT value FROM meta WHERE key = 'replanned'"
ADVANCE = "UPDATE meta SET value = ? WHERE key = 'replanned' AND value LIKE ?"
# What is due already by the former configuration, the sweep does as of its moment.
REST = """
    SELECT id, reference, next_check FROM ticket
    WHERE id > ? AND status <> 'closed' AND (next_check IS NULL OR next_check > ?) ORDER BY id LIMIT ?"""
ELSEWHERE = " FOR UPDATE SKIP LOCKED"  # whoever has it in hand plans it himself


@frozen
class Resting:
    id: int
    reference: str
    next_check: int | None


def begin(store: Store, mark: str) -> None:
    """All tickets are to be planned by this configuration, unless they are already."""
    store.execute(BEGIN, (f"{mark} 0", f"{mark} %"))


def again(store: Store) -> None:
    """All tickets are to be planned anew by the same configuration: what else they go by has changed."""
    store.execute(AGAIN)


def left(store: Store, mark: str) -> bool:
    """Whether there is something to do for a daemon of this configuration."""
    return _last(store, STANDS, mark) is not None


def some(store: Store, mark: str, now: datetime, limit: int) -> list[Resting] | None:
    """The next tickets, locked for this job; [] at the end, None when there is nothing to do for this daemon."""
    elsewhere = ELSEWHERE if store.postgres else ""
    last = _last(store, STANDS + elsewhere, mark)
    if last is None:
        return None
    return [Resting(*row) for row in store.all(REST + elsewhere, (last, micros(now), limit))]


def advance(store: Store, mark: str, last: int | None) -> None:
    """It is done up to this ticket; None: all of it."""
    store.execute(ADVANCE, (f"{mark} {DONE if last is None else last}", f"{mark} %"))


def _last(store: Store, sql: str, mark: str) -> int | None:
    row = store.one(sql)
    whose, _, last = str(row[0]).partition(" ") if row else ("", "", "")
    return int(last) if whose == mark and last != DONE else None
