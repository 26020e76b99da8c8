"""`maildesk check`: configuration, secrets, templates, store; with --live mailboxes, relay and verdicts too.

Everything is looked at before it ends, one line a problem. Nothing is written: a store that is not there yet stays
so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from maildesk.cli import desk as opening
from maildesk.cli import seals, show
from maildesk.cli.exits import CONFIGURATION, OK, STORAGE, UNREACHABLE, WRONG
from maildesk.config import Config, secrets
from maildesk.desk.keyring import KeyTrouble, fingerprint, open_keyring
from maildesk.letters import preview
from maildesk.letters.answers import SAMPLE, Answers
from maildesk.letters.pages import page_problems
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.store import schema
from maildesk.store.database import Store, sqlite_path
from maildesk.store.errors import DATABASE_ERRORS, StoreError

Part = tuple[str, int, Callable[[Config], Iterator[str]]]


@click.command("check", epilog="Example: maildesk check --live")
@click.option("--live", is_flag=True, help="Log in to mailboxes and relay, too.")
def check_verb(live: bool) -> int:
    """Look over the configuration, every template in every language, the store and its schema."""
    config = opening.configuration()
    show.say(f"{config.path}: no problem")
    parts = (*PARTS, *_sealed(config), *(_live() if live else ()))
    return max((_part(config, part) for part in parts), default=OK)


def _sealed(config: Config) -> tuple[Part, ...]:
    """Where keys are named."""
    return (("crypto", WRONG, seals.tools),) if config.crypto.gnupg_home or config.crypto.smime_dir else ()


def _live() -> tuple[Part, ...]:
    from maildesk.cli import live  # noqa: PLC0415 - the clients of IMAP and SMTP are slow to import

    return (
        ("mailboxes", UNREACHABLE, live.mailboxes),
        ("relay", UNREACHABLE, live.relay),
        ("verdicts", WRONG, live.verdicts),
    )


def _part(config: Config, part: Part) -> int:
    name, code, look = part
    problems = list(look(config))
    for problem in problems:
        show.say(f"{name}: {problem}")
    if not problems:
        show.say(f"{name}: no problem")
    return code if problems else OK


def files(config: Config) -> Iterator[str]:
    """What the configuration names and is not there."""
    yield from secrets.unusable(config)
    for listener in config.listen.values():
        for file in (listener.tls_cert, listener.tls_key):
            if file is not None and not file.is_file():
                yield f"{file}: there is no such file; put the certificate and its key there"
    if config.desk.templates is not None and not config.desk.templates.is_dir():
        yield f"{config.desk.templates}: there is no such folder; make it, or leave out templates"


def templates(config: Config) -> Iterator[str]:
    yield from preview.problems(config)
    yield from page_problems(config, SAMPLE_NOW)
    yield from Answers(config).problems(SAMPLE)


def store(config: Config) -> Iterator[str]:
    """Its connection and schema. A SQLite file that is not there yet will be made by `run`."""
    try:
        with opened_store(config) as there:
            yield from _schema(there) if there else ()
    except (StoreError, *DATABASE_ERRORS) as error:
        yield str(error)


def key(config: Config) -> Iterator[str]:
    """Whether it is the one this store began with."""
    try:
        with opened_store(config) as there:
            yield from _key(there, config) if there else ()
    except (StoreError, *DATABASE_ERRORS):
        return  # told as the store's


@contextmanager
def opened_store(config: Config) -> Iterator[Store | None]:
    if config.store.url.startswith("sqlite:") and not _file(config).exists():
        yield None
        return
    opened = Store.open(config.store.url, config.desk.state_dir)
    try:
        yield opened
    finally:
        opened.close()


def _file(config: Config) -> Path:
    return sqlite_path(config.store.url, config.desk.state_dir)


def _schema(opened: Store) -> Iterator[str]:
    pending = schema.pending(opened)
    if pending and not schema.is_empty(opened):
        yield f"the schema waits for {', '.join(pending)}; run: maildesk upgrade"


def _key(opened: Store, config: Config) -> Iterator[str]:
    if schema.is_empty(opened):
        return
    try:
        keys = open_keyring(config, empty_store=False, entropy=bytes)
    except KeyTrouble as trouble:
        yield str(trouble)
        return
    row = opened.one("SELECT value FROM meta WHERE key = 'key'")
    if row is not None and row[0] not in [fingerprint(key) for key in keys]:
        yield "the key is not the one this store began with; put the right key_file back"


PARTS: tuple[Part, ...] = (
    ("files", CONFIGURATION, files),
    ("templates", WRONG, templates),
    ("store", STORAGE, store),
    ("key", CONFIGURATION, key),
)
