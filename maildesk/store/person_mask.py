"""A person's name and addresses taken out of what belongs to others: columns of every table, and raw bytes.

Called by store/person_erase inside its transaction. Where a text is another's, only the words that name the person
are exchanged; the rest of it stays as it is. In raw bytes their length stays too, since attachments lie at offsets.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence

from peewee import CharField, CompositeKey, Model, TextField

from maildesk.config import Config
from maildesk.store import raw
from maildesk.store.database import Row, Store
from maildesk.store.person import Person, among
from maildesk.store.tables import TABLES, Mail

SHORTEST = 6  # characters of a name; a shorter one is a word like others
TAKEN = """
    SELECT name FROM agent UNION SELECT name FROM organisation UNION SELECT name FROM contact c
    WHERE NOT EXISTS (SELECT 1 FROM person_address p WHERE p.contact_id = c.id AND p.address IN {})"""
ENCODED = rb"(?:=\?[!->@-~]+\?[BbQq]\?[!->@-~]*\?=\s*)+(?=<%b>)"  # a name before an address (RFC 2047)
BASE64 = re.compile(rb"(?m)^(?:[A-Za-z0-9+/]{8,}\r?\n)*[A-Za-z0-9+/]{2,}={0,2}(?=\r?$)")
SPARED = "!"  # what says that a mark of LIKE means itself


class Masks:
    """What names the person, and `instead`, which says that he was erased."""

    def __init__(self, store: Store, person: Person, config: Config, instead: str) -> None:
        self.instead = instead
        addresses = sorted(person.addresses, key=len, reverse=True)
        taken = {name for (name,) in among(store, TAKEN, person.addresses)}
        taken |= {config.desk.name, *(queue.title for queue in config.queue.values())}
        names = [each for each in person.names if len(each) >= SHORTEST and each not in taken]
        forms = {form for name in names for form in (name, _in_json(name), _in_ascii_json(name))}
        named = sorted(forms, key=len, reverse=True)
        self.words = (*addresses, *named)
        told = [rf"(?<![\w.+-]){re.escape(each)}(?![\w-]|\.\w)" for each in addresses]
        told += [rf"(?<!\w){re.escape(each)}(?!\w)" for each in named]
        self._text = re.compile("|".join(told), re.IGNORECASE)
        self._octets = re.compile("|".join(told).encode(), re.IGNORECASE)
        self._encoded = re.compile(b"|".join(ENCODED % re.escape(each).encode() for each in addresses), re.IGNORECASE)

    def names(self, text: str) -> bool:
        return self._text.search(text) is not None

    def text(self, text: str) -> str:
        return self._text.sub(self.instead, text)

    def octets(self, octets: bytes) -> bytes:
        """As long as before."""
        blank = self._encoded.sub(lambda hit: re.sub(rb"\S", b"x", hit[0]), octets)
        return BASE64.sub(self._decoded, self._as_long(blank))

    def head(self, octets: bytes) -> bytes:
        """The head of a letter, of whatever length."""
        return self._octets.sub(self.instead.encode(), self._encoded.sub(b"", octets))

    def _as_long(self, octets: bytes) -> bytes:
        return self._octets.sub(lambda hit: self.instead.encode().ljust(len(hit[0]), b"x")[: len(hit[0])], octets)

    def _decoded(self, hit: re.Match[bytes]) -> bytes:
        """The same inside of base64, whose lines stay as they are."""
        letters = b"".join(hit[0].split())
        plain = b64decode(letters) if len(letters) % 4 == 0 else b""
        masked = self._as_long(plain)
        if masked == plain:
            return hit[0]
        fresh = iter(b64encode(masked))
        return bytes(each if each in b"\r\n" else next(fresh) for each in hit[0])

    def likes(self, expressions: Sequence[str]) -> tuple[str, list[str]]:
        """A condition that finds rows one of whose texts may name him, and its values."""
        patterns = [f"%{_plain(each.lower())}%" for each in self.words]
        condition = " OR ".join(f"lower({each}) LIKE ? ESCAPE '{SPARED}'" for each in expressions for _ in patterns)
        return condition, patterns * len(expressions)


def sweep(store: Store, masks: Masks) -> list[int]:
    """Every text of every table; the ids of mails that named him."""
    mails: list[int] = []
    for table in TABLES:
        touched = [row for row in _naming(store, masks, table) if _masked(store, masks, table, row)]
        if table is Mail:
            mails = [int(row[0]) for row in touched]
    return mails


def mask_raw(store: Store, masks: Masks, mails: Iterable[int]) -> None:
    """The raw bytes of mails that others wrote: each stream apart, as they lie."""
    for ident in mails:
        octets = [data for (data,) in store.all("SELECT data FROM chunk WHERE mail_id = ? ORDER BY number", (ident,))]
        streams = list(_streams(b"".join(map(bytes, octets))))
        masked = [masks.octets(each) for each in streams]
        if masked != streams:
            store.execute("DELETE FROM chunk WHERE mail_id = ?", (ident,))
            raw.save(store, ident, b"".join(zlib.compress(each, 1) for each in masked))


def _streams(packed: bytes) -> Iterator[bytes]:
    while packed:
        stream = zlib.decompressobj()
        yield stream.decompress(packed) + stream.flush()
        packed = stream.unused_data


def _naming(store: Store, masks: Masks, table: type[Model]) -> list[Row]:
    """The rows that name him: their key, then their texts."""
    texts = texts_of(table)
    if not texts:
        return []
    condition, values = masks.likes([f'"{each}"' for each in texts])
    columns = ", ".join(f'"{each}"' for each in (*_key(table), *texts))
    return store.all(f'SELECT {columns} FROM "{_name(table)}" WHERE {condition}', values)  # noqa: S608 - our own names


def _masked(store: Store, masks: Masks, table: type[Model], row: Row) -> bool:
    key = _key(table)
    texts = [masks.text(each) for each in row[len(key) :]]
    if texts == list(row[len(key) :]):
        return False
    pairs = ", ".join(f'"{each}" = ?' for each in texts_of(table))
    where = " AND ".join(f'"{each}" = ?' for each in key)
    store.execute(f'UPDATE "{_name(table)}" SET {pairs} WHERE {where}', (*texts, *row[: len(key)]))  # noqa: S608
    return True


def texts_of(table: type[Model]) -> list[str]:
    fields = table._meta.sorted_fields
    return [each.column_name for each in fields if isinstance(each, CharField | TextField)]


def _key(table: type[Model]) -> list[str]:
    key = table._meta.primary_key
    if isinstance(key, CompositeKey):
        return [table._meta.fields[each].column_name for each in key.field_names]
    return [key.column_name] if key else []


def _name(table: type[Model]) -> str:
    return str(table._meta.table_name)


def _plain(text: str) -> str:
    return re.sub(r"[%_!]", lambda hit: SPARED + hit[0], text)


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]
