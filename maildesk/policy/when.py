"""Dates, times of day and lengths of time as people write them in a command, in English and German.

Read by the commands that take one. Tolerant of how it is written, never of what is meant: what could be two days, as
3/4/2026, or is none, as 30.2., is None, and the command is refused with its form. Pure: the caller says what today is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from unicodedata import normalize

LONGEST = 60  # characters; whoever writes more writes no date
YEARS = range(2000, 2200)  # far from where the calendar of the computer ends

_MONTHS = (
    ("january", "januar", "jänner", "jaenner"),
    ("february", "februar", "feber"),
    ("march", "märz", "maerz", "mrz"),
    ("april",),
    ("may", "mai"),
    ("june", "juni"),
    ("july", "juli"),
    ("august",),
    ("september", "sept"),
    ("october", "oktober"),
    ("november",),
    ("december", "dezember"),
)
_DAYS = (
    ("monday", "mon", "montag", "mo"),
    ("tuesday", "tues", "tue", "dienstag", "di"),
    ("wednesday", "wed", "mittwoch", "mi"),
    ("thursday", "thurs", "thur", "thu", "donnerstag", "do"),
    ("friday", "fri", "freitag", "fr"),
    ("saturday", "sat", "samstag", "sonnabend", "sa"),
    ("sunday", "sun", "sonntag", "so"),
)
_MONTH = {word: n for n, names in enumerate(_MONTHS, 1) for name in names for word in (name, name[:3])}
_DAY = {name: n for n, names in enumerate(_DAYS) for name in names}
_FROM_TODAY = {
    "today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2, "uebermorgen": 2, "day after tomorrow": 2,
}  # fmt: skip

_ON = re.compile(r"(?:on |am |den |the |next |coming |nächste[nr]? |kommende[nr]? )+")
_OF_WEEK = re.compile(r"([a-zäöü]+)\.?,? +(?=[0-9a-z])")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})(?:\. ?([0-9]{4}|[0-9]{2})?)?")
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/([0-9]{4}))?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:\.|st|nd|rd|th)? ?(?:of )?([a-zä]+)\.?,?(?: ([0-9]{4}))?")
_MONTH_DAY = re.compile(r"([a-zä]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,?(?: ([0-9]{4}))?")

_AT = re.compile(r"(?:at |um |@ ?)")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?( ?[ap]\.? ?m\.?)?( ?uhr| o'clock)?")
_HOUR = re.compile(r"([0-9]{1,2}) ?(?:h|uhr) ?([0-9]{2})?")
_NAMED_TIME = {"noon": time(12), "midday": time(12), "mittag": time(12), "mittags": time(12)}

_FOR = re.compile(r"(?:for |für |fuer )")
_HOURS = r"(?:hours?|hrs?|h|stunden?|std)\.?"
_MINUTES = r"(?:minutes?|minuten?|mins?|m)\.?"
_LENGTH = re.compile(
    rf"(?:([0-9]{{1,4}})(?:[.,]([0-9]{{1,2}}))? ?{_HOURS})?(?:,| and| und)? ?(?:([0-9]{{1,4}}) ?(?:{_MINUTES})?)?"
)
_HOURS_MINUTES = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?: ?h)?")
_BARE = re.compile(r"[0-9]+")
_NAMED_LENGTH = {
    "half an hour": 30, "half hour": 30, "halbe stunde": 30, "eine halbe stunde": 30,
    "an hour": 60, "one hour": 60, "eine stunde": 60,
}  # fmt: skip


def date_of(text: str, today: date) -> date | None:
    """A day without a year is the next one of its kind, today included; a day of the week is never today."""
    text = _ON.sub("", _plain(text), count=1)
    if text in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[text])
    if text.rstrip(".") in _DAY:
        return today + timedelta(days=(_DAY[text.rstrip(".")] - today.weekday() - 1) % 7 + 1)
    of_week = _OF_WEEK.match(text)
    if of_week is None or of_week[1] not in _DAY:
        return _day_of(text, today)
    found = _day_of(text[of_week.end() :], today)
    return found if found and found.weekday() == _DAY[of_week[1]] else None


def time_of(text: str) -> time | None:
    """A time of day. A number alone is none."""
    text = _AT.sub("", _plain(text), count=1)
    if text in _NAMED_TIME:
        return _NAMED_TIME[text]
    if hours := _HOUR.fullmatch(text):
        return _time(int(hours[1]), int(hours[2] or 0))
    clock = _CLOCK.fullmatch(text)
    if clock is None or not (clock[2] or clock[3] or clock[4]):
        return None
    hour, half = int(clock[1]), (clock[3] or "").strip()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return _time(hour, int(clock[2] or 0))


def minutes_of(text: str) -> int | None:
    """A length of time in minutes, one at least. A number alone is none: it might be hours."""
    text = _FOR.sub("", _plain(text), count=1)
    if text in _NAMED_LENGTH:
        return _NAMED_LENGTH[text]
    if clock := _HOURS_MINUTES.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2]) or None
    found = _LENGTH.fullmatch(text)
    if found is None or _BARE.fullmatch(text):
        return None
    hours, part, minutes = found.groups()
    if hours and minutes and (part or int(minutes) > 59):
        return None
    parts = round(int((part or "0").ljust(2, "0")) * 60 / 100)
    return int(hours or 0) * 60 + parts + int(minutes or 0) or None


def _plain(text: str) -> str:
    """In small letters, with single blanks and the digits of a wide keyboard made ours; what is too long is nothing."""
    return " ".join(normalize("NFKC", text[: LONGEST + 1]).split()).casefold() if len(text) <= LONGEST else ""


def _day_of(text: str, today: date) -> date | None:
    for form, read in _FORMS:
        if found := form.fullmatch(text):
            return read(found, today)
    return None


def _day_first(found: re.Match[str], today: date) -> date | None:
    year = found[3]
    return _date("20" + year if year and len(year) == 2 else year, int(found[2]), int(found[1]), today)


def _slashes(found: re.Match[str], today: date) -> date | None:
    """The day stands first in some countries and the month in others: only what cannot be both is a date."""
    one, other = int(found[1]), int(found[2])
    if one <= 12 and other <= 12 and one != other:
        return None
    return _date(found[3], min(one, other), max(one, other), today)


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _made(int(year), month, day)
    this = _made(today.year, month, day)
    return this if this and this >= today else _made(today.year + 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_YEAR_FIRST, lambda found, today: _date(found[1], int(found[2]), int(found[3]), today)),
    (_DAY_FIRST, _day_first),
    (_SLASHES, _slashes),
    (_DAY_MONTH, lambda found, today: _date(found[3], _MONTH.get(found[2], 0), int(found[1]), today)),
    (_MONTH_DAY, lambda found, today: _date(found[3], _MONTH.get(found[1], 0), int(found[2]), today)),
)
