"""Rows T71, T75 and T76 of the threat table, with real reader processes: a mail that ends its own stops no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from maildesk.desk.opening import READING_DEADLINE, build_desk
from maildesk.desk.readers import MEMORY, Readers
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt
from tests.builders import CAROL, SUPPORT, mail
from tests.desk.world import SECRETS, World

SLOW = b"From: carol@acme.example\r\nContent-Type: text/html\r\n\r\n" + b"<table><tr><td>x</td></tr></table>" * 15_000
LINE = b"QUJD" * 19 + b"\r\n"
FILE = (
    b"From: carol@acme.example\r\nTo: support@example.com\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n"
    b"--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
)


NAMES = (
    *(b"From", b"Sender", b"To", b"Cc", b"Reply-To", b"Date", b"Subject", b"Message-ID", b"In-Reply-To", b"References"),
    *(b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition", b"Content-ID", b"MIME-Version"),
    *(b"Auto-Submitted", b"Precedence", b"List-Id", b"Authentication-Results", b"DKIM-Signature", b"Received"),
    *(b"Return-Path", b"X-Failed-Recipients", b"X-Autoreply", b"Keywords"),
)
VALUES = (
    *(b"", b"<[>", b'<"', b"(" * 1_000, b'"' * 999, b"<" * 999, b"=?utf-8?q?=0A?= <a@b.example>", b"=?utf-8?b?AAAA?="),
    *(b"=?unknown?x?y?=", b"=?utf-8?b?=?=", b"\xff\x00\xfe", b";;;", b"////", b"text/plain; charset*=''", b"a:b:c;;"),
    *(
        b"inline; filename**=a; filename*x*=b",
        b"a@[IPv6:::1], b@[",
        b"\\",
        b"99 Foo 99999 99:99:99 +9999",
        b"\r\n \r\n\t",
    ),
)


@contextmanager
def pool(count: int, deadline: float, memory: int = MEMORY) -> Iterator[Readers]:
    readers = Readers(count, deadline, memory)
    readers.start()
    try:
        yield readers
    finally:
        readers.stop()


def test_t75_a_mail_that_ends_its_reader_is_held_and_the_next_ones_open_their_tickets(desk: World) -> None:
    with pool(1, deadline=0.3) as readers:
        running = build_desk(
            desk.config, SECRETS, desk.ledger, readers, lambda: desk.now, Journal(level="error"), provers=desk.zone
        )

        def receives(content: bytes) -> Receipt:
            envelope = Envelope("lmtp:main", desk.now, "carol@acme.example", (SUPPORT,))
            return running.receive(content, envelope).result(60)

        poison = [SLOW + b"%d" % number for number in range(3)]
        outcomes = [receives(content).outcome for each in poison for content in (each, mail(CAROL))]
    assert outcomes == ["held", "ticket"] * 3
    held = [row for row in desk.rows() if row["outcome"] == "held"]
    assert {row["reason"] for row in held} == {"unreadable: reading took longer than 0.3 s"}
    assert [desk.raw(row["id"]) for row in sorted(held, key=lambda row: row["id"])] == poison
    assert not [each for each in desk.sent() if each.name == "redirect"]


def test_t71_five_hundred_mails_that_break_parsers_are_read_by_one_reader() -> None:
    mails = [fault(number) for number in range(500)]
    before = children()
    with pool(1, deadline=READING_DEADLINE) as readers:
        pending = [readers.read(raw) for raw in mails]
        found = [each.result(60).mail for each in pending]
        (reader,) = children() - before
        spent = cpu(reader)
    assert [mail.unreadable for mail in found] == [""] * 500
    assert all("words" in mail.text for mail in found)
    assert spent < READING_DEADLINE / 5  # all of them together


def fault(number: int) -> bytes:
    """What makes parsers raise, each in each of its fields: 20 values in 25 fields."""
    value, name = VALUES[number % len(VALUES)], NAMES[number // len(VALUES)]
    return b"X-Number: %d\r\n%s: %s\r\nFrom: carol@acme.example\r\n\r\nwords\r\n" % (number, name, value)


@pytest.mark.timeout(180)  # half a gibibyte is read
def test_t76_twenty_mails_of_25_mebibytes_at_once_stay_within_the_readers_memory() -> None:
    large = FILE + LINE * ((25 << 20) // len(LINE)) + b"--b--\r\n"
    before = children()
    with pool(2, deadline=READING_DEADLINE) as readers:
        pending = [readers.read(large) for _ in range(20)]
        sizes = {each.result(120).mail.attachments[0].size for each in pending}
        processes = children() - before
        peaks, spent = [peak(each) for each in processes], sum(map(cpu, processes))
    assert sizes == {57 * ((25 << 20) // len(LINE))}
    assert len(peaks) == 2  # none was replaced
    assert max(peaks) < MEMORY
    assert spent / 20 < READING_DEADLINE / 5


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return found


def cpu(process: int) -> float:
    """Seconds of the processor that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(process: int) -> int:
    """Octets of memory that a process had at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
