"""The envelope of a mail that was delivered long ago: what the delivering servers wrote into it.

Used by mailbox_intake. It looks at three fields of the header's beginning, never at the body; To and Cc are
read with the mail itself. What it finds is data that anybody may have written, so it admits nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from maildesk.mime.address import normal
from maildesk.words import Envelope

HEADER = 256 * 1024  # octets looked at
RECIPIENTS = 100
UNKNOWN = "unknown"  # a sender that is none, and not the null return path either
END = re.compile(rb"(?:\A|\r?\n)\r?\n")
FOLD = re.compile(rb"\r?\n[ \t]+")
WRITTEN = (b"return-path", b"delivered-to", b"x-original-to", b"from")
BRACKETS = re.compile(r"<([^<>]*)>\s*\Z")


def envelope_of(raw: bytes, *, door: str, received: datetime, queue: str, source: str) -> Envelope:
    fields = list(delivery_fields(raw))
    recipients = (_address(value) for name, value in fields if name in ("delivered-to", "x-original-to"))
    return Envelope(
        door=door,
        received=received,
        sender=_sender(fields),
        recipients=tuple(dict.fromkeys(address for address in recipients if address))[:RECIPIENTS],
        queue=queue,
        verdicts=True,
        source=source,
    )


def delivery_fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """Names in lower case and unfolded values, in order."""
    begin = raw[:HEADER]
    end = END.search(begin)
    for line in FOLD.sub(b" ", begin[: end.start()] if end else begin).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon and (known := name.strip().lower()) in WRITTEN:
            yield known.decode(), value.strip().decode("utf-8", "replace")


def _sender(fields: list[tuple[str, str]]) -> str:
    """RFC 5321, 4.4: the last server writes one Return-Path, at the top. Without one, From's address stands in."""
    for wanted in ("return-path", "from"):
        value = next((value for name, value in fields if name == wanted), None)
        if value is None:
            continue
        if wanted == "return-path" and value.replace(" ", "") in ("<>", ""):
            return ""
        return _address(value) or UNKNOWN
    return UNKNOWN


def _address(value: str) -> str:
    found = BRACKETS.search(value)
    return normal(found[1] if found else value)
