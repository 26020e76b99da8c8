"""A mail together with what its signatures wrap: signed S/MIME in one blob, clear-signed texts.

Called by the reader processes and by `inspect`. The raw octets stay what they are; beside them stands the opened form,
which was read, and the attachments that lie in it count their place from the end of the raw octets on.
"""

from __future__ import annotations

from maildesk.mime import sealed
from maildesk.mime.merged import merged
from maildesk.mime.read import read
from maildesk.words import Incoming

_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def whole(raw: bytes) -> tuple[Incoming, bytes]:
    """The reading, and the opened form it is of; b"" when that is the mail as it came. Never raises."""
    mail = read(raw)
    if not any(seal.act == "signed" for seal in mail.seals):
        return mail, b""
    try:
        opened = unwrapped(raw)
    except _FAULTS:
        return mail, b""
    if opened == raw:
        return mail, b""
    inner = read(opened)
    if inner.unreadable:
        return mail, b""
    return merged(mail, inner, tuple(dict.fromkeys((*mail.seals, *inner.seals)))), opened


def unwrapped(raw: bytes) -> bytes:
    """Without the signatures that wrap what they sign; what is only beside its signature stays."""
    for _ in range(sealed.LAYERS):
        each = next((each for each in sealed.found(raw) if each.clear is not None), None)
        if each is None or each.clear is None:
            break
        raw = sealed.without(raw, each, each.clear)
    return raw
