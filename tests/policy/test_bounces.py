"""Letters that come back, or that the relay refuses for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from maildesk.policy.bounces import letter_failed
from maildesk.words import Bounce, Facts, FailLetter, Key, Outcome, Recent, RecordEvent, Stranger
from tests.policy.given import (
    ALICE,
    CONFIG,
    NOW,
    STAFF,
    effects,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

DAEMON = Stranger("mailer-daemon@relay.example")
TO_CAROL = key("carol@acme.example", "reply", serial=77)


def returned(kind: str = "permanent", of: Key = TO_CAROL, **fields: object) -> Facts:
    report = mail("mailer-daemon@relay.example", bounce=Bounce(("carol@acme.example",), kind, "5.1.1"))
    given = {"mail": report, "keys": (of,), "ticket": ticket(owner=ALICE)}
    return from_customer(DAEMON, **{**given, **fields})


def test_a_letter_that_came_back_for_good_is_told_to_the_owner_and_pauses_its_address() -> None:
    ruling = ruled(returned())
    assert (ruling.outcome, ruling.ticket) == (Outcome.BOUNCE, "EX-7")
    assert effects(ruling, FailLetter) == [FailLetter(77, "carol@acme.example", "5.1.1", NOW + timedelta(days=30))]
    assert sent(ruling) == [("agent_update", "alice@desk.example")]
    context = letters(ruling)[0].context
    assert (context["what"], context["address"], context["code"]) == ("failed", "carol@acme.example", "5.1.1")


def test_without_an_owner_the_queues_agents_are_told() -> None:
    assert sent(ruled(returned(ticket=ticket()))) == [
        ("agent_update", "alice@desk.example"),
        ("agent_update", "bob@desk.example"),
    ]


def test_a_second_bounce_of_an_address_is_not_told_again() -> None:
    ruling = ruled(returned(recent=Recent(pauses=("carol@acme.example",))))
    assert sent(ruling) == []
    assert effects(ruling, FailLetter)


def test_a_delay_is_only_recorded() -> None:
    ruling = ruled(returned("temporary"))
    assert ruling.decisions == (RecordEvent("EX-7", "delayed", "carol@acme.example", "5.1.1"),)


def test_a_report_without_a_genuine_key_follows_nothing() -> None:
    ruling = ruled(returned(keys=()))
    assert (ruling.outcome, effects(ruling, FailLetter), sent(ruling)) == (Outcome.ROBOT, [], [])


def test_a_letter_to_an_agent_that_fails_is_the_operators_matter_and_pauses_nobody() -> None:
    ruling = ruled(returned(of=key("alice@desk.example")))
    assert effects(ruling, FailLetter) == [FailLetter(41, "alice@desk.example", "5.1.1", None)]
    assert sent(ruling) == [("alarm", "ops@desk.example")]


def test_what_the_relay_refuses_is_told_in_the_same_way() -> None:
    failure = FailLetter(77, "carol@acme.example", "5.7.1", None)
    decisions = letter_failed(failure, ticket(owner=ALICE), STAFF, CONFIG, NOW, told=False)
    assert sent(decisions) == [("agent_update", "alice@desk.example")]
    assert effects(decisions, FailLetter)[0].pause_until == NOW + timedelta(days=30)


def test_nobody_is_told_of_a_notice_or_an_alarm_that_fails() -> None:
    notice = FailLetter(78, "who@nowhere.example", "5.1.1", None)
    assert sent(letter_failed(notice, None, STAFF, CONFIG, NOW, told=False)) == []
    alarm = FailLetter(79, "ops@desk.example", "5.1.1", None)
    operator = replace(ALICE, addresses=("ops@desk.example",))
    for staff in (STAFF, (operator,)):
        assert letter_failed(alarm, None, staff, CONFIG, NOW, told=False) == (alarm,)
