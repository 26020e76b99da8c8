"""Every odd mail of tests/evil, and what must be read from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maildesk.mime.describe import describe
from maildesk.mime.read import read
from maildesk.words import Incoming

EVIL = Path(__file__).parent.parent / "evil"
MAILS = sorted(EVIL.glob("*.eml"))

WANTED: dict[str, dict[str, object]] = {
    "two-from": {"from": None, "text": "text"},
    "encoded-address": {"from": None},
    "subject-new-line": {"subject": "x Bcc: dave@evil.example"},
    "message-id-bracket": {"message_id": "[", "text": "text"},
    "no-blank-line": {"text": "It fails since monday.\nNote: only on one server."},
    "bare-cr": {"subject": "Export", "text": "text"},
    "mbox-line": {"subject": "Export", "text": "text"},
    "utf16-body": {"text": "größe"},
    "lone-surrogates": {"text": "text"},
    "codec-label": {"text": "a\\nb"},
    "rtlo-name": {"attachments": ["bill\ufffdgpj.exe"]},
    "path-name": {"attachments": ["../../etc/passwd .png"]},
    "two-boundaries": {"text": "one\n--c\n\ntwo"},
    "command-in-attached-mail": {"text": "see the mail", "attachments": [""]},
    "hidden-html": {"text": "seen", "has_html": True},
    "unclosed-quote-in-type": {"text": "text"},
    "empty": {"from": None, "text": ""},
    "only-blank-lines": {"from": None, "text": ""},
    "truncated-base64": {"text": "It fails since monday."},
    "vacation-without-fields": {"automatic": "reply"},
    "human-about-bounces": {"automatic": None, "bounce": None},
    "forwarded-report": {"automatic": None, "bounce": None},
    "report-run-together": {
        "automatic": "report",
        "bounce": {
            "recipient": "dave@acme.example",
            "recipients": ["dave@acme.example", "erin@acme.example"],
            "kind": "permanent",
            "status": "5.1.1",
        },
    },
    "uuencoded-long-name": {"text": "text", "attachments": ["n" * 255]},
    "outlook-inline-head": {"reply_text": "Geht."},
}


def told(mail: Incoming) -> dict[str, object]:
    found = json.loads(json.dumps(describe(mail, "x.eml")))
    return found | {"attachments": [file["name"] for file in found["attachments"]]}


@pytest.mark.parametrize("path", MAILS, ids=[path.stem for path in MAILS])
def test_an_odd_mail_is_read_as_it_should_be(path: Path) -> None:
    found = told(read(path.read_bytes()))
    assert {name: found[name] for name in WANTED[path.stem]} == WANTED[path.stem]


def test_each_odd_mail_has_its_reason() -> None:
    reasons = (EVIL / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in MAILS if f"`{path.name}`: " not in reasons] == []
    assert sorted(WANTED) == [path.stem for path in MAILS]


def test_what_is_described_has_the_names_of_the_contract() -> None:
    names = "file message_id from to cc reply_to subject date in_reply_to references text reply_text has_html"
    assert " ".join(describe(read(b""), "x.eml")) == f"{names} attachments automatic bounce problems"
