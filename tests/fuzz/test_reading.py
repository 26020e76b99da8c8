"""Hypothesis beside the fuzz target: any octets are read within the bounds, and what we write is read back as meant.

It makes small what fails; the fuzz target only finds it. A hundred examples each: a second or two.
"""

from __future__ import annotations

from hypothesis import event, example, given
from hypothesis import strategies as st

from maildesk.mime.read import read
from maildesk.mime.whole import whole
from maildesk.mime.write_headers import mailboxes, unstructured
from maildesk.words import Address
from tests.fuzz.oracle import odd
from tests.fuzz.seeds import PIECES, seeds

LINES = sorted({line + b"\r\n" for mail in seeds() for line in mail.split(b"\r\n")})
MAILS = st.lists(st.sampled_from([*LINES, *PIECES]), max_size=60).map(b"".join)
NAMES = st.text(st.characters(categories=("L", "N"), include_characters=" .-'"), min_size=1, max_size=60)


@given(MAILS)
@example(b"begin 644 " + b"n" * 300 + b"\r\n#86)C\r\n`\r\nend\r\n")
@example(b"Subject: " + b"x" * 5_000)
@example(b"References: " + b"<a@b> " * 5_000)
def test_lines_in_any_order_are_read_within_the_bounds(raw: bytes) -> None:
    mail, opened = whole(raw)
    event(f"automatic: {mail.automatic}, files: {bool(mail.attachments)}, HTML: {mail.has_html}")
    assert odd(mail, raw + opened, len(raw)) == ""
    assert mail.unreadable or read(raw) == read(raw)


def unquoted(name: str) -> str:
    """Quotes around a name are no part of it."""
    return name.strip(" '\"")


@given(NAMES, NAMES, st.booleans())
@example("'", "'", False)
@example("Jones, Carol", "=?utf-8?q?x?=", True)
@example("日本 " * 20, "x" * 200, True)
@example('Carol "CJ" \\ Jones', "a: b; c", False)
def test_the_people_and_the_subject_that_we_write_are_those_that_we_read(name: str, title: str, by_two: bool) -> None:
    people = [Address("carol@acme.example", name), Address("dave@acme.example", "Dave")][: 1 + by_two]
    head = unstructured("Subject", title) + mailboxes("From", people[:1]) + mailboxes("To", people)
    found = read(head.encode("ascii") + b"\r\nwords\r\n")
    assert found.sender is not None
    assert found.sender.name.split() == unquoted(name).split()
    assert [person.address for person in found.to] == [person.address for person in people]
    assert [person.name.split() for person in found.to] == [unquoted(person.name).split() for person in people]
    assert found.subject.split() == title.split()
    assert found.problems == ()
