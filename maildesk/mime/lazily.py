"""Patterns that are compiled where they are first used: `re` takes milliseconds for a long one.

For the costly ones alone, of which a process that reads few mails, or none, needs few. What is asked of a pattern is
kept, so that a later use costs what it costs with a compiled one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, AnyStr, cast


class _Late:
    """Stands for a pattern: every method of it is looked up once."""

    def __init__(self, compiled: Callable[[], re.Pattern[Any]]) -> None:
        self._compiled = compiled

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # no pattern's, but asked for by copies and the like
            raise AttributeError(name)
        found = getattr(self._compiled(), name)
        setattr(self, name, found)
        return found


def lazily(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, later."""
    return at_need(lambda: re.compile(written, flags))


def at_need(compiled: Callable[[], re.Pattern[AnyStr]]) -> re.Pattern[AnyStr]:
    """The same of a pattern that is costly to write already."""
    return cast("re.Pattern[AnyStr]", _Late(compiled))
