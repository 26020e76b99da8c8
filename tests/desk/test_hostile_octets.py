"""Row T57 of the threat table: octets that are no text, in any field or body, on both databases with one result."""

from __future__ import annotations

import pytest

from maildesk.words import Envelope
from tests.desk.world import World, newest

ODD = {
    "nul": b"a\x00b",
    "a surrogate in UTF-8": b"a\xed\xa0\x80b",
    "a surrogate pair in UTF-8": b"a\xed\xa0\xbd\xed\xb8\x80b",
    "invalid UTF-8": b"a\xff\xfe\xc3b",
    "an encoded nul": b"=?utf-8?q?a=00b?=",
    "an encoded surrogate": b"=?utf-8?q?a=ED=A0=80b?=",
    "a surrogate in UTF-7": b"=?utf-7?q?a+2AA-b?=",
}
FIELDS = (b"Subject", b"To", b"Cc", b"Reply-To", b"In-Reply-To", b"References", b"Message-ID", b"Date", b"X-Mailer")
PLAIN = {
    b"From": b"Carol <carol@acme.example>",
    b"To": b"support@example.com",
    b"Subject": b"x",
    b"Date": b"Mon, 02 Mar 2026 09:00:00 +0000",
    b"Message-ID": b"<m@mail.example>",
}


def written(fields: dict[bytes, bytes], body: bytes) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in fields.items()) + b"\r\n" + body


def kept(desk: World, raw: bytes, number: int) -> list[str]:
    """Every text that is shown of it; the octets are there as they came."""
    desk.seen = desk.ask(newest)
    given = Envelope("lmtp:main", desk.now, sender="carol@acme.example", recipients=("support@example.com",))
    receipt = desk.desk.receive(raw, given).result(20)
    assert receipt.outcome in ("ticket", "held"), raw
    assert desk.raw(receipt.id) == raw
    row = desk.rows()[number]
    texts = [row["message_id"], row["reason"]]
    if receipt.ticket:
        shown = desk.ticket(receipt.ticket)
        texts += [shown["subject"], *(str(value) for each in shown["messages"] for value in each.values())]
    texts += [each.text for each in desk.sent()]
    return texts


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_t57_octets_that_are_no_text_stop_no_mail_and_are_text_where_they_are_shown(odd: bytes, desk: World) -> None:
    mails = [
        written(PLAIN | {b"Message-ID": b"<m%d@mail.example>" % at} | {name: odd + PLAIN.get(name, b"")}, b"Hello.\r\n")
        for at, name in enumerate(FIELDS)
    ]
    from_name = PLAIN | {b"From": odd + b" <carol@acme.example>", b"Message-ID": b"<from@mail.example>"}
    body = PLAIN | {b"Message-ID": b"<body@mail.example>", b"Content-Type": b"text/plain; charset=utf-8"}
    mails += [written(from_name, b"Hello.\r\n"), written(body, b"Hello " + odd + b"\r\n")]
    for number, raw in enumerate(mails):
        for text in kept(desk, raw, number):
            assert "\x00" not in text
            assert text.encode("utf-8")
