"""The contract's sentences about letters: their headers, envelopes, readers, and what agents and customers are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import parseaddr

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, DIRECTORY, MONA, STRANGER, SUPPORT, mail
from tests.desk.test_story_gate import returned
from tests.desk.world import Sent, World

TOKEN = "[a-z2-7]{27,39}"


def asked(desk: World, **fields: object) -> None:
    desk.receives(mail(CAROL, **fields))


def answered(desk: World, words: str = "Which version is it?") -> Sent:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    return desk.the("reply", CAROL)


# every letter


def test_a_letter_has_our_from_a_keyed_reply_to_and_keyed_ids(desk: World) -> None:
    asked(desk, message_id="<first@acme.example>")
    letter = desk.the("acknowledgement", CAROL)
    assert parseaddr(str(letter.message["From"])) == ("Technical Support", SUPPORT)
    assert re.fullmatch(rf"support\+EX-10001-{TOKEN}@example\.com", letter.reply_to)
    assert "[EX-10001]" in letter.subject
    assert re.fullmatch(rf"<EX-10001\.{TOKEN}@example\.com>", letter.message_id)
    assert letter.message["In-Reply-To"] == "<first@acme.example>"
    assert re.fullmatch(
        rf"<EX-10001\.{TOKEN}\.t@example\.com> <first@acme\.example>", str(letter.message["References"])
    )
    assert letter.message["Auto-Submitted"] == "auto-replied"
    assert letter.mail_from == ""
    assert letter.message["X-Maildesk-Letter"] == "acknowledgement"
    assert letter.message["X-Maildesk-Ticket"] == "EX-10001"
    assert letter.text
    assert letter.html


def test_an_agents_words_bear_his_name_and_a_keyed_envelope_sender_and_no_mark_of_a_robot(desk: World) -> None:
    letter = answered(desk)
    name, address = parseaddr(str(letter.message["From"]))
    assert name.startswith("Alice Agent")
    assert address == SUPPORT
    assert letter.message["Auto-Submitted"] is None
    assert letter.mail_from == letter.reply_to
    assert letter.message["In-Reply-To"]


def test_letters_that_time_writes_are_auto_generated(desk: World) -> None:
    answered(desk, "#solved\nDone.")
    desk.time_passes(days=2)
    assert {letter.message["Auto-Submitted"] for letter in desk.sent()} == {"auto-generated"}
    assert {letter.mail_from for letter in desk.sent()} == {""}


def test_an_answer_to_a_mail_without_a_message_id_is_auto_replied_all_the_same(desk: World) -> None:
    content = re.sub(rb"Message-ID: [^\r]*\r\n", b"", mail(CAROL))
    desk.receives(content)
    assert desk.the("acknowledgement", CAROL).message["Auto-Submitted"] == "auto-replied"


def test_from_is_the_address_that_the_requester_wrote_to(desk: World) -> None:
    asked(desk, to="help@example.com")
    letter = desk.the("acknowledgement", CAROL)
    assert parseaddr(str(letter.message["From"]))[1] == "help@example.com"
    assert letter.reply_to.startswith("help+EX-10001-")
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    assert parseaddr(str(desk.the("reply", CAROL).message["From"]))[1] == "help@example.com"


def test_every_reader_has_a_key_of_his_own_and_sees_nobody_elses(desk: World) -> None:
    asked(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    letters = desk.sent("reply")
    keys = {letter.recipient: re.search(rf"-({TOKEN})@", letter.reply_to)[1] for letter in letters}
    assert len(set(keys.values())) == 2
    for letter in letters:
        for recipient, key in keys.items():
            assert (key.encode() in letter.raw) == (recipient == letter.recipient)


def test_x_maildesk_fields_of_an_arriving_mail_mean_nothing(desk: World) -> None:
    asked(desk)
    headers = {"X-Maildesk-Ticket": "EX-10001", "X-Maildesk-Letter": "reply"}
    assert desk.receives(mail(CAROL, subject="Another", headers=headers)).ticket == "EX-10002"
    letter = desk.the("acknowledgement", CAROL)
    assert letter.message.get_all("X-Maildesk-Ticket") == ["EX-10002"]


def test_letters_about_no_ticket_carry_neither_reference_nor_ticket_field(desk: World) -> None:
    desk.receives(mail(STRANGER))
    letter = desk.the("redirect")
    assert letter.message["X-Maildesk-Ticket"] is None
    assert "EX-" not in letter.subject
    assert letter.message["Reply-To"] is None


def test_a_confirm_letter_is_keyed_to_the_held_mail_and_its_reader(desk: World) -> None:
    asked(desk)
    receipt = desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed"))
    letter = desk.the("confirm", ALICE)
    assert re.fullmatch(rf"support\+held-{receipt.id}-{TOKEN}@example\.com", letter.reply_to)
    assert letter.message["X-Maildesk-Ticket"] is None


def test_answers_carry_the_message_id_they_answer(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take", message_id="<a1@laptop.example>")
    assert desk.the("receipt").message["In-Reply-To"] == "<a1@laptop.example>"


def test_the_sender_of_the_relay_replaces_every_envelope_sender(world: Callable[..., World]) -> None:
    desk = world("", tls='"none"\nsender = "bounces@example.com"')
    answered(desk)
    assert {letter.mail_from for letter in desk.sent()} == {"bounces@example.com"}


def test_without_the_null_sender_automatic_letters_leave_from_the_queue(world: Callable[..., World]) -> None:
    desk = world("", tls='"none"\nnull_sender = false')
    asked(desk)
    assert desk.the("acknowledgement").mail_from == SUPPORT


# subaddress = false

PLAIN = '[queue.plain]\ntitle = "Plain"\naddress = "plain@example.com"\nsubaddress = false\n'


def test_without_subaddresses_headers_and_subject_find_the_ticket(world: Callable[..., World]) -> None:
    desk = world(PLAIN, queues='["plain"]')
    asked(desk, to="plain@example.com")
    letter = desk.the("acknowledgement", CAROL)
    assert "+" not in letter.reply_to
    assert desk.replies(CAROL, letter, "More.", to="plain@example.com").ticket == "EX-10001"
    assert desk.receives(mail(CAROL, to="plain@example.com", subject="Re: [EX-10001] x")).ticket == "EX-10001"


def test_without_subaddresses_an_agent_is_proved_by_the_message_id_he_answers(world: Callable[..., World]) -> None:
    desk = world(PLAIN, queues='["plain"]')
    asked(desk, to="plain@example.com")
    told = desk.the("agent_ticket", MONA)
    assert desk.replies(MONA, told, "#take", to="plain@example.com").outcome == "command"


def test_without_subaddresses_a_link_carries_its_key_in_the_subject(world: Callable[..., World]) -> None:
    desk = world(PLAIN, queues='["plain"]')
    asked(desk, to="plain@example.com")
    desk.replies(MONA, desk.the("agent_ticket", MONA), "#solved", to="plain@example.com")
    desk.time_passes(days=1)
    html = desk.the("closing_soon", CAROL).html
    assert re.search(rf"mailto:plain@example\.com\?subject=[^\"&]*%28{TOKEN}%29&", html)


# agents are told


def test_agent_ticket_goes_to_the_agents_of_the_queue_at_the_tickets_level(world: Callable[..., World]) -> None:
    second = '\n[[agent]]\nname = "Lena Second"\naddresses = ["lena@example.com"]\nlevel = 2\nqueues = ["technical"]\n'
    desk = world(people=DIRECTORY + second)
    asked(desk)
    assert {each.recipient for each in desk.sent("agent_ticket")} == {
        "alice@example.com", "anton@example.com", "mona@example.com",
    }  # fmt: skip


def test_a_rule_sets_queue_category_severity_and_level(world: Callable[..., World]) -> None:
    second = '\n[[agent]]\nname = "Lena Second"\naddresses = ["lena@example.com"]\nlevel = 2\nqueues = ["money"]\n'
    rule = (
        '[queue.money]\naddress = "money@example.com"\ncategories = ["billing"]\n'
        '[[rule]]\nwhen = { subject = "(?i)invoice" }\n'
        'then = { queue = "money", category = "billing", severity = 2, level = 2 }\n'
    )
    desk = world(rule, people=DIRECTORY + second)
    asked(desk, subject="Invoice 17")
    ticket = desk.ticket()
    assert (ticket["queue"], ticket["category"], ticket["severity"], ticket["level"]) == ("money", "billing", 2, 2)
    assert {each.recipient for each in desk.sent("agent_ticket")} == {"lena@example.com"}
    assert parseaddr(str(desk.the("acknowledgement").message["From"]))[1] == SUPPORT


def test_with_no_agent_of_the_queue_its_managers_are_told(world: Callable[..., World]) -> None:
    lonely = '[queue.lonely]\ntitle = "Lonely"\naddress = "lonely@example.com"\n'
    desk = world(lonely, queues='["lonely"]')
    asked(desk, to="lonely@example.com")
    assert [each.recipient for each in desk.sent("agent_ticket")] == ["mona@example.com"]


def test_with_nobody_at_all_the_postmaster_gets_an_alarm(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.partition("[[agent]]")[0])
    asked(desk)
    assert desk.the("alarm").recipient == "ops@example.com"
    assert "EX-10001" in desk.the("alarm").text
    assert desk.the("acknowledgement", CAROL)


def test_agents_letters_begin_with_who_gets_a_plain_reply_and_name_note(desk: World) -> None:
    asked(desk)
    first = "\n".join(desk.the("agent_ticket", ALICE).text.splitlines()[:8])
    assert "Carol" in first
    assert "#note" in first
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(CAROL, desk.the("reply", CAROL), "4.1")
    first = "\n".join(desk.the("agent_update", ALICE).text.splitlines()[:8])
    assert "Carol" in first
    assert "#note" in first


def test_agents_letters_name_every_attachment_and_carry_those_that_fit(world: Callable[..., World]) -> None:
    desk = world('[limits]\nletter_size = "20KB"\n')
    files = [("small.txt", b"x" * 500, "text/plain"), ("large.bin", b"y" * 30_000, "application/octet-stream")]
    asked(desk, attachments=files)
    letter = desk.the("agent_ticket", ALICE)
    assert "small.txt" in letter.text
    assert "large.bin" in letter.text
    assert set(letter.attachments) == {"small.txt"}


def test_nobody_gets_an_update_for_his_own_mail(desk: World) -> None:
    answered(desk)
    assert desk.sent("agent_update") == []


def test_another_agents_note_is_told_to_the_owner_with_the_note_kept_from_customers(desk: World) -> None:
    asked(desk)
    for_anton = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take")
    desk.replies(ANTON, for_anton, "#note\nSeen before.")
    assert {(each.name, each.recipient) for each in desk.sent()} == {
        ("agent_update", "alice@example.com"), ("receipt", "anton@example.com"),
    }  # fmt: skip


def test_without_an_owner_an_update_goes_to_the_queues_agents(desk: World) -> None:
    asked(desk)
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "One more thing.")
    assert len(desk.sent("agent_update")) == 3


def test_an_agents_mail_with_the_requester_beside_the_key_is_recorded_and_not_sent_again(desk: World) -> None:
    asked(desk, cc=BOB)
    told = desk.the("agent_ticket", ALICE)
    receipt = desk.replies(ALICE, told, "Which version is it?", cc=CAROL)
    assert receipt.outcome == "message"
    assert [each.recipient for each in desk.sent("reply")] == ["bob@acme.example"]
    ticket = desk.ticket()
    assert (ticket["messages"][-2]["direction"], ticket["messages"][-2]["visibility"]) == ("in", "public")
    assert ticket["first_answered"]
    assert ticket["status"] == "open"


def test_an_agents_plain_mail_that_names_no_ticket_opens_nothing_for_a_customer(desk: World) -> None:
    told = f"{SUPPORT}"
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take")
    before = len(desk.rows())
    receipt = desk.receives(mail(ALICE, to=told, subject="Hello", text="Just words."))
    assert receipt.outcome == "held"  # unproved
    assert len(desk.rows()) == before + 1
    assert {each.audience if hasattr(each, "audience") else each.recipient for each in desk.sent()} == {
        "alice@example.com"
    }


@pytest.mark.parametrize("command", ["#spm", "#escalat", "#statuss", "#charge 0"])
def test_a_command_that_is_none_is_answered_as_unknown_and_sends_nothing(desk: World, command: str) -> None:
    asked(desk)
    receipt = desk.replies(ALICE, desk.the("agent_ticket", ALICE), f"{command}\nSome words.")
    assert receipt.outcome == "command"
    assert [each.name for each in desk.sent()] == ["receipt"]
    assert command.split(maxsplit=1)[0] in desk.the("receipt").text
    assert "Some words." in desk.the("receipt").text


def test_a_command_may_stand_in_the_subject_of_a_mail_to_the_queues_address(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    asked(desk)
    content = mail(ALICE, subject="[EX-10001] #severity 1", text="")
    passed = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n" + content
    assert desk.receives(passed, verdicts=True).outcome == "command"
    assert desk.ticket()["severity"] == 1


def test_a_receipt_tells_the_new_state(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take\n#severity low\n#pending")
    text = desk.the("receipt").text
    assert "pending" in text
    assert "severity 4" in text
    assert "Alice Agent" in text


def test_a_receipt_tells_the_next_due_time(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#pending\nWhich version?")
    assert desk.ticket()["due"]["close"] == "2026-03-09T09:00:00Z"
    assert "9 March 2026" in desk.the("receipt").text


def test_status_is_told_once_a_mail_and_not_beside_a_reply(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#open\n#pending")
    assert [each.name for each in desk.sent() if each.recipient == "carol@acme.example"] == ["status"]


@pytest.mark.parametrize(("word", "status"), [("#solve", "solved"), ("#close", "closed")])
def test_solve_and_close_are_taken_too(desk: World, word: str, status: str) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), word)
    assert desk.ticket()["status"] == status
    assert [each.name for each in desk.sent() if each.recipient == "carol@acme.example"] == [status]


def test_a_plain_answer_leaves_every_status_but_new(desk: World) -> None:
    letter = answered(desk, "#pending\nWhich version?")
    assert letter
    told = desk.receives(mail(BOB, subject="[EX-10001]", text="Same here."))
    assert told.ticket == "EX-10001"
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#pending")
    desk.replies(CAROL, letter, "4.1")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#solved\nDone.")
    desk.replies(BOB, desk.the("reply", BOB), "Thank you!")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "You are welcome.")
    assert desk.ticket()["status"] == "solved"
    assert desk.ticket()["owner"] == "alice@example.com"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Text.", "answer"),
        ("#solved\nText.", "solution"),
        ("#closed\nText.", "solution"),
        ("#pending\nText.", "question"),
    ],
)
def test_first_response_kind(desk: World, words: str, kind: str) -> None:
    asked(desk)
    assert desk.ticket()["first_response_kind"] is None
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    assert desk.ticket()["first_response_kind"] == kind


@pytest.mark.parametrize(
    ("line", "severity"),
    [("Severity: urgent", 1), ("Priority: high", 2), ("severity: NORMAL", 3), ("Priority: low", 4), ("Severity: 1", 1)],
)
def test_a_word_among_the_first_lines_sets_the_severity(desk: World, line: str, severity: int) -> None:
    asked(desk, text=f"Hello,\n{line}\n\nIt is broken.")
    assert desk.ticket()["severity"] == severity


# bounces


def test_a_bounce_is_told_once_and_automatic_letters_are_held_for_thirty_days(desk: World) -> None:
    letter = answered(desk)
    desk.receives(returned(letter.mail_from, letter.message_id), sender="")
    assert [each.name for each in desk.sent()] == ["agent_update"]
    update = desk.the("agent_update", ALICE)
    desk.replies(ALICE, update, "Do you read me?")
    again = desk.the("reply", CAROL)
    assert letter_state(desk, "reply") == "waiting"
    desk.receives(returned(again.mail_from, again.message_id).replace(b"report@", b"report2@"), sender="")
    assert desk.sent() == []
    desk.replies(ALICE, update, "#solved")
    assert letter_state(desk, "solved") == "held"
    desk.time_passes(days=1)
    assert letter_state(desk, "closing_soon") == "held"


def test_an_acknowledgement_to_an_address_that_bounced_is_held_too(desk: World) -> None:
    letter = answered(desk)
    desk.receives(returned(letter.mail_from, letter.message_id), sender="")
    desk.receives(mail(CAROL, subject="Another matter"))
    assert letter_state(desk, "acknowledgement") == "held"
    desk.time_passes(days=31)
    desk.receives(mail(CAROL, subject="A third matter"))
    assert letter_state(desk, "acknowledgement") == "waiting"


def letter_state(desk: World, name: str) -> str:
    rows = desk.ask(lambda store: store.all("SELECT state FROM letter WHERE name = ? ORDER BY id DESC", (name,)))
    return rows[0][0]


# participants


def test_who_is_named_in_to_and_cc_joins_when_of_the_organisation_or_its_domains(desk: World) -> None:
    asked(desk, to=[SUPPORT, BOB], cc=[DAVE, STRANGER, ALICE, "sales@example.com", "support+x@example.com"])
    assert sorted(desk.ticket()["participants"]) == ["bob@acme.example", "dave@acme.example"]


def test_a_later_mail_of_a_participant_adds_people_who_get_no_past_text(desk: World) -> None:
    letter = answered(desk, "The first secret.")
    desk.replies(CAROL, letter, "It is 4.1.", cc=BOB)
    assert desk.ticket()["participants"] == ["bob@acme.example"]
    assert not [each for each in desk.sent() if each.recipient == "bob@acme.example"]
    desk.replies(ALICE, desk.the("agent_update", ALICE), "The next words.")
    copy = desk.the("reply", BOB)
    assert "The next words." in copy.text
    assert b"secret" not in copy.raw


def test_a_mail_that_is_not_admitted_adds_nobody(desk: World) -> None:
    asked(desk)
    desk.receives(mail("Gil Glow <gil@globex.example>", subject="Re: [EX-10001]", cc=[BOB, "gus@globex.example"]))
    assert desk.ticket()["participants"] == []


def test_never_copy_keeps_an_address_out(world: Callable[..., World]) -> None:
    desk = world('[gate]\nnever_copy = ["bob@acme.example"]\n')
    asked(desk, cc=BOB)
    assert desk.ticket()["participants"] == []


def test_a_participants_mail_goes_to_agents_alone(desk: World) -> None:
    asked(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(BOB, desk.the("reply", BOB), "Version 4.1.")
    assert {each.recipient for each in desk.sent()} == {"alice@example.com"}


# organisations that have ended


def test_an_inactive_organisations_people_are_sent_to_the_account_manager_who_is_told(
    world: Callable[..., World],
) -> None:
    people = DIRECTORY.replace(
        'plan = "standard"', 'plan = "standard"\nactive = false\naccount_manager = "mona@example.com"', 1
    )
    desk = world(people=people)
    assert desk.receives(mail(CAROL)).outcome == "held"
    assert "Mona Manager" in desk.the("redirect", CAROL).text
    assert desk.the("alarm", MONA)


def test_the_last_day_of_an_organisation_is_inclusive_in_the_desks_zone(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('plan = "standard"', 'plan = "standard"\nuntil = 2026-03-02', 1)
    desk = world(people=people)
    assert desk.receives(mail(CAROL)).outcome == "ticket"
    desk.time_passes(hours=15)
    assert desk.receives(mail(CAROL, subject="Next day")).outcome == "held"
