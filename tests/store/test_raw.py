"""Raw bytes come back as they went in, whole and in part, on both databases."""

from __future__ import annotations

import base64
import hashlib
import random
import zlib

import pytest

from maildesk.store import raw
from maildesk.store.database import Store
from maildesk.store.tables import Attachment as AttachmentRow
from maildesk.store.tables import Chunk
from maildesk.words import Attachment
from tests.store import rows


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # does not pack, so it fills several pieces


def stored(store: Store, content: bytes) -> int:
    mail = rows.mail(store)
    raw.save(store, mail.id, zlib.compress(content, 1))
    return int(mail.id)


@pytest.mark.parametrize("content", [b"", b"a\0b\r\n\xff", noise(3_500_000)], ids=["nothing", "octets", "large"])
def test_the_bytes_come_back_as_they_were(store: Store, content: bytes) -> None:
    assert raw.load(store, stored(store, content)) == content


def test_a_large_mail_lies_in_pieces_of_a_mebibyte(store: Store) -> None:
    mail_id = stored(store, noise(2_500_000))
    sizes = [len(chunk.data) for chunk in Chunk.select().where(Chunk.mail == mail_id).order_by(Chunk.number)]
    assert sizes[:2] == [raw.PIECE, raw.PIECE]
    assert len(sizes) == 3


def test_an_attachment_is_cut_out_and_decoded(store: Store) -> None:
    content = noise(1_600_000)
    encoded = base64.encodebytes(content)
    before = noise(900_000)
    mail_id = stored(store, before + encoded + b"\r\n--end--\r\n")
    found = Attachment(
        name="a.bin",
        type="application/octet-stream",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        offset=len(before),
        length=len(encoded),
        encoding="base64",
    )
    fields = {name: getattr(found, name) for name in Attachment.__slots__}
    AttachmentRow.create(mail=mail_id, number=0, **fields)
    assert raw.open_attachment(store, Attachment("other.bin", "x/y", 1, sha256=found.sha256)) == content


def test_bytes_that_are_not_there_are_missing(store: Store) -> None:
    with pytest.raises(raw.Missing):
        raw.load(store, 99)
    with pytest.raises(raw.Missing):
        raw.open_attachment(store, Attachment("a", "b/c", 1, sha256="0" * 64))


def test_a_mail_whose_last_piece_is_lost_is_missing_rather_than_short(store: Store) -> None:
    mail_id = stored(store, noise(2_500_000))
    store.execute("DELETE FROM chunk WHERE mail_id = ? AND number = 2", (mail_id,))
    with pytest.raises(raw.Missing):
        raw.load(store, mail_id)
