"""`maildesk contact`: one contact comes, goes or takes another's place; who there is."""

from __future__ import annotations

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.store import directory_edit, directory_views

COLUMNS = (
    ("organisation", "ORGANISATION"),
    ("name", "NAME"),
    ("addresses", "ADDRESSES"),
    ("language", "LANGUAGE"),
    ("time_zone", "TIME ZONE"),
)


@click.group("contact", epilog="Example: maildesk contact add Acme 'Carol Jones' carol@acme.example")
def contact_verb() -> None:
    """The validated contacts of organisations, within the allotment of their plan."""


@contact_verb.command("list", epilog="Example: maildesk contact list Acme --json")
@click.argument("organisation", metavar="[ORGANISATION]", default="")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(organisation: str, as_json: bool) -> None:
    """All contacts, or those of one organisation."""
    with opening.store() as (store, _):
        rows = directory_views.contacts(store, organisation)
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows, empty="there is no contact; add one: maildesk contact add")


@contact_verb.command("add", epilog="Example: maildesk contact add Acme 'Carol Jones' carol@acme.example")
@click.argument("organisation", metavar="ORGANISATION")
@click.argument("name", metavar="NAME")
@click.argument("address", metavar="ADDRESS")
def add(organisation: str, name: str, address: str) -> None:
    """Validate one more contact of an organisation."""
    with opening.store() as (store, config), store.atomic():
        directory_edit.add_contact(store, config, organisation, name, address)
    show.say(f"{name.strip()} is a contact of {organisation.strip()}")


@contact_verb.command("remove", epilog="Example: maildesk contact remove carol@acme.example")
@click.argument("address", metavar="ADDRESS")
def remove(address: str) -> None:
    """Take a contact out, with all his addresses; his tickets stay."""
    with opening.store() as (store, _), store.atomic():
        gone = directory_edit.remove_contact(store, address)
    show.say(f"{gone.name} is no contact of {gone.organisation} any more")


@contact_verb.command("swap", epilog="Example: maildesk contact swap carol@acme.example 'Ted Tester' ted@acme.example")
@click.argument("old_address", metavar="OLD-ADDRESS")
@click.argument("name", metavar="NAME")
@click.argument("address", metavar="ADDRESS")
def swap(old_address: str, name: str, address: str) -> None:
    """Put somebody in a contact's place, who leaves with all his addresses."""
    with opening.store() as (store, config), store.atomic():
        directory_edit.swap_contact(store, config, old_address, name, address)
    show.say(f"{name.strip()} has taken the place of {old_address}")
