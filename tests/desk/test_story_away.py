"""Agents who are away: who hears of their tickets meanwhile, and how they leave and come back by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.store import directory_views
from tests.builders import ALICE, ANTON, CAROL, DIRECTORY, MONA, SUPPORT, mail
from tests.desk.test_story_asking import proved
from tests.desk.test_story_digest import CALENDARS, PEOPLE
from tests.desk.world import Sent, World

SELLER = '[[agent]]\nname = "Sam Seller"\naddresses = ["sam@example.com"]\nqueues = ["sales"]\n'


def leaves(desk: World, line: str, agent: str = ALICE) -> Sent:
    """By a reply to a letter of hers; her receipt."""
    desk.receives(mail(CAROL, subject="For the key"))
    desk.replies(agent, desk.the("agent_ticket", agent), line)
    return desk.the("receipt", agent)


def staff(desk: World) -> dict[str, tuple[str | None, str | None]]:
    rows = desk.ask(lambda store: directory_views.agents(store, desk.now))
    return {row["name"]: (row["away"], row["deputy"]) for row in rows}


def owned(desk: World, words: str = "Which version is it?") -> Sent:
    """Carol has asked and Alice answered; Carol's letter."""
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    return desk.the("reply", CAROL)


def told(desk: World) -> set[str]:
    return {each.recipient for each in desk.sent("agent_update", "agent_ticket")}


# leaving and coming back


@pytest.mark.parametrize(
    ("line", "until", "deputy"),
    [
        ("#away 2026-03-06", "2026-03-07T00:00:00Z", None),
        ("#away 2026-03-06 Anton", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#away friday Anton Agent", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#away until Friday, Anton", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#away 6 March deputy: anton@example.com", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#away Mar 6 2026 mona.", "2026-03-07T00:00:00Z", "Mona Manager"),
        ("#abwesend bis Freitag Vertretung Anton", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#abwesend 6.3. Anton", "2026-03-07T00:00:00Z", "Anton Agent"),
        ("#away today", "2026-03-03T00:00:00Z", None),
        ("#away tomorrow", "2026-03-04T00:00:00Z", None),
    ],
)
def test_an_agent_leaves_to_the_end_of_a_day(desk: World, line: str, until: str, deputy: str | None) -> None:
    receipt = leaves(desk, line)
    assert staff(desk)["Alice Agent"] == (until, deputy)
    assert "You are away to the end of" in receipt.text
    if deputy:
        assert f"{deputy} stands in" in receipt.text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#away", "cannot be read so"),
        ("#away Anton", "cannot be read so"),
        ("#away yesterday", "cannot be read so"),
        ("#away 2026-03-01", "cannot be read so"),
        ("#away 2036-12-24", "cannot be read so"),
        ("#away 30.2.", "cannot be read so"),
        ("#away 3/4/2026", "cannot be read so"),
        ("#away " + "9" * 5000, "cannot be read so"),
        ("#away \u0662\u0660\u0662\u0666-03-06", "cannot be read so"),
        ("#away friday Alice", "names nobody who could stand in"),
        ("#away friday Zacharias", "names nobody who could stand in"),
        ("#away friday A", "names nobody who could stand in"),
        ("#away friday Antn Agent", "did you mean Anton Agent?"),
        ("#away friday Sam", "in none of your queues"),
    ],
)
def test_what_is_no_day_or_no_deputy_is_refused_and_changes_nothing(
    world: Callable[..., World], line: str, why: str
) -> None:
    desk = world(people=DIRECTORY + SELLER)
    receipt = leaves(desk, line)
    assert why in receipt.text
    assert staff(desk)["Alice Agent"] == (None, None)


def test_a_day_ends_by_the_agents_own_clock(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE)
    leaves(desk, "#away friday")
    assert staff(desk)["Alice Agent"][0] == "2026-03-06T23:00:00Z"  # Berlin
    leaves(desk, "#away friday", ANTON)
    assert staff(desk)["Anton Agent"][0] == "2026-03-07T05:00:00Z"  # Boston


def test_it_works_in_a_mail_to_the_queue_that_is_about_no_ticket(desk: World) -> None:
    assert proved(desk, "#away friday Anton").name == "receipt"
    assert staff(desk)["Alice Agent"] == ("2026-03-07T00:00:00Z", "Anton Agent")
    assert "you are there again" in proved(desk, "#back").text
    assert staff(desk)["Alice Agent"] == (None, None)


def test_the_receipt_counts_the_tickets(desk: World) -> None:
    owned(desk)
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take\n#away friday Anton")
    assert "Anton Agent stands in for you in 1 ticket" in desk.the("receipt").text


def test_who_is_away_is_back_when_the_day_has_ended(desk: World) -> None:
    leaves(desk, "#away tomorrow")
    desk.time_passes(days=1, hours=14, minutes=59)
    assert staff(desk)["Alice Agent"][0]
    desk.time_passes(minutes=1)
    assert staff(desk)["Alice Agent"] == (None, None)
    desk.receives(mail(CAROL))
    assert "alice@example.com" in told(desk)


# tickets meanwhile


def test_new_tickets_go_to_those_who_are_there(desk: World) -> None:
    leaves(desk, "#away friday")
    desk.receives(mail(CAROL))
    assert told(desk) == {"anton@example.com", "mona@example.com"}


@pytest.mark.parametrize("words", ["Which version is it?", "#solved\nDone.", "#pending\nWhich version is it?"])
def test_the_deputy_hears_of_the_customers_answer_and_the_owner_stays(desk: World, words: str) -> None:
    letter = owned(desk, words)
    leaves(desk, "#away friday Anton")
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"anton@example.com"}
    assert "Alice Agent, whose ticket it is, is away" in desk.the("agent_update").text
    assert desk.ticket()["owner"] == "alice@example.com"
    assert desk.ticket()["status"] == "open"


def test_without_a_deputy_the_present_agents_of_the_queue_hear_of_it(desk: World) -> None:
    letter = owned(desk)
    leaves(desk, "#away friday")
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"anton@example.com", "mona@example.com"}


def test_when_the_deputy_is_away_too_the_queue_hears_of_it(desk: World) -> None:
    letter = owned(desk)
    leaves(desk, "#away friday Anton")
    leaves(desk, "#away friday Mona", ANTON)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"mona@example.com"}


def test_two_who_would_stand_in_for_each_other_cannot_both_be_away(desk: World) -> None:
    leaves(desk, "#away friday Anton")
    assert "is away, too" in leaves(desk, "#away friday Alice", ANTON).text
    assert staff(desk)["Anton Agent"] == (None, None)


def test_a_deputy_who_does_not_serve_a_tickets_queue_is_not_told(world: Callable[..., World]) -> None:
    both = DIRECTORY.replace(
        '"alice@example.com"]\nqueues = ["technical"]', '"alice@example.com"]\nqueues = ["technical", "sales"]'
    )
    desk = world(people=both + SELLER)
    letter = owned(desk)
    leaves(desk, "#away friday Sam")
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"anton@example.com", "mona@example.com"}


def test_the_deputy_answers_and_takes_nothing_away(desk: World) -> None:
    letter = owned(desk)
    leaves(desk, "#away friday Anton")
    desk.replies(CAROL, letter, "It still stops at page 3.")
    desk.replies(ANTON, desk.the("agent_update"), "Please try version 4.2.")
    assert desk.the("reply", CAROL)
    assert desk.ticket()["owner"] == "alice@example.com"


def test_after_the_return_the_owner_hears_of_the_ticket_again(desk: World) -> None:
    letter = owned(desk)
    leaves(desk, "#away tomorrow Anton")
    desk.time_passes(days=3)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"alice@example.com"}


def test_the_deputys_digest_has_the_tickets_of_whom_he_stands_in_for(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE)
    desk.time_passes(seconds=1)
    letter = owned(desk)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    leaves(desk, "#away friday Anton\n#take")
    desk.time_passes(days=1)
    digest = desk.the("digest", ANTON)
    assert "Waiting for you (2)" in digest.text
    assert "Alice Agent" in digest.text


def test_a_customer_sends_nobody_away(desk: World) -> None:
    desk.receives(mail(CAROL, text="#away friday Anton\n"))
    desk.receives(mail(CAROL, to=SUPPORT, subject="#away friday"))
    assert set(staff(desk).values()) == {(None, None)}


def test_managers_leave_as_agents_do(desk: World) -> None:
    leaves(desk, "#away friday Alice", MONA)
    assert staff(desk)["Mona Manager"][1] == "Alice Agent"
