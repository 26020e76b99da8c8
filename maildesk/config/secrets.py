"""Passwords, from the files that hold them.

Called by mailboxes and relay when they log in, and by `check`. A bare name is looked for among systemd's credentials
first. What is read here goes into no message and no journal line.
"""

from __future__ import annotations

import os
from pathlib import Path

from maildesk.config.options import Config
from maildesk.config.places import CREDENTIALS
from maildesk.config.problems import ConfigError


def place(file: Path) -> Path:
    """Where a secret is: with systemd's credentials, else where the configuration says."""
    folder = os.environ.get(CREDENTIALS[1:], "")
    if file.parts[0] == CREDENTIALS:
        return Path(folder, *file.parts[1:]) if folder else file
    credential = Path(folder) / file.name
    return credential if folder and credential.is_file() else file


def secret(file: Path) -> str:
    """The secret in this file, without its line end; raises ConfigError when it cannot be had."""
    found = place(file)
    try:
        words = found.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise ConfigError([f"{found}: there is no such file; write the password into it and chmod 600 it"]) from None
    except PermissionError:
        raise ConfigError([f"{found}: this user may not read it; chown it to the desk's user"]) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError([f"{found}: it cannot be read; write the password into it as one line of text"]) from None
    if not words or not words[0]:
        raise ConfigError([f"{found}: it is empty; write the password into it"])
    return words[0]


def unusable(config: Config) -> list[str]:
    """What is wrong with the secrets this configuration names, a line each."""
    files = [mailbox.password_file for mailbox in config.mailbox.values()] + [config.relay.password_file]
    found = []
    for file in files:
        try:
            if file is not None:
                secret(file)
        except ConfigError as error:
            found.append(str(error))
    return found
