"""The mailboxes on a real Dovecot."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from maildesk.words import Outcome
from tests.builders import mail
from tests.doors.mailbox_world import QUICK, Desk, Memory, conf, later, serving, wait_until
from tests.dovecot import Dovecot

LONG_AGO = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def numbered(number: int) -> bytes:
    return mail(subject=f"Question {number}", text=f"question {number}\n")


def test_mail_that_arrives_during_idle_is_received_and_moved_to_done(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    with serving(conf(tmp_path, dovecot.imap, user), desk) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        dovecot.deliver(user, numbered(1))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the move")
    assert desk.bodies == [b"question 1"]
    assert dovecot.count(user, "INBOX") == 0


def test_the_envelope_is_what_the_delivering_server_wrote(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    dovecot.deliver(user, numbered(1), sender="Bounces+7@acme.example")
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: desk.got, "the mail")
    raw, envelope = desk.got[0]
    assert (envelope.sender, envelope.recipients) == ("bounces+7@acme.example", (user,))
    assert (envelope.door, envelope.queue, envelope.verdicts) == ("imap:support", "technical", True)
    assert envelope.source.startswith(f"{user}@127.0.0.1/INBOX/")
    assert envelope.source.endswith("/1")
    assert raw.endswith(b"question 1\r\n")


def test_several_hundred_waiting_mails_are_received_once_each_in_order_and_moved(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user, desk = dovecot.user(), Desk()
    dovecot.append(user, [numbered(number) for number in range(450)])
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 450, "all moves")
    assert desk.bodies == [b"question %d" % number for number in range(450)]


def test_nothing_is_changed_in_the_folder_before_the_receipt(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    desk.gate.clear()
    dovecot.append(user, [numbered(1)])
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: desk.got, "the mail")
        with dovecot.client(user) as client:
            client.select_folder("INBOX", readonly=True)
            assert client.search("UNSEEN") == [1]
        assert dovecot.count(user, "Maildesk/Done") == 0
        desk.gate.set()
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the move")


def test_what_is_held_goes_to_the_held_folder(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    desk.outcome = lambda raw: Outcome.HELD if b"question 1" in raw else Outcome.TICKET
    dovecot.append(user, [numbered(number) for number in range(3)])
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: dovecot.count(user, "Maildesk/Held") == 1, "the held mail")
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 2, "the others")


def test_mail_that_cannot_be_stored_now_stays_and_is_tried_again(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    desk.outcome = lambda raw: later()
    dovecot.append(user, [numbered(1)])
    log = io.StringIO()
    with serving(conf(tmp_path, dovecot.imap, user), desk, log=log) as mailboxes:
        wait_until(lambda: len(desk.got) >= 3, "three tries")
        assert dovecot.count(user, "INBOX") == 1
        assert "1 mails wait" in mailboxes.status()["support"].last_error
        desk.outcome = lambda raw: Outcome.TICKET
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the move")
        wait_until(lambda: not mailboxes.status()["support"].last_error, "no error any more")
    assert "put-off door=imap:support" in log.getvalue()


def test_one_mail_that_makes_the_desk_stumble_holds_up_no_other(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    desk.outcome = lambda raw: ValueError("a fault of ours") if b"question 0" in raw else Outcome.TICKET
    dovecot.append(user, [numbered(number) for number in range(3)])
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 2, "the others")
        dovecot.append(user, [numbered(3)])
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 3, "the next")
        assert dovecot.count(user, "INBOX") == 1


def test_mail_from_before_the_first_login_is_left_untouched(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk, memory = dovecot.user(), Desk(), Memory()
    with dovecot.client(user) as client:
        client.append("INBOX", numbered(1), msg_time=LONG_AGO)
    settings = conf(tmp_path, dovecot.imap, user, 'since = "start"')
    with serving(settings, desk, memory) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        dovecot.deliver(user, numbered(2))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the new mail")
    dovecot.deliver(user, numbered(3))
    with serving(settings, desk, memory):
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 2, "mail that came while nobody looked")
    assert desk.bodies == [b"question 2", b"question 3"]
    with dovecot.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == [1]


def test_a_server_whose_clock_is_behind_loses_no_new_mail(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    with serving(conf(tmp_path, dovecot.imap, user, 'since = "start"'), desk) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        with dovecot.client(user) as client:
            client.append("INBOX", numbered(1), msg_time=LONG_AGO)
        wait_until(lambda: desk.bodies == [b"question 1"], "the mail")


def test_since_a_date_takes_mail_from_that_day_on(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    with dovecot.client(user) as client:
        client.append("INBOX", numbered(1), msg_time=LONG_AGO.replace(day=1))
        client.append("INBOX", numbered(2), msg_time=LONG_AGO.replace(day=2))
    with serving(conf(tmp_path, dovecot.imap, user, f"since = {LONG_AGO:%Y-%m}-02"), desk) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
    assert desk.bodies == [b"question 2"]


def test_a_new_uidvalidity_means_another_look_at_everything(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk, memory = dovecot.user(), Desk(), Memory()
    desk.outcome = lambda raw: later()
    dovecot.append(user, [numbered(1)])
    log = io.StringIO()
    with serving(conf(tmp_path, dovecot.imap, user), desk, memory, log=log):
        wait_until(lambda: desk.got, "the first try")
        dovecot.doveadm("mailbox", "update", "-u", user, "--uid-validity", 4711, "INBOX")
        wait_until(lambda: any("/4711/" in envelope.source for _, envelope in list(desk.got)), "the new number")
        desk.outcome = lambda raw: Outcome.DUPLICATE
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the move")
    assert memory.validity == {"support": 4711}
    assert "mailbox-rescan mailbox=support uidvalidity=4711" in log.getvalue()


def test_mail_that_was_stored_before_a_crash_is_offered_again_by_the_same_name_and_moved(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user, desk, again = dovecot.user(), Desk(), Desk()
    desk.gate.clear()  # killed between the commit and the move: no receipt arrives
    dovecot.append(user, [numbered(1)])
    settings = conf(tmp_path, dovecot.imap, user)
    with serving(settings, desk, pace=replace(QUICK, receipt=0.1)):
        wait_until(lambda: desk.got, "the mail")
    again.outcome = lambda raw: Outcome.HELD  # the desk knows the source, and answers as it did then
    with serving(settings, again):
        wait_until(lambda: dovecot.count(user, "Maildesk/Held") == 1, "the move")
    assert {envelope.source for _, envelope in again.got} == {desk.got[0][1].source}
    desk.gate.set()


def test_a_kicked_client_comes_back(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    log = io.StringIO()
    with serving(conf(tmp_path, dovecot.imap, user), desk, log=log) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        dovecot.doveadm("kick", user)
        wait_until(lambda: "mailbox-lost" in log.getvalue(), "the loss")
        dovecot.deliver(user, numbered(1))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the mail after it")


def test_a_restarted_server_is_found_again(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    with serving(conf(tmp_path, dovecot.imap, user), desk) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        dovecot.stop()
        wait_until(lambda: mailboxes.status()["support"].last_error, "the error")
        dovecot.start()
        dovecot.deliver(user, numbered(1))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the mail after it")
        wait_until(lambda: mailboxes.status()["support"].last_error == "", "no error any more")


def test_a_mail_over_the_limit_goes_whole_to_the_held_folder_and_its_head_to_the_desk(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user, desk = dovecot.user(), Desk()
    large = mail(text="long line\n" * 30_000)
    dovecot.append(user, [large, numbered(1)])
    limits = '[limits]\nmessage_size = "100KB"'
    with serving(conf(tmp_path, dovecot.imap, user, limits=limits), desk):
        wait_until(lambda: dovecot.count(user, "Maildesk/Held") == 1, "the large mail")
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the other")
    head, envelope = desk.got[0] if desk.got[0][1].cut else desk.got[1]
    assert "message_size" in envelope.cut
    assert b"Subject: The export fails" in head
    assert b"long line" not in head


def test_a_vanished_done_folder_is_made_again(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    with serving(conf(tmp_path, dovecot.imap, user), desk) as mailboxes:
        wait_until(lambda: mailboxes.status()["support"].last_good, "the first look")
        with dovecot.client(user) as client:
            client.delete_folder("Maildesk/Done")
        dovecot.deliver(user, numbered(1))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the move")


def test_a_server_with_a_prefix_and_dots_gets_its_own_kind_of_names(courier_like: Dovecot, tmp_path: Path) -> None:
    user, desk = courier_like.user(), Desk()
    courier_like.append(user, [numbered(1)])
    with serving(conf(tmp_path, courier_like.imap, user), desk):
        wait_until(lambda: courier_like.count(user, "INBOX.Maildesk.Done") == 1, "the move")


@pytest.mark.parametrize(("tls", "port"), [("implicit", "imaps"), ("starttls", "imap")])
def test_a_verified_certificate_is_needed_and_enough(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str, port: str
) -> None:
    user, desk = dovecot.user(), Desk()
    dovecot.append(user, [numbered(1)])
    settings = conf(tmp_path, getattr(dovecot, port), user, f'tls = "{tls}"\nhost = "localhost"')
    log = io.StringIO()
    with serving(settings, desk, log=log) as mailboxes:
        wait_until(lambda: "CERTIFICATE_VERIFY_FAILED" in mailboxes.status()["support"].last_error, "the refusal")
        assert desk.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the mail")


def test_a_certificate_of_another_name_is_refused(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    settings = conf(tmp_path, dovecot.imaps, dovecot.user(), 'tls = "implicit"\nhost = "127.0.0.2"')
    with serving(settings, Desk()) as mailboxes:
        wait_until(lambda: "IP address mismatch" in mailboxes.status()["support"].last_error, "the refusal")


def test_a_wrong_password_is_told_without_it_and_the_right_one_is_taken_from_the_file_later(
    dovecot: Dovecot, tmp_path: Path
) -> None:
    user, desk = dovecot.user(), Desk()
    settings = conf(tmp_path, dovecot.imap, user)
    password = (tmp_path / "imap-password").read_text()
    (tmp_path / "imap-password").write_text("wrong staple")
    log = io.StringIO()
    with serving(settings, desk, log=log) as mailboxes:
        wait_until(lambda: "AUTHENTICATIONFAILED" in mailboxes.status()["support"].last_error, "the refusal")
        (tmp_path / "imap-password").write_text(password)
        wait_until(lambda: mailboxes.status()["support"].last_good, "the login")
    assert "wrong" not in log.getvalue()


def test_two_daemons_serve_one_mailbox_in_turn(dovecot: Dovecot, tmp_path: Path) -> None:
    lock = threading.Lock()

    @contextmanager
    def serve(name: str) -> Iterator[bool]:
        mine = lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()

    user, first, second = dovecot.user(), Desk(), Desk()
    settings = conf(tmp_path, dovecot.imap, user)
    with serving(settings, second, serve=serve) as waiting:
        wait_until(lambda: waiting.status()["support"].last_good, "the lock to be held")
        with serving(settings, first, serve=serve) as other:
            dovecot.deliver(user, numbered(1))
            wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the mail")
            assert not other.status()["support"].connected
            waiting.stop(10)
            dovecot.deliver(user, numbered(2))
            wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 2, "the mail")
    assert (second.bodies, first.bodies) == ([b"question 1"], [b"question 2"])


def test_a_human_who_deletes_a_mail_in_the_middle_of_it_disturbs_nobody(dovecot: Dovecot, tmp_path: Path) -> None:
    user, desk = dovecot.user(), Desk()
    desk.gate.clear()
    dovecot.append(user, [numbered(1), numbered(2)])
    with serving(conf(tmp_path, dovecot.imap, user), desk):
        wait_until(lambda: len(desk.got) == 2, "the mails")
        with dovecot.client(user) as human:
            remove(human, 1)
        desk.gate.set()
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 1, "the other mail")
    assert dovecot.count(user, "INBOX") == 0


def remove(client: IMAPClient, uid: int) -> None:
    client.select_folder("INBOX")
    client.delete_messages([uid])
    client.uid_expunge([uid])
