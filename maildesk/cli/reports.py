"""`maildesk report`: the figures of a span of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.exits import WRONG, Exit
from maildesk.config import Config
from maildesk.letters.preview import NO_DESK
from maildesk.letters.render import Letters, Rendered
from maildesk.policy.letter import report
from maildesk.reports.figures import Figures
from maildesk.reports.gathered import gathered
from maildesk.reports.shown import shown
from maildesk.store.apply import apply_moment
from maildesk.store.stamps import rfc3339
from maildesk.words import Outcome, Ruling

USUAL = timedelta(days=7)
DAY = len("2026-12-24")


@click.command("report", epilog="Example: maildesk report --since 2026-11-01 --format html > month.html")
@click.option("--since", metavar="D", help="From the beginning of this day on [7 days before the end].")
@click.option("--until", metavar="D", help="Up to the beginning of this day [now].")
@click.option("--format", "form", type=click.Choice(["text", "html", "json"]), default="text", help="[text]")
@click.option("--mail", is_flag=True, help="To [report] to, in place of printing it.")
def report_verb(since: str | None, until: str | None, form: str, mail: bool) -> None:
    """First and further replies, updates, satisfaction: by queue, plan, agent and week.

    D is a day in the desk's zone, or a moment such as 2026-12-24T18:00:00Z.
    """
    with opening.store() as (store, config):
        last = _moment(until, config, "--until") if until else opening.clock()
        first = _moment(since, config, "--since") if since else last - USUAL
        if first >= last:
            raise Exit(WRONG, "maildesk: --since lies after --until; nothing is between them")
        found = gathered(store, first, last, config)
    if mail:
        _mail(config, found)
    elif form == "json":
        show.print_json(_json(found))
    elif form == "html":
        show.out(_written(config, found).html)
    else:
        show.say(_written(config, found).text.rstrip("\n"))


def _mail(config: Config, found: Figures) -> None:
    if not config.report.to:
        raise Exit(WRONG, 'maildesk: nobody gets it; write [report] to = ["manager@example.com"]')
    letters = tuple(report(shown(found, config), address) for address in config.report.to)
    ruling = Ruling(Outcome.MESSAGE, "a report was asked for", ("report",), letters)
    with opening.desk() as desk:
        now = desk.clock()
        desk.ledger.submit(lambda store: apply_moment(store, ruling, None, now, desk.settings.letters)).result()
        desk.ledger.submit(opening.letters_wait).result()
    show.say(f"queued for {', '.join(config.report.to)}")


def _written(config: Config, found: Figures) -> Rendered:
    letter = report(shown(found, config), config.desk.postmaster).letter
    return Letters(config, [NO_DESK]).render(letter, 1, found["until"])


def _json(found: Figures) -> dict[str, Any]:
    return {**found, "since": rfc3339(found["since"]), "until": rfc3339(found["until"])}


def _moment(written: str, config: Config, option: str) -> datetime:
    try:
        if len(written) == DAY:
            zone = ZoneInfo(str(config.desk.time_zone))
            return datetime.combine(date.fromisoformat(written), time(), zone).astimezone(UTC)
        found = datetime.fromisoformat(written)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):  # the second: a zone would take it out of the years that there are
        pass
    what = f"{written!r} is no day; write it as 2026-12-24, or a moment as 2026-12-24T18:00:00Z"
    raise click.BadParameter(what, param_hint=option)
