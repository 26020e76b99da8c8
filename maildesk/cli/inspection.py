"""`maildesk inspect`: what is read from a mail, without configuration or store.

Imports the reading of mail and nothing else, so that thousands of files are read in one go.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from maildesk.cli import show
from maildesk.cli.exits import OK, WRONG, tell
from maildesk.mime.describe import describe
from maildesk.mime.read import read
from maildesk.words import Incoming


@click.command("inspect", epilog="Example: maildesk inspect --json mail.eml | jq .reply_text")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def inspect_verb(files: tuple[str, ...], as_json: bool) -> int:
    """Show what is read from each mail: people, new text, attachments, problems. - is stdin."""
    code = OK
    for number, file in enumerate(files):
        try:
            raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            tell(show.clean(f"maildesk: {file}: {(error.strerror or 'cannot be read').lower()}"))
            code = WRONG
            continue
        mail = read(raw)
        if as_json:
            show.print_json(describe(mail, file))
        else:
            _print(mail, file, first=not number)
    return code


def _print(mail: Incoming, file: str, *, first: bool) -> None:
    told = describe(mail, file)
    if not first:
        show.say()
    pairs: list[tuple[str, object]] = [("file", file), ("message-id", mail.message_id)]
    pairs += [(name, _people(told[key])) for name, key in (("from", "from"), ("to", "to"), ("cc", "cc"))]
    pairs += [("subject", mail.subject), ("date", told["date"]), ("in reply to", mail.in_reply_to)]
    pairs += [("automatic", told["automatic"])]
    if mail.bounce:
        pairs += [("bounce", [mail.bounce.kind, mail.bounce.status, *mail.bounce.recipients])]
    pairs += [("attachment", f"{each.name} ({each.type}, {each.size} octets)") for each in mail.attachments]
    pairs += [("problem", problem) for problem in told["problems"]]
    show.fields((name, value) for name, value in pairs if value)
    show.say("\n" + (mail.reply_text or mail.text))


def _people(found: Any) -> list[str]:
    people = found if isinstance(found, list) else [found] if found else []
    return [f"{each['name']} <{each['address']}>" if each["name"] else each["address"] for each in people]
