"""What policies say of time, sentence by sentence: what is promised, to whom it is said how, and what moves it.

The sentences are those of five vendors; their desks are set up with the hours and plans that they name.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.store import directory
from tests.builders import ALICE, BOB, CAROL, DIRECTORY, mail
from tests.desk.test_story_digest import until
from tests.desk.world import Sent, World

Worlds = Callable[..., World]

PACIFIC = """
[calendar.us]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "06:00-17:00" }
holidays = "US-CA"
"""
CENTRAL = """
[calendar.us]
time_zone = "America/Chicago"
hours = { mon-fri = "07:00-19:00", sat-sun = "09:00-17:00" }
"""
SUN = """
[calendar.sydney]
time_zone = "Australia/Sydney"
hours = { mon-fri = "09:00-17:00" }
[calendar.london]
time_zone = "Europe/London"
hours = { mon-fri = "08:00-17:00" }
[calendar.california]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "08:00-17:00" }
[calendar.us]
of = ["sydney", "london", "california"]
"""
GERMAN = "Guten Tag,\n\nder Export bricht auf Seite 3 ab. Können Sie das bitte ansehen?\n\nMit freundlichen Grüßen"


def desk_of(world: Worlds, calendar: str, plan: str, **more: str) -> World:
    return world(calendar, contacts=f'2\ncalendar = "us"\n{plan}', **more)


def asks(desk: World, at: str, sender: str = CAROL, **fields: str) -> Sent:
    """A request that comes at that moment, and its acknowledgement."""
    until(desk, at)
    desk.receives(mail(sender, **fields))
    return desk.the("acknowledgement")


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def due(desk: World, reference: str = "EX-10001") -> dict[str, str | None]:
    found: dict[str, str | None] = desk.ticket(reference)["due"]
    return found


# how it is promised


@pytest.mark.parametrize(
    ("calendar", "span", "at", "by"),
    [
        # 000.3: Monday to Friday, 6 a.m. to 5 p.m. Pacific time
        (PACIFIC, "4bh", "2026-03-03T15:00:00Z", "2026-03-03T19:00:00Z"),
        (PACIFIC, "4bh", "2026-03-04T00:00:00Z", "2026-03-04T17:00:00Z"),  # 4 p.m. on Tuesday
        (PACIFIC, "4bh", "2026-03-07T20:00:00Z", "2026-03-09T17:00:00Z"),  # on a Saturday, before clocks are set
        # 001.1: weekdays 7 to 7 Central, weekends 9 to 5
        (CENTRAL, "4bh", "2026-03-07T21:00:00Z", "2026-03-08T16:00:00Z"),  # Saturday 3 p.m.; Sunday is summer time
        (CENTRAL, "1bd", "2026-03-06T18:00:00Z", "2026-03-07T18:00:00Z"),
        # 003.2: within two business days, excluding holidays
        (PACIFIC, "2bd", "2026-11-25T18:00:00Z", "2026-12-01T18:00:00Z"),
        (PACIFIC, "2bd", "2026-12-23T18:00:00Z", "2026-12-28T18:00:00Z"),
        # 004.2: within 1 to 2 business hours
        (PACIFIC, "2bh", "2026-03-06T23:30:00Z", "2026-03-09T13:30:00Z"),  # Friday 3:30 p.m.: to 5, then from 6 a.m.
        # 002.1: teams on three continents follow the sun
        (SUN, "2bh", "2026-03-03T07:30:00Z", "2026-03-03T10:00:00Z"),  # Sydney has gone, London comes at 8
        (SUN, "4bh", "2026-03-07T00:30:00Z", "2026-03-09T01:30:00Z"),  # half an hour of California's Friday is left
    ],
)
def test_every_plan_guarantees_a_time_to_the_first_response(
    world: Worlds, calendar: str, span: str, at: str, by: str
) -> None:
    desk = desk_of(world, calendar, f'first_response = {{ 3 = "{span}" }}')
    asks(desk, at)
    assert due(desk)["first_response"] == by


def test_a_request_may_be_submitted_24_hours_a_day_and_says_when_somebody_is_there(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, 'first_response = { 3 = "4bh" }')
    text = flat(asks(desk, "2026-03-08T03:00:00Z"))
    assert "We are closed now and open again on Monday, 9 March 2026, 13:00 (UTC)." in text
    assert "Our first answer comes by Monday, 9 March 2026, 17:00 (UTC)." in text
    assert "Our hours (America/Los_Angeles), but for public holidays: - Monday to Friday: 06:00–17:00" in text
    assert "You reach us by email (plan Standard)." in text


def test_on_a_holiday_the_acknowledgement_names_it_and_when_the_desk_opens_again(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, 'first_response = { 3 = "2bd" }')
    text = flat(asks(desk, "2026-11-26T18:00:00Z"))
    assert "We are closed now (Thanksgiving Day) and open again on Monday, 30 November 2026, 14:00 (UTC)." in text
    assert "Our first answer comes by Wednesday, 2 December 2026, 14:00 (UTC)." in text


def test_a_contact_reads_all_of_it_in_his_language_and_by_his_clock(world: Worlds) -> None:
    german = PACIFIC.replace("US-CA", "DE-BE").replace("America/Los_Angeles", "Europe/Berlin")
    desk = desk_of(world, german, 'first_response = { 3 = "4bh" }')
    text = flat(asks(desk, "2026-12-25T18:00:00Z", BOB, text=GERMAN))
    assert "geschlossen (Erster Weihnachtstag) und öffnen wieder am Montag, 28. Dezember 2026, 06:00 Uhr (MEZ)." in text
    assert "Unsere erste Antwort kommt bis Montag, 28. Dezember 2026, 10:00 Uhr (MEZ)." in text


def test_a_contact_elsewhere_than_the_desk_is_told_by_his_own_clock(world: Worlds) -> None:
    people = DIRECTORY.replace(
        '"carol.jones@acme.example"]', '"carol.jones@acme.example"]\ntime_zone = "Asia/Kolkata"', 1
    )
    desk = desk_of(world, PACIFIC, 'first_response = { 3 = "4bh" }', people=people)
    text = flat(asks(desk, "2026-03-08T03:00:00Z"))
    assert "open again on Monday, 9 March 2026, 18:30" in text
    assert "Our first answer comes by Monday, 9 March 2026, 22:30" in text


def test_urgent_requests_are_worked_on_around_the_clock_and_are_never_told_to_wait_for_the_opening(
    world: Worlds,
) -> None:
    desk = desk_of(world, PACIFIC, 'first_response = { 1 = "1bh", 3 = "4bh" }\naround_the_clock = [1]')
    text = flat(asks(desk, "2026-12-25T18:00:00Z", text="Severity: urgent\n\nNothing works."))
    assert "closed" not in text
    assert "For this we work around the clock." in text
    assert "Our first answer comes by Friday, 25 December 2026, 19:00 (UTC)." in text


@pytest.mark.parametrize(
    ("subject", "by"),
    [
        ("Classic: the export fails", "2026-03-02T23:00:00Z"),  # Monday 10 a.m. in Australia, three hours after opening
        ("Cloud: the export fails", "2026-03-02T15:00:00Z"),  # Monday 9 a.m. Central: closed since Sunday 5 p.m.
    ],
)
def test_australian_hours_are_those_of_one_product_only(world: Worlds, subject: str, by: str) -> None:
    sydney = (
        '[calendar.sydney]\ntime_zone = "Australia/Sydney"\nhours = { mon-fri = "08:00-18:00" }\n'
        '[queue.classic]\naddress = "classic@example.com"\ncalendar = "sydney"\n'
        '[[rule]]\nwhen = { subject = "^Classic" }\nthen = { queue = "classic" }\n'
    )
    desk = world(
        CENTRAL + sydney,
        contacts='2\nfirst_response = { 3 = "2bh" }',
        default='true\ncalendar = "us"',
        queues='["technical", "classic"]',
    )
    asks(desk, "2026-03-02T21:00:00Z" if subject.startswith("Classic") else "2026-03-02T02:00:00Z", subject=subject)
    assert due(desk)["first_response"] == by


def test_the_status_of_a_request_may_be_asked_for_24_hours_a_day(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    asks(desk, "2026-03-03T15:00:00Z")
    until(desk, "2026-03-08T03:00:00Z")
    desk.receives(mail(CAROL, subject="x", text="status EX-10001"))
    assert "EX-10001" in desk.the("answer", CAROL).text


def test_urgent_and_high_requests_of_premium_customers_are_escalated_around_the_clock(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN + "around_the_clock = [1, 2]\nescalate = [1, 2]")
    text = flat(asks(desk, "2026-12-25T08:00:00Z", text="Priority: high\n\nNo message arrives."))
    assert "Our first answer comes by Friday, 25 December 2026, 10:00 (UTC)." in text
    assert {each.recipient for each in desk.sent("escalation")} == {"mona@example.com"}
    until(desk, "2026-12-25T10:00:00Z")
    assert desk.sent("overdue")


def test_without_a_target_nothing_is_promised(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, 'first_response = { 1 = "1bh" }')
    assert "Our first answer" not in asks(desk, "2026-03-03T15:00:00Z").text
    assert set(due(desk).values()) == {None}


# what moves it


def answered(desk: World, at: str = "2026-03-03T15:00:00Z") -> Sent:
    asks(desk, at)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "We look at it.")
    return letter


PLAN = """first_response = { 2 = "2bh", 3 = "4bh", 4 = "2bd" }
next_response = { 2 = "1bh", 3 = "2bh" }
update_every = { 2 = "4bh", 3 = "1bd" }
"""


def test_another_severity_is_another_promise_from_the_same_start(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    asks(desk, "2026-03-03T15:00:00Z")
    letter = desk.the("agent_ticket", ALICE)
    until(desk, "2026-03-03T16:00:00Z")
    for severity, by in (
        (2, "2026-03-03T17:00:00Z"), (4, "2026-03-05T15:00:00Z"), (1, None), (3, "2026-03-03T19:00:00Z"),
    ):  # fmt: skip
        desk.replies(ALICE, letter, f"#severity {severity}")
        assert due(desk)["first_response"] == by


def test_open_tickets_are_updated_at_least_once_every_business_day_and_more_often_by_severity(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    letter = answered(desk)
    assert due(desk)["update"] == "2026-03-04T15:00:00Z"
    desk.replies(ALICE, letter, "#severity 2")
    assert due(desk)["update"] == "2026-03-03T19:00:00Z"
    until(desk, "2026-03-03T18:00:00Z")
    assert [each.name for each in desk.sent()] == ["due_soon"]
    desk.replies(ALICE, letter, "It takes longer than we thought.")
    assert due(desk)["update"] == "2026-03-03T22:00:00Z"
    desk.receives(mail(CAROL, subject="[EX-10001] I see"))
    assert due(desk)["update"] == "2026-03-03T22:00:00Z"  # what the customer says is no news for him


def test_a_plan_that_is_changed_counts_at_once_for_what_is_open(world: Worlds) -> None:
    other = '[plan.premium]\ncontacts = 3\ncalendar = "us"\nfirst_response = { 3 = "1bh" }\n'
    desk = desk_of(world, PACIFIC + other, PLAN)
    asks(desk, "2026-03-03T15:00:00Z")
    people = DIRECTORY.replace('plan = "standard"', 'plan = "premium"', 1)
    desk.ask(lambda store: directory.apply(store, people, desk.config, now=desk.now))
    assert due(desk)["first_response"] == "2026-03-03T16:00:00Z"
    until(desk, "2026-03-03T15:45:00Z")
    assert desk.sent("due_soon")
    until(desk, "2026-03-03T16:00:00Z")
    assert desk.sent("overdue")
    desk.receives(mail(BOB, subject="Another matter"))
    assert due(desk, "EX-10002")["first_response"] == "2026-03-03T17:00:00Z"


def test_another_queue_counts_by_its_own_hours_where_the_plan_has_none(world: Worlds) -> None:
    west = PACIFIC.replace(".us", ".pacific") + '[queue.west]\naddress = "west@example.com"\ncalendar = "pacific"\n'
    desk = world(CENTRAL + west, contacts=f"2\n{PLAN}", default='true\ncalendar = "us"', queues='["technical", "west"]')
    asks(desk, "2026-03-03T13:00:00Z")  # 7 a.m. in Chicago, 5 a.m. in California
    assert due(desk)["first_response"] == "2026-03-03T17:00:00Z"
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#queue west")
    assert due(desk)["first_response"] == "2026-03-03T18:00:00Z"


def test_a_queue_of_its_own_workflow_has_promises_of_its_own(world: Worlds) -> None:
    sales = '[plan.standard.queue.sales]\nfirst_response = { 3 = "1bd" }\n'
    desk = desk_of(world, PACIFIC + sales, PLAN)
    text = flat(asks(desk, "2026-03-03T15:00:00Z", to="sales@example.com"))
    assert "Our first answer comes by Wednesday, 4 March 2026, 15:00 (UTC)." in text
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#queue sales")
    assert due(desk, "EX-10002")["first_response"] == "2026-03-04T15:00:00Z"
    until(desk, "2026-03-03T19:00:00Z")
    assert not desk.sent("overdue")


def test_a_wait_over_a_night_and_a_weekend_takes_nothing_from_the_time_to_answer(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    asks(desk, "2026-03-06T23:00:00Z")  # Friday 3 p.m., two hours are left
    letter = desk.the("agent_ticket", ALICE)
    until(desk, "2026-03-07T00:00:00Z")
    desk.replies(ALICE, letter, "#pending")
    told = desk.the("status")
    until(desk, "2026-03-08T12:00:00Z")
    desk.replies(CAROL, told, "Version 4.")
    assert due(desk)["first_response"] == "2026-03-09T16:00:00Z"  # three of four hours, from Monday 6 a.m. on


def test_a_target_of_a_minute_is_warned_of_and_missed_once_each_in_one_look(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, 'first_response = { 3 = "1m" }')
    asks(desk, "2026-03-03T15:00:00Z")
    desk.time_passes(hours=1)
    told = [each.name for each in desk.sent()]
    assert (told.count("due_soon"), told.count("overdue")) == (3, 3)
    desk.time_passes(days=1)
    assert not desk.sent("due_soon", "overdue")


# what agents read of it


def test_a_receipt_reminds_its_agent_of_the_promise_that_runs_out_next(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    asks(desk, "2026-03-03T15:00:00Z")
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#take")
    assert "Next: First answer due, Tuesday, 3 March 2026, 19:00 (UTC)." in flat(desk.the("receipt"))
    desk.replies(ALICE, letter, "#severity 2\n\nWe look at it.")
    assert "Next: News due, Tuesday, 3 March 2026, 19:00 (UTC)." in flat(desk.the("receipt"))
    desk.replies(CAROL, desk.the("reply"), "Version 4.")
    assert "Due: the next answer, Tuesday, 3 March 2026, 16:00 (UTC)" in flat(desk.the("agent_update", ALICE))
    desk.replies(ALICE, letter, "#note Asked the team.\n#category x")
    desk.replies(ALICE, letter, "#pending")
    assert "First answer" not in desk.the("receipt").text


def test_what_is_missed_is_told_to_owner_and_manager_once(world: Worlds) -> None:
    desk = desk_of(world, PACIFIC, PLAN)
    asks(desk, "2026-03-03T15:00:00Z")
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#take")
    until(desk, "2026-03-03T18:59:00Z")
    assert [each.recipient for each in desk.sent("due_soon")] == ["alice@example.com"]
    until(desk, "2026-03-03T19:00:00Z")
    assert {each.recipient for each in desk.sent("overdue")} == {"alice@example.com", "mona@example.com"}
    until(desk, "2026-03-04T14:00:00Z")
    assert not desk.sent("due_soon", "overdue")
    desk.replies(ALICE, letter, "#severity 3")
    assert "Next: First answer due, Tuesday, 3 March 2026, 19:00 (UTC), overdue." in flat(
        desk.the("receipt")
    )  # it still is
