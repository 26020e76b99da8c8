"""The agents' commands about people and merged tickets: what they leave alone, and whom they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maildesk.policy.audience import MOST_PEOPLE
from maildesk.words import AddParticipants, Address, AskNewcomers, MergeTicket, Newcomer, Ruling, Ticket
from tests.policy.given import NOW, effects, from_agent, letters, ruled, ticket

NED, EVE = Address("ned@partner.example"), Address("eve@attacker.example")


def merges(of: Ticket, into: Ticket) -> Ruling:
    return ruled(from_agent(f"#merge {into.reference}", ticket=of, merging=into))


def refused(ruling: Ruling) -> str:
    [(_, why, _)] = letters(ruling, "receipt")[0].context["refused"]
    return str(why)


@pytest.mark.parametrize(("more", "fits"), [(1, True), (2, False)])
def test_a_ticket_has_room_for_so_many_and_no_more(*, more: int, fits: bool) -> None:
    full = ticket(participants=tuple(Address(f"p{each}@acme.example") for each in range(MOST_PEOPLE - 2)))
    ruling = ruled(from_agent("#cc " + " ".join(f"+n{each}@x.example" for each in range(more)), ticket=full))
    assert bool(effects(ruling, AddParticipants)) is fits
    assert fits or refused(ruling) == "not_allowed"


@pytest.mark.parametrize(("requester", "allowed"), [("carol@acme.example", True), ("zoe@nowhere.example", False)])
def test_tickets_of_no_organisation_are_merged_where_their_requester_is_the_same(
    requester: str, *, allowed: bool
) -> None:
    other = ticket(reference="EX-9", organisation="", requester=Address(requester))
    ruling = merges(ticket(organisation=""), other)
    assert bool(effects(ruling, MergeTicket)) is allowed
    assert allowed or refused(ruling) == "another_customer"


def test_a_ticket_of_an_organisation_goes_into_none_of_no_organisation() -> None:
    assert effects(merges(ticket(), ticket(reference="EX-9", organisation="")), MergeTicket) == []


def test_of_those_outside_of_a_merged_ticket_only_who_still_waits_goes_along() -> None:
    earlier = NOW - timedelta(hours=1)
    outside = ticket(newcomers=(Newcomer(NED, earlier), Newcomer(EVE, earlier, "refuse")))
    asked = effects(merges(outside, ticket(reference="EX-9")), AskNewcomers)
    assert [each.people for each in asked] == [(NED,)]
