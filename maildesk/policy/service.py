"""What was promised, as words: hours, channels and targets, for letters and for the page of the support policy.

Called by whatever writes to customers. It hands out data that JSON can hold (but for moments); sentences belong to
templates. It reads the same options that the clocks run by, so that a letter never says other hours than count.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from maildesk.config import Config, Plan
from maildesk.config.hours import DAYS, Spans, Week
from maildesk.config.values import SECONDS, Span
from maildesk.policy.hours import calendar_of, is_open, next_opening, places
from maildesk.policy.hours_days import Place

Length = tuple[int, str]  # a number and a unit: s m h d, bh bd
PLAIN = {"bh": "h", "bd": "d"}  # what business time is around the clock


def service(config: Config, plan: str, queue: str, at: datetime, severity: int = 0) -> dict[str, Any]:
    """For a letter: `hours` and `zone` when one calendar says them, `places` for each it is made of; [] = always."""
    agreed = config.plan.get(plan)
    urgent = agreed is not None and severity in agreed.around_the_clock
    calendar = calendar_of(config, plan, queue)
    said = urgent or calendar != ""  # around the clock by a word of the operator's, rather than for want of one
    calendar = "" if urgent else calendar
    whole = places(config, calendar)
    found = [hours_of(where, at) for where in whole]
    return {
        "plan": agreed.title if agreed else "",
        "channels": list(agreed.channels) if agreed else ["email"],
        "always": said and not found,
        "open": is_open(config, calendar, at),
        "next_opening": next_opening(config, calendar, at),
        "holiday": _holiday(whole[0], at) if len(whole) == 1 else None,
        "hours": found[0]["hours"] if len(found) == 1 else [],
        "zone": found[0]["zone"] if len(found) == 1 else "",
        "places": found,
    }


def _holiday(where: Place, at: datetime) -> tuple[str, str] | None:
    """Whose it is and on which day, where a holiday is why it is closed; its name is of a language."""
    today = at.astimezone(ZoneInfo(where.zone)).date()
    return (where.holidays, today.isoformat()) if where.holiday(today) else None


def words(config: Config, plan: str, queue: str) -> dict[str, str]:
    """The operators' own words for templates; a plan's go before the queue's."""
    asked, agreed = config.queue.get(queue), config.plan.get(plan)
    return {**(asked.text if asked else {}), **(agreed.text if agreed else {})}


def hours_of(where: Place, at: datetime) -> dict[str, Any]:
    """The week of a calendar, its holidays by their code, and its single days that are not over, closed ones as ""."""
    today = at.astimezone(ZoneInfo(where.zone)).date()
    written = where.closed.union(each.day for each in where.open)
    return {
        "zone": where.zone,
        "hours": days(where.week),
        "holidays": where.holidays,
        "single_days": [(day.isoformat(), clock(where.hours(day))) for day in sorted(written) if day >= today],
    }


def days(week: Week) -> list[tuple[str, str]]:
    """Such as ("mon-fri", "06:00-17:00"): days of the same hours together, closed ones left out."""
    by_hours: dict[Spans, list[int]] = {}
    for number, spans in enumerate(week):
        if spans:
            by_hours.setdefault(spans, []).append(number)
    return [(_runs(numbers), clock(spans)) for spans, numbers in by_hours.items()]


def _runs(numbers: list[int]) -> str:
    """`mon-wed,fri`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return ",".join("-".join(DAYS[number] for number in dict.fromkeys((run[0], run[-1]))) for run in found)


def clock(spans: Spans) -> str:
    """`08:00-12:00 13:00-17:00`, as the configuration writes it."""
    return " ".join("-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span) for span in spans)


def target(config: Config, agreed: Plan, severity: int, span: Span | None, queue: str = "") -> Length | None:
    """Around the clock a business hour is an hour; None: nothing was agreed. Of one queue, or of all alike."""
    if span is None:
        return None
    always = severity in agreed.around_the_clock or never_closes(config, agreed, queue)
    return span.amount, PLAIN.get(span.unit, span.unit) if always else span.unit


def never_closes(config: Config, agreed: Plan, queue: str = "") -> bool:
    """Whatever queue its contacts write to, or in this one."""
    calendars = [agreed.calendar or config.queue[each].calendar for each in ([queue] if queue else agreed.queues)]
    return not any(places(config, calendar) for calendar in calendars or [agreed.calendar])


def length(span: timedelta) -> Length:
    """In the largest unit that has no rest."""
    seconds = int(span.total_seconds())
    unit = next((unit for unit in ("d", "h", "m") if seconds and seconds % SECONDS[unit] == 0), "s")
    return seconds // SECONDS[unit], unit
