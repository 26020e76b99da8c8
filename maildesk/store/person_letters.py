"""Letters of which a person is erased: what they said goes, or the words that name him.

Called by store/person_erase. A letter to him, of his tickets, about his mails, or that repeats his lines loses its
text; one of another matter loses his name. What has not left is dropped where its words would have to go.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from maildesk.policy.reference import about_held
from maildesk.store import raw
from maildesk.store.database import Row, Store
from maildesk.store.person import Person, among, change
from maildesk.store.person_mask import Masks
from maildesk.store.person_quotes import repeats
from maildesk.words.frozen import frozen

GONE = "(erased)"
HEAD = b"Subject: (erased)\r\n\r\n"
HIS = (
    "SELECT id FROM letter WHERE ticket_id IN {}",
    "SELECT id FROM letter WHERE recipient IN {}",
    "SELECT id FROM letter WHERE answers_id IN {}",
    "SELECT id FROM letter WHERE about IN {}",
)
ELSEWHERE = "SELECT id, text, unwritten, attachments FROM letter WHERE ticket_id IN {}"
LISTS = "SELECT id, text, unwritten, attachments FROM letter WHERE name IN ('answer', 'digest', 'handover', 'receipt')"
UNSENT = "SELECT id, name, recipient FROM letter WHERE state <> 'sent' AND id IN {} ORDER BY id"
DROP = "DELETE FROM letter WHERE id IN {}"
TAKE = """
    UPDATE letter SET subject = ?, text = ?, head = ?, body = ?, boundary = '', attachments = '[]', unwritten = '',
        last_error = '' WHERE id IN {}"""
TO_HIM = "UPDATE letter SET recipient = ? WHERE recipient IN {}"
NAMING = "SELECT id, name, recipient, state, unwritten, text, subject, head FROM letter WHERE "
FILES = "SELECT DISTINCT sha256 FROM attachment WHERE NOT inline AND mail_id IN {}"


class Dropped(NamedTuple):
    """A letter that had not left."""

    id: int
    name: str
    to: str


@frozen
class Scope:
    """What is his."""

    matters: Mapping[int, str]  # tickets of his, or that began with a mail of his, with their references
    mails: Collection[int]
    elsewhere: Collection[int]  # tickets of others where he took part
    lines: frozenset[str]  # of his own words


@dataclass(slots=True)
class Told:
    taken: int = 0
    dropped: tuple[Dropped, ...] = field(default=())


def erase(store: Store, person: Person, masks: Masks, scope: Scope) -> Told:
    abouts = [about_held(ident) for ident in scope.mails]
    values = (scope.matters, person.addresses, scope.mails, abouts)
    found = {row[0] for sql, of in zip(HIS, values, strict=True) for row in among(store, sql, of)}
    found |= _repeating(store, scope)
    others = _naming(store, masks, found)
    found |= {ident for ident, *_ in others if ident in _written(others)}
    dropped = tuple(_told(row, person, masks) for row in among(store, UNSENT, found))
    change(store, DROP, [each.id for each in dropped])
    change(store, TAKE, found, GONE, GONE, HEAD, b"")
    change(store, TO_HIM, person.addresses, masks.instead)
    for row in others:
        if row[0] not in found:
            _mask(store, masks, person, row)
    return Told(len(found), dropped)


def _told(row: Row, person: Person, masks: Masks) -> Dropped:
    ident, name, to = row
    return Dropped(ident, name, masks.instead if to in person.addresses else to)


def _repeating(store: Store, scope: Scope) -> set[int]:
    """Letters in tickets of others that say again what he wrote, or carry what he sent; lists of tickets with his."""
    files = {digest for (digest,) in among(store, FILES, scope.mails)} | {raw.whole(each) for each in scope.mails}
    listed = scope.lines | frozenset(scope.matters.values())
    found = {row[0] for row in among(store, ELSEWHERE, scope.elsewhere) if _again(row, scope.lines, files)}
    return found | {row[0] for row in store.all(LISTS) if _again(row, listed, files)}


def _again(row: Row, lines: frozenset[str], files: set[str]) -> bool:
    _, text, order, attachments = row
    said = "\n".join((text, *_strings(json.loads(order)))) if order else text
    return repeats(said, lines) or any(each["sha256"] in files for each in json.loads(attachments))


def _naming(store: Store, masks: Masks, besides: set[int]) -> list[Row]:
    """Letters of other matters that name him."""
    head = "encode(head, 'escape')" if store.postgres else "CAST(head AS TEXT)"
    condition, values = masks.likes(("text", "subject", "unwritten", head))
    return [row for row in store.all(NAMING + condition, values) if row[0] not in besides]


def _written(rows: list[Row]) -> set[int]:
    """Those that wait with their bytes made."""
    return {row[0] for row in rows if row[3] != "sent" and not row[4]}


def _mask(store: Store, masks: Masks, person: Person, row: Row) -> None:
    ident, _, _, _, order, text, subject, head = row
    if order:
        told = _without(json.loads(order), masks, person)
        store.execute("UPDATE letter SET unwritten = ? WHERE id = ?", (json.dumps(told, separators=(",", ":")), ident))
    elif masks.names(text) or masks.names(subject):  # then so does the body, in some encoding
        sql = "UPDATE letter SET head = ?, body = ?, boundary = '', attachments = '[]' WHERE id = ?"
        store.execute(sql, (HEAD, b"", ident))
    else:
        store.execute("UPDATE letter SET head = ? WHERE id = ?", (masks.head(bytes(head)), ident))


def _without(told: Any, masks: Masks, person: Person) -> Any:
    """An order without him: he is no reader any more, and his name stands nowhere."""
    if isinstance(told, str):
        return masks.text(told)
    if isinstance(told, dict):
        return {key: _without(value, masks, person) for key, value in told.items()}
    if isinstance(told, list):
        return [_without(each, masks, person) for each in told if not _is(each, person)]
    return told


def _is(told: Any, person: Person) -> bool:
    return isinstance(told, dict) and told.get("address") in person.addresses


def _strings(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for each in told.values() if isinstance(told, dict) else told:
            yield from _strings(each)
