"""What is no consent: the newcomer's own word, somebody else's, a robot's, and what a forger makes of the question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.store import held
from tests.builders import BOB, CAROL, DAVE, STRANGER, SUPPORT, mail
from tests.desk.test_story_consult import FAIL, GIL, PASS, TRUSTS, contacts, knocks, references, waiting
from tests.desk.world import World, reply_to


def still_waits(desk: World, ident: int) -> bool:
    return ident in [row["id"] for row in desk.ask(held.listed)]


def test_the_newcomers_own_allow_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    assert desk.replies(DAVE, letter, "allow").outcome == "held"
    assert still_waits(desk, ident)
    desk.receives(mail(DAVE, to=SUPPORT, subject="allow", text="allow dave@acme.example"))
    assert still_waits(desk, ident)
    assert references(desk) == []


def test_the_word_of_another_organisations_contact_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    assert desk.replies(GIL, letter, "allow").outcome == "ticket"  # a request of his own, and nothing else
    assert still_waits(desk, ident)


def test_the_word_of_a_stranger_of_nowhere_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    assert desk.replies(STRANGER, letter, "take").outcome == "refused"
    assert waiting(desk) == ["dave@acme.example"]


def test_the_key_of_one_contact_is_no_key_of_another(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    assert desk.replies(BOB, letter, "allow").outcome == "ticket"
    assert still_waits(desk, ident)


def test_the_question_about_one_person_lets_in_nobody_else(desk: World) -> None:
    letter = knocks(desk)
    desk.receives(mail("Erin East <erin@acme.example>"))
    desk.replies(CAROL, letter, "allow")
    assert waiting(desk) == ["erin@acme.example"]


def test_a_key_with_one_character_changed_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    local, _, domain = letter.reply_to.partition("@")
    forged = f"{local[:-1]}{'b' if local[-1] == 'a' else 'a'}@{domain}"
    desk.receives(mail(CAROL, to=forged, subject="allow", text="allow"))
    assert still_waits(desk, ident)


def test_a_forged_from_that_our_servers_do_not_believe_is_no_consent(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    letter = knocks(desk)
    receipt = desk.receives(FAIL + reply_to(CAROL, letter, "allow"), verdicts=True)
    assert (receipt.outcome, receipt.reason) == ("held", "unproved")
    assert desk.sent() == []
    assert references(desk) == []


def test_a_contacts_word_without_the_key_is_a_request_like_any_other(desk: World) -> None:
    knocks(desk)
    ident = desk.rows()[0]["id"]
    assert desk.receives(mail(CAROL, subject="allow", text="allow dave@acme.example")).outcome == "ticket"
    assert still_waits(desk, ident)


def test_a_spent_key_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    ident = desk.rows()[0]["id"]
    desk.ask(lambda store: store.execute("UPDATE letter SET spent = ? WHERE name = 'consult'", (True,)))
    desk.replies(CAROL, letter, "allow")
    assert still_waits(desk, ident)


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X-Autoreply": "yes"}],
    ids=["an out-of-office answer", "bulk mail", "an autoresponder"],
)
def test_no_consent_is(desk: World, headers: dict[str, str]) -> None:
    letter = knocks(desk)
    assert desk.receives(reply_to(CAROL, letter, "allow", headers=headers)).outcome == "robot"
    assert desk.sent() == []
    assert waiting(desk) == ["dave@acme.example"]


def test_an_answer_with_the_null_return_path_is_no_consent(desk: World) -> None:
    letter = knocks(desk)
    assert desk.receives(reply_to(CAROL, letter, "allow"), sender="").outcome == "robot"
    assert waiting(desk) == ["dave@acme.example"]


def test_words_in_what_is_quoted_are_no_consent(desk: World) -> None:
    letter = knocks(desk)
    desk.replies(CAROL, letter, "I will ask him first.\n\n> allow")
    assert waiting(desk) == ["dave@acme.example"]


def test_who_was_a_contact_and_is_none_any_more_gives_no_consent(desk: World) -> None:
    knocks(desk)
    letter = desk.the("consult", BOB)
    desk.receives(mail("Erin East <erin@acme.example>"))
    desk.replies(CAROL, desk.the("consult", CAROL), "swap bob@acme.example")
    assert desk.replies(BOB, letter, "allow").outcome == "held"
    assert "dave@acme.example" in waiting(desk)
    assert contacts(desk) == ["carol@acme.example", "erin@acme.example"]


def test_a_robot_without_marks_that_answers_every_letter_is_not_answered_for_ever(desk: World) -> None:
    letter = knocks(desk)
    answered = 0
    for _ in range(10):
        desk.replies(CAROL, letter, "I have changed jobs and read no mail any more.")
        answered += len(desk.sent("answer"))
        letter = next(iter(desk.sent("answer")), letter)
    assert answered <= 4
    assert waiting(desk) == ["dave@acme.example"]


def test_a_contact_may_decide_about_many_at_once_and_goes_on_being_written_to(desk: World) -> None:
    letters = [knocks(desk, f"n{number}@acme.example") for number in range(5)]
    for letter in letters:
        desk.replies(CAROL, letter, "refuse")
        assert desk.the("answer", CAROL)
    assert desk.receives(mail(CAROL)).outcome == "ticket"
    assert desk.the("acknowledgement", CAROL)


def test_nothing_of_a_mail_stands_in_any_letter_unless_our_servers_vouch_for_its_writer(
    world: Callable[..., World],
) -> None:
    desk = world(TRUSTS)
    bait = {"subject": "Claim your prize", "text": "Visit evil.example now", "message_id": "<prize@evil.example>"}
    judged = PASS.replace(b"dmarc=pass", b"dmarc=none")
    desk.receives(judged + mail('"Prize Office" <dave@acme.example>', **bait), verdicts=True)
    letter = desk.the("consult", CAROL)
    desk.replies(CAROL, letter, "refuse")
    for each in (letter, *desk.sent()):
        assert not [word for word in (b"prize", b"Prize", b"evil.example") if word in each.raw]


def test_who_is_not_vouched_for_where_others_are_hears_nothing_himself(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    receipt = desk.receives(PASS.replace(b"dmarc=pass", b"dmarc=none") + mail(DAVE), verdicts=True)
    assert "redirect suppressed: unproved" in receipt.reason
    assert {each.name for each in desk.sent()} == {"consult"}
