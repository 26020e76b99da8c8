"""Caps that hold before and while a mail is taken apart: what is over them is kept, but not read.

Called by `read` on the raw octets and by the walk. Each cap names what it counts; a reason is a plain sentence for
`held list`. The numbers are far above honest mail and far below what costs seconds.
"""

from __future__ import annotations

import re

HEADER_BLOCK = 256 * 1024  # octets
FIELDS = 1000
FIELD = 64 * 1024  # octets
ADDRESSES = 1000
PARTS = 1000
NESTING = 30
PARAMETERS = 100
HTML = 1024 * 1024  # octets that are converted to text
TAGS = 60_000  # of it that are converted
TEXT = 1024 * 1024  # characters of text that are kept beside the raw mail
QUOTED = 128 * 1024  # characters in which quotes are looked for
KEPT_FIELDS = 300  # decoded fields handed on for rules
KEPT_FIELD = 2000  # characters of each
REFERENCES = 100  # Message-IDs
NAME = 255  # characters of a file name or a display name
SUBJECT = 1000  # characters

_BLANK = re.compile(rb"\n\r*\n")
_PEOPLE = (b"from", b"to", b"cc", b"reply-to", b"sender", b"bcc")
_FOLDED = re.compile(rb"\n(?![ \t])")


def header_end(raw: bytes) -> int:
    """Where the header block ends at the latest: its blank line, or the end of the mail."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return 0
    blank = _BLANK.search(raw)
    return blank.start() + 1 if blank else len(raw)


def over(raw: bytes) -> str:
    """Why this mail is not taken apart at all; "" = it may be."""
    end = header_end(raw)
    if end > HEADER_BLOCK:
        return f"the header block is over {HEADER_BLOCK // 1024} KiB"
    block = raw[:end]
    if block.count(b"\n") > FIELDS and len(_FOLDED.findall(block)) > FIELDS:
        return f"more than {FIELDS} header fields"
    return _over_in_fields(block)


def _over_in_fields(block: bytes) -> str:
    if len(block) > FIELD and any(len(field) > FIELD for field in _FOLDED.split(block)):
        return f"a header field is over {FIELD // 1024} KiB"
    if block.count(b"@") > ADDRESSES or _parts(block) > 2 * ADDRESSES:
        people = [field for field in _FOLDED.split(block) if field.partition(b":")[0].strip().lower() in _PEOPLE]
        if sum(field.count(b"@") for field in people) > ADDRESSES:
            return f"more than {ADDRESSES} addresses"
        if sum(map(_parts, people)) > 2 * ADDRESSES:
            return f"more than {ADDRESSES} addresses"
    return ""


def _parts(field: bytes) -> int:
    """How many mailboxes a field may come apart into: Outlook's users part them by semicolons."""
    return field.count(b",") + field.count(b";")
