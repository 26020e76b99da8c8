"""Mails changed at random, for as long as one likes: `python -m tests.fuzz.mails --count 200000`.

The seeds are the odd mails of tests/evil and one of each shape below. Of every change it is asked that reading does not
raise, takes less than two seconds, knows the size, and gives texts that every database takes. It tells how many
executions there were, and leaves what failed in a file.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from random import Random

from maildesk.mime.describe import describe
from maildesk.mime.read import read
from maildesk.words import Incoming

MOST = 2.0  # seconds of the processor
LONGEST = 200_000  # octets of a changed mail
HEAD = ("From: Carol <carol@acme.example>", "To: support@desk.example", "Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=")


def _mail(*lines: str) -> bytes:
    return "\r\n".join((*HEAD, *lines, "")).encode()


SHAPES = (
    _mail(
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Gr=C3=B6=",
        "=C3=9Fe",
        "--b",
        "Content-Type: image/png; name*0*=utf-8''%C3%A4; name*1=b.png",
        "Content-Transfer-Encoding: base64",
        "",
        "iVBORw0KGgo=",
        "--b--",
    ),
    _mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "",
        "--b",
        "",
        "Not delivered",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; a@b.example",
        "Action: failed",
        "Status: 5.1.1",
        "",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "Message-ID: <1@x>",
        "",
        "x",
        "--b--",
    ),
    _mail(
        "Content-Type: text/html; charset=iso-2022-jp", "", "<p>\x1b$BF|K\\\x1b(B<blockquote type=cite>a</blockquote>"
    ),
    _mail(
        "In-Reply-To: <1@x>", "References: <0@x> <1@x>", "", "Yes.", "", "On 2 Mar 2026 Carol wrote:", "> No.", "-- "
    ),
    _mail("", "see", "begin 644 a.txt", "#86)C", "`", "end"),
)
PIECES = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b"\x1b$B",
        b"+2AA-",
        b"=?utf-8?b?",
        b"?=",
        b"<",
        b">",
        b'"',
        b"(",
        b"\\",
    ),
    *(b'"', b"\\", b",", b";", b":", b"@", b"--b", b"--b--", b"boundary=", b"charset=utf-16", b"message/rfc822"),
    *(
        b"multipart/mixed",
        b"name*1*=",
        b"From: ",
        b"Sender: ",
        b"Content-Type: ",
        b"Content-Transfer-Encoding: base64",
        b"> ",
        b"-- ",
    ),
    *(b"wrote:", b"<![", b"<a "),
]
_NOT_CLEAN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def seeds() -> list[bytes]:
    evil = Path(__file__).resolve().parent.parent / "evil"
    return [*SHAPES, *(path.read_bytes() for path in sorted(evil.glob("*.eml")))]


def changed(raw: bytes, others: list[bytes], random: Random) -> bytes:
    """One to eight changes: octets, pieces, and stretches taken out, doubled, or put in from another mail."""
    mail = bytearray(raw)
    for _ in range(random.randint(1, 8)):
        at, length = random.randint(0, len(mail)), random.choice((1, 2, 10, 100, 1000))
        kind = random.randrange(6)
        if kind == 0 and at < len(mail):
            mail[at] = random.randrange(256)
        elif kind == 1:
            mail[at:at] = random.choice(PIECES) * random.choice((1, 1, 1, 2, 50))
        elif kind == 2:
            del mail[at : at + length]
        elif kind == 3:
            mail[at:at] = mail[at : at + length] * random.choice((1, 2, 20))
        elif kind == 4:
            other = random.choice(others)
            begin = random.randint(0, len(other))
            mail[at:at] = other[begin : begin + length]
        else:
            mail[at : at + length] = bytes(random.randrange(256) for _ in range(min(length, 20)))
    return bytes(mail[:LONGEST])


def wrong(raw: bytes) -> str:
    """What is not as it has to be; "" = nothing."""
    began = time.process_time()
    try:
        mail = read(raw)
        told = str(describe(mail, "x.eml"))
        told.encode()
    except Exception as fault:
        return f"raised {type(fault).__name__}: {fault}"
    if time.process_time() - began > MOST:
        return f"took over {MOST} s"
    if mail.unreadable.startswith("a fault"):
        return mail.unreadable
    return _odd(mail, raw)


def _odd(mail: Incoming, raw: bytes) -> str:
    people = [person for person in (mail.sender, *mail.to, *mail.cc, *mail.reply_to) if person]
    lines = [mail.subject, mail.message_id, mail.in_reply_to, *mail.references, *mail.problems]
    lines += [word for person in people for word in (person.address, person.name)]
    lines += [word for file in mail.attachments for word in (file.name, file.type, file.content_id)]
    if mail.size != len(raw):
        return "another size"
    if any(_NOT_CLEAN.search(text) for text in (mail.text, mail.said, mail.reply_text)):
        return "a control character in a text"
    return "a control character in a line" if any("\n" in line or _NOT_CLEAN.search(line) for line in lines) else ""


def run(count: int, seed: int, found: Path | None = None) -> list[str]:
    """`count` executions; what went wrong in them."""
    random, mails, faults = Random(seed), seeds(), []
    for number in range(count):
        raw = changed(random.choice(mails), mails, random)
        if fault := wrong(raw):
            faults.append(f"execution {number}: {fault}")
            if found:
                (found / f"fuzz-{seed}-{number}.eml").write_bytes(raw)
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--found", type=Path, default=Path(), help="where mails that fail are left")
    given = parser.parse_args()
    began = time.monotonic()
    faults = run(given.count, given.seed, given.found)
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    sys.stdout.write(f"{given.count} executions in {time.monotonic() - began:.0f} s, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
