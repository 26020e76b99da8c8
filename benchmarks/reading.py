"""Milliseconds a mail for maildesk's reading against the standard library's, on the same mails, in one run.

Both tell the same of each: writer, readers, subject, the text (of HTML too), and the name, type and size of each file.
The standard library reads with `policy.default` and its own best way to a body; what it raises on is counted. They are
taken in turn (A B A B); what counts is the ratio of medians. maildesk reads more besides: the new words of a reply,
bounces, machines, digests.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from maildesk.mime.html import to_text
from maildesk.mime.read import read

Told = tuple[Any, ...]


def ours(raw: bytes) -> Told:
    mail = read(raw)
    files = [(file.name, file.type, file.size) for file in mail.attachments]
    return mail.sender, mail.to, mail.subject, mail.text, files


def standard(raw: bytes) -> Told:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = to_text(text)
    people = [[str(person) for person in getattr(mail[name], "addresses", ())] for name in ("From", "To")]
    files = [(file.get_filename(), file.get_content_type(), size(file)) for file in mail.iter_attachments()]
    return *people, str(mail["Subject"]), text, files


def size(file: EmailMessage) -> int:
    content = file.get_payload(decode=True)
    return len(content) if isinstance(content, bytes) else len(file.as_bytes())


def round_of(reads: Callable[[bytes], Told], mails: dict[str, bytes]) -> tuple[dict[str, float], set[str]]:
    """Milliseconds of the processor that each mail took, and those on which it raised."""
    spent, raised = {}, set()
    for name, raw in mails.items():
        began = time.process_time()
        try:
            reads(raw)
        except Exception:
            raised.add(name)
        spent[name] = 1000 * (time.process_time() - began)
    return spent, raised


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/bench reading", description=__doc__)
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "cases"
    parser.add_argument(
        "--mails", type=Path, default=beside, help="a folder of *.eml (default: ../shared/corpus/cases)"
    )
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    mails = {str(path.relative_to(given.mails)): path.read_bytes() for path in sorted(given.mails.rglob("*.eml"))}
    if not mails:
        parser.error(f"there are no *.eml in {given.mails}")
    sides = {"maildesk": ours, "standard library": standard}
    for reads in sides.values():
        round_of(reads, mails)  # imports and caches
    rounds: dict[str, list[tuple[dict[str, float], set[str]]]] = {name: [] for name in sides}
    for _ in range(given.pairs):
        for name, reads in sides.items():
            rounds[name].append(round_of(reads, mails))
    told(mails, rounds)


def told(mails: dict[str, bytes], rounds: dict[str, list[tuple[dict[str, float], set[str]]]]) -> None:
    print(
        f"{len(mails)} mails, {sum(map(len, mails.values())) / 1024:.0f} KiB, {len(rounds['maildesk'])} pairs of rounds"
    )
    medians = {}
    for name, each in rounds.items():
        medians[name] = statistics.median(sum(spent.values()) / len(mails) for spent, _ in each)
        best = {mail: statistics.median(spent[mail] for spent, _ in each) for mail in mails}
        slowest = max(best, key=lambda mail: best[mail])
        print(f"{name:17} {medians[name]:6.3f} ms a mail, raised on {len(each[0][1])}", end=", ")
        print(f"slowest {best[slowest]:.1f} ms: {slowest} ({len(mails[slowest]) / 1024:.0f} KiB)")
    print(f"maildesk : standard library = 1 : {medians['standard library'] / medians['maildesk']:.2f} (time a mail)")


if __name__ == "__main__":
    main()
