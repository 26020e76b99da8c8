"""Signatures and encryption in a mail: found, named, and taken off where they wrap the words; without any key."""

from __future__ import annotations

import base64
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.reader import reading
from maildesk.mime import cms
from maildesk.mime.describe import describe
from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.mime.whole import whole
from maildesk.words import Seal

HEAD = b"From: carol@acme.example\r\nTo: support@example.com\r\nSubject: Sealed\r\nMIME-Version: 1.0\r\n"
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\nthe export stops, gr\xc3\xb6\xc3\x9fer\r\n"
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
DATA = bytes.fromhex("06092a864886f70d010701")


def der(tag: int, *contents: bytes) -> bytes:
    body = b"".join(contents)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes(3, "big")
    return bytes([tag, 0x83]) + size + body


def ber(tag: int, *contents: bytes) -> bytes:
    """With its end marked, not its length told."""
    return bytes([tag, 0x80]) + b"".join(contents) + b"\0\0"


def signed_data(content: bytes, wrap=der) -> bytes:  # type: ignore[no-untyped-def]
    octets = der(0x04, content)
    if wrap is ber:
        octets = ber(0x24, *(der(0x04, content[at : at + 20]) for at in range(0, len(content), 20)))
    inner = wrap(0x30, DATA, wrap(0xA0, octets))
    algorithms = wrap(0x31, wrap(0x30, bytes.fromhex("0609608648016503040201")))
    return wrap(0x30, SIGNED_DATA, wrap(0xA0, wrap(0x30, b"\2\1\1", algorithms, inner, wrap(0x31))))


def as_pkcs7(blob: bytes, fields: bytes = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n") -> bytes:
    return HEAD + fields + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(blob)


def signature_beside(kind: bytes) -> bytes:
    return (
        HEAD + b'Content-Type: multipart/signed; boundary="b"; protocol="application/' + kind + b'"\r\n\r\n'
        b"--b\r\n" + PLAIN + b"--b\r\nContent-Type: application/" + kind + b"; name=signature\r\n\r\nabc\r\n--b--\r\n"
    )


@pytest.mark.parametrize(
    ("kind", "name"), [(b"pgp-signature", "pgp"), (b"pkcs7-signature", "smime"), (b"x-pkcs7-signature", "smime")]
)
def test_a_signature_beside_the_words_is_named_and_attached(kind: bytes, name: str) -> None:
    mail, opened = whole(signature_beside(kind))
    assert mail.seals == (Seal(name, "signed"),)
    assert (mail.text, opened) == ("the export stops, größer", b"")
    assert [each.name for each in mail.attachments] == ["signature"]


@pytest.mark.parametrize("wrap", [der, ber], ids=["lengths told", "ends marked"])
@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n",
        b"Content-Type: application/x-pkcs7-mime; name=smime.p7m\r\n",
        b"Content-Type: application/octet-stream; name=smime.p7m\r\n",
    ],
)
def test_words_within_their_signature_are_read(fields: bytes, wrap) -> None:  # type: ignore[no-untyped-def]
    mail, opened = whole(as_pkcs7(signed_data(PLAIN, wrap), fields))
    assert (mail.text, mail.reply_text) == ("the export stops, größer", "the export stops, größer")
    assert (mail.subject, mail.seals) == ("Sealed", (Seal("smime", "signed"),))
    assert mail.attachments == ()
    assert opened


def test_a_file_within_a_signature_is_an_attachment_that_lies_behind_the_mail() -> None:
    file = b'Content-Type: application/pdf; name="page.pdf"\r\n\r\n%PDF-1\r\n'
    inner = b'Content-Type: multipart/mixed; boundary="i"\r\n\r\n--i\r\n' + PLAIN + b"--i\r\n" + file + b"--i--\r\n"
    raw = as_pkcs7(signed_data(inner))
    mail, packed = reading(raw)
    first = zlib.decompressobj()
    assert first.decompress(packed) == raw
    whole_stream = raw + zlib.decompress(first.unused_data)
    (attached,) = mail.attachments
    lies = whole_stream[attached.offset : attached.offset + attached.length]
    assert (attached.name, decode_octets(lies, attached.encoding)) == ("page.pdf", b"%PDF-1")
    assert (mail.size, mail.sha256) == (len(raw), read(raw).sha256)


def test_a_signature_within_a_signature_is_taken_off_too() -> None:
    inner = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    mail, _ = whole(as_pkcs7(signed_data(inner + base64.encodebytes(signed_data(PLAIN)))))
    assert mail.text == "the export stops, größer"


def test_fields_within_a_signature_are_not_those_of_the_mail() -> None:
    mail, _ = whole(as_pkcs7(signed_data(b"From: alice@example.com\r\nReply-To: x@evil.example\r\n" + PLAIN)))
    assert mail.sender
    assert mail.sender.address == "carol@acme.example"
    assert mail.reply_to == ()


def test_what_stands_beside_a_signed_blob_stays() -> None:
    """A list's footer."""
    blob = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    blob += base64.encodebytes(signed_data(PLAIN))
    footer = b"Content-Type: text/plain\r\n\r\n-- the list --\r\n"
    raw = (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + blob + b"--b\r\n" + footer + b"--b--\r\n"
    )
    assert whole(raw)[0].text == "the export stops, größer\n\n-- the list --"


CLEAR = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

#solved
- -- dashes are escaped
Done.
-----BEGIN PGP SIGNATURE-----

iQFDBAEBCgAtFiEE
-----END PGP SIGNATURE-----
"""


def test_a_clear_signed_text_is_read_without_its_armour() -> None:
    mail, _ = whole(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + CLEAR.encode())
    assert mail.text == "#solved\n-- dashes are escaped\nDone."
    assert mail.said.startswith("#solved")
    assert mail.seals == (Seal("pgp", "signed"),)


def test_a_line_of_blanks_ends_the_head_of_armour_as_it_does_for_gnupg() -> None:
    text = CLEAR.replace("\n\n", "\n \t\n", 1).replace("Done.", "Done.\n\nAnd more.")
    assert whole(HEAD + b"\r\n" + text.encode())[0].text == "#solved\n-- dashes are escaped\nDone.\n\nAnd more."


def test_armour_whose_head_has_no_end_stays_as_it_came() -> None:
    text = CLEAR.replace("\n\n", "\n").replace("-----END", "\n-----END")
    mail, opened = whole(HEAD + b"\r\n" + text.encode())
    assert ("#solved" in mail.text, opened) == (True, b"")


def test_armour_that_is_quoted_or_only_spoken_of_is_no_seal() -> None:
    quoted = "".join(f"> {line}\n" for line in CLEAR.splitlines())
    for text in (quoted, "Why does it say -----BEGIN PGP MESSAGE----- here?", "-----BEGIN PGP MESSAGE-----\nno end"):
        mail, opened = whole(HEAD + b"\r\n" + text.encode())
        assert (mail.seals, opened) == ((), b"")


def encrypted_forms() -> dict[str, tuple[bytes, str]]:
    head = b'Content-Type: multipart/%s; boundary="b"; protocol="application/pgp-encrypted"\r\n\r\n'
    parts = b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
    parts += b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\nabc\r\n--b--\r\n"
    armour = b"\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"
    blob = der(0x30, ENVELOPED, der(0xA0, der(0x30, b"\2\1\0")))
    return {
        "PGP/MIME": (HEAD + head % b"encrypted" + parts, "pgp"),
        "PGP/MIME by Exchange": (HEAD + head % b"mixed" + parts, "pgp"),
        "PGP in the text": (HEAD + armour, "pgp"),
        "S/MIME": (as_pkcs7(blob), "smime"),
        "S/MIME that is torn": (
            as_pkcs7(b"0", b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"),
            "smime",
        ),
    }


@pytest.mark.parametrize("form", encrypted_forms())
def test_an_encrypted_mail_is_shown_as_such_and_nothing_of_it_is_lost(form: str) -> None:
    raw, kind = encrypted_forms()[form]
    mail, _ = whole(raw)
    assert mail.seals == (Seal(kind, "encrypted"),)
    assert mail.attachments or "BEGIN PGP MESSAGE" in mail.text
    assert "encrypted with" in describe(mail, "x")["problems"][-1]
    assert mail.sender
    assert not mail.unreadable


def test_a_corrupt_winmail_dat_stays_as_it_is() -> None:
    """T56: it is kept and attached, never taken apart."""
    tnef = b"\x78\x9f\x3e\x22" + bytes(range(256))
    file = b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + PLAIN + b"--b\r\n" + file
    raw += base64.encodebytes(tnef) + b"--b--\r\n"
    (attached,) = whole(raw)[0].attachments
    lies = decode_octets(raw[attached.offset : attached.offset + attached.length], attached.encoding)
    assert (attached.name, attached.type, lies) == ("winmail.dat", "application/ms-tnef", tnef)


def test_ordinary_mail_has_no_seals() -> None:
    assert whole(HEAD + b"\r\nHello\r\n")[0].seals == ()


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_torn_blob_is_an_attachment(cut: int) -> None:
    blob = signed_data(PLAIN, ber)
    mail, _ = whole(as_pkcs7(blob[:cut]))
    assert not mail.unreadable
    assert cms.wrapped(blob[:cut]) is None


def nested(size: int) -> bytes:
    return b"\x30\x80" * size


def begins(size: int) -> bytes:
    return b"-----BEGIN PGP MESSAGE-----\r\n" * size + b"-----END PGP\r\n"


def texts(size: int) -> bytes:
    return (b"-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nx\r\n-----END PGP SIGNATURE-----\r\n") * size


@pytest.mark.parametrize("hostile", [begins, texts])
def test_armour_costs_no_more_than_its_length(hostile) -> None:  # type: ignore[no-untyped-def]
    """Twice as much takes about twice as long."""

    def seconds(size: int) -> float:
        raw = HEAD + b"\r\n" + hostile(size)
        took = []
        for _ in range(3):
            begun = time.process_time()
            whole(raw)
            took.append(time.process_time() - begun)
        return min(took)

    assert seconds(8000) < 6 * seconds(2000) + 0.05


def test_a_blob_of_nothing_but_beginnings_is_nothing() -> None:
    assert cms.wrapped(nested(100_000)) is None
    assert cms.kind(nested(100_000)) == ""


SPECIMENS = [raw for raw, _ in encrypted_forms().values()]
SPECIMENS += [as_pkcs7(signed_data(PLAIN, ber)), signature_beside(b"pgp-signature"), HEAD + b"\r\n" + CLEAR.encode()]


@given(
    raw=st.sampled_from(SPECIMENS),
    at=st.floats(0, 1),
    length=st.integers(0, 60),
    put=st.binary(max_size=30)
    | st.sampled_from([b"--b\r\n", b"-----END PGP MESSAGE-----\r\n", b"MIAGCSqGSIb3DQEHAqCA"]),
)
def test_whatever_becomes_of_a_sealed_mail_it_is_read(raw: bytes, at: float, length: int, put: bytes) -> None:
    place = int(at * len(raw))
    hurt = raw[:place] + put + raw[place + length :]
    mail, opened = whole(hurt)
    assert not mail.unreadable
    assert mail.size == len(hurt)
    assert all(each.offset >= 0 and each.offset + each.length <= mail.size + len(opened) for each in mail.attachments)
