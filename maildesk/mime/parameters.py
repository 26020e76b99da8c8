"""Parameters of Content-Type and Content-Disposition (RFC 2045, 5.1; RFC 2231).

Called by the walk. Linear, tolerant of missing quotes and of encoded words where RFC 2231 belongs. The first of
two parameters of one name counts, so that a second boundary changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from maildesk.mime.charset import clean_line, decoded, line_of
from maildesk.mime.fields import text_of
from maildesk.words.frozen import frozen

# A quoted value may be followed by the next parameter without the semicolon between them.
_PARAMETER = re.compile(rb'(?:;|(?<=")\s)\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_UNPARTED = re.compile(rb"\s*([^\s;=,\"]{1,80}/[^\s;=,\"]{1,80})[\s,]+(?=[a-z-]{1,40}\s*=)", re.IGNORECASE)
_BEGINS = re.compile(r"([a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80})(?=[\s(,])")
_USUAL = 60  # octets
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@frozen
class Value:
    """A field value with its parameters: still octets, because their charset is said elsewhere."""

    main: str = ""
    parameters: dict[str, bytes] = field(default_factory=dict)
    count: int = 0
    doubled: bool = False

    def word(self, name: str) -> str:
        """A parameter that steers: charset, boundary, report-type."""
        return line_of(self.parameters.get(name, b""))

    def text(self, name: str) -> str:
        """A parameter for people: a file name, in any of the ways in which they are encoded."""
        if name in self.parameters:
            return text_of(self.parameters[name])
        if f"{name}*" in self.parameters or f"{name}*0" in self.parameters or f"{name}*0*" in self.parameters:
            return clean_line(_extended(self.parameters, name))
        return ""


def parsed(value: bytes) -> Value:
    """Never raises; an unknown form gives an empty main value."""
    return _usual(value) if len(value) <= _USUAL else _parsed(value)


def _parsed(value: bytes) -> Value:
    if unparted := _UNPARTED.match(value):
        value = unparted[1] + b"; " + value[unparted.end() :]
    main, semicolon, _ = value.partition(b";")
    said = decoded(main).strip().lower()
    if not semicolon:
        return Value(said)
    parameters: dict[str, bytes] = {}
    count, doubled = 0, False
    for name, quoted, bare in _PARAMETER.findall(value, len(main)):
        key = decoded(name).lower()
        count += 1
        doubled |= key in parameters
        parameters.setdefault(key, _unescaped(quoted) if quoted else bare.strip())
    return Value(said, parameters, count, doubled)


_usual = lru_cache(maxsize=256)(_parsed)  # mails say the same few again and again, but for boundaries and names


def _unescaped(quoted: bytes) -> bytes:
    return _ESCAPE.sub(rb"\1", quoted) if quoted.find(b"\\") >= 0 else quoted


def media_type(said: str, default: str) -> str:
    """A type that is one, else the default (RFC 2045, 5.2)."""
    if _TYPE.fullmatch(said):
        return said
    if begins := _BEGINS.match(said):
        return begins[1]
    said = said.replace(" ", "")
    if _TYPE.fullmatch(said):
        return said
    if said.startswith("multipart/"):
        return "multipart/mixed"  # RFC 2046, 5.1.7: unknown ones are read as mixed
    return default if said not in {"text", "plain"} else "text/plain"  # RFC 2045, 5.2: of a form that is none, too


def _extended(parameters: dict[str, bytes], name: str) -> str:
    """RFC 2231: `name*=charset'language'%41`, or sections `name*0*=`, `name*1=`."""
    pieces: list[bytes] = []
    charset = ""
    keys = [f"{name}*"] if f"{name}*" in parameters else [f"{name}*{number}" for number in range(len(parameters))]
    for key in keys:
        encoded = parameters.get(key if key.endswith("*") else f"{key}*")
        if encoded is None and key not in parameters:
            break
        if encoded is None:
            pieces.append(parameters[key])
            continue
        if not pieces and encoded.count(b"'") >= 2:
            label, _, rest = encoded.partition(b"'")
            charset, encoded = decoded(label), rest.partition(b"'")[2]
        pieces.append(unquote_to_bytes(encoded))
    return decoded(b"".join(pieces), charset)
