"""Samples of the report: a busy month, and a week in which nothing happened.

Read by letters/samples.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_words import SAMPLE_NOW, Sample

_ROW: Sample = {
    "name": "technical",
    "opened": 42,
    "closed": 39,
    "open": 12,
    "replies": 64,
    "first": "1 h 20 min",
    "next": "45 min",
    "kept": "92 %",
    "missed": 1,
    "mean": 4.4,
    "size": 64,
    "percent": 100,
    "bar": "█" * 24,
}
_BARE: Sample = {
    **_ROW,
    "opened": 10,
    "closed": 8,
    "open": 4,
    "replies": 16,
    "size": 16,
    "percent": 25,
    "bar": "█" * 6,
    "first": "",
    "next": "",
    "kept": "",
    "missed": 0,
    "mean": None,
}
_REPLIES: Sample = {
    "count": 38,
    "median": "1 h 20 min",
    "p90": "5 h",
    "overdue": 1,
    "promised": 36,
    "kept": 33,
    "share": "92 %",
    "percent": 92,
}
_NONE: Sample = {"count": 0, "median": "", "p90": "", "overdue": 0, "promised": 0, "kept": 0, "share": "", "percent": 0}

REPORT: dict[str, tuple[Sample, ...]] = {
    "report": (
        {
            "since": SAMPLE_NOW - timedelta(days=28),
            "until": SAMPLE_NOW,
            "total": _ROW,
            "first": _REPLIES,
            "next": {**_REPLIES, "count": 26, "overdue": 0, "promised": 0, "kept": 0, "share": "", "percent": 0},
            "missed_updates": 2,
            "updates": {"promised": 31, "kept": 29, "share": "94 %", "percent": 94},
            "satisfaction": {"asked": 30, "answered": 12, "mean": 4.4, "good": "83 %", "percent": 83},
            "reasons": [("too slow", 2), ("not solved", 1)],
            "kinds": [
                {"kind": "solution", "count": 20, "percent": 100},
                {"kind": "question", "count": 9, "percent": 45},
                {"kind": "escalation", "count": 2, "percent": 10},
                {"kind": "answer", "count": 7, "percent": 35},
            ],
            "weeks": [{**_ROW, "name": "2026-W08"}, {**_BARE, "name": "2026-W09"}],
            "groups": [
                ("queues", [_ROW, {**_BARE, "name": "sales"}]),
                ("plans", [{**_ROW, "name": "standard"}]),
                ("agents", [{**_ROW, "name": "Alice Agent"}, {**_BARE, "name": "Anton Agent"}]),
            ],
            "worked": [("Acme", "3 h 20 min"), ("Globex", "40 min")],
        },
        {
            "since": SAMPLE_NOW - timedelta(days=7),
            "until": SAMPLE_NOW,
            "total": {**_BARE, "opened": 0, "closed": 0, "open": 0, "replies": 0},
            "first": _NONE,
            "next": _NONE,
            "missed_updates": 0,
            "updates": {"promised": 0, "kept": 0, "share": "", "percent": 0},
            "satisfaction": {"asked": 0, "answered": 0, "mean": None, "good": "", "percent": 0},
            "reasons": [],
            "kinds": [],
            "weeks": [],
            "groups": [],
            "worked": [],
        },
    ),
}
