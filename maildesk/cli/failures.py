"""Which error ends a verb with which exit code and sentence.

Called by `verbs.run` with whatever a verb raised. An error that is not named here is a fault of ours and ends in a
traceback. The rooms' own errors are looked up only when a verb has imported them already.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

import click

from maildesk.cli.exits import CONFIGURATION, LATER, PERMISSION, STORAGE, UNREACHABLE, WRONG, Exit

OURS = "maildesk: "
AT_A_LINE = re.compile(r"[^ :]+:\d+: ")  # as a compiler tells it; editors find the place

# module, class and exit code; the first that fits.
KNOWN = (
    ("maildesk.config.problems", "ConfigError", CONFIGURATION),
    ("maildesk.desk.keyring", "KeyTrouble", CONFIGURATION),
    ("maildesk.store.errors", "KeyMismatch", CONFIGURATION),
    ("maildesk.store.errors", "DeskRunning", WRONG),
    ("maildesk.store.errors", "StoreError", STORAGE),
    ("maildesk.store.directory_file", "DirectoryError", WRONG),
    ("maildesk.store.held", "NotHeld", WRONG),
    ("maildesk.doors.sockets", "CannotListen", UNREACHABLE),
    ("maildesk.words.rulings", "Later", LATER),
)


def known() -> tuple[type[BaseException], ...]:
    """The errors that have an exit code, of the modules that are in use."""
    return (*(kind for kind, _ in _loaded()), *_database_errors(), OSError)


def exit_of(error: BaseException) -> Exit:
    if isinstance(error, Exit):
        return error
    for kind, code in _loaded():
        if isinstance(error, kind):
            return Exit(code, str(error))
    if isinstance(error, PermissionError):
        return Exit(PERMISSION, f"{error.filename or 'a file'}: permission denied; run as its owner, or as root")
    if isinstance(error, OSError) and not isinstance(error, _database_errors()):
        what = (error.strerror or type(error).__name__).lower()
        return Exit(WRONG, f"{error.filename}: {what}") if error.filename else Exit(STORAGE, what)
    return Exit(STORAGE, f"the store failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}")


def ours(sentences: str) -> str:
    """The sentences with our name in front of each, but for those that begin with the line of a file."""
    named = (line if line.startswith(OURS) or AT_A_LINE.match(line) else OURS + line for line in sentences.splitlines())
    return "\n".join(named)


def wrong_usage(error: click.ClickException) -> str:
    """One line: what is wrong with the words of a verb, and where its right ones stand."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "maildesk"
    if isinstance(error, click.exceptions.NoSuchCommand):
        return f"{OURS}there is no verb {error.command_name}; {_nearest(error.possibilities, path)}"
    if isinstance(error, click.exceptions.NoSuchOption):
        return f"{OURS}there is no option {error.option_name}; {_nearest(error.possibilities, path)}"
    said = "a verb is missing" if context and context.parent is None else error.format_message().rstrip(".")
    return f"{OURS}{said[:1].lower()}{said[1:]}; see: {path} --help"


def _nearest(known: Sequence[str] | None, path: str) -> str:
    return f"did you mean {known[0]}?" if known else f"see: {path} --help"


def _loaded() -> Iterator[tuple[type[BaseException], int]]:
    for module, name, code in KNOWN:
        if module in sys.modules:
            yield getattr(sys.modules[module], name), code


def _database_errors() -> tuple[type[BaseException], ...]:
    errors = sys.modules.get("maildesk.store.errors")
    return tuple(getattr(errors, "DATABASE_ERRORS", ()))
