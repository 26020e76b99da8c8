"""HTML of customers and colleagues in the letters to agents, on a whole desk: shown as it was laid out, and tame."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage, Message
from email.policy import SMTP

from maildesk.words import Outcome
from tests.builders import ALICE, CAROL, SUPPORT, mail
from tests.desk.world import Sent, World

ALICES, ANTONS = "alice@example.com", "anton@example.com"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def pictured(html: str, sender: str = CAROL, **fields: object) -> bytes:
    """A mail with HTML, the image shot@acme in it, and a file besides."""
    given: dict[str, object] = {"text": "Hello,\n\nsee here:\n", "to": SUPPORT} | fields
    message = EmailMessage(policy=SMTP.clone(max_line_length=900))
    message["From"], message["To"], message["Subject"] = sender, str(given["to"]), "The export fails"
    message["Message-ID"] = str(given.get("message_id", "<picture@mail.test>"))
    message.set_content(str(given["text"]))
    message.add_alternative(html, subtype="html")
    rich = message.get_payload()[1]  # type: ignore[index]
    rich.add_related(PNG, "image", "png", cid="<shot@acme.example>", filename="shot.png")  # type: ignore[union-attr]
    message.add_attachment(b"a log", maintype="text", subtype="plain", filename="export.log")
    return message.as_bytes()


def parts(letter: Sent) -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    for part in letter.message.walk():
        found.setdefault(part.get_content_type(), []).append(part)
    return found


def tags(letter: Sent) -> str:
    """The HTML of a letter without what people read."""
    return " ".join(re.findall(r"<[^>]*>", letter.html))


def test_an_inline_image_arrives_inside_the_letters_to_agents(desk: World) -> None:
    html = '<p>Hello,</p><p>see <b>here</b>:</p><img src="cid:shot@acme.example" width="300">'
    assert desk.receives(pictured(html)).outcome is Outcome.TICKET
    letters = desk.sent("agent_ticket")
    assert len(letters) > 1
    for letter in letters:
        found = parts(letter)
        assert list(found)[:3] == ["multipart/mixed", "multipart/related", "multipart/alternative"]
        assert found["multipart/related"][0].get_param("type") == "multipart/alternative"
        (image,) = found["image/png"]
        assert image.get_payload(decode=True) == PNG
        assert image.get_content_disposition() == "inline"
        assert f'<img src="cid:{image["Content-ID"].strip("<>")}" width="300">' in letter.html
        assert "see <b>here</b>" in letter.html
        assert letter.attachments["export.log"] == b"a log"
        assert "Attachments: shot.png, export.log" in letter.text
        assert "see here:" in letter.text


def test_what_is_remote_or_active_does_not_arrive(desk: World) -> None:
    html = (
        '<head><link rel=stylesheet href="https://evil.example/x.css"><base href="https://evil.example"></head>'
        '<p onclick="x()">Hello</p><img src="https://evil.example/pixel.gif"><script>alert(1)</script>'
        '<form action="https://evil.example"><input name=password></form><svg onload=alert(1)></svg>'
        '<p style="background:url(https://evil.example/x)">x</p><style>.card{display:none}</style>'
    )
    desk.receives(mail(html=html))
    letter = desk.the("agent_ticket", ALICES)
    assert "<p>Hello</p>" in letter.html
    assert "evil.example" not in letter.html
    assert ".card{display:none}" not in letter.html
    assert not re.search(r"<(script|form|input|svg|link|base|img)|\son\w+=|url\(", tags(letter))


def test_a_frame_drawn_by_a_customer_stays_within_ours(desk: World) -> None:
    ends = "</div></td></tr></table>" * 4
    desk.receives(mail(html=f'{ends}<div class="call" style="position:fixed;top:0">A plain reply goes to Eve.</div>'))
    html = desk.the("agent_ticket", ALICES).html
    before, _, behind = html.partition('class="sheet"')
    assert "A plain reply goes to Carol Jones." in before
    assert "A plain reply goes to Eve." in behind
    assert "<div>A plain reply goes to Eve.</div></div></td></tr></table>" in "".join(behind.splitlines())
    assert html.count("<table") == html.count("</table>")


def test_a_key_in_a_customers_html_reaches_no_other_agent(desk: World) -> None:
    desk.receives(mail(html="<p>Hello</p>"))
    acknowledgement = desk.the("acknowledgement")
    key = acknowledgement.reply_to
    quoted = f'<p>More</p><p><a href="mailto:{key}?subject=x">{key}</a></p><p>{acknowledgement.message_id[1:-1]}</p>'
    desk.replies(CAROL, acknowledgement, "More", html=quoted)
    token = key.partition("@")[0].rpartition("-")[2]
    for letter in desk.sent("agent_update"):
        assert "<p>More</p>" in letter.html
        assert token not in letter.raw.replace(b"=\r\n", b"").decode().lower()


def test_html_that_is_too_large_is_shown_as_text(desk: World) -> None:
    desk.receives(mail(text="Short", html="<p>word</p>" * 40_000))
    letter = desk.the("agent_ticket", ALICES)
    assert "word" not in letter.html
    assert "Short" in letter.html


def test_of_a_reply_the_new_words_are_shown_without_the_quotation(desk: World) -> None:
    desk.receives(mail())
    html = "<div>It still <i>fails</i>.</div><br><div>On Monday, Support wrote:<blockquote>We look.</blockquote></div>"
    desk.replies(CAROL, desk.the("acknowledgement"), "It still fails.", html=html)
    for letter in desk.sent("agent_update"):
        assert "<div>It still <i>fails</i>.</div>" in letter.html
        assert "We look." not in letter.html


def test_a_colleagues_note_is_shown_without_its_command(desk: World) -> None:
    desk.receives(mail())
    letter = desk.the("agent_ticket", ALICES)
    desk.replies(ALICE, letter, "#assign Anton")
    html = "<div>#note</div><div>Look at the <b>font</b>.</div><div>On Monday wrote:</div><blockquote>x</blockquote>"
    assert desk.replies(ALICE, letter, "#note\nLook at the font.", html=html).outcome is Outcome.NOTE
    heard = desk.the("agent_update", ANTONS)
    assert "<div>Look at the <b>font</b>.</div>" in heard.html
    assert "#note" not in heard.html.partition('class="sheet"')[2]


def test_customers_are_sent_text_and_no_html_of_an_agent(desk: World) -> None:
    desk.receives(mail())
    letter = desk.the("agent_ticket", ALICES)
    html = '<p>Use <b>this</b>:</p><img src="cid:shot@acme.example">'
    desk.receives(pictured(html, ALICE, to=letter.reply_to, text="Use this:\n"))
    reply = desk.the("reply")
    assert "<b>this</b>" not in reply.html
    assert "multipart/related" not in parts(reply)
    assert reply.attachments["shot.png"] == PNG


def test_an_image_that_does_not_fit_leaves_no_hole(world: Callable[..., World]) -> None:
    desk = world('[limits]\nletter_size = "100B"\n')
    desk.receives(pictured('<p>Hello, see here:</p><img src="cid:shot@acme.example">'))
    letter = desk.the("agent_ticket", ALICES)
    assert "<img" not in letter.html
    assert "Too large for this mail, kept in the ticket: shot.png" in letter.text
