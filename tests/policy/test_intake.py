"""Who is asked for what a request lacks, how often, and when nobody is."""

from __future__ import annotations

from typing import Any

import pytest

from maildesk.words import Recent, Ruling, Verdict
from tests.policy.given import (
    Address,
    config,
    envelope,
    from_agent,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    ticket,
)

DESK = config(
    """
[queue.technical.field.os]
title = "System"
required = true
[queue.technical.field.version]
supported = ["8"]
[queue.sales.field.seats]
"""
)
ANSWER = (key("carol@acme.example", "fields_wanted"),)


def asked(ruling: Ruling) -> list[list[str]]:
    """The titles of each such letter."""
    return [[each["title"] for each in letter.context["fields"]] for letter in letters(ruling, "fields_wanted")]  # type: ignore[attr-defined]


def goes_on(text: str, wanted: int = 1, **facts: Any) -> Ruling:
    given = {"ticket": ticket(), "keys": ANSWER, "recent": Recent(wanted=wanted)} | facts
    return ruled(from_customer(mail=mail(text=text), **given), DESK)


@pytest.mark.parametrize(
    ("text", "titles"),
    [("It burns.", [["System"]]), ("System: Debian", []), ("os: Debian", []), ("System:\nIt burns.", [["System"]])],
)
def test_a_new_request_that_lacks_something_is_asked_for_it(text: str, titles: list[list[str]]) -> None:
    assert asked(ruled(from_customer(mail=mail(text=text)), DESK)) == titles


def test_a_queue_whose_fields_are_not_required_asks_for_nothing() -> None:
    assert asked(ruled(from_customer(queue="sales"), DESK)) == []


def test_no_letter_says_what_a_writer_said_whom_nobody_vouches_for() -> None:
    ruling = ruled(from_customer(mail=mail(text="Version: buy-now 5"), verdict=Verdict.NONE), DESK)
    for letter in letters(ruling, "fields_wanted") + letters(ruling, "acknowledgement"):
        assert "buy-now" not in str(letter.context)
        assert letter.context["unsupported"] == [["version", ["8"]]]


@pytest.mark.parametrize(
    ("recent", "reason"),
    [
        (Recent(acknowledgements=5), "fields_wanted suppressed: acks_per_contact"),
        (Recent(paused=True), "fields_wanted suppressed: paused"),
        (Recent(pauses=("carol@acme.example",), paused=True), "fields_wanted held: paused"),
        (Recent(automatic=600), "fields_wanted held: automatic_mail"),
    ],
)
def test_it_stops_where_the_acknowledgement_does(recent: Recent, reason: str) -> None:
    ruling = ruled(from_customer(recent=recent), DESK)
    assert reason in ruling.reason
    assert ruling.outcome.value == "ticket"


def test_an_import_asks_nobody() -> None:
    assert asked(ruled(from_customer(envelope=envelope(quiet=True)), DESK)) == []


@pytest.mark.parametrize(
    ("text", "wanted", "facts", "titles"),
    [
        ("I do not know.", 1, {}, [["System"]]),
        ("I do not know.", 2, {}, []),
        ("I do not know.", 0, {}, []),
        ("System: Debian", 1, {}, []),
        ("System: " + "x" * 201, 1, {"keys": ()}, [["System"]]),
        ("It also burns on Tuesdays.", 1, {"keys": ()}, []),
        ("System: Debian\nVersion: 7", 1, {}, [[]]),
        ("Version: 7", 2, {}, []),
        ("More of it.", 1, {"ticket": ticket(fields=(("os", "Debian"), ("version", "7")))}, []),
        ("More of it.", 1, {"ticket": ticket(queue="sales")}, []),
    ],
)
def test_an_answer_that_leaves_something_open_is_asked_once_more(
    text: str, wanted: int, facts: dict[str, Any], titles: list[list[str]]
) -> None:
    assert asked(goes_on(text, wanted, **facts)) == titles


def test_the_second_letter_goes_to_whoever_answered() -> None:
    given = ticket(participants=(Address("dave@acme.example", "Dave Smith"),))
    sender = mail("dave@acme.example", text="I do not know.")
    ruling = ruled(from_customer(mail=sender, ticket=given, keys=ANSWER, recent=Recent(wanted=1)), DESK)
    assert [each.to.address for each in letters(ruling, "fields_wanted")] == ["dave@acme.example"]


def test_an_agent_is_not_asked_and_fills_nothing_by_his_words() -> None:
    ruling = ruled(from_agent("System: Debian"), DESK)
    assert asked(ruling) == []
    assert "SetField" not in str(ruling.decisions)
