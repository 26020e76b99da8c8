"""`maildesk due`: what time will do next, and doing it as of any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.due_why import Telling
from maildesk.cli.exits import WRONG, Exit
from maildesk.store.chores import roster
from maildesk.store.database import Store
from maildesk.store.lock import running
from maildesk.store.outlook import coming

COLUMNS = (("at", "AT"), ("ticket", "TICKET"), ("what", "WHAT"), ("why", "WHY"))
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=1)


@click.command("due", epilog="Example: maildesk due --at 2026-12-24T18:00:00Z")
@click.option("--at", "until", metavar="TIME", help="Up to this moment (RFC 3339, with its zone).")
@click.option("--run", "do_it", is_flag=True, help="Do it, each thing as of the moment it was due.")
@click.option("--yes", is_flag=True, help="Even when TIME lies ahead and a daemon is running.")
@click.option("--json", "as_json", is_flag=True, help="As an array; with --run, the counts of what was done.")
def due_verb(until: str | None, do_it: bool, yes: bool, as_json: bool) -> None:
    """What time will do next, by ticket, and why; with --run it is done."""
    if do_it:
        _run(moment(until, "--at") if until else opening.clock(), yes, as_json)
        return
    with opening.store() as (store, config):
        now, last = opening.clock(), moment(until, "--at") if until else NEVER
        there = roster(store, now)
        found = coming(store, config, there, now, last)
    if as_json:
        show.print_json([each.row for each in found])
        return
    telling = Telling(config, there)
    rows = (each.row | {"at": telling.at(each.at), "why": telling.why(each)} for each in found)
    show.table(COLUMNS, rows, empty="time has nothing to do")


def _run(until: datetime, yes: bool, as_json: bool) -> None:
    from maildesk.desk.sweep import Sweeper  # noqa: PLC0415 - brings the whole desk; who only looks needs none

    with opening.desk() as desk:
        if until > opening.clock() + AHEAD and not yes and desk.ledger.submit(_runs).result():
            raise Exit(
                WRONG, "maildesk: this moment lies ahead and a daemon is running; say --yes to do it all the same"
            )
        sweeper = Sweeper(desk)
        sweeper.replanner.finish()
        swept = sweeper.sweep(until)
        desk.ledger.submit(opening.letters_wait).result()
    if as_json:
        show.print_json({"done": swept.tickets, "parked": swept.held})
    else:
        show.say(f"{swept.tickets} things done, {swept.held} parked mails settled")


def _runs(store: Store) -> bool:
    return running(store) is not None


def moment(written: str, option: str) -> datetime:
    """An instant of the command line; RFC 3339 asks for its zone."""
    try:
        found = datetime.fromisoformat(written)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):  # the second: a zone would take it out of the years that there are
        pass
    raise click.BadParameter(f"{written!r} is no moment; write it as 2026-12-24T18:00:00Z", param_hint=option)
