"""Dates, times of day and lengths of time as people write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy.when import date_of, minutes_of, time_of

TODAY = date(2026, 11, 22)  # a Sunday
EVE = date(2026, 12, 24)  # a Thursday

DATES = {
    "2026-12-24": EVE,
    "2026-1-4": date(2026, 1, 4),
    "2026/12/24": EVE,
    "2026.12.24": EVE,
    "24.12.2026": EVE,
    "24. 12. 2026": EVE,
    "24.12.26": EVE,
    "24.12.": EVE,
    "24.12": EVE,
    "4.1.": date(2027, 1, 4),
    "22.11.": TODAY,
    "21.11.": date(2027, 11, 21),
    "24 Dec": EVE,
    "24 dec 2026": EVE,
    "24Dec": EVE,
    "24th of December": EVE,
    "24. Dezember 2026": EVE,
    "24. Dez.": EVE,
    "Dec 24 2026": EVE,
    "Dec. 24, 2026": EVE,
    "December 24th": EVE,
    "on Dec 24": EVE,
    "am 24.12.": EVE,
    "1. März": date(2027, 3, 1),
    "1 Maerz": date(2027, 3, 1),
    "3 Jan": date(2027, 1, 3),
    "3 Mai": date(2027, 5, 3),
    "24/12/2026": EVE,
    "12/24/2026": EVE,
    "12/24": EVE,
    "4/4/2027": date(2027, 4, 4),
    "today": TODAY,
    "heute": TODAY,
    "tomorrow": date(2026, 11, 23),
    "Morgen": date(2026, 11, 23),
    "übermorgen": date(2026, 11, 24),
    "monday": date(2026, 11, 23),
    "Montag": date(2026, 11, 23),
    "Mo": date(2026, 11, 23),
    "mon.": date(2026, 11, 23),
    "next Tuesday": date(2026, 11, 24),
    "sunday": date(2026, 11, 29),
    "Sonnabend": date(2026, 11, 28),
    "Thu 24 Dec": EVE,
    "Donnerstag, 24.12.": EVE,
    "Do 24.12.": EVE,
    "Thursday, December 24, 2026": EVE,
    "２０２６-１２-２４": EVE,
    "  24.12.2026\t": EVE,
    "28.2.": date(2027, 2, 28),
    "2028-02-29": date(2028, 2, 29),
}  # fmt: skip

NO_DATES = (
    "", "soon", "2026-13-01", "30.2.", "2026-02-30", "32.1.2026", "3/4/2026", "3/4", "13/13/2026", "24.12.1999",
    "9999-12-31", "0001-01-01", "24.12.20260", "24122026", "24", "Fri 24 Dec", "24 Foo", "Foo 24", "0.0.", "-1.1.2026",
    "٢٠٢٦-١٢-٢٤", "2026-12-24 14:00", "99999999999999999999", "monday monday", "2026-12-24; DROP", "½.1.",
)  # fmt: skip

TIMES = {
    "14:00": time(14),
    "14.30": time(14, 30),
    "9:05": time(9, 5),
    "00:00": time(0),
    "23:59": time(23, 59),
    "2pm": time(14),
    "2 PM": time(14),
    "2:30 p.m.": time(14, 30),
    "2.30pm": time(14, 30),
    "12am": time(0),
    "12pm": time(12),
    "14h": time(14),
    "14h30": time(14, 30),
    "14 Uhr": time(14),
    "14 Uhr 30": time(14, 30),
    "14:30 Uhr": time(14, 30),
    "um 14:30 Uhr": time(14, 30),
    "at 9am": time(9),
    "noon": time(12),
    "１４：００": time(14),
}

NO_TIMES = (
    "", "14", "25:00", "24:00", "14:60", "13pm", "0am", "14:0", "1400", "-1:00", "14:00:00:00", "99h", "٢pm", "12:00x",
)  # fmt: skip

LENGTHS = {
    "1h30m": 90,
    "1h 30m": 90,
    "1h30": 90,
    "1 h": 60,
    "90m": 90,
    "90min": 90,
    "20 min": 20,
    "20 mins.": 20,
    "1.5h": 90,
    "1,5 h": 90,
    "1.25h": 75,
    "0.5h": 30,
    "1:30": 90,
    "0:20": 20,
    "1:30h": 90,
    "2 hours": 120,
    "1 hour 30 minutes": 90,
    "1 hour and 30 minutes": 90,
    "1 Stunde": 60,
    "2 Std. 15 Min.": 135,
    "90 Minuten": 90,
    "eine halbe Stunde": 30,
    "half an hour": 30,
    "for 45m": 45,
    "１ｈ": 60,
    "9999m": 9999,
}

NO_LENGTHS = (
    "", "90", "0", "0m", "0:00", "-1h", "1h75m", "1.5h30m", "1:75", "2d", "99999m", "h", "m", "and", " and ", "1h1h",
    "1e9h", "٣h", "long", "1.555h", "∞h",
)  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), DATES.items())
def test_a_date_is_read_as_people_write_it(text: str, meant: date) -> None:
    assert date_of(text, TODAY) == meant


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    assert date_of(text, TODAY) is None


@pytest.mark.parametrize(("text", "meant"), TIMES.items())
def test_a_time_of_day_is_read_as_people_write_it(text: str, meant: time) -> None:
    assert time_of(text) == meant


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert time_of(text) is None


@pytest.mark.parametrize(("text", "meant"), LENGTHS.items())
def test_a_length_of_time_is_read_as_people_write_it(text: str, meant: int) -> None:
    assert minutes_of(text) == meant


@pytest.mark.parametrize("text", NO_LENGTHS)
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert minutes_of(text) is None


def test_the_29th_of_february_without_a_year_is_the_next_one_if_that_is_this_year_or_the_next() -> None:
    assert date_of("29.2.", date(2027, 6, 1)) == date(2028, 2, 29)
    assert date_of("29.2.", date(2025, 6, 1)) is None


def test_a_weekday_named_on_that_weekday_is_the_one_in_a_week() -> None:
    assert date_of("thursday", EVE) == date(2026, 12, 31)


@given(st.text(max_size=200) | st.text("0123456789.:/- hmaponeuty,", max_size=70), st.dates(date(2000, 1, 1)))
def test_no_text_breaks_a_reader(text: str, today: date) -> None:
    assert (found := date_of(text, min(today, date(2199, 1, 1)))) is None or found.year >= 2000
    assert (at := time_of(text)) is None or at.second == 0
    assert (minutes_of(text) or 1) > 0


@pytest.mark.parametrize("text", ["1" * 100_000, " " * 100_000, "on " * 50_000, "1.1" * 40_000, "a" * 1_000_000])
def test_what_is_too_long_is_nothing(text: str) -> None:
    assert (date_of(text, TODAY), time_of(text), minutes_of(text)) == (None, None, None)
