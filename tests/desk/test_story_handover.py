"""Follow the sun: at the end of a shift those who come next hear of what cannot wait."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, mail
from tests.desk.test_story_digest import lines, until, with_calendar
from tests.desk.test_story_time import taps
from tests.desk.world import World

SUN = """
[calendar.emea]
time_zone = "Europe/Berlin"
hours = { mon-fri = "08:00-12:00 13:00-17:00" }
[calendar.us]
time_zone = "America/Los_Angeles"
hours = { mon-fri = "08:00-17:00" }
[calendar.apac]
time_zone = "Asia/Tokyo"
hours = { mon-fri = "09:00-18:00" }
[calendar.sun]
of = ["emea", "us", "apac"]
[handover]
on = true
[digest]
on = false
[[rule]]
when = { subject = "down" }
then = { severity = 1 }
"""
# Alice in Berlin (to 16:00 UTC), Anton in Los Angeles (16:00 to 1:00), Mona in Tokyo (0:00 to 9:00)
PEOPLE = with_calendar(
    with_calendar(with_calendar(DIRECTORY, "Alice Agent", "emea"), "Anton Agent", "us"), "Mona Manager", "apac"
)


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """It is Monday, 9:00 UTC: Mona's shift has just ended."""
    desk = world(SUN, people=PEOPLE, default='true\ncalendar = "sun"')
    desk.time_passes(seconds=1)
    return desk


def test_it_goes_to_the_region_that_opens_next_when_a_shift_ends(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    until(desk, "2026-03-02T15:59:59Z")
    assert desk.sent("handover") == []  # lunch ends no shift
    until(desk, "2026-03-02T16:00:00Z")
    assert desk.the("handover").recipient == "anton@example.com"
    until(desk, "2026-03-03T01:00:00Z")
    assert desk.the("handover").recipient == "mona@example.com"  # she has been there for an hour
    until(desk, "2026-03-03T09:00:00Z")
    assert desk.the("handover").recipient == "alice@example.com"


def test_it_has_what_is_grave_and_what_waits_with_owner_last_word_and_what_is_next(desk: World) -> None:
    grave = desk.receives(mail(CAROL, subject="All is down", text="Nobody can log in.")).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#pending\nPlease restart it.")
    waiting = desk.receives(mail(CAROL, subject="A question", text="How does it work?")).ticket
    answered = desk.receives(mail(CAROL, subject="Answered")).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "So it works.")
    desk.receives(mail(CAROL, subject="Solved"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    until(desk, "2026-03-02T16:00:00Z")
    letter = desk.the("handover", ANTON)
    assert lines(letter) == {"Critical and high": [grave], "Waiting for an answer": [waiting]}
    assert answered not in letter.text
    text = " ".join(letter.text.split())
    assert "owner Alice Agent, from Carol Jones, closes Monday, 9 March 2026" in text
    assert '"Please restart it."' in text  # and not the command above it
    assert "How does it work?" in text
    assert "unanswered since Monday, 2 March 2026, 01:00 (PST)" in text
    assert "back on Monday, 2 March 2026, 23:00" in text  # Alice, by Anton's clock


def test_who_writes_again_is_unanswered_since_his_first_word(desk: World) -> None:
    fresh = desk.receives(mail(CAROL, subject="A question")).ticket
    known = desk.receives(mail(CAROL, subject="Another")).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "So it works.")
    for hours in (1, 2):
        desk.time_passes(hours=hours)
        for each in (fresh, known):
            desk.receives(mail(CAROL, subject=f"Re: [{each}] any news?", text="Any news?"))
    until(desk, "2026-03-02T16:00:00Z")
    text = " ".join(desk.the("handover", ANTON).text.split())
    assert text.count("unanswered since Monday, 2 March 2026, 01:00 (PST)") == 1
    assert text.count("unanswered since Monday, 2 March 2026, 02:00 (PST)") == 1


def test_nothing_that_waits_is_no_letter(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "So it works.")
    desk.time_passes(days=2)
    assert desk.sent() == []


def test_a_link_takes_the_ticket(desk: World) -> None:
    reference = desk.receives(mail(CAROL, subject="All is down")).ticket
    until(desk, "2026-03-02T16:00:00Z")
    taps(desk, ANTON, desk.the("handover", ANTON), "#take")
    assert desk.ticket(reference)["owner"] == "anton@example.com"


def test_before_a_weekend_it_goes_to_whoever_opens_first_after_it(desk: World) -> None:
    until(desk, "2026-03-06T17:00:00Z")
    desk.receives(mail(CAROL, subject="All is down"))
    until(desk, "2026-03-07T01:00:00Z")
    assert desk.the("handover").recipient == "mona@example.com"


def test_who_is_away_gets_none(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#away friday")
    until(desk, "2026-03-02T16:00:00Z")
    assert desk.sent("handover") == []


def test_who_serves_other_queues_gets_none(world: Callable[..., World]) -> None:
    people = PEOPLE.replace('"anton@example.com"]\nqueues = ["technical"]', '"anton@example.com"]\nqueues = ["sales"]')
    desk = world(SUN, people=people)
    desk.time_passes(seconds=1)
    desk.receives(mail(CAROL, subject="All is down"))
    until(desk, "2026-03-02T16:00:00Z")
    assert desk.the("handover").recipient == "mona@example.com"


def test_where_the_same_people_are_back_first_nothing_is_handed_over(world: Callable[..., World]) -> None:
    later = SUN.replace('hours = { mon-fri = "08:00-17:00" }', 'hours = { wed = "08:00-17:00" }')
    people = PEOPLE.replace('calendar = "apac"\n', "")
    desk = world(later, people=people)
    desk.time_passes(seconds=1)
    desk.receives(mail(CAROL, subject="All is down"))
    until(desk, "2026-03-02T16:00:00Z")
    assert desk.sent("handover") == []


def test_a_desk_without_handovers_sends_none(world: Callable[..., World]) -> None:
    desk = world(SUN.replace("[handover]\non = true", ""), people=PEOPLE)
    desk.receives(mail(CAROL, subject="All is down"))
    desk.time_passes(days=3)
    assert desk.sent("handover") == []


def test_a_desk_that_slept_tells_those_who_are_there_when_it_wakes(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    desk.now = datetime.fromisoformat("2026-03-05T12:00:00Z")
    desk.time_passes(seconds=0)
    assert {each.recipient for each in desk.sent("handover")} == {"alice@example.com"}


def test_a_long_last_word_is_cut(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down", text="word " * 500))
    until(desk, "2026-03-02T16:00:00Z")
    quoted = re.search(r'"(word .*?)"', " ".join(desk.the("handover", ANTON).text.split()))
    assert quoted
    assert len(quoted[1]) <= 200
