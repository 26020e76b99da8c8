"""Times in letters to agents: in the zone of the reader's calendar, else the desk's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, CAROL, MONA, mail
from tests.desk.test_story_asking import proved
from tests.desk.test_story_digest import CALENDARS, PEOPLE
from tests.desk.world import World


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Alice is of Berlin, Anton of Boston; Mona has no calendar, and the desk is in London."""
    return world(CALENDARS, people=PEOPLE, domain='"example.com"\ntime_zone = "Europe/London"')


def solves(desk: World, agent: str) -> str:
    desk.receives(mail(CAROL))
    desk.replies(agent, desk.the("agent_ticket", agent), "#solved\nDone.")
    return " ".join(desk.the("receipt").text.split())


def test_a_receipt_tells_times_by_the_agents_own_clock(desk: World) -> None:
    assert "Wednesday, 4 March 2026, 10:00" in solves(desk, ALICE)
    assert "Wednesday, 4 March 2026, 04:00" in solves(desk, ANTON)
    assert "Wednesday, 4 March 2026, 09:00" in solves(desk, MONA)


def test_a_receipt_about_no_ticket_does_so_too(desk: World) -> None:
    reference = desk.receives(mail(CAROL)).ticket
    text = " ".join(proved(desk, f"#status {reference}", ANTON).text.split())
    assert "Monday, 2 March 2026, 04:00" in text


def test_the_question_whether_a_mail_was_his_does_so_too(desk: World) -> None:
    desk.receives(mail(ANTON, subject="A question", text="#mine"))
    assert "Monday, 2 March 2026, 04:00" in " ".join(desk.the("confirm").text.split())


def test_managers_read_of_an_escalation_by_their_own(world: Callable[..., World]) -> None:
    desk = world(CALENDARS, people=PEOPLE.replace('role = "manager"', 'role = "manager"\ncalendar = "boston"'))
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#escalate\n")
    assert "04:00" in desk.the("escalation", MONA).text
