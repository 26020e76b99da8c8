"""The text of a mail and its attachments, chosen from its parts.

Called by `read`. Text first, HTML when there is no usable text; an attached mail's words are never the writer's.
Everything that is not shown as text is an attachment, named by where it stands in the raw octets.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from maildesk.mime import html, limits
from maildesk.mime.charset import clean, codec, decoded, lies
from maildesk.mime.html_shades import UNSEEN
from maildesk.mime.walk import Part, decode_octets, octets, uuencoded
from maildesk.words import Attachment

_TEXT = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_VERSIONS = frozenset({"text/x-amp-html", "text/watch-html"})  # of what is shown already
_PAGE = re.compile(r"\s{0,100}<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_WIDEST = 12  # octets that one character takes at most, quoted-printable
_MARKUP = re.compile(r"<[^<>\n]{0,200}>")


@dataclass(slots=True)
class Body:
    text: str = ""
    has_html: bool = False
    pages: list[Part | str] = field(default_factory=list)  # where has_html: its parts in HTML, texts without any
    attachments: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """One pass over the parts of one mail."""

    raw: bytes
    body: Body = field(default_factory=Body)
    texts: list[str] = field(default_factory=list)
    room: int = limits.TEXT
    begun: bool = False  # a text was met, be it empty: a named one after it is a file

    def take(self, part: Part, inline: bool = False) -> None:
        kind = part.type
        if kind == "multipart/alternative" and part.children:
            self._alternative(part)
        elif kind.startswith("multipart/") and part.children:
            self._several(part, inline or kind == "multipart/related")
        elif kind in _TEXT and not _is_file(part, first=not self.begun):
            self._text(part)
        else:
            self._attach(part, inline)

    def _several(self, part: Part, inline: bool) -> None:
        for child in _root_first(part):
            self.take(child, inline)

    def _alternative(self, part: Part) -> None:
        """The plain version where it says something, else the richest that can be shown (RFC 2046, 5.1.4)."""
        versions = [(child, [leaf for leaf in child.leaves() if leaf.type in _TEXT]) for child in part.children]
        plain = [child for child, leaves in versions if any(leaf.type != "text/html" for leaf in leaves)]
        rich = [child for child, leaves in versions if any(leaf.type == "text/html" for leaf in leaves)]
        self.body.has_html |= bool(rich)
        shown = next((child for child in plain if self._says_something(child)), (rich or plain or part.children)[-1])
        before = len(self.body.pages)
        for child in part.children:
            if child is shown:
                self.take(child)
            else:
                self._rest(child)
        if rich:
            self.body.pages[before:] = [leaf for leaf in rich[-1].leaves() if leaf.type == "text/html"]

    def _says_something(self, part: Part) -> bool:
        return any(octets(self.raw, leaf).strip() for leaf in part.leaves() if leaf.type in _TEXT)

    def _rest(self, part: Part) -> None:
        """Of a version that is not shown only what is no text is kept apart: images, invitations."""
        for leaf in part.leaves():
            if leaf.type not in _TEXT | _VERSIONS or _is_file(leaf, first=False):
                self._attach(leaf, inline=True)

    def _text(self, part: Part) -> None:
        late = self.begun and not self.texts  # behind a first part that is empty: no place for commands
        self.begun = True
        whole = self._decoded(part)
        is_html = part.type == "text/html" or bool(not part.value.main and _PAGE.match(whole))
        self.body.has_html |= is_html
        if len(whole) > limits.TEXT and not is_html:
            self.body.problems.append("the text is long and shown in part")
        text = clean(whole[: limits.TEXT])
        if is_html:
            if html.capped(text) != text:
                self.body.problems.append("the HTML is too large and shown in part")
            text = clean(html.to_text(text))
        elif part.type != "text/plain":
            text = _MARKUP.sub("", text)
        elif part.value.word("format").lower() == "flowed":
            text = unflowed(text, joined=part.value.word("delsp").lower() == "yes")
        text = text.strip("\n")[: self.room]
        if is_html and self._stands_there(text):
            self.body.pages[-1:] = [part]
            return
        if text.strip():
            self.room -= len(text)
            self.texts.append(UNSEEN + text if late else text)
        if text.strip() or is_html:
            self.body.pages.append(part if is_html else text)

    def _decoded(self, part: Part) -> str:
        charset = part.value.word("charset")
        content = decode_octets(self._without_files(part)[: _WIDEST * limits.TEXT], part.encoding)
        if charset and codec(charset) is None:
            self.body.problems.append(f"unknown charset {charset[:40]}")
        elif charset and not content.isascii() and lies(content, charset):
            self.body.problems.append(f"the text is not in {charset[:40]}, which it says")
        return decoded(content, charset)

    def _stands_there(self, text: str) -> bool:
        """Whether a text beside it says the same: some programs send both versions as parts of a mixed mail."""
        return bool(self.texts) and "".join(text.split()) == "".join(self.texts[-1].split())

    def _without_files(self, part: Part) -> bytes:
        """The body of a text, files that were written into it taken out as attachments."""
        pieces, at = [], part.start
        plain = part.type == "text/plain" and part.encoding in {"", "7bit", "8bit", "binary"}
        if plain and self.raw.find(b"begin ", part.start, part.end) >= 0:
            for name, start, end in uuencoded(self.raw, part.start, part.end):
                pieces.append(self.raw[at:start])
                at = end
                self._attach_octets(name, "application/octet-stream", start, end, "x-uuencode")
        pieces.append(self.raw[at : part.end])
        return b"".join(pieces) if len(pieces) > 1 else pieces[0]

    def _attach_octets(self, name: str, kind: str, start: int, end: int, encoding: str) -> None:
        data = decode_octets(self.raw[start:end], encoding)
        digest = hashlib.sha256(data).hexdigest()
        found = Attachment(name, kind, len(data), False, "", digest, start, end - start, encoding)
        self.body.attachments.append(found)

    def _attach(self, part: Part, inline: bool) -> None:
        if part.start >= part.end and not part.name:
            return
        data = octets(self.raw, part)
        shown = part.disposition.main == "inline" or (inline and part.disposition.main != "attachment")
        self.body.attachments.append(
            Attachment(
                name=part.name,
                type=part.type,
                size=len(data),
                inline=shown,
                content_id=part.content_id,
                sha256=hashlib.sha256(data).hexdigest(),
                offset=part.start,
                length=part.end - part.start,
                encoding=part.encoding,
            )
        )


def of(raw: bytes, root: Part) -> Body:
    reading = Reading(raw)
    reading.take(root)
    reading.body.text = "\n\n".join(reading.texts)
    return reading.body


def _is_file(part: Part, first: bool) -> bool:
    """A text that is meant as a file. The first text of a mail is its body even when it has a name."""
    if part.disposition.main == "attachment":
        return True
    return bool(part.name) and not first


def _root_first(part: Part) -> list[Part]:
    """The children, in multipart/related with the root part in front (RFC 2387, 3.2)."""
    start = part.value.word("start").strip("<> ") if part.type == "multipart/related" else ""
    root = [child for child in part.children if start and child.content_id == start]
    return root + [child for child in part.children if child not in root] if root else part.children


def unflowed(text: str, joined: bool) -> str:
    """RFC 3676: lines that end in a space go on in the next one, where the depth of quoting is the same."""
    out: list[list[str]] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        level = len(line) - len(bare)
        bare = bare[1:] if bare.startswith(" ") else bare
        if flows and level == depth and bare != "-- ":
            out[-1].append(bare)
        else:
            out.append([f"{'>' * level} " if level else "", bare])
        depth, flows = level, bare.endswith(" ") and bare != "-- "
        if flows and joined:
            out[-1][-1] = bare[:-1]
    return "\n".join("".join(pieces) for pieces in out)
