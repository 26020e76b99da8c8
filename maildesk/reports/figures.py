"""The figures of a span of time: first and further replies, regular updates, satisfaction; by queue, plan, agent, week.

Called by `maildesk report` and by the weekly letter. Numbers alone, in the form of `report --format json`; lengths are
minutes, shares are between 0 and 1, and None stands where there was nothing to measure.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maildesk.config import Config
from maildesk.reports.readings import (
    ASKED,
    CLOSED,
    FIRST,
    MARKED,
    MISSED,
    NEXT,
    OPENED,
    UNANSWERED,
    UPDATED,
    Reading,
    readings,
)
from maildesk.store.figures import Case

Figures = dict[str, Any]
KINDS = ("solution", "question", "escalation", "answer")
GOOD = 4  # marks from here on are good ones


@dataclass
class Reckoning:
    """What happened from `since` to before `until`, of as many tickets as have been looked at."""

    since: datetime
    until: datetime
    config: Config
    found: list[Reading] = field(default_factory=list)
    still: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # open at its end, by queue, plan and owner

    def add(self, cases: Iterable[Case]) -> None:
        for case in cases:
            self.found += (each for each in readings(case, self.config) if self.since <= each.at < self.until)
            if case.closed is None or case.closed >= self.until:
                self.still[case.queue, case.plan, case.owner] += 1


def figures(cases: Iterable[Case], worked: dict[str, int], since: datetime, until: datetime, config: Config) -> Figures:
    """Of everything that happened from `since` to before `until`."""
    reckoning = Reckoning(since, until, config)
    reckoning.add(cases)
    return reckoned(reckoning, worked)


def reckoned(reckoning: Reckoning, worked: dict[str, int]) -> Figures:
    found = reckoning.found
    zone = ZoneInfo(str(reckoning.config.desk.time_zone))
    weeks = _sorted(found, lambda each: _week(each.at, zone))
    return {
        "since": reckoning.since,
        "until": reckoning.until,
        "total": _group(found) | {"open": reckoning.still.total()},
        "queues": _grouped(found, lambda each: each.case.queue, _open(reckoning, 0)),
        "plans": _grouped(found, lambda each: each.case.plan, _open(reckoning, 1)),
        "agents": _grouped(found, lambda each: each.agent, _open(reckoning, 2)),
        "weeks": {week: _group(weeks[week]) for week in sorted(weeks)},
        "organisations": {name: {"time_worked": minutes} for name, minutes in worked.items()},
    }


def _open(reckoning: Reckoning, part: int) -> Counter[str]:
    """By queue, plan or owner."""
    found: Counter[str] = Counter()
    for key, count in reckoning.still.items():
        found[key[part]] += count
    return found


def _grouped(found: Sequence[Reading], key: Callable[[Reading], str], still: Counter[str]) -> Figures:
    groups = _sorted(found, key)
    names = sorted(name for name in {*groups, *still} if name)
    return {name: _group(groups.get(name, ())) | {"open": still[name]} for name in names}


def _sorted(found: Iterable[Reading], key: Callable[[Reading], str]) -> dict[str, list[Reading]]:
    groups: dict[str, list[Reading]] = defaultdict(list)
    for each in found:
        groups[key(each)].append(each)
    return groups


def _group(found: Sequence[Reading]) -> Figures:
    what = Counter(each.what for each in found)
    kinds = Counter(each.case.kind for each in found if each.what == FIRST)
    marks = [each.case.mark for each in found if each.what == MARKED and each.case.mark is not None]
    reasons = Counter(reason for each in found if each.what == MARKED for reason in each.case.reasons)
    return {
        "opened": what[OPENED],
        "closed": what[CLOSED],
        "first_reply": _lengths(found, FIRST, UNANSWERED["first_response"]),
        "next_reply": _lengths(found, NEXT, UNANSWERED["next_response"]),
        "first_response_kinds": {kind: kinds[kind] for kind in KINDS},
        "updates": {
            "promised": what[UPDATED] + what[MISSED],
            "kept": what[UPDATED],
            "share": _share(what[UPDATED], what[UPDATED] + what[MISSED]),
        },
        "missed_updates": what[MISSED],
        "satisfaction": {
            "asked": what[ASKED],
            "answered": len(marks),
            "mean": round(statistics.fmean(marks), 2) if marks else None,
            "good": _share(sum(mark >= GOOD for mark in marks), len(marks)),
            "reasons": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
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
