"""Which error ends a verb with which exit code and sentence.

Called by `verbs.run` with whatever a verb raised. An error that is not named here is a fault of ours and ends in a
traceback. The rooms' own errors are looked up only when a verb has imported them already.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from maildesk.cli.exits import CONFIGURATION, LATER, PERMISSION, STORAGE, UNREACHABLE, WRONG, Exit

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
    return (*(kind for kind, _ in _loaded()), *_database_errors(), PermissionError)


def exit_of(error: BaseException) -> Exit:
    if isinstance(error, Exit):
        return error
    for kind, code in _loaded():
        if isinstance(error, kind):
            return Exit(code, str(error))
    if isinstance(error, PermissionError):
        return Exit(PERMISSION, f"maildesk: {error.filename or 'a file'}: permission denied")
    return Exit(STORAGE, f"the store failed: {str(error).splitlines()[0] if str(error) else type(error).__name__}")


def _loaded() -> Iterator[tuple[type[BaseException], int]]:
    for module, name, code in KNOWN:
        if module in sys.modules:
            yield getattr(sys.modules[module], name), code


def _database_errors() -> tuple[type[BaseException], ...]:
    errors = sys.modules.get("maildesk.store.errors")
    return tuple(getattr(errors, "DATABASE_ERRORS", ()))
