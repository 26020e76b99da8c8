"""Whom flufl.bounce names in a bounce that only prose tells of; and that it is silent whatever it meets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from maildesk.mime.read import read

# Whom this means, flufl.bounce alone can tell from whom it only names.
BODY = (
    "It is helpdesk@mx.acme.example that can say more.\r\n\r\nInvalid final delivery userid:\r\n"
    "  (S) carol@acme.example\r\nOriginal message follows.\r\n"
)
SENDERS = {
    "plain": "MAILER-DAEMON@mx.acme.example",
    "raw letters": "Zustellfehler Süd <MAILER-DAEMON@mx.acme.example>",
    "no address": "MAILER-DAEMON (Mail Delivery Subsystem)",
    "empty": "",
}


def bounce(sender: str, charset: str = "utf-8") -> bytes:
    head = f"From: {sender}\r\nReturn-Path: <>\r\nTo: support@desk.example\r\nSubject: failure notice\r\n"
    return f"{head}\r\n{BODY}".encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
@pytest.mark.parametrize("sender", SENDERS.values(), ids=SENDERS.keys())
def test_a_writer_it_cannot_read_costs_no_recipient(sender: str, charset: str) -> None:
    found = read(bounce(sender, charset)).bounce
    assert found is not None
    assert found.recipients == ("carol@acme.example",)


PROGRAM = """
import sys
from email import message_from_bytes
from flufl.bounce import all_failures
from maildesk.mime.read import read

for raw in sys.stdin.buffer.read().split(b"\\0"):
    read(raw)
try:
    all_failures(message_from_bytes(b"Subject: no writer\\n\\nx"))
except LookupError:
    sys.exit(0)
sys.exit("it meets no fault here any more: look for another mail")
"""


def test_a_fault_of_its_own_is_told_to_nobody() -> None:
    """A mail without a writer ends its search: what it logs of that would stand on stderr."""
    raws = b"\0".join(bounce(each).replace(b"carol@acme.example", b"nobody") for each in SENDERS.values())
    ended = subprocess.run([sys.executable, "-c", PROGRAM], input=raws, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_inspect_says_nothing_beside_its_answers(tmp_path: Path) -> None:
    for number, sender in enumerate(SENDERS.values()):
        (tmp_path / f"{number}.eml").write_bytes(bounce(sender).replace(b"carol@acme.example", b"nobody"))
    files = [*map(str, tmp_path.iterdir()), *map(str, (Path(__file__).parent.parent / "evil").glob("*.eml"))]
    command = [sys.executable, "-m", "maildesk", "inspect", "--json", *files]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.count(b"\n") == len(files)
