"""What the first line of a letter to an agent says of a plain reply is what the desk does with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, DIRECTORY, MONA, mail
from tests.desk.test_story_forwards import FORMS, WORDS
from tests.desk.world import Sent, World

PLAIN = "We look into it."
TO_CAROL = "A plain reply goes to Carol Jones. Begin with #note to keep it inside."
TO_BOTH = "A plain reply goes to Carol Jones and 1 copy. Begin with #note to keep it inside."
A_NOTE = "Your reply stays inside: this is about a note."
NO_TICKET = "A reply to this mail reaches no customer: it is about no ticket."
ANOTHERS = "A reply to this mail reaches no customer: the ticket is another queue's."
TRUSTS = '[gate]\nauthserv_ids = ["mx.example.com"]\n'
PASS = {"Authentication-Results": "mx.example.com; dmarc=pass header.from=example.com"}
SALES = DIRECTORY.replace('"anton@example.com"]\nqueues = ["technical"]', '"anton@example.com"]\nqueues = ["sales"]')


def first(letter: Sent) -> str:
    return letter.text.replace("\r\n", "\n").split("\n")[2]


def opened(desk: World, **fields: object) -> Sent:
    desk.receives(mail(CAROL, **fields))  # type: ignore[arg-type]
    return desk.the("agent_ticket", ALICE)


def reaches(desk: World, agent: str, letter: Sent) -> set[str]:
    """Who gets the words of a plain reply, of customers."""
    desk.replies(agent, letter, PLAIN)
    return {each.recipient for each in desk.sent("reply") if PLAIN in each.text}


CAROLS, BOTH = {"carol@acme.example"}, {"carol@acme.example", "bob@acme.example"}


def test_of_a_new_ticket(desk: World) -> None:
    letter = opened(desk, cc=BOB)
    assert (first(letter), reaches(desk, ALICE, letter)) == (TO_BOTH, BOTH)


def test_of_a_ticket_that_was_moved(world: Callable[..., World]) -> None:
    desk = world(people=SALES)
    desk.replies(ALICE, opened(desk), "#queue sales\n#note\nMoney.")
    letter = desk.the("agent_ticket", ANTON)
    assert (first(letter), reaches(desk, ANTON, letter)) == (TO_CAROL, CAROLS)


def test_of_a_customers_next_mail_and_of_thanks(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#solved\nIt is mended.")
    solved = desk.the("reply")
    desk.replies(CAROL, solved, "Thank you!")
    thanks = desk.the("agent_update", ALICE)
    assert (first(thanks), reaches(desk, ALICE, thanks)) == (TO_CAROL, CAROLS)
    desk.replies(CAROL, solved, "It fails again.")
    reopened = desk.the("agent_update", ALICE)
    assert (first(reopened), reaches(desk, ALICE, reopened)) == (TO_CAROL, CAROLS)


def test_of_another_agents_answer(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "Wait.")
    desk.time_passes(hours=1)
    desk.replies(MONA, opened_for(desk, MONA), "I help.")
    update = desk.the("agent_update", ALICE)
    assert (first(update), reaches(desk, ALICE, update)) == (TO_CAROL, CAROLS)


def opened_for(desk: World, agent: str) -> Sent:
    """The first letter of the ticket to this agent."""
    seen, desk.seen = desk.seen, 0
    found = [each for each in desk.sent("agent_ticket") if each.recipient in agent]
    desk.seen = seen
    return found[0]


def test_of_a_note_and_of_a_note_about_that(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#take")
    desk.replies(ANTON, opened_for(desk, ANTON), "#note\nIt is the font.")
    note = desk.the("agent_update", ALICE)
    assert (first(note), reaches(desk, ALICE, note)) == (A_NOTE, set())
    assert [each["visibility"] for each in desk.ticket()["messages"] if PLAIN in each["text"]] == ["note"]
    desk.replies(ANTON, opened_for(desk, ANTON), "#assign mona\n#note\nPlease look.")
    note = desk.the("agent_update", MONA)
    desk.replies(MONA, note, "#assign alice\nI have looked.")
    again = desk.the("agent_update", ALICE)
    assert (first(again), reaches(desk, ALICE, again)) == (A_NOTE, set())


def test_of_a_forward_into_a_ticket(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#take")
    passed_on = FORMS["gmail"].replace("{}", WORDS)
    theirs = opened_for(desk, ANTON)
    headers = {"In-Reply-To": theirs.message_id}
    desk.receives(mail(ANTON, to=theirs.reply_to, subject="Fwd: The export fails", text=passed_on, headers=headers))
    note = desk.the("agent_update", ALICE)
    assert (first(note), reaches(desk, ALICE, note)) == (A_NOTE, set())


def test_of_a_letter_that_came_back(desk: World) -> None:
    letter = opened(desk, cc=BOB)
    desk.replies(ALICE, letter, "Wait.")
    reply = desk.the("reply", BOB)
    report = (
        f"From: MAILER-DAEMON@relay.example\r\nTo: {reply.reply_to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        "Final-Recipient: rfc822; bob@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    desk.receives(report.encode(), sender="", recipients=(reply.reply_to,))
    failed = desk.the("agent_update", ALICE)
    assert (first(failed), reaches(desk, ALICE, failed)) == (TO_BOTH, BOTH)


def test_of_a_mark(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#closed\nDone.")
    desk.time_passes(minutes=1)
    desk.replies(CAROL, desk.the("survey"), "1 too slow")
    mark = desk.the("agent_update", ALICE)
    assert (first(mark), reaches(desk, ALICE, mark)) == (TO_CAROL, CAROLS)


def test_of_somebody_who_waits_outside(desk: World) -> None:
    opened(desk, message_id="<first@acme.example>")
    answer = {"In-Reply-To": "<first@acme.example>"}
    desk.receives(mail("Otto <otto@partner.example>", subject="Re: The export fails", text="Me too.", headers=answer))
    update = desk.the("agent_update", ALICE)
    assert (first(update), reaches(desk, ALICE, update)) == (TO_CAROL, CAROLS)


def test_of_an_escalation(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#escalate Nobody here knows it.")
    escalation = desk.the("escalation", MONA)
    assert (first(escalation), reaches(desk, MONA, escalation)) == (TO_CAROL, CAROLS)


def test_of_an_escalation_beside_a_note(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#note\n#escalate Nobody here knows it.\nIt is the font.")
    escalation = desk.the("escalation", MONA)
    assert "just reply" not in escalation.text
    assert (first(escalation), reaches(desk, MONA, escalation)) == (A_NOTE, set())


@pytest.mark.parametrize(
    ("lines", "line", "readers"),
    [
        ("#take", TO_CAROL, CAROLS),
        ("#solved\nIt is mended.", TO_CAROL, CAROLS),
        ("#cc +bob@acme.example", TO_BOTH, BOTH),
        ("#nothing\nIt is mended.", TO_CAROL, CAROLS),
        ("#closed", TO_CAROL, CAROLS),
        ("#note\nIt is the font.", A_NOTE, set()),
        ("#note\n#nothing\nIt is the font.", A_NOTE, set()),
    ],
)
def test_of_a_receipt(desk: World, lines: str, line: str, readers: set[str]) -> None:
    desk.replies(ALICE, opened(desk), lines)
    receipt = desk.the("receipt", ALICE)
    assert (first(receipt), reaches(desk, ALICE, receipt)) == (line, readers)


def test_of_the_receipt_for_commands_in_answer_to_a_note(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#take")
    desk.replies(ANTON, opened_for(desk, ANTON), "#note\nIt is the font.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#severity 2")
    receipt = desk.the("receipt", ALICE)
    assert (first(receipt), reaches(desk, ALICE, receipt)) == (A_NOTE, set())


def test_of_the_receipt_for_a_merge(desk: World) -> None:
    desk.receives(mail(BOB, subject="Export"))
    letter = opened(desk)
    desk.replies(ALICE, letter, "#merge EX-10001")
    receipt = desk.the("receipt", ALICE)
    assert first(receipt) == "A plain reply goes to Bob Brown and 1 copy. Begin with #note to keep it inside."
    assert reaches(desk, ALICE, receipt) == BOTH


def test_of_the_receipt_for_a_forward(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    passed_on = FORMS["gmail"].replace("{}", WORDS)
    desk.receives(mail(ALICE, subject="Fwd: The export fails", text=passed_on, headers=PASS), verdicts=True)
    receipt = desk.the("receipt", ALICE)
    assert (first(receipt), reaches(desk, ALICE, receipt)) == (TO_CAROL, CAROLS)


def test_of_the_receipt_for_a_mail_about_no_ticket(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    desk.receives(mail(ALICE, subject="Question", text="#help\n", headers=PASS), verdicts=True)
    receipt = desk.the("receipt", ALICE)
    assert (first(receipt), reaches(desk, ALICE, receipt)) == (NO_TICKET, set())


def test_of_the_receipt_for_a_ticket_of_another_queue(world: Callable[..., World]) -> None:
    desk = world(TRUSTS, people=SALES)
    opened(desk)
    subject = "Re: [EX-10001] The export fails"
    desk.receives(mail(ANTON, subject=subject, text="#take\nHello.", headers=PASS), verdicts=True)
    receipt = desk.the("receipt", ANTON)
    assert (first(receipt), reaches(desk, ANTON, receipt)) == (ANOTHERS, set())


def test_of_a_question_whose_mail_this_is(desk: World) -> None:
    opened(desk)
    desk.receives(mail(ALICE, subject="Re: [EX-10001] The export fails", text="Wait."))
    question = desk.the("confirm", ALICE)
    assert first(question) == "Your reply stays inside: begin it with yes or no."
    assert reaches(desk, ALICE, question) == set()


def test_of_a_ticket_that_is_owned_from_another_queue(world: Callable[..., World]) -> None:
    desk = world(people=SALES)
    desk.replies(ALICE, opened(desk), "#take\n#queue sales\nOur sales look into it.")
    desk.replies(CAROL, desk.the("reply"), "When?")
    update = desk.the("agent_update", ALICE)
    assert (first(update), reaches(desk, ALICE, update)) == (ANOTHERS, set())
    desk.replies(ANTON, opened_for(desk, ANTON), "#note\nTomorrow.")
    note = desk.the("agent_update", ALICE)
    assert (first(note), reaches(desk, ALICE, note)) == (ANOTHERS, set())


def test_of_an_appointment_that_has_ended(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#appointment 2026-03-03 14:00 1h")
    desk.time_passes(days=2)
    due = desk.the("due_soon", ALICE)
    assert (first(due), reaches(desk, ALICE, due)) == (TO_CAROL, CAROLS)


def test_of_a_promise_that_comes_near_and_is_broken(world: Callable[..., World]) -> None:
    desk = world('first_response = { 3 = "4h" }\n')
    opened(desk, cc=BOB)
    desk.time_passes(hours=3, minutes=30)
    assert first(desk.the("due_soon", ALICE)) == TO_BOTH
    desk.time_passes(hours=1)
    overdue = desk.the("overdue", MONA)
    assert (first(overdue), reaches(desk, MONA, overdue)) == (TO_BOTH, BOTH)


def test_of_a_promise_and_an_appointment_of_whoever_may_not_answer(world: Callable[..., World]) -> None:
    desk = world('next_response = { 3 = "4h" }\n', people=SALES)
    desk.replies(ALICE, opened(desk), "#take\n#appointment 2026-03-05 14:00 1h\n#queue sales\nOur sales look into it.")
    desk.replies(CAROL, desk.the("reply"), "When?")
    desk.time_passes(hours=3, minutes=30)
    due = desk.the("due_soon", ALICE)
    assert (first(due), reaches(desk, ALICE, due)) == (ANOTHERS, set())
    desk.time_passes(hours=1)
    assert first(desk.the("overdue", ALICE)) == ANOTHERS
    assert first(desk.the("overdue", MONA)) == TO_CAROL
    desk.time_passes(days=4)
    assert first(desk.the("due_soon", ALICE)) == ANOTHERS
