"""Header fields: cutting a block into fields, and decoding their values (RFC 5322, 2.2; RFC 2047).

Called by the walk for the mail and each part. It keeps every field in order, linear on any octets, and decodes
an encoded word only as text for people: never in an address, an id or a parameter that decides something.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maildesk.mime.charset import clean_line, decoded, line_of

# A name, white space before the colon (RFC 5322, 4.5.8), the value with its folded lines.
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*+)(?:\n|\Z)")
_MBOX = re.compile(rb">?From [^\n]*(?:\n|\Z)")
_BLANK = re.compile(rb"\r*(?:\n|\Z)")
_WORD_HEAD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one header block in order, names in lower case, values unfolded and still octets."""

    all: tuple[tuple[str, bytes], ...] = ()
    broken: bool = False  # the block ended at a line that is no field
    end: int = 0  # where the block ends
    body: int = 0  # where the body begins
    index: dict[str, bytes] = field(default_factory=dict)  # the first of each name

    def first(self, name: str) -> bytes:
        return self.index.get(name, b"")

    def every(self, name: str) -> list[bytes]:
        return [value for known, value in self.all if known == name]

    def text(self, name: str) -> str:
        return text_of(self.index.get(name, b""))


def cut(raw: bytes, start: int, end: int) -> Fields:
    """The header block that begins at `start`; it ends at a blank line or at one that is no field."""
    found: list[tuple[str, bytes]] = []
    index: dict[str, bytes] = {}
    at = start
    if mbox := _MBOX.match(raw, at, end):
        at = mbox.end()
    while match := _FIELD.match(raw, at, end):
        name, value = match.groups()
        at = match.end()
        known = name.decode("ascii").lower()
        value = unfolded(value)
        found.append((known, value))
        index.setdefault(known, value)
    blank = _BLANK.match(raw, at, end)
    return Fields(tuple(found), blank is None, at, blank.end() if blank else at, index)


def unfolded(value: bytes) -> bytes:
    if b"\n" in value:
        value = value.replace(b"\r\n", b"").replace(b"\n", b"")
    return value.strip(b" \t\r")


def text_of(value: bytes) -> str:
    """A value for people: encoded words decoded, control characters gone."""
    return clean_line(words_decoded(value)) if b"=?" in value else line_of(value)


def words_decoded(value: bytes) -> str:
    """RFC 2047 with the usual mistakes: no white space around words, spaces inside, characters cut across words."""
    text = value.decode("ascii", "surrogateescape")
    out: list[str] = []
    pending: list[bytes] = []  # octets of neighbouring words in one charset
    charset = ""
    for piece, label in _pieces(text):
        if isinstance(piece, bytes):
            if pending and label != charset:
                out.append(decoded(b"".join(pending), charset))
                pending = []
            charset = label
            pending.append(piece)
            continue
        if pending and not piece.strip():
            continue  # white space between two words is none (RFC 2047, 6.2)
        if pending:
            out.append(decoded(b"".join(pending), charset))
            pending = []
        out.append(decoded(piece.encode("ascii", "surrogateescape")))
    if pending:
        out.append(decoded(b"".join(pending), charset))
    return "".join(out)


def _pieces(text: str) -> Iterator[tuple[bytes | str, str]]:
    """Words as octets with their charset, and what stands between them."""
    at = begun = 0
    while (start := text.find("=?", at)) >= 0:
        head = _WORD_HEAD.match(text, start)
        end = text.find("?=", head.end()) if head else -1
        if head and end < 0:
            break
        if head is None:
            at = start + 2
            continue
        if start > begun:
            yield text[begun:start], ""
        yield _word(text[head.end() : end], head[2]), head[1].partition("*")[0].lower()
        at = begun = end + 2
    if begun < len(text):
        yield text[begun:], ""


def _word(text: str, encoding: str) -> bytes:
    octets = text.encode("ascii", "surrogateescape")
    if encoding in "bB":
        return base64(octets)
    return binascii.a2b_qp(octets, header=True)


def base64(octets: bytes) -> bytes:
    """Base64 as mail programs read it: foreign characters are skipped, padding ends it, a torso is completed."""
    octets = b"".join(octets.split())  # a third of the time of translate()
    try:
        return binascii.a2b_base64(octets, strict_mode=True)
    except binascii.Error:
        kept = _NOT_BASE64.sub(b"", octets.partition(b"=")[0])
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
