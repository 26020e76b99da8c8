"""The same first mail by a mailbox of a real Dovecot, and by a second door."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.builders import CAROL, DAVE, SUPPORT, mail
from tests.dovecot import PASSWORD, Dovecot, wait_until
from tests.e2e.process import House
from tests.e2e.sink import Sink

MAILBOX = """
[mailbox.support]
host = "127.0.0.1"
port = {port}
tls = "none"
user = "{user}"
password_file = "imap-password"
since = "all"
"""


def of_mailbox(folder: Path, port: int, user: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "imap-password"
    secret.touch(0o600)
    secret.write_text(PASSWORD)
    return MAILBOX.format(port=port, user=user)


def test_mail_of_a_mailbox_is_answered_once_and_moved(dovecot: Dovecot, tmp_path: Path, sink: Sink) -> None:
    user = dovecot.user()
    house = House(tmp_path, sink.port, of_mailbox(tmp_path, dovecot.imap, user))
    before, later, of_a_stranger = mail(), mail(subject="Another"), mail(DAVE)
    dovecot.deliver(user, before)
    with house.run() as desk:
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the first mail to be moved")
        dovecot.deliver(user, later)  # and this one is heard of in IDLE
        dovecot.deliver(user, of_a_stranger, sender="dave@acme.example")
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 2, "the second mail to be moved")
        wait_until(lambda: dovecot.count(user, "Maildesk/Held") == 1, "the held mail to be moved")
        assert dovecot.count(user, "INBOX") == 0
        sink.wait(lambda letter: letter.name == "acknowledgement" and letter.recipient in CAROL, count=2)

        assert desk.takes(before)[0] == 250
        dovecot.append(user, [later])
        wait_until(lambda: dovecot.count(user, "INBOX") == 0, "the repeated mail to be moved")
        assert desk.sigterm()[0] == 0
    house.all_sent()
    outcomes = [(row["door"], row["outcome"]) for row in house.rows()]
    assert sorted(outcomes) == [
        ("imap:support", "duplicate"),
        ("imap:support", "held"),
        ("imap:support", "ticket"),
        ("imap:support", "ticket"),
        ("smtp:smtp", "duplicate"),
    ]
    assert len(sink.named("acknowledgement")) == 2
    assert [letter.recipient for letter in sink.named("redirect")] == ["dave@acme.example"]


def test_a_reply_that_came_while_the_desk_stood_still_reopens_what_would_have_closed_meanwhile(
    dovecot: Dovecot, tmp_path: Path, sink: Sink
) -> None:
    user = dovecot.user()
    soon = '[closing]\nsolved_after = "1s"\nremind_before = "0s"\n'
    house = House(tmp_path, sink.port, of_mailbox(tmp_path, dovecot.imap, user) + soon)

    def writes(raw: bytes) -> None:
        assert house.verb("deliver", "--to", SUPPORT, "--from", "carol@acme.example", mail=raw).code == 0

    writes(mail())
    reference = house.rows()[0]["ticket"]
    writes(mail(subject=f"Re: [{reference}]", text="solved"))

    def is_over() -> bool:
        ends = [each["at"] for each in house.verb("due", "--json").json if each["what"] == "close"]
        return datetime.fromisoformat(ends[0]) < datetime.now(UTC)

    wait_until(is_over, "the time to close it")
    dovecot.deliver(user, mail(subject=f"Re: [{reference}] Still broken", text="No, it fails again."))
    with house.run():
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the reply to be moved")
        house.all_sent()
    shown = house.verb("ticket", "show", reference, "--json").json
    assert shown["status"] == "open"
    assert [each["direction"] for each in shown["messages"]].count("in") == 3
    assert not sink.named("closed")
