"""Words in the colour of what is behind them are no text; what may be seen stays, and begins no command."""

from __future__ import annotations

import time

import pytest

from maildesk.mime.html import to_text
from maildesk.mime.html_shades import UNSEEN
from maildesk.mime.read import read
from maildesk.policy.script import read_text
from tests.builders import mail

WORD = "#closed"
GONE = {
    "hidden by Word": f"<span style='mso-hide:all'>{WORD}</span>",
    "a list of proposals": f"<datalist><option>{WORD}</datalist>",
    "for Word alone": f"<!--[if mso]>{WORD}<![endif]-->",
    "a title": f"<title>{WORD}</title>",
    "white on white": f'<div style="color:white;background-color:#ffffff">{WORD}</div>',
    "nearly white on white": f'<td bgcolor="white"><span style="color:#fefefe">{WORD}</span></td>',
    "black on black": f'<div style="background:rgb(0,0,0)"><p style="color:#000">{WORD}</p></div>',
}
KEPT = {
    "white on what nobody tells": f'<div style="color:#fff">{WORD}</div>',
    "white by an old element": f'<font color="white">{WORD}</font>',
    "of a hidden class": f'<style>.h, .i {{ display: none }}</style><div class="h">{WORD}</div>',
}
SHOWN = {
    "white on blue": f'<table bgcolor="#2456c9"><tr><td style="color:#fff">{WORD}</td></tr></table>',
    "a little lucid": f'<div style="opacity:0.9">{WORD}</div>',
    "black within white on white": f'<td style="color:#fff;background:#fff"><b style="color:black">{WORD}</b></td>',
    "hidden in narrow windows": f'<style>@media (a){{.h{{display:none}}}}</style><div class="h">{WORD}</div>',
}


@pytest.mark.parametrize("html", GONE.values(), ids=GONE.keys())
def test_what_is_shown_to_nobody_is_no_text(html: str) -> None:
    assert to_text(f"<html><body>{html}<div>Hello</div></body></html>").strip() == "Hello"


@pytest.mark.parametrize("html", KEPT.values(), ids=KEPT.keys())
def test_what_may_be_seen_stays_and_begins_no_command(html: str) -> None:
    text = to_text(f"<html><body>{html}<div>Hello</div></body></html>")
    assert text.replace(UNSEEN, "").split() == [WORD, "Hello"]
    assert read_text(text).lines == ()


@pytest.mark.parametrize("html", SHOWN.values(), ids=SHOWN.keys())
def test_what_is_shown_is_read(html: str) -> None:
    text = to_text(f"<html><body>{html}<div>Hello</div></body></html>")
    assert [line.word for line in read_text(text.strip()).lines] == ["closed"]


def test_a_mail_that_is_hidden_as_a_whole_loses_nothing_and_commands_nothing() -> None:
    found = read(mail(text="", html=f'<div style="display:none">{WORD} and more</div>'))
    assert "and more" in found.text
    assert read_text(found.said).lines == ()


def test_a_text_behind_an_empty_one_is_kept_and_commands_nothing() -> None:
    """RFC 2046 lets a mail have several; an agent's program writes commands into the first."""
    empty = b"Content-Type: text/plain\r\n\r\n\r\n--b\r\n"
    parts = empty + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = (
        b'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        + parts
        + b"I2Nsb3NlZAo=\r\n--b--\r\n"
    )
    found = read(raw)
    assert WORD in found.text
    assert read_text(found.said).lines == ()


@pytest.mark.parametrize("piece", ['<p style="color:white">a', "<style>@a{.b{}", '<b style="left:-999', "<i hidden>"])
def test_twice_as_much_hostile_html_takes_little_more_than_twice_the_time(piece: str) -> None:
    def took(length: int) -> float:
        begun = time.process_time()
        to_text(piece * (length // len(piece)))
        return time.process_time() - begun

    once = min(took(20_000) for _ in range(3))
    assert min(took(40_000) for _ in range(3)) < 4 * once + 0.1
