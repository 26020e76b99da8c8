"""Mail in an agent's name that nobody typed, or that carries somebody else's words: rows T19, T20, T35, T49 and T50 of
the threat table.

T5 stands in test_hostile_threads, T6 in test_hostile_access, T19 and T20 of signatures in test_signed_agents and of
DKIM in test_verdicts_own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.builders import ALICE, ANTON, CAROL, mail
from tests.desk.clients import alone
from tests.desk.hostile import MX, TRUSTS, answered, reached, said_of, untouched
from tests.desk.world import Sent, World, reply_to

PASS = said_of("example.com")
AWAY = "I am out of the office until Monday.\n\n#solved"


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """One that trusts its mail server."""
    return world(TRUSTS)


def asked(desk: World) -> Sent:
    """Carol's ticket, as Alice got it."""
    desk.receives(mail(CAROL, message_id="<first@acme.example>"))
    return desk.the("agent_ticket", ALICE)


# the ladder of trust: a key, a pass, a signature (test_signed_agents), the agent's own word


def test_each_rung_of_trust_carries_and_below_the_last_nothing_is_done(desk: World) -> None:
    letter = asked(desk)
    command = {"subject": "[EX-10001] The export fails", "text": "#severity 1"}
    assert desk.replies(ALICE, letter, "#severity 2").outcome == "command"  # the keyed address and Message-ID
    by_thread = mail(ALICE, text="#severity 4", headers={"In-Reply-To": letter.message_id})
    assert desk.receives(by_thread).outcome == "command"
    assert desk.ticket()["severity"] == 4
    assert desk.receives(PASS + mail(ALICE, **command), verdicts=True).outcome == "command"
    assert desk.ticket()["severity"] == 1
    with untouched(desk):
        assert desk.receives(mail(ALICE, **command | {"text": "#severity 3"})).outcome == "held"
    question = desk.the("confirm", ALICE)
    desk.replies(ALICE, question, "yes")
    assert desk.ticket()["severity"] == 3


def test_the_agents_word_runs_a_mail_once_and_for_two_days(desk: World) -> None:
    asked(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#take"))
    question = desk.the("confirm", ALICE)
    desk.replies(ALICE, question, "yes")
    assert desk.ticket()["owner"] == "alice@example.com"
    desk.replies(ANTON, letter_of(desk, ANTON), "#release")
    with untouched(desk):
        desk.replies(ALICE, question, "Yes, please")
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#solved"))
    question = desk.the("confirm", ALICE)
    desk.time_passes(days=2, minutes=1)
    with untouched(desk):
        desk.replies(ALICE, question, "yes")


def letter_of(desk: World, agent: str) -> Sent:
    desk.seen, seen = 0, desk.seen
    found = next(each for each in desk.sent("agent_ticket") if each.recipient in agent)
    desk.seen = seen
    return found


# T19: replay


def test_t19_a_genuine_mail_of_an_agent_again_is_a_duplicate_whatever_has_become_of_the_ticket(desk: World) -> None:
    letter = asked(desk)
    content = PASS + reply_to(ALICE, letter, "#solved\n\nVersion 4.2 helps.")
    assert desk.receives(content, verdicts=True).outcome == "message"
    desk.replies(CAROL, desk.the("reply", CAROL), "It does not.")
    assert desk.ticket()["status"] == "open"
    way = b"Received: from elsewhere by mx.example.com; Mon, 2 Mar 2026 10:00:00 +0000\r\n"
    for again, door in ((content, "lmtp:main"), (way + content, "smtp:in"), (way * 3 + content, "imap:support")):
        with untouched(desk):
            assert desk.receives(again, door=door, verdicts=True).outcome == "duplicate"
        assert desk.sent() == []


def test_t19_a_pass_proves_a_message_id_once(desk: World) -> None:
    """A replay may change what no signature covers."""
    asked(desk)
    command = mail(ALICE, subject="[EX-10001] The export fails", text="#take", message_id="<a1@example.com>")
    assert desk.receives(PASS + command, verdicts=True).outcome == "command"
    with untouched(desk):
        changed = PASS + command.replace(b"#take", b"#solved\r\n\r\nBuy pills.")
        assert desk.receives(changed, verdicts=True).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]


# T20: what a signature leaves out


@pytest.mark.parametrize(
    "results",
    [
        f"{MX}; dkim=pass (partial, l=120) header.d=example.com; dmarc=pass header.from=example.com",
        f"{MX}; dkim=pass header.d=example.com (l=1)",
    ],
)
def test_t20_a_pass_over_a_part_of_the_body_proves_no_agent(desk: World, results: str) -> None:
    asked(desk)
    content = f"Authentication-Results: {results}\r\n".encode() + mail(ALICE, subject="[EX-10001]", text="#solved")
    with untouched(desk):
        assert desk.receives(content, verdicts=True).outcome == "held"
    assert [each.name for each in desk.sent()] == ["confirm"]


def test_t20_a_pass_over_a_field_that_stands_twice_proves_no_agent(desk: World) -> None:
    asked(desk)
    content = PASS + b"Subject: Lunch\r\n" + mail(ALICE, subject="[EX-10001]", text="#solved")
    with untouched(desk):
        assert desk.receives(content, verdicts=True).outcome == "held"


# T35: an agent's robots

ROBOTS: dict[str, dict[str, str]] = {
    "RFC 3834": {"Auto-Submitted": "auto-replied"},
    "RFC 3834, with a comment": {"Auto-Submitted": "auto-replied (vacation)"},
    "generated": {"Auto-Submitted": "auto-generated"},
    "an old field": {"X-Autoreply": "yes"},
    "another old field": {"X-Autorespond": "Out of office"},
    "precedence": {"Precedence": "auto_reply"},
    "bulk": {"Precedence": "bulk"},
    "a list": {"List-Id": "<team.example.com>"},
    "a rule of Exchange": {"X-MS-Exchange-Inbox-Rules-Loop": "alice@example.com"},
}
SUBJECTS = {
    "Exchange": ("Automatic reply: [EX-10001] The export fails", {"X-Auto-Response-Suppress": "All"}),
    "Exchange in German": ("Automatische Antwort: [EX-10001] The export fails", {"X-Auto-Response-Suppress": "All"}),
    "an absence": ("Out of Office: [EX-10001] The export fails", {}),
    "an absence in German": ("Abwesenheitsnotiz: [EX-10001] The export fails", {}),
}


def ways(desk: World, letter: Sent, text: str, **fields: object) -> list[bytes]:
    """By a key, by a pass, by both, and by the thread alone."""
    keyed, passed = (reply_to(ALICE, letter, text, **fields) for _ in range(2))

    def plain() -> bytes:
        return mail(ALICE, text=text, **({"subject": f"Re: {letter.subject}"} | fields))  # type: ignore[arg-type]

    return [keyed, PASS + passed, PASS + plain(), plain()]


@pytest.mark.parametrize("headers", ROBOTS.values(), ids=ROBOTS.keys())
def test_t35_an_agents_robot_reaches_nobody_and_commands_nothing(desk: World, headers: dict[str, str]) -> None:
    letter = asked(desk)
    for text in (AWAY, "#solved\n#take\n\nI am away."):
        for content in ways(desk, letter, text, headers=headers):
            assert desk.receives(content, verdicts=True).outcome == "robot"
            assert desk.sent() == []
    assert (desk.ticket()["status"], desk.ticket()["owner"]) == ("new", None)
    assert {each["visibility"] for each in desk.ticket()["messages"] if "alice" in each["from"]} <= {"note"}


@pytest.mark.parametrize(("subject", "headers"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_t35_by_its_subject_too(desk: World, subject: str, headers: dict[str, str]) -> None:
    letter = asked(desk)
    for content in (reply_to(ALICE, letter, AWAY, subject=subject, headers=headers),):
        assert desk.receives(PASS + content, verdicts=True).outcome == "robot"
        assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


def test_t35_by_the_null_return_path(desk: World) -> None:
    letter = asked(desk)
    for content in ways(desk, letter, AWAY):
        assert desk.receives(content, verdicts=True, sender="").outcome == "robot"
        assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


def test_t35_a_robot_says_yes_to_no_question(desk: World) -> None:
    asked(desk)
    desk.receives(mail(ALICE, subject="[EX-10001]", text="#solved"))
    question = desk.the("confirm", ALICE)
    for headers in ROBOTS.values():
        with untouched(desk):
            answer = reply_to(ALICE, question, "yes", headers=headers)
            assert desk.receives(PASS + answer, verdicts=True).outcome == "robot"
        assert desk.sent() == []
    desk.replies(ALICE, question, "yes")
    assert desk.ticket()["status"] == "solved"


def test_t35_a_receipt_that_an_agent_has_read_a_letter_stays_inside(desk: World) -> None:
    letter = asked(desk)
    report = (
        f"From: {ALICE}\r\nTo: {letter.reply_to}\r\nSubject: Read: {letter.subject}\r\n"
        f"Message-ID: <mdn@example.com>\r\nIn-Reply-To: {letter.message_id}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\n#solved\r\nYour message was read.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        "Final-Recipient: rfc822; alice@example.com\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    )
    assert desk.receives(PASS + report.encode(), verdicts=True).outcome == "robot"
    assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


def test_t35_an_agents_calendar_that_answers_an_invitation_is_no_answer_to_the_customer(desk: World) -> None:
    letter = asked(desk)
    calendar = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:a@example.com\r\nSEQUENCE:0\r\n"
        b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    answer = ("invite.ics", calendar, "text/calendar")
    for content in ways(desk, letter, "#solved\nAlice Agent has accepted your invitation.", attachments=[answer]):
        assert desk.receives(content, verdicts=True).outcome == "robot"
        assert desk.sent() == []
    assert desk.ticket()["status"] == "new"


# T49: commands that an agent did not write


def other_places(letter: Sent) -> dict[str, bytes]:
    html = '<div style="display:none">#closed</div><div style="font-size:0">#closed</div><!-- #closed --><p>Hello.</p>'
    white = '<div style="color:#fff;background:#fff">#closed</div><p>Hello.</p>'
    inner = mail(CAROL, text="#closed", subject="#closed")
    return {
        "a quotation": reply_to(ALICE, letter, "Hello.\n\n> #closed\n> #spam"),
        "a quotation at the top": reply_to(ALICE, letter, "> #closed\n\nHello."),
        "a signature": reply_to(ALICE, letter, "Hello.\n\n-- \n#closed"),
        "below words": reply_to(ALICE, letter, "Hello.\n#closed"),
        "a text that is attached": reply_to(ALICE, letter, "Hello.", attachments=[("a.txt", b"#closed", "text/plain")]),
        "a mail that is attached": attached(reply_to(ALICE, letter, "Hello."), inner),
        "hidden HTML": alone(reply_to(ALICE, letter, "", html=html)),
        "white HTML": alone(reply_to(ALICE, letter, "", html=white)),
        "HTML beside a text": reply_to(ALICE, letter, "Hello.", html="<div>#closed</div><p>Hello.</p>"),
        "a second part in base64": second_part(reply_to(ALICE, letter, "Hello.")),
        "another part's name": reply_to(ALICE, letter, "Hello.", attachments=[("#closed", b"x", "text/plain")]),
        "the subject of an answer": reply_to(ALICE, letter, "Hello.", subject="Re: [EX-10001] #closed"),
        "another field": reply_to(ALICE, letter, "Hello.", headers={"X-Command": "#closed", "Comments": "#closed"}),
    }


def attached(content: bytes, inner: bytes) -> bytes:
    head, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.lower().startswith((b"content-", b"mime-"))]
    start = b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="w"\n\n--w\nContent-Type: text/plain\n\n'
    whole = b"\n".join(lines) + b"\n" + start + body
    return whole + b"\n--w\nContent-Type: message/rfc822\n\n" + inner + b"\n--w--\n"


def second_part(content: bytes) -> bytes:
    head = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nI2Nsb3NlZAo=\n"
    return attached(content, b"").replace(b"Content-Type: message/rfc822\n\n", head)


def test_t49_commands_count_at_the_top_of_the_agents_own_words_and_nowhere_else(desk: World) -> None:
    letter = asked(desk)
    for place, content in other_places(letter).items():
        desk.receives(content)
        assert desk.ticket()["status"] == "open", place
        assert {each.name for each in desk.sent()} == {"reply"}, place


def test_t49_a_customer_commands_nothing_wherever_he_writes_it(desk: World) -> None:
    letter = answered(desk)
    for text in ("#closed", "#note\nfor you", "#assign Alice\n#solved\nHello"):
        desk.replies(CAROL, letter, text)
        desk.receives(mail(CAROL, subject=f"Re: [EX-10001] {text.partition(chr(10))[0]}", text=text))
        assert desk.ticket()["status"] == "open"
        assert not desk.sent("receipt")
    assert {each["visibility"] for each in desk.ticket()["messages"]} == {"public"}


@pytest.mark.parametrize("begins", ["Re:", "Re: Re:", "AW:", "Fwd:", "Re: [EX-10001]"])
def test_t49_an_agent_who_answers_a_mail_without_an_id_says_nothing_by_its_subject(desk: World, begins: str) -> None:
    """It was sent to the agent, who answers all of them, the desk too; there is nothing to put into References."""
    assert desk.receives(mail("Sam Stray <sam@acme.example>")).reason == "awaiting consent"
    said = f"{begins} #contact allow sam@acme.example"
    receipt = desk.receives(PASS + mail(ALICE, subject=said, text="Who are you?"), verdicts=True)
    assert receipt.reason != "commands of an agent"
    assert [each["outcome"] for each in desk.rows()][:1] == ["held"]
    assert reached(desk) <= {"alice@example.com"}


# T50: commands in what is passed on


def test_t50_commands_in_a_mail_that_an_agent_passes_on_are_none_and_those_above_count(desk: World) -> None:
    letter = asked(desk)
    inner = "---------- Forwarded message ---------\nFrom: Carol Jones <carol@acme.example>\nDate: Mon, 2 Mar 2026\n"
    inner += "Subject: #closed\nTo: Alice <alice@example.com>\n\n#closed\n#spam\nThe export fails."
    for above, severity in (("", 3), ("Please look.\n\n", 3), ("#severity 2\n\n", 2)):
        subject = "Fwd: [EX-10001] The export fails"
        desk.receives(reply_to(ALICE, letter, f"{above}{inner}", subject=subject))
        assert (desk.ticket()["status"], desk.ticket()["severity"]) == ("new", severity)
        assert not [each for each in desk.sent() if each.recipient in CAROL]


def test_t50_commands_in_a_mail_that_came_back_are_none(desk: World) -> None:
    letter = asked(desk)
    returned = reply_to(ALICE, letter, "#closed\n\nHello")
    report = (
        b"From: Mail Delivery System <MAILER-DAEMON@example.com>\r\nTo: support@example.com\r\nSubject: Undelivered\r\n"
        b"Message-ID: <dsn@example.com>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\n#closed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        b"Reporting-MTA: dns; mx.example.com\r\n\r\n"
        b"Final-Recipient: rfc822; x@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + returned + b"\r\n--b--\r\n"
    )
    as_agent = report.replace(b"Mail Delivery System <MAILER-DAEMON@example.com>", ALICE.encode()).replace(
        b"<dsn@", b"<dsn2@"
    )
    for content in (report, PASS + as_agent):
        with untouched(desk):
            assert desk.receives(content, verdicts=True, sender="").outcome in ("bounce", "robot")
    desk.now += timedelta(minutes=1)
    assert desk.ticket()["status"] == "new"
