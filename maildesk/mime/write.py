"""The writer of mails: a head and a body as bytes, and the stream of a whole mail with its attachments.

`compose` is called by letters/render, whose result the outbox keeps; `pieces` by the postman and by exports, once a
delivery. Both are pure and give equal bytes for equal input, so a retry sends what the first attempt sent. Written
from RFC 5322, 2045 and 2046 rather than with the standard library's EmailMessage, which encodes long Message-IDs and
refuses values instead of cleaning them.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from maildesk.mime.write_body import alternative, boundary, multipart_field
from maildesk.mime.write_calendar import Meeting, invited
from maildesk.mime.write_headers import disposition
from maildesk.words import Attachment

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
# Types that run in a reader's program, and composite ones, which may not be base64 (RFC 2046 5.2.1).
_ACTIVE = re.compile(
    r"text/(html|xml|javascript|ecmascript|x-.*script|css|xsl.*|vbscript|x-component)"
    r"|application/(xhtml.*|xml.*|javascript|ecmascript|x-javascript|hta|x-shockwave-flash|xslt.*|mathml.*)"
    r"|image/svg.*|.*\+xml|message/.*|multipart/.*"
)
_SHOWN = re.compile(r"[0-9a-f]{32}@image")
_BLOCK = 57 * 1024  # whole base64 lines


class Composed(NamedTuple):
    """A mail without its attachments' octets, as the outbox keeps it."""

    head: bytes  # the header block with its blank line
    body: bytes
    boundary: str  # of files, a blank, of images; each may be missing. "" = head and body are the mail


def compose(
    fields: str,
    text: str,
    html: str,
    seed: str,
    attachments: Sequence[Attachment] = (),
    meeting: Meeting | None = None,
) -> Composed:
    """`fields` are whole header fields; MIME-Version and the Content- fields are added.

    Images that the HTML shows stand with it in a multipart/related (RFC 2387), all other files behind it. An
    invitation is one of the alternatives, and a file besides.
    """
    part = invited(text, html, seed, meeting) if meeting else alternative(text, html, seed)
    top = fields + "MIME-Version: 1.0\r\n"
    if not attachments:
        return Composed((top + part.fields + "\r\n").encode("ascii"), part.body, "")
    related = boundary(seed, "related") if any(_stands_in(html, each) for each in attachments) else ""
    mixed = "" if related and all(map(is_shown, attachments)) else boundary(seed, "mixed")
    content = f"{part.fields}\r\n".encode("ascii") + part.body
    if not related:
        head = top + multipart_field("mixed", mixed) + "\r\n"
        return Composed(head.encode("ascii"), content, mixed)
    content = f"--{related}\r\n".encode("ascii") + content
    fields = multipart_field('related; type="multipart/alternative"', related) + "\r\n"
    if not mixed:
        return Composed((top + fields).encode("ascii"), content, f" {related}")
    head = top + multipart_field("mixed", mixed) + "\r\n"
    return Composed(head.encode("ascii"), fields.encode("ascii") + content, f"{mixed} {related}")


def pieces(
    head: bytes,
    body: bytes,
    boundary: str,
    attachments: Sequence[Attachment],
    open_attachment: Callable[[Attachment], Iterable[bytes]],
) -> Iterator[bytes]:
    """The whole mail in pieces; `open_attachment` gives a file's decoded octets in blocks of any size."""
    mixed, _, related = boundary.partition(" ")
    yield head
    if mixed:
        yield f"--{mixed}\r\n".encode("ascii")
    yield body
    for mark, wanted in ((related, True), (mixed, False)):
        if not mark:
            continue
        for attachment in attachments:
            if wanted is bool(related and is_shown(attachment)):
                yield f"\r\n--{mark}\r\n{part_fields(attachment, shown=wanted)}\r\n".encode("ascii")
                yield from _base64(open_attachment(attachment))
        yield f"\r\n--{mark}--\r\n".encode("ascii")


def part_fields(attachment: Attachment, *, shown: bool = False) -> str:
    """The Content- fields of a file, or of an image that the HTML shows."""
    fields = f"Content-Type: {safe_type(attachment.type)}\r\nContent-Transfer-Encoding: base64\r\n"
    named = disposition(attachment.name)
    if not shown:
        return fields + named
    return f"{fields}Content-ID: <{attachment.content_id}>\r\n{named.replace(': attachment;', ': inline;', 1)}"


def is_shown(attachment: Attachment) -> bool:
    """Whether it is an image in a letter's own HTML: its name there is ours, never one that a mail gave it."""
    return attachment.inline and _SHOWN.fullmatch(attachment.content_id) is not None


def shown_as(attachment: Attachment) -> str:
    """The Content-ID of an image in letters of ours. What a mail called it could be anything."""
    return f"{attachment.sha256[:32]}@image"


def _stands_in(html: str, attachment: Attachment) -> bool:
    return is_shown(attachment) and f'src="cid:{attachment.content_id}"' in html


def safe_type(type_: str) -> str:
    """The type a file is passed on with: what might run when it is looked at is octets alone."""
    type_ = type_.partition(";")[0].strip().lower()
    if _TYPE.fullmatch(type_) and not _ACTIVE.fullmatch(type_):
        return type_
    return "application/octet-stream"


def _base64(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        rest += block
        whole = len(rest) - len(rest) % 57
        for start in range(0, whole, _BLOCK):
            yield encodebytes(rest[start : min(start + _BLOCK, whole)]).replace(b"\n", b"\r\n")
        rest = rest[whole:]
    if rest:
        yield encodebytes(rest).replace(b"\n", b"\r\n")
