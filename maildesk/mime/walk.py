"""The parts of a mail, by offset in the raw octets (RFC 2046).

Called by `read`, once a mail. One pass down the tree without copying bodies: where the parts end is told by
`boundaries`, so hostile nesting costs no more than its depth. It decodes nothing but what it is asked for, and never
follows message/external-body or joins message/partial.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from maildesk.mime import limits
from maildesk.mime.boundaries import Boundaries
from maildesk.mime.charset import line_of
from maildesk.mime.fields import Fields, base64, cut
from maildesk.mime.parameters import Value, media_type, parsed

_WHITE = b" \t\r"
_LONGEST = 40  # characters of the name of an encoding
_DRAWN = re.compile(rb"^--([^\r\n]{1,200})\r?\n(?=content-[a-z-]{1,40}:)", re.MULTILINE | re.IGNORECASE)
_ENCODINGS = {"base64": "base64", "quotedprintable": "quoted-printable", "xuuencode": "x-uuencode"}
_ENCODINGS |= {"uuencode": "x-uuencode", "xuue": "x-uuencode", "uue": "x-uuencode"}
_KNOWN = frozenset({"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode"})
_NO_LETTER = re.compile(r"[^a-z0-9]+")
# Of no width, or turning the direction; joiners and marks of direction are needed between letters that are no ASCII.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
    "|(?<![^ -~])[\u200c-\u200f]+|[\u200c-\u200f]+(?![^ -~])"
)
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
        return shown_name((self.disposition.text("filename") or self.value.text("name"))[: limits.NAME])

    @property
    def content_id(self) -> str:
        return self.fields.text("content-id").strip("<> ")

    def leaves(self) -> tuple[Part, ...]:
        """All that are shown or attached; an attached mail is one leaf."""
        if self.type.startswith("multipart/") and self.children:
            return tuple([leaf for child in self.children for leaf in child.leaves()])
        return (self,)


@dataclass(slots=True)
class Walk:
    raw: bytes
    parts: int = 0
    over: str = ""  # the cap that was met; the tree is a torso then
    problems: list[str] = field(default_factory=list)
    boundaries: Boundaries = field(init=False)

    def __post_init__(self) -> None:
        self.boundaries = Boundaries(self.raw)

    def tree(self, fields: Fields) -> Part:
        return self._part(fields, len(self.raw), 0, "text/plain")

    def _part(self, fields: Fields, end: int, depth: int, default: str) -> Part:
        """One part and what is in it. A line at its end may prove to be of a boundary inside, and it goes on then."""
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
        if part.children:
            part.end = self.boundaries.end(part.start)
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
        """The parts between the lines of a boundary; without its last line the last part goes on to the end."""
        if not boundary:
            return
        default = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        own = self.boundaries.opened(boundary, part.start)
        while not self.over and self.boundaries.next() is own:
            last, start = own.last, self.boundaries.passed(own)
            if last:
                break
            end = self.boundaries.end(start)
            part.children.append(self._part(cut(self.raw, start, end), end, depth + 1, default))
        else:
            if part.children:
                self.problems.append("a multipart is not closed")
        self.boundaries.close()


def shown_name(name: str) -> str:
    """A file's name as it is seen: no sign in it that hides another or turns its ending round, no dots behind it."""
    return (name if name.isascii() else _UNSEEN.sub("\ufffd", name)).rstrip(". ")


def _meant(encoding: str) -> str:
    """The name of an encoding as it is registered; marks and comments that do not belong there taken away."""
    encoding = encoding.lower()
    if encoding in _KNOWN:
        return encoding
    bare = _NO_LETTER.sub("", encoding.partition(";")[0].partition("(")[0])
    return _ENCODINGS.get(bare, bare if bare in _KNOWN else encoding.partition(";")[0].strip()[:_LONGEST])


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
    for length in (len(line), (((line[0] - 32) & 63) * 4 + 5) // 3):
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
        found.append((line_of(begin[1])[: limits.NAME], begin.start(), min(end, stop + 4)))
    return found
