"""What passes between the daemon and its porter: frames, of which the first octet says what they are.

Called by both ends. What the porter says is JSON and readings: it handles hostile octets, so nothing it says may run
code here. What the daemon says may be any value. Moments pass as ages, for the daemon's clock is the only one.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from maildesk.desk import frames
from maildesk.words import Envelope, Later, Outcome, Receipt

OPEN, CANNOT, MAIL, LINE = b"o", b"c", b"m", b"l"  # the porter's: listening, or not; a mail; a line for the journal
CONFIGURE, CERTIFICATES, STOP, ANSWER = b"C", b"T", b"S", b"A"  # the daemon's
_KEPT, _LATER, _FAILED = "kept", "later", "failed"


def slip(kind: bytes, told: object) -> bytes:
    """A frame of JSON."""
    return frames.framed(kind, _JSON.encode(told).encode())


def content(frame: bytes) -> Any:
    return json.loads(frame[1:])


def mail(number: int, envelope: Envelope, age: float, reading: bytes) -> bytes:
    """A mail that waits under this number for its receipt; `reading` is a reader's frame, `age` in seconds."""
    told = [
        number,
        age,
        envelope.door,
        envelope.sender,
        envelope.recipients,
        envelope.queue,
        envelope.peer,
        envelope.verdicts,
        envelope.refusable,
        envelope.cut,
    ]
    return frames.framed(MAIL, frames.framed(_JSON.encode(told).encode()), reading)


def brought(frame: bytes, now: datetime) -> tuple[int, Envelope, bytes]:
    """The number, the envelope and the reader's frame of a mail. Raises ValueError or TypeError on anything else."""
    begun = 1 + frames.LENGTH
    end = begun + int.from_bytes(frame[1:begun], "big")
    number, age, door, sender, recipients, *rest = json.loads(frame[begun:end])
    queue, peer, verdicts, refusable, cut = rest
    envelope = Envelope(
        door=door,
        received=now - timedelta(seconds=age),
        sender=sender,
        recipients=tuple(recipients),
        queue=queue,
        peer=peer,
        verdicts=verdicts,
        refusable=refusable,
        cut=cut,
    )
    return number, envelope, frame[end:]


def kept(number: int, receipt: Receipt) -> bytes:
    told = (_KEPT, number, receipt.id, receipt.outcome, receipt.reason, receipt.ticket, receipt.refusal)
    return slip(ANSWER, told)


def failed(number: int, error: BaseException) -> bytes:
    """The cause goes along as its kind and first line, for the journal."""
    cause = error.__cause__ or error
    told = [type(cause).__name__, (str(cause).splitlines() or [""])[0]]
    if isinstance(error, Later):
        return slip(ANSWER, [_LATER, number, *told, str(error), error.full])
    return slip(ANSWER, [_FAILED, number, *told])


def answered(told: list[Any]) -> tuple[int, Receipt | Exception]:
    """What became of the mail of that number."""
    form, number, *rest = told
    if form == _KEPT:
        ident, outcome, *words = rest
        return number, Receipt(ident, Outcome(outcome), *words)
    kind, first, *public = rest
    cause: Exception = type(kind, (Exception,), {})(first)
    if form == _FAILED:
        return number, cause
    sentence, full = public
    later = Later(sentence, full=full)
    later.__cause__ = cause
    return number, later


_JSON = json.JSONEncoder(check_circular=False, separators=(",", ":"))
