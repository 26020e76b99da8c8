"""What `check` says of the tools that look at signatures and encryption, where the configuration names keys.

Without them mail is taken all the same: it is kept and shown as signed or encrypted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from maildesk.config import Config

LONGEST_HOME = 90  # octets: the path of a socket has 107
_MEANWHILE = "until then such mail is kept and shown as signed or encrypted"


def tools(config: Config) -> Iterator[str]:
    """What is missing of what the configuration asks for, a line each."""
    crypto = config.crypto
    if crypto.gnupg_home is not None:
        yield from _missing("gnupg_home", crypto.gnupg_home, ("gnupg", "pgp"), ("gpg", "gnupg"))
        yield from _unfit(crypto.gnupg_home)
    if crypto.smime_dir is not None:
        yield from _missing("smime_dir", crypto.smime_dir, ("cryptography", "smime"), ("openssl", "openssl"))


def _unfit(home: Path) -> Iterator[str]:
    """GnuPG's agent makes a socket in its folder."""
    if home.is_dir() and not os.access(home, os.W_OK | os.X_OK):
        yield f"[crypto] gnupg_home: {home}: GnuPG must write there; chown it to the desk's user; {_MEANWHILE}"
    if len(os.fsencode(home)) > LONGEST_HOME:
        yield f"[crypto] gnupg_home: {home}: its path is too long for GnuPG's socket; {_MEANWHILE}"


def _missing(key: str, folder: Path, package: tuple[str, str], program: tuple[str, str]) -> Iterator[str]:
    if not folder.is_dir():
        yield f"[crypto] {key}: {folder}: there is no such folder; make it and put the keys there; {_MEANWHILE}"
    if find_spec(package[0]) is None:
        yield f"[crypto] {key}: a package is missing; pip install 'maildesk[{package[1]}]'; {_MEANWHILE}"
    if shutil.which(program[0]) is None:
        yield f"[crypto] {key}: {program[0]} is missing; apt-get install {program[1]}; {_MEANWHILE}"
