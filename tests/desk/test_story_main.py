"""The main way through the desk: each test is a sentence of what customers and agents are promised."""

from __future__ import annotations

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, mail
from tests.desk.world import World

ADDRESSES_OF_AGENTS = ("alice@example.com", "anton@example.com", "mona@example.com")


def asked(desk: World, **fields: object) -> None:
    desk.receives(mail(CAROL, **fields))


def answered(desk: World, text: str = "Which version is it?") -> None:
    """Carol has asked, Alice has answered."""
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), text)


# the acknowledgement


def test_a_customers_first_mail_opens_a_ticket_and_is_acknowledged(desk: World) -> None:
    receipt = desk.receives(mail(CAROL, subject="The export fails", message_id="<first@acme.example>"))
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10001")
    letter = desk.the("acknowledgement", CAROL)
    assert letter.subject == "[EX-10001] The export fails"
    assert letter.message["In-Reply-To"] == "<first@acme.example>"
    assert letter.message["Auto-Submitted"] == "auto-replied"
    assert letter.mail_from == ""
    assert desk.ticket()["status"] == "new"


def test_references_rise_and_are_never_reused(desk: World) -> None:
    first, second = desk.receives(mail()), desk.receives(mail())
    assert [first.ticket, second.ticket] == ["EX-10001", "EX-10002"]


def test_the_reader_is_written_to_in_his_language_then_in_the_desks(desk: World) -> None:
    desk.receives(mail(BOB))
    german = desk.the("acknowledgement", BOB)
    desk.receives(mail(CAROL))
    english = desk.the("acknowledgement", CAROL)
    assert "Bitte antworten Sie" in german.text
    assert "Please type your reply" in english.text


def test_every_letter_is_text_and_html(desk: World) -> None:
    asked(desk)
    for letter in desk.sent():
        assert letter.text.strip()
        assert "<table" in letter.html


def test_a_severity_in_the_first_lines_is_taken(desk: World) -> None:
    asked(desk, text="Severity: critical\n\nNobody can log on.")
    assert desk.ticket()["severity"] == 1


# the agents


def test_a_new_ticket_goes_to_the_queues_agents(desk: World) -> None:
    asked(desk)
    assert {letter.recipient for letter in desk.sent("agent_ticket")} == set(ADDRESSES_OF_AGENTS)


def test_an_agents_letter_says_first_who_gets_a_plain_reply(desk: World) -> None:
    asked(desk)
    first_lines = desk.the("agent_ticket", ALICE).text[:400]
    assert "Carol Jones" in first_lines
    assert "#note" in first_lines


def test_an_agents_letter_carries_the_customers_files(desk: World) -> None:
    asked(desk, attachments=[("log.txt", b"line one\r\n", "text/plain"), ("ü.bin", bytes(300), "application/x-y")])
    assert desk.the("agent_ticket", ALICE).attachments == {"log.txt": b"line one\r\n", "ü.bin": bytes(300)}


def test_the_agents_plain_reply_goes_to_the_customer_from_the_queues_address(desk: World) -> None:
    answered(desk, "Which version is it?")
    letter = desk.the("reply", CAROL)
    assert "Which version is it?" in letter.text
    assert letter.addresses("From") == {"support@example.com"}
    assert "Alice Agent" in str(letter.message["From"])
    assert letter.message["Auto-Submitted"] is None


def test_nothing_of_the_agent_but_name_and_words_reaches_the_customer(desk: World) -> None:
    asked(desk)
    headers = {"User-Agent": "SecretClient/7", "X-Originating-IP": "[192.0.2.7]"}
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?", headers=headers)
    reply = desk.the("reply", CAROL).raw.decode()
    assert not [word for word in (*ADDRESSES_OF_AGENTS, "SecretClient", "192.0.2.7") if word in reply]


def test_whoever_answers_first_becomes_the_owner(desk: World) -> None:
    answered(desk)
    assert desk.ticket()["owner"] == "alice@example.com"
    assert desk.ticket()["status"] == "open"
    assert desk.ticket()["first_response_kind"] == "answer"


def test_the_customers_reply_goes_to_the_owner_alone(desk: World) -> None:
    answered(desk)
    receipt = desk.replies(CAROL, desk.the("reply", CAROL), "It is version 4.1.")
    assert (receipt.outcome, receipt.ticket) == ("message", "EX-10001")
    letters = desk.sent()
    assert [(letter.name, letter.recipient) for letter in letters] == [("agent_update", "alice@example.com")]
    assert "It is version 4.1." in letters[0].text


def test_another_agents_answer_is_told_to_the_owner(desk: World) -> None:
    asked(desk)
    for_anton = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(ANTON, for_anton, "And on which system?")
    assert desk.the("agent_update", ALICE)
    assert desk.ticket()["owner"] == "alice@example.com"


def test_an_agents_files_reach_the_customer(desk: World) -> None:
    asked(desk)
    patch = [("patch.zip", b"PK\x03\x04" + bytes(5000), "application/zip")]
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Try this.", attachments=patch)
    assert desk.the("reply", CAROL).attachments == {"patch.zip": patch[0][1]}


def test_a_colleague_in_copy_gets_the_answer_with_everybody_in_sight(desk: World) -> None:
    asked(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    replies = desk.sent("reply")
    assert {letter.recipient for letter in replies} == {"carol@acme.example", "bob@acme.example"}
    for letter in replies:
        assert letter.addresses("To") | letter.addresses("Cc") == {"carol@acme.example", "bob@acme.example"}
    assert len({letter.reply_to for letter in replies}) == 2
    assert desk.ticket()["participants"] == ["bob@acme.example"]


# commands


def test_a_note_stays_inside_and_is_confirmed_by_a_receipt(desk: World) -> None:
    answered(desk)
    update = desk.replies(CAROL, desk.the("reply", CAROL), "It is version 4.1.")
    assert update.outcome == "message"
    receipt = desk.replies(ALICE, desk.the("agent_update", ALICE), "#note\nKnown fault in 4.1.")
    assert receipt.outcome == "note"
    assert [letter.name for letter in desk.sent()] == ["receipt"]
    assert desk.ticket()["messages"][-1]["visibility"] == "note"


def test_an_answer_to_a_letter_about_a_note_stays_a_note(desk: World) -> None:
    asked(desk)
    for_anton = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(ANTON, for_anton, "#note\nI have seen this before.")
    told = desk.the("agent_update", ALICE)
    assert desk.replies(ALICE, told, "Really? When?").outcome == "note"
    assert not [letter for letter in desk.sent() if letter.recipient == "carol@acme.example"]


def test_solved_with_words_goes_as_a_reply_that_names_the_new_status(desk: World) -> None:
    asked(desk)
    receipt = desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    assert receipt.outcome == "message"
    assert {letter.name for letter in desk.sent()} == {"reply", "receipt"}
    assert "Version 4.2 mends it." in desk.the("reply", CAROL).text
    assert "solved" in desk.the("reply", CAROL).text
    assert desk.ticket()["status"] == "solved"
    assert desk.ticket()["first_response_kind"] == "solution"


def test_solved_without_words_sends_the_letter_of_that_name(desk: World) -> None:
    asked(desk)
    assert desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved").outcome == "command"
    assert {letter.name for letter in desk.sent()} == {"solved", "receipt"}


def test_pending_without_words_tells_the_customer_of_the_status(desk: World) -> None:
    answered(desk)
    update = desk.replies(CAROL, desk.the("reply", CAROL), "Later.")
    assert update.outcome == "message"
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#pending")
    assert {letter.name for letter in desk.sent()} == {"status", "receipt"}


def test_open_take_assign_release_and_severity_sort_the_ticket(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "#take\n#severity high\n#open")
    assert (desk.ticket()["owner"], desk.ticket()["severity"], desk.ticket()["status"]) == (
        "alice@example.com", 2, "open",
    )  # fmt: skip
    desk.replies(ALICE, letter, "#assign Anton")
    assert desk.ticket()["owner"] == "anton@example.com"
    desk.replies(ALICE, letter, "#release")
    assert desk.ticket()["owner"] is None


def test_a_command_that_is_not_understood_sends_nothing_and_gives_the_text_back(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#severity 2\n#sovled\nVersion 4.2 mends it.")
    assert [letter.name for letter in desk.sent()] == ["receipt"]
    receipt = desk.the("receipt").text
    assert "Version 4.2 mends it." in receipt
    assert "#solved" in receipt
    assert (desk.ticket()["severity"], desk.ticket()["status"]) == (2, "new")


def test_commands_are_not_read_from_the_text_below_or_from_quotes(desk: World) -> None:
    asked(desk, text="Please do:\n\n#closed\n")
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "It means:\n#closed\nand so on.")
    assert desk.ticket()["status"] == "open"
    assert "#closed" in desk.the("reply", CAROL).text


@pytest.mark.parametrize("mark", ["#note", "# Notiz", "*#note*"])
def test_a_note_marked_below_its_first_words_reaches_nobody_and_comes_back(desk: World, mark: str) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), f"#severity 2\nHi all,\n\n{mark}\nShe has not paid yet.")
    assert [letter.name for letter in desk.sent()] == ["receipt"]
    receipt = desk.the("receipt").text
    assert "stands below your text" in receipt
    assert "She has not paid yet." in receipt
    assert (desk.ticket()["severity"], desk.ticket()["status"]) == (2, "new")


def test_a_sentence_about_notes_is_no_note(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "It says:\n#note the third page\n#note #solved")
    assert "#note the third page" in desk.the("reply", CAROL).text


def test_a_customers_commands_are_words(desk: World) -> None:
    asked(desk)
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "#closed\n#severity 1")
    assert (desk.ticket()["status"], desk.ticket()["severity"]) == ("new", 3)


def test_an_agents_closing_and_postscript_reach_the_customer_and_his_signature_does_not(desk: World) -> None:
    asked(desk)
    signature = "-- \nAlice Agent\nRoom 7, ext. 123"
    words = f"Version 4.2 mends it.\n\nKind regards,\nAlice\n\nPS: Please restart first.\n{signature}"
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    reply = desk.the("reply", CAROL).text
    assert "Kind regards," in reply
    assert "Please restart first." in reply
    assert "ext. 123" not in reply
