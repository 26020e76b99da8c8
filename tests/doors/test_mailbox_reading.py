"""What a mailbox reads without a server: envelopes, FETCH answers, and from when on mail is ours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.doors.imap_answers import Listed, bodies, listed
from maildesk.doors.mailbox_envelope import envelope_of
from maildesk.doors.mailbox_since import mark_of
from maildesk.words import Envelope

NOW = datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)


def read(raw: bytes) -> Envelope:
    return envelope_of(raw, door="imap:support", received=NOW, queue="technical", source="s")


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"Return-Path: <Carol@acme.example>\r\nFrom: x@y.example\r\n", "carol@acme.example"),
        (b"Return-Path: <>\r\nFrom: x@y.example\r\n", ""),
        (b"return-path:<>\r\n", ""),
        (b"Return-Path: <a@b.example>\r\nReturn-Path: <>\r\n", "a@b.example"),
        (b"From: Carol <carol@acme.example>\r\n", "carol@acme.example"),
        (b"From: carol@acme.example\r\n", "carol@acme.example"),
        (b"From: nobody in particular\r\n", "unknown"),
        (b"Subject: x\r\n", "unknown"),
        (b"Return-Path: <not an address>\r\nFrom: x@y.example\r\n", "unknown"),
        (b"From: Carol\r\n <carol@acme.example>\r\n", "carol@acme.example"),
        (b"\r\nReturn-Path: <>\r\n", "unknown"),
    ],
)
def test_the_sender_is_the_topmost_return_path_or_stands_for_it(head: bytes, sender: str) -> None:
    assert read(head + b"\r\nbody\r\n").sender == sender


def test_recipients_are_what_the_delivering_servers_wrote_in_order_and_once() -> None:
    raw = (
        b"Delivered-To: desk@box.example\r\nReceived: from x\r\nDelivered-To: <support+EX-1-T@example.com>\r\n"
        b"X-Original-To: support@example.com\r\nX-Original-To: desk@box.example\r\nDelivered-To: @\r\n"
        b"To: other@example.com\r\n\r\nDelivered-To: body@example.com\r\n"
    )
    assert read(raw).recipients == ("desk@box.example", "support+ex-1-t@example.com", "support@example.com")


def test_a_header_of_recipients_without_end_is_cut() -> None:
    raw = b"".join(b"Delivered-To: d%d@example.com\r\n" % number for number in range(100_000))
    assert len(read(raw).recipients) == 100


@given(st.binary(max_size=400))
def test_no_bytes_make_the_envelope_fail(raw: bytes) -> None:
    assert read(b"Return-Path: " + raw).door == "imap:support"


def test_sizes_and_arrivals_are_read_in_any_order() -> None:
    answers = [
        b'1 (UID 5 RFC822.SIZE 120 INTERNALDATE " 2-Mar-2026 10:00:00 +0100")',
        b'2 (INTERNALDATE "12-Dec-2025 23:30:00 -0130" RFC822.SIZE 7 UID 6)',
        b"3 (FLAGS (\\Seen))",
        b"4 (UID 8)",
        b'5 (UID 9 RFC822.SIZE 1 INTERNALDATE "99-Foo-2026 10:00:00 +0100")',
    ]
    assert listed(answers) == {
        5: Listed(5, 120, datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        6: Listed(6, 7, datetime(2025, 12, 13, 1, 0, tzinfo=UTC)),
        9: Listed(9, 1, None),
    }


def test_bodies_are_found_wherever_the_uid_stands_and_in_quotes_too() -> None:
    answers = [
        (b"1 (UID 5 BODY[] {3}", b"abc"),
        b")",
        (b"2 (BODY[] {21}", b"UID 99 RFC822.SIZE 1)"),
        b" UID 6 FLAGS (\\Seen))",
        b"7 (FLAGS ())",
        b'3 (UID 7 BODY[] "a \\"quoted\\" UID 98")',
        b"4 (UID 8 BODY[] NIL)",
        (b"5 (BODY[HEADER]<0> {2}", b"x\n"),
        b" UID 9)",
    ]
    assert bodies(answers) == {5: b"abc", 6: b"UID 99 RFC822.SIZE 1)", 7: b'a "quoted" UID 98', 9: b"x\n"}


@pytest.mark.parametrize(
    ("since", "uidnext", "uid", "arrived", "old"),
    [
        ("all", 10, 1, datetime(1999, 1, 1, tzinfo=UTC), False),
        ("start", 10, 9, NOW.replace(minute=0, second=0, microsecond=0), False),
        ("start", 10, 9, datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC), True),
        ("start", 10, 10, datetime(2026, 3, 2, 8, 0, tzinfo=UTC), False),
        ("start", 0, 10, datetime(2026, 3, 2, 8, 0, tzinfo=UTC), True),
        ("start", 10, 1, None, False),
        (date(2026, 3, 1), 10, 1, datetime(2026, 2, 28, 23, 0, tzinfo=UTC), False),
        (date(2026, 3, 1), 10, 11, datetime(2026, 2, 28, 22, 59, tzinfo=UTC), True),
    ],
)
def test_from_when_on_mail_is_ours(
    since: date | str, uidnext: int, uid: int, arrived: datetime | None, old: bool
) -> None:
    mark = mark_of(since, "Europe/Berlin", NOW, NOW, uidnext)
    assert mark.is_old(Listed(uid, 1, arrived)) is old


def test_a_later_login_goes_by_the_day_of_the_first_one() -> None:
    mark = mark_of("start", "UTC", NOW, NOW.replace(day=5), 50)
    assert mark.is_old(Listed(60, 1, NOW.replace(day=1)))
    assert mark.search_since == date(2026, 2, 28)
