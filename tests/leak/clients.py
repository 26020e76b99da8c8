"""What people's mail programs send: answers that quote in every manner, with all that programs tell of their users.

The manners are those of tests/desk/clients, and those below that hide something. Mails are written here by hand, in
one of several codings, since the library that could do it takes longer than the desk.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from functools import cached_property
from html import escape
from random import Random
from re import search

from tests.bodies import body_of, head_of
from tests.desk.clients import CLIENTS, Client, Quoted, divs

Fields = Sequence[tuple[str, str]]
Files = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Letter:
    """A letter in somebody's mailbox; most are never opened."""

    ident: int
    name: str
    reader: str
    note: bool  # about a note
    load: Callable[[], bytes]

    @cached_property
    def raw(self) -> bytes:
        return self.load()

    @cached_property
    def head(self) -> Message:
        return head_of(self.raw, compat32)

    @property
    def message_id(self) -> str:
        return str(self.head["Message-ID"])

    @property
    def reply_to(self) -> str:
        return str(self.head["Reply-To"] or self.head["From"])

    @property
    def subject(self) -> str:
        return " ".join(str(self.head["Subject"]).split())

    @cached_property
    def quoted(self) -> Quoted:
        html = search(r"(?s)<body[^>]*>(.*)</body>", body_of(self.raw, "text/html") or "")
        plain = (body_of(self.raw, "text/plain") or "").replace("\r\n", "\n").rstrip("\n")
        return Quoted(self.subject, plain, html[1] if html else "")


def with_word(old: Quoted, word: str) -> Quoted:
    """The same with a word within what is quoted: a note that stood there, somebody else's line."""
    rows = old.plain.split("\n")
    place = min(4, len(rows) - 1)
    plain = "\n".join([*rows[:place], f"Inside: {word}", *rows[place:]])
    return Quoted(old.subject, plain, f"<p>Inside: {word}</p>{old.html}")


def foreign(subject: str, word: str) -> Quoted:
    """A mail that is none of ours."""
    plain = f"Hello Alice,\n\nGlobex has told us: {word}\n\nregards\nTom"
    return Quoted(subject, plain, f"<div>Hello Alice,</div><div><br></div><div>Globex has told us: {word}</div>")


def interleaved(words: str, old: Quoted) -> str:
    """Answers between the lines."""
    rows = [f"> {line}".rstrip() for line in old.plain.splitlines()]
    half = len(rows) // 2
    quoted = "\n".join(rows[:half]), "\n".join(rows[half:])
    return f"On 2 Mar 2026, at 10:00, Technical Support wrote:\n{quoted[0]}\n\n{words}\n\n{quoted[1]}\n"


def twice(words: str, old: Quoted) -> str:
    """A quotation of a quotation."""
    nested = "\n".join(f"> {line}".rstrip() for line in old.marked.splitlines())
    return f"{words}\n\nAm 02.03.26 um 10:00 schrieb Technical Support:\n> Am 01.03.26 um 9:00 schrieb Tom:\n{nested}\n"


def signed(words: str, old: Quoted) -> str:
    line = "Le lun. 2 mars 2026 à 10:00, Technical Support <support@example.com> a écrit :"
    return f"{words}\n\n-- \nAlice Agent\nDirect line {old.plain.split()[-1]}\n\n{line}\n\n{old.marked}\n"


def hidden(lines: Sequence[str], old: Quoted) -> str:
    """What no reader of the mail sees, and the quotation among it."""
    secret = escape(old.plain.replace("\n", " "), quote=True)
    return (
        f"<html><head><title>{secret}</title><style>.x{{content:'{old.plain.split()[-1]}'}}</style></head><body>"
        f'<div style="display:none">{secret}</div><span style="font-size:0">{secret}</span>'
        f'<div hidden>{secret}</div><p style="visibility:hidden">{secret}</p><!-- {secret} -->'
        f'<div style="max-height:0;overflow:hidden">{secret}</div><input type="hidden" value="{secret}">'
        f'<script>var a = "{secret}"</script><div style="mso-hide:all;display:none !important">{secret}</div>'
        f'{divs(lines)}<p title="{secret}"></p></body></html>'
    )


HIDING: dict[str, Client] = {
    "between the lines": Client(interleaved),
    "a quotation of a quotation": Client(twice),
    "a signature and a quotation": Client(signed),
    "hidden in HTML": Client(None, hidden),
}
PROGRAMS: dict[str, Client] = CLIENTS | HIDING


def written(client: Client, words: Sequence[str], old: Quoted, rng: Random) -> tuple[str, str]:
    """The text and the HTML of an answer; one of them may be left out."""
    text = client.text("\n".join(words), old) if client.text else ""
    html = client.html([escape(line, quote=False) for line in words], old) if client.html else ""
    if text and html:
        only = rng.randrange(4)
        return ("", html) if only == 0 else (text, "") if only == 1 else (text, html)
    return text, html


def mail(fields: Fields, text: str, html: str = "", files: Files = (), rng: Random | None = None) -> bytes:
    """The bytes: one part where there is one, else as programs nest them."""
    coding = rng.choice(list(CODINGS)) if rng else "8bit"
    head = "".join(f"{name}: {value}\r\n" for name, value in fields) + "MIME-Version: 1.0\r\n"
    parts = [_part(kind, body, coding) for kind, body in (("plain", text), ("html", html)) if body] or [
        _part("plain", "", coding)
    ]
    body = parts[0] if len(parts) == 1 else _several("alternative", parts)
    if files:
        body = _several("mixed", [body, *(_file(name, data) for name, data in files)])
    return head.encode() + body


def _part(kind: str, body: str, coding: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
    return head.encode() + CODINGS[coding](body.replace("\n", "\r\n").encode())


def _several(kind: str, parts: Sequence[bytes]) -> bytes:
    mark = f"={kind}=".encode()
    inner = b"".join(b"--" + mark + b"\r\n" + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind}; boundary="{mark.decode()}"\r\n\r\n'.encode()
        + inner
        + b"--"
        + mark
        + b"--\r\n"
    )


def _file(name: str, data: bytes) -> bytes:
    head = (
        f'Content-Type: application/octet-stream; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )
    return head.encode() + base64.encodebytes(data).replace(b"\n", b"\r\n")


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "8bit": lambda body: body,
    "quoted-printable": lambda body: quopri.encodestring(body.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
    "base64": lambda body: base64.encodebytes(body).replace(b"\n", b"\r\n"),
}
