"""A moment and a length behind each other, as agents and customers write them, where no mark says which is which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maildesk.policy.moments import GAP, MOST_WORDS, NO_MOMENT, instants, meant
from maildesk.policy.when import LONGEST

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
AT = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)  # 14:00 in Berlin
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3.3. 14:00 1h", HOUR),
        ("tomorrow 2 pm 90 min", 1.5 * HOUR),
        ("Tuesday, 3 March 2026, 14:00, 1h", HOUR),
        ("day after tomorrow 14:00 1h", None),
        ("3.3. 14:00 1 h 5 min", HOUR + timedelta(minutes=5)),
        ("3.3. 14:00-15:01", HOUR + timedelta(minutes=1)),
        ("3.3. 14:00 to 14:01", timedelta(minutes=1)),
        ("3.3. 14:00 bis 23:59", 9 * HOUR + timedelta(minutes=59)),
        ("3.3. 14:00 \u2013 16:30", 2.5 * HOUR),
    ],
)
def test_the_parts_are_told_apart_by_what_they_can_be(text: str, length: timedelta | None) -> None:
    at = AT if length else AT + timedelta(days=1)
    assert meant(text, NOW, BERLIN) == (at, at + (length or HOUR))


@pytest.mark.parametrize(
    "text",
    [
        "", "3.3.", "14:00 1h", "3.3. 1h", "3.3. 14:00", "3.3. 14:00 soon", "3.3. late 1h", "3.3. 14:00-14:00",
        "3.3. 15:00-14:00", "3.3. 14:00-", "3.3. -15:00", "soon 14:00 1h", "3.3. 14:00 1h sharp",
    ],
)  # fmt: skip
def test_what_lacks_a_part_or_ends_before_it_begins_is_no_moment(text: str) -> None:
    assert meant(text, NOW, BERLIN) == NO_MOMENT


def test_a_time_that_the_clock_skips_is_none_and_one_that_comes_twice_is_the_first() -> None:
    assert meant("29.3. 2:30 1h", NOW, BERLIN) == GAP
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert meant("25.10. 2:30 1h", NOW, BERLIN) == (first, first + HOUR)
    assert instants("25.10. 2:30", NOW, BERLIN) == (first, first + HOUR)


def test_today_is_that_of_the_zone() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday in Berlin
    assert meant("today 14:00 1h", late, BERLIN) == (AT, AT + HOUR)
    assert set(instants("today 14:00", late, BERLIN)) == {AT}
    assert instants("today", late, BERLIN) == ()


def test_so_many_words_and_characters_are_read_and_no_more() -> None:
    full = "the day after tomorrow at 2 pm 1 h and 5 minutes"
    assert len(full.split()) == MOST_WORDS
    at = AT + timedelta(days=1)
    assert meant(full, NOW, BERLIN) == (at, at + HOUR + timedelta(minutes=5))
    assert meant(f"the {full}", NOW, BERLIN) == NO_MOMENT
    text = "3.3. 14:00 1h"
    assert meant(text + " " * (2 * LONGEST - len(text)), NOW, BERLIN) == (AT, AT + HOUR)
    assert meant(text + " " * (2 * LONGEST - len(text) + 1), NOW, BERLIN) == NO_MOMENT
