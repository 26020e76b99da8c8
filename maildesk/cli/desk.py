"""What a verb works with: the configuration, the store, the desk; as the right user, at the right time.

Every verb that needs them begins here. Run as root it first becomes the owner of state_dir, so that no file of the
desk ever belongs to root; anybody else without access is told the command to use.
"""

from __future__ import annotations

import codecs
import os
import pwd
import secrets
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from maildesk.cli.exits import PERMISSION, WRONG, Exit, tell
from maildesk.config import Config, find, load
from maildesk.desk.storeroom import open_store
from maildesk.journal import Journal
from maildesk.store.database import Store
from maildesk.store.lock import running
from maildesk.store.unwritten import Rendered, Write
from maildesk.words import Order

if TYPE_CHECKING:
    from maildesk.desk.desk import Desk


def clock() -> datetime:
    return datetime.now(UTC)


def configuration() -> Config:
    """The configuration, after the process has become who it should be."""
    config = load(find(click.get_current_context().find_root().obj))
    become_owner(config.desk.state_dir)
    return config


def journal(config: Config) -> Journal:
    """A verb tells what happened itself: its journal holds what went wrong."""
    level = config.logging.level if config.logging.level in ("debug", "error") else "warning"
    return Journal(level=level, format=config.logging.format, priorities=bool(os.environ.get("JOURNAL_STREAM")))


@contextmanager
def store() -> Iterator[tuple[Store, Config]]:
    """The store, filled when it is empty, bound to its key."""
    config = configuration()
    opened, _ = open_store(config, secrets.token_bytes)
    try:
        yield opened, config
    finally:
        opened.close()


@contextmanager
def thread() -> Iterator[tuple[Store, Config, Write]]:
    """The same, and how letters look that wait to be written yet."""
    config = configuration()
    opened, keys = open_store(config, secrets.token_bytes)

    def write(order: Order) -> Rendered | None:
        from maildesk.letters.render import Letters  # noqa: PLC0415 - most threads have no such letter

        [fulfilled] = Letters(config, keys).written([order])
        return fulfilled.rendered

    try:
        yield opened, config, write
    finally:
        opened.close()


@contextmanager
def desk() -> Iterator[Desk]:
    """A desk without doors; letters wait in the outbox for the daemon."""
    from maildesk.desk.opening import open_desk  # noqa: PLC0415 - verbs that only look need no readers, no letters

    config = configuration()
    with open_desk(config, clock=clock, journal=journal(config), entropy=secrets.token_bytes) as opened:
        yield opened


@contextmanager
def asked_for(sentence: str = "") -> Iterator[None]:
    """Around a question for one thing: what is not there is told, in these words if there are any, and is 1."""
    try:
        yield
    except (KeyError, IndexError):
        raise  # a fault of ours
    except LookupError as error:
        raise Exit(WRONG, f"maildesk: {sentence or error}") from None


def become_owner(state_dir: Path) -> None:
    """As root, take on uid and gid of state_dir's owner; otherwise see that there is access."""
    if os.geteuid() == 0:
        _become(state_dir)
    elif not _usable(state_dir):
        raise Exit(PERMISSION, _refusal(state_dir))


def _become(state_dir: Path) -> None:
    try:
        owner = state_dir.stat()
    except FileNotFoundError:
        return  # nothing there yet: it will be root's
    if owner.st_uid == 0:
        return
    try:
        entry = pwd.getpwuid(owner.st_uid)
        os.initgroups(entry.pw_name, owner.st_gid)
        os.environ |= {"HOME": entry.pw_dir, "USER": entry.pw_name, "LOGNAME": entry.pw_name}
    except KeyError:
        os.setgroups([])
    for name in ("ascii", "latin-1", "idna", "punycode"):  # loaded late, from where the owner may not look
        codecs.lookup(name)
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def _usable(state_dir: Path) -> bool:
    try:
        if state_dir.is_dir():
            return os.access(state_dir, os.R_OK | os.W_OK | os.X_OK)
        parent = next(folder for folder in state_dir.parents if folder.exists())
    except PermissionError:
        return False
    return os.access(parent, os.W_OK | os.X_OK)


def _refusal(state_dir: Path) -> str:
    command = shlex.join(["maildesk", *sys.argv[1:]])
    try:
        owner = pwd.getpwuid(state_dir.stat().st_uid).pw_name
    except (OSError, KeyError):
        owner = "root"
        if not state_dir.exists():
            return f"maildesk: {state_dir} is not there and this user may not make it; run: sudo {command}"
    return f"maildesk: {state_dir} belongs to {owner}; run: sudo -u {owner} {command}"


def letters_wait(opened: Store) -> None:
    """Verbs never send: say so when no daemon runs that would."""
    if running(opened) is None:
        tell("maildesk: no daemon is running; letters wait in the outbox until one does")
