"""Answers to the survey: marks, comments, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maildesk.policy.survey import mark_of
from maildesk.words import Facts, Outcome, RecordMark, Status, Survey, Verdict
from tests.policy.given import (
    ALICE,
    DAVE,
    NOW,
    closed,
    effects,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

ASKED = Survey(NOW - timedelta(days=1), NOW + timedelta(days=29))
OVER = Survey(NOW - timedelta(days=40), NOW - timedelta(days=10))
BY_KEY = (key("carol@acme.example", "survey"),)


def answering(text: str = "", survey: Survey = ASKED, **fields: object) -> Facts:
    subject = str(fields.pop("subject", "Re: [EX-7] Printer"))
    given = {"ticket": replace(closed(), survey=survey), "keys": BY_KEY, "mail": mail(text=text, subject=subject)}
    return from_customer(**{**given, **fields})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", (5, "")),
        ("4 very quick", (4, "very quick")),
        ("5/5 great", (5, "great")),
        ("2, because it took long", (2, "because it took long")),
        (" \n3\nthe rest", (3, "the rest")),
        ("Yes", (5, "")),
        ("no - never again", (1, "never again")),
        ("Ja!", (5, "")),
        ("nein", (1, "")),
        ("6", None),
        ("0", None),
        ("10", None),
        ("4.5", None),
        ("1st of all", None),
        ("1. It crashes.\n2. It is slow.", None),  # a list of things, no mark
        ("1.\nIt crashes.", (1, "It crashes.")),
        ("nothing works", None),
        ("yesterday it broke", None),
        ("", None),
    ],
)
def test_a_mark_is_what_the_text_begins_with(text: str, found: tuple[int, str] | None) -> None:
    assert mark_of(text) == found


def test_a_mark_is_recorded_with_its_comment_and_thanked_for() -> None:
    ruling = ruled(answering("4 very quick"))
    assert (ruling.outcome, ruling.ticket) == (Outcome.SURVEY, "EX-7")
    assert effects(ruling, RecordMark) == [RecordMark("EX-7", "carol@acme.example", 4, "very quick")]
    assert sent(ruling) == [("survey_thanks", "carol@acme.example"), ("agent_update", "alice@desk.example")]
    assert letters(ruling)[0].context == {"mark": 4, "kind": "marks", "reasons": []}


@pytest.mark.parametrize("mark", [1, 2])
def test_the_owner_and_the_managers_hear_of_a_low_mark(mark: int) -> None:
    ruling = ruled(answering(f"{mark} too slow"))
    assert sent(ruling) == [
        ("survey_thanks", "carol@acme.example"),
        ("agent_update", "alice@desk.example"),
        ("agent_update", "mary@desk.example"),
    ]
    context = letters(ruling)[1].context
    assert (context["what"], context["code"], context["text"]) == ("mark", str(mark), "too slow")


def test_a_link_answers_by_its_subject_alone() -> None:
    assert effects(ruled(answering(subject="Re: [EX-7] 5")), RecordMark)[0].mark == 5
    token = "b" * 27
    assert effects(ruled(answering(subject=f"[EX-7] 3 ({token})")), RecordMark)[0].mark == 3


def test_words_under_a_mark_in_the_subject_are_the_comment() -> None:
    assert effects(ruled(answering("Great job", subject="5")), RecordMark)[0].comment == "Great job"


def test_a_tickets_own_subject_is_no_mark() -> None:
    facts = answering("it still fails", subject="Re: [EX-7] 5")
    named = replace(facts, ticket=replace(closed(), survey=ASKED, subject="5"))
    assert ruled(named).outcome is Outcome.TICKET


def test_only_whom_we_asked_may_answer() -> None:
    ruling = ruled(answering("5", writer=DAVE, mail=mail("dave@acme.example", text="5")))
    assert effects(ruling, RecordMark) == []


def test_without_a_key_an_answer_counts_where_our_mail_servers_vouch_for_its_writer() -> None:
    assert ruled(answering("5", keys=(), matched="reference", verdict=Verdict.PASS)).outcome is Outcome.SURVEY
    assert ruled(answering("5", keys=(), matched="message-id")).outcome is Outcome.TICKET
    working = replace(ticket(owner=ALICE, status=Status.OPEN), survey=ASKED)
    assert ruled(answering("5", keys=(), ticket=working, verdict=Verdict.PASS)).outcome is Outcome.MESSAGE


def test_the_key_of_another_tickets_survey_is_no_vote() -> None:
    other = (replace(key("carol@acme.example", "survey"), about="EX-6"),)
    assert effects(ruled(answering("5", keys=other)), RecordMark) == []


def test_a_guessed_reference_under_a_forged_name_is_no_vote() -> None:
    assert ruled(answering("1", keys=(), matched="reference")).outcome is Outcome.TICKET


def test_a_reply_to_another_letter_is_no_mark() -> None:
    other = (key("carol@acme.example", "closed"),)
    assert ruled(answering("3 more questions", keys=other)).outcome is Outcome.TICKET


def test_a_bare_mark_that_comes_too_late_is_filed_and_counts_nothing() -> None:
    ruling = ruled(answering("5", OVER))
    assert (ruling.outcome, ruling.reason, ruling.decisions) == (Outcome.SURVEY, "the survey is over", ())
    assert ruled(answering("5 new problems", OVER)).outcome is Outcome.TICKET


def test_without_a_survey_a_number_is_a_mail_like_any_other() -> None:
    assert ruled(answering("5", ticket=closed())).outcome is Outcome.TICKET
