"""What consent leaves in the store: who waits and who was let in, held answers, contacts who change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from maildesk.store import held, people, tickets, views_ticket
from maildesk.store.recent import consults
from maildesk.words import (
    AddContact,
    AddParticipants,
    Address,
    AskNewcomers,
    Contact,
    Decision,
    DropHeld,
    Hold,
    Letter,
    Newcomer,
    Outcome,
    ReleaseHeld,
    RemoveParticipants,
    SendLetter,
    SetLevel,
    SettleNewcomers,
    SwapContact,
    Ticket,
    Writer,
)
from tests.builders import ALICE, CAROL, DAVE, mail
from tests.store.house import House, filed, opened
from tests.store.test_apply import events

REFERENCE = "EX-10001"
NED, EVE = Address("ned@partner.example", "Ned"), Address("eve@attacker.example")
BOB = Address("bob@acme.example", "Bob Brown")
BY = "alice@example.com"


def ticket(house: House, reference: str = REFERENCE) -> Ticket:
    found = tickets.load(house.store, reference, people.agents(house.store, house.now))
    assert found is not None
    return found


def rules(house: House, *decisions: Decision) -> None:
    """A later mail of Alice's, ruled so."""
    house.later(minutes=1)
    house.takes(mail(ALICE), filed(Outcome.COMMAND, *decisions, ticket=REFERENCE))


def history(house: House, name: str) -> list[tuple[str, dict[str, object]]]:
    return [(by, detail) for event, by, detail in events(house) if event == name]


def writer(house: House, address: str) -> Writer:
    return people.writer(house.store, address, "", house.config, house.now)


# newcomers


def test_who_was_asked_about_waits_until_somebody_says_something(house: House) -> None:
    house.opens()
    rules(house, AskNewcomers(REFERENCE, (NED, EVE)))
    asked = house.now
    assert set(ticket(house).newcomers) == {Newcomer(NED, asked), Newcomer(EVE, asked)}
    rules(house, SettleNewcomers(REFERENCE, (NED.address,), "allow", BY), AddParticipants(REFERENCE, (NED,), BY))
    rules(house, SettleNewcomers(REFERENCE, (EVE.address,), "refuse", BY))
    assert {each.person: each.answer for each in ticket(house).newcomers} == {NED: "allow", EVE: "refuse"}
    assert ticket(house).participants == (NED,)


def test_the_history_tells_who_waited_and_who_let_him_in(house: House) -> None:
    house.opens()
    rules(house, AskNewcomers(REFERENCE, (NED,)))
    rules(house, SettleNewcomers(REFERENCE, (NED.address,), "allow", BY))
    assert history(house, "newcomer_waits") == [("maildesk", {"address": NED.address})]
    assert history(house, "newcomer_allowed") == [(BY, {"address": NED.address})]


def test_nobody_is_asked_about_twice(house: House) -> None:
    house.opens()
    rules(house, AskNewcomers(REFERENCE, (NED,)))
    first = ticket(house).newcomers
    rules(house, SettleNewcomers(REFERENCE, (NED.address,), "refuse", BY))
    rules(house, AskNewcomers(REFERENCE, (NED,)))
    assert [(each.asked, each.answer) for each in ticket(house).newcomers] == [(first[0].asked, "refuse")]
    assert len(history(house, "newcomer_waits")) == 1


def test_a_word_about_somebody_who_never_waited_leaves_nothing(house: House) -> None:
    house.opens()
    rules(house, SettleNewcomers(REFERENCE, (NED.address,), "allow", BY))
    assert ticket(house).newcomers == ()
    assert history(house, "newcomer_allowed") == []


def test_newcomers_of_a_ticket_that_is_opened_with_them_are_kept(house: House) -> None:
    house.opens(None, AskNewcomers(REFERENCE, (NED,)))
    assert [each.person for each in ticket(house).newcomers] == [NED]


def test_who_waits_is_no_participant_of_what_operators_are_shown(house: House) -> None:
    house.opens(None, AskNewcomers(REFERENCE, (NED,)))
    shown = views_ticket.show(house.store, REFERENCE, house.config, house.now, lambda order: None)
    assert shown["participants"] == []


# participants and level


def test_who_leaves_is_gone_and_may_come_again(house: House) -> None:
    house.opens()
    rules(house, AddParticipants(REFERENCE, (BOB, NED), BY))
    rules(house, RemoveParticipants(REFERENCE, (BOB.address, EVE.address), BOB.address))
    assert ticket(house).participants == (NED,)
    assert history(house, "participant_removed") == [(BOB.address, {"address": BOB.address})]
    rules(house, AddParticipants(REFERENCE, (BOB,), BY))
    assert set(ticket(house).participants) == {NED, BOB}


def test_a_level_is_set_and_told(house: House) -> None:
    house.opens()
    rules(house, SetLevel(REFERENCE, 2, BY))
    assert ticket(house).level == 2
    assert history(house, "level") == [(BY, {"to": 2})]


# held answers


def waits(house: House, sender: str = DAVE, reason: str = "awaiting consent") -> int:
    return house.takes(mail(sender), filed(Outcome.HELD, Hold(reason, None), reason=reason)).id


def answered(house: House, ident: int) -> tuple[Any, ...]:
    row = house.store.one("SELECT state, answer, answered_by, taker FROM held WHERE mail_id = ?", (ident,))
    assert row is not None
    return tuple(row)


def test_who_said_what_of_a_held_mail_is_kept(house: House) -> None:
    house.opens()
    ident = waits(house)
    rules(house, ReleaseHeld(ident, "take", BOB.address, BOB.address))
    assert answered(house, ident) == ("released", "take", BOB.address, BOB.address)
    taker = house.gathers(mail(DAVE), ident).taker
    assert isinstance(taker, Contact)
    assert taker.name == "Bob Brown"


def test_a_refusal_is_kept_with_whose_it_was_and_the_mail_says_why(house: House) -> None:
    house.opens()
    ident = waits(house)
    rules(house, DropHeld(ident, "refused by bob@acme.example", BOB.address))
    assert answered(house, ident) == ("dropped", "refuse", BOB.address, "")
    assert house.store.one("SELECT outcome, reason FROM mail WHERE id = ?", (ident,)) == (
        "refused",
        "refused by bob@acme.example",
    )


def test_what_time_drops_nobody_has_answered(house: House) -> None:
    house.opens()
    ident = house.takes(mail(DAVE), filed(Outcome.HELD, Hold("awaiting consent", house.now + timedelta(days=1)))).id
    held.drop_overdue(house.store, house.now + timedelta(days=2))
    assert answered(house, ident)[:3] == ("dropped", "", "")


# contacts who come and go


def test_a_new_contact_enters_with_his_address(house: House) -> None:
    house.opens()
    rules(house, AddContact("Acme", Address("dave@acme.example", "Dave Dent"), BOB.address))
    found = writer(house, "dave@acme.example")
    assert isinstance(found, Contact)
    assert (found.name, found.organisation.name) == ("Dave Dent", "Acme")


def test_a_contact_without_a_name_goes_by_his_address(house: House) -> None:
    house.opens()
    rules(house, AddContact("Acme", Address("dave@acme.example"), BY))
    assert getattr(writer(house, "dave@acme.example"), "name", "") == "dave@acme.example"


def test_an_address_that_is_somebodys_stays_his(house: House) -> None:
    house.opens()
    rules(house, AddContact("Acme", Address("gil@globex.example"), BY), AddContact("Acme", Address(BY), BY))
    found = writer(house, "gil@globex.example")
    assert isinstance(found, Contact)
    assert found.organisation.name == "Globex"
    assert len(people.contacts(house.store, "Acme", house.config, house.now)) == 2


def test_who_is_swapped_out_leaves_with_all_his_addresses(house: House) -> None:
    house.opens()
    rules(house, SwapContact("Acme", "carol.jones@acme.example", Address("dave@acme.example", "Dave Dent"), BY))
    for address in ("carol@acme.example", "carol.jones@acme.example"):
        assert not isinstance(writer(house, address), Contact)
    assert isinstance(writer(house, "dave@acme.example"), Contact)
    assert ticket(house).requester.address == "carol@acme.example"


def test_nobody_of_another_organisation_is_swapped_out(house: House) -> None:
    house.opens()
    rules(house, SwapContact("Acme", "gil@globex.example", Address("dave@acme.example"), BY))
    assert isinstance(writer(house, "gil@globex.example"), Contact)


# how often somebody was asked


def consult(to: str, about: str, organisation: str = "", *, copy: bool = False) -> SendLetter:
    context = {"kind": "organisation" if organisation else "ticket", "organisation": organisation}
    return SendLetter(Letter("consult", Address(to), "customer", about=about, context=context, copy=copy))


def test_a_question_counts_once_however_many_are_asked(house: House) -> None:
    ident = waits(house)
    about = f"held-{ident}"
    house.takes(
        mail(CAROL),
        lambda facts: opened(
            facts, consult("carol@acme.example", about, "Acme"), consult(BOB.address, about, "Acme", copy=True)
        ),
    )
    assert consults(house.store, "Acme", house.config, house.now) == 1


def test_questions_about_a_ticket_count_for_the_ticket(house: House) -> None:
    house.opens(None, consult("carol@acme.example", REFERENCE))
    assert consults(house.store, REFERENCE, house.config, house.now) == 1
    assert consults(house.store, "Acme", house.config, house.now) == 0


def test_old_questions_count_no_more(house: House) -> None:
    house.opens(None, consult("carol@acme.example", REFERENCE))
    house.later(days=1, minutes=2)
    assert consults(house.store, REFERENCE, house.config, house.now) == 0
