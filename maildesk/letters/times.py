"""Moments as a reader says them: in the reader's language and zone.

Called by letters/render for the `when` and `day` of templates. An unknown zone or language falls back, because both
are data of a directory and no letter may fail for them. babel is slow to import and wanted by few letters, so it waits.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

PATTERNS = {
    "en": "EEEE, d MMMM y, HH:mm",
    "de": "EEEE, d. MMMM y, HH:mm 'Uhr'",
}
PATTERN = "EEEE d MMMM y, HH:mm"  # of any other language


def said(moment: datetime, language: str, zone: str) -> str:
    """Such as "Thursday, 24 December 2026, 18:00 (UTC)"."""
    return _said(moment.replace(second=0, microsecond=0), language, zone)


@lru_cache(maxsize=256)
def day(on: str, language: str) -> str:
    """Such as "Thursday, 24 December 2026", of a date in the form of RFC 3339; what is none as it stands."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415
    from babel.dates import format_date  # noqa: PLC0415

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    try:
        told = date.fromisoformat(on)
    except ValueError:
        return on
    return str(format_date(told, PATTERNS.get(locale.language, PATTERN).partition(", HH")[0], locale=locale))


@lru_cache(maxsize=256)  # letters of the same minute name the same moments
def _said(moment: datetime, language: str, zone: str) -> str:
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415
    from babel.dates import format_datetime  # noqa: PLC0415

    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    pattern = PATTERNS.get(locale.language, PATTERN)
    told, short = (
        str(format_datetime(moment, each, tzinfo=known_zone(zone), locale=locale)) for each in (pattern, "z")
    )
    if short[0] in "+-":  # no name that is in use in this language
        short = f"UTC{short[:3]}:{short[3:]}"
    return f"{told} ({short})"


@lru_cache(maxsize=64)
def known_zone(*names: str) -> ZoneInfo:
    """The first of these zones that exists, else UTC."""
    for name in (*names, "UTC"):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
    raise LookupError("no time zone data: install the tzdata package")
