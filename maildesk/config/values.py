"""The scalar values of the configuration: durations, sizes, rates, addresses, names.

Each function takes what stands in the file and returns the value, or raises `Wrong` with what is wrong and what to
write instead. Called by the option models; reads no file and knows no other option.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from maildesk.mime.address import normal
from maildesk.words.frozen import frozen

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SIZES = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
DURATION = re.compile(r"(\d{1,9})(s|m|h|d|bh|bd)")
SIZE = re.compile(r"(\d{1,9}) ?(B|KB|MB|GB)", re.IGNORECASE)
RATE = re.compile(r"(\d{1,9})/(h|d)")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Wrong(ValueError):
    """A value that cannot be used: what is wrong, what to write instead, and where inside the value."""

    def __init__(self, what: str, remedy: str, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy
        self.at = at


@frozen
class Span:
    """A stretch of time: wall clock (s, m, h, d), or hours and days of a calendar (bh, bd)."""

    amount: int
    unit: str

    @property
    def wall(self) -> timedelta:
        """The length on the wall clock; an error for business units, which need a calendar."""
        return timedelta(seconds=self.amount * SECONDS[self.unit])

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@frozen
class Rate:
    """At most `count` in each `span` (the last 60 minutes, or the last 24 hours)."""

    count: int
    span: timedelta


def shown(value: object) -> str:
    """A value as it stood in the file, short enough for a message and free of control characters."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    clean = "".join(mark if mark.isprintable() else "?" for mark in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word most like this one, "" when none is."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6)), "")


def text(value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is no text", "put it in double quotes")
    return value


def span(value: object) -> Span:
    """`30s 15m 4h 2d`, and `4bh 2bd` in business time."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no duration", 'write a number and a unit, such as "15m", "2d", "4bh" or "2bd"')
    return Span(int(found[1]), found[2])


def duration(value: object) -> timedelta:
    """A duration on the wall clock."""
    found = DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no duration", 'write a number and a unit, such as "30s", "15m", "4h" or "2d"')
    if found[2] in ("bh", "bd"):
        raise Wrong(
            "this runs on the wall clock, not in business time",
            f'write hours or days, such as "{found[1]}{found[2][-1]}"',
        )
    return Span(int(found[1]), found[2]).wall


def some_duration(value: object) -> timedelta:
    """A duration that is not nothing."""
    length = duration(value)
    if not length:
        raise Wrong(f"{shown(value)} is no time at all", 'write at least "1s"')
    return length


def keeping(value: object) -> timedelta | None:
    """A retention; empty is for ever."""
    return None if value == "" else some_duration(value)


def size(value: object) -> int:
    """Octets; KB, MB and GB are powers of 1024."""
    found = SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not int(found[1]):
        raise Wrong(f"{shown(value)} is no size", 'write a number and a unit, such as "500KB" or "25MB"')
    return int(found[1]) * SIZES[found[2].upper()]


def rate(value: object) -> Rate:
    found = RATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no rate", 'write how many in an hour or a day, such as "5/h" or "20/d"')
    return Rate(int(found[1]), timedelta(seconds=SECONDS[found[2]]))


def address(value: object) -> str:
    """One mail address, in its normal form."""
    found = normal(value) if isinstance(value, str) else ""
    if not found:
        raise Wrong(f"{shown(value)} is no mail address", 'write one address, such as "support@example.com"')
    return found


def address_or_none(value: object) -> str:
    return "" if value == "" else address(value)


def address_or_domain(value: object) -> str:
    """An address, or a domain for all of its addresses."""
    written = text(value)
    if "@" in written.lstrip("@"):
        return address(written)
    return domain(written.lstrip("@"))


def domain(value: object) -> str:
    """A domain, as lower-case A-label."""
    found = normal(f"a@{value}").removeprefix("a@") if isinstance(value, str) else ""
    if not DOMAIN.fullmatch(found):
        raise Wrong(f"{shown(value)} is no domain", 'write the part behind the @, such as "example.com"')
    return found


def domain_or_none(value: object) -> str:
    return "" if value == "" else domain(value)


def name(value: object) -> str:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise Wrong(
            f"{shown(value)} is no name", "use 1 to 32 small letters, digits and hyphens, a letter or digit first"
        )
    return value


def prefix(value: object) -> str:
    if not isinstance(value, str) or not PREFIX.fullmatch(value):
        raise Wrong(
            f"{shown(value)} is no prefix", 'use 1 to 8 capital letters and digits, a letter first, such as "EX"'
        )
    if value == "HELD":
        raise Wrong('"HELD" marks letters about held mail', 'choose another prefix, such as "EX"')
    return value


def language(value: object) -> str:
    if not isinstance(value, str) or not LANGUAGE.fullmatch(value):
        raise Wrong(f"{shown(value)} is no language", 'write its code, such as "en" or "de"')
    return value


def time_zone(value: object) -> str:
    written = text(value)
    try:
        ZoneInfo(written)
    except (KeyError, ValueError, OSError):
        guess = nearest(written, sorted(available_timezones())) or "Europe/Berlin"
        raise Wrong(f"{shown(written)} is no known time zone", f'write its IANA name, such as "{guess}"') from None
    return written


def day(value: object) -> date:
    """A single date, bare or in quotes."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if isinstance(found, datetime) or not isinstance(found, date):
        raise Wrong(f"{shown(value)} is no date", "write year, month and day, such as 2026-12-24")
    return found


def moment(value: object) -> datetime:
    """An instant, with its zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, datetime):
        raise Wrong(f"{shown(value)} is no time", "write date, time and zone, such as 2026-12-24T18:00:00Z")
    if found.tzinfo is None:
        raise Wrong("the time names no zone", f"write {found.isoformat()}Z for UTC, or an offset such as +01:00")
    return found.astimezone(UTC)


def since(value: object) -> date | str:
    """From when on a mailbox's mail is read."""
    if value in ("start", "all"):
        return str(value)
    try:
        return day(value)
    except Wrong:
        raise Wrong(f"{shown(value)} is no beginning", 'write "start", "all" or a date such as 2026-12-24') from None


def pattern(value: object) -> str:
    """A regular expression; "" for none."""
    written = text(value)
    try:
        re.compile(written)
    except re.error as error:
        place = f" at character {error.pos + 1}" if error.pos is not None else ""
        remedy = "correct it (in single quotes backslashes stand for themselves)"
        raise Wrong(f"the regular expression does not compile: {error.msg}{place}", remedy) from None
    return written


def header_line(value: object) -> str:
    """`Name: value` of a header field; "" for none."""
    written = text(value)
    if written and not re.fullmatch(r"[!-9;-~]+: ?\S.*", written):
        raise Wrong(f"{shown(written)} is no header field", 'write name, colon and value, such as "X-Spam-Flag: YES"')
    return written


def severity(value: object) -> int:
    if str(value) not in ("1", "2", "3", "4") or isinstance(value, bool):
        raise Wrong(f"{shown(value)} is no severity", "write 1, 2, 3 or 4 (1 is critical)")
    return int(str(value))
