"""What time does where several promises are over, or about to be: one thing at a time, the most pressing first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.policy.digest import unkept
from maildesk.policy.timers import ahead, elapse
from maildesk.words import Clocks, Escalation, RecordEvent, SetClocks, Status
from tests.policy.given import ALICE, NOW, OPS, config, effects, elapsed, letters, sent, ticket

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
    assert [each.copy for each in letters(done)] == [False, True]  # its thread shows it once


def test_of_two_warnings_the_one_that_was_due_first_is_given_first() -> None:
    done = elapse(elapsed(ASKED, NOW + 1.9 * HOUR), KNOWN)
    assert [each.clocks.warned for each in effects(done, SetClocks)] == [(UPDATE,)]
    assert letters(done, "due_soon")[0].context["what"] == "update"


def test_what_is_over_in_the_moment_it_would_be_warned_of_is_warned_of_no_more() -> None:
    done = elapse(elapsed(replace(ASKED, clocks=replace(CLOCKS, missed=(UPDATE,))), NOW + 3 * HOUR), KNOWN)
    assert [each.clocks.warned for each in effects(done, SetClocks)] == [(NEXT,)]
    assert sent(done) == []


def test_what_engineering_has_already_is_not_escalated_by_a_promise_that_was_missed() -> None:
    done = elapse(elapsed(replace(ASKED, clocks=WARNED, stage="analysis"), NOW + 5 * HOUR), KNOWN)
    assert [each.event for each in effects(done, RecordEvent)] == ["missed"]
    assert sent(done) == [("overdue", "alice@desk.example"), ("overdue", "mary@desk.example")]


def test_where_nobody_could_be_told_the_operators_are() -> None:
    warned = elapse(elapsed(ASKED, NOW + 1.9 * HOUR, agents=()), KNOWN)
    assert sent(warned) == [("due_soon", "alice@desk.example")]  # its owner, who has left
    free = replace(ASKED, owner=None)
    for clocks, hours in ((CLOCKS, 1.9), (WARNED, 5)):
        done = elapse(elapsed(replace(free, clocks=clocks), NOW + hours * HOUR, agents=()), KNOWN)
        assert [(each.to.address, each.context["what"]) for each in letters(done, "alarm")] == [(OPS, "nobody")]


def test_agents_read_what_is_ahead_with_what_was_missed_and_without_the_warnings() -> None:
    one = replace(ASKED, clocks=replace(CLOCKS, missed=(UPDATE,)))
    assert ahead(one, KNOWN) == ((NOW + 2 * HOUR, "update"), (NOW + 2.5 * HOUR, "next_response"))


def test_a_morning_letter_names_the_promise_that_has_been_overdue_the_longest_from_its_moment_on() -> None:
    moments = (NOW + 2 * HOUR - timedelta(seconds=1), NOW + 2 * HOUR, NOW + 5 * HOUR)
    assert [late.name if (late := unkept(ASKED, at, KNOWN)) else "" for at in moments] == ["", "update", "update"]
