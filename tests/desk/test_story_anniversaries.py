"""A year of incidents ends: what moves over, what lapses, and what the contacts are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from maildesk.store import directory, incidents
from maildesk.store.database import Store
from maildesk.store.outlook import rows as ahead
from tests.builders import ALICE, BOB, CAROL, START, mail
from tests.desk.test_story_incidents import CHARGED, FREE, PEOPLE
from tests.desk.world import World

DAY = datetime(2027, 3, 2, tzinfo=UTC)  # on which the year ends that began with START
LARGE = """
[plan.large]
title = "Large"
contacts = 2
incidents = 50
"""


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Acme has ten incidents a year of which three move over, Globex a plan that charges nothing."""
    return world(FREE + LARGE, people=PEOPLE, survey=CHARGED)


def balance(desk: World) -> int:
    return desk.ask(incidents.balances)["Acme"]


def rows(desk: World) -> list[tuple[Any, ...]]:
    def ask(store: Store) -> list[tuple[Any, ...]]:
        return store.all(
            "SELECT amount, kind, reason, at FROM charge WHERE kind IN ('bought', 'lapsed') ORDER BY at, amount"
        )

    return [(amount, kind, reason, datetime.fromtimestamp(at / 1e6, UTC)) for amount, kind, reason, at in desk.ask(ask)]


def spends(desk: World, amount: int) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), f"#charge {amount}")


def due(desk: World) -> list[tuple[str, str]]:
    far = datetime(2100, 1, 1, tzinfo=UTC)
    found = desk.ask(lambda store: ahead(store, desk.config, desk.now, far))
    return [(each["what"], each["at"]) for each in found if each["what"] in {"rollover", "statement"}]


def applies(desk: World, people: str, **options: Any) -> list[str]:
    def act(store: Store) -> list[str]:
        return directory.apply(store, people, desk.config, now=desk.now, **options)

    return desk.ask(act)


def test_an_organisation_gets_the_incidents_of_its_plan_when_it_is_first_applied_and_once(desk: World) -> None:
    assert rows(desk) == [(10, "bought", "standard", START)]
    desk.time_passes(days=3)
    assert applies(desk, PEOPLE) == []
    assert applies(desk, PEOPLE, dry_run=True) == []
    assert balance(desk) == 10


def test_applying_says_who_gets_how_many_and_a_dry_run_gives_none(desk: World) -> None:
    more = PEOPLE + '\n[[organisation]]\nname = "Initech"\ndomains = ["initech.example"]\nplan = "large"\n'
    told = ["add organisation Initech", "organisation Initech gets 50 incidents of plan large"]
    assert applies(desk, more, dry_run=True) == told
    assert applies(desk, more) == told
    assert desk.ask(incidents.balances)["Initech"] == 50
    assert applies(desk, more) == []


def test_another_charged_plan_brings_its_incidents_at_once_and_its_year_begins_then(desk: World) -> None:
    spends(desk, 4)
    desk.time_passes(days=30)
    large = PEOPLE.replace('plan = "standard"', 'plan = "large"', 1)
    assert applies(desk, large)[-1] == "organisation Acme gets 50 incidents of plan large"
    assert balance(desk) == 56
    assert due(desk) == [("rollover", "2027-04-01T00:00:00Z"), ("statement", "2027-04-01T00:00:00Z")]
    assert applies(desk, PEOPLE) == ["change organisation Acme: plan large -> standard"]  # had within the year
    assert balance(desk) == 56


def test_a_plan_that_comes_back_after_a_year_brings_its_incidents_again(desk: World) -> None:
    applies(desk, PEOPLE.replace('plan = "standard"', 'plan = "free"', 1))
    assert due(desk) == []
    desk.time_passes(days=400)
    assert balance(desk) == 10
    applies(desk, PEOPLE)
    assert balance(desk) == 20
    assert rows(desk)[-1] == (10, "bought", "standard", desk.now)


def test_rollover_and_statement_stand_in_what_is_due(desk: World) -> None:
    assert due(desk) == [("rollover", "2027-03-02T00:00:00Z"), ("statement", "2027-03-02T00:00:00Z")]


def test_on_the_anniversary_three_move_over_the_others_lapse_and_new_ones_come(desk: World) -> None:
    spends(desk, 4)
    desk.now = DAY - timedelta(seconds=1)
    desk.time_passes()
    assert (balance(desk), desk.sent("statement")) == (6, [])
    desk.time_passes(seconds=1)
    assert rows(desk)[1:] == [
        (-3, "lapsed", "standard, year 1", DAY),
        (10, "bought", "standard, year 2", DAY),
    ]
    assert balance(desk) == 13
    desk.time_passes(days=1)
    assert (balance(desk), desk.sent("statement")) == (13, [])


def test_the_contacts_get_the_figures_of_the_year(desk: World) -> None:
    spends(desk, 4)
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "It works again.")
    desk.replies(ALICE, letter, "#credit 1 it was our own mistake")
    desk.receives(mail("Gil Glow <gil@globex.example>"))
    desk.now = DAY
    desk.time_passes()
    assert {each.recipient for each in desk.sent("statement")} == {"carol@acme.example", "bob@acme.example"}
    carol = desk.the("statement", CAROL)
    told = " ".join(carol.text.split())
    for words in (
        "from Monday, 2 March 2026 to Monday, 1 March 2027",
        "Bought: 10",
        "Given back: 1",
        "Used: 5",
        "Left at the end: 6",
        "- EX-10001: 4 - EX-10002: 1",
        "3 of them move over to the new year, 3 lapse.",
        "10 incidents come with it: there are 13 now.",
    ):
        assert words in told
    assert "our own mistake" not in carol.raw.decode()
    assert carol.subject == "Acme: your incidents of the year until Monday, 1 March 2027"
    assert carol.message["X-Maildesk-Ticket"] is None
    assert "das Guthaben ist jetzt 13" in " ".join(desk.the("statement", BOB).text.split())


def test_what_was_overdrawn_is_taken_from_the_new_ones(desk: World) -> None:
    spends(desk, 12)
    desk.now = DAY
    desk.time_passes()
    assert balance(desk) == 8
    told = " ".join(desk.the("statement", CAROL).text.split())
    assert "Left at the end: -2" in told
    assert "there are 8 now" in told


def test_anniversaries_that_the_desk_slept_through_are_made_up_for_in_order(desk: World) -> None:
    spends(desk, 2)
    desk.now = DAY + timedelta(days=2 * 365 + 40)  # 2028 is a leap year
    desk.time_passes()
    years = [(amount, kind, at.date().isoformat()) for amount, kind, _, at in rows(desk)[1:]]
    assert years == [
        (-5, "lapsed", "2027-03-02"),
        (10, "bought", "2027-03-02"),
        (-10, "lapsed", "2028-03-02"),
        (10, "bought", "2028-03-02"),
        (-10, "lapsed", "2029-03-02"),
        (10, "bought", "2029-03-02"),
    ]
    texts = [" ".join(each.text.split()) for each in desk.sent("statement") if each.recipient in CAROL]
    assert ["there are 13 now" in each for each in texts] == [True] * 3
    assert "Left at the end: 8" in texts[0]
    assert "Brought over: 3 Bought: 10 Used: 0 Left at the end: 13" in texts[1]
    assert balance(desk) == 13


def test_a_daemon_that_never_ran_before_makes_up_for_them_too(desk: World) -> None:
    assert desk.ask(lambda store: store.one("SELECT COUNT(*) FROM chore"))[0] == 0
    desk.now = DAY + timedelta(days=500)
    desk.time_passes()
    assert [each[1] for each in rows(desk)].count("bought") == 3


def test_a_charge_of_a_late_sweep_counts_for_its_own_year(desk: World) -> None:
    desk.now = DAY + timedelta(hours=9)  # the desk has slept until now, and a mail comes before its first sweep
    spends(desk, 8)
    desk.time_passes(hours=1)
    assert balance(desk) == 10 - 7 + 10 - 8
    assert "Used: 0" in desk.the("statement", CAROL).text


def test_who_is_served_no_more_gets_no_further_year(world: Callable[..., World]) -> None:
    ended = PEOPLE.replace('plan = "standard"', 'plan = "standard"\nuntil = 2027-03-01', 1)
    desk = world(FREE, people=ended, survey=CHARGED)
    assert due(desk) == []
    desk.now = DAY + timedelta(days=3)
    desk.time_passes()
    assert (balance(desk), desk.sent("statement")) == (10, [])
    applies(desk, PEOPLE.replace('plan = "standard"', 'plan = "standard"\nuntil = 2028-03-01', 1))
    desk.time_passes(minutes=2)
    assert (balance(desk), len(desk.sent("statement"))) == (13, 2)


def test_the_day_is_one_of_the_desks_zone(world: Callable[..., World]) -> None:
    desk = world(FREE, people=PEOPLE, survey=CHARGED, postmaster='"ops@example.com"\ntime_zone = "America/Los_Angeles"')
    assert due(desk)[0] == ("rollover", "2027-03-02T08:00:00Z")
