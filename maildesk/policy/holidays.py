"""Holidays by what a calendar names: a code such as "US-CA", and kinds besides the public ones ("DE-BY catholic").

Called by hours_days, and for their names by letters. The package is slow to import, and a desk without holidays never
needs it, so it waits. The configuration has checked that code and kinds are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache


def is_holiday(written: str, day: date) -> bool:
    return bool(written) and day in _of_year(written, day.year, "")


def holiday(written: str, day: date, language: str) -> str:
    """Its name in that language, else in its country's own; "" where it is none."""
    return _of_year(written, day.year, language).get(day, "") if written else ""


@lru_cache(maxsize=512)
def _of_year(written: str, year: int, language: str) -> dict[date, str]:
    """With the days on which a holiday of the weekend is made good."""
    from holidays import country_holidays  # noqa: PLC0415

    code, *kinds = written.split()
    country, _, region = code.partition("-")
    known = country_holidays(country)
    found = country_holidays(
        country,
        subdiv=region or None,
        years=year,
        language=_spoken(language, known.supported_languages) or known.default_language,  # else by the locale
        categories=tuple({known.default_category, *kinds}) if kinds else None,
    )
    return {day: found.get(day, "") for day in found}


def _spoken(language: str, known: Sequence[str]) -> str | None:
    """None: names are not known in it."""
    same = (each for each in known if language and each.partition("_")[0] == language.partition("-")[0])
    return next(same, None)
