"""Letters that say the same to several readers: rendered once, and each reader's own token put into it.

Used by letters/render for the letters that policy marks as copies, such as a new ticket's to all agents of its queue.
A token is a MAC over a number that was drawn when the letter was decided, of values that are older: they hold none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from maildesk.letters.environment import Written
from maildesk.words import Letter


class _Last(NamedTuple):
    letter: Letter
    token: str
    written: Written


class Copies:
    """Remembers one letter: copies follow each other."""

    def __init__(self) -> None:
        self._last: _Last | None = None

    def written(self, letter: Letter, token: str, write: Callable[[], Written]) -> Written:
        """What `write` gives, or would give."""
        last = self._last
        if letter.copy and last and not last.written.personal and _alike(letter, last.letter):
            return _with_token(last.written, last.token, token)
        written = write()
        self._last = _Last(letter, token, written)
        return written


def _alike(letter: Letter, other: Letter) -> bool:
    return replace(letter, to=other.to, copy=other.copy) == other


def _with_token(written: Written, former: str, token: str) -> Written:
    return written._replace(text=written.text.replace(former, token), html=written.html.replace(former, token))
