"""Samples of the receipt: what agents' commands did, what was refused, and what was asked.

Read by letters/samples. A new command adds its words to one of these.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_fields import FIELDS
from maildesk.letters.samples_words import ANSWER, CLOSE_AT, SAMPLE_NOW, TWO, Sample

_NOBODY: Sample = {"owner": "", "recipients": [], "close_at": None, "due": [], "late": False}
_RECEIPT: Sample = {
    "done": [("status", "solved"), ("owner", "Alice Agent")],
    "refused": [],
    "text": "",
    "status": "solved",
    "severity": 3,
    "owner": "Alice Agent",
    "recipients": ["Carol Jones"],
    "close_at": CLOSE_AT,
    "crossed": None,
    "goes_to": TWO,
    "stays": "",
    "due": [[CLOSE_AT - timedelta(days=1), "remind"], [CLOSE_AT, "close"]],
    "late": False,
    "waits": [],
    "files": [],
    "not_returned": [],
    "idle": "",
    "help": [],
    "standing": [],
    "mine": None,
    "more": 0,
    "why": None,
    "away": None,
}
_STANDING: Sample = {
    "reference": "EX-10427",
    "subject": "The export to PDF stops at page 3",
    "status": "pending",
    "since": SAMPLE_NOW,
    "severity": 2,
    "queue": "Technical Support",
    "level": 1,
    "category": "Exports",
    "owner": "",
    "requester": "Carol Jones",
    "organisation": "Acme",
    "copies": ["dave@acme.example"],
    "opened": SAMPLE_NOW,
    "fields": FIELDS,
    "lacking": ["Operating system"],
    "links": ["EX-10400", "https://bugs.example/4711"],
    "worked": "1 h 30 min",
    "stage": "plan",
    "forecast": "2026-03-09",
    "due": [[CLOSE_AT, "close"]],
}
_APPOINTMENTS: tuple[Sample, ...] = (
    {
        **_RECEIPT,
        "done": [("appointment", "2026-03-03 14:00-15:30 Europe/Berlin"), ("held", "1 h 30 min"), ("noshow", "")],
        "refused": [
            ("#appointment 30.2. 14:00 1h", "argument", "#appointment 2026-03-03 14:00 1h"),
            ("#appointment yesterday 14:00 1h", "past", ""),
            ("#appointment 2036-03-03 14:00 1h", "too_far", ""),
            ("#appointment 29.3. 2:30 1h", "clock_change", ""),
            ("#held 30h", "over_a_day", ""),
            ("#offer 9h", "no_slot", ""),
            ("#cancel", "no_appointment", ""),
            ("#merge EX-10430", "two_appointments", "#cancel"),
        ],
        "due": [[CLOSE_AT, "appointment"]],
    },
    {
        **_RECEIPT,
        "done": [("slots", "2026-03-03 14:00-15:00 UTC; 2026-03-04 08:00-09:00 UTC"), ("cancelled", "")],
        "refused": [
            ("#held 1h", "not_begun", ""),
            ("#held 1h", "told_already", ""),
            ("#noshow", "twice", ""),
            ("#offer 1h", "closed", "#open"),
        ],
        "due": [[CLOSE_AT, "first_response"]],
        "late": True,
    },
)
_WHY: Sample = {
    "id": 17,
    "sender": "carol@acme.example",
    "received": SAMPLE_NOW,
    "outcome": "ticket",
    "reason": "a contact writes",
    "rules": ["new-ticket"],
    "decisions": ["open EX-10427 in queue technical for carol@acme.example"],
    "problems": ["the charset was guessed"],
}
_ASKED: Sample = {
    "done": [("raw", "mail-17.eml")],
    "standing": [_STANDING],
    "mine": [{key: _STANDING[key] for key in ("reference", "subject", "status", "severity", "requester", "opened")}],
    "more": 3,
    "why": _WHY,
    "help": [
        ["solved", "", "answered; closes by itself unless the customer writes again", ["#solve"]],
        ["severity", "1-4|WORD", "1 critical, 2 high, 3 medium, 4 low", []],
    ],
}

_ALL_DONE: Sample = {"deputy": "Anton Agent", "tickets": 0}
RECEIPTS: dict[str, tuple[Sample, ...]] = {
    "receipt": (
        _RECEIPT,
        {
            **_RECEIPT,
            "done": [("owner", "Alice Agent"), ("severity", "2")],
            "refused": [
                ("#solvd", "unknown", "#solved"),
                ("#severity hot", "argument", "#severity high"),
                ("#assign Bob", "not_allowed", ""),
                ("#note", "no_ticket", ""),
                ("#note", "below", ""),
                ("#merge EX-10001", "another_customer", ""),
            ],
            "text": ANSWER,
            "waits": ["#pending"],
            "files": ["log.txt"],
            "not_returned": ["disk.img"],
            "idle": "Alice Agent\nExample Support",
            "status": "open",
            "severity": 2,
            "close_at": None,
        },
        {**_RECEIPT, "stays": "queue", "done": [], "refused": [("", "not_allowed", "")]},
        {**_RECEIPT, "goes_to": ["Carol Jones"]},
        {**_RECEIPT, **_NOBODY, "stays": "note", "done": [("note", ""), ("status", "open"), ("released", "")]},
        {**_RECEIPT, "done": [("answer", ", ".join(TWO)), ("participant", "bob@acme.example")], "recipients": TWO},
        {
            **_RECEIPT,
            "done": [("copies", "+eve@partner.example"), ("merged", "EX-10430"), ("contact", "add dave@acme.example")],
            "refused": [
                ("#contact add dave@acme.example", "full", "2/2"),
                ("#contact allow sam@elsewhere.example", "not_waiting", ""),
                ("#contact add sam@elsewhere.example", "not_served", ""),
            ],
        },
        {
            **_RECEIPT,
            **_NOBODY,
            "done": [
                ("category", "Exports"),
                ("queue", "Sales"),
                ("level", "2"),
                ("field", "Product: Backup"),
                ("emptied", "Operating system"),
                ("linked", "https://bugs.example/4711"),
                ("stage", "bug"),
                ("forecast", "2026-03-09"),
                ("canned", "more-information"),
                ("escalated", "the site is down"),
                ("declined", "1"),
                ("spam", ""),
            ],
            "refused": [
                ("#category Export", "no_categories", ""),
                ("#field product Backup", "no_fields", ""),
                ("#field version eight", "pattern", "#field Version 8.2"),
                ("#field product Mail Mail Mail", "too_long", ""),
                ("#link EX-10999", "no_such", ""),
                ("#escalate", "lately", ""),
                ("#forecast yesterday", "past", ""),
                ("#answer more", "no_canned", "#answer more-information|log-files"),
                ("#answer log-files", "broken", ""),
                ("#answer more-information", "inside", ""),
                ("#answer more-information", "direct", ""),
            ],
            "recipients": [],
        },
        {
            **_RECEIPT,
            "done": [
                ("forwarded", "Carol Jones <carol@acme.example>"),
                ("offered", "#cc +bob@acme.example"),
                ("opened", "Carol Jones <carol@acme.example>"),
                ("nudged", "Carol Jones"),
                ("split", "EX-10431"),
            ],
            "refused": [
                ("", "no_writer", ""),
                ("sam@elsewhere.example", "no_contact", ""),
                ("anton@example.com", "staff", ""),
                ("carol@acme.example", "not_in_plan", ""),
                ("#new", "no_address", ""),
                ("#new carol@acme.example", "no_text", ""),
                ("#new bob@acme.example", "about_ticket", ""),
                ("#split", "no_letter", ""),
                ("#split", "opener", ""),
                ("#nudge", "closed", ""),
                ("#split", "of_agent", ""),
            ],
            "status": "new",
            "close_at": None,
        },
        {
            **_RECEIPT,
            **_NOBODY,
            "done": [("severity", "2")],
            "refused": [("", "crossed", "")],
            "text": ANSWER,
            "crossed": {"writer": "Anton Agent", "at": SAMPLE_NOW, "text": "I have switched it on for you."},
        },
        {**_RECEIPT, **_NOBODY, "done": [], "refused": [("", "no_ticket", "")], "status": "", "severity": 0},
        *_APPOINTMENTS,
        {**_RECEIPT, **_NOBODY, **_ASKED, "status": "", "severity": 0},
        {
            **_RECEIPT,
            **_NOBODY,
            "done": [("back", "")],
            "refused": [
                ("#away friday Bo", "no_deputy", "Bob Berg"),
                ("#away friday Anton", "deputy_away", ""),
                ("#away friday Sam", "deputy_queues", ""),
            ],
            "status": "",
            "severity": 0,
        },
        *(
            {**_RECEIPT, **_NOBODY, "done": [], "status": "", "severity": 0, "away": {"until": "2026-03-06", **more}}
            for more in ({"deputy": "Anton Agent", "tickets": 3}, {"deputy": "", "tickets": 1}, _ALL_DONE)
        ),
        {
            **_RECEIPT,
            **_NOBODY,
            "done": [],
            "refused": [("#why", "no_mail", ""), ("#raw", "too_large", "")],
            "mine": [],
        },
    ),
}  # fmt: skip
