"""Attackers who want to take part: by a forged Cc, a guessed reference, a machine that writes for them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, CAROL, mail
from tests.desk.taking_part import EVE, GIL, NED, SECRET, answers, events, named, opened, people, texts, written_in
from tests.desk.world import World


def test_a_spoofed_participant_who_names_an_attacker_gives_him_nothing(desk: World) -> None:
    """T2: the history stays where it is, and so does all that comes later."""
    opened(desk, text=SECRET)
    for_agent = desk.the("agent_ticket", ALICE)
    headers = {"In-Reply-To": "<first@acme.example>"}
    desk.receives(mail(CAROL, subject="Re: [EX-10001] x", text="Please go on.", cc=EVE, headers=headers))
    assert "eve@attacker.example" in desk.the("consult", CAROL).text
    answers(desk, for_agent)
    assert texts(desk, "eve@attacker.example") == ""
    desk.seen = 0
    assert not [each for each in desk.sent("reply") if "eve@attacker.example" in str(each.message["Cc"])]


def test_an_attacker_who_is_let_in_at_last_still_gets_no_past_text_by_asking_for_a_copy(desk: World) -> None:
    asking = named(desk, EVE)
    desk.time_passes(hours=1)
    desk.replies(CAROL, asking, "allow")
    desk.receives(mail(EVE, subject="x", text="copy EX-10001"))
    assert desk.the("answer", EVE)
    assert SECRET not in texts(desk, "eve@attacker.example")


def test_of_nine_hundred_addresses_few_are_asked_about_in_one_letter(desk: World) -> None:
    opened(desk, cc=[f"p{number}@attacker.example" for number in range(900)])
    assert events(desk).count("newcomer_waits") == 20
    assert len(desk.sent("consult")) == 1
    ack = desk.the("acknowledgement", CAROL)
    desk.replies(CAROL, ack, "And they.", cc=[f"q{number}@attacker.example" for number in range(50)])
    assert (events(desk).count("newcomer_waits"), desk.sent("consult")) == (20, [])


def test_a_ticket_has_room_for_a_hundred_people(desk: World) -> None:
    opened(desk, cc=[f"p{number}@acme.example" for number in range(900)])
    assert len(people(desk)) == 99


def test_competitors_never_take_part(world: Callable[..., World]) -> None:
    desk = world('[gate]\nnever_copy = ["rival.example"]\n')
    opened(desk, cc=("x@rival.example", "y@sales.rival.example"))
    for_agent = desk.the("agent_ticket", ALICE)
    assert (people(desk), desk.sent("consult")) == ([], [])
    assert written_in(desk, "x@rival.example").outcome == "refused"
    desk.replies(ALICE, for_agent, "#cc +x@rival.example")
    assert people(desk) == []
    assert "#cc +x@rival.example" in desk.the("receipt", ALICE).text


@pytest.mark.parametrize("own", ["support@example.com", "help@example.com", "support+EX-10001@example.com"])
def test_our_own_addresses_and_agents_never_take_part(desk: World, own: str) -> None:
    opened(desk, cc=(own, "alice@example.com"))
    assert (people(desk), desk.sent("consult")) == ([], [])


def test_a_contact_of_another_organisation_is_outside_too(desk: World) -> None:
    asking = named(desk, GIL)
    assert people(desk) == []
    desk.replies(CAROL, asking, "allow")
    assert people(desk) == ["gil@globex.example"]


def test_what_a_stranger_wrote_into_a_ticket_is_not_his_own_organisations_to_let_in(desk: World) -> None:
    opened(desk)
    written_in(desk, "new@globex.example", text="Our own matter too.")
    assert {letter.recipient for letter in desk.sent("consult")} == {"carol@acme.example"}


def test_a_robot_from_outside_asks_nobody_for_anything(desk: World) -> None:
    opened(desk)
    headers = {"In-Reply-To": "<first@acme.example>", "Auto-Submitted": "auto-replied"}
    assert desk.receives(mail(NED, headers=headers)).outcome == "robot"
    assert desk.sent() == []


def test_a_forger_who_opens_many_tickets_makes_few_questions(desk: World) -> None:
    questions = 0
    for number in range(9):
        desk.receives(mail(CAROL, subject=f"Matter {number}", cc=EVE))
        questions += len(desk.sent("consult"))
    assert questions == 5
