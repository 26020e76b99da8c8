"""`maildesk ticket`: list, show and history."""

from __future__ import annotations

from typing import Any

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit
from maildesk.config import Config
from maildesk.config.values import nearest
from maildesk.mime.address import normal
from maildesk.store import people, views_ticket
from maildesk.store.database import Store
from maildesk.words import Status

COLUMNS = (
    ("reference", "TICKET"),
    ("status", "STATUS"),
    ("severity", "SEV"),
    ("queue", "QUEUE"),
    ("organisation", "ORGANISATION"),
    ("requester", "REQUESTER"),
    ("owner", "OWNER"),
    ("opened", "OPENED"),
    ("subject", "SUBJECT"),
)
FEW = 20  # names in a sentence
LONG = ("messages", "events", "due", "fields", "survey")


@click.group("ticket", epilog="Example: maildesk ticket list --status open; maildesk ticket show EX-10427")
def ticket_verb() -> None:
    """Tickets and their threads."""


@ticket_verb.command("list", epilog="Example: maildesk ticket list --queue technical --owner alice@example.com")
@click.option("--status", metavar="S", type=click.Choice([each.value for each in Status]), help="In this status.")
@click.option("--queue", metavar="Q", help="Of this queue.")
@click.option("--owner", metavar="A", help="Of this agent, by name or address.")
@click.option("--all", "closed_too", is_flag=True, help="Closed ones too; --json has them in any case.")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def list_(status: str | None, queue: str | None, owner: str | None, closed_too: bool, as_json: bool) -> None:
    """Tickets as they are served: by severity, then plan, then as they came."""
    with opening.store() as (store, config):
        _known_queue(config, queue)
        agent = _known_agent(store, owner) if owner else ""
        now, asked = opening.clock(), {"status": status or "", "queue": queue or "", "owner": agent}
        rows = list(views_ticket.listed(store, config, now, **asked))
    if as_json:
        show.print_json(rows)
        return
    wanted = [row for row in rows if status or closed_too or row["status"] != Status.CLOSED.value]
    narrowed = "".join(f" {word} {value}" for word, value in (("in", queue), ("of", agent)) if value)
    show.table(COLUMNS, wanted, empty=_none(narrowed, status, bool(rows)))


@ticket_verb.command("show", epilog="Example: maildesk ticket show EX-10427")
@click.argument("references", metavar="REF...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="As an object; several as an array.")
def show_(references: tuple[str, ...], as_json: bool) -> None:
    """A ticket with its thread and its events."""
    with opening.thread() as (store, config, write), opening.asked_for():
        now = opening.clock()
        found = [views_ticket.show(store, reference, config, now, write) for reference in references]
    if as_json:
        show.print_json(found if len(found) > 1 else found[0])
        return
    for number, ticket in enumerate(found):
        if number:
            show.say()
        _print(ticket)


@ticket_verb.command("history", epilog="Example: maildesk ticket history EX-10427")
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def history(reference: str, as_json: bool) -> None:
    """What happened to a ticket, oldest first."""
    with opening.store() as (store, _), opening.asked_for():
        events = views_ticket.history(store, reference)
    if as_json:
        show.print_json(events)
    else:
        _events(events)


def _none(narrowed: str, status: str | None, hidden: bool) -> str:
    if hidden:
        return f"no ticket{narrowed} is open; closed ones too: maildesk ticket list --all"
    return f"no ticket{narrowed} is {status}" if status else f"there is no ticket{narrowed}"


def _known_agent(store: Store, owner: str) -> str:
    """The first address of the agent of this name or address."""
    staff = people.agents(store, opening.clock())
    address, name = normal(owner), owner.casefold()
    for agent in staff:
        if address in agent.addresses or name == agent.name.casefold():
            return agent.addresses[0]
    raise Exit(WRONG, f"maildesk: there is no agent {show.cell(owner)}; {_remedy(owner, [a.name for a in staff])}")


def _known_queue(config: Config, queue: str | None) -> None:
    if queue and queue not in config.queue:
        raise Exit(WRONG, f"maildesk: there is no queue {show.cell(queue)}; {_remedy(queue, list(config.queue))}")


def _remedy(wrong: str, known: list[str]) -> str:
    guess = nearest(wrong, known)
    names = ", ".join(known) if len(known) <= FEW else f"{', '.join(known[:FEW])} and {len(known) - FEW} others"
    return f"did you mean {guess}?" if guess else f"known are: {names or 'none yet'}"


def _print(ticket: dict[str, Any]) -> None:
    pairs = [(key, value) for key, value in ticket.items() if key not in LONG]
    if ticket["survey"]:
        pairs.append(("survey", f"{ticket['survey']['mark'] or 'not answered'} {ticket['survey']['comment']}"))
    pairs += [(f"field: {name}", value) for name, value in ticket["fields"].items()]
    pairs += [(f"due: {what.replace('_', ' ')}", at) for what, at in ticket["due"].items()]
    show.fields((key.replace("_", " "), value) for key, value in pairs if value not in (None, "", [], 0))
    for message in ticket["messages"]:
        show.say(f"\n--- {show.cell(message['at'])} {message['direction']} {message['visibility']} ({message['id']})")
        show.say(f"{message['from']} to {', '.join(message['to'])}: {show.cell(message['subject'])}")
        for file in message["attachments"]:
            show.say(f"attached: {show.cell(file['name'])} ({file['type']}, {file['size']} octets)")
        show.say("\n" + message["text"].strip())
    show.say()
    _events(ticket["events"])


def _events(events: list[dict[str, Any]]) -> None:
    shown = [event | {"detail": _detail(event)} for event in events]
    show.table((("at", "AT"), ("event", "EVENT"), ("by", "BY"), ("detail", "DETAIL")), shown, empty="no events")


def _detail(event: dict[str, Any]) -> str:
    told = ((key, show.cell(value)) for key, value in event.items() if key not in ("at", "event", "by"))
    return ", ".join(f"{key} {value}" for key, value in told if value)
