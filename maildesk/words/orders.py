"""An order: a letter as it was decided, in the form in which it waits in the outbox until it is written.

Made in the transaction that decides the letter, read again when the letter is written, by this version or a later
one. Fields stand by their names, those with their default value are left out; JSON in ASCII, which every database
keeps as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from maildesk.words.letters import Letter
from maildesk.words.mail import Address, Attachment

NAMES = tuple(each.name for each in fields(Letter))
_values = attrgetter(*NAMES)
_DEFAULTS: tuple[object, ...] = tuple(
    {} if each.default_factory is not MISSING else each.default for each in fields(Letter)
)
_MOMENT = "moment"  # the one key of the object that stands for a time


class Order(NamedTuple):
    """What the outbox asks to have written."""

    serial: int
    name: str  # of the letter
    text: str


def ordered(letter: Letter, now: datetime) -> str:
    """`now` is the moment that the letter is about, and its date."""
    given = zip(NAMES, _values(letter), _DEFAULTS, strict=True)
    return _encode({"now": now} | {name: value for name, value, default in given if value != default})


def decided(text: str) -> tuple[Letter, datetime]:
    """The letter of an order, and its moment. Sequences in its context come back as lists."""
    told = json.loads(text, object_hook=_moment)
    now: datetime = told["now"]
    given: dict[str, Any] = {name: told[name] for name in NAMES if name in told}
    given["to"] = Address(**given["to"])
    for name, kind in (("shown_to", Address), ("shown_cc", Address), ("attachments", Attachment)):
        given[name] = _all(kind, given.get(name, ()))
    given["references"] = tuple(given.get("references", ()))
    return Letter(**given), now


def _all(kind: type[Any], told: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
    return tuple(kind(**each) for each in told)


def _plain(value: object) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, Address):
        return {"address": value.address, "name": value.name}
    if isinstance(value, Attachment):
        return asdict(value)
    raise TypeError(f"the context of a letter holds a {type(value).__name__}")


def _moment(value: dict[str, Any]) -> Any:
    return datetime.fromisoformat(value[_MOMENT]) if len(value) == 1 and _MOMENT in value else value


# Kept, since json.dumps makes an encoder at every call with a `default`.
_encode = json.JSONEncoder(default=_plain, separators=(",", ":")).encode
