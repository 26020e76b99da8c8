"""The contract's sentences about who and what comes in: notices, brakes, subjects, languages, odd mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr

import pytest

from maildesk.store import outbox
from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, DIRECTORY, MONA, STRANGER, SUPPORT, mail
from tests.desk.world import World, reply_to


def asked(desk: World, **fields: object) -> None:
    desk.receives(mail(CAROL, **fields))


# outbox


def test_what_the_brake_stops_is_held_with_its_reason_and_retry_releases(world: Callable[..., World]) -> None:
    desk = world('[limits]\nautomatic_mail = "1/h"\n')
    asked(desk)
    receipt = desk.receives(mail(BOB))
    assert "acknowledgement held: automatic_mail" in receipt.reason
    [held] = [row for row in desk.ask(outbox.rows) if row["state"] == "held"]
    assert (held["to"], held["last_error"]) == ("bob@acme.example", "automatic_mail")
    assert held["next_try"] is None
    assert held["id"] in desk.ask(lambda store: outbox.retry(store, None, desk.now))
    assert not [row for row in desk.ask(outbox.rows) if row["state"] == "held"]


def test_the_brake_counts_the_last_sixty_minutes(world: Callable[..., World]) -> None:
    desk = world('[limits]\nautomatic_mail = "1/h"\n')
    asked(desk)
    desk.time_passes(minutes=61)
    asked(desk, subject="Later")
    assert [row["state"] for row in desk.ask(outbox.rows) if row["letter"] == "acknowledgement"] == ["waiting"] * 2


def test_a_clock_that_jumps_sends_no_flood(world: Callable[..., World]) -> None:
    desk = world('[limits]\nautomatic_mail = "5/h"\nacks_per_contact = "100/h"\n')
    for number in range(4):
        asked(desk, subject=f"Matter {number}")
        desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved")
        desk.time_passes(hours=1)
    desk.time_passes(days=400)
    states = [row["state"] for row in desk.ask(outbox.rows) if row["letter"] in ("closing_soon", "closed", "survey")]
    assert states.count("waiting") <= 5
    assert states.count("held") >= 3
    assert len(desk.sent("alarm")) == 1


# notices


def test_a_notice_about_a_mail_too_short_to_tell_its_language_is_in_the_desks(world: Callable[..., World]) -> None:
    desk = world(prefix='"EX"\nlanguage = "de"')
    desk.receives(mail(STRANGER, text="Export PDF"))
    letter = desk.the("redirect", STRANGER)
    assert "Guten Tag" in letter.text or "Nachricht" in letter.text


def test_a_contact_is_written_to_in_his_language(desk: World) -> None:
    desk.receives(mail(BOB))
    assert (
        "Dringlichkeit" in desk.the("acknowledgement", BOB).text or "Anfrage" in desk.the("acknowledgement", BOB).text
    )
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved")
    assert "März" in desk.the("solved", BOB).text


def test_notices_begin_again_after_the_span_of_the_configuration(world: Callable[..., World]) -> None:
    desk = world('[gate]\nnotice_every = "1d"\n')
    desk.receives(mail(STRANGER))
    desk.time_passes(hours=23)
    receipt = desk.receives(mail(STRANGER))
    assert receipt.reason.endswith("redirect suppressed: notice_every")
    desk.time_passes(hours=2)
    desk.receives(mail(STRANGER))
    assert desk.the("redirect", STRANGER)


def test_the_redirect_of_a_held_mail_is_no_larger_than_four_kibibytes(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('name = "Acme"', f'name = "{"Acme " * 40}"')
    desk = world(people=people)
    desk.receives(mail(DAVE))
    assert len(desk.the("redirect", DAVE).raw) <= 4096


# agents


def test_agents_and_our_own_addresses_are_no_participants(desk: World) -> None:
    asked(desk, cc=[ALICE, "help@example.com", "SUPPORT@example.com", "support+x-1@example.com"])
    assert desk.ticket()["participants"] == []


def test_an_assigned_agent_of_that_name_owns_the_ticket(desk: World) -> None:
    asked(desk)
    for name in ("Anton Agent", "anton", "anton@example.com", "ANTON"):
        desk.replies(ALICE, desk.the("receipt" if desk.sent("receipt") else "agent_ticket", ALICE), "#take")
        desk.replies(ALICE, desk.the("receipt"), f"#assign {name}")
        assert desk.ticket()["owner"] == "anton@example.com"


def test_an_ambiguous_name_is_refused_with_a_suggestion(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#assign Agent")
    assert desk.ticket()["owner"] is None
    assert "#assign" in desk.the("receipt").text


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("#sovled", "#solved"),
        ("#asign Alice", "#assign"),
        ("#severity hihg", "#severity high"),
        ("#pendign", "#pending"),
    ],
)
def test_a_misspelt_command_is_told_the_nearest_right_one(desk: World, line: str, suggestion: str) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), line)
    assert suggestion in desk.the("receipt").text


def test_after_release_the_first_to_answer_owns_it(desk: World) -> None:
    asked(desk)
    for_anton = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    desk.replies(ANTON, for_anton, "#release")
    assert desk.ticket()["owner"] is None
    desk.replies(ANTON, for_anton, "I take over.")
    assert desk.ticket()["owner"] == "anton@example.com"


def test_a_managers_answer_in_a_queue_that_is_not_hers_is_taken(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('queues = ["technical", "sales"]\n', 'queues = ["sales"]\n')
    people = people.replace('plan = "standard"\n', 'plan = "standard"\n')
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n', people=people)
    asked(desk)
    content = mail(MONA, subject="[EX-10001]", text="#take")
    passed = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n" + content
    assert desk.receives(passed, verdicts=True).outcome == "command"
    assert desk.ticket()["owner"] == "mona@example.com"


def test_an_agents_answer_from_a_second_address_of_his_is_his(world: Callable[..., World]) -> None:
    people = DIRECTORY.replace('["alice@example.com"]', '["alice@example.com", "alice@home.example"]')
    desk = world(people=people)
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    assert desk.replies("Alice at home <alice@home.example>", letter, "#take\n").outcome == "command"
    assert desk.the("receipt").recipient == "alice@example.com"


def test_a_note_with_its_text_on_the_line_of_the_command(desk: World) -> None:
    asked(desk)
    receipt = desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#note seen before")
    assert receipt.outcome == "note"
    assert "seen before" in desk.ticket()["messages"][-1]["text"]


def test_an_empty_reply_of_an_agent_sends_nothing(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "")
    assert desk.sent("reply") == []
    assert desk.ticket()["status"] == "new"


# odd mails


def test_a_mail_without_subject_or_text_opens_a_ticket(desk: World) -> None:
    content = f"From: {CAROL}\r\nTo: {SUPPORT}\r\nMessage-ID: <e@x>\r\n\r\n".encode()
    assert desk.receives(content).outcome == "ticket"
    assert "[EX-10001]" in desk.the("acknowledgement").subject


def test_an_agents_mail_addressed_to_two_tickets_keys_is_one_row(desk: World) -> None:
    asked(desk)
    first = desk.the("agent_ticket", ALICE)
    asked(desk, subject="Second")
    second = desk.the("agent_ticket", ALICE)
    receipt = desk.receives(reply_to(ALICE, second, "#take", to=[first.reply_to, second.reply_to]))
    assert receipt.ticket == "EX-10001"
    assert len(desk.rows()) == 3


def test_a_key_in_the_envelope_alone_finds_the_ticket(desk: World) -> None:
    asked(desk)
    letter = desk.the("acknowledgement", CAROL)
    receipt = desk.receives(mail(CAROL, to=BOB, subject="More"), recipients=(letter.reply_to,))
    assert receipt.ticket == "EX-10001"


def test_tokens_compare_without_case(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    local, _, domain = letter.reply_to.partition("@")
    shouted = f"{local.upper()}@{domain}"
    assert desk.receives(mail(ALICE, to=shouted, subject="x", text="#take")).outcome == "command"


def test_threading_survives_a_relay_that_rewrites_message_ids(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    first = str(letter.message["References"]).split()[0]
    content = mail(
        ALICE, to=SUPPORT, subject="x", text="#take",
        headers={"In-Reply-To": "<rewritten@relay.example>", "References": f"{first} <rewritten@relay.example>"},
    )  # fmt: skip
    assert desk.receives(content).outcome == "command"
    assert desk.ticket()["owner"] == "alice@example.com"


def test_a_participant_without_a_contact_record_may_reply(desk: World) -> None:
    asked(desk, cc=DAVE)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    assert desk.replies(DAVE, desk.the("reply", DAVE), "It is 4.1.").ticket == "EX-10001"
    assert {each.recipient for each in desk.sent()} == {"alice@example.com"}


def test_such_a_participants_mail_after_closing_opens_a_linked_ticket_once_a_contact_agrees(desk: World) -> None:
    asked(desk, cc=DAVE)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    letter = desk.the("reply", DAVE)
    desk.now += timedelta(days=1)
    assert desk.replies(DAVE, letter, "Not for me.").outcome == "held"
    desk.replies(CAROL, desk.the("consult", CAROL), "allow")
    assert desk.ticket("EX-10002")["requester"] == "dave@acme.example"
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]
    assert desk.ticket("EX-10001")["links"] == ["EX-10002"]


def test_the_from_name_of_automatic_letters_is_the_queues_title(desk: World) -> None:
    asked(desk)
    assert parseaddr(str(desk.the("agent_ticket", ALICE).message["From"]))[0] == "Technical Support"
