"""Whole mails, against the standard library's parser; RFC 5322 and 2045 by measure; speed."""

import base64
import email
import email.policy
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.mime.write import compose, pieces, safe_type
from maildesk.words import Attachment

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=500)
FILE = [Attachment("x", "application/pdf", 1)]
FIELDS = "From: support@example.com\r\nSubject: test\r\n"


def whole(text: str, html: str = "", files: dict[str, bytes] | None = None, type_: str = "application/pdf") -> bytes:
    files = files or {}
    attachments = [Attachment(name, type_, len(octets)) for name, octets in files.items()]
    composed = compose(FIELDS, text, html, "seed", attachments)

    def opened(attachment: Attachment) -> Iterator[bytes]:
        octets = files[attachment.name]
        return (octets[at : at + 1000] for at in range(0, len(octets), 1000))

    return b"".join(pieces(*composed, attachments, opened))


def cleaned(text: str) -> str:
    """What a letter keeps of any text."""
    text = re.sub("\r\n?|\u2028|\u2029", "\n", text)
    text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", " ", text)
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return text if text.endswith("\n") else text + "\n"


def read(raw: bytes) -> email.message.EmailMessage:
    assert raw.isascii()
    assert b"\0" not in raw
    assert not re.search(rb"[^\r]\n|\r[^\n]|\r\Z", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(part: email.message.EmailMessage) -> str:
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


TEXTS = [
    "plain\n.\n..dots\nFrom me\n-- \nsig  \n",
    "Grüße\nFrom here, and a line so long that it has to be broken softly somewhere along its way to you\n",
    "日本語の本文\n" * 5,
    "x" * 2000,
    "--=_not a boundary\n",
    "a\rb\r\nc\nd\0e\x1b[31m",
]


@given(ANY_TEXT)
@pytest.mark.parametrize("prefix", ["", *TEXTS])
def test_any_text_reads_back(prefix: str, text: str) -> None:
    mail = read(whole(prefix + text))
    assert text_of(mail) == cleaned(prefix + text)
    assert mail.get_content_type() == "text/plain"


@given(ANY_TEXT, ANY_TEXT)
@example("one", "<p>two")
def test_html_stands_beside_the_text_and_after_it(text: str, html: str) -> None:
    mail = read(whole(text, "<p>" + html))
    assert mail.get_content_type() == "multipart/alternative"
    plain, rich = mail.iter_parts()
    assert (plain.get_content_type(), rich.get_content_type()) == ("text/plain", "text/html")
    assert text_of(plain) == cleaned(text)
    assert text_of(rich) == cleaned("<p>" + html)


@given(st.binary(max_size=5000), ANY_TEXT)
@example(b"", "empty.pdf")
@example(bytes(range(256)) * 300, "Lärm.bin")
def test_attachments_are_streamed_and_read_back(octets: bytes, name: str) -> None:
    mail = read(whole("hello", "<p>hello", {name: octets, name + "2": b"second"}))
    assert mail.get_content_type() == "multipart/mixed"
    body, first, second = mail.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert first.get_payload(decode=True) == octets
    assert second.get_payload(decode=True) == b"second"
    assert first.get_content_disposition() == "attachment"


def test_equal_input_gives_equal_bytes_and_another_seed_another_boundary() -> None:
    assert whole("a", "<p>b", {"x": b"y"}) == whole("a", "<p>b", {"x": b"y"})
    assert compose(FIELDS, "a", "<p>b", "1", FILE).boundary != compose(FIELDS, "a", "<p>b", "2", FILE).boundary


@pytest.mark.parametrize(
    ("given_type", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("IMAGE/PNG; name=x", "image/png"),
        ("text/plain", "text/plain"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xml", "application/octet-stream"),
        ("application/atom+xml", "application/octet-stream"),
        ("text/javascript", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("image/png\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_types_that_run_are_passed_on_as_octets(given_type: str, sent: str) -> None:
    assert safe_type(given_type) == sent
    part = list(read(whole("x", files={"f": b"data"}, type_=given_type)).iter_parts())[1]
    assert part.get_content_type() == sent


def test_ascii_stays_readable_german_is_quoted_and_chinese_is_base64() -> None:
    assert b"7bit" in whole("hello\n")
    assert b"Gr=C3=BC=C3=9Fe" in whole("Viele Grüße aus dem Büro in der Hauptstraße\n")
    assert base64.b64encode("中文".encode()) in whole("中文")


def test_the_bytes_of_a_letter_take_less_than_a_fifth_of_a_millisecond() -> None:
    text = "Guten Tag Carol Jones,\n\nvielen Dank für Ihre Nachricht. Wir kümmern uns.\n" * 8
    html = f"<html><body><p style='color:#333'>{text}</p></body></html>" * 6
    best = 1.0
    for _ in range(200):
        begun = time.perf_counter()
        compose(FIELDS, text, html, "seed")
        best = min(best, time.perf_counter() - begun)
    assert best < 0.0002
