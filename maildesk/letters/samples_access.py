"""Samples of the letters about who may ask, and of the answers to what customers ask by mail.

Read by letters/samples.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_escalation import ESCALATIONS
from maildesk.letters.samples_words import (
    ANSWER,
    KNOCK,
    LATER,
    REQUEST,
    SAMPLE_NOW,
    SAMPLE_SUBJECT,
    STATUSES,
    TWO,
    Sample,
)

_REDIRECT: Sample = {
    "contacts": [],
    "organisation": "Acme",
    "variant": "",
    "manager": "",
    "plan": "",
    "addresses": [],
}
_COVERED: Sample = {"variant": "queue", "plan": "Standard", "addresses": ["support@example.com", "sales@example.com"]}
_CONSULT: Sample = {
    "kind": "organisation",
    "people": ["dave.dent@acme.example"],
    "received": SAMPLE_NOW,
    "subject": SAMPLE_SUBJECT,
    "text": KNOCK,
    "organisation": "Acme",
    "plan": "Standard",
    "places": 2,
    "contacts": [["Carol Jones", "carol@acme.example"], ["Bob Brown", "bob@acme.example"]],
    "until": LATER,
}
_OF_TICKET: Sample = {**_CONSULT, "kind": "ticket", "plan": "", "places": 0, "contacts": [], "until": None}
_SHOWN: Sample = {
    "reference": "EX-10427",
    "subject": SAMPLE_SUBJECT,
    "status": "open",
    "severity": 3,
    "opened": SAMPLE_NOW - timedelta(days=3),
    "updated": SAMPLE_NOW,
    "requester": "Carol Jones",
}
_ANSWER: Sample = {
    "kind": "list",
    "asked": "",
    "tickets": [],
    "more": 0,
    "messages": [],
    "left_out": 0,
    "person": "",
    "said": "",
    "by": "",
    "status": "",
    "words": [],
}
_THREAD = [
    {"at": SAMPLE_NOW - timedelta(days=3), "writer": "Carol Jones", "text": REQUEST, "attachments": ["page3.png"]},
    {"at": SAMPLE_NOW, "writer": "Alice Agent", "text": ANSWER, "attachments": []},
]
_DOOR: Sample = {**_ANSWER, "person": "dave.dent@acme.example", "by": "Bob Brown"}
ACCESS: dict[str, tuple[Sample, ...]] = {
    "redirect": (
        {**_REDIRECT, "contacts": TWO},
        _REDIRECT,
        {**_REDIRECT, "organisation": ""},
        {**_REDIRECT, "variant": "ended", "manager": "Mona Manager"},
        {**_REDIRECT, "variant": "ended", "organisation": ""},
        {**_REDIRECT, **_COVERED, "manager": "Mona Manager"},
        {**_REDIRECT, **_COVERED, "plan": "", "addresses": []},
    ),
    "consult": (
        _CONSULT,
        {**_CONSULT, "subject": "", "text": "", "places": 3, "until": None},
        {**_CONSULT, "organisation": "", "plan": "", "places": 1, "contacts": [["", "carol@acme.example"]]},
        _OF_TICKET,
        {**_OF_TICKET, "people": ["eve@partner.example", "frank@partner.example"], "subject": "", "text": ""},
    ),
    "answer": (
        {**_ANSWER, "tickets": [_SHOWN, {**_SHOWN, "reference": "EX-10418", "status": "pending"}], "more": 2},
        *({**_ANSWER, "kind": "ticket", "asked": "EX-10427", "tickets": [{**_SHOWN, "status": s}]} for s in STATUSES),
        {**_ANSWER, "kind": "thread", "asked": "EX-10427", "messages": _THREAD, "left_out": 1},
        {**_ANSWER, "kind": "thread", "asked": "EX-10427", "messages": _THREAD, "left_out": 2},
        {**_ANSWER, "kind": "unknown", "asked": "EX-99"},
        _ANSWER,
        {**_ANSWER, "tickets": [_SHOWN], "more": 1},
        *({**_DOOR, "kind": "decided", "said": said} for said in ("allow", "take", "swap", "refuse", "expired")),
        {**_DOOR, "kind": "not_understood", "words": ["allow", "take", "swap", "refuse"]},
        {**_ANSWER, "kind": "left", "asked": "EX-10427"},
        {**_ANSWER, "kind": "requester", "asked": "EX-10427"},
        {**_ANSWER, "kind": "done", "asked": "EX-10427", "status": "solved"},
        {**_ANSWER, "kind": "done", "asked": "EX-10427", "status": "closed"},
    ),
    **ESCALATIONS,
}  # fmt: skip
