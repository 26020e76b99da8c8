"""A file's data made fit for the models: keys that another key tells are filled in, wrong ones are left out.

Called by load, which wants every problem of a file at once: what the models refuse is reported, then taken away, so
that the checks between the options still have something to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from maildesk.config import values
from maildesk.config.problems import SECRETS, Path

# What stands in for a key that is missing, so that the other checks can still run.
STAND_IN = {"from": "2000-01-01T00:00:00Z", "until": "2000-01-02T00:00:00Z", "then": {"severity": 3}}
ADDRESSES = ("address", "postmaster")
Table = dict[str, Any]


def fill(data: Table) -> None:
    """What a key says when it is not written and another tells it."""
    zone, queues = _zone(_tables(data).get("desk", {})), list(_tables(data.get("queue")))
    _each(data, "queue", "title", _title)
    _each(data, "plan", "title", _title)
    _each(data, "plan", "queues", lambda _: queues)
    _each(data, "calendar", "time_zone", lambda _: zone)


def _each(data: Table, kind: str, key: str, value: Callable[[str], object]) -> None:
    for name, table in _tables(data.get(kind)).items():
        table.setdefault(key, value(name))


def _tables(data: object) -> dict[str, Table]:
    """What is a table here, under a name that is one."""
    found = data.items() if isinstance(data, dict) else ()
    return {name: table for name, table in found if isinstance(table, dict) and values.NAME.fullmatch(name)}


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _zone(desk: Table) -> str:
    try:
        return values.time_zone(desk.get("time_zone", "UTC"))
    except values.Wrong:
        return "UTC"


def mend(data: Table, path: Path, *, missing: bool) -> None:
    """Leave out what is wrong, or put a stand-in where something is missing."""
    table, key = _innermost(data, tuple(part for part in path if part != "[key]"))
    if missing:
        table[key] = STAND_IN.get(
            key, f"missing-{id(table)}@example.invalid" if key in ADDRESSES else "example.invalid"
        )
    else:
        table.pop(key, None)
    if key in SECRETS and table.get("user"):
        table.setdefault("password_file", "stand-in")


def _innermost(data: Table, path: Path) -> tuple[Table, str]:
    """The deepest table on the path, and the key in it that the path goes through."""
    here: Any = data
    found: tuple[Table, str] = (data, "")
    for part in path:
        if isinstance(here, dict) and isinstance(part, str):
            found = (here, part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
    return found
