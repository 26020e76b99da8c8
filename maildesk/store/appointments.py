"""An appointment as its column has it, and back: JSON, its times in microseconds since 1970.

Used by store/apply_work and store/tickets.
"""

from __future__ import annotations

import json
from typing import Any

from maildesk.store.moments import micros, moment
from maildesk.store.text import as_json
from maildesk.words import Appointment

PLAIN = ("uid", "agent", "state", "sequence", "reminded")


def written(appointment: Appointment) -> str:
    kept: dict[str, Any] = {name: getattr(appointment, name) for name in PLAIN}
    kept |= {"starts": micros(appointment.starts), "ends": micros(appointment.ends)}
    kept |= {"asked": micros(appointment.asked)} if appointment.asked else {}
    return as_json(kept | {"offered": [[micros(start), micros(end)] for start, end in appointment.offered]})


def read(column: str) -> Appointment | None:
    if not column:
        return None
    kept = json.loads(column)
    kept |= {name: moment(kept[name]) for name in ("starts", "ends", "asked") if name in kept}
    offered = tuple((moment(start), moment(end)) for start, end in kept.pop("offered"))
    return Appointment(offered=offered, **kept)
