"""What time does where several promises are over, or about to be: one thing at a time, the most pressing first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.policy.timers import elapse
from maildesk.words import Clocks, Escalation, RecordEvent, SetClocks, Status
from tests.policy.given import ALICE, NOW, config, effects, elapsed, letters, sent, ticket

HOUR = timedelta(hours=1)
KNOWN = config('[plan.timed]\ncontacts = 9\nnext_response = { 3 = "150m" }\nupdate_every = { 3 = "2h" }\n')
CLOCKS = Clocks(told=NOW, asked=NOW)
ASKED = ticket(plan="timed", status=Status.OPEN, owner=ALICE, first_answered=NOW, clocks=CLOCKS)
UPDATE, NEXT = ("update", NOW), ("next_response", NOW)
WARNED = replace(CLOCKS, warned=(UPDATE, NEXT))


def test_of_two_promises_that_are_over_the_one_that_was_due_first_is_told_first_and_escalates() -> None:
    done = elapse(elapsed(replace(ASKED, clocks=WARNED), NOW + 5 * HOUR), KNOWN)
    told = [(each.event, each.detail) for each in effects(done, RecordEvent)]
    assert told == [("missed", "update"), ("escalated", "update")]
    assert letters(done, "overdue")[0].context["due_at"] == NOW + 2 * HOUR


def test_the_second_of_them_is_told_too_and_escalates_no_more() -> None:
    way = Escalation(NOW + 5 * HOUR)
    first = replace(ASKED, clocks=replace(WARNED, missed=(UPDATE,), escalation=way))
    done = elapse(elapsed(first, NOW + 5 * HOUR), KNOWN)
    assert [(each.event, each.detail) for each in effects(done, RecordEvent)] == [("missed", "next_response")]
    assert [each.clocks.missed for each in effects(done, SetClocks)] == [(UPDATE, NEXT)]
    assert sent(done) == [("overdue", "alice@desk.example"), ("overdue", "mary@desk.example")]


def test_of_two_warnings_the_one_that_was_due_first_is_given_first() -> None:
    done = elapse(elapsed(ASKED, NOW + 1.9 * HOUR), KNOWN)
    assert [each.clocks.warned for each in effects(done, SetClocks)] == [(UPDATE,)]
    assert letters(done, "due_soon")[0].context["what"] == "update"


def test_what_is_over_in_the_moment_it_would_be_warned_of_is_warned_of_no_more() -> None:
    done = elapse(elapsed(replace(ASKED, clocks=replace(CLOCKS, missed=(UPDATE,))), NOW + 3 * HOUR), KNOWN)
    assert [each.clocks.warned for each in effects(done, SetClocks)] == [(NEXT,)]
    assert sent(done) == []
