"""Rows T54 to T57 of the threat table as they are read: names of files, winmail.dat, octets that are no text."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from maildesk.mime.describe import describe
from maildesk.mime.read import read
from maildesk.mime.walk import decode_octets
from maildesk.words import Attachment

HEAD = "From: Carol <carol@acme.example>\r\nTo: support@desk.example\r\nMIME-Version: 1.0\r\n"


def attached(disposition: str, content: bytes = b"x", type_: str = "application/pdf") -> Attachment:
    head = f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: {type_}\r\n"
    part = f"Content-Disposition: attachment; {disposition}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    raw = (head + part).encode("utf-8", "surrogateescape") + content + b"\r\n--b--\r\n"
    (found,) = read(raw).attachments
    assert decode_octets(raw[found.offset : found.offset + found.length], found.encoding) == content
    return found


PATHS = ["../../etc/passwd", "/etc/passwd", "a/b/c", "C:boot.ini", "..", ".", "...", "~root", "con.pdf"]


@pytest.mark.parametrize("name", PATHS)
def test_t54_a_name_that_is_a_path_is_data_and_no_place(name: str) -> None:
    found = attached(f'filename="{name}"')
    assert found.name == name.rstrip(".")
    assert found.sha256 == hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd%00.png", "a%0D%0ABcc%3A%20x", "a%1B%5B2J"])
def test_t54_an_encoded_name_holds_no_control_character(name: str) -> None:
    assert not re.search("[\\x00-\\x1f\\x7f]", attached(f"filename*=utf-8''{name}").name)


# What is written, and what is seen of it.
NAMES = {
    "turned round": ("invoice\u202efdp.exe", "invoice\ufffdfdp.exe"),
    "turned round by an isolate": ("a\u2067fdp.exe\u2069", "a\ufffdfdp.exe\ufffd"),
    "of no width": ("in\u200bvoice.pdf\u2060.exe", "in\ufffdvoice.pdf\ufffd.exe"),
    "a joiner between plain letters": ("in\u200dvoice.exe", "in\ufffdvoice.exe"),
    "a soft hyphen": ("in\u00advoice.exe", "in\ufffdvoice.exe"),
    "a filler": ("invoice.pdf\u3164\u3164.exe", "invoice.pdf\ufffd\ufffd.exe"),
    "a double ending": ("invoice.pdf.exe", "invoice.pdf.exe"),
    "dots behind it": ("invoice.exe...", "invoice.exe"),
    "dots and spaces behind it": ("invoice.exe . .", "invoice.exe"),
    "a joiner of Persian": (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.pdf",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645.pdf",
    ),
    "letters": ("Gr\u00f6\u00dfe \u65e5\u672c.pdf", "Gr\u00f6\u00dfe \u65e5\u672c.pdf"),
}


@pytest.mark.parametrize(("written", "seen"), NAMES.values(), ids=NAMES.keys())
def test_t55_a_name_is_seen_as_what_it_is(written: str, seen: str) -> None:
    assert attached(f'filename="{written}"').name == seen
    encoded = "".join(f"%{octet:02X}" for octet in written.encode())
    assert attached(f"filename*=utf-8''{encoded}").name == seen


TNEF = b"\x78\x9f\x3e\x22"
WINMAIL = {
    "whole": TNEF + bytes(range(256)) * 3,
    "a torso": TNEF + b"\x01",
    "lengths of 4 GiB": TNEF + b"\xff" * 400,
    "no TNEF": b"MZ" + bytes(100),
}


@pytest.mark.parametrize("content", WINMAIL.values(), ids=WINMAIL.keys())
def test_t56_a_winmail_dat_is_kept_octet_by_octet(content: bytes) -> None:
    found = attached("filename=winmail.dat", content, "application/ms-tnef")
    assert (found.name, found.type, found.size) == ("winmail.dat", "application/ms-tnef", len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()


ODD = {
    "NUL": b"a\0b",
    "an octet of no charset": b"a\xffb",
    "half a character": b"a\xc3",
    "a lone surrogate in UTF-8": b"a\xed\xa0\x80b",
    "an overlong NUL": b"a\xc0\x80b",
    "a non-character": b"a\xef\xbf\xbfb",
    "controls": bytes(range(1, 32)).replace(b"\n", b"").replace(b"\r", b"") + b"\x7f\xc2\x9b",
}
FIELDS = [
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "X-Other",
    "Received",
]
FIELDS += [
    "Content-Type",
    "Content-Disposition",
    "Content-Transfer-Encoding",
    "Auto-Submitted",
    "Authentication-Results",
]
ENCODED = (
    "{}",
    "=?utf-8?q?{}?=",
    "=?utf-16?b?2AA=?= {}",
    '"{}" <{}@acme.example>',
    "text/plain; charset=utf-16; name*=utf-8''%00%ED%A0%80{}",
)


UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]|\\u0000")


def is_storable(raw: bytes) -> bool:
    """Every text that is read of it is one that PostgreSQL and SQLite take alike: no NUL, no half character."""
    found = read(raw)
    texts = [json.dumps(describe(found, "m.eml"), ensure_ascii=False), found.said]
    texts += (each for pair in (*found.headers, *found.trace) for each in pair)
    return not any(map(UNSTORABLE.search, texts))


@pytest.mark.parametrize("name", FIELDS)
def test_t57_a_field_with_octets_that_are_no_text_gives_text(name: str) -> None:
    kept = "\r\n".join(line for line in HEAD.split("\r\n") if not line.startswith(f"{name}:"))
    mails = {
        (kind, form): f"{kept}{name}: ".encode() + form.encode().replace(b"{}", odd) + b"\r\n\r\ntext\r\n"
        for kind, odd in ODD.items()
        for form in ENCODED
    }
    assert [which for which, raw in mails.items() if not is_storable(raw)] == []


CHARSETS = [
    "",
    "us-ascii",
    "utf-8",
    "utf-7",
    "utf-16",
    "utf-16le",
    "utf-32",
    "iso-2022-jp",
    "gb18030",
    "koi8-r",
    "x-none",
]


@pytest.mark.parametrize("odd", [*ODD.values(), b"+2AA-", b"\xd8\x00\x00a", b"\x00\xd8a\x00"])
@pytest.mark.parametrize("type_", ["text/plain", "text/html"])
def test_t57_a_body_with_octets_that_are_no_text_gives_text(type_: str, odd: bytes) -> None:
    bodies = {"8bit": odd, "quoted-printable": "".join(f"={octet:02X}" for octet in odd).encode()}
    fields = 'Content-Type: {}; charset="{}"\r\nContent-Transfer-Encoding: {}\r\n\r\n'
    mails = {
        (charset, coding): f"{HEAD}{fields.format(type_, charset, coding)}".encode()
        + b"before "
        + body
        + b" behind\r\n"
        for charset in CHARSETS
        for coding, body in bodies.items()
    }
    assert [which for which, raw in mails.items() if not is_storable(raw)] == []
