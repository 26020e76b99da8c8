"""peewee without psycopg, until a PostgreSQL store is opened.

peewee imports every driver that it finds, and psycopg takes longer than all that is ours of the store. The package of
this room imports this module before any other imports peewee; store/drivers hands psycopg in when there is need.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Whoever imports one of these meanwhile finds that it is not there."""
    waiting = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(waiting))  # type: ignore[arg-type] # None says so to `import`
    try:
        yield
    finally:
        for name in waiting:
            del sys.modules[name]


with _hidden("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb"):
    import peewee


def hand_in_psycopg() -> type[Exception]:
    """Give peewee the names that its own import of psycopg sets. Returns the base of the driver's errors."""
    import psycopg  # noqa: PLC0415 - lazy: a SQLite desk does without it
    from psycopg.pq import TransactionStatus  # noqa: PLC0415
    from psycopg.types.json import Json, Jsonb  # noqa: PLC0415

    vars(peewee).update(psycopg=psycopg, TransactionStatus=TransactionStatus, Json_pg3=Json, Jsonb_pg3=Jsonb)
    adapter: Any = peewee.Psycopg3Adapter
    adapter.txn_idle, adapter.txn_inerror = TransactionStatus.IDLE, TransactionStatus.INERROR
    adapter.txn_unknown = TransactionStatus.UNKNOWN
    return psycopg.Error
