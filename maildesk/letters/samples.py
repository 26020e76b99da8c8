"""Sample contexts for every letter: what `check` renders all templates with, and `template preview` shows.

The first sample of a letter is the one a preview shows; the others walk the branches of its templates. All people
and companies in them are invented.
"""

from __future__ import annotations

from maildesk.letters.samples_access import ACCESS
from maildesk.letters.samples_appointment import APPOINTMENTS
from maildesk.letters.samples_day import DAY
from maildesk.letters.samples_due import DUE
from maildesk.letters.samples_engineering import ENGINEERING
from maildesk.letters.samples_fields import FIELDS, NEWS, NO_FIELDS, WANTED
from maildesk.letters.samples_incidents import with_incidents
from maildesk.letters.samples_receipts import RECEIPTS
from maildesk.letters.samples_report import REPORT
from maildesk.letters.samples_words import (
    ANSWER,
    CITED,
    CLOSE_AT,
    LATER,
    NEXT_OPENING,
    PAGE,
    REQUEST,
    SAMPLE_NOW,
    SAMPLE_SUBJECT,
    STATUSES,
    TWO,
    Sample,
)

__all__ = ["SAMPLES", "SAMPLE_NOW", "SAMPLE_SUBJECT"]

_PLAIN: Sample = {"unsupported": [], "answer_by": None, "planned": None}
_PLANNED: Sample = {"text": "New servers. Everything is back by then.", "until": CLOSE_AT}
_NEWS: Sample = {"unsupported": NEWS, "answer_by": None, "planned": _PLANNED}
_NO_FILES: Sample = {"attachments": [], "not_carried": [], "seals": []}

_SEALS = [
    ("PGP", "encrypted", "opened", "", ""),
    ("PGP", "signed", "good", "carol@acme.example", ""),
    ("S/MIME", "encrypted", "closed", "", ""),
    ("S/MIME", "signed", "bad", "", "certificate expired"),
    ("S/MIME", "signed", "other", "bob@acme.example", ""),
    ("PGP", "signed", "unknown", "", ""),
]

_DUE: Sample = {"promise": "next_response", "due_at": CLOSE_AT, "late": True}
_UPDATE: Sample = {
    "promise": "",
    "due_at": None,
    "late": False,
    "stays": "",
    "what": "message",
    "writer": "Carol Jones",
    "text": "That worked, thank you! One question is left: can this be the default for all of us?",
    "html": "",
    "status": "open",
    "goes_to": TWO,
    "outside": [],
    "stage": "",
    "forecast": "",
    "attachments": [],
    "not_carried": [],
    "seals": [],
    "address": "carol@acme.example",
    "code": "",
    "away": "",
    "fields": [],
    "argued": None,
}
_OUTSIDE: Sample = {"outside": ["eve@partner.example", "frank@partner.example"]}
_WEEK = [("mon-thu", "08:00-12:00 13:00-17:00"), ("fri", "08:00-12:00")]
_BERLIN = {"zone": "Europe/Berlin", "hours": _WEEK, "holidays": "DE-BE", "single_days": [("2026-12-24", "")]}
_SUN = [_BERLIN, {**_BERLIN, "zone": "America/Los_Angeles", "hours": [("mon-fri", "06:00-17:00")], "holidays": ""}]
_SERVICE: Sample = {  # as policy/service.py gives it
    "plan": "Standard",
    "channels": ["email", "portal"],
    "always": False,
    "open": False,
    "next_opening": NEXT_OPENING,
    "holiday": ("DE-BE", "2026-12-25"),
    "hours": _WEEK,
    "zone": "Europe/Berlin",
    "places": [_BERLIN],
}
_ALWAYS: Sample = {"always": True, "open": True, "holiday": None, "places": []}
_NO_PLAN: Sample = {"plan": "", "channels": ["email"]}
_TICKET: Sample = {
    "promise": "first_response",
    "due_at": CLOSE_AT,
    "late": False,
    "moved": False,
    "status": "",
    "owner": "",
    "stays": "",
    "requester": "Carol Jones",
    "address": "carol@acme.example",
    "organisation": "Acme",
    "plan": "Standard",
    "severity": 3,
    "category": "Exports",
    "fields": FIELDS,
    "lacking": ["Operating system"],
    "text": REQUEST,
    "html": "",
    "goes_to": ["Carol Jones"],
    "attachments": ["page3.png", "export.log"],
    "not_carried": ["recording.mp4"],
    "seals": [],
    "outside": ["eve@partner.example"],
    "writer": "",
    "follows": "",
    "alike": "",
    "stage": "",
    "forecast": "",
}

SAMPLES: dict[str, tuple[Sample, ...]] = {
    **ACCESS,
    "acknowledgement": (
        {**_PLAIN, "severity": 3, "text": REQUEST, "service": _SERVICE, "answer_by": CLOSE_AT},
        {**_NEWS, "severity": 1, "text": "", "service": {**_SERVICE, **_ALWAYS}},
        {**_PLAIN, "severity": 4, "text": "", "service": {**_SERVICE, **_NO_PLAN, "holiday": None, "places": _SUN}},
        {**_PLAIN, "severity": 2, "text": "", "service": {**_SERVICE, "next_opening": None}},
    ),
    **WANTED,
    "reply": (
        {"text": ANSWER, "agent": "Alice Agent", "status": "open", "cited": CITED},
        *({"text": ANSWER, "agent": "Alice Agent", "status": status, "cited": None} for status in STATUSES),
        {"text": ANSWER, "agent": "Alice Agent", "status": "solved", "cited": {**CITED, "writer": ""}},
    ),
    **ENGINEERING,
    "status": tuple(
        {"status": status, "previous": "pending" if status == "open" else "open"} for status in STATUSES
    ),
    "solved": ({"agent": "Alice Agent", "close_at": CLOSE_AT}, {"agent": "", "close_at": CLOSE_AT}),
    "closing_soon": ({"status": "solved", "close_at": CLOSE_AT}, {"status": "pending", "close_at": CLOSE_AT}),
    "closed": (
        {"reason": "solved", "survey": True},
        {"reason": "pending", "survey": False},
        {"reason": "agent", "survey": False},
        {"reason": "requester", "survey": True},
        {"reason": "colleague", "survey": False},
    ),
    "survey": (
        {"kind": "marks", "reasons": ["too slow", "not solved", "hard to understand"], "valid_until": LATER},
        {"kind": "yesno", "reasons": ["too slow", "not solved"], "valid_until": LATER},
        {"kind": "marks", "reasons": [], "valid_until": LATER},
        {"kind": "yesno", "reasons": [], "valid_until": LATER},
    ),
    "survey_thanks": (
        {"mark": 5, "kind": "marks", "reasons": []},
        {"mark": 2, "kind": "marks", "reasons": ["too slow", "not solved", "hard to understand"]},
        {"mark": 1, "kind": "yesno", "reasons": ["too slow", "not solved"]},
        {"mark": 1, "kind": "yesno", "reasons": []},
    ),
    "agent_ticket": (
        _TICKET,
        {
            **_TICKET,
            **NO_FIELDS,
            **_NO_FILES,
            "html": PAGE,
            "severity": 1,
            "plan": "",
            "goes_to": [*TWO, "dave@acme.example"],
        },
        {**_TICKET, "writer": "dave@acme.example", "follows": "EX-10311"},
        {**_TICKET, "alike": "EX-10419"},
        {**_TICKET, "stage": "bug", "forecast": "2026-03-09", "moved": True, "status": "open", "owner": "Alice Agent"},
    ),
    "agent_update": (
        _UPDATE,
        {**_UPDATE, "what": "answer", "writer": "Anton Agent", "attachments": ["fonts.zip"]},
        {**_UPDATE, "what": "note", "writer": "Anton Agent", "text": "I have seen this before.", "goes_to": []},
        {**_UPDATE, "stays": "queue"},
        {**_UPDATE, "what": "reopened", "html": PAGE, "not_carried": ["recording.mp4"]},
        {**_UPDATE, "what": "reopened", "away": "Bert Berg"},
        {**_UPDATE, "argued": {"to": 1, "from": 3, "said": True}, "text": "Severity: critical\n\nAll of us wait."},
        {**_UPDATE, "argued": {"to": 1, "from": 2, "said": False}, "text": "Now the site is down.", "stays": "queue"},
        {**_UPDATE, **_DUE, "seals": _SEALS, "fields": FIELDS, "stage": "plan", "forecast": "2026-03-09"},
        {**_UPDATE, **_OUTSIDE, "what": "newcomer", "writer": "eve@partner.example", "text": ""},
        {**_UPDATE, "what": "thanks", "text": "Thank you!", "status": "solved"},
        {**_UPDATE, "what": "failed", "writer": "", "text": "", "code": "5.1.1"},
        {**_UPDATE, "what": "chosen", "text": "", "code": "2026-03-03 14:00-15:30 Europe/Berlin"},
        {**_UPDATE, "what": "accepted", "text": "", "code": "2026-03-03 14:00-15:30 Europe/Berlin"},
        {**_UPDATE, "what": "tentative", "text": "", "code": "2026-03-03 14:00-15:30 Europe/Berlin"},
        {**_UPDATE, "what": "declined", "text": "I am on a train.", "code": "2026-03-03 14:00-15:30 Europe/Berlin"},
        {**_UPDATE, "what": "mark", "text": "Quick and friendly.", "status": "closed", "code": "5"},
        {**_UPDATE, "what": "mark", "text": "It broke again.", "status": "closed", "code": "no"},
        {**_UPDATE, "what": "mark", "text": "", "status": "closed", "code": ""},
    ),
    **RECEIPTS,
    **DAY,
    **DUE,
    **REPORT,
    **APPOINTMENTS,
    "confirm": (
        {
            "sender": "alice@example.com",
            "subject": "Re: [EX-10427] The export to PDF stops at page 3",
            "received": SAMPLE_NOW,
            "until": CLOSE_AT,
        },
    ),
    "alarm": (
        {
            "what": "Automatic mail stands still",
            "text": "More than 600 automatic letters in one hour. 12 letters wait in the outbox.\n"
            "`maildesk outbox list` shows them, `maildesk outbox retry` sends them.",
        },
    ),
}  # fmt: skip
SAMPLES.update(with_incidents(SAMPLES))
