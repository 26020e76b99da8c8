"""Samples of letters about an escalated ticket: when it is escalated, when triage is over, when engineering gets it.

Read by letters/samples_access.
"""

from __future__ import annotations

from datetime import timedelta

from maildesk.letters.samples_words import LATER, REQUEST, SAMPLE_NOW, Sample

_ESCALATION: Sample = {
    "occasion": "",
    "stays": "",
    "reason": "Our report is due today, and nobody can print it.",
    "by": "Carol Jones",
    "missed": "",
    "next_at": LATER,
    "severity": 2,
    "requester": "Carol Jones",
    "address": "carol@acme.example",
    "organisation": "Acme",
    "plan": "Standard",
    "account_manager": "Mona Manager",
    "status": "open",
    "owner": "Alice Agent",
    "at_level": 2,
    "category": "export",
    "fields": [["Product", "Backup", []], ["Version", "6.1", ["8", "7"]]],
    "links": ["EX-10398"],
    "worked": 95,
    "text": REQUEST,
    "history": [
        [SAMPLE_NOW - timedelta(days=3), "opened"],
        [SAMPLE_NOW - timedelta(days=2), "owner Alice Agent"],
        [SAMPLE_NOW, "severity 2"],
    ],
    "attachments": [],
    "not_carried": [],
    "experts": [["Lena Second", "Lena Second"], ["Tom Third", "tom@example.com"]],
    "goes_to": ["Carol Jones"],
}
_NOTHING: Sample = {"owner": "", "text": "", "history": [], "category": "", "fields": [], "links": [], "worked": 0}
_NOBODY: Sample = {"organisation": "", "plan": "", "account_manager": "", "experts": []}
_MISSED: Sample = {"reason": "", "by": "", "missed": "first_response"}
_FILES: Sample = {"attachments": ["page3.png", "debug.log"], "not_carried": ["dump.bin"]}
_ENGINEERING: Sample = {"occasion": "engineering", "next_at": None, **_FILES}

ESCALATIONS: dict[str, tuple[Sample, ...]] = {
    "escalated": (
        {"occasion": "", "reason": "Our report is due today.", "by": "Carol Jones", "severity": 2, "customer": ""},
        {"occasion": "", "reason": "", "by": "", "severity": 1, "customer": "Carol Jones, Acme"},
        {"occasion": "missed", "reason": "", "by": "", "severity": 3, "customer": ""},
        {"occasion": "engineering", "reason": "", "by": "", "severity": 2, "customer": ""},
    ),
    "escalation": (
        _ESCALATION,
        {**_ESCALATION, "stays": "note"},
        {**_ESCALATION, "reason": "", "by": ""},
        {**_ESCALATION, "reason": "", "next_at": None, **_NOBODY, **_NOTHING},
        {**_ESCALATION, "occasion": "triage"},
        {**_ESCALATION, "occasion": "triage", **_MISSED, "next_at": None, "stays": "queue"},
        {**_ESCALATION, **_ENGINEERING},
        {**_ESCALATION, **_ENGINEERING, **_MISSED, "stays": "queue"},
    ),
}
