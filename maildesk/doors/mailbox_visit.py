"""A short visit to a mailbox: does it let us in, and is its folder there?

Used by `check --live`. It changes nothing: no folder is made, no mail is fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from imaplib import IMAP4
from pathlib import Path

from maildesk.config import ConfigError
from maildesk.config import Mailbox as Options
from maildesk.doors.imap_server import Server
from maildesk.doors.mailbox import REFUSED, why
from maildesk.doors.mailboxes import Pace
from maildesk.doors.oauth import Token


def visit(options: Options, clock: Callable[[], datetime], secret: Callable[[Path], str]) -> str:
    """What is wrong with this mailbox, in words for operators; "" when all is well. Takes a minute at most."""
    try:
        server = Server(options, Pace(read=20), clock)
        try:
            command = options.oauth2.token_command
            if command:
                server.log_in_with(Token(command, clock))
            else:
                server.log_in(secret(options.password_file) if options.password_file else "")
            server.select(server.folder(options.folder))
        finally:
            server.close()
    except (*REFUSED, OSError, IMAP4.error, ConfigError) as error:
        return why(error)
    return ""
