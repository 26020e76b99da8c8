"""`maildesk held`: parked mail, for the human who decides about it."""

from __future__ import annotations

from functools import partial

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.idents import IDENT
from maildesk.store import held
from maildesk.store.database import Store

COLUMNS = (
    ("id", "ID"),
    ("reason", "REASON"),
    ("from", "FROM"),
    ("subject", "SUBJECT"),
    ("queue", "QUEUE"),
    ("received", "RECEIVED"),
    ("until", "UNTIL"),
)


@click.group("held", epilog="Example: maildesk held list; maildesk held release 4711")
def held_verb() -> None:
    """Mail that waits for a human, with its reason."""


@held_verb.command("list", epilog="Example: maildesk held list --json")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(as_json: bool) -> None:
    """What waits, oldest first."""
    with opening.store() as (store, _):
        rows = held.listed(store)
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows, empty="no mail is held")


@held_verb.command("show", epilog="Example: maildesk held show 4711")
@click.argument("mail_id", metavar="ID", type=IDENT)
@click.option("--json", "as_json", is_flag=True, help="As an object.")
def show_(mail_id: int, as_json: bool) -> None:
    """One parked mail, with its text."""
    with opening.store() as (store, _):
        found = held.show(store, mail_id)
    if as_json:
        show.print_json(found)
        return
    show.fields((key, value) for key, value in found.items() if key != "text" and value is not None)
    show.say("\n" + found["text"])


@held_verb.command("release", epilog="Example: maildesk held release 4711")
@click.argument("mail_ids", metavar="ID...", type=IDENT, nargs=-1, required=True)
def release(mail_ids: tuple[int, ...]) -> None:
    """Handle a mail as vouched for; also one taken for a robot's or a bounce, or refused."""
    with opening.desk() as desk:
        for mail_id in mail_ids:
            desk.ledger.submit(partial(_release, mail_id)).result()
            receipt = desk.release(mail_id).result()
            show.say(f"{mail_id}: {receipt.outcome.value} {receipt.ticket}".rstrip() + f": {receipt.reason}")
        desk.ledger.submit(opening.letters_wait).result()


def _release(mail_id: int, store: Store) -> None:
    held.release(store, mail_id)


@held_verb.command("drop", epilog="Example: maildesk held drop 4711")
@click.argument("mail_ids", metavar="ID...", type=IDENT, nargs=-1, required=True)
def drop(mail_ids: tuple[int, ...]) -> None:
    """Refuse a parked mail for good; its row and bytes stay."""
    with opening.store() as (store, _), store.atomic():
        for mail_id in mail_ids:
            held.drop(store, mail_id, "dropped by the operator", opening.clock())
    for mail_id in mail_ids:
        show.say(f"{mail_id}: dropped")
