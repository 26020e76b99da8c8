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
# What a line of 7bit may not begin or end with: SMTP's dot, mbox's From, a boundary of ours, blanks that get lost.
_AWKWARD = ("\n.", "\nFrom ", "\n--=_", " \n", "\t\n")
_LINE = 76  # RFC 2045 6.7 (5), and what plain text keeps to, too


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
    octets = text.replace("\n", "\r\n").encode()
    if len(text.encode("ascii", "ignore")) * 3 < len(octets) * 2:  # more than a third is not ASCII
        return Part(fields + "base64\r\n", encodebytes(octets).replace(b"\n", b"\r\n"))
    return Part(fields + "quoted-printable\r\n", _quoted_printable(octets))


def alternative(text: str, html: str, seed: str) -> Part:
    """Text, and HTML beside it when there is any (RFC 2046 5.1.4: the plainest first)."""
    plain = text_part(text)
    if not html:
        return plain
    rich = text_part(html, "html")
    mark = boundary(seed, "alternative")
    body = b"".join(
        (
            f"--{mark}\r\n{plain.fields}\r\n".encode(),
            plain.body,
            f"\r\n--{mark}\r\n{rich.fields}\r\n".encode(),
            rich.body,
            f"\r\n--{mark}--\r\n".encode(),
        )
    )
    return Part(multipart_field("alternative", mark), body)


def multipart_field(subtype: str, mark: str) -> str:
    return f'Content-Type: multipart/{subtype};\r\n boundary="{mark}"\r\n'


def clean_text(text: str) -> str:
    """LF line ends, one at the end, nothing a text may not hold."""
    for end in ("\r\n", "\r", "\u2028", "\u2029"):
        text = text.replace(end, "\n")
    try:
        octets = text.encode()
    except UnicodeEncodeError:
        text = _SURROGATES.sub("\ufffd", text)
        octets = text.encode()
    if len(octets.translate(None, _CONTROLS)) != len(octets):
        text = text.translate(_BLANKS)
    return text if text.endswith("\n") else text + "\n"


def _plain(text: str) -> bool:
    if not text.isascii() or max(map(len, text.split("\n"))) > _LINE:
        return False
    framed = "\n" + text
    return not any(awkward in framed for awkward in _AWKWARD)


def _quoted_printable(octets: bytes) -> bytes:
    """RFC 2045 6.7. b2a_qp takes CRLF from the text, which therefore has one; it leaves "From " to us."""
    coded = b2a_qp(octets, istext=True)
    if b"From " in coded:
        coded = re.sub(rb"^From ", b"=46rom=\r\n ", coded, flags=re.MULTILINE)
    return coded
