"""What of a mail's HTML goes into letters to agents: the right part, the new words, no keys, places of links."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from maildesk.mime.html_said import beginning, behind
from maildesk.mime.html_sheet import with_places, without_keys
from maildesk.mime.read import read
from maildesk.mime.write import shown_as
from tests.builders import mail

TOKEN = "abcdefghijklmnopqrstuvwxyz234"
KEYED = f"support+EX-10427-{TOKEN}@example.com"


def parts(kind: str, *bodies: str) -> bytes:
    inner = "".join(f"--b\r\n{body}\r\n" for body in bodies)
    head = f"From: carol@acme.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n"
    return f"{head}{inner}--b--\r\n".encode()


TEXT = "Content-Type: text/plain\r\n\r\nHello <you>"
HTML = 'Content-Type: text/html; charset=utf-8\r\n\r\n<title>t</title>Hello <b>you</b> <img src="cid:a@b">'
IMAGE = "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\r\npng"
FOOTER = "Content-Type: text/plain\r\n\r\nfrom the <list>"


def test_a_mail_without_html_has_none() -> None:
    assert read(mail()).html == ""
    assert read(parts("mixed", TEXT, IMAGE)).html == ""


def test_images_of_the_mail_are_named_by_their_octets() -> None:
    found = read(parts("related", HTML, IMAGE))
    (image,) = found.attachments
    assert found.html == f'Hello <b>you</b> <img src="cid:{shown_as(image)}">'
    assert len(shown_as(image)) == 38


@pytest.mark.parametrize("kind", ["alternative", "mixed"])
def test_of_two_versions_the_one_in_html_is_shown(kind: str) -> None:
    assert read(parts(kind, TEXT.replace("<you>", "you"), HTML)).html == "Hello <b>you</b> "


def test_a_text_beside_html_is_part_of_the_page() -> None:
    assert read(parts("mixed", HTML, FOOTER)).html == "Hello <b>you</b> <p>from the &lt;list&gt;</p>"


def test_a_robots_mail_needs_none() -> None:
    robot = parts("alternative", TEXT, HTML).replace(b"MIME-", b"Auto-Submitted: auto-replied\r\nMIME-")
    assert read(robot).html == ""


def test_html_beside_a_signed_text_is_not_shown_for_it() -> None:
    armour = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n-----BEGIN PGP SIGNATURE-----\n\nx\n"
    armour += "-----END PGP SIGNATURE-----"
    assert read(parts("alternative", f"Content-Type: text/plain\r\n\r\n{armour}", HTML)).html == ""


QUOTE = '<div>On Monday, Alice wrote:<br><blockquote type="cite"><p>What &amp; where?</p></blockquote></div>'
PAGE = f'<div><p>Here, as <b>asked</b>:</p><ul><li>one</li></ul><img src="cid:x"><br></div><br>{QUOTE}'


def test_the_new_words_end_behind_their_images_and_close_what_is_open() -> None:
    said = "Here, as *asked*:\n\n * one\n\n[cid:x]"
    wanted = '<div><p>Here, as <b>asked</b>:</p><ul><li>one</li></ul><img src="cid:x"></div>'
    assert beginning(PAGE, said) == wanted


def test_words_that_end_within_a_text_are_cut_there() -> None:
    assert beginning("<p>Thanks! On Monday Alice wrote</p>", "Thanks!") == "<p>Thanks!</p>"
    assert beginning("<p>It <i>fails</i>.<br>-- <br>On", "It fails.") == "<p>It <i>fails</i>.</p>"
    assert beginning("<p>1 &lt; 2 &amp; so! On</p>", "1 < 2 & so!") == "<p>1 &lt; 2 &amp; so!</p>"


def test_other_words_are_no_beginning() -> None:
    assert beginning(PAGE, "Something else") == ""
    assert beginning(PAGE, "") == ""
    assert beginning("<p>Here</p>", "Here and there") == ""


def test_commands_above_an_answer_are_left_out() -> None:
    page = "<div>#note phone 20m</div><div>#solved<br></div><p>He <i>called</i>.</p>"
    assert (
        behind(page, "#note phone 20m\n#solved\nHe called.", "He called.")
        == "<div></div><div><br></div><p>He <i>called</i>.</p>"
    )
    assert behind("<p>#note Look:<br>here</p>", "#note Look:\nhere", "Look:\nhere") == "<p>Look:<br>here</p>"
    assert behind("<p>Hello</p>", "Hello", "Hello") == "<p>Hello</p>"
    assert behind(page, "#note phone 20m\n#solved\nHe called.", "She called.") == ""


def test_a_reply_in_html_has_its_new_words_apart() -> None:
    quoted = "On Mon, 2 Mar 2026 at 09:00, Alice Agent <support@example.com> wrote:\n> What & where?\n"
    html = PAGE.replace("On Monday, Alice wrote:", "On Mon, 2 Mar 2026 at 09:00, Alice Agent wrote:")
    found = read(
        mail(text=f"Here, as *asked*:\n\n* one\n\n{quoted}", html=html, headers={"In-Reply-To": "<x@y.example>"})
    )
    assert "What" in found.html
    assert found.html_said == "<div><p>Here, as <b>asked</b>:</p><ul><li>one</li></ul></div>"


KEYS = {
    "an address": f"<p>{KEYED}</p>",
    "a link": f'<a href="mailto:{KEYED}?subject=x">answer</a>',
    "an escaped link": f'<a href="https://x.example/?to={KEYED.replace("+", "%2B").replace("@", "%40")}">x</a>',
    "a link escaped throughout": '<a href="https://x.example/?to=%73' + KEYED[1:].replace("e", "%65") + '">x</a>',
    "a Message-ID": f"<p>&lt;EX-10427.{TOKEN}@example.com&gt;</p>",
    "a subject": f"<p>Re: [EX-10427] Export ({TOKEN})</p>",
    "elements between": f"<p>support+EX-10427-{TOKEN[:9]}<wbr>{TOKEN[9:]}@example.com</p>",
    "a style between": f"<p>support+EX-10427-{TOKEN[:9]}<i></i>{TOKEN[9:]}@example.com</p>",
    "a soft hyphen": f"<p>support+EX-10427-{TOKEN[:9]}&shy;{TOKEN[9:]}@example.com</p>",
    "entities": f"<p>support&#43;EX-10427-{TOKEN}&#64;example.com</p>",
    "an image's words": f'<img alt="{KEYED}">',
    "a subject in pieces": f"<p>Export ({TOKEN[:9]}<b>{TOKEN[9:]})</b></p>",
}


@pytest.mark.parametrize("html", KEYS.values(), ids=KEYS.keys())
def test_no_key_of_ours_is_shown_on(html: str) -> None:
    found = read(mail(html=f"<p>before</p>{html}")).html
    assert TOKEN[9:] not in found.replace("%65", "e")
    assert found == "" or "before" in found


def test_our_marker_line_is_not_shown_again() -> None:
    assert "##-" not in read(mail(html="<p>x</p><p>##- Please type your reply above this line -##</p>")).html


def test_a_link_shows_where_it_goes_unless_it_says_so() -> None:
    def shown(words: str, target: str = "https://x.example/a") -> bool:
        return "x.example]" in with_places(f'<a style="color:red" href="{target}">{words}</a>')

    assert shown("https://bank.example/")
    assert shown('<img src="cid:x">')
    assert shown("<b>x.example</b>.evil")
    assert with_places('<a href="https://x.example">bank<a href="https://y.example">y</a></a>').count("example]") == 2
    assert not shown("https://x.example/a")
    assert not shown("<b>x.example</b>/a/")
    assert not shown("bob@x.example", "mailto:bob@x.example")


def work(run: Callable[[int], object], size: int) -> float:
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        run(size)
        best = min(best, time.process_time() - began)
    return best


LONG: dict[str, Callable[[int], object]] = {
    "words": lambda n: beginning("<p>word</p>" * n + "<p>end</p>", "word " * n),
    "one text": lambda n: beginning("word " * n, "word " * (n - 1)),
    "brackets": lambda n: beginning("[<p>" * n, "[" * n),
    "open elements": lambda n: beginning("<p>" * n + "a", "b"),
    "commands": lambda n: behind("<p>#a</p>" * n + "<p>b</p>", "#a\n" * n + "b", "b"),
    "links": lambda n: with_places('<a href="https://x.example">' * n),
    "keys": lambda n: without_keys("+EX-1-" * n + "(" * n),
}


@pytest.mark.parametrize("run", LONG.values(), ids=LONG.keys())
def test_pieces_are_found_in_time_that_grows_with_the_length(run: Callable[[int], object]) -> None:
    assert work(run, 16_000) < 3 * work(run, 8_000) + 0.05
