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


def complete(begun: bytearray) -> bytes | None:
    """The frame that begins there; None while some of it is to come."""
    end = LENGTH + int.from_bytes(begun[:LENGTH], "big")
    return bytes(begun[LENGTH:end]) if len(begun) >= max(end, LENGTH) else None


def answer(mail: Incoming, packed: bytes) -> bytes:
    """The frame of one reading."""
    told = json.dumps(_plain(mail), ensure_ascii=False, separators=(",", ":")).encode()
    return framed(len(told).to_bytes(LENGTH, "big"), told, packed)


def answered(frame: bytes) -> tuple[Incoming, bytes]:
    """The reading in a frame's content. Raises ValueError, KeyError or TypeError on anything else."""
    end = LENGTH + int.from_bytes(frame[:LENGTH], "big")
    return _incoming(json.loads(frame[LENGTH:end])), frame[end:]


def _plain(mail: Incoming) -> dict[str, Any]:
    """What a mail has; what it has not is not told."""
    told: dict[str, Any] = {name: value for name in _NAMES if (value := getattr(mail, name))}
    for name in _PEOPLE & told.keys():
        told[name] = [(person.address, person.name) for person in told[name]]
    if mail.sender:
        told["sender"] = (mail.sender.address, mail.sender.name)
    if mail.attachments:
        told["attachments"] = [asdict(file) for file in mail.attachments]
    if mail.bounce:
        told["bounce"] = asdict(mail.bounce)
    if mail.date:
        told["date"] = mail.date.isoformat()
    return told


def _incoming(told: dict[str, Any]) -> Incoming:
    for name, form in _FROM_JSON.items():
        if name in told:
            told[name] = form(told[name])
    return Incoming(**told)


def _people(told: list[list[str]]) -> tuple[Address, ...]:
    return tuple([Address(*person) for person in told])


def _pairs(told: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple([(name, value) for name, value in told])


def _bounce(told: dict[str, Any]) -> Bounce:
    return Bounce(**told | {"recipients": tuple(told["recipients"])})


_NAMES = tuple(Incoming.__dataclass_fields__)
_PEOPLE = {"to", "cc", "reply_to"}
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "sender": lambda told: Address(*told),
    "to": _people,
    "cc": _people,
    "reply_to": _people,
    "date": datetime.fromisoformat,
    "references": tuple,
    "attachments": lambda told: tuple(Attachment(**file) for file in told),
    "automatic": Automatic,
    "bounce": _bounce,
    "problems": tuple,
    "headers": _pairs,
    "trace": _pairs,
}
