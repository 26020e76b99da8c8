"""What an agent's mail does to a ticket and what each reader gets of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from maildesk.words import (
    AddMessage,
    Address,
    Attachment,
    Schedule,
    SetAnswered,
    SetOwner,
    SetSeverity,
    SetStatus,
    SetSurveyDue,
    Severity,
    Status,
    Visibility,
)
from tests.policy.given import (
    ALICE,
    BOB,
    MARY,
    NOW,
    SAM,
    config,
    effects,
    from_agent,
    key,
    letters,
    mail,
    ruled,
    sent,
    ticket,
)

DAVE = Address("dave@acme.example", "Dave Smith")


def statuses(ruling: object) -> list[str]:
    return [each.status.value for each in effects(ruling, SetStatus)]


def test_a_plain_answer_goes_to_the_customer_opens_the_ticket_and_makes_the_agent_its_owner() -> None:
    ruling = ruled(from_agent("Try again."))
    assert sent(ruling) == [("reply", "carol@acme.example")]
    assert statuses(ruling) == ["open"]
    assert effects(ruling, SetOwner) == [SetOwner("EX-7", ALICE, "alice@desk.example")]
    assert effects(ruling, SetAnswered) == [SetAnswered("EX-7", "answer", "alice@desk.example")]
    assert effects(ruling, AddMessage) == [AddMessage("EX-7", Visibility.PUBLIC, "alice@desk.example")]
    assert ruling.ticket == "EX-7"


def test_a_reply_comes_from_the_address_the_requester_wrote_to_in_the_agents_name() -> None:
    (letter,) = letters(ruled(from_agent("Try again.", ticket=ticket(address="help@desk.example"))))
    assert (letter.sender, letter.sender_name, letter.human) == ("help@desk.example", "Alice Agent", True)
    assert (letter.language, letter.time_zone) == ("de", "Europe/Berlin")
    assert letter.context == {"text": "Try again.", "agent": "Alice Agent", "status": "open", "cited": None}


def test_each_participant_gets_a_copy_of_his_own_that_shows_all_of_them() -> None:
    ruling = ruled(from_agent("Try again.", ticket=ticket(participants=(DAVE,))))
    first, second = letters(ruling, "reply")
    assert (first.to.address, first.copy) == ("carol@acme.example", False)
    assert (second.to.address, second.copy) == ("dave@acme.example", True)
    assert {(letter.shown_to, letter.shown_cc) for letter in (first, second)} == {
        ((Address("carol@acme.example", "Carol Jones"),), (DAVE,))
    }


def test_a_requester_whom_the_agent_wrote_to_directly_gets_nothing_twice() -> None:
    facts = from_agent("Try again.", ticket=ticket(participants=(DAVE,)))
    ruling = ruled(replace(facts, mail=replace(facts.mail, cc=(Address("carol@acme.example"),))))
    assert sent(ruling) == [("reply", "dave@acme.example")]
    assert effects(ruling, AddMessage)


def test_letters_to_customers_cite_only_what_customers_know() -> None:
    (letter,) = letters(ruled(from_agent("Try again.", ticket=ticket(thread=("one@acme.example", "two@acme.example")))))
    assert letter.in_reply_to == "two@acme.example"
    assert letter.references == ("one@acme.example", "two@acme.example")


def test_a_plain_answer_leaves_every_status_but_new() -> None:
    for status in (Status.OPEN, Status.PENDING, Status.SOLVED, Status.CLOSED):
        assert statuses(ruled(from_agent("By the way", ticket=ticket(status=status)))) == []


@pytest.mark.parametrize(
    ("word", "status", "kind"),
    [
        ("#solved", "solved", "solution"),
        ("#close", "closed", "solution"),
        ("#pending", "pending", "question"),
        ("#open", "open", "answer"),
    ],
)
def test_words_with_a_status_go_as_one_reply_that_names_it(word: str, status: str, kind: str) -> None:
    ruling = ruled(from_agent(f"{word}\n\nHere you are."))
    assert sent(ruling) == [("reply", "carol@acme.example"), ("receipt", "alice@desk.example")]
    told = {"text": "Here you are.", "agent": "Alice Agent", "status": status, "cited": None}
    assert letters(ruling)[0].context == told
    assert statuses(ruling) == [status]
    assert effects(ruling, SetAnswered)[0].kind == kind


@pytest.mark.parametrize(
    ("word", "letter", "context"),
    [
        ("#solve", "solved", {"agent": "Alice Agent", "close_at": NOW + timedelta(days=2)}),
        ("#closed", "closed", {"reason": "agent", "survey": True}),
        ("#pending", "status", {"status": "pending", "previous": "new"}),
        ("#open", "status", {"status": "open", "previous": "new"}),
    ],
)
def test_a_status_without_words_is_told_to_the_requester_alone(word: str, letter: str, context: object) -> None:
    ruling = ruled(from_agent(word, ticket=ticket(participants=(DAVE,))))
    assert sent(ruling) == [(letter, "carol@acme.example"), ("receipt", "alice@desk.example")]
    assert letters(ruling)[0].context == context
    assert effects(ruling, SetAnswered) == []
    assert effects(ruling, AddMessage) == []


def test_the_status_a_ticket_has_already_is_not_told_again() -> None:
    assert sent(ruled(from_agent("#pending", ticket=ticket(status=Status.PENDING)))) == [
        ("receipt", "alice@desk.example")
    ]


def test_closing_makes_a_survey_due_and_opening_again_takes_it_back() -> None:
    assert effects(ruled(from_agent("#closed")), SetSurveyDue) == [SetSurveyDue("EX-7", NOW)]
    later = config('[survey]\nsend_after = "2h"\n')
    assert effects(ruled(from_agent("#closed"), later), SetSurveyDue) == [
        SetSurveyDue("EX-7", NOW + timedelta(hours=2))
    ]
    again = ticket(status=Status.CLOSED, survey_due=NOW)
    assert effects(ruled(from_agent("#open", ticket=again)), SetSurveyDue) == [SetSurveyDue("EX-7", None)]


def test_each_change_says_when_time_is_next_asked() -> None:
    assert effects(ruled(from_agent("#solved")), Schedule) == [Schedule("EX-7", NOW + timedelta(days=1))]
    assert effects(ruled(from_agent("#take")), Schedule) == [Schedule("EX-7", None)]


def test_a_note_stays_inside_and_is_told_to_the_owner() -> None:
    ruling = ruled(from_agent("#note\nLooks like the fuse.", ticket=ticket(owner=BOB)))
    assert sent(ruling) == [("agent_update", "bob@desk.example"), ("receipt", "alice@desk.example")]
    assert effects(ruling, AddMessage) == [AddMessage("EX-7", Visibility.NOTE, "alice@desk.example")]
    update = letters(ruling)[0]
    assert (update.note, update.context["what"], update.context["text"]) == (True, "note", "Looks like the fuse.")


def test_words_behind_note_are_the_note_too() -> None:
    ruling = ruled(from_agent("#note call her\nafter lunch", ticket=ticket(owner=BOB)))
    assert letters(ruling, "agent_update")[0].context["text"] == "call her\nafter lunch"


def test_an_answer_to_a_letter_about_a_note_is_a_note() -> None:
    ruling = ruled(from_agent("I agree.", keys=(key(note=True),)))
    assert sent(ruling) == []
    assert effects(ruling, AddMessage)[0].visibility is Visibility.NOTE


def test_another_agents_answer_is_told_to_the_owner_who_stays_it() -> None:
    ruling = ruled(from_agent("Try again.", ticket=ticket(owner=BOB)))
    assert sent(ruling) == [("reply", "carol@acme.example"), ("agent_update", "bob@desk.example")]
    assert letters(ruling)[1].context["what"] == "answer"
    assert effects(ruling, SetOwner) == []


def test_nobody_is_told_of_his_own_mail() -> None:
    assert sent(ruled(from_agent("Try again.", ticket=ticket(owner=ALICE)))) == [("reply", "carol@acme.example")]


def test_what_is_not_understood_sends_the_customer_nothing_does_the_sorting_and_returns_the_text() -> None:
    ruling = ruled(from_agent("#severty 1\n#take\n#solved\n\nHere you are."))
    assert sent(ruling) == [("receipt", "alice@desk.example")]
    assert ruling.outcome.value == "command"
    assert effects(ruling, SetOwner)
    assert statuses(ruling) == []
    assert effects(ruling, AddMessage) == []
    context = letters(ruling)[0].context
    assert context["done"] == [("owner", "Alice Agent")]
    assert context["refused"] == [("#severty 1", "unknown", "#severity")]
    assert context["text"] == "Here you are."


def test_a_receipt_tells_what_was_done_the_new_state_and_who_got_something() -> None:
    ruling = ruled(from_agent("#severity high\n#solved\n\nHere you are."))
    context = letters(ruling, "receipt")[0].context
    assert context["done"] == [("severity", "2"), ("status", "solved")]
    assert (context["status"], context["severity"], context["owner"]) == ("solved", 2, "Alice Agent")
    assert context["recipients"] == ["carol@acme.example"]
    assert (context["refused"], context["text"]) == ([], "")


def test_assign_and_release_change_the_owner_and_release_is_kept_beside_words() -> None:
    assert effects(ruled(from_agent("#assign bob")), SetOwner)[0].owner == BOB
    assert effects(ruled(from_agent("#assign BOB BUILDER")), SetOwner)[0].owner == BOB
    assert effects(ruled(from_agent("#assign bo")), SetOwner)[0].owner == BOB
    assert effects(ruled(from_agent("#assign bob@desk.example")), SetOwner)[0].owner == BOB
    released = ruled(from_agent("#release\nSomebody else will help.", ticket=ticket(owner=ALICE)))
    assert [each.owner for each in effects(released, SetOwner)] == [None]


def test_a_name_that_two_agents_have_is_refused() -> None:
    twin = replace(BOB, id=9, name="Bob Binder", addresses=("binder@desk.example",))
    ruling = ruled(from_agent("#assign Bob", agents=(ALICE, BOB, twin)))
    assert effects(ruling, SetOwner) == []
    suggestion = letters(ruling)[0].context["refused"][0][2]
    assert suggestion.removeprefix("#assign ").split("|") == ["Bob Builder", "Bob Binder"]


@pytest.mark.parametrize("line", ["#assign", "#assign Xqzw"])
def test_a_name_like_nobodys_is_refused_with_how_it_is_written(line: str) -> None:
    assert letters(ruled(from_agent(line)))[0].context["refused"] == [(line, "argument", "#assign NAME")]


def test_a_name_nobody_has_is_refused_with_the_nearest() -> None:
    context = letters(ruled(from_agent("#assign Bob Bilder")))[0].context
    assert context["refused"] == [("#assign Bob Bilder", "argument", "#assign Bob Builder")]


def test_severity_takes_numbers_and_words() -> None:
    for word, severity in (("1", 1), ("urgent", 1), ("High", 2), ("normal", 3), ("low", 4)):
        assert effects(ruled(from_agent(f"#severity {word}")), SetSeverity)[0].severity is Severity(severity)
    assert letters(ruled(from_agent("#severity hgh")))[0].context["refused"][0][1:] == ("argument", "#severity high")


def test_an_agent_of_another_queue_reaches_no_customer_and_a_manager_commands_all() -> None:
    ruling = ruled(from_agent("#solved\nHere you are.", SAM))
    assert sent(ruling) == [("receipt", "sam@desk.example")]
    assert letters(ruling)[0].context["refused"] == [("#solved", "not_allowed", "")]
    assert statuses(ruling) == []
    assert sent(ruled(from_agent("Here you are.", MARY))) == [("reply", "carol@acme.example")]


def test_a_new_mail_of_an_agent_opens_nothing_and_says_so() -> None:
    plain = ruled(from_agent("Dear all", ticket=None))
    assert sent(plain) == [("receipt", "alice@desk.example")]
    assert letters(plain)[0].context["refused"] == [("", "no_ticket", "")]
    commanding = ruled(from_agent("#take\n#solved\nDone", ticket=None))
    assert letters(commanding)[0].context["refused"] == [("#take", "no_ticket", ""), ("#solved", "no_ticket", "")]
    assert letters(commanding)[0].about == ""


def test_an_agents_empty_mail_sends_nothing() -> None:
    ruling = ruled(from_agent(""))
    assert sent(ruling) == []
    assert "nothing is sent" in ruling.reason


def test_the_agents_files_travel_with_the_reply_and_alone_are_words_enough() -> None:
    small, huge = Attachment("log.txt", "text/plain", 100), Attachment("disk.img", "x/y", 30 * 1024 * 1024)
    facts = from_agent("")
    ruling = ruled(replace(facts, mail=replace(facts.mail, attachments=(small, huge))))
    assert sent(ruling) == [("reply", "carol@acme.example")]
    assert letters(ruling)[0].attachments == (small,)


def test_a_command_in_the_subject_of_a_mail_to_the_queue_is_read() -> None:
    facts = from_agent("", keys=(), vouched=True, mail=mail("alice@desk.example", text="", subject="[EX-7] #solved"))
    assert statuses(ruled(facts)) == ["solved"]


def test_a_command_in_a_subject_that_the_customer_wrote_is_not() -> None:
    subject = "Re: [EX-7] #closed"
    answer = from_agent("hello", mail=mail("alice@desk.example", text="hello", subject=subject))
    assert statuses(ruled(answer)) == ["open"]
    repeated = replace(answer, keys=(), vouched=True, ticket=ticket(subject="#closed"))
    assert statuses(ruled(repeated)) == ["open"]
