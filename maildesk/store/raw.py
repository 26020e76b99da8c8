"""The raw bytes of mails, exactly as received: one zlib stream each, in pieces of at most 1 MiB. Of a mail that was
signed or encrypted as a whole, the opened form is a second stream behind it, where its attachments lie.

Written by store/apply inside the mail's own savepoint; read by the CLI and, for the attachments that letters carry,
by the postman. Readers pack; nothing here compresses. One value a mail would cost PostgreSQL many times its size in
memory.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from maildesk.mime.keyless import keyless
from maildesk.mime.walk import decode_octets
from maildesk.store.database import Store
from maildesk.words import Attachment

PIECE = 1024 * 1024
SAVE = "INSERT INTO chunk (mail_id, number, data) VALUES (?, ?, ?)"
LOAD = "SELECT data FROM chunk WHERE mail_id = ? AND number = ?"
WHERE_IT_LIES = 'SELECT mail_id, "offset", length, encoding FROM attachment WHERE sha256 = ? ORDER BY mail_id LIMIT 1'


WHOLE = "mail-"  # and an id: a whole mail, where letters name a file by its digest


class Missing(LookupError):
    """There are no such bytes in the store."""


def save(store: Store, mail_id: int, packed: bytes) -> None:
    """Keep a reader's zlib stream under the id of a mail that has its row already."""
    for number, start in enumerate(range(0, len(packed), PIECE)):
        store.execute(SAVE, (mail_id, number, packed[start : start + PIECE]))


def load(store: Store, mail_id: int) -> bytes:
    """The raw bytes as received. Raises Missing."""
    return b"".join(unpacked(store, mail_id))


def whole(mail_id: int) -> str:
    """What stands for the digest of a mail that goes as a file."""
    return f"{WHOLE}{mail_id}"


def open_attachment(store: Store, attachment: Attachment) -> bytes:
    """The decoded octets of an attachment, known by its SHA-256 as letters name theirs. Raises Missing.

    A whole mail goes without keys of ours: they are for who got them (T61).
    """
    if attachment.sha256.startswith(WHOLE):
        content = load(store, int(attachment.sha256.removeprefix(WHOLE)))
        return keyless(content.decode("latin-1")).encode("latin-1")
    row = store.one(WHERE_IT_LIES, (attachment.sha256,))
    if row is None:
        raise Missing(f"no mail holds an attachment with the SHA-256 {attachment.sha256}")
    mail_id, offset, length, encoding = row
    return decode_octets(cut(unpacked(store, mail_id, opened=True), offset, length), encoding)


def unpacked(store: Store, mail_id: int, *, opened: bool = False) -> Iterator[bytes]:
    """The raw bytes piece by piece, never more than one piece of the stream at a time. Raises Missing.

    `opened`: and behind them the form without its seals, where there is one.
    """
    stream, number = zlib.decompressobj(), 0
    while (row := store.one(LOAD, (mail_id, number))) is not None:
        yield stream.decompress(row[0])
        number += 1
        while stream.eof and stream.unused_data:
            if not opened:
                return
            rest, stream = stream.unused_data, zlib.decompressobj()
            yield stream.decompress(rest)
    if not stream.eof:
        raise Missing(f"the raw bytes of mail {mail_id} are not in the store")


def cut(pieces: Iterator[bytes], offset: int, length: int) -> bytes:
    """`length` octets from `offset` on of what the pieces make."""
    kept, before = [], 0
    for piece in pieces:
        kept.append(piece[max(0, offset - before) : max(0, offset + length - before)])
        before += len(piece)
        if before >= offset + length:
            break
    return b"".join(kept)
