"""What time does to a ticket, moved by hand: reminder, closing, survey."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maildesk.config import Config
from maildesk.policy.timers import due, elapse, next_check
from maildesk.words import (
    OpenSurvey,
    Recent,
    Schedule,
    SetReminded,
    SetStatus,
    SetSurveyDue,
    Status,
    Survey,
    Ticket,
)
from tests.policy.given import ALICE, CONFIG, NOW, OLGA, config, effects, elapsed, letters, sent, ticket

DAY = timedelta(days=1)
SOLVED = ticket(status=Status.SOLVED, status_since=NOW, owner=ALICE)
PENDING = ticket(status=Status.PENDING, status_since=NOW, owner=ALICE)
REMINDED = replace(SOLVED, reminded=NOW + DAY)
CLOSED = ticket(status=Status.CLOSED, status_since=NOW, closed=NOW, survey_due=NOW)

NO_REMINDER = config('[closing]\nremind_before = "0s"\n')
SHORT = config('[closing]\nsolved_after = "1d"\nremind_before = "1d"\n')


@pytest.mark.parametrize(
    ("given", "with_config", "expected"),
    [
        (ticket(), CONFIG, ()),
        (ticket(status=Status.OPEN), CONFIG, ()),
        (SOLVED, CONFIG, ((NOW + DAY, "remind"), (NOW + 2 * DAY, "close"))),
        (PENDING, CONFIG, ((NOW + 6 * DAY, "remind"), (NOW + 7 * DAY, "close"))),
        (REMINDED, CONFIG, ((NOW + 2 * DAY, "close"),)),
        (SOLVED, NO_REMINDER, ((NOW + 2 * DAY, "close"),)),
        (SOLVED, SHORT, ((NOW + DAY, "close"),)),
        (CLOSED, CONFIG, ((NOW, "survey"),)),
        (replace(CLOSED, survey_due=None), CONFIG, ()),
    ],
    ids=["new", "open", "solved", "pending", "reminded", "no reminder", "reminder too early", "closed", "surveyed"],
)
def test_what_time_will_do_is_known_in_its_order(
    given: Ticket, with_config: Config, expected: tuple[tuple[datetime, str], ...]
) -> None:
    assert due(given, with_config) == expected
    assert next_check(given, with_config) == (expected[0][0] if expected else None)


def test_nothing_happens_before_its_moment() -> None:
    assert elapse(elapsed(SOLVED, NOW + DAY - timedelta(seconds=1)), CONFIG) == ()


def test_the_customer_is_reminded_once_before_a_ticket_closes() -> None:
    decisions = elapse(elapsed(SOLVED, NOW + DAY), CONFIG)
    assert sent(decisions) == [("closing_soon", "carol@acme.example")]
    assert letters(decisions)[0].context == {"status": "solved", "close_at": NOW + 2 * DAY}
    assert effects(decisions, SetReminded) == [SetReminded("EX-7")]
    assert effects(decisions, Schedule) == [Schedule("EX-7", NOW + 2 * DAY)]


@pytest.mark.parametrize(("resting", "days"), [(SOLVED, 2), (PENDING, 7)])
def test_a_ticket_closes_by_itself_with_a_notice_and_a_survey_to_come(resting: Ticket, days: int) -> None:
    at = NOW + timedelta(days=days)
    decisions = elapse(elapsed(replace(resting, reminded=NOW), at), CONFIG)
    assert effects(decisions, SetStatus) == [SetStatus("EX-7", Status.CLOSED, "")]
    assert sent(decisions) == [("closed", "carol@acme.example")]
    assert letters(decisions)[0].context == {"reason": resting.status.value, "survey": True}
    assert effects(decisions, SetSurveyDue) == [SetSurveyDue("EX-7", at)]
    assert effects(decisions, Schedule) == [Schedule("EX-7", at)]


def test_after_a_long_sleep_one_thing_is_done_at_a_time_in_order() -> None:
    late = NOW + 30 * DAY
    assert [name for name, _ in sent(elapse(elapsed(SOLVED, late), CONFIG))] == ["closing_soon"]
    assert [name for name, _ in sent(elapse(elapsed(REMINDED, late), CONFIG))] == ["closed"]


def test_the_survey_follows_and_is_bound_to_the_requester() -> None:
    decisions = elapse(elapsed(CLOSED), CONFIG)
    assert effects(decisions, OpenSurvey) == [OpenSurvey("EX-7", "carol@acme.example", NOW + 30 * DAY)]
    assert sent(decisions) == [("survey", "carol@acme.example")]
    assert letters(decisions)[0].context == {"kind": "marks", "reasons": [], "valid_until": NOW + 30 * DAY}
    assert effects(decisions, SetSurveyDue) == [SetSurveyDue("EX-7", None)]
    assert effects(decisions, Schedule) == [Schedule("EX-7", None)]


def test_nobody_is_asked_more_often_than_agreed() -> None:
    assert sent(elapse(elapsed(CLOSED, last_survey=NOW - 29 * DAY), CONFIG)) == []
    assert sent(elapse(elapsed(CLOSED, last_survey=NOW - 30 * DAY), CONFIG)) == [("survey", "carol@acme.example")]


def test_a_plan_without_surveys_and_a_ticket_that_had_one_get_none() -> None:
    quiet = replace(REMINDED, organisation="Other")
    decisions = elapse(elapsed(quiet, NOW + 2 * DAY, colleagues=(OLGA,)), CONFIG)
    assert effects(decisions, SetSurveyDue) == []
    assert letters(decisions)[0].context["survey"] is False
    asked = replace(REMINDED, survey=Survey(NOW, NOW))
    assert effects(elapse(elapsed(asked, NOW + 2 * DAY), CONFIG), SetSurveyDue) == []


def test_the_brake_holds_what_a_jump_of_the_clock_would_send() -> None:
    decisions = elapse(elapsed(REMINDED, NOW + 2 * DAY, recent=Recent(automatic=600)), CONFIG)
    assert letters(decisions, "closed")[0].held == "automatic_mail"
    assert letters(decisions, "alarm")
    assert effects(decisions, SetStatus)
