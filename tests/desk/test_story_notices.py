"""Agents who hear of tickets by their morning letter instead of one by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, CAROL, mail
from tests.desk.test_story_digest import CALENDARS, PEOPLE, lines, until
from tests.desk.world import World

DIGEST = PEOPLE.replace('name = "Anton Agent"\n', 'name = "Anton Agent"\nnotices = "digest"\n')
BOTH = DIGEST.replace('name = "Alice Agent"\n', 'name = "Alice Agent"\nnotices = "digest"\n').replace(
    'name = "Mona Manager"\n', 'name = "Mona Manager"\nnotices = "digest"\ncalendar = "berlin"\n'
)
GRAVE = '[[rule]]\nwhen = { subject = "down" }\nthen = { severity = 2 }\n'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Anton, in Boston, hears by his digest; Alice and Mona at once."""
    desk = world(CALENDARS + GRAVE, people=DIGEST)
    desk.time_passes(seconds=1)
    return desk


def told(desk: World, *names: str) -> set[str]:
    return {each.recipient for each in desk.sent(*(names or ("agent_ticket", "agent_update")))}


def test_a_new_ticket_waits_for_his_digest(desk: World) -> None:
    reference = desk.receives(mail(CAROL)).ticket
    assert told(desk) == {"alice@example.com", "mona@example.com"}
    until(desk, "2026-03-02T14:00:00Z")
    letter = desk.the("digest", ANTON)
    assert lines(letter) == {"Nobody's yet": [reference]}
    assert "new since your last letter" in letter.text
    until(desk, "2026-03-03T14:00:00Z")
    assert "since your last letter" not in desk.the("digest", ANTON).text


def test_a_grave_one_does_not_wait(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    assert told(desk) == {"alice@example.com", "anton@example.com", "mona@example.com"}


def test_what_others_have_taken_or_closed_stands_in_it_as_news(desk: World) -> None:
    taken = desk.receives(mail(CAROL)).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    closed = desk.receives(mail(CAROL, subject="Another matter")).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    until(desk, "2026-03-02T14:00:00Z")
    assert lines(desk.the("digest", ANTON)) == {"News since your last letter": [taken, closed]}
    until(desk, "2026-03-03T14:00:00Z")
    assert desk.sent("digest") == []


def test_his_own_tickets_do_not_wait(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#severity 3\nWhich version is it?")
    desk.replies(CAROL, desk.the("reply", CAROL), "Version 4.2.")
    assert told(desk) == {"anton@example.com"}


def test_a_customers_further_mail_for_nobodys_ticket_waits(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(CAROL, desk.the("acknowledgement"), "It is worse now.")
    assert told(desk, "agent_update") == {"alice@example.com", "mona@example.com"}


def test_where_all_would_wait_all_are_told_at_once(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=BOTH)
    desk.receives(mail(CAROL))
    assert told(desk) == {"alice@example.com", "anton@example.com", "mona@example.com"}


def test_who_is_the_only_one_beside_the_writer_is_told_at_once(world: Callable[..., World]) -> None:
    people = DIGEST.replace('queues = ["technical", "sales"]', 'queues = ["sales"]')
    desk = world(CALENDARS, people=people)
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#level 2\n#note\nFor the others.")
    assert told(desk) == {"anton@example.com"}


@pytest.mark.parametrize(
    ("more", "people"),
    [
        ("[digest]\non = false\n", DIGEST),
        ("", DIGEST.replace('calendar = "boston"\n', "")),
    ],
)
def test_who_gets_no_digest_hears_one_by_one(world: Callable[..., World], more: str, people: str) -> None:
    desk = world(CALENDARS + more, people=people)
    desk.receives(mail(CAROL))
    assert "anton@example.com" in told(desk)


def test_who_wants_single_notices_has_no_news_in_his_digest(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ANTON, desk.the("agent_ticket", ALICE), "x")
    desk.receives(mail(CAROL, subject="All is down"))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "We are on it.")
    until(desk, "2026-03-03T08:00:00Z")
    assert "News" not in desk.the("digest", ALICE).text


def test_who_comes_back_reads_what_happened_while_he_was_away(desk: World) -> None:
    desk.receives(mail(CAROL, subject="All is down"))
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#away 2026-03-04")
    reference = desk.receives(mail(CAROL)).ticket
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    until(desk, "2026-03-04T14:00:00Z")
    assert told(desk, "digest") == {"alice@example.com"}
    until(desk, "2026-03-05T13:00:00Z")
    until(desk, "2026-03-05T14:00:00Z")
    assert reference in lines(desk.the("digest", ANTON))["News since your last letter"]
