"""What agents write for a stage, and what a first answer brings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy.commands_stage import stage_in
from maildesk.words import SetAnswered, Status
from tests.policy.given import NOW, effects, from_agent, ruled, ticket


@pytest.mark.parametrize(
    ("argument", "read"),
    [
        ("bug", ("bug", "")),
        ("Bug.", ("bug", "")),
        ("bug: filed as 4711.", ("bug", "filed as 4711.")),
        ("BUG - filed as 4711", ("bug", "filed as 4711")),
        ("bug report filed", ("bug", "filed")),
        ("bugs", ("", "")),
        ("feature request we like it", ("feature", "we like it")),
        ("Funktionswunsch", ("feature", "")),
        ("config", ("configuration", "")),
        ("Konfiguration: siehe Handbuch", ("configuration", "siehe Handbuch")),
        ("action plan a new table", ("plan", "a new table")),
        ("planned", ("plan", "")),
        ("Ma\u00dfnahmenplan", ("plan", "")),
        ("MASSNAHMENPLAN steht", ("plan", "steht")),
        ("ausgef\u00fchrt", ("executed", "")),
        ("released in 4.3", ("released", "in 4.3")),
        ("release", ("released", "")),
        ("Ver\u00f6ffentlicht!", ("released", "")),
        ("", ("", "")),
        ("soon", ("", "")),
        ("filed as a bug", ("", "")),
        ("\uff42\uff55\uff47", ("", "")),
    ],
)
def test_a_stage_is_read_as_people_write_it(argument: str, read: tuple[str, str]) -> None:
    assert stage_in(argument) == read


@given(st.text(max_size=60))
def test_no_argument_is_too_strange(argument: str) -> None:
    _, text = stage_in(argument)
    assert text in argument


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("", "answer"),
        ("#open\n", "answer"),
        ("#solved\n", "solution"),
        ("#close\n", "solution"),
        ("#pending\n", "question"),
        ("#escalate\n", "escalation"),
        ("#stage bug\n", "escalation"),
        ("#stage feature\n", "escalation"),
        ("#stage configuration\n", "answer"),
        ("#pending\n#escalate\n", "question"),
        ("#stage released\n#solved\n", "solution"),
    ],
)
def test_a_first_answer_is_of_the_kind_that_its_own_commands_make_it(lines: str, kind: str) -> None:
    [answered] = effects(ruled(from_agent(f"{lines}\nHere you are.")), SetAnswered)
    assert answered.kind == kind


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED, Status.PENDING])
def test_a_status_that_is_older_than_the_first_answer_makes_it_nothing_else(status: Status) -> None:
    facts = from_agent("Here you are.", ticket=ticket(status=status, closed=NOW, solved=NOW))
    [answered] = effects(ruled(facts), SetAnswered)
    assert answered.kind == "answer"


def test_only_the_first_answer_counts() -> None:
    facts = from_agent("#solved\n\nHere you are.", ticket=ticket(status=Status.OPEN, first_answered=NOW))
    assert effects(ruled(facts), SetAnswered) == []
