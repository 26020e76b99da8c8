"""What must not leave by words: notes in quotations, keys in quoted letters, commands that an agent did not write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from tests.builders import ALICE, ANTON, CAROL, SUPPORT, mail
from tests.desk.world import Sent, World

NOTE = "CANARY they never pay"
MARKER = "##- Please type your reply above this line -##"
STYLES: dict[str, Callable[[str], str]] = {
    "initials": lambda letter: "Please reboot.\n\n" + "\n".join(f"TS> {line}" for line in letter.splitlines()),
    "a wrapped marker": lambda letter: "Please reboot.\n\n" + letter.replace("above this", "above\nthis"),
    "an emphasised marker": lambda letter: "Please reboot.\n\n" + letter.replace(MARKER, f"*{MARKER}*"),
    "pipes": lambda letter: "Please reboot.\n\n" + "\n".join(f"| {line}" for line in letter.splitlines()),
    "nothing at all": lambda letter: f"Please reboot.\n\n{letter}",
    "words above and below": lambda letter: (
        "\n".join(f"> {line}" for line in letter.splitlines()) + "\n\nPlease reboot."
    ),
}


def key_of(letter: Sent) -> str:
    found = re.search(r"\.([a-z2-7]{27,39})@", letter.message_id)
    assert found
    return found[1]


def noted(desk: World) -> Sent:
    """What Alice, the owner, is told of Anton's note."""
    desk.receives(mail(CAROL))
    hers, his = desk.the("agent_ticket", ALICE), desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, hers, "Hello Carol")
    desk.replies(ANTON, his, f"#note {NOTE}")
    letter = desk.the("agent_update", ALICE)
    assert NOTE in letter.text
    return letter


@pytest.mark.parametrize("style", STYLES.values(), ids=list(STYLES))
def test_a_note_that_a_reply_quotes_reaches_no_customer(desk: World, style: Callable[[str], str]) -> None:
    letter = noted(desk)
    desk.receives(mail(ALICE, to=_of_the_ticket(desk), subject="Re: [EX-10001]", text=style(letter.text)))
    reply = desk.the("reply", CAROL)
    assert "Please reboot." in reply.text
    assert "CANARY" not in reply.text + reply.html + reply.raw.decode()


def _of_the_ticket(desk: World) -> str:
    """The keyed address of Alice's first letter: one that is about no note."""
    desk.seen = 0
    return next(each.reply_to for each in desk.sent("agent_ticket") if each.recipient in ALICE)


def test_a_file_behind_an_empty_text_commands_nothing(desk: World) -> None:
    desk.receives(mail(CAROL))
    letter = desk.the("agent_ticket", ALICE)
    content = mail(
        ALICE, to=letter.reply_to, subject="Re: x", text="", attachments=[("log.txt", b"#closed\n", "text/plain")]
    )
    inline = content.replace(b"Content-Disposition: attachment", b"Content-Disposition: inline")
    assert inline != content
    desk.receives(inline)
    assert desk.ticket()["status"] != "closed"


def test_a_quoted_key_reaches_nobody_else(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    desk.time_passes(days=1, minutes=5)
    reminder = desk.the("closing_soon", CAROL)
    key = key_of(reminder)
    assert key in reminder.html
    quoted = f"keep open\n\n{reminder.html}\n{reminder.reply_to} {reminder.message_id}"
    receipt = desk.receives(mail(CAROL, to=reminder.reply_to, subject="Once more", text=quoted))
    assert desk.sent()
    for letter in desk.sent():
        assert key not in (letter.raw.decode() + letter.text + letter.html + letter.subject).lower()
    assert key not in json.dumps(desk.ticket(receipt.ticket)["messages"][-1]).lower()


def test_a_key_in_a_subject_does_not_become_a_tickets_subject(desk: World) -> None:
    desk.receives(mail(CAROL))
    key = key_of(desk.the("acknowledgement", CAROL))
    receipt = desk.receives(mail(CAROL, to=SUPPORT, subject=f"Another matter ({key})"))
    assert key not in json.dumps(desk.ticket(receipt.ticket))
    assert not [letter for letter in desk.sent() if key in letter.subject]
