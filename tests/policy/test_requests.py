"""The first line of a customer's mail: which words are a request, which are none, and what is left below it."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.policy.requests import ACTS, LONGEST, Request, asked, bare, read
from maildesk.words import Address, Attachment, Incoming

REQUESTS = (
    ("status", Request("status")),
    ("Status.", Request("status")),
    ("STATUS?", Request("status")),
    ("Stand", Request("status")),
    ("status EX-10427", Request("status", "EX-10427")),
    ("status ex-10427", Request("status", "EX-10427")),
    ("status [EX-10427]", Request("status", "EX-10427")),
    ("status (EX-10427)", Request("status", "EX-10427")),
    ("status: EX-10427.", Request("status", "EX-10427")),
    ('"status EX-10427"', Request("status", "EX-10427")),
    ("\u201estand EX-10427\u201c", Request("status", "EX-10427")),
    ("\u00absolved\u00bb", Request("solved")),
    ("**solved**", Request("solved")),
    ("\u00a0status\u00a0\u00a0EX-10427\u00a0", Request("status", "EX-10427")),
    ("\ufeffstatus\u200b EX-10427", Request("status", "EX-10427")),
    ("\n\n\r\nstatus\r", Request("status")),
    ("copy EX-1", Request("copy", "EX-1")),
    ("Kopie EX-1", Request("copy", "EX-1")),
    ("escalate EX-1 our report is due today.", Request("escalate", "EX-1", "our report is due today")),
    ("escalate EX-1: it is urgent!", Request("escalate", "EX-1", "it is urgent")),
    ("eskalieren [EX-1] es eilt", Request("escalate", "EX-1", "es eilt")),
    ("escalate", Request("escalate")),
    ("solved", Request("solved")),
    ("Gelöst!", Request("solved")),
    ("gelo\u0308st", Request("solved")),  # as macOS decomposes it
    ("close", Request("close")),
    ("schließen EX-1", Request("close", "EX-1")),
    ("SCHLIESSEN EX-1", Request("close", "EX-1")),
    ("SCHLIE\u1e9eEN", Request("close")),
    ("stop  copies", Request("leave")),
    ("Stop copies EX-1", Request("leave", "EX-1")),
    ("Keine Kopien.", Request("leave")),
)
NONE = (
    "",
    " ",
    "Status of my order?",
    "Escalate privileges fails",
    "escalated",
    "copy that",
    "copy EX-1 please",
    "close-up",
    "closed",
    "close the door",
    "solved the puzzle",
    "status EX-1 EX-2",
    "status EX-1-2",
    "status EX-1a",
    "statusEX-1",
    "status EX-\uff11",  # full-width digits are no reference
    "status EX-1234567890123456789",
    "> status",
    "#status",
    "Hello, status",
    "stop\ncopies",
    "no copies",
)


def mail(text: str = "", **fields: object) -> Incoming:
    return replace(Incoming(text=text, reply_text=text, sender=Address("carol@acme.example", "Carol Jones")), **fields)


@pytest.mark.parametrize(("line", "request_"), REQUESTS)
def test_a_first_line_that_is_a_request(line: str, request_: Request) -> None:
    assert read(line) == (request_, "")


@pytest.mark.parametrize("line", NONE)
def test_a_first_line_that_is_none(line: str) -> None:
    assert read(line)[0] is None


def test_every_act_has_words_in_english_and_in_german() -> None:
    acts = list(ACTS.values())
    assert all(acts.count(act) >= 2 for act in set(acts))
    assert set(acts) == {"status", "copy", "escalate", "solved", "close", "leave"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("status", ""),
        ("status\n\nIt still fails.\nCarol", "It still fails.\nCarol"),
        ("status\n\nThanks!", ""),
        ("status\n\nThank you!\nCarol", ""),
        ("status\n\nCarol", ""),
        ("status\n\nBest regards\nCarol Jones", ""),
        ("status\n\nViele Grüße,\nCarol", ""),
        ("status\n\nNot Carol", "Not Carol"),
    ],
)
def test_what_stands_below_counts_as_words_unless_it_thanks_or_signs(text: str, words: str) -> None:
    request, left = asked(mail(text))
    assert request == Request("status")
    assert left == words
    assert bare(mail(text)) is (not words)


@pytest.mark.parametrize(
    ("subject", "request_"),
    [
        ("status EX-1", Request("status", "EX-1")),
        ("[EX-1] status", Request("status")),
        ("Re: [EX-1] status", Request("status")),
        ("stop copies (abcdefghijklmnopqrstuvwxyz2)", Request("leave")),  # of a mailto: link without subaddresses
        ("Status of my order?", None),
        ("The printer", None),
    ],
)
def test_a_mail_without_words_may_ask_in_its_subject(subject: str, request_: Request | None) -> None:
    assert asked(mail(subject=subject)) == (request_, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"references": ("one@mail.test",)},
        {"in_reply_to": "one@mail.test"},
        {"text": "> all of it is a quotation"},
        {"attachments": (Attachment("log.txt", "text/plain", 3),)},
    ],
)
def test_the_subject_of_an_answer_or_of_a_file_that_is_sent_is_no_request(fields: dict[str, object]) -> None:
    assert asked(mail(subject="Re: close", **fields))[0] is None


def test_files_count_as_words_and_a_logo_does_not() -> None:
    assert not bare(mail("status", attachments=(Attachment("log.txt", "text/plain", 3),)))
    assert bare(mail("status", attachments=(Attachment("logo.png", "image/png", 3, inline=True, content_id="a@b"),)))


def test_the_reason_of_an_escalation_is_more_than_a_request() -> None:
    assert not bare(mail("escalate EX-1 it burns"))
    assert bare(mail("escalate EX-1"))


def test_a_line_that_is_too_long_asks_for_nothing() -> None:
    line = "escalate EX-1 " + "x" * (LONGEST - 14)
    assert read(line)[0] is not None
    assert read(line + "x") == (None, line + "x")


def test_words_above_a_request_make_it_an_ordinary_line() -> None:
    assert asked(mail("Hello,\nstatus"))[0] is None
    assert asked(mail("Hello,\nclose", subject="close"))[0] is None


@given(st.text(max_size=2000))
@example("\u200b")
def test_any_text_is_a_request_or_none_and_nothing_of_it_is_lost(text: str) -> None:
    request, words = read(text)
    assert words in text
    assert request is not None or words == text


@pytest.mark.parametrize(
    "piece", ["status ", " ", "\n", "\u00a0", "status\n", "escalate EX-1 ", "a" * 500 + "\n", "[(<"]
)
def test_a_mail_of_any_length_is_read_in_no_time(piece: str) -> None:
    huge = mail(piece * (4_000_000 // len(piece)))
    begun = process_time()
    asked(huge)
    assert process_time() - begun < 0.25


def test_of_long_mails_no_more_is_remembered_than_their_first_lines() -> None:
    tracemalloc.start()
    for number in range(16):
        asked(mail(f"status\n{number}{'x' * 1_000_000}"))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000
