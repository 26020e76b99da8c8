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
from maildesk.mime.write_headers import disposition
from maildesk.words import Attachment

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
# Types that run in a reader's program, and composite ones, which may not be base64 (RFC 2046 5.2.1).
_ACTIVE = re.compile(
    r"text/(html|xml|javascript|ecmascript|x-.*script|css|xsl.*|vbscript|x-component)"
    r"|application/(xhtml.*|xml.*|javascript|ecmascript|x-javascript|hta|x-shockwave-flash|xslt.*|mathml.*)"
    r"|image/svg.*|.*\+xml|message/.*|multipart/.*"
)
_BLOCK = 57 * 1024  # whole base64 lines


class Composed(NamedTuple):
    """A mail without its attachments' octets, as the outbox keeps it."""

    head: bytes  # the header block with its blank line
    body: bytes
    boundary: str  # "" = no attachments, head and body are the mail


def compose(fields: str, text: str, html: str, seed: str, attached: bool) -> Composed:
    """`fields` are whole header fields; MIME-Version and the Content- fields are added."""
    part = alternative(text, html, seed)
    top = fields + "MIME-Version: 1.0\r\n"
    if not attached:
        return Composed((top + part.fields + "\r\n").encode("ascii"), part.body, "")
    mark = boundary(seed, "mixed")
    head = top + multipart_field("mixed", mark) + "\r\n"
    return Composed(head.encode("ascii"), f"{part.fields}\r\n".encode("ascii") + part.body, mark)


def pieces(
    head: bytes,
    body: bytes,
    boundary: str,
    attachments: Sequence[Attachment],
    open_attachment: Callable[[Attachment], Iterable[bytes]],
) -> Iterator[bytes]:
    """The whole mail in pieces; `open_attachment` gives a file's decoded octets in blocks of any size."""
    yield head
    if not boundary:
        yield body
        return
    yield f"--{boundary}\r\n".encode("ascii")
    yield body
    for attachment in attachments:
        yield f"\r\n--{boundary}\r\n{part_fields(attachment)}\r\n".encode("ascii")
        yield from _base64(open_attachment(attachment))
    yield f"\r\n--{boundary}--\r\n".encode("ascii")


def part_fields(attachment: Attachment) -> str:
    """The Content- fields of a file."""
    return f"Content-Type: {safe_type(attachment.type)}\r\nContent-Transfer-Encoding: base64\r\n" + disposition(
        attachment.name
    )


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
