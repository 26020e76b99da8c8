"""What holds of the reading of any octets whatever: the bounds of mime/limits, clean texts, places within the mail.

Asked by the fuzz target of each execution, so it is quick, and by the test with hypothesis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.mime import limits
from maildesk.mime.address import normal
from maildesk.words import Attachment, Incoming

_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_IN_LINE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def odd(mail: Incoming, octets: bytes, size: int) -> str:
    """What is not as it has to be; "" = nothing. `octets` are the mail and, behind it, its opened form."""
    return next((told for told, wrong in _asked(mail, octets, size) if wrong), "")


def _asked(mail: Incoming, octets: bytes, size: int) -> Iterator[tuple[str, object]]:
    yield mail.unreadable, mail.unreadable.startswith("a fault")
    yield "another size", mail.size != size
    yield "a control character in a text", _IN_TEXT.search("\t".join((mail.text, mail.said, mail.reply_text)))
    yield "a control character in a line", _IN_LINE.search("\t".join(_lines(mail)))
    yield "over a bound", any(length > most for length, most in _lengths(mail))
    yield "a sender in no normal form", mail.sender and normal(mail.sender.address) != mail.sender.address
    yield "an ambiguous writer", mail.sender and any("ambiguous" in each for each in mail.problems)
    yield "a file that lies elsewhere", any(not _lies_in(octets, file) for file in mail.attachments)
    yield "an absurd date", mail.date and not 1970 <= mail.date.year <= 2200
    yield "a bounce that is no report", mail.bounce and mail.automatic != "report"
    yield "what cannot be read has a writer", mail.unreadable and (mail.sender or mail.text)


def _lies_in(octets: bytes, file: Attachment) -> bool:
    return 0 <= file.offset <= file.offset + file.length <= len(octets)


def _lines(mail: Incoming) -> Iterator[str]:
    yield from (mail.subject, mail.message_id, mail.in_reply_to, *mail.references, *mail.problems)
    for person in (mail.sender, *mail.to, *mail.cc, *mail.reply_to):
        if person:
            yield from (person.address, person.name)
    for file in mail.attachments:
        yield from (file.name, file.type, file.content_id, file.encoding)
    for name, value in (*mail.headers, *mail.trace):
        yield from (name, value)


def _lengths(mail: Incoming) -> Iterator[tuple[int, int]]:
    yield len(mail.subject), limits.SUBJECT
    yield len(mail.text), limits.TEXT
    yield len(mail.reply_text), limits.TEXT
    yield len(mail.references), limits.REFERENCES
    yield len(mail.to) + len(mail.cc) + len(mail.reply_to), 2 * limits.ADDRESSES + 3
    yield len(mail.attachments), limits.PARTS
    yield len(mail.headers), limits.KEPT_FIELDS
    yield from ((len(value), limits.KEPT_FIELD) for _, value in mail.headers)
    yield from ((len(file.name), limits.NAME) for file in mail.attachments)
