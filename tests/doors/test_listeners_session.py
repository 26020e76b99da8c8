"""Sessions: greetings, addresses, limits, TLS, who may enter, where is listened, and how it ends."""

from __future__ import annotations

import io
import os
import re
import smtplib
import socket
import ssl
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk import config
from maildesk.doors.crowd import Crowd
from maildesk.doors.listeners import Listeners
from maildesk.doors.sockets import CannotListen
from maildesk.journal import Journal
from tests.doors.near import HEAD, NOW, House, Storing, certificate, house

SMTP = '[listen.in]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\n'
MAIL = b"From: carol@acme.example\r\nSubject: Hello\r\n\r\nIt is broken.\r\n"


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, SMTP) as running:
        yield running


@pytest.fixture
def starttls(tmp_path: Path) -> Iterator[House]:
    certificate(tmp_path)
    text = SMTP + 'tls = "starttls"\ntls_cert = "server.pem"\ntls_key = "server.key"\n'
    with house(tmp_path, text) as running:
        yield running


@pytest.fixture
def implicit(tmp_path: Path) -> Iterator[House]:
    certificate(tmp_path)
    text = SMTP + 'tls = "implicit"\ntls_cert = "server.pem"\ntls_key = "server.key"\n'
    with house(tmp_path, text) as running:
        yield running


# what is said


def test_the_extensions_are_those_that_are_kept(smtp: House) -> None:
    client = smtp.client()
    lines = client.start().splitlines()
    assert lines[0] == "250-maildesk.example.com"
    assert {line[4:] for line in lines[1:]} == {
        "PIPELINING",
        f"SIZE {25 * 1024 * 1024}",
        "8BITMIME",
        "SMTPUTF8",
        "ENHANCEDSTATUSCODES",
    }


def test_every_reply_after_the_greeting_has_an_enhanced_status_code(smtp: House) -> None:
    client = smtp.client()
    client.start()
    said = [
        "NOOP",
        "RSET",
        "VRFY carol",
        "VRFY",
        "EXPN all",
        "HELP",
        "STARTTLS",
        "AUTH PLAIN AGEAYg==",
        "DATA",
        "",
        "WHAT",
    ]
    said += [
        "MAIL",
        "MAIL FROM:<a@b.example> X=1",
        "RCPT TO:<a@b.example>",
        "MAIL FROM:<a@b.example>",
        "RCPT TO:<>",
        "QUIT",
    ]
    for command in said:
        reply = client.say(command)
        assert re.match(r"([245])\d\d \1\.\d{1,3}\.\d{1,3} \S", reply), (command, reply)


@pytest.mark.parametrize(
    ("command", "code"),
    [("VRFY carol@acme.example", "252"), ("EXPN staff", "502"), ("AUTH PLAIN AGEAYg==", "500"), ("BOGUS", "500")],
)
def test_nobody_is_verified_expanded_or_logged_in(smtp: House, command: str, code: str) -> None:
    client = smtp.client()
    client.start()
    assert client.say(command).startswith(code)


def test_commands_out_of_order_are_told_so(smtp: House) -> None:
    client = smtp.client()
    client.reply()
    assert client.say("MAIL FROM:<a@b.example>").startswith("503")
    client.say("EHLO there")
    assert client.say("RCPT TO:<support@example.com>").startswith("503")
    assert client.say("DATA").startswith("503")
    client.say("MAIL FROM:<a@b.example>")
    assert client.say("MAIL FROM:<a@b.example>").startswith("503")
    assert client.say("DATA").startswith("503")
    client.say("RCPT TO:<nobody@example.com>")
    assert client.say("DATA").startswith("503"), "all recipients were refused"
    client.say("RSET")
    assert client.say("RCPT TO:<support@example.com>").startswith("503")


def test_a_new_greeting_forgets_the_envelope(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.say("MAIL FROM:<a@b.example>")
    client.say("EHLO again")
    assert client.say("MAIL FROM:<a@b.example>").startswith("250")


def test_a_command_line_of_a_megabyte_is_refused_and_the_next_is_read(smtp: House) -> None:
    client = smtp.client()
    client.start()
    assert client.say(b"NOOP " + b"x" * (1 << 20) + b"\r\n").startswith("500")
    assert client.say("NOOP").startswith("250")


def test_a_guesser_is_shown_the_door(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.say("MAIL FROM:<a@b.example>")
    replies = [client.say(f"RCPT TO:<guess{number}@example.com>") for number in range(101)]
    assert all(reply.startswith("550 5.1.1") for reply in replies)
    assert client.say("NOOP").startswith("421 4.7.0")
    assert client.reply() == ""


def test_a_browser_is_sent_away(smtp: House) -> None:
    client = smtp.client()
    client.reply()
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\nMAIL FROM:<a@b.example>\r\n")
    assert client.reply().startswith("421")
    assert client.reply() == ""


def test_another_size_of_a_mail_is_taken_while_running(smtp: House, tmp_path: Path) -> None:
    smtp.listeners.reload(config.parse(HEAD + '[limits]\nmessage_size = "1KB"\n', tmp_path))
    client = smtp.client()
    assert "SIZE 1024\n" in client.start()
    assert client.say("MAIL FROM:<a@b.example> SIZE=1025").startswith("552")


# addresses


def test_an_unknown_recipient_is_refused_and_written_down(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.say("MAIL FROM:<a@b.example>")
    assert client.say("RCPT TO:<nobody@example.com>").startswith("550 5.1.1")
    assert "recipient-refused listener=in peer=127.0.0.1 recipient=nobody@example.com" in smtp.log.getvalue()


def test_a_listener_with_a_queue_takes_every_recipient(tmp_path: Path) -> None:
    with house(tmp_path, SMTP + 'queue = "technical"\n') as running:
        client = running.client()
        client.start()
        client.say("MAIL FROM:<a@b.example>")
        assert client.say("RCPT TO:<nobody@elsewhere.example>").startswith("250")
        client.say("DATA")
        client.say(MAIL + b".\r\n")
        assert running.storing.mails[0][1].queue == "technical"


def test_verdicts_are_marked_on_the_envelope_where_they_may_count(tmp_path: Path) -> None:
    with house(tmp_path, SMTP + 'verdicts = true\nallow = ["127.0.0.1"]\n') as running:
        client = running.client()
        client.start()
        client.envelope()
        client.say(MAIL + b".\r\n")
        assert running.storing.mails[0][1].verdicts


@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("<>", ""),
        ("<Carol@Acme.Example>", "carol@acme.example"),
        ("<@relay.example,@other.example:carol@acme.example>", "carol@acme.example"),
        ("carol@acme.example", "carol@acme.example"),
        (" <carol@acme.example>", "carol@acme.example"),
        ('<"carol jones"@acme.example>', '"carol jones"@acme.example'),
        ('<"a>b"@acme.example>', '"a>b"@acme.example'),
        ("<carol@[192.0.2.1]>", "carol@[192.0.2.1]"),
        ("<root>", "root"),
    ],
)
def test_senders_are_taken_in_all_their_forms(smtp: House, path: str, sender: str) -> None:
    client = smtp.client()
    client.start()
    assert client.say(f"MAIL FROM:{path}").startswith("250")
    client.say("RCPT TO:<support@example.com>")
    client.say("DATA")
    client.say(MAIL + b".\r\n")
    assert smtp.storing.mails[0][1].sender == sender


@pytest.mark.parametrize(
    "path",
    [
        b"<a\rX: y@b.example>",
        b"<a\0@b.example>",
        b"<a\x7f@b.example>",
        b"<a\tb@c.example>",
        b"<\xff\xfe@b.example>",
        b"<a@b.example",
        b"a@b.example>",
        b"<a b@c.example>",
        b"<a@b@c.example>",
        b"<a@b.example> <c@d.example>",
        b"<<a@b.example>>",
        b"<a\xe2\x80\xaeb@c.example>",
        b"<a@b.example>SIZE=1",
        b"<",
        b"",
        b"<" + b"a" * 600 + b"@b.example>",
    ],
    ids=repr,
)
@pytest.mark.parametrize("verb", [b"MAIL FROM:", b"RCPT TO:"], ids=["mail", "rcpt"])
def test_malformed_addresses_are_refused_with_501(smtp: House, verb: bytes, path: bytes) -> None:
    client = smtp.client()
    client.start()
    if verb == b"RCPT TO:":
        client.say("MAIL FROM:<a@b.example> SMTPUTF8")
    assert client.say(verb + path + b"\r\n").startswith("501 5.")
    assert client.say("NOOP").startswith("250")


@pytest.mark.parametrize("path", ["<Postmaster>", "<postmaster>", "<POSTMASTER>"])
def test_postmaster_without_a_domain_is_taken(smtp: House, path: str) -> None:
    client = smtp.client()
    client.start()
    client.say("MAIL FROM:<>")
    assert client.say(f"RCPT TO:{path}").startswith("250")
    client.say("DATA")
    client.say(MAIL + b".\r\n")
    assert smtp.storing.mails[0][1].recipients == ("postmaster",)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ("SIZE=100 BODY=8BITMIME SMTPUTF8", "250"),
        ("body=7bit size=0", "250"),
        ("SIZE=x", "501"),
        ("SIZE", "501"),
        ("BODY=BINARYMIME", "501"),
        ("SMTPUTF8=yes", "501"),
        ("RET=HDRS", "555"),
        ("AUTH=<>", "555"),
        ("SIZE=99999999999999999999999999", "552"),
    ],
)
def test_parameters_of_mail(smtp: House, parameters: str, code: str) -> None:
    client = smtp.client()
    client.start()
    assert client.say(f"MAIL FROM:<a@b.example> {parameters}").startswith(code)


def test_an_address_outside_ascii_needs_smtputf8(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, knows=lambda address: address == "jürgen@xn--bcher-kva.example") as running:
        client = running.client()
        client.start()
        assert client.say("MAIL FROM:<jürgen@example.com>").startswith("550 5.6.7")
        assert client.say("MAIL FROM:<a@b.example>").startswith("250")
        assert client.say("RCPT TO:<jürgen@bücher.example>").startswith("550 5.6.7")
        client.say("RSET")
        assert client.say("MAIL FROM:<jürgen@example.com> SMTPUTF8").startswith("250")
        assert client.say("RCPT TO:<jürgen@bücher.example>").startswith("250")


def test_t79_a_flood_of_recipients_ends_at_a_hundred(smtp: House) -> None:
    client = smtp.client()
    began = time.process_time()
    client.start()
    client.say("MAIL FROM:<a@b.example>")
    client.send(b"RCPT TO:<support@example.com>\r\n" * 5_000)
    codes = [client.reply()[:9] for _ in range(5_000)]
    assert codes == ["250 2.1.5"] * 100 + ["452 4.5.3"] * 4_900
    assert time.process_time() - began < 2, "seconds of the processor, the client's own among them"
    assert client.say("DATA").startswith("354")


# who may enter


def test_lmtp_is_for_this_machine_unless_others_are_allowed(tmp_path: Path) -> None:
    text = '[listen.in]\naddress = "127.0.0.1:0"\nallow = ["192.0.2.0/24", "127.0.0.3"]\n'
    with house(tmp_path, text) as running:
        assert running.client(source="127.0.0.1").reply() == "554 5.7.1 Access denied"
        assert running.client(source="127.0.0.3").reply().startswith("220 ")
        assert "connection-refused" in running.log.getvalue()


def test_a_crowd_that_is_full_lets_nobody_else_in(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, crowd=Crowd(total=3)) as running:
        inside = [running.client() for _ in range(3)]
        assert all(client.reply().startswith("220") for client in inside)
        assert running.client().reply() == "421 4.7.0 Too many connections"
        assert inside[0].say("QUIT").startswith("221")
        assert inside[0].reply() == ""
        assert inside[1].say("NOOP").startswith("250")
        assert running.client().reply().startswith("220")


def test_one_address_cannot_take_all_the_room() -> None:
    class Somebody:
        def leave(self) -> None: ...

        def cut(self) -> None: ...

    crowd = Crowd(each=2)
    first, *others = [Somebody() for _ in range(4)]
    assert crowd.enter(first, "192.0.2.1", trusted=False) == ""
    assert crowd.enter(others[0], "192.0.2.1", trusted=False) == ""
    assert crowd.enter(others[1], "192.0.2.1", trusted=False) == "too many connections from this address"
    assert crowd.enter(others[2], "192.0.2.2", trusted=False) == ""
    for _ in range(2):
        crowd.leave(first)
    crowd.leave(others[1])
    assert crowd.enter(first, "192.0.2.1", trusted=False) == ""
    assert crowd.enter(Somebody(), "192.0.2.1", trusted=True) == "", "a relay of ours may come as often as it likes"


def test_t78_idle_and_slow_connections_leave_room_for_honest_mail(smtp: House) -> None:
    idle = [smtp.client() for _ in range(1_000)]
    assert idle[-1].reply().startswith("220")
    for slow in idle[:20]:
        slow.send(b"EHLO there\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@example.com>\r\nDATA\r\nSubject: a")
    client, took = smtp.client(), []
    client.start()
    for _ in range(100):
        for slow in idle[:20]:
            slow.send(b"x")
        began = time.monotonic()
        client.envelope()
        assert client.say(MAIL + b".\r\n").startswith("250")
        took.append(time.monotonic() - began)
    assert sorted(took)[98] < 1, "the 99th of a hundred"
    assert len(smtp.storing.mails) == 100


# silence


def test_a_silent_peer_is_dropped(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, patience=0.2) as running:
        client = running.client()
        client.start()
        assert client.reply().startswith("421 4.4.2")
        assert client.reply() == ""


def test_a_slow_sender_keeps_the_line_as_long_as_octets_come(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, patience=0.4) as running:
        client = running.client()
        client.start()
        client.envelope()
        pause = threading.Event()
        for _ in range(10):  # twice the patience in all, never half of it at once
            client.send(b"x\r\n")
            pause.wait(0.1)
        assert client.say(b".\r\n").startswith("250")


def test_a_peer_that_waits_for_our_reply_is_not_silent(tmp_path: Path) -> None:
    with house(tmp_path, SMTP, patience=0.2) as running:
        running.storing.at_once = False
        client = running.client()
        client.start()
        client.envelope()
        client.send(MAIL + b".\r\n")
        running.storing.wait()
        threading.Event().wait(0.5)
        running.storing.finish(running.storing.futures[0])
        assert client.reply().startswith("250")


# TLS


def test_starttls_secures_the_session(starttls: House, tmp_path: Path) -> None:
    host, port = starttls.listeners.addresses["in"]
    with smtplib.SMTP(host, port) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(tmp_path / "server.pem")))
        client.ehlo()
        assert not client.has_extn("starttls")
        client.sendmail("carol@acme.example", ["support@example.com"], MAIL)
    assert starttls.storing.mails[0][0] == MAIL


def test_what_was_said_in_plain_text_is_forgotten_with_starttls(starttls: House) -> None:
    client = starttls.client()
    assert "STARTTLS" in client.start()
    client.say("MAIL FROM:<evil@b.example>")
    client.send(b"STARTTLS\r\nNOOP\r\nRCPT TO:<support@example.com>\r\n")
    assert client.reply().startswith("220")
    client.secure()
    assert client.say("MAIL FROM:<a@b.example>").startswith("503"), "a new greeting is wanted"
    client.say("EHLO there")
    assert client.say("RCPT TO:<support@example.com>").startswith("503"), "the injected sender is gone"
    assert client.say("STARTTLS").startswith("503")


def test_a_handshake_that_fails_ends_that_connection_alone(starttls: House) -> None:
    client = starttls.client()
    client.start()
    client.say("STARTTLS")
    client.send(b"this is no TLS\r\n")
    client.sock.settimeout(5)
    while client.sock.recv(4096):
        pass
    other = starttls.client()
    other.start()
    other.say("STARTTLS")
    other.close()  # in the middle of the handshake
    third = starttls.client()
    third.start()
    assert third.say("STARTTLS").startswith("220")
    third.secure()
    assert third.say("EHLO there").startswith("250")


def test_a_connection_that_fails_its_handshake_is_counted_out(tmp_path: Path) -> None:
    certificate(tmp_path)
    text = SMTP + 'tls = "starttls"\ntls_cert = "server.pem"\ntls_key = "server.key"\n'
    crowd = Crowd(total=1)
    with house(tmp_path, text, crowd=crowd) as running:
        for _ in range(3):
            client = running.client()
            client.start()
            client.say("STARTTLS")
            client.send(b"this is no TLS\r\n")
            while client.sock.recv(4096):
                pass


def test_implicit_tls_is_spoken_from_the_first_octet(implicit: House, tmp_path: Path) -> None:
    host, port = implicit.listeners.addresses["in"]
    context = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
    with smtplib.SMTP_SSL(host, port, context=context) as client:
        client.ehlo()
        assert not client.has_extn("starttls")
        assert not client.has_extn("auth")
        client.sendmail("carol@acme.example", ["support@example.com"], MAIL)
    assert implicit.storing.mails[0][0] == MAIL


def shown_certificate(running: House) -> str:
    host, port = running.listeners.addresses["in"]
    return ssl.get_server_certificate((host, port), timeout=5)


def test_a_changed_certificate_is_taken_and_a_broken_one_is_not(implicit: House, tmp_path: Path) -> None:
    first = shown_certificate(implicit)
    certificate(tmp_path)
    implicit.listeners.reload_certificates()
    second = shown_certificate(implicit)
    assert second != first
    (tmp_path / "server.key").write_text("no key\n")
    implicit.listeners.reload_certificates()
    assert shown_certificate(implicit) == second
    assert "listener-failed listener=in" in implicit.log.getvalue()


# where is listened


def test_a_unix_socket_has_its_mode_and_goes_with_the_daemon(tmp_path: Path) -> None:
    path = tmp_path / "in.sock"
    with house(tmp_path, f'[listen.in]\naddress = "unix:{path}"\nmode = "0600"\n') as running:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        client = running.client()
        client.start("LHLO there")
        client.envelope()
        assert client.say(MAIL + b".\r\n").startswith("250")
        assert running.storing.mails[0][1].peer == ""
    assert not path.exists()


def test_a_socket_left_behind_is_replaced_and_a_living_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "in.sock"
    text = f'[listen.in]\naddress = "unix:{path}"\n'
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with house(tmp_path, text), pytest.raises(CannotListen, match=r"listen\.in: .*in use"), house(tmp_path, text):
        pass


def test_a_file_that_is_no_socket_stays(tmp_path: Path) -> None:
    path = tmp_path / "in.sock"
    path.write_text("precious")
    with (
        pytest.raises(CannotListen, match=r"listen\.in: .*no socket"),
        house(tmp_path, f'[listen.in]\naddress = "unix:{path}"\n'),
    ):
        pass
    assert path.read_text() == "precious"


def test_a_taken_port_is_told_by_the_listeners_name(smtp: House, tmp_path: Path) -> None:
    _, port = smtp.listeners.addresses["in"]
    text = f'[listen.other]\naddress = "127.0.0.1:0"\n[listen.mta]\naddress = "127.0.0.1:{port}"\n'
    with (
        pytest.raises(CannotListen, match=rf"listen\.mta: 127\.0\.0\.1:{port}: Address already in use"),
        house(tmp_path, text),
    ):
        pass


def test_a_certificate_that_is_not_there_is_told_by_the_listeners_name(tmp_path: Path) -> None:
    text = SMTP + 'tls = "implicit"\ntls_cert = "none.pem"\ntls_key = "none.key"\n'
    with pytest.raises(CannotListen, match=r"listen\.in: the certificate"), house(tmp_path, text):
        pass


def test_a_socket_of_systemd_is_served(tmp_path: Path) -> None:
    handed = socket.create_server(("127.0.0.1", 0))
    text = '[listen.in]\naddress = "systemd:maildesk-lmtp"\n'
    with house(tmp_path, text, inherited={"maildesk-lmtp": handed}) as running:
        assert running.listeners.addresses["in"] == handed.getsockname()
        assert running.client().start("LHLO there").startswith("250")
    with pytest.raises(CannotListen, match="no socket named maildesk-lmtp"), house(tmp_path, text):
        pass


def test_several_listeners_are_served_at_once_and_by_name(tmp_path: Path) -> None:
    text = SMTP + '[listen.near]\nprotocol = "lmtp"\naddress = "localhost:0"\n'
    with house(tmp_path, text) as running:
        assert set(running.listeners.addresses) == {"in", "near"}
        assert running.client("in").start().startswith("250")
        assert running.client("near").start("LHLO there").startswith("250")
        assert running.log.getvalue().count(" listening ") == 2


def test_no_listener_at_all_is_fine(tmp_path: Path) -> None:
    with house(tmp_path, "") as running:
        assert running.listeners.addresses == {}


# the end


def test_stopping_says_goodbye_to_the_idle_and_answers_the_mail_in_hand(smtp: House) -> None:
    smtp.storing.at_once = False
    idle, busy = smtp.client(), smtp.client()
    idle.start()
    busy.start()
    busy.envelope()
    busy.send(MAIL + b".\r\n")
    smtp.storing.wait()
    stopping = threading.Thread(target=smtp.listeners.stop, args=(10,))
    stopping.start()
    assert idle.reply().startswith("421 4.3.2")
    assert idle.reply() == ""
    with pytest.raises(ConnectionRefusedError):
        smtp.client()
    smtp.storing.finish(smtp.storing.futures[0])
    assert busy.reply() == "250 2.0.0 Kept as 1"
    assert busy.reply().startswith("421 4.3.2")
    stopping.join(5)
    assert not smtp.listeners.alive


def test_stopping_lets_a_running_data_finish(smtp: House) -> None:
    client = smtp.client()
    client.start()
    client.envelope()
    client.send(MAIL)
    smtp.client().start()
    stopping = threading.Thread(target=smtp.listeners.stop, args=(10,))
    stopping.start()
    while True:
        try:
            smtp.client().close()
        except ConnectionError:
            break
    client.send(b".\r\n")
    assert client.reply() == "250 2.0.0 Kept as 1"
    stopping.join(5)


def test_what_is_not_finished_at_the_deadline_is_cut(smtp: House, capfd: pytest.CaptureFixture[str]) -> None:
    smtp.storing.at_once = False
    waiting, writing = smtp.client(), smtp.client()
    for client in (waiting, writing):
        client.start()
        client.envelope()
    waiting.send(MAIL + b".\r\n")
    writing.send(MAIL)
    smtp.storing.wait()
    smtp.listeners.stop(0.05)
    assert not smtp.listeners.alive
    for client in (waiting, writing):
        assert client.reply()[:3] in ("421", "")
    assert not smtp.storing.futures[0].cancelled(), "the storing goes on"
    smtp.storing.finish(smtp.storing.futures[0])
    assert capfd.readouterr() == ("", "")


def test_stopping_does_not_hang_on_clients_with_tls(tmp_path: Path) -> None:
    certificate(tmp_path)
    for tls in ("starttls", "implicit"):
        text = SMTP + f'tls = "{tls}"\ntls_cert = "server.pem"\ntls_key = "server.key"\n'
        with house(tmp_path, text) as running:
            client = running.client()
            if tls == "starttls":
                client.start()
                client.say("STARTTLS")
            client.secure()
            client.send(b"EHLO there\r\n")
            client.reply()
            running.listeners.stop(2)
            assert not running.listeners.alive


def test_a_listener_stops_though_it_never_started(tmp_path: Path) -> None:
    found = config.parse(HEAD + SMTP, tmp_path)
    listeners = Listeners(found, Storing(), lambda _: True, lambda: NOW, Journal(io.StringIO()))
    listeners.stop(1)


def test_nothing_is_written_to_standard_error(smtp: House, capfd: pytest.CaptureFixture[str]) -> None:
    smtp.storing.error = RuntimeError("boom")
    for octets in (
        b"\xff\xfe\r\n",
        b"BOGUS\r\n",
        b"MAIL FROM:<\r\n",
        os.urandom(200) + b"\r\n",
        b"EHLO x\r\nQUIT\r\nNOOP\r\n",
    ):
        client = smtp.client()
        client.reply()
        client.send(octets)
        client.reply()
        client.close()
    smtp.listeners.stop(5)
    assert capfd.readouterr() == ("", "")
