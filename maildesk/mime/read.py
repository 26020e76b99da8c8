"""Octets to `Incoming`: the one reading of a mail.

Called by the reader processes and by `inspect`. It never raises on any octets: what is over the caps, or what meets a
fault, comes back as unreadable with its digest and the header facts that are safe. It writes and fetches nothing.
"""

from __future__ import annotations

import hashlib
import re

from maildesk.mime import body, bounces, calendars, forwards, html_sheet, limits, quotes, robots, sealed
from maildesk.mime.charset import line_of
from maildesk.mime.fields import Fields, beginning, cut, text_of
from maildesk.mime.language import language_of
from maildesk.mime.read_people import date, everyone, sender
from maildesk.mime.unread import BARE, crlf, fingerprint, ids, message_id_of, unreadable
from maildesk.mime.walk import Part, Walk
from maildesk.words import Incoming, Seal

_TRACE = ("received", "authentication-results")
_FOLDING, _FOLDED = re.compile(rb"[ \t\r]+"), re.compile(rb"  |\t|\r")
_SINGLE = {"from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
_SINGLE |= {"mime-version", "content-type", "content-transfer-encoding", "content-disposition"}
_TWIN = ("message-id", "from", "to", "cc", "date", "subject")
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError)


def read(raw: bytes) -> Incoming:
    """Everything that is to be known of a mail. Never raises on any octets."""
    lines = raw if raw.find(b"\n") >= 0 else raw.replace(b"\r", b"\n")  # the line ends of old Macintoshes
    bare = BARE.search(lines) is not None
    digest = fingerprint(raw, bare=bare)
    reason = limits.over(lines[beginning(lines) :] if lines[:1].isspace() else lines)
    if reason:
        return unreadable(lines, digest, reason)
    try:
        return _read(lines, digest, bare)
    except _FAULTS as fault:
        return unreadable(lines, digest, f"a fault of the reader: {type(fault).__name__}")


def _read(raw: bytes, digest: str, bare: bool) -> Incoming:
    start = beginning(raw)
    fields = cut(raw, start, len(raw))
    walk = Walk(raw)
    root = walk.tree(fields)
    if walk.over:
        return unreadable(raw, digest, walk.over)
    return _of_parts(raw, digest, bare, root, [*_repaired(fields, start), *_twice(fields), *walk.problems])


def _of_parts(raw: bytes, digest: str, bare: bool, root: Part, problems: list[str]) -> Incoming:
    fields, found = root.fields, body.of(raw, root)
    writer, ambiguous = sender(fields)
    subject = fields.text("subject")[: limits.SUBJECT]
    bounce = bounces.of(raw, root, found.text, writer, subject)
    answered, references, answers = _cited(fields)
    words = quotes.new_words(found.text, subject, answers=answers)
    automatic = robots.kind(fields, root, bounce, words.said or found.text, subject)
    sealed_as = sealed.seals(raw, root, found.text)
    page = html_sheet.NOTHING if automatic else _page(raw, root, found, words.said, sealed_as)
    return Incoming(
        message_id=message_id_of(fields),
        sender=writer,
        to=everyone(fields, "to"),
        cc=everyone(fields, "cc"),
        reply_to=everyone(fields, "reply-to"),
        subject=subject,
        date=date(fields.first("date")),
        in_reply_to=answered[0] if answered else "",
        references=references,
        text=found.text,
        said=words.said,
        reply_text=words.bare,
        has_html=found.has_html,
        attachments=tuple(found.attachments),
        automatic=automatic,
        bounce=bounce,
        problems=tuple(dict.fromkeys(filter(None, (ambiguous, *problems, *found.problems)))),
        headers=_headers(fields),
        trace=_trace(fields),
        size=len(raw),
        sha256=digest,
        twin=_twin(raw, fields, bare),
        seals=sealed_as,
        html=page.whole,
        html_said=page.said,
        language=language_of(words.bare or found.text),
        forwarded=None if bounce else forwards.of(raw, root, found, subject, answers=answers, said=words.said),
        calendar=calendars.answer(raw, root),
    )


def _cited(fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The Message-IDs that the mail answers, those that it refers to, and whether there are any."""
    answered, references = ids(fields.first("in-reply-to")), ids(fields.first("references"))
    return answered, references, bool(answered or references)


def _page(raw: bytes, root: Part, found: body.Body, said: str, seals: tuple[Seal, ...]) -> html_sheet.Sheet:
    """What is shown of the HTML: nothing where a seal is not over all of it."""
    covered = not seals or (root.type == "multipart/signed" and len(root.children) == 2)
    return html_sheet.sheet(raw, found, said) if covered else html_sheet.NOTHING


def _twin(raw: bytes, fields: Fields, bare: bool) -> str:
    """The same mail by another door, where trace fields differ. "" without a Message-ID: then nothing is the same."""
    if not fields.first("message-id"):
        return ""
    digest = hashlib.sha256()
    head = b"\n".join(map(fields.first, _TWIN))
    digest.update((_FOLDING.sub(b" ", head) if _FOLDED.search(head) else head) + b"\n")
    body = raw[fields.body :].rstrip(b"\r\n \t")
    digest.update(crlf(body) if bare else body)
    return digest.hexdigest()


def _twice(fields: Fields) -> list[str]:
    """Fields that may stand only once and do not (RFC 5322, 3.6). No signature tells which of them is meant."""
    if len(fields.index) == len(fields.all):
        return []
    names = [name for name, _ in fields.all if name in _SINGLE]
    return [f"more than one {name.title()} field" for name in dict.fromkeys(names) if names.count(name) > 1]


def _repaired(fields: Fields, start: int) -> list[str]:
    """What was wrong with the header block as such."""
    return [
        "there are blank lines above the header block" if start else "",
        "there are lines in the header block that are no fields" if fields.odd else "",
        "the header block is not closed" if fields.broken else "",
    ]


def _trace(fields: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((name, line_of(value)) for name, value in fields.all if name in _TRACE)


def _headers(fields: Fields) -> tuple[tuple[str, str], ...]:
    kept = [(name, text_of(value[: limits.FIELD])[: limits.KEPT_FIELD]) for name, value in fields.all]
    return tuple(kept[: limits.KEPT_FIELDS])
