"""Public holidays by the code a calendar names, such as "DE" or "US-CA".

Called by hours_days. The package is slow to import, and a desk without holidays never needs it, so it waits. The
configuration has checked that the code is known.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def is_holiday(code: str, day: date) -> bool:
    return bool(code) and day in _of_year(code, day.year)


@lru_cache(maxsize=512)
def _of_year(code: str, year: int) -> frozenset[date]:
    """With the days on which a holiday of the weekend is made good."""
    from holidays import country_holidays  # noqa: PLC0415

    country, _, region = code.partition("-")
    return frozenset(country_holidays(country, subdiv=region or None, years=year))
