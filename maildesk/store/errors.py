"""What can go wrong with the store, sorted by what follows from it.

The ledger asks `is_storage` and `is_full` of what it caught; the daemon and the verbs catch `StoreError` and
`DATABASE_ERRORS`, since peewee is known on this floor alone. No message here names a value of a mail.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator

import peewee

DATABASE_ERRORS = (peewee.DatabaseError, peewee.InterfaceError)

# These say that a statement or a value of ours was wrong: the mail is parked and the batch goes on.
OWN_FAULTS = (peewee.IntegrityError, peewee.DataError, peewee.ProgrammingError, peewee.NotSupportedError)

RETRYABLE = ("40001", "40P01")  # serialization_failure, deadlock_detected
DISK_FULL = "53100"
LIMITS = "54"  # the class of program_limit_exceeded: psycopg calls it operational, but it is our value that was too big
UNSYNCED = ("SQLITE_IOERR_FSYNC", "SQLITE_IOERR_DIR_FSYNC")


class StoreError(Exception):
    """The store cannot be used as it is. `str()` of it says what is wrong and what to do."""


class Unavailable(StoreError):
    """No connection, no permission, no room."""


class SchemaPending(StoreError):
    """The schema is older than the code."""


class SchemaTooNew(StoreError):
    """The schema is newer than the code, which therefore must not write."""


class KeyMismatch(StoreError):
    """The key in hand is not the one that the letters of this store were signed with."""


class DeskRunning(StoreError):
    """Another daemon holds this SQLite store."""


def as_peewee(error: BaseException) -> Exception:
    """The driver's error as peewee's of the same DB-API name (PEP 249)."""
    for kind in type(error).__mro__:
        ours = getattr(peewee, kind.__name__, None)
        if isinstance(ours, type) and issubclass(ours, DATABASE_ERRORS):
            return ours(*error.args)
    return peewee.OperationalError(*error.args)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that led to it, nearest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def let_go(error: BaseException) -> None:
    """Free what its tracebacks hold: a cursor keeps an abandoned connection, and with it what SQLite knew of the file.

    A file system that was read-only for a while, say, would stay so for the connections that come after.
    """
    for cause in causes(error):
        traceback.clear_frames(cause.__traceback__)


def origin(error: BaseException) -> BaseException:
    """What the database said first: SQLite ends a transaction by itself, and the rollback that follows fails too."""
    return [cause for cause in causes(error) if cause is error or isinstance(cause, DATABASE_ERRORS)][-1]


def is_storage(error: BaseException) -> bool:
    """The database failed, not a statement of ours: the whole batch goes back."""
    if not isinstance(error, DATABASE_ERRORS) or isinstance(error, OWN_FAULTS):
        return False
    return not any((getattr(cause, "sqlstate", None) or "").startswith(LIMITS) for cause in causes(error))


def is_full(error: BaseException) -> bool:
    return any(_full(cause) for cause in causes(error))


def is_retryable(error: BaseException) -> bool:
    """PostgreSQL gave up this transaction for the sake of another; run again, it will pass."""
    return any(getattr(cause, "sqlstate", None) in RETRYABLE for cause in causes(error))


def is_unsynced(error: BaseException) -> bool:
    """The disk would not say that it has the data: nothing after this can be believed until a restart."""
    return any(getattr(cause, "sqlite_errorname", "") in UNSYNCED for cause in causes(error))


def _full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if getattr(error, "sqlstate", None) == DISK_FULL:
        return True
    return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
