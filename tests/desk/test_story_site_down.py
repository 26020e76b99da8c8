"""Site down: the fast lane. Nobody can work, and somebody is called at any hour, unless it was announced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.builders import ALICE, BOB, CAROL, STRANGER, mail
from tests.desk.test_story_argued import further
from tests.desk.test_story_digest import until
from tests.desk.test_story_severity import ANNOUNCED, DOWN, PAGED, paged
from tests.desk.world import World

OFFICE = """
[calendar.office]
hours = { mon-fri = "08:00-16:00" }
closed = [2026-03-06]
"""
TARGETS = """true
calendar = "office"
"""
PLAN = """2
first_response = { 1 = "2bh", 2 = "2bh" }
update_every = { 1 = "2bh" }
around_the_clock = [1]
"""
GIL = "Gil Glow <gil@globex.example>"


@pytest.fixture
def office(world: Callable[..., World]) -> World:
    """It is Monday, 9:00 UTC; the office is open from 8 to 16, and closed on Friday."""
    return world(PAGED + OFFICE, default=TARGETS, contacts=PLAN)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Site down", "Nobody can log on."),
        ("Help", "Hello,\n\nour whole site is down since this morning.\n\nCarol"),
        ("Total outage", "Please call us."),
        ("Everything is offline", ""),
        ("Hilfe", "Guten Tag,\n\nunsere Webseite ist nicht erreichbar.\n\nBob"),
        ("Totalausfall", "Bitte melden Sie sich."),
        ("Anmeldung", "Niemand kann sich anmelden."),
    ],
)
def test_words_that_say_so_in_english_or_german_make_it_critical_and_call(
    world: Callable[..., World], subject: str, text: str
) -> None:
    desk = world(PAGED)
    desk.receives(mail(CAROL, subject=subject, text=text))
    assert desk.ticket()["severity"] == 1
    assert len(paged(desk)) == 1


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-03T03:00:00+00:00",
        "2026-03-06T12:00:00+00:00",
        "2026-03-07T23:30:00+00:00",
        "2026-03-08T00:00:00+00:00",
    ],
)
def test_somebody_is_called_at_any_hour_at_night_on_a_holiday_and_at_the_weekend(office: World, moment: str) -> None:
    until(office, moment)
    office.receives(DOWN)
    assert len(paged(office)) == 1
    assert {each.recipient for each in office.sent("agent_ticket")} >= {"alice@example.com", "anton@example.com"}


def test_its_clocks_run_around_the_clock_where_the_plan_says_so(office: World) -> None:
    until(office, "2026-03-07T23:30:00+00:00")  # on a Saturday
    office.receives(DOWN)
    text = " ".join(office.the("acknowledgement").text.split())
    assert "Our first answer comes by Sunday, 8 March 2026, 01:30 (UTC)." in text
    assert "For this we work around the clock." in text
    assert "We are closed now" not in text
    office.receives(mail(CAROL, subject="Please restore a folder"))
    text = " ".join(office.the("acknowledgement").text.split())
    assert "Our first answer comes by Monday, 9 March 2026, 10:00 (UTC)." in text


def test_warnings_and_breaches_of_it_go_out_at_night(office: World) -> None:
    until(office, "2026-03-07T23:30:00+00:00")
    office.receives(DOWN)
    until(office, "2026-03-08T01:00:00+00:00")
    assert office.sent("due_soon")
    until(office, "2026-03-08T01:30:00+00:00")
    assert "mona@example.com" in {each.recipient for each in office.sent("overdue")}


def test_regular_news_of_it_are_due_at_night_too(office: World) -> None:
    until(office, "2026-03-07T23:30:00+00:00")
    office.receives(DOWN)
    office.replies(ALICE, office.the("agent_ticket", ALICE), "We are on it.")
    assert office.ticket()["due"]["update"] == "2026-03-08T01:30:00Z"


def test_who_calls_gets_a_number_and_the_words_for_an_emergency(world: Callable[..., World]) -> None:
    desk = world(PAGED, default='true\ntext = { emergency = "Call +1 555 0100." }')
    desk.receives(DOWN)
    assert "Call +1 555 0100." in desk.the("acknowledgement").text
    assert "EX-10001" in desk.the("acknowledgement").subject


@pytest.mark.parametrize("moment", ["2026-03-02T09:00:00+00:00", "2026-03-02T12:00:00+00:00"])
def test_inside_a_planned_event_it_is_answered_so_and_agents_see_it_all_the_same(
    world: Callable[..., World], moment: str
) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.now = datetime.fromisoformat(moment).astimezone(UTC)
    desk.receives(DOWN)
    text = " ".join(desk.the("acknowledgement").text.split())
    assert "Work is going on that was planned" in text
    assert "New servers are put in." in text
    assert paged(desk) == []
    assert desk.sent("agent_ticket")
    assert desk.ticket()["severity"] == 1


def test_in_german_too(world: Callable[..., World]) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.receives(mail(BOB, subject="Totalausfall", text="Niemand kann sich anmelden."))
    assert "Gerade laufen geplante Arbeiten" in desk.the("acknowledgement").text
    assert paged(desk) == []


@pytest.mark.parametrize("moment", ["2026-03-02T07:59:59+00:00", "2026-03-02T12:00:01+00:00"])
def test_before_and_after_it_somebody_is_called(world: Callable[..., World], moment: str) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.now = datetime.fromisoformat(moment).astimezone(UTC)
    desk.receives(DOWN)
    assert len(paged(desk)) == 1
    assert "planned" not in desk.the("acknowledgement").text


def test_an_agent_who_makes_it_critical_meanwhile_calls(world: Callable[..., World]) -> None:
    desk = world(PAGED + ANNOUNCED)
    desk.receives(mail(CAROL, subject="Our website is slow"))
    desk.replies(
        ALICE, desk.the("agent_ticket", ALICE), "#severity 1\n#note The site is down, and not for the servers."
    )
    assert len(paged(desk)) == 1


def test_mails_of_several_customers_about_one_outage_reach_those_on_call_and_do_not_bury_them(
    world: Callable[..., World],
) -> None:
    desk = world(PAGED)
    at_once = 0
    for number in range(30):
        desk.receives(mail((CAROL, BOB, GIL)[number % 3], subject=f"Site {number} down"))
        desk.now = desk.now.replace(second=number)
        at_once += len(paged(desk)) if number < 5 else 0
    assert at_once == 5
    [(order, _)] = further(desk)
    assert [number for number in range(5, 30) if f"Site {number} down" not in order] == []


def test_it_calls_even_where_its_writer_has_had_his_acknowledgements(world: Callable[..., World]) -> None:
    desk = world(PAGED + '[limits]\nacks_per_contact = "1/h"\n')
    desk.receives(mail(CAROL))
    desk.receives(DOWN)
    assert desk.sent("acknowledgement") == []
    assert len(paged(desk)) == 1


@pytest.mark.parametrize("sender", [STRANGER, "Dave Dent <dave@acme.example>"])
def test_a_strangers_outage_calls_nobody(world: Callable[..., World], sender: str) -> None:
    desk = world(PAGED)
    desk.receives(mail(sender, subject="Site down", text="Nobody can log in."))
    assert paged(desk) == []


def test_until_a_contact_takes_it_over(world: Callable[..., World]) -> None:
    desk = world(PAGED)
    desk.receives(mail("Dave Dent <dave@acme.example>", subject="Site down", text="Nobody can log in."))
    question = desk.the("consult", CAROL)
    desk.replies(CAROL, question, "take")
    desk.time_passes(seconds=10)
    assert desk.ticket()["severity"] == 1
    desk.seen = 0
    assert len(paged(desk)) == 1


def test_a_robots_outage_calls_nobody(world: Callable[..., World]) -> None:
    desk = world(PAGED)
    desk.receives(mail(CAROL, subject="Site down", headers={"Auto-Submitted": "auto-generated"}))
    assert paged(desk) == []
