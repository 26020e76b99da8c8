"""Merged tickets in the store: where they lead, by chains and rings, and who waited outside of them."""

from __future__ import annotations

import pytest

from maildesk.store import tickets
from maildesk.words import LinkTickets, MergeTicket
from tests.builders import CAROL, STRANGER, mail
from tests.store.house import House
from tests.store.test_apply import events
from tests.store.test_consent_rows import BY, REFERENCE, history, rules, ticket, waits


def survivor(house: House, reference: str = REFERENCE) -> str:
    found = tickets.survivor(house.store, reference, ())
    assert found is not None
    return found.reference


def three(house: House) -> None:
    for _ in range(3):
        house.opens(mail(CAROL))


def merge(house: House, *pairs: tuple[str, str]) -> None:
    for reference, into in pairs:
        rules(house, MergeTicket(reference, into, BY), LinkTickets(reference, into))


def test_a_merged_ticket_leads_to_the_one_it_went_into(house: House) -> None:
    three(house)
    merge(house, ("EX-10001", "EX-10002"))
    assert survivor(house) == "EX-10002"
    assert survivor(house, "EX-10002") == "EX-10002"
    assert (ticket(house).merged, ticket(house).links) == ("EX-10002", ("EX-10002",))
    assert history(house, "merged") == [(BY, {"into": "EX-10002"})]
    assert [name for name, _, _ in events(house, "EX-10002")][-2:] == ["merged_here", "linked"]


def test_a_chain_leads_to_its_end(house: House) -> None:
    three(house)
    merge(house, ("EX-10001", "EX-10002"), ("EX-10002", "EX-10003"))
    assert survivor(house) == "EX-10003"


@pytest.mark.parametrize("ring", [("EX-10001",), ("EX-10002", "EX-10001"), ("EX-10002", "EX-10003", "EX-10001")])
def test_a_ring_ends_somewhere(house: House, ring: tuple[str, ...]) -> None:
    """Policy makes none; a hand in the database may."""
    three(house)
    for reference, into in zip(("EX-10001", *ring), ring, strict=False):
        house.store.execute("UPDATE ticket SET merged = ? WHERE reference = ?", (into, reference))
    assert survivor(house) in {"EX-10001", *ring}


def test_one_that_went_into_nothing_we_know_leads_to_no_ticket(house: House) -> None:
    house.opens()
    house.store.execute("UPDATE ticket SET merged = 'EX-99999' WHERE reference = ?", (REFERENCE,))
    assert tickets.survivor(house.store, REFERENCE, ()) is None
    assert house.gathers(mail(CAROL, subject=f"[{REFERENCE}]")).ticket is None


def test_a_mail_that_names_a_merged_ticket_finds_the_other(house: House) -> None:
    three(house)
    merge(house, ("EX-10001", "EX-10002"))
    found = house.gathers(mail(CAROL, subject="Re: [EX-10001] The export fails"))
    assert found.ticket is not None
    assert (found.ticket.reference, found.matched) == ("EX-10002", "reference")


def test_what_was_written_into_a_merged_ticket_waits_for_the_other(house: House) -> None:
    three(house)
    ident = waits(house, STRANGER, "awaiting consent: EX-10001")
    merge(house, ("EX-10001", "EX-10002"))
    [found] = house.gathers(mail(STRANGER)).knocking
    assert found.inside == (("EX-10002", ident),)
