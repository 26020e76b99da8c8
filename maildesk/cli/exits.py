"""Exit codes, and what ends a verb before its time.

`Exit` carries a code and the sentence for stderr; `OnlyLater` holds the promise of `deliver`: 0 or 75, whatever
happens. Standard library only: it must be there when nothing else is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType

OK = 0
WRONG = 1  # found wrong, or refused
USAGE = 2
UNREACHABLE = 69  # relay or server
STORAGE = 74
LATER = 75
PERMISSION = 77
CONFIGURATION = 78

WITH_VALUE = ("--config",)


class Exit(Exception):
    """Ends the verb: the sentence goes to stderr, the code to the caller."""

    def __init__(self, code: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.code = code


class OnlyLater:
    """Around a verb that is `deliver`: turns every end but success into 75, told in one line on stderr."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.wanted or (isinstance(error, SystemExit) and error.code in (None, OK)):
            return
        if error is not None and not isinstance(error, SystemExit):
            tell(f"maildesk: {type(error).__name__}; the mail was not taken, try again later")
        raise SystemExit(LATER) from None


def tell(sentence: str) -> None:
    """A line on stderr, if there is one to write to."""
    try:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return


def verb_of(words: Sequence[str]) -> str:
    """The verb on this command line, "" when there is none."""
    skip = False
    for word in words:
        if skip or word.startswith("-"):
            skip = not skip and word in WITH_VALUE
            continue
        return word
    return ""
