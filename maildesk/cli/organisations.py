"""`maildesk organisation`: which there are, and all about one."""

from __future__ import annotations

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.store import directory_views

COLUMNS = (
    ("name", "NAME"),
    ("plan", "PLAN"),
    ("active", "ACTIVE"),
    ("until", "UNTIL"),
    ("people", "CONTACTS"),
    ("balance", "INCIDENTS"),
    ("domains", "DOMAINS"),
    ("account_manager", "ACCOUNT MANAGER"),
)


@click.group("organisation", epilog="Example: maildesk organisation show Acme")
def organisation_verb() -> None:
    """Organisations, as the directory has them; `directory apply` changes them."""


@organisation_verb.command("list", epilog="Example: maildesk organisation list --json")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(as_json: bool) -> None:
    """All organisations, with the number of their contacts and how many the plan allots."""
    with opening.store() as (store, config):
        rows = directory_views.organisations(store, config)
    if as_json:
        show.print_json(rows)
        return
    for row in rows:
        plan = config.plan.get(row["plan"])
        row["people"] = f"{len(row['contacts'])} of {plan.contacts if plan else '?'}"
    show.table(COLUMNS, rows, empty="there is no organisation; see: maildesk directory apply --help")


@organisation_verb.command("show", epilog="Example: maildesk organisation show Acme --json")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="As an object.")
def show_(name: str, as_json: bool) -> None:
    """One organisation with its contacts."""
    with opening.store() as (store, config):
        found = directory_views.organisation(store, name, config)
    if as_json:
        show.print_json(found)
        return
    told = ((key, value) for key, value in found.items() if key != "contacts" and value not in (None, [], ""))
    show.fields((key.replace("_", " "), value) for key, value in told)
    for contact in found["contacts"]:
        show.say(f"contact  {show.cell(contact['name'])} <{show.cell(contact['addresses'])}>")
