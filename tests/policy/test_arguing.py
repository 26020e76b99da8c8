"""What a customer's later mail asks for: the words at its top, and those that tell an outage."""

from __future__ import annotations

import time

import pytest

from maildesk.policy.arguing import ASKED, asked, critical, said
from maildesk.words import Forwarded, RecordEvent, SetSeverity, Severity
from tests.policy.given import DAVE, config, effects, from_customer, letters, mail, ruled, ticket

PLANNED = config("[[maintenance]]\nfrom = 2026-03-02T08:00:00Z\nuntil = 2026-03-02T10:00:00Z\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Severity: high", Severity.HIGH),
        ("*Severity:* high", Severity.HIGH),
        ("  priority :  Urgent!", Severity.CRITICAL),
        ("PRIORITY: 4", Severity.LOW),
        ("Severity：2", Severity.HIGH),
        ("Dringlichkeit: gering", Severity.LOW),
        ("Prioritaet: dringend", Severity.CRITICAL),
        ("\n\nDear Alice,\n\nSeverity: high\nall wait", Severity.HIGH),
        ("Product: Editor\nPriority: high", Severity.HIGH),
        ("solved\nSeverity: high", Severity.HIGH),
        ("Severity: highest", None),
        ("Severity: 12", None),
        ("Severity:", None),
        ("Severity high", None),
        ("It is grave.\nSeverity: high", None),
        ("My severity: high", None),
        ("a: b\n" * 10 + "Severity: high", None),
        ("", None),
    ],
)
def test_a_line_at_the_top_asks(text: str, found: Severity | None) -> None:
    assert said(mail(text=text)) is found


def test_of_a_forward_only_the_writers_own_words_ask() -> None:
    below = Forwarded(text="Severity: critical", above="See below.")
    assert said(mail(text="Severity: critical", forwarded=below)) is None
    above = Forwarded(text="Help", above="Severity: high\n\nSee below.")
    assert said(mail(text="x", forwarded=above)) is Severity.HIGH


def test_a_mail_without_new_words_asks_for_nothing() -> None:
    assert said(mail(reply_text="", text="> Severity: high")) is None


def test_what_the_ticket_has_already_is_not_asked_for() -> None:
    high = ticket(severity=Severity.HIGH)
    assert asked(high, from_customer(mail=mail(text="Severity: high")), config()) == (None, False)
    assert asked(high, from_customer(mail=mail(text="Severity: low")), config()) == (Severity.LOW, True)


def test_words_that_tell_an_outage_ask_for_1_unless_a_line_says_otherwise_or_work_was_announced() -> None:
    down = from_customer(mail=mail(text="Now the whole site is down."))
    assert asked(ticket(), down, config()) == (Severity.CRITICAL, False)
    assert asked(ticket(severity=Severity.CRITICAL), down, config()) == (None, False)
    assert asked(ticket(), down, PLANNED) == (None, False)
    low = from_customer(mail=mail(text="Severity: low\n\nThe site is down."))
    assert asked(ticket(), low, config()) == (Severity.LOW, True)


def test_it_is_an_event_and_a_question_to_agents_and_nothing_else_changes() -> None:
    ruling = ruled(from_customer(DAVE, ticket=ticket(), mail=mail("dave@acme.example", text="Severity: high")))
    assert effects(ruling, RecordEvent) == [RecordEvent("EX-7", ASKED, "dave@acme.example", "2")]
    assert effects(ruling, SetSeverity) == []
    assert {each.name for each in letters(ruling)} == {"agent_update"}
    assert letters(ruling)[0].context["argued"] == {"to": 2, "from": 3, "said": True}


def test_an_ordinary_mail_asks_for_nothing() -> None:
    assert letters(ruled(from_customer(ticket=ticket())))[0].context["argued"] is None


@pytest.mark.parametrize("piece", ["severity: ", "a: ", "hello ", "\n", "*", "severity" + "*" * 50 + ":", "site is "])
def test_hostile_lines_take_no_time(piece: str) -> None:
    began = time.monotonic()
    critical(mail(text=piece * 100_000))
    assert time.monotonic() - began < 2
