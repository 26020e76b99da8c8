"""`maildesk check --live`: log in to every mailbox and to the relay, and look where the last mails have their verdicts.

Called by `check`. Of mails it looks at the header alone, sends none and changes nothing; what is wrong is told in the
words of the doors, without a secret.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4

from maildesk.cli import desk as opening
from maildesk.cli import show
from maildesk.cli.checking import opened_store
from maildesk.cli.exits import tell
from maildesk.config import Config, ConfigError, Mailbox, secret
from maildesk.desk.positions import advice, positions
from maildesk.doors.imap_server import Selected, Server
from maildesk.doors.mailbox import REFUSED, why
from maildesk.doors.mailboxes import Pace
from maildesk.doors.oauth import Token
from maildesk.doors.relay import Login, Patience, Unreachable, opened
from maildesk.mime import limits
from maildesk.mime.read import read
from maildesk.store import raw
from maildesk.store.database import Store
from maildesk.store.errors import DATABASE_ERRORS, StoreError

QUICK = Patience(connect=15, command=30)
LAST = 20  # mails of each mailbox, and of the store
LATELY = "SELECT id, door FROM mail ORDER BY id DESC LIMIT 200"
IMAP_FAULTS = (*REFUSED, OSError, IMAP4.error, ConfigError)


def mailboxes(config: Config) -> Iterator[str]:
    """What keeps a mailbox from being read."""
    for name, options in config.mailbox.items():
        try:
            _log_in(options)
        except IMAP_FAULTS as error:
            yield f"{name}: {options.host}:{options.port}: {why(error)}"


def _log_in(options: Mailbox) -> None:
    with _selected(options) as (server, _):
        if not server.can_move:
            tell(f"maildesk: {options.host} has neither MOVE nor UIDPLUS; what is stored stays in {options.folder}")


@contextmanager
def _selected(options: Mailbox) -> Iterator[tuple[Server, Selected]]:
    server = Server(options, Pace(read=20), opening.clock)
    try:
        if options.oauth2.token_command:
            server.log_in_with(Token(options.oauth2.token_command, opening.clock))
        else:
            server.log_in(secret(options.password_file) if options.password_file else "")
        yield server, server.select(server.folder(options.folder))
    finally:
        server.drop()


def relay(config: Config) -> Iterator[str]:
    """What keeps letters from leaving."""
    options = config.relay
    command = options.oauth2.token_command
    login = Login(options, Token(command, opening.clock) if command else None)
    try:
        session = opened(
            options, hostname=config.desk.domain, login=login, secure=ssl.create_default_context, patience=QUICK
        )
        session.close()
    except Unreachable as error:
        yield str(error)


def verdicts(config: Config) -> Iterator[str]:
    """Whether Authentication-Results are where `[gate]` looks for them."""
    doors = {f"imap:{name}" for name in config.mailbox}
    doors |= {f"{each.protocol}:{name}" for name, each in config.listen.items() if each.verdicts}
    heads = [head for options in config.mailbox.values() for head in _waiting(options)]
    heads += _stored(config, doors)
    traces = [read(head[: limits.header_end(head)]).trace for head in heads]
    told, wrong = advice(positions(traces, config.gate), config.gate)
    if told:
        show.say(f"verdicts: {told}")
    if wrong:
        yield wrong


def _waiting(options: Mailbox) -> list[bytes]:
    """The headers of the last mails that a mailbox has for us; none where it cannot be read, which is told above."""
    with suppress(*IMAP_FAULTS), _selected(options) as (server, found):
        uids = server.find(max(1, found.uidnext - LAST) if found.uidnext else 1)[-LAST:]
        return [head for uid in uids if (head := server.head(uid))]
    return []


def _stored(config: Config, doors: set[str]) -> list[bytes]:
    """The beginnings of the last mails that came by these doors; none without a store, which is told above."""
    with suppress(StoreError, *DATABASE_ERRORS), opened_store(config) as store:
        rows = store.all(LATELY) if store and doors else ()
        return [_beginning(store, mail_id) for mail_id, door in rows if store and door in doors][:LAST]
    return []


def _beginning(store: Store, mail_id: int) -> bytes:
    with suppress(raw.Missing):
        return next(raw.unpacked(store, mail_id), b"")
    return b""
