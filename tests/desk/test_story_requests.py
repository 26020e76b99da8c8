"""What customers can do by mail: how things stand, all that was written, escalate, solved, close, no more copies."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, DIRECTORY, MONA, STRANGER, SUPPORT, mail
from tests.desk.test_story_time import links
from tests.desk.world import Sent, World

GIL = "Gil Glow <gil@globex.example>"


def asked(desk: World, sender: str = CAROL, **fields: object) -> Sent:
    """A ticket, and its acknowledgement."""
    desk.receives(mail(sender, **fields))
    return desk.the("acknowledgement", parseaddr(sender)[1])


def answered(desk: World, text: str = "Which version is it?", **fields: object) -> Sent:
    asked(desk, **fields)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), text)
    return desk.the("reply", CAROL)


def asks(desk: World, sender: str, text: str, **fields: object) -> Sent:
    """A request as the first line of a mail to the queue's address, and its answer."""
    receipt = desk.receives(mail(sender, subject="A question", text=text, **fields))
    assert receipt.outcome == "request"
    return desk.the("answer", parseaddr(sender)[1])


# status


def test_status_lists_the_open_tickets_of_the_organisation(desk: World) -> None:
    asked(desk, subject="The export fails")
    asked(desk, BOB, subject="Der Druck auch")
    asked(desk, GIL, subject="Globex matters")
    text = asks(desk, CAROL, "status").text
    assert "EX-10001" in text
    assert "The export fails" in text
    assert "Der Druck auch" in text
    assert "Globex" not in text


def test_status_says_so_when_nothing_is_open(desk: World) -> None:
    assert "No request of yours is open" in asks(desk, CAROL, "status").text


def test_status_with_a_reference_tells_of_that_ticket(desk: World) -> None:
    answered(desk, "#pending\nWhich version is it?")
    letter = asks(desk, CAROL, "status EX-10001")
    assert letter.subject == "Re: [EX-10001] The export fails"
    assert "waits for a word from you" in letter.text


def test_a_reply_that_asks_for_the_status_is_about_its_ticket(desk: World) -> None:
    letter = answered(desk)
    asked(desk, subject="Something else")
    receipt = desk.replies(CAROL, letter, "status")
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    text = desk.the("answer", CAROL).text
    assert "EX-10001" in text
    assert "Something else" not in text


def test_a_subject_alone_is_a_request_too(desk: World) -> None:
    asked(desk)
    assert desk.receives(mail(CAROL, subject="Status EX-10001", text="")).outcome == "request"
    assert "EX-10001" in desk.the("answer", CAROL).text


def test_a_colleague_may_ask_about_the_organisations_tickets(desk: World) -> None:
    asked(desk)
    assert "The export fails" in asks(desk, BOB, "Stand EX-10001").text


def test_somebody_who_takes_part_sees_his_own_tickets_alone(desk: World) -> None:
    asked(desk, subject="With Dave", cc=DAVE)
    asked(desk, subject="Without him")
    text = asks(desk, DAVE, "status").text
    assert "With Dave" in text
    assert "Without him" not in text


def test_a_request_opens_no_ticket_and_leaves_no_gap(desk: World) -> None:
    asked(desk)
    asks(desk, CAROL, "status")
    assert desk.receives(mail(CAROL)).ticket == "EX-10002"


def test_no_agent_is_told_of_a_question_for_the_status(desk: World) -> None:
    asked(desk)
    asks(desk, CAROL, "status EX-10001")
    assert [letter.name for letter in desk.sent()] == ["answer"]
    assert [each["direction"] for each in desk.ticket()["messages"]].count("in") == 1


# copy


def test_copy_sends_the_public_thread(desk: World) -> None:
    letter = answered(desk, "Which version is it?")
    desk.replies(CAROL, letter, "It is version 4.1.", attachments=[("log.txt", b"x", "text/plain")])
    text = asks(desk, BOB, "Kopie EX-10001").text
    places = [text.index(each) for each in ("stops at page 3", "Which version is it?", "It is version 4.1.")]
    assert places == sorted(places)
    assert "Alice Agent" in text
    assert "Carol Jones" in text
    assert "log.txt" in text


def test_a_copy_holds_no_note_no_address_of_an_agent_no_key_and_no_blind_copy(desk: World) -> None:
    asked(desk, headers={"Bcc": "canary-bcc@secret.example"})
    for_alice = desk.the("agent_ticket", ALICE)
    for_anton = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, for_alice, "Which version is it?", headers={"Bcc": "canary-agents-bcc@secret.example"})
    reply = desk.the("reply", CAROL)
    desk.replies(ALICE, for_alice, "#note\nCANARYNOTE nobody may see this")
    desk.replies(ANTON, for_anton, "#severity high\nPlease send the log.\n-- \nanton@example.com, CANARYDESK 7")
    desk.replies(CAROL, reply, "Version 4.1.")
    answer = asks(desk, CAROL, "copy EX-10001")
    shown = answer.text + answer.html + answer.raw.decode()
    kept_out = ("canary-bcc", "canary-agents-bcc", "CANARYNOTE", "CANARYDESK", "anton@", "alice@", "#severity", "#note")
    assert not [word for word in kept_out if word in shown]
    for letter in (for_alice, for_anton, reply):
        token = letter.reply_to.partition("@")[0].rpartition("-")[2]
        assert token not in shown
    assert "Please send the log." in answer.text


def test_what_an_agent_wrote_stays_his_words_alone_when_he_has_left(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take\nWhich version is it?\n-- \nCANARYDESK")
    desk.ask(lambda store: store.execute("DELETE FROM agent WHERE name = 'Alice Agent'"))
    text = asks(desk, CAROL, "copy EX-10001").text
    assert "Which version is it?" in text
    assert not [word for word in ("#take", "CANARYDESK", "alice@") if word in text]


def test_who_was_let_in_later_gets_no_past_text_by_asking_for_a_copy(desk: World) -> None:
    letter = answered(desk, "PASTANSWER")
    desk.time_passes(hours=1)
    desk.replies(CAROL, letter, "Dave can tell more.", cc=DAVE)
    desk.time_passes(hours=1)
    desk.replies(BOB, letter, "It is version 4.1.")
    text = asks(desk, DAVE, "copy EX-10001").text
    assert "version 4.1" in text
    assert "PASTANSWER" not in text
    assert "stops at page 3" not in text


def test_a_copy_that_is_too_large_leaves_older_messages_out_and_says_so(desk: World) -> None:
    letter = answered(desk, "OLDEST " + "a " * 9000)
    for number in range(6):
        desk.replies(CAROL, letter, f"NUMBER{number} " + "b " * 9000)
    text = asks(desk, CAROL, "copy EX-10001").text
    assert "NUMBER5" in text
    assert "OLDEST" not in text
    assert "left out" in text
    assert len(text) < 150_000


def test_a_copy_obeys_the_size_of_letters(world: Callable[..., World]) -> None:
    desk = world('[limits]\nletter_size = "64KB"\n')
    answered(desk, "\u00fc" * 15_000)
    answer = asks(desk, CAROL, "copy EX-10001")
    assert len(answer.raw) < 64 * 1024


# what somebody may not see


def test_a_foreign_reference_is_answered_like_a_wrong_one(desk: World) -> None:
    asked(desk)
    for act in ("status", "copy", "escalate", "solved", "close", "stop copies"):
        foreign = asks(desk, GIL, f"{act} EX-10001", message_id="<same@globex.example>")
        desk.time_passes(hours=2)
        wrong = asks(desk, GIL, f"{act} EX-77777", message_id="<same@globex.example>")
        desk.time_passes(hours=2)
        assert alike(foreign, "EX-10001") == alike(wrong, "EX-77777")
    assert desk.ticket()["status"] == "new"
    assert [event["event"] for event in desk.ticket()["events"]] == ["opened"]


def test_a_foreign_reference_in_a_subject_is_answered_like_a_wrong_one(desk: World) -> None:
    asked(desk)
    foreign = desk.receives(mail(GIL, subject="Re: [EX-10001] x", text="status"))
    first = desk.the("answer", "gil@globex.example")
    wrong = desk.receives(mail(GIL, subject="Re: [EX-77777] x", text="status"))
    second = desk.the("answer", "gil@globex.example")
    assert (foreign.outcome, foreign.reason, foreign.ticket) == (wrong.outcome, wrong.reason, wrong.ticket)
    assert first.text == second.text
    assert first.subject == second.subject


def test_two_hundred_guessed_references_are_answered_alike(world: Callable[..., World]) -> None:
    desk = world('[limits]\nacks_per_contact = "500/h"\n')
    asked(desk)
    answers = set()
    for number in range(9_950, 10_150):
        letter = asks(desk, GIL, f"status EX-{number}", message_id="<same@globex.example>")
        answers.add(alike(letter, f"EX-{number}"))
    assert len(answers) == 1


def test_a_stranger_who_asks_hears_what_any_stranger_hears(desk: World) -> None:
    asked(desk)
    request = desk.receives(mail(STRANGER, subject="x", text="status EX-10001", message_id="<a@elsewhere.example>"))
    heard = desk.the("redirect", "sam@elsewhere.example")
    other = "Tom Tall <tom@elsewhere.example>"
    plain = desk.receives(mail(other, subject="x", text="Where is my parcel?", message_id="<a@elsewhere.example>"))
    told = desk.the("redirect", "tom@elsewhere.example")
    assert (request.outcome, request.reason) == (plain.outcome, plain.reason)
    assert heard.text == told.text
    assert heard.subject == told.subject
    assert "EX-10001" not in heard.raw.decode()


def test_an_unproved_agents_request_is_none(desk: World) -> None:
    asked(desk)
    assert desk.receives(mail(ALICE, text="close EX-10001")).outcome == "held"
    assert desk.ticket()["status"] == "new"


def test_a_robots_request_is_none(desk: World) -> None:
    asked(desk)
    robot = mail(CAROL, text="close EX-10001", headers={"Auto-Submitted": "auto-generated"})
    assert desk.receives(robot).outcome == "robot"
    assert desk.receives(mail(CAROL, text="close EX-10001"), sender="").outcome == "robot"
    assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


@pytest.mark.parametrize(
    "text", ["Hello,\n\n> close EX-10001\n\nwhat is that?", "Hello,\nit still fails.\n-- \nclose EX-10001"]
)
def test_a_request_in_a_quotation_or_below_a_signature_is_none(desk: World, text: str) -> None:
    asked(desk)
    assert desk.receives(mail(CAROL, subject="Again", text=text)).outcome == "ticket"
    assert desk.ticket()["status"] == "new"


def test_a_contact_whose_plan_has_ended_sees_his_own_tickets_alone(desk: World) -> None:
    asked(desk, subject="Of Carol")
    asked(desk, BOB, subject="Von Bob")
    desk.ask(lambda store: store.execute("UPDATE organisation SET active = ? WHERE name = 'Acme'", (False,)))
    text = asks(desk, CAROL, "status").text
    assert "Of Carol" in text
    assert "Von Bob" not in text
    other = asks(desk, CAROL, "status EX-10002").text
    assert "Von Bob" not in other


def test_a_contact_whose_plan_has_ended_and_who_takes_part_in_nothing_is_a_stranger(desk: World) -> None:
    asked(desk)
    desk.ask(lambda store: store.execute("UPDATE organisation SET active = ? WHERE name = 'Acme'", (False,)))
    assert desk.receives(mail(BOB, text="status")).outcome == "held"
    assert desk.sent("answer") == []


def test_a_forged_request_is_answered_to_the_contact_himself_and_not_often(desk: World) -> None:
    asked(desk)
    reached = set()
    for number in range(12):
        forged = mail(CAROL, text="copy EX-10001", headers={"Reply-To": "thief@evil.example"}, subject=f"n{number}")
        assert desk.receives(forged, sender="thief@evil.example").outcome == "request"
        reached |= {(letter.recipient, number) for letter in desk.sent("answer")}
    assert {recipient for recipient, _ in reached} == {"carol@acme.example"}
    assert len(reached) == 5
    assert "acks_per_contact" in desk.rows()[-1]["reason"]


# escalate


def test_escalate_tells_the_managers_all_and_the_requester_that_it_is_done(desk: World) -> None:
    answered(desk)
    receipt = desk.receives(mail(CAROL, subject="Now", text="escalate EX-10001 our report is due today"))
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    told = desk.the("escalation")
    assert told.recipient == "mona@example.com"
    assert "our report is due today" in told.text
    for word in (
        "Carol Jones",
        "carol@acme.example",
        "Acme",
        "Standard",
        "Alice Agent",
        "Which version is it?",
        "opened",
    ):
        assert word in told.text
    assert "EX-10001" in desk.the("escalated", CAROL).text
    assert desk.ticket()["level"] == 2
    assert [event["by"] for event in desk.ticket()["events"] if event["event"] == "escalated"] == ["carol@acme.example"]


def test_the_reason_may_stand_below_and_the_owner_reads_it(desk: World) -> None:
    letter = answered(desk)
    desk.replies(CAROL, letter, "eskalieren\n\nEs eilt sehr, bitte.")
    assert "Es eilt sehr, bitte." in desk.the("escalation").text
    assert "Es eilt sehr, bitte." in desk.the("agent_update", ALICE).text
    assert "Es eilt sehr, bitte." in desk.ticket()["messages"][-2]["text"]


def test_the_reason_is_repeated_to_customers_only_where_its_writer_is_vouched_for(desk: World) -> None:
    asked(desk)
    desk.receives(mail(CAROL, text="escalate EX-10001 CANARYREASON"))
    assert "CANARYREASON" not in desk.the("escalated", CAROL).raw.decode()
    assert "CANARYREASON" in desk.the("escalation", MONA).text


def test_the_account_manager_is_told(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('plan = "standard"', 'plan = "standard"\naccount_manager = "amy@example.com"', 1)
    desk = world(people=people)
    asked(desk)
    desk.receives(mail(CAROL, text="escalate EX-10001 it is urgent"))
    assert {letter.recipient for letter in desk.sent("escalated")} == {"carol@acme.example", "amy@example.com"}
    assert "it is urgent" not in desk.the("escalated", "amy@example.com").text  # nobody vouches for its writer


def test_the_account_manager_is_not_asked_to_reply_where_nobody_could_take_it(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('plan = "standard"', 'plan = "standard"\naccount_manager = "amy@example.com"', 1)
    desk = world(people=people)
    asked(desk)
    desk.receives(mail(CAROL, text="escalate EX-10001"))
    for words in (desk.the("escalated", "amy@example.com").text, desk.the("escalated", "amy@example.com").html):
        assert "just reply" not in words
    assert "just reply" in desk.the("escalated", CAROL).text


def test_a_ticket_is_escalated_once_a_day(desk: World) -> None:
    asked(desk)
    desk.receives(mail(CAROL, text="escalate EX-10001 first"))
    desk.time_passes(hours=3)
    desk.receives(mail(BOB, text="escalate EX-10001 second"))
    assert desk.sent("escalation", "escalated") == []
    assert "second" in desk.the("agent_update", MONA).text
    answer = desk.the("answer", BOB)
    for words in (answer.text, answer.html):
        assert "Sie ist vor weniger als einem Tag schon eskaliert worden" in " ".join(words.split())
        assert "eskalieren" not in words.lower()  # not offered again
    desk.time_passes(hours=22)
    desk.receives(mail(CAROL, text="escalate EX-10001 third"))
    assert desk.the("escalation", MONA)


def test_without_managers_the_queues_agents_hear_of_an_escalation(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.replace('role = "manager"\n', ""))
    asked(desk)
    desk.receives(mail(CAROL, text="escalate EX-10001 it is urgent"))
    readers = {letter.recipient for letter in desk.sent("escalation")}
    assert readers == {"alice@example.com", "anton@example.com", "mona@example.com"}
    assert desk.sent("agent_update") == []


# solved and close


def test_solved_by_the_customer_solves_the_ticket_and_the_owner_hears_of_it(desk: World) -> None:
    receipt = desk.replies(CAROL, answered(desk), "Gelöst.")
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    assert desk.ticket()["status"] == "solved"
    assert "solved" in desk.the("answer", CAROL).text
    assert desk.the("agent_update", ALICE)


def test_words_below_solved_are_kept_and_told(desk: World) -> None:
    desk.replies(CAROL, answered(desk), "solved\n\nIt was the font in the third page.")
    assert desk.ticket()["status"] == "solved"
    assert "the font in the third page" in desk.the("agent_update", ALICE).text
    assert any("the font in the third page" in each["text"] for each in desk.ticket()["messages"])


def test_words_below_a_question_for_the_status_go_into_the_ticket_and_open_it_again(desk: World) -> None:
    letter = answered(desk, "#solved\nVersion 4.2 mends it.")
    receipt = desk.replies(CAROL, letter, "status\n\nIt still fails on page 4.")
    assert receipt.outcome == "request"
    assert desk.ticket()["status"] == "open"
    assert "It still fails on page 4." in desk.the("agent_update", ALICE).text


def test_words_below_a_request_about_no_ticket_open_one(desk: World) -> None:
    for reference in ("", " EX-77777"):
        receipt = desk.receives(mail(CAROL, text=f"status{reference}\n\nNobody can print since this morning."))
        assert receipt.outcome == "ticket"
        assert "Nobody can print" in desk.the("agent_ticket", ALICE).text


def test_a_file_that_comes_with_a_request_about_no_ticket_opens_one(desk: World) -> None:
    receipt = desk.receives(mail(CAROL, text="status", attachments=[("log.txt", b"x", "text/plain")]))
    assert receipt.outcome == "ticket"
    assert desk.the("agent_ticket", ALICE).attachments == {"log.txt": b"x"}


def test_close_by_the_requester_closes_and_the_survey_follows(desk: World) -> None:
    receipt = desk.replies(CAROL, answered(desk), "close")
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    assert desk.ticket()["status"] == "closed"
    assert "as you asked" in desk.the("closed", CAROL).text
    assert desk.sent("answer") == []
    desk.time_passes(minutes=1)
    assert desk.the("survey", CAROL)


def test_close_by_a_colleague_is_told_to_the_requester(desk: World) -> None:
    answered(desk)
    receipt = desk.receives(mail(BOB, text="schließen EX-10001"))
    assert receipt.outcome == "request"
    assert desk.ticket()["status"] == "closed"
    assert "asked for that" in desk.the("closed", CAROL).text
    assert desk.the("answer", BOB)


def test_what_is_closed_already_is_said_to_be_so_and_nothing_else_happens(desk: World) -> None:
    letter = answered(desk, "#closed\nDone.")
    desk.time_passes(hours=1)
    for word in ("close", "solved", "escalate"):
        assert desk.replies(CAROL, letter, word).outcome == "request"
        assert [each.name for each in desk.sent()] == ["answer"]
        assert "closed" in desk.the("answer", CAROL).text
    assert desk.ticket()["status"] == "closed"


# no more copies


def test_stop_copies_ends_the_copies(desk: World) -> None:
    asked(desk, cc=BOB)
    for_alice = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, for_alice, "Which version is it?")
    receipt = desk.replies(BOB, desk.the("reply", BOB), "stop copies")
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    assert "keine Kopien" in desk.the("answer", BOB).text
    assert desk.ticket()["participants"] == []
    desk.replies(ALICE, for_alice, "Still there?")
    assert [letter.recipient for letter in desk.sent("reply")] == ["carol@acme.example"]


def test_the_requester_cannot_leave(desk: World) -> None:
    desk.replies(CAROL, answered(desk, cc=BOB), "stop copies")
    assert "your own request" in desk.the("answer", CAROL).text
    assert desk.ticket()["requester"] == "carol@acme.example"
    assert desk.ticket()["participants"] == ["bob@acme.example"]


def test_words_below_stop_copies_are_not_lost(desk: World) -> None:
    asked(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(BOB, desk.the("reply", BOB), "Keine Kopien\n\nCarol macht das allein weiter.")
    assert "Carol macht das allein weiter." in desk.the("agent_update", ALICE).text
    assert desk.ticket()["participants"] == []


# links


@pytest.mark.parametrize("keyed", [True, False], ids=["subaddresses", "plain"])
@pytest.mark.parametrize("reader", [CAROL, BOB], ids=["English", "German"])
def test_the_links_in_letters_are_requests(world: Callable[..., World], reader: str, keyed: bool) -> None:
    desk = world(default="true" if keyed else "true\nsubaddress = false")
    other = BOB if reader == CAROL else CAROL
    acts = {"status": "answer", "escalate": "escalated", "stop copies": "answer", "solved": "answer"}
    for number, (act, answer) in enumerate(acts.items()):
        asked(desk, other, cc=reader)
        for_alice = desk.the("agent_ticket", ALICE)
        desk.replies(ALICE, for_alice, "Which version is it?", to=for_alice.reply_to if keyed else SUPPORT)
        letter = desk.the("reply", parseaddr(reader)[1])
        [tapped] = [link for link in links(letter) if link[2].strip().startswith(act)]
        receipt = desk.receives(mail(reader, to=tapped[0], subject=tapped[1], text=tapped[2]))
        assert (receipt.outcome, receipt.ticket) == ("request", f"EX-1000{number + 1}")
        assert desk.the(answer, parseaddr(reader)[1])


# merged tickets


def test_a_merged_reference_tells_of_the_survivor(desk: World) -> None:
    asked(desk, subject="The first")
    asked(desk, subject="The second")
    desk.ask(
        lambda store: store.execute("UPDATE ticket SET merged = 'EX-10001', status = 'closed' WHERE number = 10002")
    )
    text = asks(desk, CAROL, "status EX-10002").text
    assert "EX-10001" in text
    assert "The first" in text


def alike(letter: Sent, reference: str) -> bytes:
    """The letter without what differs by right: the reference asked for, dates, ids of its own."""
    lines = letter.raw.replace(reference.encode(), b"REF").split(b"\n")
    own = (b"Date:", b"Message-ID:", b"References:", b"Reply-To:", b"Content-Type: multipart", b"--")
    return b"\n".join(line for line in lines if not line.startswith((*own, b" ")))


def test_who_taps_one_link_after_the_other_gets_every_answer(desk: World) -> None:
    desk.receives(mail(CAROL))
    for _ in range(5):
        desk.receives(mail(CAROL, text="status", subject="Re: how does it stand"))
        assert desk.the("answer", CAROL)
    desk.receives(mail(CAROL, subject="Another matter"))
    assert desk.the("acknowledgement", CAROL)
