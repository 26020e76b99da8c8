"""When tickets are planned anew: another mark where a promise, a calendar or an end comes at another moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maildesk.policy.replanning import mark, replanned
from maildesk.words import Clocks, RecordEvent, Schedule, SetClocks, Status
from tests.policy.given import NOW, config, ticket

PLAN = '[plan.gold]\ntitle = "Gold"\nfirst_response = { 3 = "4h" }\n'
OFFICE = '[calendar.office]\nhours = { mon-fri = "08:00-16:00" }\n'
GOLD = ticket(plan="gold", opened=NOW, status_since=NOW)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "other",
    [
        PLAN.replace("4h", "5h"),
        PLAN + 'update_every = { 3 = "1d" }\n',
        PLAN + "around_the_clock = [3]\n",
        PLAN + '[plan.gold.queue.technical]\nfirst_response = { 3 = "1h" }\n',
        PLAN + "[plan.gold.queue.technical]\nfirst_response = {}\n",
        PLAN + OFFICE,
        PLAN + '[closing]\nsolved_after = "3d"\n',
        PLAN + "[escalation]\nwarn_at = 0.5\n",
        PLAN + '[escalation]\ntriage = "2bd"\n',
    ],
)
def test_what_moves_a_moment_marks_the_configuration(other: str) -> None:
    assert mark(config(PLAN)) != mark(config(other))


@pytest.mark.parametrize("other", ['[limits]\nautomatic_mail = "5/h"\n', '[logging]\nlevel = "debug"\n', ""])
def test_what_moves_none_does_not(other: str) -> None:
    assert mark(config(PLAN)) == mark(config(PLAN + other))


def test_no_hours_of_its_own_in_a_queue_are_another_thing_than_no_word_of_it() -> None:
    queue = "[plan.gold.queue.technical]\n"
    assert mark(config(PLAN + queue)) != mark(config(PLAN + queue + "first_response = {}\n"))


def test_a_ticket_whose_moment_is_ahead_is_only_scheduled() -> None:
    assert replanned(GOLD, NOW + HOUR, config(PLAN)) == (Schedule(GOLD.reference, NOW + 3 * HOUR),)


def test_what_is_over_is_told_and_recorded_once() -> None:
    at = NOW + 5 * HOUR
    told, event, scheduled = replanned(GOLD, at, config(PLAN))
    clocks = Clocks(missed=(("first_response", NOW),))
    assert told == SetClocks(GOLD.reference, clocks)
    assert event == RecordEvent(GOLD.reference, "overdue", "", "first_response")
    assert scheduled == Schedule(GOLD.reference, None)
    assert replanned(replace(GOLD, clocks=clocks), at, config(PLAN)) == (Schedule(GOLD.reference, None),)


def test_what_is_due_by_the_new_configuration_alone_comes_now_and_not_in_the_past() -> None:
    solved = replace(GOLD, status=Status.SOLVED, status_since=NOW, reminded=NOW)
    late = NOW + timedelta(days=5)
    assert replanned(solved, late, config(PLAN)) == (Schedule(GOLD.reference, late),)


def test_a_closed_ticket_without_a_survey_is_never_looked_at_again() -> None:
    over = replace(GOLD, status=Status.CLOSED, status_since=NOW, closed=NOW)
    assert replanned(over, NOW + HOUR, config(PLAN)) == (Schedule(GOLD.reference, None),)
