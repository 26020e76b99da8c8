"""In which order tickets are served, and so listed: the gravest first, then the plan served first, then as they came.

Used by every list of tickets: digests, handovers, `#mine`, `ticket list`; store/order says the same in SQL, for lists
that are cut.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config

Place = tuple[int, int, datetime, int]


def place(severity: int, plan: str, opened: datetime, reference: str, config: Config) -> Place:
    """Where it stands among others; of two that came at once, the lower number first."""
    return int(severity), rank(plan, config), opened, int(reference.rpartition("-")[2])


def rank(plan: str, config: Config) -> int:
    """A plan that is configured no more, and none at all, come last."""
    agreed = config.plan.get(plan)
    return agreed.rank if agreed else last(config)


def last(config: Config) -> int:
    return max((one.rank for one in config.plan.values()), default=0) + 1
