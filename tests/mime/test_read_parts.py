"""Mails whose parts are not as they say: wrong boundaries, encodings, types and texts that stand there twice."""

from __future__ import annotations

import base64
import binascii

import pytest

from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.words import Incoming

HEAD = "From: carol@acme.example\nTo: support@desk.example\nSubject: Export\nMIME-Version: 1.0\n"
CODED = base64.b64encode("Die Größe stimmt nicht.\n".encode()).decode()


def of(rest: str) -> Incoming:
    return read((HEAD + rest).replace("\n", "\r\n").encode())


TYPES = {
    "no semicolon": "text/plain charset=utf-8",
    "a comma": "text/plain, charset=utf-8",
    "a comment": "text/plain (a text); charset=utf-8 (or so)",
    "white space around the slash": "text / plain; charset=utf-8",
    "capitals": 'TEXT/PLAIN; CHARSET="UTF-8"',
    "no semicolon between parameters": 'text/plain; format="fixed" charset=utf-8',
    "a type alone": "text",
    "semicolons": "text/plain ; ; ;; charset=utf-8;",
    "a label with a note": "text/plain; charset=utf-8 (Plain text)",
}


@pytest.mark.parametrize("value", TYPES.values(), ids=TYPES.keys())
def test_a_type_is_read_as_it_was_meant(value: str) -> None:
    found = of(f"Content-Type: {value}\n\nDie Größe stimmt nicht.\n")
    assert (found.text, found.attachments) == ("Die Größe stimmt nicht.", ())


ENCODINGS = ["base64", "BASE64", '"base64"', "base64 (MIME)", "base-64", "base64;", " base64 \t"]


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_is_read_as_it_was_meant(name: str) -> None:
    assert of(f"Content-Transfer-Encoding: {name}\n\n{CODED}\n").text == "Die Größe stimmt nicht."


@pytest.mark.parametrize("name", ["7-bit", "8 bit", "none", "x-unheard-of", "utf-8"])
def test_an_encoding_that_is_none_changes_nothing(name: str) -> None:
    assert of(f"Content-Transfer-Encoding: {name}\n\nDie =47röße\n").text == "Die =47röße"


FOOTERS = {
    "a line": "_______________________________________________\nlist mailing list\n",
    "a signature mark": "-- \nlist\n",
    "a paragraph": "\nTo leave this list write to its owner.\n",
}


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS.keys())
def test_what_a_list_writes_below_base64_is_no_junk_in_the_text(footer: str) -> None:
    coded = base64.b64encode(b"It fails since monday now.").decode().rstrip("=")
    assert (
        of(f"Content-Transfer-Encoding: base64\n\n{coded}\n{footer}").text.rstrip("\ufffd")
        == "It fails since monday now."
    )


def test_a_boundary_that_is_another_than_the_field_says_is_found() -> None:
    for said in ("; boundary=other", "", "; boundary=b1 b2"):
        found = of(
            f"Content-Type: multipart/mixed{said}\n\n--b1 b2x\nContent-Type: text/plain\n\none\n"
            "--b1 b2x\nContent-Type: image/png; name=a.png\n\nx\n--b1 b2x--\n"
        )
        assert (found.text, [file.name for file in found.attachments]) == ("one", ["a.png"])
        assert "a multipart has another boundary than it says" in found.problems


def test_a_page_without_a_type_is_read_as_one() -> None:
    found = of("\n<!DOCTYPE html>\n<html><body><p>one</p><p>two</p></body></html>\n")
    assert (found.text, found.has_html) == ("one\n\ntwo", True)


def test_the_same_words_in_two_parts_of_a_mixed_mail_stand_there_once() -> None:
    parts = "--b\nContent-Type: text/plain\n\none two\n--b\nContent-Type: text/html\n\n<p>one<br>two</p>\n--b--\n"
    found = of(f"Content-Type: multipart/mixed; boundary=b\n\n{parts}")
    assert (found.text, found.has_html) == ("one two", True)
    other = of(f"Content-Type: multipart/mixed; boundary=b\n\n{parts.replace('<br>two', ' three')}")
    assert other.text == "one two\n\none three"


def test_a_version_for_one_program_alone_is_no_attachment() -> None:
    found = of(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\none\n"
        "--b\nContent-Type: text/x-amp-html\n\n<html amp4email>\n--b\nContent-Type: text/html\n\n<p>one</p>\n--b--\n"
    )
    assert (found.text, found.attachments) == ("one", ())


def test_invitations_cards_and_nameless_parts_are_attachments() -> None:
    kinds = ("text/calendar; method=REQUEST", "text/vcard", "image/png", "application/pdf", "audio/ogg", "text/csv")
    parts = "".join(f"--b\nContent-Type: {kind}\n\nx\n" for kind in kinds)
    found = of(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n{parts}--b--\n")
    assert found.text == "one"
    assert [file.type for file in found.attachments] == [kind.partition(";")[0] for kind in kinds]


def test_an_invitation_among_versions_of_a_text_is_kept() -> None:
    found = of(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\none\n"
        "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n"
    )
    assert (found.text, [file.type for file in found.attachments]) == ("one", ["text/calendar"])


def test_a_charset_that_lies_is_a_problem() -> None:
    raw = (HEAD + "Content-Type: text/plain; charset=iso-8859-1\n\n").encode() + "Größe\n".encode()
    found = read(raw)
    assert found.text == "Größe"
    assert "the text is not in iso-8859-1, which it says" in found.problems
    honest = read(raw.replace("Größe".encode(), "Größe".encode("latin-1")))
    assert (honest.text, honest.problems) == ("Größe", ())


def test_uuencoded_files_are_attachments_with_their_octets() -> None:
    found = of("\nsee\nbegin 644 a b.txt\n#86)C\n`\nend\nand\nbegin 600 c.bin\n#86)C\n \nend\nbelow\n")
    assert found.text.split() == ["see", "and", "below"]
    assert [(file.name, file.size, file.encoding) for file in found.attachments] == [
        ("a b.txt", 3, "x-uuencode"),
        ("c.bin", 3, "x-uuencode"),
    ]


def test_a_uuencoded_file_whose_lines_end_in_a_checksum_is_read() -> None:
    wanted = bytes(range(100))
    lines = [binascii.b2a_uu(wanted[at : at + 45]).rstrip(b"\n").decode() + "7" for at in range(0, 100, 45)]
    raw = (HEAD + "\nsee\nbegin 644 a.bin\n" + "\n".join(lines) + "\n`\nend\n").encode()
    (file,) = read(raw).attachments
    assert decode_octets(raw[file.offset : file.offset + file.length], file.encoding) == wanted


@pytest.mark.parametrize("kind", ["message/partial; id=a; number=1; total=2", "message/external-body; access-type=URL"])
def test_pieces_and_references_are_neither_joined_nor_fetched(kind: str) -> None:
    found = of(f"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: {kind}\n\nx\n--b--\n")
    assert (found.text, [file.type for file in found.attachments]) == ("one", [kind.partition(";")[0]])
