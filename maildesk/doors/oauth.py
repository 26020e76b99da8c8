"""Access tokens for IMAP and SMTP (RFC 6749), printed by a command that the operator names.

Used by the mailboxes and the postman. What the command prints, on either stream, is a secret until proven
otherwise: it never stands in an error, a log line or an argument.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

MARGIN = timedelta(seconds=120)  # a token is given up this long before it ends
UNSTATED = timedelta(minutes=5)  # how long a token without `expires_in` is kept
PATIENCE = 60.0  # seconds the command may take


class TokenError(Exception):
    """No token: `str()` says why, for operators, without a word of what the command printed."""


class Token:
    """One command's token, kept until shortly before it ends; asked for by one thread at a time."""

    def __init__(self, command: Sequence[str], clock: Callable[[], datetime], patience: float = PATIENCE) -> None:
        self._command = tuple(command)
        self._clock = clock
        self._patience = patience
        self._asking = threading.Lock()
        self._token = ""
        self._until: datetime | None = None

    def get(self, force: bool = False) -> str:
        """The token; `force` asks for a new one, because the server refused the last. Raises TokenError."""
        with self._asking:
            if force or self._until is None or self._clock() >= self._until:
                self._token, life = parsed(self._printed())
                self._until = self._clock() + max(life - MARGIN, life / 2)
            return self._token

    def _printed(self) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603  the operator's own command, and no word of a mail in it
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise TokenError(f"token_command took longer than {self._patience:g} seconds") from None
        except (OSError, ValueError) as error:
            raise TokenError(f"token_command cannot be run: {getattr(error, 'strerror', None) or error}") from None
        if done.returncode:
            raise TokenError(f"token_command ended with code {done.returncode}; run it by hand to see why")
        return done.stdout


def parsed(printed: bytes) -> tuple[str, timedelta]:
    """The token and how long it lives: the JSON of RFC 6749, 5.1, or one bare line."""
    text = printed.decode("utf-8", "replace").strip()
    life = UNSTATED
    if text.startswith("{"):
        text, life = _from_json(text)
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise TokenError("token_command printed no access token")
    return text, life


def _from_json(text: str) -> tuple[str, timedelta]:
    try:
        answer = json.loads(text)
    except ValueError:
        raise TokenError("token_command printed broken JSON") from None
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str):
        raise TokenError("token_command printed JSON without access_token")
    try:
        return token, timedelta(seconds=float(seconds)) if seconds is not None else UNSTATED
    except (TypeError, ValueError, OverflowError):
        return token, UNSTATED
