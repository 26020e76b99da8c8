"""When the weekly report goes, and of which week it tells: `[report] at`, in the desk's zone.

Called by chores.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config

WEEK = timedelta(days=7)


def following(config: Config, after: datetime) -> datetime:
    """The first such moment later than that."""
    at = config.report.at
    today = after.astimezone(_zone(config)).date()
    day = today + timedelta(days=(at.weekday - today.weekday()) % 7)
    found = _moment(config, day)
    return found if found > after else _moment(config, day + WEEK)


def since(config: Config, until: datetime) -> datetime:
    """The same time of day a week before, however clocks were set meanwhile."""
    local = until.astimezone(_zone(config))
    return datetime.combine(local.date() - WEEK, local.time(), _zone(config)).astimezone(UTC)


def _moment(config: Config, day: date) -> datetime:
    minute = config.report.at.minute
    clock = time(minute // 60, minute % 60)
    return datetime.combine(day, clock, _zone(config)).astimezone(UTC)


def _zone(config: Config) -> ZoneInfo:
    return ZoneInfo(str(config.desk.time_zone))
