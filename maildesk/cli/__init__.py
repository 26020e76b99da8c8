"""The command line: `main` is what the `maildesk` script calls.

Everything is imported late, so that `--help` and `inspect` stay quick and `deliver` keeps its promise about exit
codes even when an import fails.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one verb and end the process with its exit code."""
    from maildesk.cli.exits import OnlyLater, verb_of  # noqa: PLC0415

    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = verb_of(words)
    with OnlyLater(verb == "deliver"):
        gc.disable()  # what is imported stays: to look it through for garbage is a tenth of a start
        from maildesk.cli.verbs import load, run  # noqa: PLC0415

        load(verb)
        gc.freeze()
        gc.enable()
        sys.exit(run(words))
