"""`maildesk status` and `maildesk health`: how things stand, and what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from maildesk import __version__
from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.certificates import ends
from maildesk.cli.exits import OK, PERMISSION, WRONG
from maildesk.cli.failures import exit_of, known
from maildesk.config import Config
from maildesk.store import views
from maildesk.store.database import Store
from maildesk.store.health import FAILING, WARNING, Problem, health
from maildesk.store.lock import running

SOON = timedelta(days=14)
FAILED = 2


@click.command("status", epilog="Example: maildesk status --json")
@click.option("--json", "as_json", is_flag=True, help="As an object.")
def status_verb(as_json: bool) -> None:
    """Tickets, letters, held mail and mailboxes in counts, and whether a daemon runs."""
    with opening.store() as (store, config):
        found = _status(store, config)
    if as_json:
        show.print_json(found)
    else:
        show.fields(_lines(found))


def _status(store: Store, config: Config) -> dict[str, Any]:
    daemon = running(store)
    return {
        "version": __version__,
        "config": str(config.path),
        "daemon": daemon is not None,
        "pid": daemon or None,
        **views.status(store, opening.clock()),
    }


def _lines(found: dict[str, Any]) -> Iterator[tuple[str, object]]:
    pid = f"running, process {found['pid']}" if found["pid"] else "running on another machine"
    yield "maildesk", f"{found['version']}, {found['config']}"
    yield "daemon", pid if found["daemon"] else "not running"
    yield "tickets", _counts(found["tickets"])
    yield "outbox", _counts({key: count for key, count in found["outbox"].items() if key != "oldest"})
    yield "held mail", found["held"]
    yield "last day", _counts(found["mails_last_day"]) or "no mail"
    yield "last mail", found["last_mail"] or "none yet"
    for name, at in found["mailboxes"].items():
        yield f"mailbox {name}", f"read to its end {at}" if at else "never read to its end"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


@click.command("health", epilog="Example: maildesk health || systemctl status maildesk")
@click.option("--json", "as_json", is_flag=True, help="As an array.")
def health_verb(as_json: bool) -> int:
    """One line a problem; exits 0, 1 (warning) or 2 (failing)."""
    problems = _problems()
    if as_json:
        keys = ("severity", "code", "problem")
        show.print_json([dict(zip(keys, problem, strict=True)) for problem in problems])
    for severity, code, sentence in () if as_json else problems:
        show.say(f"{severity} {code}: {show.cell(sentence)}")
    if not problems and not as_json and sys.stdout.isatty():
        show.say("no problem")
    worst = {severity for severity, _, _ in problems}
    return FAILED if FAILING in worst else WRONG if WARNING in worst else OK


def _problems() -> list[Problem]:
    """A desk that cannot even be looked at is failing; a user who may not look gets 77."""
    try:
        with opening.store() as (store, config):
            now = opening.clock()
            found = [*_daemon(store), *health(store, config, now), *_certificates(config, now)]
    except known() as error:
        ended = exit_of(error)
        if ended.code == PERMISSION:
            raise
        return [(FAILING, "start", line) for line in str(ended).splitlines()]
    return sorted(found, key=lambda problem: problem[0] != FAILING)


def _daemon(store: Store) -> Iterator[Problem]:
    if running(store) is None:
        yield FAILING, "daemon", "no daemon is running; start it: systemctl start maildesk, or maildesk run"


def _certificates(config: Config, now: datetime) -> Iterator[Problem]:
    for name, listener in config.listen.items():
        if listener.tls_cert is None:
            continue
        end = ends(listener.tls_cert)
        if end is None:
            yield FAILING, "certificate", f"listener {name}: {listener.tls_cert} holds no certificate that can be read"
        elif end < now + SOON:
            severity = FAILING if end <= now else WARNING
            yield severity, "certificate", f"listener {name}: {listener.tls_cert} ends {end:%Y-%m-%d}; renew it"
