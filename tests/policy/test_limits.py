"""Which automatic letters are not sent, and which wait."""

from __future__ import annotations

from typing import Any

import pytest

from maildesk.policy.letter import CUSTOMER
from maildesk.policy.limits import Traffic, weigh
from maildesk.words import Address, Letter, Recent, SendLetter
from tests.policy.given import (
    ALICE,
    CONFIG,
    NEWCOMER,
    STRANGER,
    config,
    envelope,
    from_agent,
    from_customer,
    letters,
    ruled,
    sent,
    ticket,
)


def acknowledged(**recent: Any) -> list[tuple[str, str]]:
    return [each for each in sent(ruled(from_customer(recent=Recent(**recent)))) if each[0] == "acknowledgement"]


@pytest.mark.parametrize(
    ("recent", "limit"),
    [
        ({"acknowledgements": 5}, "acks_per_contact"),
        ({"paused": True}, "paused"),
        ({"exchanges": 4, "paused": True}, "paused"),
    ],
)
def test_over_a_limit_the_ticket_opens_and_the_reason_tells_of_the_acknowledgement(
    recent: dict[str, Any], limit: str
) -> None:
    ruling = ruled(from_customer(recent=Recent(**recent)))
    assert ruling.outcome.value == "ticket"
    assert f"acknowledgement suppressed: {limit}" in ruling.reason
    assert [name for name, _ in sent(ruling)] == ["agent_ticket", "agent_ticket"]
    assert acknowledged(acknowledgements=4)


def test_an_acknowledgement_to_an_address_that_bounced_waits_for_an_operator() -> None:
    ruling = ruled(from_customer(recent=Recent(pauses=("carol@acme.example",), paused=True)))
    assert letters(ruling, "acknowledgement")[0].held == "paused"


def test_the_brake_holds_letters_and_tells_the_operators_once() -> None:
    ruling = ruled(from_customer(recent=Recent(automatic=600)))
    assert letters(ruling, "acknowledgement")[0].held == "automatic_mail"
    assert "acknowledgement held: automatic_mail" in ruling.reason
    assert letters(ruling, "alarm")[0].context["what"] == "brake"
    again = ruled(from_customer(recent=Recent(automatic=600, alarmed=True)))
    assert letters(again, "acknowledgement")[0].held
    assert letters(again, "alarm") == []
    assert letters(ruled(from_customer(recent=Recent(automatic=599))), "acknowledgement")[0].held == ""


def test_letters_to_agents_are_never_braked() -> None:
    ruling = ruled(from_customer(recent=Recent(automatic=10_000)))
    assert {letter.held for letter in letters(ruling, "agent_ticket")} == {""}


def test_an_agents_words_are_tried_where_automatic_letters_are_held() -> None:
    gone = Recent(pauses=("carol@acme.example",), automatic=10_000)
    assert letters(ruled(from_agent("Try again.", recent=gone)))[0].held == ""
    assert letters(ruled(from_agent("#solved", recent=gone)), "solved")[0].held == "paused"


@pytest.mark.parametrize(
    ("recent", "limit"),
    [({"notices": 1}, "notice_every"), ({"domain_notices": 20}, "notices_per_domain"), ({"paused": True}, "paused")],
)
@pytest.mark.parametrize("writer", [STRANGER, NEWCOMER])
def test_notices_to_strangers_are_few(recent: dict[str, Any], limit: str, writer: Any) -> None:
    ruling = ruled(from_customer(writer, recent=Recent(**recent)))
    assert [name for name, _ in sent(ruling) if name == "redirect"] == []
    assert f"redirect suppressed: {limit}" in ruling.reason


@pytest.mark.parametrize(
    "local",
    ["noreply", "no-reply", "donotreply", "mailer-daemon", "owner-list", "list-request", "POSTMASTER", "bounces"],
)
def test_no_notice_goes_to_the_address_of_a_system(local: str) -> None:
    stranger = type(STRANGER)(f"{local}@nowhere.example")
    ruling = ruled(from_customer(stranger))
    assert sent(ruling) == []
    assert "redirect suppressed: system address" in ruling.reason


def test_a_robot_that_an_operator_releases_opens_a_ticket_and_is_not_answered() -> None:
    ruling = ruled(from_customer(envelope=envelope(sender=""), vouched=True))
    assert [name for name, _ in sent(ruling)] == ["agent_ticket", "agent_ticket"]
    assert "acknowledgement suppressed: automatic mail" in ruling.reason


def test_an_import_sends_nothing_at_all() -> None:
    quiet = envelope(door="import", quiet=True)
    assert sent(ruled(from_customer(envelope=quiet))) == []
    assert sent(ruled(from_agent("#solved\nDone", envelope=quiet, ticket=ticket(owner=ALICE)))) == []


@pytest.mark.parametrize("door", ["smtp:in", "lmtp:in", "imap:box", "deliver", "import"])
def test_the_null_return_path_is_a_robots_by_every_door(door: str) -> None:
    assert ruled(from_customer(envelope=envelope(door=door, sender=""))).outcome.value == "robot"
    assert ruled(from_customer(envelope=envelope(door=door, sender="unknown"))).outcome.value == "ticket"


def test_the_brake_can_be_set() -> None:
    strict = config('[limits]\nautomatic_mail = "1/h"\n')
    assert letters(ruled(from_customer(recent=Recent(automatic=1)), strict), "acknowledgement")[0].held


def test_a_writer_who_is_paused_keeps_no_letter_from_others() -> None:
    traffic = Traffic(Recent(paused=True), writer="carol@acme.example")
    to = [SendLetter(Letter("closed", Address(f"{name}@acme.example"), CUSTOMER)) for name in ("carol", "dave")]
    kept, said = weigh(to, traffic, CONFIG)
    assert [letter.held for letter in letters(kept)] == ["paused", ""]
    assert said == ("closed held: paused",)


def test_the_brake_counts_what_the_same_mail_has_sent_already() -> None:
    to = [SendLetter(Letter("closed", Address(f"{name}@acme.example"), CUSTOMER)) for name in ("carol", "dave")]
    kept, said = weigh(to, Traffic(Recent(automatic=599)), CONFIG)
    assert [letter.held for letter in letters(kept, "closed")] == ["", "automatic_mail"]
    assert (said, len(letters(kept, "alarm"))) == (("closed held: automatic_mail",), 1)
