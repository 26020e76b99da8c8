"""Rows T70 and T74 of the threat table: texts and HTML whose reading might cost more than they are long."""

from __future__ import annotations

import pytest

from tests.evil.bounds import bounded, reads_in_proportion

HEAD = b"From: carol@acme.example\r\nSubject: Re: Export\r\nIn-Reply-To: <1@desk.example>\r\n"
DAEMON = b"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
MEBIBYTE = 1 << 20
MOST = 0.5  # seconds of the processor for 100 KB of text

HTML = [
    b"<",
    b"<a ",
    b"<a a=b ",
    b"<a href=",
    b"<a href=http://x/>y</a>",
    b"<!--",
    b"<![",
    b"<![CDATA[",
    b"<!DOCTYPE ",
    b"<?xml ",
    b"</",
    b"<div>",
    b"<div style=display:none>",
    b"<div class=gmail_quote>",
    b"<span>",
    b"<p> ",
    b"<br>",
    b"<table><tr><td>",
    b"<td>x",
    b"<td><table>",
    b"<li>",
    b"<ul>",
    b"<pre>",
    b"<style>",
    b"<script>",
    b"<font size=1>",
    b"<blockquote type=cite>",
    b"<select><option>",
    b"<img src=x>",
    b"&lt;",
    b"&#x41;",
    b"\xc3\xa4<i>",
    b"<x-",
    b'<a b="',
]


@pytest.mark.parametrize("pattern", HTML)
def test_t70_a_mebibyte_of_html_is_shown_or_marked_in_time(pattern: bytes) -> None:
    def made(size: int) -> bytes:
        return HEAD + b"Content-Type: text/html\r\n\r\n" + (pattern * (size // len(pattern) + 1))[:size]

    found = reads_in_proportion(made, MEBIBYTE)
    assert (found.unreadable, found.has_html) == ("", True)


LINES = [
    b"> \r\n",
    b"> > > > \r\n",
    b"On Mon, Mar 2, 2026 at 9:15\r\n",
    b"On a b c d e f\r\n",
    b"Am 2. schrieb\r\n",
    b"From: a\r\n",
    b"-----\r\n",
    b"-- \r\n",
    b"_____\r\n",
    b"*From:*\r\n",
    b"##- \r\n",
    b"Sent from my\r\n",
    b"begin 644 x\r\n",
    b"--b\r\n",
    b"<http://\r\n",
    b"[EX-\r\n",
    b"550 5.1.1\r\n",
    b"Final-Recipient: \r\n",
    b"Content-Type: \r\n",
    b"\t \r\n",
    b"\xc3\xa4\r\n",
    b"a>\r\n",
    b"Aa>\r\n",
    b"x:\r\n",
    b"a <b>:\r\n",
    b"List-Post: <mailto:a@b>\r\n",
    b"a@b",
    b" ",
    b"-",
    b">",
    b"(",
    b"=3D",
    b"\r\n",
]


SHIFTS = [b"+2AA-", b"+A", b"+", b"+APY-", b"+APYB", b"a+-"]


@pytest.mark.parametrize("shift", SHIFTS)
def test_t72_damaged_utf_7_costs_no_more_than_it_is_long(shift: bytes) -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n+A\r\n" + shift * (10 * MEBIBYTE // len(shift))
    bounded(raw)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("head", [HEAD, DAEMON], ids=["a reply", "a bounce"])
def test_t74_near_misses_cost_what_they_are_long(head: bytes, line: bytes) -> None:
    reads_in_proportion(lambda size: head + b"\r\n" + line * (size // len(line)), 100_000, MOST)
