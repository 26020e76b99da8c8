"""Newcomers: who counts as one, who may answer for him, and which words are an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.policy.newcomers import MOST
from maildesk.policy.newcomers_answer import word
from maildesk.words import (
    AddParticipants,
    Address,
    AskNewcomers,
    DropHeld,
    Facts,
    Knocking,
    Newcomer,
    Recent,
    ReleaseHeld,
    Ruling,
    SettleNewcomers,
    Stranger,
    Ticket,
)
from tests.policy.given import (
    CAROL,
    DAVE,
    NEWCOMER,
    NOW,
    STRANGER,
    config,
    effects,
    from_agent,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

NED, EVE = Address("ned@partner.example"), Address("eve@attacker.example")
EARLIER, LATER = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
ASKING = key("carol@acme.example", "consult", sent=EARLIER)
HELD = Knocking(NED, mails=(1,), inside=(("EX-7", 2), ("EX-9", 3)))


def asked(**fields: Any) -> Ticket:
    return ticket(newcomers=(Newcomer(NED, EARLIER), Newcomer(EVE, LATER)), **fields)


def says(text: str, **fields: Any) -> Facts:
    """Carol answers the letter that asked her about Ned."""
    given = {"ticket": asked(), "keys": (ASKING,), "knocking": (HELD,), "mail": mail(text=text), **fields}
    return from_customer(**given)


def writes(**fields: Any) -> Ruling:
    """A stranger answers what stands in a ticket."""
    return ruled(from_customer(STRANGER, **{"ticket": ticket(), "matched": "message-id", **fields}))


# the words


@pytest.mark.parametrize(
    ("text", "act", "named"),
    [
        ("allow", "allow", ()),
        ("  ALLOW!", "allow", ()),
        ("Erlauben", "allow", ()),
        ("ablehnen.", "refuse", ()),
        ("refuse: Ned@Partner.Example", "refuse", ("ned@partner.example",)),
        ("allow <ned@partner.example>, eve@attacker.example", "allow", ("ned@partner.example", "eve@attacker.example")),
        ("allow ned@partner.example<mailto:ned@partner.example>", "allow", ("ned@partner.example",)),
        ("allow\nned@partner.example", "allow", ("ned@partner.example",)),
    ],
)
def test_an_answer_is_its_first_word_and_the_addresses_behind_it(text: str, act: str, named: tuple[str, ...]) -> None:
    found = word(says(text))
    assert found is not None
    assert (found.act, found.named) == (act, named)


@pytest.mark.parametrize(
    "text", ["", "Allow me to ask", "yes", "allowed", "I refuse", "take", "> allow", "Who is that?"]
)
def test_anything_else_is_an_ordinary_mail(text: str) -> None:
    assert word(says(text)) is None
    assert ruled(says(text)).rules[-1] in ("conversation", "thanks")


# whose word


def test_it_counts_for_those_whom_that_letter_named() -> None:
    assert effects(ruled(says("allow")), SettleNewcomers) == [
        SettleNewcomers("EX-7", (NED.address,), "allow", "carol@acme.example")
    ]
    later = replace(ASKING, sent=LATER)
    assert [each.addresses for each in effects(ruled(says("refuse", keys=(later,))), SettleNewcomers)] == [
        (EVE.address,)
    ]


def test_who_names_somebody_that_nobody_asked_about_decides_nothing() -> None:
    ruling = ruled(says(f"allow {NED.address} zoe@partner.example"))
    assert effects(ruling, SettleNewcomers) == []
    assert letters(ruling, "answer")[0].context["kind"] == "not_understood"


def test_a_letter_of_which_nothing_is_known_any_more_demands_a_name() -> None:
    forgotten = replace(ASKING, sent=None)
    assert effects(ruled(says("allow", keys=(forgotten,))), SettleNewcomers) == []
    assert letters(ruled(says("allow", keys=(forgotten,))), "answer")[0].context["kind"] == "not_understood"
    assert effects(ruled(says(f"allow {NED.address}", keys=(forgotten,))), AddParticipants)


@pytest.mark.parametrize(
    "fields",
    [
        {"keys": ()},
        {"keys": (replace(ASKING, address=DAVE.addresses[0]),)},
        {"keys": (replace(ASKING, letter="reply"),)},
        {"keys": (key("carol@acme.example", "reply"), ASKING)},
        {"keys": (replace(ASKING, about="EX-9"),)},
        {"ticket": asked(requester=Address("dave@acme.example"))},
        {"vouched": True},
    ],
)
def test_nobody_else_and_no_other_letter_lets_anybody_in(fields: dict[str, Any]) -> None:
    ruling = ruled(says("allow", **fields))
    assert effects(ruling, SettleNewcomers) == []
    assert NED not in [person for each in effects(ruling, AddParticipants) for person in each.people]


def test_a_colleague_with_a_forwarded_question_lets_nobody_in() -> None:
    ruling = ruled(replace(says("allow"), writer=DAVE, mail=mail(DAVE.addresses[0], text="allow")))
    assert effects(ruling, SettleNewcomers) == []


def test_only_what_was_written_into_this_ticket_is_set_free() -> None:
    assert [each.id for each in effects(ruled(says("allow")), ReleaseHeld)] == [2]
    assert [each.id for each in effects(ruled(says("refuse")), DropHeld)] == [2]
    by_agent = from_agent("#cc +ned@partner.example", ticket=asked(), knocking=(HELD,))
    assert [each.id for each in effects(ruled(by_agent), ReleaseHeld)] == [2]


# who writes in


def test_he_is_asked_about_by_his_address_alone() -> None:
    ruling = writes(mail=replace(mail(), sender=Address("who@nowhere.example", "Alice Agent")))
    assert effects(ruling, AskNewcomers) == [AskNewcomers("EX-7", (Address("who@nowhere.example"),))]
    consult = letters(ruling, "consult")[0]
    assert (consult.context["subject"], consult.context["text"]) == ("", "")
    assert "Alice Agent" not in str([letter.context for letter in letters(ruling)])


@pytest.mark.parametrize(
    "fields",
    [
        {"matched": "reference"},
        {"matched": "reference", "mail": mail("who@nowhere.example", in_reply_to="EX-7.forged@desk.example")},
        {"matched": "keyed address"},
        {"matched": "keyed address", "mail": mail("who@nowhere.example", references=("other@service.example",))},
        {"ticket": ticket(newcomers=(Newcomer(Address("who@nowhere.example"), EARLIER, "refuse"),))},
        {"ticket": ticket(newcomers=tuple(Newcomer(Address(f"p{each}@x.example"), EARLIER) for each in range(MOST)))},
        {"ticket": ticket(participants=tuple(Address(f"p{each}@x.example") for each in range(99)))},
        {"ticket": ticket(closed=NOW - timedelta(hours=1))},
    ],
)
def test_nobody_is_asked_about_who_is_no_more_than_any_stranger(fields: dict[str, Any]) -> None:
    ruling = writes(**fields)
    assert (ruling.rules[-1], sent(ruling)) == ("stranger", [("redirect", "who@nowhere.example")])


@pytest.mark.parametrize("cited", ["first@acme.example", "EX-7.abc.t@desk.example"])
def test_a_keyed_address_is_an_answer_where_the_mail_cites_the_ticket(cited: str) -> None:
    ruling = writes(matched="keyed address", mail=mail("who@nowhere.example", in_reply_to=cited))
    assert ruling.rules[-1] == "newcomer"


def test_the_question_stops_where_so_many_were_asked_and_the_mail_waits_all_the_same() -> None:
    ruling = writes(recent=Recent(consults=20))
    assert ("consult", "carol@acme.example") not in sent(ruling)
    assert "consult suppressed: notices_per_domain" in ruling.reason


def test_somebody_of_the_domain_is_told_what_his_organisations_strangers_are_told() -> None:
    inside = ruled(from_customer(NEWCOMER, ticket=ticket(), matched="message-id"))
    ordinary = ruled(from_customer(NEWCOMER))
    assert [each.context for each in letters(inside, "redirect")] == [
        each.context for each in letters(ordinary, "redirect")
    ]
    assert [each.to.address for each in letters(inside, "consult")] == ["carol@acme.example"]


def test_never_copied_people_are_not_asked_about() -> None:
    barred = config('[gate]\nnever_copy = ["nowhere.example"]\n')
    facts = from_customer(STRANGER, ticket=ticket(), matched="message-id")
    assert ruled(facts, barred).rules[-1] == "stranger"


# whom a mail names


def named(*people: Address, **fields: Any) -> Ruling:
    return ruled(from_customer(CAROL, ticket=ticket(**fields), mail=mail(cc=people)))


def test_people_are_asked_about_once_in_one_letter_and_without_the_names_a_mail_gives_them() -> None:
    ruling = named(Address(NED.address, "Carol Jones"), EVE, NED)
    assert effects(ruling, AskNewcomers) == [AskNewcomers("EX-7", (NED, EVE))]
    assert [letter.context["people"] for letter in letters(ruling, "consult")] == [[NED.address, EVE.address]]


def test_who_was_ever_asked_about_is_not_asked_about_again() -> None:
    ruling = named(NED, EVE, newcomers=(Newcomer(NED, EARLIER), Newcomer(EVE, EARLIER, "refuse")))
    assert effects(ruling, AskNewcomers) == []


def test_a_stranger_names_nobody() -> None:
    facts = from_customer(Stranger("who@nowhere.example"), ticket=ticket(), matched="message-id")
    ruling = ruled(replace(facts, mail=mail("who@nowhere.example", cc=(NED, EVE))))
    assert [each.people for each in effects(ruling, AskNewcomers)] == [(Address("who@nowhere.example"),)]
    assert effects(ruling, AddParticipants) == []
