"""What a report counts, and how long it says that something took: on both databases, from tickets as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maildesk.config import parse
from maildesk.reports.figures import figures
from maildesk.reports.shown import bar, percent, shown, span
from maildesk.store.figures import EVER, Case, Turn
from maildesk.words import Severity, Status

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # opening of the calendar
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = (MONDAY - 8 * HOUR, MONDAY + 7 * DAY - 8 * HOUR)
CONFIG = parse(
    """
[desk]
domain = "desk.example"
postmaster = "ops@desk.example"
[queue.technical]
title = "Technical Support"
address = "support@desk.example"
calendar = "office"
[queue.sales]
address = "sales@desk.example"
[calendar.office]
hours = { mon-fri = "08:00-16:00" }
[plan.standard]
first_response = { 2 = "2bh", 3 = "4bh" }
next_response = { 3 = "1bh" }
update_every = { 3 = "3bh" }
[queue.billing]
address = "billing@desk.example"
calendar = "office"
[plan.standard.queue.billing]
first_response = { 3 = "6bh" }
""",
    Path("/desk"),
)
CASE = Case(
    *("EX-10001", "technical", "Acme", "standard", "Alice Agent", Severity.MEDIUM, Status.OPEN),
    opened=MONDAY,
    answered=None,
    kind="",
    closed=None,
    surveyed=None,
    mark=None,
    marked=None,
    turns=(),
    rests=(),
    missed=(),
)


def answered(*turns: Turn, **more: Any) -> Case:
    return replace(CASE, **{"turns": turns, "answered": turns[0].answered, "kind": "answer", **more})


def first(length: timedelta, agent: str = "Alice Agent") -> Turn:
    return Turn(MONDAY, MONDAY + length, agent, first=True)


def total(*cases: Case) -> dict[str, Any]:
    found: dict[str, Any] = figures(cases, {}, *WEEK, CONFIG)["total"]
    return found


def test_a_first_reply_takes_the_hours_that_the_desk_was_open() -> None:
    found = total(answered(first(DAY + HOUR)))["first_reply"]
    assert (found["count"], found["median"], found["kept"], found["promised"]) == (1, 9 * 60, 0, 1)


def test_what_a_ticket_waited_for_its_customer_is_left_out() -> None:
    rested = ((MONDAY + HOUR, MONDAY + 6 * HOUR),)
    found = total(answered(first(7 * HOUR), rests=rested))["first_reply"]
    assert (found["median"], found["kept"]) == (2 * 60, 1)


def test_what_is_answered_while_it_waits_for_its_customer_stood_still_until_then() -> None:
    found = total(answered(first(7 * HOUR), rests=((MONDAY + HOUR, EVER),)))["first_reply"]
    assert (found["median"], found["kept"]) == (60, 1)


def test_a_promise_that_ran_out_without_an_answer_was_not_kept() -> None:
    late = replace(CASE, missed=((MONDAY + 4 * HOUR, "first_response"),))
    found = total(late, answered(first(HOUR)))["first_reply"]
    assert (found["count"], found["overdue"], found["promised"], found["kept"], found["share"]) == (1, 1, 2, 1, 0.5)


def test_once_answered_it_is_the_answer_that_came_too_late() -> None:
    found = total(answered(first(5 * HOUR), missed=((MONDAY + 4 * HOUR, "first_response"),)))["first_reply"]
    assert (found["count"], found["overdue"], found["promised"], found["kept"]) == (1, 0, 1, 0)


def test_further_replies_are_measured_from_the_first_unanswered_mail() -> None:
    further = Turn(MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, "Anton Agent", first=False)
    found = total(answered(first(HOUR), further))
    assert (found["next_reply"]["count"], found["next_reply"]["median"], found["next_reply"]["share"]) == (1, 120, 0)
    assert found["first_reply"]["share"] == 1


def test_a_reply_in_the_moment_that_was_promised_is_in_time() -> None:
    assert total(answered(first(4 * HOUR)))["first_reply"]["kept"] == 1
    assert total(answered(first(4 * HOUR + timedelta(seconds=1))))["first_reply"]["kept"] == 0


def test_nine_of_ten_are_as_short_as_the_ninth_of_ten() -> None:
    found = total(*(answered(first(number * timedelta(minutes=20, seconds=2))) for number in range(1, 11)))[
        "first_reply"
    ]
    assert (found["median"], found["p90"]) == (110.2, 180.3)


def test_a_queue_is_measured_by_its_own_promises() -> None:
    found = total(answered(first(5 * HOUR), queue="billing"))["first_reply"]
    assert (found["promised"], found["kept"]) == (1, 1)


def test_where_nothing_was_promised_nothing_is_late() -> None:
    found = total(answered(first(8 * HOUR), plan=""))["first_reply"]
    assert (found["count"], found["promised"], found["share"]) == (1, 0, None)


def test_replies_are_those_of_the_agent_who_wrote_them_and_tickets_those_of_their_owner() -> None:
    found = figures([answered(first(HOUR, "Anton Agent"))], {}, *WEEK, CONFIG)["agents"]
    assert (found["Anton Agent"]["first_reply"]["count"], found["Anton Agent"]["open"]) == (1, 0)
    assert (found["Alice Agent"]["first_reply"]["count"], found["Alice Agent"]["open"]) == (0, 1)


def test_what_is_nobodys_and_of_no_plan_stands_in_the_total_alone() -> None:
    found = figures([replace(CASE, plan="", owner="")], {}, *WEEK, CONFIG)
    assert (found["total"]["opened"], found["agents"], found["plans"]) == (1, {}, {})


def test_only_what_happened_in_the_span_is_counted() -> None:
    earlier = replace(CASE, opened=MONDAY - 3 * DAY, closed=MONDAY + DAY, status=Status.CLOSED)
    later = replace(CASE, opened=MONDAY - 3 * DAY, closed=MONDAY + 9 * DAY, status=Status.CLOSED)
    found = total(earlier, later, CASE)
    assert (found["opened"], found["closed"], found["open"]) == (1, 1, 2)


def test_what_closes_in_the_moment_a_span_ends_is_open_at_its_end_and_closed_in_the_next_one() -> None:
    since, until = WEEK
    last = replace(CASE, closed=until, status=Status.CLOSED)
    this, following = (figures([last], {}, *each, CONFIG)["total"] for each in ((since, until), (until, until + DAY)))
    assert (this["closed"], this["open"]) == (0, 1)
    assert (following["closed"], following["open"]) == (1, 0)


def test_reasons_are_listed_by_how_often_they_were_named() -> None:
    said = (("slow", "unfriendly"), ("wrong", "slow"), ("wrong", "slow"))
    marked = [replace(CASE, surveyed=MONDAY, marked=MONDAY + HOUR, mark=1, reasons=each) for each in said]
    assert list(total(*marked)["satisfaction"]["reasons"].items()) == [("slow", 3), ("wrong", 2), ("unfriendly", 1)]


def test_satisfaction_is_the_mean_of_marks_and_the_share_of_good_ones() -> None:
    marked = [replace(CASE, surveyed=MONDAY, marked=MONDAY + HOUR, mark=mark) for mark in (5, 4, 1)]
    found = total(*marked, replace(CASE, surveyed=MONDAY))["satisfaction"]
    assert found == {"asked": 4, "answered": 3, "mean": 3.33, "good": 0.667, "reasons": {}}


def test_weeks_begin_on_monday_in_the_zone_of_the_desk() -> None:
    other = replace(CASE, opened=MONDAY - 9 * HOUR)
    found = figures([CASE, other], {}, WEEK[0] - DAY, WEEK[1], CONFIG)["weeks"]
    assert {week: group["opened"] for week, group in found.items()} == {"2026-W09": 1, "2026-W10": 1}


def test_the_kinds_of_first_replies_are_counted_once_each() -> None:
    cases = [answered(first(HOUR), kind="solution") for _ in range(2)]
    assert total(*cases)["first_response_kinds"] == {"solution": 2, "question": 0, "escalation": 0, "answer": 0}


def test_regular_updates_are_answers_that_came_in_time_beside_those_that_were_missed() -> None:
    def said(*hours: int) -> tuple[tuple[datetime, str], ...]:
        return tuple((MONDAY + hour * HOUR, "Alice Agent") for hour in hours)

    found = total(answered(first(HOUR), told=said(1, 4, 7), missed=((MONDAY + 6 * HOUR, "update"),)))["updates"]
    assert found == {"promised": 3, "kept": 2, "share": 0.667}
    resting = ((MONDAY + 2 * HOUR, EVER),)
    assert total(answered(first(HOUR), told=said(1, 4), rests=resting))["updates"]["promised"] == 0
    assert total(answered(first(HOUR), told=said(1, 4), plan=""))["updates"]["promised"] == 0


def test_missed_updates_are_counted_when_they_were_missed() -> None:
    missed = ((MONDAY + HOUR, "update"), (MONDAY + HOUR, "first_response"), (MONDAY - 2 * DAY, "update"))
    assert total(replace(CASE, missed=missed))["missed_updates"] == 1


@pytest.mark.parametrize(
    ("minutes", "said"), [(None, ""), (0, "0 min"), (59.6, "1 h"), (80, "1 h 20 min"), (6000, "100 h")]
)
def test_lengths_are_said_in_hours_and_minutes(minutes: float | None, said: str) -> None:
    assert span(minutes) == said


@pytest.mark.parametrize(("share", "said"), [(None, ""), (0, "0 %"), (1, "100 %"), (0.999, "99 %"), (0.001, "1 %")])
def test_a_rest_is_never_rounded_away(share: float | None, said: str) -> None:
    assert percent(share) == said


def test_bars_are_as_long_as_their_share_and_the_largest_comes_first() -> None:
    assert (bar(0), len(bar(1)), bar(0.5)) == ("", 24, "█" * 12)
    cases = [CASE, CASE, replace(CASE, queue="sales")]
    [(what, rows), *_] = shown(figures(cases, {"Acme": 80}, *WEEK, CONFIG), CONFIG)["groups"]
    assert what == "queues"
    assert [(row["name"], row["percent"]) for row in rows] == [("Technical Support", 100), ("Sales", 50)]


def test_every_key_of_the_json_stands_in_the_page_for_operators() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    found = figures([answered(first(HOUR))], {"Acme": 20}, *WEEK, CONFIG)
    groups = [found["total"], *found["queues"].values(), *found["weeks"].values()]
    inner = [part for group in groups for part in group.values() if isinstance(part, dict)]
    keys = {key for part in (found, *groups, *inner, *found["organisations"].values()) for key in part}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
