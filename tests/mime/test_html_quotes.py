"""Replies in the HTML of their programs: the quotation goes, whatever its language; what is passed on stays."""

# ruff: noqa: E501 - tables

from __future__ import annotations

import time

import pytest

from maildesk.mime.html import to_text
from maildesk.mime.quotes import new_text

NEW = "<div>It works now, thank you.</div><div><br></div><div>One question is left.</div>"
WANTED = "It works now, thank you.\n\nOne question is left."
OLD = "<p>please try version 5.3.</p><p>Does it help?</p>"
AM = 'Alice Agent &lt;<a href="mailto:support@desk.example">support@desk.example</a>&gt;'
WEIRD = f"02.03.2026 09:15 Alice Agentxyz blarg {AM} zorp frob"  # a language that no table has
HEAD = (
    f"<b>From:</b> {AM}<br><b>Sent:</b> Monday, March 2, 2026 9:15 AM<br><b>To:</b> Carol<br><b>Subject:</b> Re: Export"
)
UNKNOWN = f"<b>Blarg:</b> {AM}<br><b>Zorp:</b> Mon, March 2, 2026 9:15<br><b>Frob:</b> Carol<br><b>Quux:</b> Export"

REPLIES = {
    "gmail": f'{NEW}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Mar 2, 2026 at 9:15 AM {AM} wrote:<br></div>'
    f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{OLD}</blockquote></div>',
    "gmail, unknown language": f'{NEW}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{WEIRD}:<br></div>'
    f'<blockquote class="gmail_quote">{OLD}</blockquote></div>',
    "apple mail": f'{NEW}<div><br><blockquote type="cite"><div>On 2 Mar 2026, at 09:15, {AM} wrote:</div><br>{OLD}</blockquote></div>',
    "apple mail, old": f'{NEW}<br><div><div>On Mar 2, 2026, at 9:15 AM, Alice Agent wrote:</div><br><blockquote type="cite">{OLD}</blockquote></div>',
    "telephone": f'{NEW}<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 2 Mar 2026, at 09:15, {AM} wrote:<br><br></blockquote></div>'
    f'<blockquote type="cite">{OLD}</blockquote>',
    "thunderbird": f'<p>{NEW}</p><div class="moz-cite-prefix">On 02/03/2026 09:15, Alice Agent wrote:<br></div><blockquote type="cite" cite="mid:1@desk.example">{OLD}</blockquote>',
    "thunderbird, unknown language": f'{NEW}<div class="moz-cite-prefix">{WEIRD}:<br></div><blockquote type="cite" cite="mid:1@desk.example">{OLD}</blockquote>',
    "yahoo": f'{NEW}<div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, March 2, 2026, 09:15:00 AM GMT+1, {AM} wrote: </div><div>{OLD}</div></div>',
    "yahoo, unknown language": f'{NEW}<div id="yahoo_quoted_1" class="yahoo_quoted"><div>{WEIRD}: </div><div>{OLD}</div></div>',
    "proton": f'{NEW}<div class="protonmail_quote">On Monday, March 2nd, 2026 at 9:15 AM, {AM} wrote:<br><blockquote class="protonmail_quote" type="cite">{OLD}</blockquote></div>',
    "tutanota": f'{NEW}<br>2 Mar 2026, 09:15 by support@desk.example:<br><blockquote class="tutanota_quote" style="border-left: 1px solid">{OLD}</blockquote>',
    "zoho": f'{NEW}<div class="zmail_extra"><br>---- On Mon, 02 Mar 2026 09:15:00 +0100 <b>{AM}</b> wrote ----<br><br><blockquote>{OLD}</blockquote></div>',
    "outlook": f'<div class=WordSection1>{NEW}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>{HEAD}</p></div></div>{OLD}</div>',
    "outlook, unknown language": f'<div class=WordSection1>{NEW}<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>{UNKNOWN}</p></div>{OLD}</div>',
    "outlook on the web": f'{NEW}<div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{HEAD}</font><div>&nbsp;</div></div><div>{OLD}</div>',
    "outlook on the web, unknown language": f'{NEW}<hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font>{UNKNOWN}</font></div><div>{OLD}</div>',
    "outlook on a telephone": f'{NEW}<div id="ms-outlook-mobile-signature">Get <a href="https://x.example/ios">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><hr><div>{HEAD}</div>{OLD}</div>',
    "windows mail": f'{NEW}<div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"><div>{HEAD}</div></div>{OLD}',
    "hotmail": f'{NEW}<div><hr id="stopSpelling">Date: Mon, 2 Mar 2026 09:15:00 +0100<br>From: support@desk.example<br>To: carol@acme.example<br>Subject: Re: Export<br><br>{OLD}</div>',
    "gmx": f'{NEW}<div name="quote" style="margin:10px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag, 02. März 2026 um 09:15 Uhr<br><b>Von:</b> {AM}<br><b>An:</b> Carol<br><b>Betreff:</b> Re: Export</div>{OLD}</div>',
    "zimbra": f'{NEW}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{HEAD}</div><div data-marker="__QUOTED_TEXT__">{OLD}</div>',
    "lotus": f'{NEW}<br><font size=1 color=#5f5f5f>From: </font><font size=1>Alice Agent &lt;a@desk.example&gt;</font><br><font>To: </font><font>Carol</font><br><font>Date: </font><font>03/02/2026 09:15 AM</font><br><font>Subject: </font><font>Re: Export</font><hr>{OLD}',
    "yandex": f'{NEW}<div> </div><div>02.03.2026, 09:15, "Alice Agent" &lt;support@desk.example&gt;:</div><blockquote>{OLD}</blockquote>',
    "roundcube": f'{NEW}<p id="reply-intro">On 2026-03-02 09:15, Alice Agent wrote:</p><blockquote type="cite">{OLD}</blockquote>',
    "163": f'{NEW}<br>在 2026-03-02 09:15:00，"Alice Agent" &lt;support@desk.example&gt; 写道：<br><blockquote id="isReplyContent" style="border-left:#ccc 1px solid">{OLD}</blockquote>',
    "qq": f'{NEW}<div style="font-size: 12px;">------------------&nbsp;原始邮件&nbsp;------------------</div><div>发件人: "Alice" &lt;support@desk.example&gt;;<br>发送时间: 2026年3月2日 上午9:15<br>收件人: "Carol" &lt;carol@acme.example&gt;;<br>主题: Re: Export</div>{OLD}',
    "spark": f'{NEW}<div name="messageReplySection">On 2 Mar 2026 at 09:15 +0100, {AM}, wrote:<br><blockquote type="cite" style="border-left: solid 1px">{OLD}</blockquote></div>',
    "em client": f'{NEW}<div>------ Original Message ------</div><div>From "Alice Agent" &lt;support@desk.example&gt;</div><blockquote type="cite" class="cite2">{OLD}</blockquote>',
}  # fmt: skip


@pytest.mark.parametrize("html", REPLIES.values(), ids=REPLIES.keys())
def test_a_quotation_in_html_is_cut(html: str) -> None:
    text = to_text(f"<html><body>{html}</body></html>")
    assert "please try version 5.3." in text  # the full text has it
    assert new_text(text, "Re: Export", answers=True) == WANTED


PASSED_ON = {
    "gmail": f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <b>Carol</b> &lt;carol@acme.example&gt;<br>Date: 2 Mar 2026<br>Subject: Export<br></div>{OLD}</div>',
    "apple mail": f'<blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Carol &lt;carol@acme.example&gt;</div><div><b>Subject: </b>Export</div>{OLD}</blockquote>',
    "thunderbird": f'<div class="moz-forward-container">-------- Forwarded Message --------<table><tr><th>Subject: </th><td>Export</td></tr><tr><th>From: </th><td>Carol</td></tr></table>{OLD}</div>',
    "proton": f'<div class="protonmail_quote">------- Forwarded Message -------<br>From: Carol &lt;carol@acme.example&gt;<br>Subject: Export<br>{OLD}</div>',
}  # fmt: skip


@pytest.mark.parametrize("html", PASSED_ON.values(), ids=PASSED_ON.keys())
def test_a_mail_passed_on_in_html_stays(html: str) -> None:
    text = new_text(to_text(f"<div>See below.</div><br>{html}"), "Fwd: Export")
    assert text.startswith("See below.")
    assert "please try version 5.3." in text
    assert "Does it help?" in text


def test_an_indented_paragraph_is_the_writers_own() -> None:
    text = to_text("<div>As I said</div><blockquote style='margin:0 0 0 40px'>indented</blockquote><div>and more</div>")
    assert [line.strip() for line in text.split("\n") if line.strip()] == ["As I said", "indented", "and more"]


def test_answers_between_quotations_in_html_are_kept() -> None:
    html = (
        f'<div class="gmail_quote"><div class="gmail_attr">On Mon, Mar 2, 2026 at 9:15 AM {AM} wrote:<br></div>'
        '<blockquote class="gmail_quote"><div>please try 5.3</div></blockquote><div>Done.</div>'
        '<blockquote class="gmail_quote"><div>Does it help?</div></blockquote><div>Yes.</div></div>'
    )
    assert new_text(to_text(html), "Re: Export", answers=True) == "Done.\n\nYes."


def test_a_mail_that_is_one_quotation_is_not_cut() -> None:
    text = new_text(to_text("<blockquote><p>It fails.</p><p>Help.</p></blockquote>"), "Re: Export", answers=True)
    assert "It fails." in text
    assert "Help." in text


def test_our_own_line_in_html_parts_new_from_old() -> None:
    html = (
        f"{NEW}<table><tr><td>##- Please type your reply above this line -##</td></tr><tr><td>{OLD}</td></tr></table>"
    )
    assert new_text(to_text(html), "Re: Export", answers=True) == WANTED


HOSTILE = {
    "quotations in quotations": "<blockquote>",
    "prefixes": '<div class="moz-cite-prefix">x</div><blockquote>',
    "drawn lines": "<hr>",
    "heads": '<div id="divRplyFwdMsg">',
    "containers": '<div class="yahoo_quoted">x',
    "breaks": "<br><blockquote>a",
    "borders": '<div style="border:none;border-top:solid #E1E1E1 1.0pt">',
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_twice_as_much_hostile_html_takes_little_more_than_twice_the_time(piece: str) -> None:
    def took(count: int) -> float:
        begun = time.process_time()
        to_text(piece * count)
        return time.process_time() - begun

    once = took(5_000)
    assert took(10_000) < 3.5 * once + 0.3
