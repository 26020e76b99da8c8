"""The figures of a span of time: first and further replies, regular updates, satisfaction; by queue, plan, agent, week.

Called by `maildesk report` and by the weekly letter. Numbers alone, in the form of `report --format json`; lengths are
minutes, shares are between 0 and 1, and None stands where there was nothing to measure.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.reports.readings import ASKED, CLOSED, FIRST, MARKED, MISSED, NEXT, OPENED, UNANSWERED, Reading, readings
from maildesk.store.figures import Case

Figures = dict[str, Any]
KINDS = ("solution", "question", "escalation", "answer")
GOOD = 4  # marks from here on are good ones


def figures(cases: Sequence[Case], worked: dict[str, int], since: datetime, until: datetime, config: Config) -> Figures:
    """Of everything that happened from `since` to before `until`."""
    found = [each for case in cases for each in readings(case, config) if since <= each.at < until]
    zone = ZoneInfo(str(config.desk.time_zone))
    weeks = _sorted(found, lambda each: _week(each.at, zone))
    still = [case for case in cases if case.closed is None or case.closed >= until]
    by: dict[str, Callable[[Case, str], str]] = {
        "queues": lambda case, _: case.queue,
        "plans": lambda case, _: case.plan,
        "agents": lambda _, agent: agent,
    }
    return {
        "since": since,
        "until": until,
        "total": _group(found) | {"open": len(still)},
        **{name: _grouped(found, still, key) for name, key in by.items()},
        "weeks": {week: _group(weeks[week]) for week in sorted(weeks)},
        "organisations": {name: {"time_worked": minutes} for name, minutes in worked.items()},
    }


def _grouped(found: Sequence[Reading], still: Sequence[Case], key: Callable[[Case, str], str]) -> Figures:
    open_now = Counter(key(case, case.owner) for case in still)
    groups = _sorted(found, lambda each: key(each.case, each.agent))
    names = sorted(name for name in {*groups, *open_now} if name)
    return {name: _group(groups.get(name, ())) | {"open": open_now[name]} for name in names}


def _sorted(found: Iterable[Reading], key: Callable[[Reading], str]) -> dict[str, list[Reading]]:
    groups: dict[str, list[Reading]] = defaultdict(list)
    for each in found:
        groups[key(each)].append(each)
    return groups


def _group(found: Sequence[Reading]) -> Figures:
    what = Counter(each.what for each in found)
    kinds = Counter(each.case.kind for each in found if each.what == FIRST)
    marks = [each.case.mark for each in found if each.what == MARKED and each.case.mark is not None]
    return {
        "opened": what[OPENED],
        "closed": what[CLOSED],
        "first_reply": _lengths(found, FIRST, UNANSWERED["first_response"]),
        "next_reply": _lengths(found, NEXT, UNANSWERED["next_response"]),
        "first_response_kinds": {kind: kinds[kind] for kind in KINDS},
        "missed_updates": what[MISSED],
        "satisfaction": {
            "asked": what[ASKED],
            "answered": len(marks),
            "mean": round(statistics.fmean(marks), 2) if marks else None,
            "good": _share(sum(mark >= GOOD for mark in marks), len(marks)),
        },
    }


def _lengths(found: Sequence[Reading], what: str, unanswered: str) -> Figures:
    """Of replies; a promise that ran out and has found no answer yet was not kept either."""
    some = [each for each in found if each.what == what]
    waiting = sum(each.what == unanswered for each in found)
    lengths = sorted(each.length.total_seconds() / 60 for each in some)
    promised = [each.kept for each in some if each.kept is not None]
    return {
        "count": len(some),
        "median": round(statistics.median(lengths), 1) if lengths else None,
        "p90": round(lengths[math.ceil(0.9 * len(lengths)) - 1], 1) if lengths else None,
        "overdue": waiting,
        "promised": len(promised) + waiting,
        "kept": sum(promised),
        "share": _share(sum(promised), len(promised) + waiting),
    }


def _share(some: int, of: int) -> float | None:
    return round(some / of, 3) if of else None


def _week(at: datetime, zone: ZoneInfo) -> str:
    """ISO 8601, in the desk's zone."""
    year, week, _ = at.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}"
