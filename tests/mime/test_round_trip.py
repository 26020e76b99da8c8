"""What mime/write makes is read back by mime/read as it was meant: texts, subjects, people and files."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.mime.write import compose, pieces
from maildesk.mime.write_headers import mailboxes, unstructured
from maildesk.words import Address, Attachment

WORDS = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u2028\u2029\ufeff"), max_size=40)
LINES = st.lists(WORDS, max_size=12).map(lambda words: " ".join(filter(None, words)))
PEOPLE = ("carol@acme.example", "carol+x@acme.example", "o'neil@b.example", "carol@xn--bcher-kva.example")


def written(fields: str, text: str, files: dict[str, bytes]) -> bytes:
    attachments = [Attachment(name, "application/octet-stream", len(octets)) for name, octets in files.items()]
    composed = compose(fields, text, "", "seed", attachments)

    def opened(attachment: Attachment) -> Iterator[bytes]:
        return iter([files[attachment.name]])

    return b"".join(pieces(*composed, attachments, opened))


@given(LINES, LINES, st.sampled_from(PEOPLE))
@example("Größe", "日本 =?utf-8?q?x?=", "carol@acme.example")
def test_people_and_subjects_read_back(title: str, name: str, address: str) -> None:
    fields = mailboxes("From", [Address(address, name)]) + unstructured("Subject", title)
    found = read(written(fields, "text", {}))
    assert found.sender is not None
    assert found.sender.address == Address(address).address
    assert found.subject.split() == title.split()


@given(st.lists(LINES, max_size=8), st.binary(max_size=300))
def test_texts_and_files_read_back(lines: list[str], octets: bytes) -> None:
    text = "\n".join(lines)
    raw = written("From: carol@acme.example\r\nSubject: x\r\n", text, {"a b.bin": octets})
    found = read(raw)
    (file,) = found.attachments
    assert found.text.split() == text.split()
    assert (file.name, file.size) == ("a b.bin", len(octets))
    assert decode_octets(raw[file.offset : file.offset + file.length], file.encoding) == octets
    assert found.problems == ()
