"""Who stands at the door: found for the few mails that speak of him, and cheaply however many wait."""

from __future__ import annotations

import pytest

from maildesk.store import knocking as module
from maildesk.words import Address, AskNewcomers, Hold, Outcome
from tests.builders import ALICE, BOB, CAROL, DAVE, STRANGER, mail
from tests.store.house import House, filed
from tests.store.plans import scans


def waits(house: House, sender: str = DAVE, reason: str = "awaiting consent") -> int:
    return house.takes(mail(sender), filed(Outcome.HELD, Hold(reason, None), reason=reason)).id


def test_a_strangers_next_mail_tells_what_of_his_waits(house: House) -> None:
    first, second = waits(house), waits(house)
    [found] = house.gathers(mail(DAVE)).knocking
    assert found.person == Address("dave@acme.example", "Dave Dent")
    assert found.mails == (first, second)
    assert found.organisation is not None
    assert found.organisation.name == "Acme"
    assert [each.name for each in found.contacts] == ["Carol Jones", "Bob Brown"]


def test_somebody_elses_mails_and_those_held_for_other_reasons_are_not_among_them(house: House) -> None:
    waits(house, STRANGER)
    waits(house, DAVE, "spam")
    [found] = house.gathers(mail(DAVE)).knocking
    assert found.mails == ()


def test_what_was_dropped_or_released_waits_no_more(house: House) -> None:
    ident = waits(house)
    house.store.execute("UPDATE held SET state = 'dropped' WHERE mail_id = ?", (ident,))
    [found] = house.gathers(mail(DAVE)).knocking
    assert found.mails == ()


def test_what_was_written_into_a_ticket_is_told_apart(house: House) -> None:
    house.opens()
    ident = waits(house, STRANGER, "awaiting consent: EX-10001")
    [found] = house.gathers(mail(STRANGER)).knocking
    assert found.mails == ()
    assert found.inside == (("EX-10001", ident),)


@pytest.mark.parametrize("text", ["#contact allow dave@acme.example", "\uff03cc +<Dave@ACME.example>,"])
def test_an_agents_command_names_who_it_speaks_of(house: House, text: str) -> None:
    ident = waits(house)
    [found] = house.gathers(mail(ALICE, text=text)).knocking
    assert found.mails == (ident,)


def test_a_contacts_ordinary_mail_speaks_of_nobody(house: House) -> None:
    house.opens(None, AskNewcomers("EX-10001", (Address("sam@elsewhere.example"),)))
    waits(house)
    for text in ("Hello", "#contact allow dave@acme.example", "allow"):
        assert house.gathers(mail(BOB, text=text)).knocking == ()
    assert house.gathers(mail(CAROL, subject="Re: [EX-10001] x", text="allow")).knocking == ()


def test_a_mail_speaks_of_so_many_people_and_no_more(house: House) -> None:
    named = " ".join(f"p{number}@x.example" for number in range(module.MOST + 30))
    assert len(house.gathers(mail(ALICE, text=f"#cc {named}")).knocking) == module.MOST


def test_what_waits_of_one_is_found_by_an_index_among_very_many(house: House) -> None:
    for number in range(30):
        waits(house, f"p{number}@acme.example")
    assert scans(house.store, module.HELD_OF, ("dave@acme.example",)) == []


def test_a_next_mail_costs_the_same_however_many_of_its_writers_wait(house: House) -> None:
    for _ in range(module.NEWEST + 5):
        last = waits(house, reason="awaiting consent; consult suppressed: notices_per_domain")
    [found] = house.gathers(mail(DAVE)).knocking
    assert len(found.mails) == module.NEWEST
    assert found.mails[-1] == last
    assert not found.asked
    waits(house)
    assert house.gathers(mail(DAVE)).knocking[0].asked
    waits(house)
    [told] = house.gathers(mail(ALICE, text="#contact allow dave@acme.example")).knocking
    assert len(told.mails) == module.NEWEST + 7
