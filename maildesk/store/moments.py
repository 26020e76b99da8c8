"""Moments in the store: whole microseconds since 1970 in UTC, alike on SQLite and PostgreSQL.

Used by the tables and by the fixed SQL of this floor. A DateTimeField keeps the offset as text on SQLite and
drops it on PostgreSQL, so integers it is. Naive datetimes never come in: subtracting the epoch raises for them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from peewee import BigIntegerField

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


@lru_cache(maxsize=256)  # spans are few: those of the configuration
def length(span: timedelta) -> int:
    return span // MICROSECOND


def moment(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


class MomentField(BigIntegerField):
    """An aware UTC datetime, kept as microseconds since 1970."""

    def db_value(self, value: datetime | int | None) -> int | None:
        return micros(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else moment(value)
