"""The answer of a reader's calendar to an invitation (RFC 5546, 3.2.3), read out of a mail's parts.

Called by `read`. Of a calendar only the few lines that matter are looked at, within bounds; what is none, or says
something else, is no answer. It never raises on any octets.
"""

from __future__ import annotations

import re

from maildesk.mime.charset import line_of
from maildesk.mime.walk import Part, decode_octets
from maildesk.words import CalendarAnswer

TYPES = ("text/calendar", "application/ics")
LARGEST = 64 * 1024  # octets of a part that are looked at
MOST_LINES = 1000
MOST_PARTS = 5
LONGEST = 500  # characters of a value that are kept
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}
_FOLD = re.compile(rb"(?<!\r)\r*+\n[ \t]")  # tried once for a run of CR, not from each of them
_LINE = re.compile(r'([A-Za-z-]{1,40})((?:;[A-Za-z0-9-]{1,40}=(?:"[^"]*+"|[^":;]*+))*+):(.*)')
_PARTSTAT = re.compile(r';PARTSTAT="?([A-Za-z-]{1,40})', re.IGNORECASE)
_COMMENT = re.compile(r';X-RESPONSE-COMMENT="([^"]*)', re.IGNORECASE)  # as Google writes it
_ESCAPE = re.compile(r"\\(.)")


def answer(raw: bytes, root: Part) -> CalendarAnswer | None:
    """Of the first calendar among the parts that is one."""
    parts = [part for part in root.leaves() if part.type in TYPES]
    for part in parts[:MOST_PARTS]:
        encoded = raw[part.start : min(part.end, part.start + 2 * LARGEST)]
        if found := _answer(decode_octets(encoded, part.encoding)[:LARGEST]):
            return found
    return None


def _answer(calendar: bytes) -> CalendarAnswer | None:
    """METHOD:REPLY, and the first event's UID with the first attendee's word."""
    said: dict[str, tuple[str, str]] = {}
    for line in _FOLD.sub(b"", calendar).split(b"\n")[:MOST_LINES]:
        found = _LINE.fullmatch(line_of(line).strip())
        if found:
            said.setdefault(found[1].upper(), (found[2], found[3].strip()[:LONGEST]))
    if said.get("METHOD", ("", ""))[1].upper() != "REPLY" or "UID" not in said or "ATTENDEE" not in said:
        return None
    stands = _PARTSTAT.search(said["ATTENDEE"][0])
    meant = ANSWERS.get(stands[1].upper(), "") if stands else ""
    beside = _COMMENT.search(said["ATTENDEE"][0])
    sequence = said.get("SEQUENCE", ("", ""))[1]
    return (
        CalendarAnswer(
            uid=_plain(said["UID"][1]),
            answer=meant,
            sequence=int(sequence) if sequence.isascii() and sequence.isdecimal() and len(sequence) < 10 else None,
            comment=_plain(said.get("COMMENT", ("", ""))[1] or (beside[1][:LONGEST] if beside else "")),
        )
        if meant
        else None
    )


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()
