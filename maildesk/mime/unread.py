"""What is known of a mail that is not taken apart: its digest, and the header facts that are safe.

Called by `read`, and for a mail that ends its readers. Light to import, for the daemon does not read mail itself.
"""

from __future__ import annotations

import hashlib
import re

from maildesk.mime import limits
from maildesk.mime.fields import Fields, beginning, cut, text_of
from maildesk.mime.read_people import date
from maildesk.words import Incoming

_ID = re.compile(r"<([^<>]{1,900})>")
_BARE_ID = re.compile(r"[^\s<>,;]{1,450}@[^\s<>,;]{1,450}")
_LONGEST_ID = 1000  # characters in which an id without its brackets is looked for
BARE = re.compile(rb"\n(?<!\r\n)")  # a line end that is not CRLF; begins with a plain octet, which `re` skips to


def unreadable(raw: bytes, digest: str, reason: str) -> Incoming:
    """A mail that is kept but not taken apart: no sender, so nobody can be taken for its writer."""
    start = beginning(raw)
    head = cut(raw, start, min(len(raw), start + limits.FIELD))
    return Incoming(
        message_id=message_id_of(head),
        subject=head.text("subject")[: limits.SUBJECT],
        date=date(head.first("date")[:200]),
        problems=(reason,),
        unreadable=reason,
        size=len(raw),
        sha256=digest,
    )


def fingerprint(raw: bytes, *, bare: bool = True) -> str:
    """SHA-256 over the CRLF form, without a leading mbox line: equal by every door."""
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    digest = hashlib.sha256(crlf(raw) if bare else raw)
    if raw and not raw.endswith(b"\n"):
        digest.update(b"\r\n")
    return digest.hexdigest()


def crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def message_id_of(fields: Fields) -> str:
    return next(iter(ids(fields.first("message-id"))), "")


def ids(value: bytes) -> tuple[str, ...]:
    """Message-IDs without their angle brackets, in order. Some programs encode long ones (RFC 2047 forbids it)."""
    if not value:
        return ()
    text = text_of(value)
    found = ["".join(ident.split()) for ident in _ID.findall(text)] or _BARE_ID.findall(text[:_LONGEST_ID])[:1]
    return tuple(dict.fromkeys(found))[-limits.REFERENCES :]
