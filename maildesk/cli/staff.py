"""`maildesk agent`: who answers, and how one comes or goes."""

from __future__ import annotations

import os
import pwd

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.store import directory_edit, directory_views

COLUMNS = (
    ("name", "NAME"),
    ("addresses", "ADDRESSES"),
    ("level", "LEVEL"),
    ("role", "ROLE"),
    ("queues", "QUEUES"),
    ("calendar", "CALENDAR"),
    ("notices", "NOTICES"),
    ("away", "AWAY UNTIL"),
    ("deputy", "DEPUTY"),
)


@click.group("agent", epilog="Example: maildesk agent list --json")
def agent_verb() -> None:
    """The staff."""


@agent_verb.command("list", epilog="Example: maildesk agent list --json")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(as_json: bool) -> None:
    """All agents."""
    with opening.store() as (store, _):
        rows = directory_views.agents(store, opening.clock())
    if as_json:
        show.print_json(rows)
    else:
        show.table(COLUMNS, rows, empty="there is no agent; add one: maildesk agent add")


@agent_verb.command("add", epilog="Example: maildesk agent add --queue technical 'Alice Agent' alice@example.com")
@click.argument("name", metavar="NAME")
@click.argument("address", metavar="ADDRESS")
@click.option("--level", metavar="N", type=int, default=1, help="Level of support [1].")
@click.option("--role", type=click.Choice(["agent", "manager"]), default="agent", help="What he may do [agent].")
@click.option("--queue", "queues", metavar="Q", multiple=True, help="A queue of his; as often as he has queues.")
@click.option("--calendar", metavar="NAME", default="", help="When he works.")
@click.option("--notices", type=click.Choice(["single", "digest"]), default="single", help="How he hears [single].")
def add(  # noqa: PLR0913, PLR0917 - the keys of an agent
    name: str, address: str, level: int, role: str, queues: tuple[str, ...], calendar: str, notices: str
) -> None:
    """Take an agent on."""
    with opening.store() as (store, config), store.atomic():
        directory_edit.add_agent(
            store,
            config,
            name,
            address,
            level=level,
            role=role,
            queues=queues,
            calendar=calendar,
            notices=notices,
        )
    show.say(f"{name.strip()} is an agent" + ("" if queues else ", of no queue yet"))


@agent_verb.command("remove", epilog="Example: maildesk agent remove alice@example.com")
@click.argument("address", metavar="ADDRESS")
def remove(address: str) -> None:
    """Let an agent go; his tickets have no owner then, as their history says."""
    by = user()
    with opening.store() as (store, _), store.atomic():
        gone = directory_edit.remove_agent(store, address, by, opening.clock())
    show.say(f"{gone.name} is no agent any more")
    if gone.tickets:
        show.say(f"without an owner now: {', '.join(gone.tickets)}")


def user() -> str:
    """The operating-system user; to be asked before the process becomes the owner of state_dir."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
