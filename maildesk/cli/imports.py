"""`maildesk import`: mail from mbox files, Maildirs and .eml files, through the same path as any other mail.

No letters go unless --answer is given. What was imported before is recognised as a duplicate, so an import that was
cut short is run again from the start.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice
from pathlib import Path

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.delivery import envelope
from maildesk.cli.exits import OK, WRONG, Exit
from maildesk.cli.folders import files_in
from maildesk.cli.rehearsal import rehearsal
from maildesk.desk.desk import Desk
from maildesk.words import Envelope, Receipt

AT_ONCE = 32  # then the daemon's own mail has its turn
FROM_LINE = re.compile(rb"From \S+.*\d{4}\s*$")
QUOTED_FROM = re.compile(rb">+From ")

Mail = tuple[str, bytes]  # where it lies, and its bytes


@click.command("import", epilog="Example: maildesk import --dry-run old-support.mbox")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what each mail would do and why; write nothing.")
@click.option("--answer", is_flag=True, help="Let the desk answer, as if the mail had just arrived.")
@click.option("--json", "as_json", is_flag=True, help="One array, a mail an object.")
def import_verb(paths: tuple[Path, ...], dry_run: bool, answer: bool, as_json: bool) -> int:
    """Take over mail from mbox files, Maildirs, folders of .eml files or single mails."""
    for path in paths:
        if not path.exists():
            raise Exit(WRONG, f"maildesk: {path}: there is no such file or folder")
    mails = (mail for path in paths for mail in found_in(path))
    told: list[dict[str, object]] = []
    with rehearsal() if dry_run else opening.desk() as desk:
        rehearse = dry_run and desk.ledger.store.postgres
        for row in _explained(desk, mails) if rehearse else _received(desk, mails, answer):
            told.append(row)
            if dry_run and not as_json:
                show.say(f"{row['file']}: {row['outcome']} {row['ticket'] or ''}: {row['reason']}".replace(" :", ":"))
    if as_json:
        show.print_json(told)
    else:
        counts = Counter(str(row["outcome"]) for row in told)
        show.say(
            f"{len(told)} mails: " + (", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none")
        )
    return OK


def _received(desk: Desk, mails: Iterator[Mail], answer: bool) -> Iterator[dict[str, object]]:
    while batch := list(islice(mails, AT_ONCE)):
        waiting = [(place, _receive(desk, raw, answer)) for place, raw in batch]
        for place, future in waiting:
            receipt = future.result()
            yield _row(place, receipt.outcome.value, receipt.ticket, receipt.reason)


def _receive(desk: Desk, raw: bytes, answer: bool) -> Future[Receipt]:
    return desk.receive(raw, replace(envelope(raw, "import", desk.settings.config), quiet=not answer))


def _explained(desk: Desk, mails: Iterable[Mail]) -> Iterator[dict[str, object]]:
    """In one transaction that is undone: PostgreSQL lets the daemons go on beside it.

    No letters, whatever was asked: they are counted in rows of the minute that the daemons' letters would wait for.
    """
    places: list[str] = []

    def one_by_one() -> Iterator[tuple[bytes, Envelope]]:
        for place, raw in mails:
            places.append(place)
            yield raw, replace(envelope(raw, "import", desk.settings.config), quiet=True)

    for place, receipt in zip(places, desk.rehearse(one_by_one()), strict=True):
        yield _row(place, receipt.outcome.value, receipt.ticket, receipt.reason)


def _row(place: str, outcome: str, ticket: str, reason: str) -> dict[str, object]:
    return {"file": place, "outcome": outcome, "ticket": ticket or None, "reason": reason}


def found_in(path: Path) -> Iterator[Mail]:
    """Every mail at this path, in the order of files and of their places in them."""
    if path.is_dir():
        for file in files_in(path):
            yield str(file), file.read_bytes()
        return
    with path.open("rb") as stream:
        is_mbox = bool(FROM_LINE.match(stream.readline(1000)))
    if not is_mbox:
        yield str(path), path.read_bytes()
        return
    with path.open("rb") as stream:
        for number, raw in enumerate(split_mbox(stream), 1):
            yield f"{path}:{number}", raw


def split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox (RFC 4155): a From line after an empty line begins the next one."""
    mail: list[bytes] = []
    blank, begun = True, False
    for line in lines:
        if blank and FROM_LINE.match(line):
            if begun:
                yield _joined(mail)
            mail, begun = [], True
        else:
            mail.append(line[1:] if QUOTED_FROM.match(line) else line)
        blank = line in (b"\n", b"\r\n")
    if begun:
        yield _joined(mail)


def _joined(lines: list[bytes]) -> bytes:
    """Without the empty line that stands between two mails."""
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    return b"".join(lines)
