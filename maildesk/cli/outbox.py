"""`maildesk outbox`: letters that wait for the relay, or were given up."""

from __future__ import annotations

from collections.abc import Sequence

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import OK, WRONG, tell
from maildesk.cli.idents import IDENT
from maildesk.store import outbox

COLUMNS = (
    ("id", "ID"),
    ("letter", "LETTER"),
    ("ticket", "TICKET"),
    ("to", "TO"),
    ("state", "STATE"),
    ("attempts", "TRIED"),
    ("next_try", "NEXT TRY"),
    ("last_error", "LAST ERROR"),
)


@click.group("outbox", epilog="Example: maildesk outbox list; maildesk outbox retry")
def outbox_verb() -> None:
    """Letters that were not taken yet."""


@outbox_verb.command("list", epilog="Example: maildesk outbox list --all --json")
@click.option("--all", "sent_too", is_flag=True, help="Sent ones too.")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(sent_too: bool, as_json: bool) -> None:
    """What waits, is held or has failed."""
    with opening.store() as (store, _):
        rows = outbox.rows(store, all=sent_too)
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows, empty="no letter waits")


@outbox_verb.command("retry", epilog="Example: maildesk outbox retry 4712")
@click.argument("letters", metavar="[ID...]", type=IDENT, nargs=-1)
def retry(letters: tuple[int, ...]) -> int:
    """Make letters due now, held ones too; without ID all that wait or are held."""
    with opening.store() as (store, _):
        with store.atomic():
            found = outbox.retry(store, letters or None, opening.clock())
        opening.letters_wait(store)
    return _told(letters, found, "due now")


@outbox_verb.command("drop", epilog="Example: maildesk outbox drop 4712")
@click.argument("letters", metavar="ID...", type=IDENT, nargs=-1, required=True)
def drop(letters: tuple[int, ...]) -> int:
    """Take letters that were not sent out of the outbox for good."""
    with opening.store() as (store, _), store.atomic():
        found = outbox.drop(store, letters)
    return _told(letters, found, "dropped")


def _told(asked: Sequence[int], found: Sequence[int], what: str) -> int:
    for ident in found:
        show.say(f"{ident}: {what}")
    missing = [ident for ident in asked if ident not in found]
    for ident in missing:
        tell(f"maildesk: no letter {ident} waits; see: maildesk outbox list")
    if not asked and not found:
        show.say("no letter waits")
    return WRONG if missing else OK
