"""The morning letter: what an agent's day holds, at the opening of his calendar, with answers ready to be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from maildesk.desk.sweep import Sweeper
from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, mail
from tests.desk.test_story_time import links, taps
from tests.desk.world import Sent, World, newest

CALENDARS = """
[calendar.berlin]
time_zone = "Europe/Berlin"
hours = { mon-fri = "09:00-17:00" }
[calendar.boston]
time_zone = "America/New_York"
hours = { mon-fri = "09:00-17:00" }
"""
GIL = "Gil Glow <gil@globex.example>"


def with_calendar(people: str, agent: str, calendar: str) -> str:
    return people.replace(f'name = "{agent}"\n', f'name = "{agent}"\ncalendar = "{calendar}"\n')


PEOPLE = with_calendar(with_calendar(DIRECTORY, "Alice Agent", "berlin"), "Anton Agent", "boston")


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Alice works in Berlin, Anton in Boston, and Mona has no calendar. It is Monday, 9:00 UTC."""
    desk = world(CALENDARS, people=PEOPLE)
    desk.time_passes(seconds=1)
    return desk


def until(desk: World, moment: str) -> None:
    desk.time_passes(seconds=(datetime.fromisoformat(moment) - desk.now).total_seconds())


def lines(letter: Sent) -> dict[str, list[str]]:
    """The references of each section by its title, as the text has them."""
    found: dict[str, list[str]] = {}
    title = ""
    for row in letter.text.splitlines():
        if heading := re.fullmatch(r"([A-Z].*) \(\d+\)", row):
            title = heading[1]
        elif row.startswith("- EX-"):
            found.setdefault(title, []).append(row.split()[1])
    return found


def answered(desk: World, words: str, subject: str = "The export fails") -> str:
    """Carol asks, Alice answers; the reference."""
    reference = desk.receives(mail(CAROL, subject=subject)).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    return reference


# when, and to whom


def test_it_comes_at_the_opening_of_each_agents_day_in_his_zone(desk: World) -> None:
    desk.receives(mail(CAROL))
    until(desk, "2026-03-02T13:59:59Z")
    assert desk.sent("digest") == []
    until(desk, "2026-03-02T14:00:00Z")
    assert desk.the("digest").recipient == "anton@example.com"
    until(desk, "2026-03-03T07:59:59Z")
    assert desk.sent("digest") == []
    until(desk, "2026-03-03T08:00:00Z")
    assert desk.the("digest").recipient == "alice@example.com"


def test_nothing_to_tell_is_no_letter(desk: World) -> None:
    desk.time_passes(days=1)
    assert desk.sent() == []


def test_who_has_no_calendar_gets_none(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.time_passes(days=1)
    assert {each.recipient for each in desk.sent("digest")} == {"alice@example.com", "anton@example.com"}


def test_who_is_away_gets_none(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.ask(lambda store: store.execute("UPDATE agent SET away_until = ? WHERE name = 'Alice Agent'", (10**17,)))
    desk.time_passes(days=1)
    assert {each.recipient for each in desk.sent("digest")} == {"anton@example.com"}


def test_it_comes_on_working_days_alone(desk: World) -> None:
    desk.receives(mail(CAROL))
    until(desk, "2026-03-06T20:00:00Z")
    until(desk, "2026-03-08T23:00:00Z")
    assert desk.sent("digest") == []


def test_a_desk_without_digests_sends_none(world: Callable[..., World]) -> None:
    desk = world(CALENDARS + "[digest]\non = false\n", people=PEOPLE)
    desk.receives(mail(CAROL))
    desk.time_passes(days=3)
    assert desk.sent() == []


def test_a_desk_that_slept_for_days_sends_one_to_each(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.time_passes(days=10)
    assert sorted(each.recipient for each in desk.sent("digest")) == ["alice@example.com", "anton@example.com"]


def test_days_that_are_run_ahead_have_each_its_own(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.seen = desk.ask(newest)
    Sweeper(desk.desk).sweep(desk.now + timedelta(days=3))
    assert len(desk.sent("digest")) == 6
    dates = [str(each.message["Date"]) for each in desk.sent("digest") if each.recipient == "alice@example.com"]
    assert dates[0].startswith("Tue, 03 Mar 2026 08:00:00")


# what it tells


def test_mine_due_today_waiting_unassigned_and_closing_tomorrow(desk: World) -> None:
    due = answered(desk, "#solved\nDone.", "Solved on Monday")  # closes on Wednesday
    until(desk, "2026-03-03T12:00:00Z")
    closing = answered(desk, "#solved\nDone.", "Solved on Tuesday")  # closes on Thursday
    waiting = answered(desk, "Which version?", "Which one")
    desk.replies(CAROL, desk.the("reply"), "Version 4.2.")
    free = desk.receives(mail(GIL, subject="Nobody's")).ticket
    until(desk, "2026-03-04T08:00:00Z")
    assert lines(desk.the("digest", ALICE)) == {
        "Due today": [due, closing],  # its customer is reminded at noon
        "Waiting for you": [waiting],
        "Nobody's yet": [free],
        "Closing tomorrow": [closing],
    }


def test_what_is_nobodys_is_ordered_by_severity_then_by_the_plans_rank_then_by_age(world: Callable[..., World]) -> None:
    people = PEOPLE.replace('["globex.example"]\nplan = "standard"', '["globex.example"]\nplan = "gold"')
    gold = '[plan.gold]\ncontacts = 2\nrank = 1\n[[rule]]\nwhen = { subject = "down" }\nthen = { severity = 1 }\n'
    desk = world(CALENDARS + gold, people=people, survey="true\nrank = 2")
    desk.time_passes(seconds=1)
    first = desk.receives(mail(CAROL, subject="First")).ticket
    second = desk.receives(mail(CAROL, subject="Second")).ticket
    golden = desk.receives(mail(GIL, subject="Third, and golden")).ticket
    grave = desk.receives(mail(CAROL, subject="All is down")).ticket
    desk.time_passes(days=1)
    assert lines(desk.the("digest", ALICE))["Nobody's yet"] == [grave, golden, first, second]


def test_a_section_has_fifty_lines_and_says_how_many_more_there_are(desk: World) -> None:
    for number in range(53):
        desk.receives(mail(CAROL, subject=f"Matter {number}"))
    desk.time_passes(days=1)
    letter = desk.the("digest", ALICE)
    assert len(lines(letter)["Nobody's yet"]) == 50
    assert "and 3 more" in letter.text
    assert "and 3 more" in letter.html


def test_tickets_of_other_queues_and_levels_are_not_told(desk: World) -> None:
    desk.receives(mail(CAROL, to="sales@example.com"))
    desk.receives(mail(CAROL))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#level 2\n#note\nFor the others.")
    desk.time_passes(days=1)
    assert lines(desk.the("digest", ALICE)) == {"Nobody's yet": ["EX-10002"]}  # nobody is of level 2


def test_its_times_are_in_the_agents_zone(desk: World) -> None:
    answered(desk, "#solved\nDone.")
    until(desk, "2026-03-03T08:00:00Z")
    text = desk.the("digest", ALICE).text
    assert "Wednesday, 4 March 2026, 10:00" in " ".join(text.split())
    assert "(UTC)" not in text


# what its links do


def test_a_link_takes_a_ticket(desk: World) -> None:
    reference = desk.receives(mail(CAROL)).ticket
    until(desk, "2026-03-03T08:00:00Z")
    assert taps(desk, ALICE, desk.the("digest", ALICE), "#take").outcome == "command"
    assert desk.ticket(reference)["owner"] == "alice@example.com"


def test_a_link_keeps_a_ticket_open(desk: World) -> None:
    reference = answered(desk, "#solved\nDone.")
    until(desk, "2026-03-03T08:00:00Z")
    taps(desk, ALICE, desk.the("digest", ALICE), "#open")
    assert desk.ticket(reference)["status"] == "open"


def test_a_nudge_asks_the_customer_again_and_gives_him_the_whole_time(desk: World) -> None:
    reference = answered(desk, "#pending\nWhich version?")
    until(desk, "2026-03-09T08:00:00Z")
    taps(desk, ALICE, desk.the("digest", ALICE), "#nudge")
    assert [each.name for each in desk.sent() if each.recipient == "carol@acme.example"] == ["closing_soon"]
    assert "asked once more: Carol Jones" in desk.the("receipt").text
    assert desk.ticket(reference)["due"]["close"] == "2026-03-16T08:00:00Z"
    assert "nudged" in [each["event"] for each in desk.ticket(reference)["events"]]


def test_a_nudge_with_words_sends_the_words_alone(desk: World) -> None:
    answered(desk, "#pending\nWhich version?")
    desk.replies(ALICE, desk.the("receipt"), "#nudge\nCarol, do you still need us?")
    assert [each.name for each in desk.sent() if each.recipient == "carol@acme.example"] == ["reply"]


def test_a_nudge_of_a_ticket_at_work_waits_for_the_customer_and_says_so(desk: World) -> None:
    reference = answered(desk, "#severity 2\nWhich version?")
    desk.replies(ALICE, desk.the("receipt"), "#nudge")
    assert desk.ticket(reference)["status"] == "pending"
    assert [each.name for each in desk.sent() if each.recipient == "carol@acme.example"] == ["status"]


def test_a_closed_ticket_cannot_be_nudged(desk: World) -> None:
    answered(desk, "#closed\nDone.")
    desk.replies(ALICE, desk.the("receipt"), "#nudge")
    assert "is closed" in desk.the("receipt").text
    assert desk.sent("closing_soon") == []


def test_another_agents_link_proves_nobody(desk: World) -> None:
    reference = desk.receives(mail(CAROL)).ticket
    until(desk, "2026-03-03T08:00:00Z")
    address, subject, _ = next(link for link in links(desk.the("digest", ALICE)) if link[2] == "#take")
    desk.receives(mail(CAROL, to=address, subject=subject, text="#take"))
    assert desk.ticket(reference)["owner"] is None


def test_a_promise_of_the_day_is_named_and_its_warning_is_no_line_of_its_own(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE, contacts='2\nnext_response = { 3 = "4bh" }')
    desk.time_passes(seconds=1)
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", "alice@example.com"), "Which version?")
    answer = desk.the("reply")
    until(desk, "2026-03-03T06:00:00+00:00")
    desk.replies(CAROL, answer, "Version 4.")
    until(desk, "2026-03-03T08:00:01+00:00")
    letter = desk.the("digest", "alice@example.com")
    assert lines(letter)["Due today"] == ["EX-10001"]
    assert "the next answer due Tuesday, 3 March 2026, 11:00" in letter.text
