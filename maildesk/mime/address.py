"""The one normal form of an address, made in one place.

Contacts, agents, limits, tokens and writers all compare by it. It is strict on purpose: what is ambiguous
is nobody. It never decodes encoded words, never drops comments and never folds beyond ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from maildesk.mime.lazily import lazily

LONGEST = 254  # octets of a forward path without its angle brackets, RFC 5321, 4.5.3.1.3 and its erratum 1690
_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-"
_DOT_ATOM = lazily(rf"[{_ATEXT}\u0080-\U0010ffff]+(?:\.[{_ATEXT}\u0080-\U0010ffff]+)*")
_QUOTED = re.compile(rf'"[{_ATEXT}. ]+"')  # no quoted pairs, no "@", no brackets inside
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FOLD = str.maketrans(_UPPER, _UPPER.lower())  # str.lower() would fold U+212A, the Kelvin sign, to "k"

_LINK = re.compile(r"<mailto:[^<>\n]*>", re.IGNORECASE)


@lru_cache(maxsize=4096)  # one mail asks for its addresses some ten times
def normal(text: str) -> str:
    """The normal form of one addr-spec (RFC 5322, 3.4.1; RFC 6532), or "" when it is unusable."""
    text = text.strip(" \t")
    if len(text) > LONGEST or not text.isprintable() or "=?" in text:
        return ""
    local, at, right = text.rpartition("@")
    if not at:
        return ""
    left = _local(local)
    right = _a_labels(right)
    whole = f"{left}@{right}"
    return whole if left and right and len(whole.encode()) <= LONGEST else ""


def domain(address: str) -> str:
    """The domain of an address in normal form; "" of anything else."""
    return address.rpartition("@")[2] if "@" in address else ""


def _local(text: str) -> str:
    if _QUOTED.fullmatch(text):
        bare = text[1:-1]
        text = bare if _DOT_ATOM.fullmatch(bare) else text  # RFC 5321, 4.1.2: both name the same mailbox
    elif not _DOT_ATOM.fullmatch(text):
        return ""
    return text.translate(_FOLD)


def _a_labels(text: str) -> str:
    if not text.isascii():
        text = _encoded(text)
    text = text.translate(_FOLD)
    return text if text and all(_LABEL.fullmatch(label) for label in text.split(".")) else ""


def _encoded(text: str) -> str:
    """A-labels of a domain, or "" where the encoding would map it to a domain that is written otherwise."""
    folded = text.lower()
    if unicodedata.normalize("NFKC", text) != text:  # full-width letters, the Kelvin sign, other full stops
        return ""
    try:
        ascii_form = text.encode("idna").decode("ascii")
        back = ascii_form.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    return ascii_form if back.lower() == folded else ""


def linkless(text: str) -> str:
    """A text in which people wrote addresses, without what mail clients add to them: a@b<mailto:a@b>."""
    return _LINK.sub(" ", text)
