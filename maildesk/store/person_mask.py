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

CHARSETS = ("utf-8", "latin-1")
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
        names = sorted((each for each in person.names if len(each) >= SHORTEST and each not in taken), key=len)
        forms = [form for name in reversed(names) for form in (name, _in_json(name), _in_ascii_json(name))]
        self._likes = [_like(each) for each in dict.fromkeys((*addresses, *forms))]
        told = [rf"(?<![\w.+-]){re.escape(each)}(?![\w-]|\.\w)" for each in addresses]
        told += [rf"(?<!\w){_wrapped(each)}(?!\w)" for each in dict.fromkeys(forms)]
        self._text = re.compile("|".join(told), re.IGNORECASE)
        raw = [rb"(?:(?<![\w.+-])|(?<==[0-9A-F]{2}))%b(?![\w-]|\.\w)" % _octets(each, "utf-8") for each in addresses]
        coats = [_octets(name, charset) for name in reversed(names) for charset in CHARSETS if _fits(name, charset)]
        raw += [rb"(?<!\w)%b(?!\w)" % each for each in dict.fromkeys(coats)]
        self._octets = re.compile(b"|".join(raw), re.IGNORECASE)
        self._before = re.compile(b"|".join(ENCODED % re.escape(each).encode() for each in addresses), re.IGNORECASE)

    def names(self, text: str) -> bool:
        return self._text.search(text) is not None

    def text(self, text: str) -> str:
        return self._text.sub(self.instead, text)

    def octets(self, octets: bytes) -> bytes:
        """As long as before."""
        blank = self._before.sub(lambda hit: re.sub(rb"\S", b"x", hit[0]), octets)
        return BASE64.sub(self._decoded, self._as_long(blank))

    def head(self, octets: bytes) -> bytes:
        """The head of a letter, of whatever length."""
        return self._octets.sub(self.instead.encode(), self._before.sub(b"", octets))

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
        together = " || ' ' || ".join(expressions)  # a row is gone over once for each pattern, not for each column
        condition = " OR ".join(f"lower({together}) LIKE ? ESCAPE '{SPARED}'" for _ in self._likes)
        return condition, self._likes


def sweep(store: Store, masks: Masks) -> list[int]:
    """Every text of every table; the ids of mails that named him."""
    mails: list[int] = []
    for table in TABLES:
        touched = [row for row in _naming(store, masks, table) if _masked(store, masks, table, row)]
        if table is Mail:
            mails = [int(row[0]) for row in touched]
    return mails


def named(store: Store, masks: Masks) -> bool:
    """Whether any text names him."""
    rows = ((len(_key(table)), row) for table in TABLES for row in _naming(store, masks, table))
    return any(masks.names(text) for start, row in rows for text in row[start:])


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
    """The rows that may name him: their key, then their texts."""
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


def _like(text: str) -> str:
    """At least what `_wrapped` finds: `lower` of a database may know ASCII alone."""
    spared = re.sub(r"[%_!]", lambda hit: SPARED + hit[0], text.lower())
    return f"%{re.sub(r'[^ -~]', '_', '%'.join(spared.split()))}%"


def _wrapped(text: str) -> str:
    """Its words, on one line or several, quoted or not."""
    return r"[\s>]+".join(map(re.escape, text.split()))


def _fits(text: str, charset: str) -> bool:
    return text.encode(charset, "ignore").decode(charset) == text


def _octets(text: str, charset: str) -> bytes:
    """A pattern of it in a mail: plain or quoted-printable, whose soft breaks may stand anywhere (RFC 2045, 6.7)."""
    return rb"(?:=\r?\n)?".join(_mark(each, charset) for each in text)


def _mark(mark: str, charset: str) -> bytes:
    if mark == " ":
        return rb"(?:\s|>)+"
    cases = (mark,) if mark.isascii() else (mark.lower(), mark.upper())  # of octets `re` folds ASCII alone
    forms = [each.encode(charset, "replace") for each in cases]
    coats = (*forms, *(b"".join(b"=%02X" % octet for octet in form) for form in forms if not mark.isascii()))
    return rb"(?:%b)" % b"|".join(re.escape(each) for each in dict.fromkeys(coats))


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]
