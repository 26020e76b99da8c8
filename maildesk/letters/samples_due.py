"""Samples of what agents are told by time: an appointment that has ended, promises that run out or were not kept.

Read by letters/samples.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_words import CLOSE_AT, NEXT_OPENING, TWO, Sample

_STARTS = NEXT_OPENING + timedelta(hours=6)
_PROMISED: Sample = {
    "what": "first_response",
    "due_at": CLOSE_AT,
    "severity": 2,
    "status": "open",
    "owner": "Alice Agent",
    "requester": "Carol Jones",
    "organisation": "Acme",
    "plan": "Standard",
    "goes_to": TWO,
    "stays": "",
}
_NO_PROMISE: Sample = {"due_at": None, "severity": 0, "status": "", "owner": "", "organisation": "", "plan": ""}
_NO_APPOINTMENT: Sample = {"starts": None, "ends": None, "minutes": 0}
_ENDS = _STARTS + timedelta(minutes=90)
_APPOINTMENT: Sample = {"what": "appointment", "starts": _STARTS, "ends": _ENDS, "minutes": 90}

DUE: dict[str, tuple[Sample, ...]] = {
    "due_soon": (
        {**_PROMISED, **_NO_APPOINTMENT},
        {**_PROMISED, **_NO_APPOINTMENT, "what": "next_response", "status": "new", "owner": "", "plan": ""},
        {**_PROMISED, **_NO_APPOINTMENT, "what": "update", "organisation": "", "plan": ""},
        {**_PROMISED, **_NO_PROMISE, **_APPOINTMENT},
        {**_PROMISED, **_NO_APPOINTMENT, "stays": "queue"},
    ),
    "overdue": (
        {**_PROMISED, "triage_until": CLOSE_AT + timedelta(days=1)},
        {**_PROMISED, "triage_until": None, "what": "next_response", "owner": "", "plan": ""},
        {**_PROMISED, "triage_until": None, "what": "update", "organisation": "", "plan": ""},
        {**_PROMISED, "triage_until": None, "stays": "queue"},
    ),
}
