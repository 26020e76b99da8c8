"""The parts of a mail, by offset in the raw octets (RFC 2046).

Called by `read`, once a mail. One pass down the tree without copying bodies: boundaries are found by plain search
inside the range of the parent, so hostile nesting costs no more than its depth. It decodes nothing but what it is
asked for, and never follows message/external-body or joins message/partial.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from maildesk.mime import limits
from maildesk.mime.charset import line_of
from maildesk.mime.fields import Fields, base64, cut
from maildesk.mime.parameters import Value, media_type, parsed

_WHITE = b" \t\r"
_LONGEST = 40  # characters of the name of an encoding
_LINE = re.compile(rb"[ \t]*(--)?[ \t\r]*(?:\n|\Z)")  # what may follow a boundary on its line
_DRAWN = re.compile(rb"^--([^\r\n]{1,200})\r?\n(?=content-[a-z-]{1,40}:)", re.MULTILINE | re.IGNORECASE)
_ENCODINGS = {"base64": "base64", "quotedprintable": "quoted-printable", "xuuencode": "x-uuencode"}
_ENCODINGS |= {"uuencode": "x-uuencode", "xuue": "x-uuencode", "uue": "x-uuencode"}
_KNOWN = frozenset({"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode"})
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?$", re.MULTILINE)
_UU_LINE = re.compile(rb"[ -`]{1,90}\r?")


@dataclass(slots=True)
class Part:
    """One node: a leaf, a multipart with its children, or an attached mail with one child."""

    fields: Fields
    type: str
    value: Value  # Content-Type and its parameters
    disposition: Value
    encoding: str  # Content-Transfer-Encoding, lower case
    start: int  # of the encoded body in the raw octets
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        return (self.disposition.text("filename") or self.value.text("name"))[: limits.NAME]

    @property
    def content_id(self) -> str:
        return self.fields.text("content-id").strip("<> ")

    def leaves(self) -> Iterator[Part]:
        """All that are shown or attached; an attached mail is one leaf."""
        if self.type.startswith("multipart/") and self.children:
            for child in self.children:
                yield from child.leaves()
        else:
            yield self


@dataclass(slots=True)
class Walk:
    raw: bytes
    parts: int = 0
    over: str = ""  # the cap that was met; the tree is a torso then
    problems: list[str] = field(default_factory=list)

    def tree(self, fields: Fields) -> Part:
        return self._part(fields, len(self.raw), 0, "text/plain")

    def _part(self, fields: Fields, end: int, depth: int, default: str) -> Part:
        value = parsed(fields.first("content-type"))
        disposition = parsed(fields.first("content-disposition"))
        encoding = _meant(fields.text("content-transfer-encoding"))
        part = Part(fields, media_type(value.main, default), value, disposition, encoding, fields.body, end)
        self.parts += 1
        self._guard(part, depth)
        if self.over:
            return part
        if part.type.startswith("multipart/"):
            self._multipart(part, depth)
        elif part.type == "message/rfc822" and encoding in {"", "7bit", "8bit", "binary"}:
            inner = cut(self.raw, part.start, end)
            part.children = [self._part(inner, end, depth + 1, "text/plain")]
        return part

    def _guard(self, part: Part, depth: int) -> None:
        if self.parts > limits.PARTS:
            self.over = f"more than {limits.PARTS} parts"
        elif depth > limits.NESTING:
            self.over = f"parts nested deeper than {limits.NESTING}"
        elif max(part.value.count, part.disposition.count) > limits.PARAMETERS:
            self.over = f"more than {limits.PARAMETERS} parameters in a field"
        if part.value.doubled or part.disposition.doubled:
            self.problems.append("a parameter is given twice, the first counts")

    def _multipart(self, part: Part, depth: int) -> None:
        boundary = part.value.parameters.get("boundary", b"").rstrip(_WHITE)
        self._children(part, boundary, depth)
        if not part.children and (first := _DRAWN.search(self.raw, part.start, part.end)) and not self.over:
            self.problems.append("a multipart has another boundary than it says")
            self._children(part, first[1].rstrip(_WHITE), depth)
        if not part.children:
            self.problems.append("a multipart without parts is read as text")
            part.type = "text/plain"

    def _children(self, part: Part, boundary: bytes, depth: int) -> None:
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in self._ranges(boundary, part) if boundary else ():
            if self.over:
                return
            part.children.append(self._part(cut(self.raw, start, end), end, depth + 1, default))

    def _ranges(self, boundary: bytes, part: Part) -> Iterator[tuple[int, int]]:
        """Where the parts between boundary lines begin and end (RFC 2046, 5.1.1)."""
        raw, mark = self.raw, b"--" + boundary
        begun = -1
        at = raw.find(mark, part.start, part.end)
        while at >= 0:
            line = _LINE.match(raw, at + len(mark), part.end) if at == part.start or raw[at - 1] == 10 else None
            if line:
                if begun >= 0:
                    yield begun, max(begun, _before_line_end(raw, at))
                begun = line.end()
                if line[1]:
                    return
            at = raw.find(mark, at + len(mark), part.end)
        if begun >= 0:
            self.problems.append("a multipart is not closed")
            yield begun, part.end


def _meant(encoding: str) -> str:
    """The name of an encoding as it is registered; marks and comments that do not belong there taken away."""
    encoding = encoding.lower()
    if encoding in _KNOWN:
        return encoding
    bare = _NO_LETTER.sub("", encoding.partition(";")[0].partition("(")[0])
    return _ENCODINGS.get(bare, bare if bare in _KNOWN else encoding.partition(";")[0].strip()[:_LONGEST])


def _before_line_end(raw: bytes, at: int) -> int:
    """The line end before a boundary belongs to the boundary."""
    if raw[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1


def octets(raw: bytes, part: Part) -> bytes:
    """The decoded body of a leaf."""
    return decode_octets(raw[part.start : part.end], part.encoding)


def decode_octets(encoded: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; an unknown one is taken for none (RFC 2045, 6.4). Never raises."""
    if encoding == "base64":
        return base64(encoded)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(encoded)
    if encoding == "x-uuencode":
        return _uudecoded(encoded)
    return encoded


def _uudecoded(encoded: bytes) -> bytes:
    out: list[bytes] = []
    for line in encoded.replace(b"\r", b"").split(b"\n"):
        if line == b"end":
            break
        if line and not line.startswith(b"begin "):
            out.append(_uu_line(line))
    return b"".join(out)


def _uu_line(line: bytes) -> bytes:
    """One line; what some encoders leave behind it is cut, a wrong line is nothing."""
    for length in (len(line), (((line[0] - 32) & 63) * 4 + 5) // 3 + 1):
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            continue
    return b""


def uuencoded(raw: bytes, start: int, end: int) -> list[tuple[str, int, int]]:
    """Files that old programs wrote into the text itself: name, begin and end of each, in order."""
    found: list[tuple[str, int, int]] = []
    for begin in _UU_BEGIN.finditer(raw, start, end):
        first = raw[begin.end() + 1 : begin.end() + 93].partition(b"\n")[0]
        if (found and begin.start() < found[-1][2]) or not _UU_LINE.fullmatch(first):
            continue
        stop = raw.find(b"\nend", begin.end(), end)
        if stop < 0:
            break  # no later one can end either
        found.append((line_of(begin[1]), begin.start(), min(end, stop + 4)))
    return found
