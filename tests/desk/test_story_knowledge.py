"""What letters know of the service: severities, hours, channels and the operators' words, as the clocks have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maildesk.config.values import Span
from maildesk.letters.pages import policy_page
from maildesk.letters.render import unheard
from maildesk.letters.times import said
from maildesk.policy.hours import after
from tests.builders import ALICE, BOB, CAROL, START, mail
from tests.desk.world import World

Worlds = Callable[..., World]

OFFICE = """
[calendar.office]
time_zone = "Europe/Berlin"
hours = {{ mon-fri = "{opens}-17:00" }}
"""
PLAN = 'true\ncalendar = "office"\nchannels = ["email", "phone"]\n'  # behind `survey`, the last line of the plan


def office(world: Worlds, opens: str = "11:00", plan: str = PLAN) -> World:
    """START is 10:00 in Berlin."""
    return world(OFFICE.format(opens=opens), survey=plan)


def flat(text: str) -> str:
    return " ".join(text.split())


def page(desk: World) -> str:
    """The support policy as `maildesk policy` writes it."""
    return policy_page(desk.config, "en", START, unheard).text


@pytest.mark.parametrize(
    ("line", "level", "meaning"),
    [
        ("Severity: critical", "critical", "lost altogether"),
        ("Severity: high", "high", "no way around it"),
        ("Nothing said", "medium", "There may be a way around it"),
        ("Severity: low", "low", "A question"),
    ],
)
def test_an_acknowledgement_says_the_severity_and_what_it_means(
    desk: World, line: str, level: str, meaning: str
) -> None:
    desk.receives(mail(text=f"{line}\n\nThe export fails."))
    letter = desk.the("acknowledgement", CAROL)
    assert f"Severity: {level}. " in letter.text
    assert meaning in flat(letter.text)
    assert meaning in flat(letter.html)
    assert meaning in flat(page(desk))


def test_outside_the_hours_the_acknowledgement_names_the_next_opening_in_the_readers_zone(world: Worlds) -> None:
    desk = office(world)
    desk.receives(mail(CAROL))
    assert "open again on Monday, 2 March 2026, 10:00 (UTC)." in flat(desk.the("acknowledgement", CAROL).text)
    desk.receives(mail(BOB))
    text = flat(desk.the("acknowledgement", BOB).text)
    assert "öffnen wieder am Montag, 2. März 2026, 11:00 Uhr (MEZ)." in text


def test_within_the_hours_it_says_the_hours_alone(world: Worlds) -> None:
    desk = office(world, opens="08:00")
    desk.receives(mail())
    text = desk.the("acknowledgement", CAROL).text
    assert "closed" not in text
    assert "Our hours (Europe/Berlin): - Monday to Friday: 08:00–17:00 " in flat(text)


def test_it_names_the_channels_of_the_plan(world: Worlds) -> None:
    desk = office(world)
    desk.receives(mail())
    assert "You reach us by email or phone (plan Standard)." in desk.the("acknowledgement", CAROL).text


@pytest.mark.parametrize("opens", ["11:00", "12:30"])
def test_an_edit_of_the_calendar_changes_letter_clock_and_policy_alike(world: Worlds, opens: str) -> None:
    desk = office(world, opens)
    desk.receives(mail())
    text = desk.the("acknowledgement", CAROL).text
    hour, minute = map(int, opens.split(":"))
    opening = datetime(2026, 3, 2, hour - 1, minute, tzinfo=UTC)
    assert said(opening, "en", "UTC") in text
    assert after(desk.config, "office", START, Span(2, "bh")) == opening.replace(hour=hour + 1)
    hours = f"Monday to Friday: {opens}–17:00"
    assert hours in text
    assert hours in page(desk)


def test_what_is_worked_on_around_the_clock_is_never_told_of_closing_hours(world: Worlds) -> None:
    desk = office(world, plan=f"{PLAN}around_the_clock = [1]\n")
    desk.receives(mail(text="Severity: critical\n\nNothing works."))
    text = desk.the("acknowledgement", CAROL).text
    assert "closed" not in text
    assert "we work around the clock" in text
    desk.receives(mail(text="Severity: low\n\nA question."))
    assert "We are closed now" in desk.the("acknowledgement", CAROL).text


def test_a_desk_that_wrote_down_no_hours_promises_none(desk: World) -> None:
    desk.receives(mail())
    text = desk.the("acknowledgement", CAROL).text
    assert "hours" not in text
    assert "clock" not in text


WORDS = 'true\ntext = { docs = "The handbook of your plan.", emergency = "Call +49 30 1234." }\n'
QUEUE = '["help@example.com"]\ntext = { docs = "The handbook.", scope = "Third-party software is out of scope." }'


def test_the_words_of_the_plan_go_before_those_of_the_queue(world: Worlds) -> None:
    desk = world(survey=WORDS, aliases=QUEUE)
    desk.receives(mail(text="Severity: critical\n\nNothing works."))
    letter = desk.the("acknowledgement", CAROL)
    for each in (letter.text, letter.html):
        assert "The handbook of your plan." in each
        assert "The handbook.\n" not in each
        assert "Third-party software is out of scope." in each
        assert "Call +49 30 1234." in each


def test_the_emergency_line_is_for_emergencies(world: Worlds) -> None:
    desk = world(survey=WORDS)
    desk.receives(mail())
    assert "1234" not in desk.the("acknowledgement", CAROL).text


def test_every_letter_about_the_ticket_may_use_the_words_of_the_plan(world: Worlds, tmp_path: Path) -> None:
    override = tmp_path / "mine" / "en" / "solved.txt"
    override.parent.mkdir(parents=True)
    override.write_text("Subject: Done\nSee: {{ words.docs }}\n")
    desk = world(survey=WORDS, name='"Example Support"\ntemplates = "mine"')
    desk.receives(mail())
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved")
    assert "See: The handbook of your plan." in desk.the("solved", CAROL).text
