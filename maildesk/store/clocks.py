"""A ticket's clocks as their column has them, and back: JSON, its times in microseconds since 1970; "" = untouched.

Used by store/apply_change and store/tickets.
"""

from __future__ import annotations

import json
from datetime import datetime

from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Clocks
from maildesk.words.clocks import UNTOUCHED, Escalation


def written(clocks: Clocks) -> str:
    if clocks == UNTOUCHED:
        return ""
    return as_json(
        {
            "asked": _micros(clocks.asked),
            "told": _micros(clocks.told),
            "rests": [[micros(since), micros(until)] for since, until in clocks.rests],
            "warned": [[name, micros(start)] for name, start in clocks.warned],
            "missed": [[name, micros(start)] for name, start in clocks.missed],
            **({"taken_over": True} if clocks.taken_over else {}),
            **({"escalation": _way(clocks.escalation)} if clocks.escalation else {}),
        }
    )


def read(column: str) -> Clocks:
    if not column:
        return UNTOUCHED
    kept = json.loads(column)
    return Clocks(
        asked=_moment(kept["asked"]),
        told=_moment(kept["told"]),
        rests=tuple((moment(since), moment(until)) for since, until in kept["rests"]),
        warned=tuple((name, moment(start)) for name, start in kept["warned"]),
        missed=tuple((name, moment(start)) for name, start in kept["missed"]),
        taken_over=kept.get("taken_over", False),
        escalation=_escalation(kept.get("escalation")),
    )


def _way(escalation: Escalation) -> list[int | None]:
    return [micros(escalation.since), _micros(escalation.triaged), _micros(escalation.engineering)]


def _escalation(way: list[int | None] | None) -> Escalation | None:
    since, triaged, engineering = (_moment(at) for at in way or (None, None, None))
    return Escalation(since, triaged, engineering) if since else None


def _micros(at: datetime | None) -> int | None:
    return None if at is None else micros(at)


def _moment(value: int | None) -> datetime | None:
    return None if value is None else moment(value)
