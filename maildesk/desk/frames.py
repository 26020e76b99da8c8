"""What goes through the pipe between the desk and a reader process: frames, and `Incoming` as JSON and texts.

Called by both ends. JSON and not pickle: a reader handles hostile octets, so nothing it says may run code here. The
desk takes frames apart while others wait for its interpreter: so values stand by place, and long texts beside the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Any

from maildesk.words import Address, Attachment, Automatic, Bounce, CalendarAnswer, Forwarded, Incoming, Seal

LENGTH = 8  # octets before each frame that say its length
_TEXTS = 5  # of a mail: text, said, reply_text, html, html_said


def framed(*pieces: bytes) -> bytes:
    return sum(map(len, pieces)).to_bytes(LENGTH, "big") + b"".join(pieces)


def receive(read: Callable[[int], bytes]) -> bytes | None:
    """One frame; None at the end of the pipe, in the middle of a frame too."""
    head = read(LENGTH)
    if len(head) < LENGTH:
        return None
    length = int.from_bytes(head, "big")
    frame = read(length)
    return frame if len(frame) == length else None


def complete(begun: bytearray) -> bytes | None:
    """The frame that begins there; None while some of it is to come."""
    end = LENGTH + int.from_bytes(begun[:LENGTH], "big")
    return bytes(begun[LENGTH:end]) if len(begun) >= max(end, LENGTH) else None


def answer(mail: Incoming, packed: bytes) -> bytes:
    """The frame of one reading: a frame of its values, one of each text, and the packed mail."""
    texts = (mail.text, mail.said, mail.reply_text, mail.html, mail.html_said)
    inner = [framed(text.encode()) for text in (_JSON.encode(_told(mail)), *texts)]
    return framed(*inner, packed)


def answered(frame: bytes) -> tuple[Incoming, bytes]:
    """The reading in a frame's content. Raises ValueError or TypeError on anything else."""
    pieces: list[str] = []
    at = 0
    for _ in range(1 + _TEXTS):
        begun = at + LENGTH
        at = begun + int.from_bytes(frame[at:begun], "big")
        pieces.append(frame[begun:at].decode())
    return _incoming(json.loads(pieces[0]), *pieces[1:]), frame[at:]


def _told(mail: Incoming) -> list[Any]:
    """What a mail has besides its texts. Pairs follow each other in one list: the reading of lists costs most."""
    sender, date, bounce = mail.sender, mail.date, mail.bounce
    return [
        mail.message_id,
        (sender.address, sender.name) if sender else None,
        _flat(mail.to),
        _flat(mail.cc),
        _flat(mail.reply_to),
        mail.subject,
        date.isoformat() if date else None,
        mail.in_reply_to,
        mail.references,
        mail.has_html,
        [[getattr(file, name) for name in _ATTACHMENT] for file in mail.attachments],
        mail.automatic,
        [getattr(bounce, name) for name in _BOUNCE] if bounce else None,
        mail.problems,
        mail.unreadable,
        list(chain.from_iterable(mail.headers)),
        list(chain.from_iterable(mail.trace)),
        mail.size,
        mail.sha256,
        mail.twin,
        [[getattr(seal, name) for name in _SEAL] for seal in mail.seals],
        mail.language,
        _passed_on(mail.forwarded) if mail.forwarded else None,
        [getattr(mail.calendar, name) for name in _CALENDAR] if mail.calendar else None,
    ]


def _incoming(told: list[Any], text: str, said: str, bare: str, page: str, page_said: str) -> Incoming:
    ident, sender, to, cc, reply_to, subject, date, answers, references, html, files, automatic, bounce, *rest = told
    problems, unreadable, headers, trace, size, sha256, twin, seals, language, passed_on, calendar = rest
    return Incoming(
        ident,
        Address(*sender) if sender else None,
        _people(to),
        _people(cc),
        _people(reply_to),
        subject,
        datetime.fromisoformat(date) if date else None,
        answers,
        tuple(references),
        text,
        said,
        bare,
        html,
        tuple([Attachment(*file) for file in files]),
        Automatic(automatic) if automatic else None,
        _bounce(*bounce) if bounce else None,
        tuple(problems),
        unreadable,
        _pairs(headers),
        _pairs(trace),
        size,
        sha256,
        twin,
        tuple([Seal(*seal) for seal in seals]),
        page,
        page_said,
        language,
        _forwarded(*passed_on) if passed_on else None,
        CalendarAnswer(*calendar) if calendar else None,
    )


def _flat(people: tuple[Address, ...]) -> list[str]:
    return [word for person in people for word in (person.address, person.name)]


def _pairs(flat: list[str]) -> tuple[tuple[str, str], ...]:
    each = iter(flat)
    return tuple(zip(each, each, strict=True))


def _people(flat: list[str]) -> tuple[Address, ...]:
    return tuple([Address(*person) for person in _pairs(flat)]) if flat else ()


def _bounce(recipients: list[str], *rest: str) -> Bounce:
    return Bounce(tuple(recipients), *rest)


def _passed_on(mail: Forwarded) -> list[Any]:
    sender = mail.sender
    return [
        (sender.address, sender.name) if sender else None,
        _flat(mail.cc),
        [[getattr(file, name) for name in _ATTACHMENT] for file in mail.attachments],
        mail.subject,
        mail.text,
        mail.above,
        mail.why,
        mail.message_id,
        mail.attached,
    ]


def _forwarded(sender: list[str] | None, cc: list[str], files: list[list[Any]], *rest: Any) -> Forwarded:
    subject, text, above, why, message_id, attached = rest
    return Forwarded(
        Address(*sender) if sender else None,
        _people(cc),
        subject,
        text,
        above,
        why,
        message_id,
        tuple([Attachment(*file) for file in files]),
        attached,
    )


_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_ATTACHMENT = tuple(Attachment.__dataclass_fields__)
_BOUNCE = tuple(Bounce.__dataclass_fields__)
_CALENDAR = tuple(CalendarAnswer.__dataclass_fields__)
_SEAL = tuple(Seal.__dataclass_fields__)
