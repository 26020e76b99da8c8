"""`maildesk check --live`: log in to every mailbox, and to the relay.

Called by `check`. Reads no mail and sends none; what is wrong is told in the words of the doors, without a secret.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from imaplib import IMAP4

from maildesk.cli import desk as opening
from maildesk.cli.exits import tell
from maildesk.config import Config, ConfigError, Mailbox, secret
from maildesk.doors.imap_server import Server
from maildesk.doors.mailbox import REFUSED, why
from maildesk.doors.mailboxes import Pace
from maildesk.doors.oauth import Token
from maildesk.doors.relay import Login, Patience, Unreachable, opened

QUICK = Patience(connect=15, command=30)
IMAP_FAULTS = (*REFUSED, OSError, IMAP4.error, ConfigError)


def mailboxes(config: Config) -> Iterator[str]:
    """What keeps a mailbox from being read."""
    for name, options in config.mailbox.items():
        try:
            _log_in(options)
        except IMAP_FAULTS as error:
            yield f"{name}: {options.host}:{options.port}: {why(error)}"


def _log_in(options: Mailbox) -> None:
    server = Server(options, Pace(read=20), opening.clock)
    try:
        if options.oauth2.token_command:
            server.log_in_with(Token(options.oauth2.token_command, opening.clock))
        else:
            server.log_in(secret(options.password_file) if options.password_file else "")
        server.select(server.folder(options.folder))
        if not server.can_move:
            tell(f"maildesk: {options.host} has neither MOVE nor UIDPLUS; what is stored stays in {options.folder}")
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
