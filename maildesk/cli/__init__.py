"""The command line: `main` is what the `maildesk` script calls.

Everything is imported late, so that `--help` and `inspect` stay quick and `deliver` keeps its promise about exit
codes even when an import fails.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and end the process with its exit code."""
    from maildesk.cli.exits import OnlyLater, verb_of  # noqa: PLC0415

    words = list(sys.argv[1:] if arguments is None else arguments)
    with OnlyLater(verb_of(words) == "deliver"):
        from maildesk.cli.verbs import run  # noqa: PLC0415

        sys.exit(run(words))
