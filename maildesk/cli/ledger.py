"""`maildesk ledger`, `why` and `message`: every accepted mail, what became of it, its raw bytes."""

from __future__ import annotations

import sys
from typing import Any

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.due import moment
from maildesk.cli.idents import IDENT
from maildesk.store import views
from maildesk.words import Outcome

COLUMNS = (
    ("id", "ID"),
    ("received", "RECEIVED"),
    ("door", "DOOR"),
    ("outcome", "OUTCOME"),
    ("ticket", "TICKET"),
    ("reason", "REASON"),
    ("message_id", "MESSAGE-ID"),
)


@click.command("ledger", epilog="Example: maildesk ledger --since 2026-12-01T00:00:00Z --outcome held")
@click.option("--since", metavar="TIME", help="Accepted since then (RFC 3339, with its zone).")
@click.option("--outcome", metavar="O", type=click.Choice([each.value for each in Outcome]), help="With this outcome.")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def ledger_verb(since: str | None, outcome: str | None, as_json: bool) -> None:
    """One row for every accepted mail, oldest first."""
    with opening.store() as (store, _):
        rows = list(views.ledger(store, since=moment(since, "--since") if since else None, outcome=outcome or ""))
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows, empty="no mail was accepted")


@click.command("why", epilog="Example: maildesk why CAK7x@mail.acme.example")
@click.argument("message_id", metavar="MESSAGE-ID")
@click.option("--json", "as_json", is_flag=True, help="As an object; as an array when it came more than once.")
def why_verb(message_id: str, as_json: bool) -> None:
    """What the desk did with a mail, rule by rule; the id of a ledger row does as well."""
    by_id = f"there is no mail {message_id}; see: maildesk ledger" if message_id.isdigit() else ""
    with opening.store() as (store, _), opening.asked_for(by_id):
        rows = views.why(store, message_id)
    if as_json:
        show.print_json(rows if len(rows) > 1 else rows[0])
        return
    for number, row in enumerate(rows):
        if number:
            show.say()
        _print(row)


def _print(row: dict[str, Any]) -> None:
    show.fields((key, value) for key, value in row.items() if not isinstance(value, list) and value)
    for rule in row["rules"]:
        show.say(f"  rule {rule}")
    for decision in row["decisions"]:
        show.say(f"  did  {show.minutes(decision)}")
    for letter in row["letters"]:
        show.say(f"  letter {letter['id']} {letter['letter']} to {letter['to']}: {letter['state']}")
    for problem in row["problems"]:
        show.say(f"  problem: {show.cell(problem)}")
    for former in row["history"]:
        show.say(f"  until {former['until']} it was {former['outcome']}: {former['reason']}")


@click.group("message", epilog="Example: maildesk message raw 4711 > mail.eml")
def message_verb() -> None:
    """The mails themselves."""


@message_verb.command("raw", epilog="Example: maildesk message raw 4711 | maildesk inspect -")
@click.argument("ids", metavar="ID...", type=IDENT, nargs=-1, required=True)
def raw_(ids: tuple[int, ...]) -> None:
    """The raw bytes as received, or of a letter as it leaves; several one after the other."""
    with opening.thread() as (store, _, write), opening.asked_for():
        for ident in ids:
            sys.stdout.buffer.write(views.message(store, ident, write))
    sys.stdout.buffer.flush()
