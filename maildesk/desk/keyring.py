"""The HMAC keys of the desk: the one that makes tokens, and older ones that still verify.

Read once when a desk is opened. The key file is made here, for its owner alone, and only when the store is
empty: a new key over an old store would orphan every letter that is out.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from maildesk.config import Config

KEY_LENGTH = 32  # octets: as long as the MAC's own output (RFC 2104, 3)


class KeyTrouble(Exception):
    """The key cannot be used; the sentence says what to do."""


def open_keyring(config: Config, *, empty_store: bool, entropy: Callable[[int], bytes]) -> tuple[bytes, ...]:
    """The keys, the one that mints first. Raises KeyTrouble."""
    path = config.desk.key_file
    if not path.exists():
        if not empty_store:
            raise KeyTrouble(
                f"{path} is missing, and the store holds tickets whose letters were made with it; "
                "put the key back from your backup"
            )
        _make(path, entropy(KEY_LENGTH))
    return tuple(_read(each) for each in (path, *config.desk.old_key_files))


def fingerprint(secret: bytes) -> str:
    """What the store remembers of the key: enough to notice another, too little to use it."""
    return hashlib.sha256(b"maildesk key\0" + secret).hexdigest()[:16]


def _make(path: Path, secret: bytes) -> None:
    """The file is there whole or not at all, a power cut included, and is never put over another's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret.hex().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(begun, path)
    finally:
        begun.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    try:
        text = path.read_text(encoding="ascii").strip()
        secret = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"{path} is no key of maildesk: {error}; put the key back from your backup") from error
    if len(secret) < KEY_LENGTH:
        raise KeyTrouble(f"{path} is too short for a key; put the key back from your backup")
    if path.stat().st_mode & 0o077:
        raise KeyTrouble(f"{path} can be read by others; chmod 600 {path}")
    return secret
