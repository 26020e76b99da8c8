"""Lines that are made to be read slowly, or by a letter that only folds like one of ours: in answers to questions, in
forged commands and in subjects. A mail is ruled on in the daemon's one writing thread, so none may take long.
"""

from __future__ import annotations

import time

import pytest

from maildesk.policy.commands_people import _read as people
from maildesk.policy.consent_words import Word, read_text
from maildesk.policy.newcomers_answer import _read
from maildesk.policy.script import bare_subject
from tests.builders import ALICE, CAROL, DAVE, STRANGER, mail
from tests.desk.test_story_consult import contacts, knocks, waiting
from tests.desk.world import Sent, World

LONG = 400_000  # characters: at a microsecond a pair, two days
SOON = 5.0  # seconds, where milliseconds are the rule
SLOW = ("a" * LONG, "a@" * (LONG // 2), "<mailto:" * (LONG // 8), "<mailto:a@" * (LONG // 10), "- " * (LONG // 2))


@pytest.mark.parametrize("number", range(len(SLOW)))
def test_a_contact_who_answers_with_an_endless_address_holds_nobody_up(desk: World, number: int) -> None:
    letter = knocks(desk)
    began = time.monotonic()
    receipt = desk.replies(CAROL, letter, f"swap {SLOW[number]}")
    assert time.monotonic() - began < SOON
    assert receipt.outcome == "consent"
    assert waiting(desk) == ["dave@acme.example"]


@pytest.mark.parametrize("number", range(len(SLOW)))
@pytest.mark.parametrize("begins", ["allow ", "allow\n"])
def test_neither_does_a_requester(desk: World, begins: str, number: int) -> None:
    desk.receives(mail(CAROL, cc=STRANGER))
    letter = desk.the("consult")
    began = time.monotonic()
    assert desk.replies(CAROL, letter, begins + SLOW[number]).outcome in {"message", "consent"}
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("number", range(len(SLOW)))
@pytest.mark.parametrize("command", ["#cc ", "#contact allow "])
def test_an_endless_command_in_a_forged_agents_name_holds_nobody_up(desk: World, command: str, number: int) -> None:
    began = time.monotonic()
    assert desk.receives(mail(ALICE, text=command + SLOW[number])).outcome == "held"
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("number", range(len(SLOW)))
@pytest.mark.parametrize("command", ["#cc ", "#contact allow "])
def test_nor_does_one_of_an_agents_own(desk: World, command: str, number: int) -> None:
    desk.receives(mail(CAROL))
    letter: Sent = desk.the("agent_ticket", ALICE)
    began = time.monotonic()
    assert desk.replies(ALICE, letter, command + SLOW[number]).outcome == "command"
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("typo", ["sam@@elsewhere.example", "sam@elsewhere.example eve@evil@acme.example"])
def test_a_word_about_an_address_that_is_none_lets_nobody_in(desk: World, typo: str) -> None:
    desk.receives(mail(CAROL, cc=f"{STRANGER}, Eve <eve@evil.example>"))
    assert desk.replies(CAROL, desk.the("consult"), f"allow {typo}").outcome == "message"
    assert [each["address"] for each in desk.ticket()["participants"]] == []


@pytest.mark.parametrize("blank", [" ", "\u00a0", "re ", "Re:", "\u2003"])
def test_a_subject_of_blanks_is_read_at_once(blank: str) -> None:
    began = time.monotonic()
    bare_subject(f"x{blank * 100_000}x")
    assert time.monotonic() - began < 1.0


def test_a_subject_loses_its_marks_of_an_answer_and_nothing_of_a_word() -> None:
    assert bare_subject("Re: [EX-1] AW : Re: status") == "status"
    assert bare_subject("[EX-1]  Software: it stops") == "Software: it stops"


def test_letters_that_only_fold_like_ours_are_read_or_not_but_stop_nothing(desk: World) -> None:
    assert read_text("\u017fwap") == Word("swap")
    assert _read("refu\u017fe") is not None
    assert desk.replies(CAROL, knocks(desk), "refu\u017fe").outcome == "consent"
    assert waiting(desk) == []


def test_a_command_names_the_same_people_as_before() -> None:
    assert people("+a@b.example -c@d.example") == (("a@b.example",), ("c@d.example",), "")
    named = people("+ <a+x@b.example>, c-d@e.example<mailto:c-d@e.example>")
    assert named == (("a+x@b.example", "c-d@e.example"), (), "")


def test_who_forges_a_newcomers_address_does_not_give_the_new_contact_his_name(desk: World) -> None:
    letter = knocks(desk, DAVE)
    desk.receives(mail("Call zzcanary instead <dave@acme.example>"))
    desk.replies(CAROL, letter, "swap bob@acme.example")
    assert contacts(desk) == ["carol@acme.example", "dave@acme.example"]
    desk.receives(mail("Erin East <erin@acme.example>"))
    assert desk.sent("redirect", "consult")
    assert not [each for each in desk.sent() if b"zzcanary" in each.raw or "zzcanary" in each.text]
