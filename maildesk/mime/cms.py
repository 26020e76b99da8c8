"""What a CMS blob is and what a signed one wraps (RFC 5652), as far as mail needs it.

Called by mime/sealed. It reads ASN.1 in BER, lengths told or not, without a library; it checks no signature and
deciphers nothing. None or "" for anything else; it never raises.
"""

from __future__ import annotations

from typing import NamedTuple

_SEQUENCE, _OCTETS, _OID, _EXPLICIT = 0x10, 0x04, 0x06, 0xA0
_DEPTH = 12
_KINDS = {
    bytes.fromhex("2a864886f70d010702"): "signed-data",
    bytes.fromhex("2a864886f70d010703"): "enveloped-data",
    bytes.fromhex("2a864886f70d0109100117"): "authenveloped-data",
}


class Element(NamedTuple):
    tag: int  # with its class, without the bit that says constructed
    constructed: bool
    start: int  # of its content
    stop: int  # where it ends at the latest
    told: bool  # its length: else an end mark closes it


class Torn(ValueError):
    """No BER, or not all of it."""


def kind(blob: bytes) -> str:
    """signed-data, enveloped-data, authenveloped-data, or ""."""
    try:
        outer = _element(blob, 0, len(blob))
        if outer.tag != _SEQUENCE:
            return ""
        ident = _element(blob, outer.start, outer.stop)
    except Torn:
        return ""
    return _KINDS.get(blob[ident.start : ident.stop], "") if ident.tag == _OID else ""


def wrapped(blob: bytes) -> bytes | None:
    """The content of signed-data that carries it; None when there is none to be had."""
    if kind(blob) != "signed-data":
        return None
    try:
        info = _element(blob, 0, len(blob))
        signed = _child(blob, _child(blob, info, 1), 0)
        inner = _child(blob, signed, 2)
        explicit = _child(blob, inner, 1)
        return _octets(blob, _child(blob, explicit, 0), 0) if explicit.tag == _EXPLICIT else None
    except Torn:
        return None


def _element(blob: bytes, at: int, end: int) -> Element:
    if at + 2 > end or blob[at] & 0x1F == 0x1F:
        raise Torn
    tag, length, start = blob[at], blob[at + 1], at + 2
    bare, constructed = tag & ~0x20 if tag < 0x80 else tag | 0x20, bool(tag & 0x20)
    if length == 0x80:
        return Element(bare, constructed, start, end, False)
    if length & 0x80:
        size = length & 0x7F
        if size > 8 or start + size > end:
            raise Torn
        length, start = int.from_bytes(blob[start : start + size], "big"), start + size
    if start + length > end:
        raise Torn
    return Element(bare, constructed, start, start + length, True)


def _child(blob: bytes, parent: Element, number: int) -> Element:
    at = parent.start
    for _ in range(number):
        at = _after(blob, _element(blob, at, parent.stop), 0)
    return _element(blob, at, parent.stop)


def _after(blob: bytes, element: Element, depth: int) -> int:
    """Where the next element begins."""
    if element.told:
        return element.stop
    if depth > _DEPTH:
        raise Torn
    at = element.start
    while blob[at : at + 2] != b"\0\0":
        at = _after(blob, _element(blob, at, element.stop), depth + 1)
    return at + 2


def _octets(blob: bytes, element: Element, depth: int) -> bytes:
    """An octet string, whole or in pieces."""
    if element.tag != _OCTETS or depth > _DEPTH:
        raise Torn
    if not element.constructed:
        return blob[element.start : element.stop]
    pieces, at = [], element.start
    while at < element.stop and (element.told or blob[at : at + 2] != b"\0\0"):
        piece = _element(blob, at, element.stop)
        pieces.append(_octets(blob, piece, depth + 1))
        at = _after(blob, piece, depth + 1)
    return b"".join(pieces)
