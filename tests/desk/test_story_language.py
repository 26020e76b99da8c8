"""Whose language and zone a letter has: its reader's, else that of the mail that opened the matter, else the desk's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, BOB, CAROL, DAVE, STRANGER, mail
from tests.desk.world import Sent, World

GERMAN = "Hallo,\n\nder Export bricht auf Seite 3 ab, und ich weiß nicht mehr weiter.\n\nCarol"
FRENCH = "Bonjour,\n\nl'export en PDF s'arrête à la page 3 et je ne sais plus quoi faire.\n\nCarol"


def is_german(letter: Sent) -> bool:
    marker = "Bitte antworten Sie oberhalb" in letter.text
    assert marker is ('lang="de"' in letter.html), letter.name
    return marker


def test_a_contact_is_written_to_in_the_language_he_has_set_whatever_he_writes(desk: World) -> None:
    desk.receives(mail(BOB, text="Hello,\n\nthe export stops at page 3, and I do not know what to do.\n\nBob"))
    assert is_german(desk.the("acknowledgement", BOB))


def test_a_contact_who_has_set_none_is_answered_in_the_language_of_his_mail(desk: World) -> None:
    desk.receives(mail(CAROL, text=GERMAN))
    assert is_german(desk.the("acknowledgement", CAROL))
    desk.receives(mail(CAROL))
    assert not is_german(desk.the("acknowledgement", CAROL))


def test_the_whole_way_of_a_ticket_is_in_the_language_of_the_mail_that_opened_it(desk: World) -> None:
    desk.receives(mail(CAROL, text=GERMAN))
    for_alice = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, for_alice, "#pending\nWhich version is it?")
    letters = desk.sent("reply")
    desk.replies(CAROL, letters[0], "It is version 4.1, and it was the same with the one before.")
    desk.replies(ALICE, for_alice, "#solved")
    letters += desk.sent("solved")
    for _ in range(5):
        desk.time_passes(days=1)
        letters += desk.sent("closing_soon", "closed", "survey")
    assert {letter.name for letter in letters} == {"reply", "solved", "closing_soon", "closed", "survey"}
    assert all(is_german(letter) for letter in letters)
    desk.replies(CAROL, letters[-1], "5")
    assert is_german(desk.the("survey_thanks", CAROL))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_language_without_templates_is_answered_in_the_desks(world: Callable[..., World], language: str) -> None:
    desk = world(prefix=f'"EX"\nlanguage = "{language}"')
    desk.receives(mail(CAROL, text=FRENCH))
    assert is_german(desk.the("acknowledgement", CAROL)) is (language == "de")


def test_what_is_too_short_to_tell_is_answered_in_the_desks_language(world: Callable[..., World]) -> None:
    desk = world(prefix='"EX"\nlanguage = "de"')
    desk.receives(mail(CAROL, text="Export PDF"))
    assert is_german(desk.the("acknowledgement", CAROL))


def test_of_a_conversation_each_reader_gets_his_own_language(world: Callable[..., World]) -> None:
    desk = world(prefix='"EX"\nlanguage = "de"')
    desk.receives(mail(CAROL, cc=[BOB, DAVE]))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    german = {letter.recipient: is_german(letter) for letter in desk.sent("reply")}
    assert german == {"carol@acme.example": False, "bob@acme.example": True, "dave@acme.example": False}


def test_a_stranger_is_told_in_the_language_of_his_mail(desk: World) -> None:
    desk.receives(mail(STRANGER, text="Guten Tag,\n\nich finde meine Rechnung nicht, bitte helfen Sie mir.\n\nSam"))
    assert "Guten Tag" in desk.the("redirect").text
    desk.receives(mail("Tom <tom@elsewhere.example>", text="Hello,\n\nI cannot find my invoice, please help me."))
    assert "Hello" in desk.the("redirect").text


def test_a_request_is_answered_in_its_readers_language(desk: World) -> None:
    desk.receives(mail(CAROL, text=GERMAN))
    desk.receives(mail(CAROL, subject="x", text="status EX-10001"))
    assert is_german(desk.the("answer", CAROL))
    desk.receives(mail(CAROL, subject="x", text="status"))  # about no ticket, and one word tells no language
    assert not is_german(desk.the("answer", CAROL))
    desk.receives(mail(BOB, subject="x", text="status"))
    assert is_german(desk.the("answer", BOB))


def test_agents_read_in_the_desks_language(desk: World) -> None:
    desk.receives(mail(CAROL, text=GERMAN))
    assert not [letter for letter in desk.sent("agent_ticket") if "Please type your reply" not in letter.text]
    desk.receives(mail(ALICE, text=GERMAN))
    assert "Please type your reply" in desk.the("confirm", ALICE).text


def test_moments_are_told_in_the_readers_zone_then_in_the_desks(world: Callable[..., World]) -> None:
    desk = world(prefix='"EX"\ntime_zone = "America/New_York"')
    for reader in (BOB, CAROL):
        desk.receives(mail(reader))
        desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved")
        letter = desk.the("solved", reader.partition("<")[2].rstrip(">"))
        zone = "4. März 2026, 10:00 Uhr (MEZ)" if reader == BOB else "4 March 2026, 04:00 (EST)"
        assert zone in " ".join(letter.text.split())


def test_a_list_of_tickets_tells_its_moments_in_the_readers_zone(desk: World) -> None:
    desk.receives(mail(BOB))
    desk.receives(mail(BOB, subject="x", text="status"))
    assert "10:00 Uhr (MEZ)" in " ".join(desk.the("answer", BOB).text.split())


def test_an_escalation_reaches_its_requester_in_his_language_and_the_managers_in_the_desks(desk: World) -> None:
    desk.receives(mail(CAROL, text=GERMAN))
    desk.receives(mail(CAROL, subject="x", text="eskalieren EX-10001 es eilt"))
    assert is_german(desk.the("escalated", CAROL))
    assert "Please type your reply" in desk.the("escalation").text
