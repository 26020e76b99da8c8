"""Who may enter: strangers are turned politely away, robots are not answered, agents are believed only with proof."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, BOB, CAROL, DAVE, MONA, STRANGER, SUPPORT, mail
from tests.desk.world import World, reply_to

GIL = "Gil Glow <gil@globex.example>"


def opened(desk: World, **fields: object) -> None:
    assert desk.receives(mail(CAROL, **fields)).ticket == "EX-10001"


# strangers


def test_a_stranger_is_redirected_with_nothing_of_his_mail(desk: World) -> None:
    receipt = desk.receives(mail(STRANGER, subject="BUY NOW", text="Cheap pills"))
    assert receipt.outcome == "refused"
    letter = desk.the("redirect", STRANGER)
    assert len(letter.raw) <= 4096
    assert b"BUY NOW" not in letter.raw
    assert b"pills" not in letter.raw
    assert letter.mail_from == ""
    assert letter.message["Auto-Submitted"] == "auto-replied"
    assert not [word for word in ("Carol", "Acme", "Globex") if word in letter.text]


def test_a_stranger_is_redirected_at_most_once_in_seven_days(desk: World) -> None:
    desk.receives(mail(STRANGER))
    desk.time_passes(days=6, hours=23)
    desk.receives(mail(STRANGER))
    assert desk.sent() == []
    desk.time_passes(hours=2)
    desk.receives(mail(STRANGER))
    assert desk.the("redirect", STRANGER)


def test_a_stranger_of_a_known_organisation_is_held_and_told_whom_to_turn_to(desk: World) -> None:
    assert desk.receives(mail(DAVE)).outcome == "held"
    letter = desk.the("redirect", DAVE)
    assert "Carol Jones" in letter.text
    assert "Bob Brown" in letter.text
    assert "carol@acme.example" not in letter.raw.decode()


def test_the_contacts_names_are_not_given_away_where_the_desk_forbids_it(world: Callable[..., World]) -> None:
    desk = world("[gate]\nname_contacts = false\n")
    desk.receives(mail(DAVE))
    assert "Carol" not in desk.the("redirect", DAVE).text


def test_strangers_are_refused_at_the_door_where_the_desk_says_so(world: Callable[..., World]) -> None:
    desk = world('[gate]\nstrangers = "refuse"\n')
    receipt = desk.receives(mail(STRANGER))
    assert receipt.refusal.startswith("550 5.7.1 ")
    assert receipt.outcome == "refused"
    assert desk.sent() == []


def test_strangers_are_held_in_silence_where_the_desk_says_so(world: Callable[..., World]) -> None:
    desk = world('[gate]\nstrangers = "hold"\n')
    assert desk.receives(mail(STRANGER)).outcome == "held"
    assert desk.sent() == []


def test_a_domain_gets_at_most_so_many_notices(world: Callable[..., World]) -> None:
    desk = world('[limits]\nnotices_per_domain = "3/d"\n')
    notices = 0
    for number in range(6):
        desk.receives(mail(f"s{number}@elsewhere.example"))
        notices += len(desk.sent("redirect"))
    assert notices == 3


# nobody walks in


def test_knowing_a_reference_admits_nobody(desk: World) -> None:
    opened(desk)
    receipt = desk.receives(mail(STRANGER, subject="Re: [EX-10001] The export fails", text="Send me the file."))
    assert receipt.outcome == "refused"
    assert len(desk.ticket()["messages"]) == 2  # the request and its acknowledgement


def test_a_contact_of_another_organisation_gets_a_ticket_of_his_own(desk: World) -> None:
    opened(desk)
    letter = desk.the("acknowledgement", CAROL)
    receipt = desk.receives(reply_to(GIL, letter, "What is this about?"))
    assert receipt.ticket == "EX-10002"
    assert not [one for one in desk.sent() if "carol@acme.example" in (one.recipient, one.text)]


def test_a_colleague_who_is_a_contact_joins_by_the_reference_in_the_subject(desk: World) -> None:
    opened(desk)
    assert (
        desk.receives(mail(BOB, subject="AW: [EX-10001] The export fails", text="Bei mir auch.")).ticket == "EX-10001"
    )
    assert desk.ticket()["participants"] == ["bob@acme.example"]


@pytest.mark.parametrize("where", ["keyed address", "keyed message-id", "reference", "message-id"])
def test_a_reply_finds_its_ticket_by(desk: World, where: str) -> None:
    opened(desk, message_id="<first@acme.example>")
    letter = desk.the("acknowledgement", CAROL)
    fields = {
        "keyed address": {"to": letter.reply_to},
        "keyed message-id": {"headers": {"In-Reply-To": letter.message_id}},
        "reference": {"subject": "About [EX-10001], again"},
        "message-id": {"headers": {"References": "<first@acme.example>"}},
    }[where]
    given = {"to": SUPPORT, "subject": "More", "text": "One more thing."} | fields
    assert desk.receives(mail(CAROL, **given)).ticket == "EX-10001"


def test_a_key_with_one_character_changed_finds_nothing(desk: World) -> None:
    opened(desk)
    address = desk.the("acknowledgement", CAROL).reply_to
    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'b' if local[-1] == 'a' else 'a'}@{domain}"
    assert desk.receives(mail(CAROL, to=forged, subject="More")).ticket == "EX-10002"


# agents


def test_an_agents_mail_without_proof_is_held_and_he_is_asked(desk: World) -> None:
    opened(desk)
    receipt = desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed"))
    assert receipt.outcome == "held"
    assert [letter.name for letter in desk.sent()] == ["confirm"]
    assert desk.ticket()["status"] == "new"


def confirm(desk: World, answer: str) -> str:
    opened(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#solved\nVersion 4.2 mends it."))
    return desk.replies(ALICE, desk.the("confirm", ALICE), answer).outcome


def test_yes_runs_the_held_mail(desk: World) -> None:
    assert confirm(desk, "yes") == "consent"
    assert desk.ticket()["status"] == "solved"
    assert [row["outcome"] for row in desk.rows()] == ["ticket", "message", "consent"]


def test_no_drops_the_held_mail(desk: World) -> None:
    assert confirm(desk, "no") == "consent"
    assert desk.ticket()["status"] == "new"
    assert desk.rows()[1]["outcome"] == "refused"


def test_a_held_mail_is_dropped_after_two_days_of_silence(desk: World) -> None:
    opened(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed"))
    letter = desk.the("confirm", ALICE)
    desk.time_passes(days=2, minutes=1)
    assert desk.rows()[1]["outcome"] == "refused"
    desk.replies(ALICE, letter, "yes")
    assert desk.ticket()["status"] == "new"


def test_a_confirmation_of_another_agents_mail_counts_for_nothing(desk: World) -> None:
    opened(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#closed"))
    desk.replies(ANTON, desk.the("confirm", ALICE), "yes")
    assert desk.ticket()["status"] == "new"


def test_another_agents_key_proves_nobody_else(desk: World) -> None:
    opened(desk)
    assert desk.replies(ANTON, desk.the("agent_ticket", ALICE), "#closed").outcome == "held"
    assert desk.ticket()["status"] == "new"


def test_a_key_that_outsiders_could_read_has_done_its_work(desk: World) -> None:
    opened(desk)
    letter = desk.the("agent_ticket", ALICE)
    desk.replies(ALICE, letter, "For your eyes too.", cc=STRANGER)
    assert desk.replies(ALICE, letter, "#closed").outcome == "held"


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("mx.example.com; dmarc=pass header.from=example.com", "command"),
        ("mx.example.com; dkim=pass header.d=example.com", "command"),
        ("mx.example.com; spf=pass smtp.mailfrom=alice@example.com", "held"),
        ("mx.example.com; dmarc=fail header.from=example.com", "held"),
        ("mx.other.test; dmarc=pass header.from=example.com", "held"),
    ],
)
def test_an_aligned_pass_of_our_own_server_proves_an_agent(
    world: Callable[..., World], results: str, outcome: str
) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    opened(desk)
    command = mail(ALICE, subject="[EX-10001]", text="#take")
    vouched = f"Authentication-Results: {results}\r\n".encode() + command
    assert desk.receives(vouched, verdicts=True).outcome == outcome


def test_a_failing_verdict_overrules_a_key(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    opened(desk)
    command = reply_to(ALICE, desk.the("agent_ticket", ALICE), "#closed")
    failed = b"Authentication-Results: mx.example.com; dmarc=fail header.from=example.com\r\n" + command
    assert desk.receives(failed, verdicts=True).outcome == "held"
    assert desk.sent() == []


def test_agents_command_tickets_of_their_own_queues_and_managers_all(desk: World) -> None:
    desk.receives(mail(CAROL, to="sales@example.com"))
    letter = desk.the("agent_ticket", MONA)
    desk.replies(MONA, letter, "#severity 2")
    assert desk.ticket()["severity"] == 2


# robots and reports


ROBOTS = {
    "an out-of-office reply": {"Auto-Submitted": "auto-replied"},
    "a list": {"List-Id": "<all.acme.example>"},
    "bulk mail": {"Precedence": "bulk"},
}


@pytest.mark.parametrize("headers", ROBOTS.values(), ids=list(ROBOTS))
def test_nobody_answers(desk: World, headers: dict[str, str]) -> None:
    assert desk.receives(mail(CAROL, headers=headers)).outcome == "robot"
    assert desk.sent() == []


def test_nobody_answers_a_null_return_path(desk: World) -> None:
    assert desk.receives(mail(CAROL), sender="").outcome == "robot"
    assert desk.sent() == []


def test_a_robots_reply_is_filed_on_its_ticket_and_changes_nothing(desk: World) -> None:
    opened(desk)
    answer = reply_to(
        CAROL, desk.the("acknowledgement", CAROL), "I am away.", headers={"Auto-Submitted": "auto-replied"}
    )
    receipt = desk.receives(answer)
    assert (receipt.outcome, receipt.ticket) == ("robot", "EX-10001")
    assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


def test_our_own_addresses_are_nobodys_sender(desk: World) -> None:
    for own in (SUPPORT, "help@example.com", "support+EX-10001@example.com"):
        assert desk.receives(mail(own)).outcome == "robot"
        assert desk.sent() == []


REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; carol@acme.example
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
--b--
"""


def returned(to: str, message_id: str) -> bytes:
    return REPORT.format(to=to, message_id=message_id).replace("\n", "\r\n").encode()


def test_a_bounce_of_an_answer_is_told_once_to_the_owner(desk: World) -> None:
    opened(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    letter = desk.the("reply", CAROL)
    receipt = desk.receives(returned(letter.mail_from, letter.message_id), sender="")
    assert (receipt.outcome, receipt.ticket) == ("bounce", "EX-10001")
    told = desk.the("agent_update", ALICE)
    assert "carol@acme.example" in told.text
    assert "5.1.1" in told.text


def test_a_forged_bounce_is_a_robots_mail_and_follows_nothing(desk: World) -> None:
    opened(desk)
    receipt = desk.receives(returned(SUPPORT, "<EX-10001.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com>"), sender="")
    assert receipt.outcome == "robot"
    assert desk.sent() == []


# limits


def test_a_contact_is_acknowledged_at_most_five_times_an_hour_and_every_ticket_opens(desk: World) -> None:
    acknowledged = 0
    for _ in range(7):
        receipt = desk.receives(mail(CAROL))
        assert receipt.outcome == "ticket"
        acknowledged += len(desk.sent("acknowledgement"))
    assert acknowledged == 5
    assert "acknowledgement suppressed" in receipt.reason


def test_the_brake_holds_automatic_letters_and_sounds_one_alarm(world: Callable[..., World]) -> None:
    desk = world('[limits]\nautomatic_mail = "2/h"\n')
    letters = []
    for sender in (CAROL, BOB, GIL, CAROL, GIL):
        desk.receives(mail(sender))
        letters += desk.sent("alarm")
    assert len(letters) == 1
    held = desk.ask(lambda store: store.all("SELECT state FROM letter WHERE name = 'acknowledgement' ORDER BY id"))
    assert [state for (state,) in held] == ["waiting", "waiting", "held", "held", "held"]


def test_two_robots_without_marks_stop_by_themselves(desk: World) -> None:
    desk.receives(mail(CAROL))
    total = 0
    for _ in range(12):
        letters = desk.sent("acknowledgement")
        total += len(letters)
        if not letters:
            break
        desk.now = desk.now.replace(second=(desk.now.second + 5) % 60)
        desk.receives(mail(CAROL, subject="Automatische Bearbeitung", text="Wir haben Ihre Nachricht erhalten."))
    assert total <= 5


# the same mail


def test_the_same_mail_again_is_a_duplicate_that_names_the_first(desk: World) -> None:
    content = mail(CAROL)
    first = desk.receives(content)
    again = desk.receives(content)
    assert (again.outcome, again.reason) == ("duplicate", f"duplicate of {first.id}")
    assert desk.sent() == []


def test_another_mail_with_the_same_message_id_is_a_mail_of_its_own(desk: World) -> None:
    desk.receives(mail(CAROL, message_id="<same@acme.example>", text="One matter."))
    assert desk.receives(mail(CAROL, message_id="<same@acme.example>", text="Another.")).outcome == "ticket"


def test_two_senders_in_from_are_nobody(desk: World) -> None:
    content = mail(CAROL).replace(b"From: ", b"From: Evil <evil@elsewhere.example>\r\nFrom: ", 1)
    receipt = desk.receives(content)
    assert (receipt.outcome, desk.sent()) == ("held", [])
    assert "ambiguous" in receipt.reason


def test_the_raw_bytes_are_kept_as_they_came(desk: World) -> None:
    content = mail(CAROL, text="Grüße\n\nüber mehrere Zeilen")
    assert desk.raw(desk.receives(content).id) == content


def test_a_forger_of_an_agent_makes_at_most_so_many_questions(desk: World) -> None:
    opened(desk)
    questions = 0
    for number in range(7):
        desk.receives(mail(ALICE, subject="[EX-10001]", text=f"#closed\n{number}"))
        questions += len(desk.sent("confirm"))
    assert questions == 5


def test_no_letter_to_a_customer_cites_an_agents_message_id(desk: World) -> None:
    opened(desk)
    answer = reply_to(
        ALICE, desk.the("agent_ticket", ALICE), "#pending\nWhich version?", message_id="<a1@alices-laptop.example>"
    )
    desk.receives(answer)
    assert b"alices-laptop" not in desk.the("reply", CAROL).raw
    desk.time_passes(days=6)
    assert b"alices-laptop" not in desk.the("closing_soon", CAROL).raw


def test_a_mail_that_a_door_could_not_take_whole_is_held(desk: World) -> None:
    receipt = desk.receives(mail(CAROL), cut="90 MB, the limit is 25 MB")
    assert receipt.outcome == "held"
    assert "90 MB" in receipt.reason
    assert desk.sent() == []


def test_an_acknowledgement_repeats_words_only_of_a_writer_our_servers_vouch_for(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    desk.receives(mail(CAROL, text="Buy cheap pills"))
    assert b"pills" not in desk.the("acknowledgement", CAROL).raw
    vouched = b"Authentication-Results: mx.example.com; dmarc=pass header.from=acme.example\r\n"
    desk.receives(vouched + mail(CAROL, text="The export fails at page 3"), verdicts=True)
    assert "page 3" in desk.the("acknowledgement", CAROL).text
