"""A stranger at the door: who is asked, which words are read, and what each of them decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from maildesk.policy.consent_words import Word, read_text
from maildesk.policy.consult_answer import settles
from maildesk.words import (
    AddContact,
    Address,
    Contact,
    DropHeld,
    Facts,
    Knocking,
    Outcome,
    Recent,
    ReleaseHeld,
    Ruling,
    Seal,
    SendLetter,
    SwapContact,
    Verdict,
    Waiting,
)
from tests.policy.given import (
    ACME,
    CAROL,
    DAVE,
    NEWCOMER,
    NOW,
    OLGA,
    config,
    effects,
    envelope,
    from_agent,
    from_customer,
    key,
    letters,
    mail,
    ruled,
    sent,
)

NICK = Address("nick@acme.example", "Nick")
KNOCKS = Knocking(NICK, ACME, (CAROL, DAVE), (12, 15), asked=True)
DOOR = Waiting(12, "awaiting consent", NICK, NOW + timedelta(days=3))
FULL = config().model_copy(
    update={"plan": {"standard": config().plan["standard"].model_copy(update={"contacts": 2, "title": "Standard"})}}
)
CAROLS, DAVES = "carol@acme.example", "dave@acme.example"


def asking(**fields: Any) -> Ruling:
    return ruled(from_customer(NEWCOMER, **fields))


def says(text: str, writer: Contact = CAROL, *, full: bool = False, **fields: Any) -> Ruling:
    return ruled(answering(text, writer, **fields), FULL if full else config())


def answering(text: str, writer: Contact = CAROL, **fields: Any) -> Facts:
    address = writer.addresses[0]
    given = {
        "mail": mail(address, text=text),
        "keys": (key(address, "consult", "held-12"),),
        "waiting": DOOR,
        "knocking": (KNOCKS,),
    }
    return from_customer(writer, **{**given, **fields})


# asking


def test_each_contact_gets_one_question_and_only_the_first_of_them_counts_as_one() -> None:
    questions = letters(asking(), "consult")
    assert [letter.to.address for letter in questions] == [CAROLS, DAVES]
    assert [letter.copy for letter in questions] == [False, True]
    assert {letter.about for letter in questions} == {"held-99"}


def test_the_question_goes_out_as_its_reader_reads() -> None:
    carols, daves = letters(asking(), "consult")
    assert (carols.language, carols.time_zone) == ("de", "Europe/Berlin")
    assert (daves.language, daves.time_zone) == ("", "")


def test_the_question_threads_with_nothing_that_its_cause_could_choose() -> None:
    for letter in letters(asking(), "consult"):
        assert (letter.in_reply_to, letter.references, letter.subject) == ("", (), "")


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, False),
        ({"judged": True}, False),
        ({"judged": True, "verdict": Verdict.PASS}, True),
        (
            {"judged": True, "verdict": Verdict.PASS, "mail": mail(NICK.address, seals=(Seal("pgp", "encrypted"),))},
            False,
        ),
    ],
)
def test_the_question_shows_words_of_a_writer_who_is_vouched_for_alone(fields: dict[str, Any], *, shown: bool) -> None:
    context = letters(asking(**fields), "consult")[0].context
    assert (bool(context["text"]), bool(context["subject"])) == (shown, shown)
    assert context["people"] == ["nick@acme.example"]


def test_the_question_names_who_would_leave_and_how_many_places_there_are() -> None:
    context = letters(asking(), "consult")[0].context
    assert context["contacts"] == [["Carol Jones", CAROLS], ["Dave Smith", DAVES]]
    assert (context["plan"], context["places"]) == ("Standard", 9)
    assert context["until"] == NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"knocking": (KNOCKS,)}, "awaiting consent"),
        ({"recent": Recent(consults=20)}, "awaiting consent; consult suppressed: notices_per_domain"),
        ({"envelope": envelope(quiet=True)}, "awaiting consent; nobody was asked"),
        ({"colleagues": ()}, "awaiting consent; nobody was asked"),
        ({"verdict": Verdict.FAIL, "judged": True}, "unproved"),
    ],
)
def test_nobody_is_asked(fields: dict[str, Any], reason: str) -> None:
    ruling = asking(**fields)
    assert letters(ruling, "consult") == []
    assert (ruling.outcome, ruling.reason) == (Outcome.HELD, reason)


def test_who_waits_without_having_been_asked_about_is_asked_about() -> None:
    assert letters(asking(knocking=(replace(KNOCKS, asked=False),)), "consult")


def test_the_contacts_of_a_ticket_that_he_names_are_not_asked_where_they_are_anothers() -> None:
    assert [letter.to.address for letter in letters(asking(colleagues=(CAROL, DAVE, OLGA)), "consult")] == [
        CAROLS,
        DAVES,
    ]


def test_a_contact_whose_mail_came_back_is_asked_when_an_operator_says_so() -> None:
    questions = letters(asking(recent=Recent(pauses=(DAVES,))), "consult")
    assert [letter.held for letter in questions] == ["", "paused"]


@pytest.mark.parametrize(("verdict", "answered"), [(Verdict.NONE, ""), (Verdict.PASS, "m1@acme.example")])
def test_a_notice_names_the_id_that_it_answers_to_who_is_vouched_for_alone(verdict: Verdict, answered: str) -> None:
    (notice,) = letters(asking(verdict=verdict), "redirect")
    assert notice.in_reply_to == answered


# reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("allow", Word("allow")),
        ("  Allow!\n\nThanks", Word("allow")),
        ("allow him, this once", Word("allow")),
        ("\u201eerlauben\u201c", Word("allow")),
        ("TAKE", Word("take")),
        ("\u00fcbernehmen", Word("take")),
        ("u\u0308bernehmen", Word("take")),
        ("uebernehmen", Word("take")),
        ("refuse.", Word("refuse")),
        ("ablehnen bitte", Word("refuse")),
        ("swap", Word("swap")),
        ("swap Bob@Acme.example", Word("swap", ("Bob@acme.example",))),
        ("swap\nbob@acme.example", Word("swap", ("bob@acme.example",))),
        ("swap:\n\n  <bob@acme.example>.", Word("swap", ("bob@acme.example",))),
        ("tauschen bob@acme.example<mailto:bob@acme.example>", Word("swap", ("bob@acme.example",))),
        ("swap\n\nThat is all.\nbob@acme.example", Word("swap")),
        ("", None),
        ("Hello,\nallow", None),
        ("allowed", None),
        ("allow?", None),
        ("Allow me to ask who that is", None),
        ("Erlauben Sie mir eine Frage", None),
        ("Take no action, please", None),
        ("allow? Who is that", None),
        ("swap no-reply@acme.example", Word("swap", ("no-reply@acme.example",))),
        ("I refuse", None),
        ("Do not allow", None),
    ],
)
def test_the_first_line_says_it(text: str, said: Word | None) -> None:
    found = read_text(text)
    assert (found and found.act) == (said and said.act)
    assert (
        [each.lower() for each in found.addresses] == [each.lower() for each in said.addresses] if said else not found
    )


@pytest.mark.parametrize(
    "subject", ["allow", "Allow [held-12]", f"allow ({'a' * 30})", f"[held-12] allow ({'a' * 30})", "Re: allow"]
)
def test_the_subject_of_a_link_says_it_where_the_text_does_not(subject: str) -> None:
    facts = answering("", mail=mail(CAROLS, text="", subject=subject))
    assert effects(ruled(facts), ReleaseHeld)


def test_the_text_goes_before_the_subject() -> None:
    facts = answering("", mail=mail(CAROLS, text="refuse", subject="allow"))
    assert effects(ruled(facts), ReleaseHeld) == []


# answering


@pytest.mark.parametrize(
    ("text", "decisions"),
    [
        ("allow", [ReleaseHeld(12, "allow", CAROLS), ReleaseHeld(15, "allow", CAROLS)]),
        ("take", [ReleaseHeld(12, "take", CAROLS, CAROLS), ReleaseHeld(15, "take", CAROLS, CAROLS)]),
        ("refuse", [DropHeld(12, f"refused by {CAROLS}", CAROLS), DropHeld(15, f"refused by {CAROLS}", CAROLS)]),
        (
            f"swap {DAVES}",
            [
                SwapContact("Acme", DAVES, NICK, CAROLS),
                ReleaseHeld(12, "swap", CAROLS),
                ReleaseHeld(15, "swap", CAROLS),
            ],
        ),
        (
            "swap",
            [AddContact("Acme", NICK, CAROLS), ReleaseHeld(12, "swap", CAROLS), ReleaseHeld(15, "swap", CAROLS)],
        ),
    ],
)
def test_each_word_decides_about_all_that_waits(text: str, decisions: list[object]) -> None:
    ruling = says(text)
    assert ruling.outcome is Outcome.CONSENT
    assert list(ruling.decisions[: len(decisions)]) == decisions
    assert sent(ruling) == [("answer", CAROLS), ("answer", DAVES)]


def test_only_the_one_who_answers_gets_the_news_in_his_thread() -> None:
    carols, daves = letters(says("allow"))
    assert carols.in_reply_to == "m1@acme.example"
    assert daves.in_reply_to == ""


@pytest.mark.parametrize("text", ["swap", "swap olga@other.example", "swap nobody@acme.example", "Who is that?"])
def test_what_cannot_be_done_decides_nothing_and_is_answered(text: str) -> None:
    ruling = says(text, full=True)
    (letter,) = letters(ruling)
    assert effects(ruling, ReleaseHeld) == []
    assert letter.context["kind"] == "not_understood"
    assert "tauschen ADRESSE" in letter.context["words"]


@pytest.mark.parametrize("leaving", ["olga@other.example", "nobody@acme.example"])
def test_who_names_a_contact_that_is_none_adds_nobody_where_there_is_a_place(leaving: str) -> None:
    ruling = says(f"swap {leaving}")
    assert (effects(ruling, AddContact), effects(ruling, ReleaseHeld)) == ([], [])


def test_the_strangers_own_address_beside_the_word_names_nobody_who_leaves() -> None:
    assert effects(says(f"swap {NICK.address}"), AddContact) == [AddContact("Acme", NICK, CAROLS)]


@pytest.mark.parametrize(
    ("text", "state", "alone"),
    [("allow", "waiting", True), ("Who?", "waiting", True), ("allow", "done", True), ("It burns", "done", False)],
)
def test_an_answer_draws_no_number_of_a_ticket_unless_it_may_open_one(text: str, state: str, *, alone: bool) -> None:
    facts = answering(text)
    assert settles(CAROL, facts.keys, replace(DOOR, state=state), facts.mail) is alone


def test_a_swap_needs_no_free_place() -> None:
    assert effects(says(f"swap {DAVES}", full=True), SwapContact)


def test_who_has_become_a_contact_meanwhile_takes_nobodys_place() -> None:
    nick = Contact(9, "Nick", ("nick@acme.example",), ACME)
    ruling = says(f"swap {DAVES}", knocking=(replace(KNOCKS, organisation=None, contacts=(CAROL, DAVE, nick)),))
    assert effects(ruling, SwapContact) == []
    assert len(effects(ruling, ReleaseHeld)) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"keys": ()},
        {"keys": (key(DAVES, "consult", "held-12"),)},
        {"keys": (key(CAROLS, "consult", "held-13"),)},
        {"keys": (key(CAROLS, "confirm", "held-12"),)},
        {"keys": (key(CAROLS, "redirect", "held-12"),)},
        {"knocking": (replace(KNOCKS, contacts=(DAVE,)),)},
        {"knocking": ()},
        {"waiting": None},
        {"vouched": True},
    ],
)
def test_it_takes_the_key_of_a_question_to_this_very_contact(fields: dict[str, Any]) -> None:
    ruling = says("allow", **fields)
    assert effects(ruling, ReleaseHeld) == []
    assert ruling.outcome is Outcome.TICKET


def test_a_key_that_others_have_seen_decides_nothing_and_the_question_is_asked_again() -> None:
    ruling = says("allow", keys=(key(CAROLS, "consult", "held-12", spent=True),))
    assert effects(ruling, ReleaseHeld) == []
    assert ruling.outcome is Outcome.CONSENT
    assert [each.letter.context["kind"] for each in effects(ruling, SendLetter)] == ["not_understood"]


def test_a_contact_of_another_organisation_decides_nothing() -> None:
    facts = answering("allow", OLGA, colleagues=(OLGA,))
    assert effects(ruled(facts), ReleaseHeld) == []


@pytest.mark.parametrize(
    ("waiting", "said", "by"),
    [
        (replace(DOOR, state="released", answer="take", answered_by=DAVES), "take", "Dave Smith"),
        (replace(DOOR, state="done", answer="allow", answered_by="alice@desk.example"), "allow", "Alice Agent"),
        (replace(DOOR, state="done", answer="swap", answered_by="gone@acme.example"), "swap", "gone@acme.example"),
        (replace(DOOR, state="dropped", answer="refuse", answered_by=DAVES), "refuse", "Dave Smith"),
        (replace(DOOR, state="done"), "allow", "Example Support"),
        (replace(DOOR, state="dropped"), "refuse", "Example Support"),
        (replace(DOOR, state="dropped", until=NOW), "expired", ""),
    ],
)
def test_a_later_answer_is_told_what_was_decided_and_by_whom(waiting: Waiting, said: str, by: str) -> None:
    ruling = says("allow", waiting=waiting)
    assert ruling.outcome is Outcome.CONSENT
    assert effects(ruling, ReleaseHeld) == []
    (letter,) = letters(ruling)
    assert (letter.to.address, letter.context["said"], letter.context["by"]) == (CAROLS, said, by)


# agents


@pytest.mark.parametrize(
    ("line", "why", "suggestion"),
    [
        ("#contact allow", "argument", "#contact allow|add|swap ADDRESS [OLD-ADDRESS]"),
        ("#contact allow zoe@acme.example", "argument", "#contact allow|add|swap ADDRESS [OLD-ADDRESS]"),
        ("#contact add nick@acme.example", "full", "2/2"),
        ("#contact swap nick@acme.example dav@acme.example", "argument", f"#contact swap nick@acme.example {DAVES}"),
    ],
)
@pytest.mark.parametrize("with_ticket", [True, False])
def test_an_agents_line_is_refused_with_what_would_be_right(
    line: str, why: str, suggestion: str, *, with_ticket: bool
) -> None:
    facts = from_agent(line, knocking=(KNOCKS,))
    ruling = ruled(facts if with_ticket else replace(facts, ticket=None), FULL)
    assert effects(ruling, ReleaseHeld) == []
    (receipt,) = letters(ruling, "receipt")
    assert receipt.context["refused"] == [(line, why, suggestion)]


@pytest.mark.parametrize("with_ticket", [True, False])
def test_an_agents_line_decides_about_all_that_waits(*, with_ticket: bool) -> None:
    facts = from_agent("#contact allow nick@acme.example", knocking=(replace(KNOCKS, turned_away=(17,)),))
    ruling = ruled(facts if with_ticket else replace(facts, ticket=None))
    assert [each.id for each in effects(ruling, ReleaseHeld)] == [12, 15, 17]
    assert [each for each in sent(ruling) if each[0] == "answer"] == [("answer", CAROLS), ("answer", DAVES)]


def test_nobody_at_the_door_is_told_as_such() -> None:
    facts = from_agent("#contact allow nick@acme.example", ticket=None, knocking=(Knocking(NICK, ACME, (CAROL,)),))
    (receipt,) = letters(ruled(facts), "receipt")
    assert receipt.context["refused"] == [("#contact allow nick@acme.example", "not_waiting", "")]
