"""When people are at work, as their calendars tell: a day's morning, the end of a shift, and in whose zone.

Read by chores, digest and handover. An agent's calendar places letters to him and appointments, and promises nobody
anything: what is promised counts by the calendars of hours. Pure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.policy.hours import AROUND_THE_CLOCK, PATIENCE, is_open, next_opening, spans
from maildesk.words import Agent

MORNING = time(8)  # of days on which nothing opens, since nothing closes
BREAK = timedelta(hours=4)  # closed for no longer than this, a shift goes on
DAY = timedelta(days=1)
LOOK = timedelta(days=7)


def keeps_hours(agent: Agent, config: Config) -> bool:
    """Whether he has a calendar; a name that is configured no more is none."""
    return bool(agent.calendar) and (agent.calendar in config.calendar or agent.calendar in AROUND_THE_CLOCK)


def reads_digest(agent: Agent, config: Config) -> bool:
    """Whether a morning letter comes in place of single notices: without a calendar there is no morning."""
    return agent.digest and config.digest.on and keeps_hours(agent, config)


def zone_of(agent: Agent, config: Config) -> ZoneInfo:
    """In which an agent says and reads times: his calendar's, else the desk's."""
    return zone(agent.calendar, config)


def zone(calendar: str, config: Config) -> ZoneInfo:
    known = config.calendar.get(calendar)
    return ZoneInfo(str(known.time_zone if known else config.desk.time_zone))


def next_morning(config: Config, calendar: str, after: datetime) -> datetime | None:
    """The first beginning of a working day later than that; None when there is none in sight."""
    day = after.astimezone(zone(calendar, config)).date()
    days = (_morning(config, calendar, day + DAY * step) for step in range(PATIENCE.days))
    return next((at for at in days if at is not None and at > after), None)


def next_end(config: Config, calendar: str, after: datetime) -> datetime | None:
    """The first end of a shift later than that; a break for lunch ends none."""
    opening = next_opening(config, calendar, after)
    while opening is not None and opening < after + PATIENCE:
        until = opening + LOOK
        ends = (closes for _, closes in spans(config, calendar, opening, until) if closes < until)
        found = next((at for at in ends if _rests(config, calendar, at)), None)
        if found is not None:
            return found
        opening = next_opening(config, calendar, until)
    return None


def day_ends(at: datetime, where: ZoneInfo, days: int = 0) -> datetime:
    """When the day of that moment is over there, or so many days later."""
    day = at.astimezone(where).date() + timedelta(days=days + 1)
    return datetime.combine(day, time(), where).astimezone(UTC)


def _morning(config: Config, calendar: str, day: date) -> datetime | None:
    """When a day's work begins: with its first opening, else at eight where it never closed."""
    begins, ends = _midnight(config, calendar, day), _midnight(config, calendar, day + DAY)
    before = begins - timedelta(minutes=1)
    first = next((opens for opens, _ in spans(config, calendar, before, ends) if opens >= begins), None)
    if first is not None:
        return first
    eight = datetime.combine(day, MORNING, zone(calendar, config)).astimezone(UTC)
    return eight if is_open(config, calendar, eight) else None


def _midnight(config: Config, calendar: str, day: date) -> datetime:
    return datetime.combine(day, time(), zone(calendar, config)).astimezone(UTC)


def _rests(config: Config, calendar: str, at: datetime) -> bool:
    again = next_opening(config, calendar, at)
    return again is None or again - at > BREAK
