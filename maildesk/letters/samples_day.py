"""Sample contexts of the letters about a day's work: the digest and the handover."""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_words import CLOSE_AT, EARLIER, NEXT_OPENING, SAMPLE_NOW, SAMPLE_SUBJECT, Sample

_LINE: Sample = {
    "reference": "EX-10427",
    "queue": "technical",
    "address": "support@example.com",
    "subject": SAMPLE_SUBJECT,
    "severity": 3,
    "status": "pending",
    "requester": "Carol Jones",
    "opened": EARLIER,
    "owner": "",
    "at": CLOSE_AT,
    "what": "close",
    "fresh": False,
    "offers": ["nudge", "open"],
}
_OTHER: Sample = {
    **_LINE,
    "reference": "EX-10431",
    "subject": "Nobody can log in since the certificate was renewed",
    "severity": 1,
    "status": "new",
    "requester": "Gil Glow",
    "at": EARLIER,
    "what": "opened",
    "fresh": True,
    "offers": ["take"],
}
_ANSWERED: Sample = {"status": "open", "at": EARLIER, "what": "wrote", "offers": []}
_ANOTHERS: Sample = {**_LINE, "reference": "EX-10419", "subject": "Price of ten more seats", "owner": "Anton Agent"}
_LATE: Sample = {"late": True, "escalated": None, "at": EARLIER, "offers": ["take"]}
_UNKEPT: tuple[Sample, ...] = (
    {**_LINE, **_LATE, "status": "new", "what": "first_response", "severity": 2},
    {**_LINE, **_LATE, "status": "open", "what": "update", "escalated": EARLIER, "offers": [], "reference": "EX-10409"},
    {**_LINE, **_LATE, "status": "open", "what": "next_response", "reference": "EX-10411", "owner": "Anton Agent"},
)
_HANDED: Sample = {
    "at": None,
    "what": "",
    "fresh": False,
    "said": "It is worse now.",
    "since": EARLIER,
    "offers": ["take"],
}
_COMING = ("remind", "appointment", "next_response", "update", "triage", "engineering", "")
_DAY: tuple[Sample, ...] = (
    {"name": "overdue", "lines": list(_UNKEPT), "more": 2},
    {
        "name": "escalated",
        "lines": [{**_ANOTHERS, "status": "open", "what": "escalated", "at": EARLIER, "offers": ["take", "level 1"]}],
        "more": 0,
    },
    {"name": "due", "lines": [{**_LINE, "at": SAMPLE_NOW + timedelta(hours=3)}], "more": 0},
    {
        "name": "waiting",
        "lines": [{**_LINE, **_ANSWERED, "reference": "EX-10402", "severity": 2}],
        "more": 0,
    },
    {"name": "unassigned", "lines": [_OTHER, {**_OTHER, "reference": "EX-10433", "severity": 4}], "more": 7},
    {"name": "closing", "lines": [_LINE], "more": 0},
    {
        "name": "news",
        "lines": [{**_ANOTHERS, **_ANSWERED, "offers": ["take", "nudge"]}],
        "more": 0,
    },
)

DAY: dict[str, tuple[Sample, ...]] = {
    "digest": (
        {"sections": _DAY},
        {
            "sections": [
                {
                    "name": "due",
                    "lines": [{**_LINE, "what": what} for what in _COMING],
                    "more": 0,
                }
            ]
        },
    ),
    "handover": (
        {
            "shift": "emea",
            "back": NEXT_OPENING,
            "sections": [
                {"name": "overdue", "lines": [{**_OTHER, **_HANDED, **_LATE, "what": "first_response"}], "more": 0},
                {"name": "grave", "lines": [{**_OTHER, **_HANDED, "at": CLOSE_AT, "what": "appointment"}], "more": 0},
                {"name": "waiting", "lines": [{**_ANOTHERS, **_HANDED, "status": "open"}], "more": 4},
            ],
        },
        {
            "shift": "us",
            "back": None,
            "sections": [{"name": "grave", "lines": [{**_LINE, "said": "", "since": None}], "more": 0}],
        },
    ),
}
