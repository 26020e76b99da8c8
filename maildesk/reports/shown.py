"""Figures as the letter `report` shows them: lengths and shares as people say them, bars, the largest first.

Called by `maildesk report`. Plain data of no language; sentences belong to the template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maildesk.config import Config
from maildesk.reports.figures import Figures

WIDE = 24  # characters of the longest bar
FULL, PARTS = "█", " ▏▎▍▌▋▊▉"  # eighths


def shown(figures: Figures, config: Config) -> dict[str, Any]:
    """The context of the letter."""
    titles: dict[str, dict[str, str]] = {
        "queues": {name: queue.title for name, queue in config.queue.items()},
        "plans": {name: plan.title for name, plan in config.plan.items()},
        "agents": {},
    }
    total = figures["total"]
    worked = {name: each["time_worked"] for name, each in figures["organisations"].items()}
    return {
        "since": figures["since"],
        "until": figures["until"],
        "total": _row("", total),
        "first": _replies(total["first_reply"]),
        "next": _replies(total["next_reply"]),
        "missed_updates": total["missed_updates"],
        "updates": _updates(total["updates"]),
        "satisfaction": _marks(total["satisfaction"]),
        "reasons": list(total["satisfaction"]["reasons"].items()),
        "kinds": _kinds(total["first_response_kinds"]),
        "weeks": _barred([_row(name, group) | {"size": group["opened"]} for name, group in figures["weeks"].items()]),
        "groups": [(what, _rows(figures[what], names)) for what, names in titles.items() if figures[what]],
        "worked": [(name, span(minutes)) for name, minutes in sorted(worked.items(), key=_largest) if minutes],
    }


def span(minutes: float | None) -> str:
    """`1 h 20 min`; "" for none."""
    if minutes is None:
        return ""
    hours, rest = divmod(round(minutes), 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))


def bar(size: float) -> str:
    """Of 0 to 1, in eighths of a character."""
    eighths = round(size * WIDE * 8)
    return (FULL * (eighths // 8) + PARTS[eighths % 8]).strip()


def _kinds(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    most = max(counts.values()) or 1
    return [
        {"kind": kind, "count": count, "percent": round(100 * count / most)} for kind, count in counts.items() if count
    ]


def _rows(groups: Mapping[str, Figures], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [_row(titles.get(name, name), group) for name, group in groups.items()]
    return _barred(sorted(rows, key=lambda row: (-row["size"], row["name"])))


def _row(name: str, group: Figures) -> dict[str, Any]:
    first, further = group["first_reply"], group["next_reply"]
    promised, kept = first["promised"] + further["promised"], first["kept"] + further["kept"]
    return {
        "name": name,
        "opened": group["opened"],
        "closed": group["closed"],
        "open": group.get("open", 0),
        "replies": first["count"] + further["count"],
        "first": span(first["median"]),
        "next": span(further["median"]),
        "kept": percent(kept / promised) if promised else "",
        "missed": group["missed_updates"],
        "mean": group["satisfaction"]["mean"],
        "size": max(group["opened"], first["count"] + further["count"]),
        "percent": 0,
        "bar": "",
    }


def _barred(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    most = max((row["size"] for row in rows), default=0) or 1
    return [row | {"bar": bar(row["size"] / most), "percent": round(100 * row["size"] / most)} for row in rows]


def _replies(found: Figures) -> dict[str, Any]:
    told = {"median": span(found["median"]), "p90": span(found["p90"]), "share": percent(found["share"])}
    return {**found, **told, "percent": round(100 * (found["share"] or 0))}


def _updates(found: Figures) -> dict[str, Any]:
    return {**found, "share": percent(found["share"]), "percent": round(100 * (found["share"] or 0))}


def _marks(found: Figures) -> dict[str, Any]:
    return {**found, "good": percent(found["good"]), "percent": round(100 * (found["good"] or 0))}


def percent(share: float | None) -> str:
    """A rest is never rounded to all, nor something to nothing."""
    if share is None:
        return ""
    whole = min(99, max(1, round(100 * share))) if 0 < share < 1 else round(100 * share)
    return f"{whole} %"


def _largest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
