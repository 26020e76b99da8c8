"""Caps: what is over them is kept and not read, at once; what is just under them is read."""

from __future__ import annotations

import time

import pytest

from maildesk.mime.read import read
from maildesk.words import Incoming

HEAD = b"From: carol@acme.example\r\nTo: support@desk.example\r\nSubject: Export\r\nMessage-ID: <1@acme.example>\r\n"


def parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\na\r\n" * count + b"--b--\r\n"


def nested(depth: int) -> bytes:
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
    for level in range(depth):
        raw += b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1)
    return raw


def attached(depth: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nx"


def readers(count: int) -> bytes:
    return HEAD + b"Cc: " + b",\r\n ".join(b"a%d@b.example" % number for number in range(count)) + b"\r\n\r\nx"


def fields(count: int) -> bytes:
    return HEAD + b"X-A: b\r\n" * count + b"\r\nx"


def field(size: int) -> bytes:
    return HEAD + b"X-A: " + b"b" * size + b"\r\n\r\nx"


def parameters(count: int) -> bytes:
    return (
        HEAD + b"Content-Type: text/plain" + b"".join(b";\r\n a%d=b" % number for number in range(count)) + b"\r\n\r\nx"
    )


OVER = {
    "100,000 parts": (parts(100_000), "more than 1000 parts"),
    "5,000 levels": (nested(5_000), "parts nested deeper than 30"),
    "32 levels": (nested(32), "parts nested deeper than 30"),
    "1,000 attached mails": (attached(1_000), "parts nested deeper than 30"),
    "64,000 readers": (readers(64_000), "the header block is over 256 KiB"),
    "2,000 readers": (readers(2_000), "more than 1000 addresses"),
    "20,000 fields": (fields(20_000), "more than 1000 header fields"),
    "a field of 10 MB": (field(10_000_000), "the header block is over 256 KiB"),
    "a field of 70 KB": (field(70_000), "a header field is over 64 KiB"),
    "4,000 parameters": (parameters(4_000), "more than 100 parameters in a field"),
}


def timed(raw: bytes) -> Incoming:
    begun = time.process_time()
    found = read(raw)
    assert time.process_time() - begun < 2
    return found


@pytest.mark.parametrize(("raw", "reason"), OVER.values(), ids=OVER.keys())
def test_what_is_over_a_cap_is_unreadable_at_once(raw: bytes, reason: str) -> None:
    found = timed(raw)
    assert (found.unreadable, found.sender, found.size) == (reason, None, len(raw))
    assert (found.subject, found.message_id) == ("Export", "1@acme.example")
    assert found.sha256


UNDER = {
    "900 parts": parts(900),
    "29 levels": nested(29),
    "29 attached mails": attached(29),
    "900 readers": readers(900),
    "900 fields": fields(900),
    "a field of 60 KB": field(60_000),
    "90 parameters": parameters(90),
    "lines of dashes": HEAD + b"\r\n" + b"-- a comment\r\n" * 5_000,
}


@pytest.mark.parametrize("raw", UNDER.values(), ids=UNDER.keys())
def test_what_is_under_the_caps_is_read(raw: bytes) -> None:
    assert timed(raw).unreadable == ""


MEGABYTE = 1_000_000
HTML = [
    b"<",
    b"<a ",
    b"<!--",
    b"<![",
    b"<div>",
    b"<table><tr><td>",
    b"&lt;",
    b"<blockquote type=cite>",
    b"<p> ",
    b"<td>x",
]
HEADS = {
    "angles": b"From: " + b"<a " * 20_000,
    "comments": b"From: " + b"(" * 60_000,
    "quotes": b'From: "' + b'\\"' * 30_000,
    "spaces": b"From: a" + b" " * 60_000 + b"@b.example",
    "dots": b"From: " + b"a." * 30_000 + b"@b.example",
    "words": b"Subject: " + b"=?a?q?" * 10_000,
    "a domain": b"From: a@" + "ö".encode() * 20_000,
    "ids": b"References: " + b"<" * 60_000,
    "a date": b"Date: " + b"(" * 60_000,
}


@pytest.mark.parametrize("pattern", HTML)
def test_hostile_html_is_shown_or_marked_in_time(pattern: bytes) -> None:
    body = (pattern * (MEGABYTE // len(pattern) + 1))[:MEGABYTE]
    begun = time.process_time()
    found = read(HEAD + b"Content-Type: text/html\r\n\r\n" + body)
    assert time.process_time() - begun < 5
    assert found.unreadable == ""


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_hostile_fields_are_read_in_time(head: bytes) -> None:
    assert timed(head + b"\r\n\r\nx").text == "x"


BODIES = {
    "boundaries that are none": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--xx" * 500_000,
    "uuencoded torsos": b"\r\n" + b"begin 644 x\r\n!0\r\n" * 60_000 + b"end",
    "flowed": b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"> a \r\n" * 150_000,
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A" * MEGABYTE,
    "a report of blank lines": b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n" + b"\r\n" * 400_000 + b"a: b\r\n\r\n" * 10_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_hostile_bodies_are_read_in_time(body: bytes) -> None:
    assert timed(HEAD + body).unreadable == ""
