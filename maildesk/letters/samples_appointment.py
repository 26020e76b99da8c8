"""Samples of the letters about an appointment: set, moved, called off, offered.

Read by letters/samples.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_words import NEXT_OPENING, Sample

_STARTS = NEXT_OPENING + timedelta(hours=6)
_SLOTS = [_STARTS, _STARTS + timedelta(hours=18), _STARTS + timedelta(hours=24)]
_INVITATION = {
    "method": "REQUEST",
    "uid": "EX-10427-1772443800000000@example.com",
    "sequence": 0,
    "starts": _STARTS,
    "ends": _STARTS + timedelta(minutes=90),
    "agent": "Alice Agent",
}
_SET: Sample = {
    "kind": "set",
    "starts": _STARTS,
    "ends": _STARTS + timedelta(minutes=90),
    "minutes": 90,
    "agent": "Alice Agent",
    "slots": [],
    "invitation": _INVITATION,
}
_OFFERED: Sample = {
    **_SET,
    "kind": "offered",
    "minutes": 60,
    "slots": [[number, at, f"{number} ({at:%Y-%m-%d %H:%M} UTC)"] for number, at in enumerate(_SLOTS, 1)],
    "invitation": None,
}

APPOINTMENTS: dict[str, tuple[Sample, ...]] = {
    "appointment": (
        _SET,
        {
            **_SET,
            "kind": "moved",
            "minutes": 61,
            "agent": "",
            "invitation": {**_INVITATION, "sequence": 1, "agent": ""},
        },
        {**_SET, "kind": "cancelled", "invitation": {**_INVITATION, "method": "CANCEL", "sequence": 2}},
        _OFFERED,
        {**_OFFERED, "agent": "", "minutes": 45},
        {**_OFFERED, "kind": "gone"},
        {**_OFFERED, "kind": "gone", "agent": ""},
        {**_SET, "kind": "settled", "invitation": None},
        {**_SET, "kind": "withdrawn", "invitation": None},
    ),
}
