"""Moments as the contract's JSON writes them: RFC 3339 in UTC.

Used by the views, the held list and the ledger's history. A fraction is written only where there is one, so that a
time read here and given back to `--at` is the same moment.
"""

from __future__ import annotations

from datetime import UTC, datetime

from maildesk.store.moments import moment


def rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def stamp(micros: int | None) -> str | None:
    """A column's moment, or None."""
    return None if micros is None else rfc3339(moment(micros))
