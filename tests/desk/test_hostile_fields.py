"""Fields that want to be more than words: header lines, templates, markup, terminal codes, paths, our own fields."""

from __future__ import annotations

import re
from base64 import b64encode

from maildesk.words import Envelope
from tests.builders import ALICE, SUPPORT
from tests.desk.world import Sent, World

EVIL = "x\r\nBcc: evil@elsewhere.example\r\n\r\n{{7*7}}{%if 1%}<script>alert(1)</script>\x1b[31m"
FORBIDDEN = re.compile(rb"(?m)^Bcc:|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]|(?<!\r)\n|\r(?!\n)")


def word(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def hostile() -> bytes:
    path = word("../../etc/passwd\r\nX: y\u202egpj.exe")
    return "\r\n".join(
        (
            f"From: {word(EVIL)} <carol@acme.example>",
            f"To: {SUPPORT}",
            f"Cc: {word(EVIL)} <zed@acme.example>",
            f"Subject: {word(EVIL)}",
            "Message-ID: <a b\tc>>@x>",
            "References: <x@y> <\x1b[31m@z>",
            "X-Maildesk-Ticket: EX-1",
            "X-Maildesk-Letter: reply",
            "MIME-Version: 1.0",
            "Content-Type: multipart/mixed; boundary=b",
            "",
            "--b",
            "",
            "hello {{7*7}} <img src=http://elsewhere.example/> \x1b]52;c;x\x07",
            "--b",
            "Content-Type: image/svg+xml",
            f'Content-Disposition: attachment; filename="{path}"',
            "",
            "<svg onload=1>",
            "--b",
            "Content-Type: text/html",
            "Content-Disposition: attachment; filename*=utf-8''%2e%2e%2f%00%0d%0aevil.html",
            "",
            "<script>",
            "--b--",
            "",
        )
    ).encode()


def letters(desk: World) -> list[Sent]:
    envelope = Envelope(door="lmtp:main", received=desk.now, sender="carol@acme.example", recipients=(SUPPORT,))
    assert desk.desk.receive(hostile(), envelope).result(20).outcome == "ticket"
    opening = desk.sent()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Hello <b>{{7*7}}</b>\x1b[31m")
    return [*opening, *desk.sent()]


def test_no_field_of_a_mail_breaks_out_of_a_letter(desk: World) -> None:
    found = letters(desk)
    assert {each.name for each in found} >= {"acknowledgement", "agent_ticket", "reply"}
    for letter in found:
        assert not FORBIDDEN.search(letter.raw), letter.name
        assert "<script>" not in letter.html
        assert "<img src=http" not in letter.html
        assert "49" not in letter.text.replace("{{7*7}}", "")
        assert letter.message["X-Maildesk-Ticket"] == "EX-10001"


def test_files_that_could_run_or_climb_are_octets_with_a_plain_name(desk: World) -> None:
    letter = next(each for each in letters(desk) if each.name == "agent_ticket")
    parts = [part for part in letter.message.walk() if part.get_filename()]
    assert {part.get_content_type() for part in parts} == {"application/octet-stream"}
    for part in parts:
        assert not re.search("[/\\\\\u202e\x00-\x1f]|^\\.", str(part.get_filename()))
