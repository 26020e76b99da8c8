"""Mail by SMTP and LMTP: what is handed over, what is refused, and who is told what."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk.words import Later
from tests.doors.near import NOW, Client, House, house

SMTP = '[listen.in]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\n'
LMTP = '[listen.in]\nprotocol = "lmtp"\naddress = "127.0.0.1:0"\n'
SMALL = '[limits]\nmessage_size = "10KB"\n'
MAIL = b"From: carol@acme.example\r\nSubject: Hello\r\n\r\nIt is broken.\r\n"


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, SMTP + SMALL) as running:
        yield running


@pytest.fixture
def lmtp(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, LMTP + SMALL) as running:
        yield running


def sent(client: Client, octets: bytes) -> str:
    assert client.envelope()[-1].startswith("354")
    return client.say(octets + b".\r\n")


def test_a_mail_of_smtplib_is_handed_over_with_its_envelope(smtp: House) -> None:
    host, port = smtp.listeners.addresses["in"]
    with smtplib.SMTP(host, port) as client:
        client.sendmail("carol@acme.example", ["Support@Example.com"], MAIL)
    [(raw, envelope)] = smtp.storing.mails
    assert raw == MAIL
    assert (envelope.door, envelope.received, envelope.peer) == ("smtp:in", NOW, "127.0.0.1")
    assert (envelope.sender, envelope.recipients) == ("carol@acme.example", ("support@example.com",))
    assert envelope.refusable
    assert not envelope.verdicts


def test_the_next_mail_goes_over_the_same_connection(smtp: House) -> None:
    host, port = smtp.listeners.addresses["in"]
    with smtplib.SMTP(host, port) as client:
        for _ in range(3):
            client.sendmail("carol@acme.example", ["support@example.com"], MAIL)
    assert len(smtp.storing.mails) == 3


def test_250_is_said_only_after_the_storing(smtp: House) -> None:
    smtp.storing.at_once = False
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL + b".\r\n")
    smtp.storing.wait()
    client.sock.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.sock.recv(1)
    client.sock.settimeout(20)
    client.file = client.sock.makefile("rb")
    smtp.storing.finish(smtp.storing.futures[0])
    assert client.reply() == "250 2.0.0 Kept as 1"


def test_a_refusal_of_the_desk_is_said_after_the_final_dot(smtp: House) -> None:
    smtp.storing.refusal = "550 5.7.1 Please ask your colleagues"
    client = smtp.client()
    client.start()
    assert sent(client, MAIL) == "550 5.7.1 Please ask your colleagues"
    smtp.storing.refusal = ""
    assert sent(client, MAIL) == "250 2.0.0 Kept as 2"


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (Later(), "451 4.3.0 Try again later"),
        (Later("No room", full=True), "452 4.3.1 No room"),
        (RuntimeError("the password is hunter2"), "451 4.3.0 A fault of ours, try again later"),
    ],
    ids=["later", "full", "a fault of ours"],
)
def test_what_could_not_be_stored_is_put_off_and_never_refused(smtp: House, error: Exception, reply: str) -> None:
    smtp.storing.error = error
    client = smtp.client()
    client.start()
    assert sent(client, MAIL) == reply
    smtp.storing.error = None
    assert sent(client, MAIL) == "250 2.0.0 Kept as 2"
    assert "put-off" in smtp.log.getvalue()


def test_an_error_of_the_directory_is_put_off_at_rcpt(tmp_path: Path) -> None:
    def broken(address: str) -> bool:
        raise KeyError(address)

    with house(tmp_path, SMTP, knows=broken) as running:
        client = running.client()
        client.start()
        client.say("MAIL FROM:<carol@acme.example>")
        assert client.say("RCPT TO:<support@example.com>") == "451 4.3.0 A fault of ours, try again later"


def test_a_storing_that_takes_too_long_is_put_off_and_goes_on(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, answer_within=0.05) as running:
        running.storing.at_once = False
        client = running.client()
        client.start()
        assert sent(client, MAIL).startswith("451 4.3.0")
        assert not running.storing.futures[0].cancelled()


def test_each_mail_of_a_connection_may_take_the_whole_time(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, answer_within=0.2) as running:
        client = running.client()
        client.start()
        for _ in range(2):
            assert sent(client, MAIL).startswith("250")
        running.storing.at_once = False
        since = time.monotonic()
        assert sent(client, MAIL).startswith("451 4.3.0")
        assert time.monotonic() - since >= 0.2


def test_a_storing_given_up_by_the_ledger_is_put_off(smtp: House) -> None:
    smtp.storing.at_once = False
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL + b".\r\n")
    smtp.storing.wait()
    smtp.storing.futures[0].cancel()
    assert client.reply().startswith("451 4.3.0")


def test_a_client_that_drops_after_the_final_dot_does_not_undo_the_storing(smtp: House) -> None:
    smtp.storing.at_once = False
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL + b".\r\n")
    smtp.storing.wait()
    client.close()
    other = smtp.client()
    other.start()  # the loop has seen the first one go
    assert not smtp.storing.futures[0].cancelled()
    smtp.storing.finish(smtp.storing.futures[0])


def test_half_a_mail_leaves_nothing(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL)
    client.close()
    other = smtp.client()
    other.start()
    assert sent(other, MAIL) == "250 2.0.0 Kept as 1"
    assert len(smtp.storing.mails) == 1


def test_a_client_that_half_closes_still_gets_its_reply(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL + b".\r\n")
    client.sock.shutdown(1)
    assert client.reply() == "250 2.0.0 Kept as 1"
    assert client.reply() == ""


def test_lmtp_replies_once_for_each_recipient_even_repeats(lmtp: House) -> None:
    client = lmtp.client()
    client.start("LHLO there")
    replies = client.envelope("support@example.com", "nobody@example.com", "sales@example.com", "support@example.com")
    assert [reply[:9] for reply in replies[1:5]] == ["250 2.1.5", "550 5.1.1", "250 2.1.5", "250 2.1.5"]
    client.send(MAIL + b".\r\n")
    assert [client.reply() for _ in range(3)] == ["250 2.0.0 Kept as 1"] * 3
    assert lmtp.storing.mails[0][1].recipients == ("support@example.com", "sales@example.com", "support@example.com")
    assert lmtp.storing.mails[0][1].door == "lmtp:in"
    assert client.say("NOOP").startswith("250")


@pytest.mark.parametrize(
    ("octets", "code"),
    [(b"a\nb\r\n", "550 5.6.11"), (b"x" * 11_000 + b"\r\n", "552 5.3.4")],
    ids=["bare LF", "too big"],
)
def test_lmtp_says_its_refusals_for_each_recipient_too(lmtp: House, octets: bytes, code: str) -> None:
    client = lmtp.client()
    client.start("LHLO there")
    client.envelope("support@example.com", "sales@example.com")
    client.send(octets + b".\r\n")
    assert [client.reply().startswith(code) for _ in range(2)] == [True, True]
    assert client.say("NOOP").startswith("250")


def test_lmtp_says_a_fault_of_ours_for_each_recipient(lmtp: House) -> None:
    lmtp.storing.error = RuntimeError("boom")
    client = lmtp.client()
    client.start("LHLO there")
    client.envelope("support@example.com", "sales@example.com")
    client.send(MAIL + b".\r\n")
    assert [client.reply()[:9] for _ in range(2)] == ["451 4.3.0", "451 4.3.0"]


def test_lmtp_works_with_the_standard_library(lmtp: House) -> None:
    host, port = lmtp.listeners.addresses["in"]
    with smtplib.LMTP(host, port) as client:
        client.sendmail("carol@acme.example", ["support@example.com"], MAIL)
    assert lmtp.storing.mails[0][0] == MAIL


@pytest.mark.parametrize("hello", ["EHLO there", "HELO there"])
def test_lmtp_knows_no_helo(lmtp: House, hello: str) -> None:
    client = lmtp.client()
    assert client.reply().startswith("220 ")
    assert client.say(hello).startswith("500 5.5.1")
    assert client.say("MAIL FROM:<a@b.example>").startswith("503")


def test_smtp_knows_no_lhlo(smtp: House) -> None:
    client = smtp.client()
    assert client.reply().startswith("220 ")
    assert client.say("LHLO there").startswith("500 5.5.1")


def test_a_dot_that_begins_a_line_is_unstuffed(smtp: House) -> None:
    client = smtp.client()
    client.start()
    sent(client, b"..first\r\n...\r\n\r\n....\r\nx.\r\n")
    assert smtp.storing.mails[0][0] == b".first\r\n..\r\n\r\n...\r\nx.\r\n"


def test_an_empty_mail_ends_at_once(smtp: House) -> None:
    client = smtp.client()
    client.start()
    assert sent(client, b"") == "250 2.0.0 Kept as 1"
    assert sent(client, b"\r\n") == "250 2.0.0 Kept as 2"
    assert [raw for raw, _ in smtp.storing.mails] == [b"", b"\r\n"]


@pytest.mark.parametrize("cut", range(1, 18))
def test_a_mail_may_arrive_in_pieces_cut_anywhere(smtp: House, cut: int) -> None:
    client = smtp.client()
    client.start()
    client.envelope()
    octets = b"a\r\n..b\r\n\r\n.\r\nNOOP\r\n"
    client.send(octets[:cut])
    smtp.client().start()  # the loop has had its turn
    client.send(octets[cut:])
    assert client.reply() == "250 2.0.0 Kept as 1"
    assert client.reply().startswith("250")
    assert smtp.storing.mails[0][0] == b"a\r\n.b\r\n\r\n"


def test_commands_and_mail_in_one_segment_are_taken_in_order(smtp: House) -> None:
    client = smtp.client()
    client.start()
    transaction = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.com>\r\nDATA\r\n" + MAIL + b".\r\n"
    client.send(transaction * 2 + b"QUIT\r\nNOOP\r\n")
    codes = [client.reply()[:3] for _ in range(9)]
    assert codes == ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert client.reply() == ""
    assert [raw for raw, _ in smtp.storing.mails] == [MAIL, MAIL]


def test_many_refused_mails_in_one_go_are_answered_each(smtp: House) -> None:
    client = smtp.client()
    client.start()
    transaction = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.com>\r\nDATA\r\nx\ny\r\n.\r\n"
    client.send(transaction * 100 + b"QUIT\r\n")
    codes = [client.reply()[:3] for _ in range(401)]
    assert codes == ["250", "250", "354", "550"] * 100 + ["221"]
    assert not smtp.storing.mails


SMUGGLED = b"MAIL FROM:<evil@b.example>\r\nRCPT TO:<support@example.com>\r\nDATA\r\nFrom: x\r\n\r\ny\r\n"


@pytest.mark.parametrize(
    "ending",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r.\r",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\n.\r",
        b"\r\n\0.\r\n",
        b"\r\n.\0\r\n",
        b"\r\r\n.\r\r\n",
    ],
    ids=repr,
)
def test_no_other_line_end_ends_a_mail(smtp: House, ending: bytes) -> None:
    client = smtp.client()
    client.start()
    reply = sent(client, b"Subject: one\r\n\r\nbody" + ending + SMUGGLED)
    assert reply.startswith("550 5.6.11") or b"\0" in ending
    assert len(smtp.storing.mails) == (1 if b"\0" in ending else 0)
    assert client.say("NOOP").startswith("250"), "the session is in step"


@pytest.mark.parametrize("octets", [b"a\rb\r\n", b"a\nb\r\n", b"\n\r\n", b"\r\r\n"], ids=repr)
def test_a_bare_cr_or_lf_is_refused(smtp: House, octets: bytes) -> None:
    client = smtp.client()
    client.start()
    assert sent(client, octets).startswith("550 5.6.11")


def test_a_mail_over_the_limit_is_refused_and_the_next_is_taken(smtp: House) -> None:
    client = smtp.client()
    client.start()
    assert "\n250-SIZE 10240\n" in client.say("EHLO again")
    assert sent(client, b"x" * 10_240 + b"\r\n").startswith("552 5.3.4")
    assert sent(client, b"x" * 10_238 + b"\r\n").startswith("250")


def test_stuffed_dots_do_not_count_for_the_limit(smtp: House) -> None:
    client = smtp.client()
    client.start()
    assert sent(client, b"..aaaaa\r\n" * 1280).startswith("250")
    assert len(smtp.storing.mails[0][0]) == 10_240


def test_a_declared_size_over_the_limit_is_refused_at_mail(smtp: House) -> None:
    client = smtp.client()
    client.start()
    assert client.say("MAIL FROM:<a@b.example> SIZE=10241").startswith("552 5.3.4")
    assert client.say("MAIL FROM:<a@b.example> SIZE=10240").startswith("250")


def test_a_mail_without_end_is_cut_off(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.envelope()
    block = b"x" * 70 + b"\r\n"
    with pytest.raises(ConnectionError):
        client.send(block * 1_000_000)


def test_t81_long_lines_are_taken_and_a_line_of_a_megabyte_is_not(tmp_path: Path) -> None:
    with house(tmp_path, SMTP) as running:
        client = running.client()
        began = time.process_time()
        client.start()
        for length in (2_000, 60_000, 400_000):
            assert sent(client, b"X: " + b"x" * length + b"\r\n\r\n").startswith("250")
        assert sent(client, b"X: " + b"x" * (1 << 20) + b"\r\n\r\n").startswith("500 5.6.0")
        assert time.process_time() - began < 2, "seconds of the processor"


def test_no_more_mail_is_begun_than_memory_has_room_for(tmp_path: Path) -> None:
    with house(tmp_path, SMTP + SMALL) as running:
        running.listeners.room.left = 10_000
        client = running.client()
        client.start()
        assert client.envelope()[-1].startswith("452 4.3.1")
        running.listeners.room.left = 30_000
        assert client.say("DATA").startswith("354")
        running.listeners.room.left = 5_000
        assert client.say(b"x" * 6_000 + b"\r\n.\r\n").startswith("452 4.3.1")
        assert running.listeners.room.left == 5_000


def test_a_large_mail_goes_through_whole(tmp_path: Path) -> None:
    raw = b"Subject: large\r\n\r\n" + b"".join(b"%d .line\r\n.dot\r\n" % number for number in range(300_000))
    with house(tmp_path, SMTP) as running:
        host, port = running.listeners.addresses["in"]
        with smtplib.SMTP(host, port) as client:
            client.sendmail("carol@acme.example", ["support@example.com"], raw)
        assert running.storing.mails[0][0] == raw
