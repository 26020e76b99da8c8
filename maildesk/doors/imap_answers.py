"""FETCH answers as imaplib leaves them, read without a parser of the whole grammar (RFC 9051, 7.5.2).

Used by imap_server. Reading a batch so takes a twentieth of the general parser's time. Only server-made text
is looked at, never the literal, so that no mail can pass for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from maildesk.words.frozen import frozen

Answer = bytes | tuple[bytes, bytes] | None

UID = re.compile(rb"[ (]UID (\d{1,10})", re.IGNORECASE)
SIZE = re.compile(rb"[ (]RFC822\.SIZE (\d{1,20})", re.IGNORECASE)
ARRIVED = re.compile(
    rb'[ (]INTERNALDATE "([ \d]\d)-([A-Z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', re.IGNORECASE
)
QUOTED = re.compile(rb'[ (]BODY\[[^\]]*\](?:<\d+>)? "((?:[^"\\]|\\.)*)"', re.IGNORECASE)
MONTHS = (b"JAN", b"FEB", b"MAR", b"APR", b"MAY", b"JUN", b"JUL", b"AUG", b"SEP", b"OCT", b"NOV", b"DEC")


@frozen
class Listed:
    """A message of the folder, not fetched yet."""

    uid: int
    size: int  # octets, as the server says; some only estimate
    arrived: datetime | None  # INTERNALDATE


def listed(answers: Iterable[Answer]) -> dict[int, Listed]:
    found = {}
    for answer in answers:
        if isinstance(answer, bytes) and (uid := UID.search(answer)) and (size := SIZE.search(answer)):
            number = int(uid[1])
            found[number] = Listed(number, int(size[1]), arrived(answer))
    return found


def bodies(answers: Iterable[Answer]) -> dict[int, bytes]:
    """The one body section that was asked for, by UID; the UID may stand before or after it."""
    return {int(uid[1]): body for text, body in _sections(answers) if (uid := UID.search(text))}


def arrived(answer: bytes) -> datetime | None:
    found = ARRIVED.search(answer)
    if not found:
        return None
    day, month, *numbers = found.groups()
    year, hour, minute, second = map(int, numbers[:4])
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == b"-" else 1)
    try:
        moment = datetime(
            year, MONTHS.index(month.upper()) + 1, int(day), hour, minute, min(second, 59), tzinfo=timezone(offset)
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _sections(answers: Iterable[Answer]) -> Iterator[tuple[bytes, bytes]]:
    """What the server wrote round a section, and the section."""
    begun: tuple[bytes, bytes] | None = None
    for answer in answers:
        if isinstance(answer, tuple):
            begun = answer
        elif begun is not None:
            yield begun[0] + b" " + (answer or b""), begun[1]
            begun = None
        elif answer and (quoted := QUOTED.search(answer)):
            yield QUOTED.sub(b"", answer), re.sub(rb"\\(.)", rb"\1", quoted[1])
