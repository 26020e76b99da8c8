"""`maildesk person`: what is kept of somebody, and how it goes."""

from __future__ import annotations

import sys

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import LATER, WRONG, Exit
from maildesk.config import Config
from maildesk.policy.recipients import ours
from maildesk.store.database import Store
from maildesk.store.directory_edit import read_or_refuse
from maildesk.store.person import Person, find
from maildesk.store.person_erase import Erased
from maildesk.store.person_erase import erase as erased
from maildesk.store.person_mask import Masks, named
from maildesk.store.person_scrub import Busy, scrub, wants_scrub


@click.group("person", epilog="Example: maildesk person export carol@acme.example > carol.json")
def person_verb() -> None:
    """All that is kept of one person, under all his addresses."""


@person_verb.command("export", epilog="Example: maildesk person export carol@acme.example > carol.json")
@click.argument("address", metavar="ADDRESS")
def export(address: str) -> None:
    """Print it as one JSON object, mails as text."""
    from maildesk.store import person_export  # noqa: PLC0415 - erasing needs no views

    with opening.thread() as (store, config, write):
        person = _known(store, config, address)
        told = person_export.export(store, person, config, opening.clock(), write)
    show.print_json(told)


@person_verb.command("erase", epilog="Example: maildesk person erase carol@acme.example")
@click.argument("address", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(address: str, yes: bool) -> None:
    """Take his name, and the texts and files of his tickets, out of the store for good; the figures stay.

    Waiting letters of his tickets are dropped. Backups, the server's own logs and mails that were sent are not reached.
    """
    with opening.store() as (store, config):
        person = _person(store, config, address)
        known = person.known or named(store, Masks(store, person, config, ""))
        if not known and not wants_scrub(store):
            raise _unknown(address)
        if known:
            _confirm(person, yes)
            _secure(store)
            with store.atomic():
                done = erased(store, find(store, person.address), config)
            _tell(address, done)
        _scrub(store)
    show.say("no byte of it is in the database any more")


def _person(store: Store, config: Config, address: str) -> Person:
    person = find(store, read_or_refuse(address))
    if ours(config, person.address) is not None:
        raise Exit(WRONG, f"maildesk: {address} is the desk's own address, and no person's")
    return person


def _known(store: Store, config: Config, address: str) -> Person:
    person = _person(store, config, address)
    if not person.known:
        raise _unknown(address)
    return person


def _unknown(address: str) -> Exit:
    return Exit(WRONG, f"maildesk: nothing is kept of {address}")


def _confirm(person: Person, yes: bool) -> None:
    if person.agent:
        remedy = f"let the agent go first: maildesk agent remove {person.address}"
        raise Exit(WRONG, f"maildesk: {person.address} is an agent's address; {remedy}")
    if yes:
        return
    if not sys.stdin.isatty():
        raise Exit(WRONG, "maildesk: what is erased does not come back; say --yes to do it")
    told = ", ".join(person.addresses)
    click.confirm(f"Erase {show.cell(told)}, and the texts and files of this person's tickets, for good?", abort=True)


def _secure(store: Store) -> None:
    if not store.postgres:
        store.execute("PRAGMA secure_delete = ON")


def _tell(address: str, done: Erased) -> None:
    counts = (("ticket", len(done.tickets)), ("mail", done.mails), ("letter", done.letters))
    told = ", ".join(f"{count} {noun}{'s' * (count != 1)}" for noun, count in counts)
    show.say(f"{address} is erased, and called {done.instead} where figures stay: {told}")
    for each in done.dropped:
        show.say(f"letter {each.id} ({each.name}) to {each.to} had not left and was dropped")


def _scrub(store: Store) -> None:
    try:
        scrub(store)
    except Busy as busy:
        raise Exit(LATER, f"maildesk: {busy}") from None
