"""The raw bytes of a mail as one zlib stream (RFC 1950), the form in which the store keeps them.

Used by the readers. isal makes the same kind of stream in a quarter of the time, where there is one for the machine;
whoever unpacks needs to know nothing of it.
"""

from __future__ import annotations

try:
    from isal.isal_zlib import compress as deflated
except ImportError:
    from zlib import compress as deflated

FAST = 1  # mails are mostly base64, in which a stronger level finds nothing more


def packed(raw: bytes) -> bytes:
    return deflated(raw, FAST)
