"""What business time costs, counted: a list of thousands of tickets asks for thousands of promises."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

import pytest

from maildesk.config import Calendar
from maildesk.config.hours import Spans
from maildesk.policy.hours import Timetable
from maildesk.policy.hours_days import Place, place

START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
OFFICE = Calendar.model_validate(
    {"time_zone": "Europe/Berlin", "hours": {"mon-thu": "08:00-12:00 13:00-17:00", "fri": "08:00-24:00"}}
)


class Counted(Place):
    """Which days it is asked for."""

    @cached_property
    def asked(self) -> list[date]:
        return []

    def hours(self, day: date) -> Spans:
        self.asked.append(day)
        return Place.hours(self, day)


def counted() -> Counted:
    plain = place(OFFICE)
    return Counted(plain.zone, plain.week, plain.holidays, plain.closed, plain.open)


def test_a_thousand_promises_of_sixty_days_look_at_each_day_a_few_times() -> None:
    office = counted()
    table = Timetable("Europe/Berlin", (office,))
    for minutes in range(1000):
        due = table.days_after(START + timedelta(minutes=minutes), 60)
        assert due is not None
        assert table.elapsed(START, due) > timedelta(days=15)
    assert max(office.asked.count(day) for day in set(office.asked)) <= 8


@pytest.mark.parametrize("step", [timedelta(minutes=47), timedelta(hours=31), timedelta(days=13, minutes=1)])
def test_open_time_is_that_of_the_stretches_however_it_is_cut(step: timedelta) -> None:
    table = Timetable("Europe/Berlin", (place(OFFICE),))
    moments = [START + step * number for number in range(60)]
    for since, until in [*pairwise(moments), (moments[0], moments[-1]), (moments[7], moments[3])]:
        stretches = list(table.spans(since, until))
        found = sum((closes - opens for opens, closes in stretches), timedelta())
        assert table.elapsed(since, until) == found
        if found:
            assert table.time_after(since, found) == stretches[-1][1]
            assert table.time_after(since, found / 2) <= stretches[-1][1]
