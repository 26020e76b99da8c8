"""Tokens prove a letter, its matter and its reader, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy.keys import claims, genuine, keyed_address, keyed_id, mint, serial_of, thread_id
from maildesk.words import Address, Bounce, Claim
from tests.policy.given import CONFIG, SUPPORT, envelope, mail

SECRET, OLD = b"s" * 32, b"o" * 32
CAROL = "carol@acme.example"
serials = st.integers(0, 2**63 - 1)
abouts = st.sampled_from(["EX-7", "EX-10427", "held-12"])
TOKEN = mint(SECRET, "EX-7", 41, CAROL)


def claim(token: str = TOKEN, about: str = "EX-7") -> Claim:
    return Claim(about, token, "address")


@given(serials, abouts)
def test_a_token_gives_back_its_serial_and_is_genuine_for_its_reader(serial: int, about: str) -> None:
    token = mint(SECRET, about, serial, CAROL)
    assert serial_of(token) == serial_of(token.upper()) == serial
    assert genuine([OLD, SECRET], claim(token, about), CAROL)
    assert not genuine([OLD], claim(token, about), CAROL)
    assert len(f"+{about}-{token}") <= 64


@given(serials, st.data())
def test_a_token_with_one_changed_character_never_verifies(serial: int, data: st.DataObject) -> None:
    token = mint(SECRET, "EX-7", serial, CAROL)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from([each for each in "abcdefghijklmnopqrstuvwxyz234567189" if each != token[place]]))
    assert not genuine([SECRET], claim(token[:place] + other + token[place + 1 :]), CAROL)


@pytest.mark.parametrize(
    ("about", "token", "address"),
    [
        ("EX-8", TOKEN, CAROL),
        ("held-7", TOKEN, CAROL),
        ("EX-7", TOKEN, "dave@acme.example"),
        ("EX-7", "a" + TOKEN, CAROL),
        ("EX-7", TOKEN[1:], CAROL),
        ("EX-7", "", CAROL),
        ("EX-7", "ä" * 27, CAROL),
        ("EX-7", "\u212a" * 27, CAROL),
    ],
    ids=["another ticket", "a held mail", "another reader", "a leading zero", "cut", "empty", "no ASCII", "Kelvin"],
)
def test_a_token_proves_nothing_else(about: str, token: str, address: str) -> None:
    assert not genuine([SECRET], claim(token, about), address)


@given(st.text(max_size=80))
def test_any_text_is_asked_for_its_serial_without_an_error(text: str) -> None:
    serial = serial_of(text)
    assert serial is None or 0 <= serial < 2**63
    assert not genuine([SECRET], claim(text), CAROL)


def test_claims_are_found_in_addresses_ids_and_subject_best_place_first() -> None:
    one, two, three, four = (mint(SECRET, "EX-7", serial, CAROL) for serial in (1, 2, 3, 4))
    found = claims(
        mail(
            to=(Address(keyed_address(SUPPORT, "ex-7", one).lower()),),
            in_reply_to=keyed_id("EX-7", two, "desk.example"),
            references=("x@y.example", thread_id("EX-7", three, "elsewhere.example")),
            subject=f"Re: [EX-7] Printer ({four})",
        ),
        envelope(),
        CONFIG,
    )
    assert [(each.token, each.place) for each in found] == [
        (one, "address"),
        (two, "message-id"),
        (three, "message-id"),
        (four, "subject"),
    ]
    assert {each.about for each in found} == {"EX-7"}


def test_one_claim_in_many_places_counts_once_in_the_best() -> None:
    at = keyed_address("help@desk.example", "held-12", TOKEN)
    found = claims(mail(to=(Address(at),), in_reply_to=f"held-12.{TOKEN}@x"), envelope(recipients=(at,)), CONFIG)
    assert found == (Claim("held-12", TOKEN, "address"),)


def test_a_strangers_plus_address_is_no_claim() -> None:
    at = keyed_address("support@evil.example", "EX-7", TOKEN)
    assert claims(mail(to=(Address(at),)), envelope(), CONFIG) == ()


def test_a_returned_letter_is_claimed_by_its_message_id() -> None:
    report = mail(bounce=Bounce(original_id=keyed_id("EX-7", TOKEN, "desk.example")))
    assert claims(report, envelope(), CONFIG) == (Claim("EX-7", TOKEN, "message-id"),)


def test_a_mail_full_of_tokens_makes_a_bounded_number_of_claims() -> None:
    many = tuple(f"EX-{number}.{TOKEN}@x" for number in range(1000))
    subject = "[EX-7]" * 1000 + f"({TOKEN})"
    assert len(claims(mail(references=many, subject=subject), envelope(), CONFIG)) == 40


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_claims_of_any_mail_are_found_without_an_error(subject: str, ident: str, references: list[str]) -> None:
    claims(mail(subject=subject, in_reply_to=ident, references=tuple(references)), envelope(), CONFIG)
