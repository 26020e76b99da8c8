"""The fields of a mail that its signature covers, where a program signs them with the words (RFC 9788 and before it).

Called by desk/opener with what was signed, and by desk/sealed_proof with the mail as it came: when both tell the same,
nobody has written another subject, another reader or another thread around a signed text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from maildesk.mime import limits
from maildesk.mime.fields import cut
from maildesk.mime.parameters import parsed
from maildesk.mime.read_people import date, everyone
from maildesk.mime.unread import ids, message_id_of
from maildesk.words import Incoming

_MARKS = ("protected-headers", "hp")  # parameters of the signed part that say so


def covered(content: bytes) -> str:
    """Of what was signed; "" where its program signs no fields."""
    fields = cut(content, 0, len(content))
    if not any(mark in parsed(fields.first("content-type")).parameters for mark in _MARKS):
        return ""
    answered = ids(fields.first("in-reply-to"))
    people = [each.address for name in ("to", "cc") for each in everyone(fields, name)]
    return _told(
        message_id_of(fields),
        date(fields.first("date")),
        fields.text("subject")[: limits.SUBJECT],
        people,
        (*answered[:1], *ids(fields.first("references"))),
    )


def of(mail: Incoming) -> str:
    """Of a mail as it came."""
    people = [each.address for each in (*mail.to, *mail.cc)]
    answered = (mail.in_reply_to, *mail.references) if mail.in_reply_to else mail.references
    return _told(mail.message_id, mail.date, mail.subject, people, answered)


def _told(ident: str, when: datetime | None, subject: str, people: Iterable[str], cited: Sequence[str]) -> str:
    """ "" where something is missing that tells one mail from another."""
    if not (ident and when and people):
        return ""
    return "\n".join((ident, when.isoformat(), subject, " ".join(people), " ".join(cited)))
