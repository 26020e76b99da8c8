"""Rows T75 and T76 of the threat table, with real reader processes: a mail that kills its reader stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from maildesk.desk.opening import build_desk
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


def test_t76_mails_of_25_mebibytes_in_any_number_stay_within_the_readers_memory() -> None:
    large = FILE + LINE * ((25 << 20) // len(LINE)) + b"--b--\r\n"
    before = children()
    with pool(2, deadline=30) as readers:
        readings = [readers.read(large) for _ in range(6)]
        sizes = {reading.result(120).mail.attachments[0].size for reading in readings}
        peaks = [peak(each) for each in children() - before]
    assert sizes == {57 * ((25 << 20) // len(LINE))}
    assert len(peaks) == 2
    assert max(peaks) < MEMORY


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return found


def peak(process: int) -> int:
    """Octets of memory that a process had at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
