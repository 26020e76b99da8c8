"""What goes through the pipe between the desk and a reader process: frames, and `Incoming` as JSON.

Called by both ends. JSON and not pickle: a reader handles hostile octets, so nothing it says may run code here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from maildesk.words import Address, Attachment, Automatic, Bounce, Incoming

LENGTH = 8  # octets before each frame that say its length


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


def answer(mail: Incoming, packed: bytes) -> bytes:
    """The frame of one reading."""
    told = json.dumps(_plain(mail), ensure_ascii=False, separators=(",", ":")).encode()
    return framed(len(told).to_bytes(LENGTH, "big"), told, packed)


def answered(frame: bytes) -> tuple[Incoming, bytes]:
    """The reading in a frame's content. Raises ValueError, KeyError or TypeError on anything else."""
    end = LENGTH + int.from_bytes(frame[:LENGTH], "big")
    return _incoming(json.loads(frame[LENGTH:end])), frame[end:]


def _plain(mail: Incoming) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(mail, name) for name in Incoming.__dataclass_fields__}
    for name in ("to", "cc", "reply_to"):
        told[name] = [(person.address, person.name) for person in told[name]]
    told["sender"] = (mail.sender.address, mail.sender.name) if mail.sender else None
    told["attachments"] = [asdict(file) for file in mail.attachments]
    told["bounce"] = asdict(mail.bounce) if mail.bounce else None
    told["date"] = mail.date.isoformat() if mail.date else None
    return told


def _incoming(told: dict[str, Any]) -> Incoming:
    for name in ("to", "cc", "reply_to"):
        told[name] = tuple(Address(*person) for person in told[name])
    for name in ("headers", "trace"):
        told[name] = tuple((field, value) for field, value in told[name])
    for name in ("references", "problems"):
        told[name] = tuple(told[name])
    told["sender"] = Address(*told["sender"]) if told["sender"] else None
    told["attachments"] = tuple(Attachment(**file) for file in told["attachments"])
    told["bounce"] = _bounce(told["bounce"]) if told["bounce"] else None
    told["date"] = datetime.fromisoformat(told["date"]) if told["date"] else None
    told["automatic"] = Automatic(told["automatic"]) if told["automatic"] else None
    return Incoming(**told)


def _bounce(told: dict[str, Any]) -> Bounce:
    return Bounce(**told | {"recipients": tuple(told["recipients"])})
