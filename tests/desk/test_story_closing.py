"""Before a ticket closes: what the reminder offers, to whom a reply then goes, and what follows the closing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.store import directory
from tests.builders import ALICE, ANTON, BOB, CAROL, DIRECTORY, mail
from tests.desk.test_story_away import leaves
from tests.desk.test_story_time import links, solved, taps
from tests.desk.world import Sent, World

RESTING = ("#solved\nVersion 4.2 mends it.", "#pending\nWhich version?")


def reminded(desk: World, words: str) -> Sent:
    solved(desk, words)
    desk.time_passes(days=1 if "solved" in words else 6)
    return desk.the("closing_soon", CAROL)


def told(desk: World) -> set[str]:
    return {each.recipient for each in desk.sent("agent_update")}


@pytest.mark.parametrize("words", RESTING)
@pytest.mark.parametrize(
    ("tapped", "status"),
    [("solved", "solved"), ("keep open", "open"), ("not solved", "open")],
)
def test_the_reminder_offers_solved_still_needed_and_not_solved(
    desk: World, words: str, tapped: str, status: str
) -> None:
    letter = reminded(desk, words)
    assert [body for _, _, body in links(letter)][:3] == ["solved", "keep open", "not solved"]
    taps(desk, CAROL, letter, tapped)
    assert desk.ticket()["status"] == status
    assert told(desk) == ({"alice@example.com"} if status == "open" else set())


def test_in_german_too(world: Callable[..., World]) -> None:
    desk = world()
    desk.receives(mail(BOB))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nErledigt.")
    desk.time_passes(days=1)
    letter = desk.the("closing_soon", BOB)
    assert [body for _, _, body in links(letter)][:3] == ["solved", "keep open", "nicht gelöst"]
    taps(desk, BOB, letter, "nicht gelöst")
    assert desk.ticket()["status"] == "open"


@pytest.mark.parametrize("words", ["solved", "Solved!", "gelöst"])
def test_what_the_text_names_may_be_typed(desk: World, words: str) -> None:
    desk.replies(CAROL, reminded(desk, RESTING[1]), words)
    assert desk.ticket()["status"] == "solved"


def test_what_stays_solved_closes_when_the_reminder_said(desk: World) -> None:
    taps(desk, CAROL, reminded(desk, RESTING[0]), "solved")
    desk.time_passes(days=1)
    assert desk.ticket()["closed"] == "2026-03-04T09:00:00Z"


def test_a_ticket_kept_open_is_reminded_anew_when_it_rests_again(desk: World) -> None:
    taps(desk, CAROL, reminded(desk, RESTING[0]), "keep open")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#solved\nNow it works.")
    desk.time_passes(days=1)
    assert desk.the("closing_soon", CAROL)


@pytest.mark.parametrize("words", RESTING)
def test_a_reply_reopens_and_goes_to_the_deputy_of_an_agent_who_is_away(desk: World, words: str) -> None:
    letter = solved(desk, words)
    leaves(desk, "#away friday Anton")
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"anton@example.com"}
    assert (desk.ticket()["status"], desk.ticket()["owner"]) == ("open", "alice@example.com")
    desk.replies(ANTON, desk.the("agent_update"), "#solved\nNow it works.")
    assert desk.ticket()["owner"] == "alice@example.com"


@pytest.mark.parametrize("words", RESTING)
def test_and_to_the_queue_when_the_agent_is_gone(desk: World, words: str) -> None:
    letter = solved(desk, words)
    her = '[[agent]]\nname = "Alice Agent"\naddresses = ["alice@example.com"]\nqueues = ["technical"]\n'
    people = DIRECTORY.replace(her, "")
    assert people != DIRECTORY

    def leave(store: object) -> None:
        directory.apply(store, people, desk.config, now=desk.now, prune=True)  # type: ignore[arg-type]

    desk.ask(leave)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert told(desk) == {"anton@example.com", "mona@example.com"}
    assert (desk.ticket()["status"], desk.ticket()["owner"]) == ("open", None)


@pytest.mark.parametrize("words", RESTING)
def test_the_requester_hears_that_it_has_closed_and_then_how_it_was(desk: World, words: str) -> None:
    reminded(desk, words)
    desk.time_passes(days=1)
    assert [(each.name, each.recipient) for each in desk.sent()] == [
        ("closed", "carol@acme.example"),
        ("survey", "carol@acme.example"),
    ]


def test_pending_and_solved_close_when_the_configuration_says(world: Callable[..., World]) -> None:
    desk = world('[closing]\nsolved_after = "6h"\npending_after = "3d"\nremind_before = "0s"\n')
    solved(desk, RESTING[1])
    desk.time_passes(days=2, hours=23)
    assert desk.ticket()["status"] == "pending"
    desk.time_passes(hours=1)
    assert desk.ticket()["status"] == "closed"
    assert desk.sent("closing_soon") == []
