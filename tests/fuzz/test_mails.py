"""A share of what the fuzz target does: 50,000 executions a run of the suite, 200,000 in CI (reliability N6).

They are told at its end, and parted into batches that the workers of pytest-xdist share;
`python -m tests.fuzz.mails` does more of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maildesk.mime import limits
from maildesk.mime.read import read
from maildesk.words import Address, Attachment, Bounce
from tests.fuzz import mails
from tests.fuzz.oracle import odd
from tests.fuzz.seeds import seeds

EXECUTIONS = int(os.environ.get("MAILDESK_FUZZ", "50000"))


@pytest.mark.parametrize("number", range(EXECUTIONS // mails.BATCH))
def test_n6_a_mail_changed_at_random_is_read(
    number: int, record_property: Callable[[str, object], None], caplog: pytest.LogCaptureFixture
) -> None:
    batch = mails.run(mails.BATCH, f"suite.{number}")
    record_property("fuzz", (batch.executions, batch.seconds, batch.slowest))
    assert batch.faults == []
    assert caplog.records == [], "a library wrote of a mail"
    assert batch.kinds > mails.BATCH // 20, "the changes no longer lead anywhere"


def test_seeds_as_they_are_are_read_each_in_its_own_way() -> None:
    found = [mails.wrong(raw) for raw in seeds()]
    assert [fault for fault, _ in found] == [""] * len(found)
    assert len({mails.kind(mail) for _, mail in found}) > len(found) // 3


GOOD = read(b"From: a@b.example\r\nSubject: x\r\n\r\nwords")
ODD = {
    "a fault": {"unreadable": "a fault of the reader: ValueError"},
    "another size": {"size": 1},
    "a control character in a text": {"reply_text": "\x1b[2J"},
    "a control character in a line": {"subject": "x\nBcc: y"},
    "over a bound": {"text": "x" * (limits.TEXT + 1)},
    "a sender in no normal form": {"sender": Address("a b@c")},
    "an ambiguous writer": {"problems": ("the From field is ambiguous: two",)},
    "a file that lies elsewhere": {"attachments": (Attachment("a", "text/plain", 1, offset=90, length=1),)},
    "an absurd date": {"date": datetime(9999, 1, 1, tzinfo=UTC)},
    "a bounce that is no report": {"bounce": Bounce(("a@b.example",), "permanent", "", "")},
    "what cannot be read has a writer": {"unreadable": "more than 1000 parts"},
}


@pytest.mark.parametrize("told", ODD)
def test_a_reading_that_cannot_be_is_told(told: str) -> None:
    assert odd(GOOD, b"x" * GOOD.size, GOOD.size) == ""
    assert odd(replace(GOOD, **ODD[told]), b"x" * GOOD.size, GOOD.size).startswith(told)  # type: ignore[arg-type]
