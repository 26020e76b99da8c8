"""What is inside stays inside, against clients, copies and clumsy hands (T58 to T63).

Histories with canaries (tests/leak) look for what nobody thought of; each attack that is known has its story here.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode

import pytest

from maildesk.store.person import find
from maildesk.store.person_export import export
from tests.builders import ALICE, ANTON, BOB, CAROL, mail
from tests.desk.clients import CLIENTS, answer
from tests.desk.hostile import earlier, token
from tests.desk.test_story_forwards import FORMS, WORDS
from tests.desk.world import Sent, World
from tests.leak.watch import everything

SECRET = "quetzal-canary"
CUSTOMERS = ("carol@acme.example", "bob@acme.example")
PRIVATE = {
    "User-Agent": f"Mozilla {SECRET}",
    "X-Mailer": SECRET,
    "X-Originating-IP": f"[10.1.2.3] {SECRET}",
    "Received": f"from {SECRET}.home ([10.1.2.3]) by mx.example.com; Mon, 2 Mar 2026 09:00:00 +0000",
    "Organization": SECRET,
    "X-Face": SECRET,
    "Disposition-Notification-To": f"<{SECRET}@private.example>",
    "Comments": SECRET,
}


def opened(desk: World) -> Sent:
    desk.receives(mail(CAROL, cc=BOB, message_id="<first@acme.example>"))
    return desk.the("agent_ticket", ALICE)


def to_customers(desk: World) -> list[str]:
    """All that ever left for them, in every way to read it."""
    seen, desk.seen = desk.seen, 0
    found = [everything(each.raw) for each in desk.sent() if each.recipient in CUSTOMERS]
    desk.seen = seen
    return found


def kept_in(desk: World, secret: str = SECRET) -> None:
    assert [each for each in to_customers(desk) if secret.lower() in each] == []


def note_of(desk: World, letter: Sent) -> Sent:
    """A note by Anton about Alice's ticket, as she gets it."""
    desk.replies(ALICE, letter, "#take")
    desk.replies(ANTON, earlier(desk, "agent_ticket", ANTON), f"#note\nIt is the font: {SECRET}")
    return desk.the("agent_update", ALICE)


def test_t58_whom_an_agent_copies_blindly_stands_in_no_mail_and_no_export(desk: World) -> None:
    letter = opened(desk)
    blind = {"Bcc": f"{SECRET}@private.example", "Resent-Bcc": f"{SECRET}@private.example"}
    assert desk.replies(ALICE, letter, "Please wait.", headers=blind).outcome == "message"
    assert len(desk.sent("reply")) == 2
    kept_in(desk)
    desk.replies(CAROL, desk.the("reply", CAROL), "copy EX-10001")
    assert "Please wait." in desk.the("answer").text
    kept_in(desk)
    told = desk.ask(lambda store: export(store, find(store, "carol@acme.example"), desk.config, desk.now, desk.write))
    assert SECRET not in json.dumps(told, default=str)


@pytest.mark.parametrize(
    "lines",
    [
        "#note",
        "#notiz",
        "#note\n#solved",
        "#spam",
        "#solvedd",
        "#NOTE",
        "\uff03note",
        "#take\n#note",
        "#note\n#cc +bob",
    ],
)
def test_t59_words_beside_what_keeps_them_inside_reach_nobody(desk: World, lines: str) -> None:
    files = [(f"{SECRET}.txt", SECRET.encode(), "text/plain")]
    desk.replies(ALICE, opened(desk), f"{lines}\nIt is the font: {SECRET}", attachments=files)
    assert desk.sent("reply") == []
    kept_in(desk)
    desk.receives(mail(BOB, text="copy EX-10001"))
    kept_in(desk)


def test_t59_an_answer_to_a_note_stays_one_from_any_address_and_by_forward(desk: World) -> None:
    note = note_of(desk, opened(desk))
    assert desk.replies(ALICE, note, f"I think so, too: {SECRET}").outcome == "note"
    passed_on = FORMS["gmail"].replace("Please take this.", SECRET).replace("{}", f"{WORDS} {SECRET}")
    answers = {"In-Reply-To": note.message_id}
    content = mail(ALICE, to=note.reply_to, subject="Fwd: The export fails", text=passed_on, headers=answers)
    assert desk.receives(content).outcome == "note"
    bare = mail(ALICE, subject=f"Re: {note.subject}", text=f"And again: {SECRET}", headers=answers)
    assert desk.receives(bare).outcome == "note"
    assert desk.sent("reply") == []
    kept_in(desk)


def test_t59_a_customer_who_answers_a_note_that_was_passed_to_him_opens_nothing_inside(desk: World) -> None:
    """An agent shows him the note by mistake: he gets no further, and nobody is told the rest."""
    note = note_of(desk, opened(desk))
    desk.replies(CAROL, note, "What is this?")
    kept_in(desk)
    desk.replies(CAROL, note, "copy")
    kept_in(desk)
    desk.replies("Gil Glow <gil@globex.example>", note, "copy EX-10001")
    assert all(SECRET not in each.text for each in desk.sent() if not each.recipient.endswith("@example.com"))


def test_t60_a_note_that_a_client_quotes_below_an_answer_is_cut_by_every_client(desk: World) -> None:
    letter = opened(desk)
    note = note_of(desk, letter)
    for number, (name, client) in enumerate(CLIENTS.items()):
        only = "html" if client.html and number % 2 else ""
        own = answer(client, note, [f"Here it is, number {number}."], only)
        public = re.sub(rb"(?im)^To: .*\r?$", f"To: {letter.reply_to}".encode(), own)
        public = re.sub(rb"(?im)^(In-Reply-To|References):.*\r?\n(?:[ \t].*\r?\n)*", b"", public)
        receipt = desk.receives(public, recipients=(letter.reply_to,))
        assert receipt.outcome in ("message", "command"), name  # after another's answer, the first is asked again
    assert sum("here it is" in each for each in to_customers(desk)) > 2
    kept_in(desk)


def test_t60_what_stands_below_an_answer_is_the_public_thread(desk: World) -> None:
    letter = opened(desk)
    note_of(desk, letter)
    desk.replies(ALICE, letter, "Please wait.")
    text = desk.the("reply", CAROL).text
    assert "> the export to PDF stops at page 3." in text
    kept_in(desk)


def test_t61_no_letter_has_a_key_of_another_reader(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, f"See {letter.reply_to} and {letter.message_id}, or mailto:{letter.reply_to}.")
    theirs = desk.sent("reply")
    desk.replies(CAROL, theirs[0], f"I got {theirs[0].reply_to}.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#status\nYes.")
    desk.receives(mail(BOB, text="copy EX-10001"))
    desk.seen = 0
    letters = desk.sent()
    owners = {token(each.message_id): each.recipient for each in letters}
    assert len(owners) == len(letters), "each reader has one of his own"
    for each in letters:
        text = everything(each.raw)
        assert {owners[key] for key in owners if key in text} == {each.recipient}, each.name


def test_t62_a_letter_with_an_agents_words_is_a_mail_of_ours(desk: World) -> None:
    letter = opened(desk)
    sender = f'"{SECRET}" <alice@example.com>'
    ident = f"<{SECRET}@laptop.private>"
    text = f"Please wait.\n\n-- \nAlice\nDirect line {SECRET}"
    desk.replies(sender, letter, text, headers=PRIVATE, message_id=ident)
    replies = desk.sent("reply")
    assert len(replies) == 2
    kept_in(desk)
    kept_in(desk, "alice@example.com")
    allowed = {
        *("from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"),
        *("x-maildesk-letter", "x-maildesk-ticket", "mime-version", "content-type", "content-transfer-encoding"),
    }
    for each in replies:
        assert {name.lower() for name in each.message} <= allowed
    desk.replies(CAROL, replies[0], "Thank you, and now?")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "Now it is mended.")
    assert SECRET not in "".join(str(each.message["References"]) for each in desk.sent("reply"))


def test_t63_a_picture_within_a_note_is_carried_to_nobody(desk: World) -> None:
    letter = opened(desk)
    picture = b"\x89PNG" + SECRET.encode()
    note = (
        f"From: {ALICE}\r\nTo: {letter.reply_to}\r\nSubject: Re: {letter.subject}\r\nMessage-ID: <n1@example.com>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="r"\r\n\r\n--r\r\n'
        'Content-Type: text/html\r\n\r\n<p>#note</p><p>Look:</p><img src="cid:p1">\r\n--r\r\n'
        "Content-Type: image/png\r\n"
        f'Content-ID: <p1>\r\nContent-Disposition: inline; filename="{SECRET}.png"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{b64encode(picture).decode()}\r\n--r--\r\n"
    )
    assert desk.receives(note.encode(), recipients=(letter.reply_to,)).outcome == "note"
    desk.replies(ALICE, letter, 'Please wait. <img src="cid:p1">', html='<p>Please wait. <img src="cid:p1"></p>')
    assert [each.attachments for each in desk.sent("reply")] == [{}, {}]
    desk.receives(mail(BOB, text="copy EX-10001"))
    kept_in(desk)
