"""Bodies of letters: text and HTML as 7-bit parts, the alternative of both, boundaries.

Called by mime/write. Lines end in CRLF and stay within 76 octets unless they are plain ASCII by nature; a NUL or
another control character never gets out. The same input gives the same bytes.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from hashlib import sha256
from typing import NamedTuple

_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_BLANKS = dict.fromkeys(_CONTROLS, " ")
_SURROGATES = re.compile("[\ud800-\udfff]")
# What a line of 7bit may not begin with: SMTP's dot, mbox's From, a boundary of ours. Blanks at its end get lost.
_AWKWARD = ("\n.", "\nFrom ", "\n--=_")
_LINE = 76  # RFC 2045 6.7 (5), and what plain text keeps to, too

_HIGH = bytes(range(0x80, 0x100))


class Part(NamedTuple):
    """A MIME part: its Content- fields, each ended by CRLF, and its encoded body."""

    fields: str
    body: bytes


def boundary(seed: str, role: str) -> str:
    """A boundary for this letter. "=_" can stand in no quoted-printable or base64 text (RFC 2045 6.7)."""
    return "=_" + sha256(f"{role}\0{seed}".encode()).hexdigest()[:32]


def text_part(text: str, subtype: str = "plain") -> Part:
    """Text as 7bit, quoted-printable or base64, whichever the content asks for."""
    text = clean_text(text)
    fields = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: "
    if _plain(text):
        return Part(fields + "7bit\r\n", text.replace("\n", "\r\n").encode("ascii"))
    octets = text.encode()
    if len(octets.translate(None, _HIGH)) * 3 < (len(octets) + text.count("\n")) * 2:  # more than a third is not ASCII
        coded = encodebytes(octets.replace(b"\n", b"\r\n"))
        return Part(fields + "base64\r\n", coded.replace(b"\n", b"\r\n"))
    return Part(fields + "quoted-printable\r\n", _quoted_printable(octets).replace(b"\n", b"\r\n"))


def alternative(text: str, html: str, seed: str, *richer: Part) -> Part:
    """Text, HTML beside it when there is any, and what says more still (RFC 2046 5.1.4: the plainest first)."""
    plain = text_part(text)
    others = (*((text_part(html, "html"),) if html else ()), *richer)
    return multipart("alternative", seed, plain, *others) if others else plain


def multipart(subtype: str, seed: str, *parts: Part) -> Part:
    mark = boundary(seed, subtype)
    body: list[bytes] = []
    for part in parts:
        break_ = "\r\n" if body else ""
        body += (f"{break_}--{mark}\r\n{part.fields}\r\n".encode("ascii"), part.body)
    return Part(multipart_field(subtype, mark), b"".join((*body, f"\r\n--{mark}--\r\n".encode("ascii"))))


def multipart_field(subtype: str, mark: str) -> str:
    return f'Content-Type: multipart/{subtype};\r\n boundary="{mark}"\r\n'


def clean_text(text: str) -> str:
    """LF line ends, one at the end, nothing a text may not hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    try:
        octets = text.encode()
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
        octets = text.encode()
    if len(octets.translate(None, _CONTROLS)) != len(octets):
        text = text.translate(_BLANKS)
    return text if text.endswith("\n") else text + "\n"


def _plain(text: str) -> bool:
    lines = text.split("\n")
    if not text.isascii() or max(map(len, lines)) > _LINE or [*map(str.rstrip, lines)] != lines:
        return False
    framed = "\n" + text
    return not any(awkward in framed for awkward in _AWKWARD)


def _quoted_printable(octets: bytes) -> bytes:
    """RFC 2045 6.7, of a clean text with LF. b2a_qp is slow and sees only the lines that are long or odd."""
    lines = octets.replace(b"=", b"=3D").split(b"\n")
    plain = octets.isascii() and [*map(bytes.rstrip, lines)] == lines
    coded = [line if len(line) <= _LINE and (plain or _is_plain(line)) else _coded(line) for line in lines]
    whole = b"\n" + b"\n".join(coded)
    if b"\nFrom " in whole or b"\n.\n" in whole:
        whole = re.sub(rb"^\.$", b"=2E", whole.replace(b"\nFrom ", b"\n=46rom=\n "), flags=re.MULTILINE)
    return whole[1:]


def _is_plain(line: bytes) -> bool:
    return line.isascii() and line.rstrip() == line


def _coded(line: bytes) -> bytes:
    return b2a_qp(line.replace(b"=3D", b"="), istext=True)
