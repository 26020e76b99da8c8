"""The postman against relays that take, refuse, stall, lie and go away."""

from __future__ import annotations

import base64
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from maildesk.doors.postman_gaps import LONGEST_WAIT, Circuit, gap
from maildesk.doors.relay import Patience
from maildesk.words import Delivery, Later, Parcel
from tests.doors.far import QUICK, START, Round, ScriptedRelay, Talk, parcel, postman
from tests.doors.near import certificate, house

SENT, WAITING, FAILED = Delivery.SENT, Delivery.WAITING, Delivery.FAILED


@pytest.fixture
def relay() -> Iterator[ScriptedRelay]:
    running = ScriptedRelay()
    yield running
    running.close()


def says(verb: str, reply: bytes, times: int = 10_000):
    """A script that gives this reply to this verb, so many times, and the usual ones otherwise."""
    left = [times]

    def script(talk: Talk, heard: str, line: bytes) -> bytes | None:
        if heard != verb or not left[0]:
            return None
        left[0] -= 1
        return reply

    return script


# what the relay takes


def test_a_letter_reaches_the_relay_as_it_was_written(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        settled = round_.outbox.wait_for(1, SENT)
        assert settled.answer == "250 2.0.0 taken"
        assert settled.status == "2.0.0"
        assert "letter-sent letter=1 name=reply attempts=1" in round_.log.getvalue()
    [took] = relay.took
    assert took.octets == parcel(1).head + b"Dear Carol,\r\n..hidden dot\r\n"
    assert took.commands == ["ehlo maildesk.example.com", "MAIL FROM:<>", "RCPT TO:<carol1@acme.example>", "DATA"]


def test_a_real_smtp_server_takes_the_letters(tmp_path: Path) -> None:
    class Sink:
        def __init__(self) -> None:
            self.mails: list[tuple[str, list[str], bytes]] = []

        async def handle_DATA(  # noqa: N802
            self, server: object, session: object, envelope: object
        ) -> str:
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))  # type: ignore[attr-defined]
            return "250 taken"

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=0, ready_timeout=10)
    controller.port = free_port()
    controller.start()
    try:
        letters = [parcel(number, mail_from="support@example.com") for number in range(1, 21)]
        with postman(tmp_path, controller.port, *letters, relay='tls = "none"\nconnections = 3') as round_:
            round_.outbox.wait(lambda: len(round_.outbox.settled) == 20)
    finally:
        controller.stop()
    assert sorted(mail[1][0] for mail in sink.mails) == sorted(letter.recipient for letter in letters)
    assert {mail[0] for mail in sink.mails} == {"support@example.com"}
    assert all(mail[2].endswith(b"\r\n.hidden dot\r\n") for mail in sink.mails)


def free_port() -> int:
    probe = ScriptedRelay()
    probe.close()
    return probe.port


def test_our_own_listener_takes_the_letters_over_starttls(tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path)
    text = '[listen.in]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\ntls = "starttls"\n'
    text += 'tls_cert = "server.pem"\ntls_key = "server.key"\nqueue = "technical"\n'

    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(cert))

    big = parcel(2, body=b".a line\r\n" * 200_000)
    with house(tmp_path, text) as far:
        _, port = far.listeners.addresses["in"]
        with postman(tmp_path, port, parcel(1), big, relay='tls = "starttls"', secure=trusting) as round_:
            round_.outbox.wait_for(1, SENT)
            round_.outbox.wait_for(2, SENT)
        assert [raw for raw, _ in far.storing.mails] == [parcel(1).head + parcel(1).body, big.head + big.body]


def test_letters_go_over_a_kept_connection(relay: ScriptedRelay, tmp_path: Path) -> None:
    letters = [parcel(number) for number in range(1, 151)]
    with postman(tmp_path, relay.port, *letters) as round_:
        round_.outbox.wait(lambda: len(round_.outbox.settled) == 150)
    assert relay.connections == 2, "a hundred letters, then a new connection"
    assert len(relay.took) == 150


def test_an_idle_connection_is_closed_politely(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, parcel(1), idle=0.05) as round_:
        round_.outbox.wait_for(1, SENT)
        wait_until(lambda: b"quit\r\n" in relay.heard)


def test_a_connection_that_the_relay_closed_meanwhile_is_no_failure(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        round_.outbox.wait_for(1, SENT)
        relay.hang_up()
        round_.outbox.put(parcel(2))
        round_.postman.wake()
        round_.outbox.wait_for(2, SENT)
        assert [settled.delivery for settled in round_.outbox.of(2)] == [SENT]


def test_without_pipelining_each_command_waits_for_its_reply(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.hello = b"250 relay.example\r\n"
    relay.script = says("RCPT", b"550 5.1.1 nobody\r\n", times=1)
    with postman(tmp_path, relay.port, parcel(1), parcel(2)) as round_:
        assert round_.outbox.wait_for(1, FAILED).status == "5.1.1"
        round_.outbox.wait_for(2, SENT)
    verbs = [line.split()[0].split(b":")[0] for line in relay.heard]
    assert verbs[:7] == [b"ehlo", b"MAIL", b"RCPT", b"RSET", b"MAIL", b"RCPT", b"DATA"]


def test_a_relay_that_takes_data_though_no_recipient_gets_nothing(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.script = says("RCPT", b"550 5.1.1 nobody\r\n", times=1)
    with postman(tmp_path, relay.port, parcel(1), parcel(2)) as round_:
        round_.outbox.wait_for(1, FAILED)
        round_.outbox.wait_for(2, SENT)
    assert [took.octets for took in relay.took if took.octets] == [parcel(2).head + b"Dear Carol,\r\n..hidden dot\r\n"]


# what the relay refuses


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_5xx_fails_the_letter_at_once_and_no_other(relay: ScriptedRelay, tmp_path: Path, verb: str) -> None:
    relay.script = says(verb, b"550 5.1.1 There is no Carol\r\n", times=1)
    with postman(tmp_path, relay.port, parcel(1), parcel(2)) as round_:
        settled = round_.outbox.wait_for(1, FAILED)
        assert (settled.answer, settled.status) == ("550 5.1.1 There is no Carol", "5.1.1")
        round_.outbox.wait_for(2, SENT)
        assert "letter-failed letter=1" in round_.log.getvalue()


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "."])
def test_4xx_puts_the_letter_off_by_growing_gaps(relay: ScriptedRelay, tmp_path: Path, verb: str) -> None:
    relay.script = says(verb, b"451 4.7.1 Greylisted\r\n", times=3)
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        gaps = []
        for times in (1, 2, 3):
            settled = round_.outbox.wait_for(1, WAITING, times)
            assert settled.counted
            assert settled.next_try is not None
            gaps.append(settled.next_try - round_.clock.now)
            round_.later(seconds=gaps[-1].total_seconds())
        round_.outbox.wait_for(1, SENT)
        assert gaps == [timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30)]
        assert "letter-sent letter=1 name=reply attempts=4" in round_.log.getvalue()


def test_a_retry_has_the_same_bytes(relay: ScriptedRelay, tmp_path: Path) -> None:
    offered: list[bytes] = []

    def loses_its_reply_once(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb != ".":
            return None
        offered.append(line)
        return b"DROP" if len(offered) == 1 else None

    relay.script = loses_its_reply_once
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        settled = round_.outbox.wait_for(1, WAITING)
        assert settled.counted
        round_.later(minutes=6)
        round_.outbox.wait_for(1, SENT)
    assert len(offered) == 2
    assert offered[0] == offered[1]


def test_after_retry_for_a_letter_that_is_still_put_off_fails(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.script = says("RCPT", b"450 4.2.1 Mailbox busy\r\n")
    with postman(tmp_path, relay.port, parcel(1), relay='tls = "none"\nretry_for = "1h"') as round_:
        tries = 0
        while not any(settled.delivery is FAILED for settled in round_.outbox.of(1)):
            tries += 1
            settled = round_.outbox.wait_for(1, WAITING, tries)
            assert settled.next_try is not None
            assert settled.next_try <= START + timedelta(hours=1)
            last = settled.next_try == START + timedelta(hours=1)
            round_.clock.now = settled.next_try
            round_.postman.wake()
            if last:
                break
        assert round_.outbox.wait_for(1, FAILED).answer == "450 4.2.1 Mailbox busy"


def test_a_token_that_the_relay_repeats_is_not_kept(relay: ScriptedRelay, tmp_path: Path) -> None:
    keyed = "support+ex-1-abcdef@example.com"
    relay.script = says("MAIL", b"550 5.7.1 <Support+EX-1-abcdef@example.com> may not send\r\n")
    with postman(tmp_path, relay.port, parcel(1, mail_from=keyed)) as round_:
        assert round_.outbox.wait_for(1, FAILED).answer == "550 5.7.1 <sender> may not send"
        assert "abcdef" not in round_.log.getvalue()


@pytest.mark.parametrize(
    "recipient",
    [
        "carol@acme.example>\r\nRCPT TO:<evil@x.example",
        "carol@acme.example> X=1",
        "carol\0@acme.example",
        "",
        "@",
        "a b@c.example",
    ],
    ids=repr,
)
def test_an_address_with_a_command_in_it_never_leaves(relay: ScriptedRelay, tmp_path: Path, recipient: str) -> None:
    with postman(
        tmp_path, relay.port, parcel(1, recipient=recipient), parcel(2, mail_from=recipient or ">"), parcel(3)
    ) as round_:
        assert round_.outbox.wait_for(1, FAILED).status == "5.1.3"
        assert round_.outbox.wait_for(2, FAILED).status == "5.1.3"
        round_.outbox.wait_for(3, SENT)
    assert not any(b"evil" in line or b"X=1" in line for line in relay.heard)


def test_an_address_outside_ascii_leaves_only_where_the_relay_takes_it(relay: ScriptedRelay, tmp_path: Path) -> None:
    letter = parcel(1, recipient="jürgen@acme.example")
    with postman(tmp_path, relay.port, letter) as round_:
        round_.outbox.wait_for(1, SENT)
        assert relay.took[0].commands[1:3] == ["MAIL FROM:<> BODY=8BITMIME SMTPUTF8", "RCPT TO:<jürgen@acme.example>"]
    relay.hello = b"250 relay.example\r\n"
    with postman(tmp_path, relay.port, letter) as round_:
        assert round_.outbox.wait_for(1, FAILED).status == "5.6.7"


# when the relay is away


def test_a_relay_that_is_away_costs_no_letter_an_attempt_and_few_a_claim(tmp_path: Path) -> None:
    letters = [parcel(number) for number in range(1, 201)]
    with postman(tmp_path, free_port(), *letters) as round_:
        round_.outbox.wait(lambda: len(round_.outbox.claims) >= 3)
        touched = {number for number, _ in round_.outbox.settled}
        assert len(touched) <= 10
        assert all(not settled.counted and settled.delivery is WAITING for _, settled in round_.outbox.settled)
        assert "Connection refused" in round_.postman.last_error
        assert "relay-unreachable" in round_.log.getvalue()


def test_letters_leave_soon_after_the_relay_is_back(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.script = says("CONNECT", b"421 4.3.2 Not now\r\n", times=1)
    letters = [parcel(number) for number in range(1, 31)]
    with postman(tmp_path, relay.port, *letters) as round_:
        round_.outbox.wait_for(1, WAITING)
        round_.later(seconds=2)
        round_.outbox.wait(lambda: sum(settled.delivery is SENT for _, settled in round_.outbox.settled) == 30)
        assert round_.postman.last_error == ""


@pytest.mark.parametrize(
    ("verb", "reply"),
    [
        ("CONNECT", b"554 5.3.2 No service\r\n"),
        ("CONNECT", b"DROP"),
        ("CONNECT", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("MAIL", b"421 4.3.2 Going down\r\n"),
        ("RCPT", b"421 4.3.2 Going down\r\n"),
        (".", b"421 4.3.2 Going down\r\n"),
        ("MAIL", b"530 5.7.0 Authentication required\r\n"),
    ],
)
def test_what_is_the_relays_fault_does_not_count_against_a_letter(
    relay: ScriptedRelay, tmp_path: Path, verb: str, reply: bytes
) -> None:
    relay.script = says(verb, reply, times=1)
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        settled = round_.outbox.wait_for(1, WAITING)
        assert not settled.counted
        assert settled.next_try is not None
        assert settled.next_try - START <= timedelta(seconds=LONGEST_WAIT)
        round_.later(seconds=2)
        round_.outbox.wait_for(1, SENT)


def test_a_letter_that_breaks_connections_does_not_stop_the_others(relay: ScriptedRelay, tmp_path: Path) -> None:
    def chokes_on_one(talk: Talk, verb: str, line: bytes) -> bytes | None:
        return b"DROP" if verb == "RCPT" and b"carol1@" in line else None

    relay.script = chokes_on_one
    with postman(tmp_path, relay.port, *[parcel(number) for number in range(1, 6)]) as round_:
        settled = round_.outbox.wait_for(1, WAITING)
        assert settled.counted
        for number in range(2, 6):
            round_.outbox.wait_for(number, SENT)


def test_a_relay_that_breaks_every_connection_is_left_alone(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.script = says("MAIL", b"DROP")
    with postman(tmp_path, relay.port, *[parcel(number) for number in range(1, 101)]) as round_:
        wait_until(lambda: "relay-unreachable" in round_.log.getvalue())
        round_.outbox.wait(lambda: not round_.outbox.leased)
        assert sum(settled.counted for _, settled in round_.outbox.settled) <= 4


SLOW = Patience(connect=0.3, command=0.3, data=0.3, block=0.3, dot=0.3)


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "MAIL", "DATA", "."])
def test_a_silent_relay_costs_one_time_out(relay: ScriptedRelay, tmp_path: Path, verb: str) -> None:
    relay.script = says(verb, b"", times=1)
    with postman(tmp_path, relay.port, parcel(1), patience=SLOW) as round_:
        round_.outbox.wait_for(1, WAITING)
        round_.later(minutes=6)
        round_.outbox.wait_for(1, SENT)


def test_a_relay_that_trickles_or_babbles_is_left(relay: ScriptedRelay, tmp_path: Path) -> None:
    enough = threading.Event()

    def babbles(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == "EHLO":
            while not enough.wait(0.05):
                talk.sock.sendall(b"2" if talk.number == 1 else b"250-more\r\n")
        return None

    relay.script = babbles
    with postman(tmp_path, relay.port, parcel(1), patience=SLOW) as round_:
        round_.outbox.wait_for(1, WAITING, times=1)
        round_.later(seconds=2)
        round_.outbox.wait_for(1, WAITING, times=2)
        enough.set()
        relay.script = None
        round_.later(seconds=4)
        round_.outbox.wait_for(1, SENT)


def test_a_reply_of_a_megabyte_is_left(relay: ScriptedRelay, tmp_path: Path) -> None:
    relay.script = says("MAIL", b"250 " + b"x" * (1 << 20) + b"\r\n", times=1)
    with postman(tmp_path, relay.port, parcel(1)) as round_:
        round_.outbox.wait_for(1, WAITING)
        round_.later(minutes=6)
        round_.outbox.wait_for(1, SENT)


def test_one_slow_connection_does_not_hold_up_the_others(relay: ScriptedRelay, tmp_path: Path) -> None:
    release = threading.Event()

    def stalls_once(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == "RCPT" and b"carol1@" in line:
            release.wait(10)
        return None

    relay.script = stalls_once
    letters = [parcel(number) for number in range(1, 41)]
    with postman(tmp_path, relay.port, *letters, relay='tls = "none"\nconnections = 2') as round_:
        round_.outbox.wait(lambda: len(round_.outbox.settled) == 39)
        release.set()
        round_.outbox.wait_for(1, SENT)


def test_the_gaps_grow_and_are_jittered() -> None:
    middle = [gap(attempts, lambda: 0.5) for attempts in range(10)]
    assert middle == sorted(middle)
    assert middle[0] == timedelta(minutes=5)
    assert middle[-1] == timedelta(hours=3)
    assert gap(0, lambda: 0.0) == timedelta(minutes=4)
    assert gap(0, lambda: 1.0) == timedelta(minutes=6)


def test_a_relay_is_looked_for_at_least_every_minute() -> None:
    now = [0.0]
    circuit = Circuit(lambda: 1.0, lambda: now[0])
    assert circuit.wait() == 0
    waits = []
    for _ in range(12):
        assert circuit.failed()
        assert not circuit.failed(), "one failure, told by several senders"
        waits.append(circuit.wait())
        now[0] += waits[-1]
        assert circuit.wait() == 0
        assert circuit.doubtful
    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == waits[-1] == LONGEST_WAIT
    circuit.worked()
    assert not circuit.doubtful


# TLS and login


def test_there_is_no_way_back_to_plain_text(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, parcel(1), relay='tls = "starttls"\nuser = "u"\npassword_file = "pw"') as round_:
        settled = round_.outbox.wait_for(1, WAITING)
        assert not settled.counted
        assert "offers no STARTTLS" in round_.postman.last_error
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in relay.heard)


def test_a_certificate_that_is_not_trusted_or_names_another_host_is_not_taken(tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path)
    text = '[listen.in]\nprotocol = "smtp"\naddress = "127.0.0.1:0"\ntls = "implicit"\n'
    text += 'tls_cert = "server.pem"\ntls_key = "server.key"\nqueue = "technical"\n'
    with house(tmp_path, text) as far:
        _, port = far.listeners.addresses["in"]
        with postman(tmp_path, port, parcel(1), relay='tls = "implicit"') as round_:
            round_.outbox.wait_for(1, WAITING)
            assert "certificate is not good" in round_.postman.last_error
        trusted = 'tls = "implicit"\nhost = "127.0.0.2"'

        def trusting() -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(cert))

        with postman(tmp_path, port, parcel(1), relay=trusted, secure=trusting) as round_:
            round_.outbox.wait_for(1, WAITING)
        with postman(tmp_path, port, parcel(1), relay='tls = "implicit"', secure=trusting) as round_:
            round_.outbox.wait_for(1, SENT)
        assert len(far.storing.mails) == 1


def test_what_is_said_after_starttls_in_plain_text_is_an_attack(relay: ScriptedRelay, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    relay.hello = b"250-relay.example\r\n250 STARTTLS\r\n"

    def injects(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb != "STARTTLS":
            return None
        talk.sock.sendall(b"220 ready\r\n250 evil.example\r\n")
        talk.file.close()
        talk.sock = context.wrap_socket(talk.sock, server_side=True)
        talk.file = talk.sock.makefile("rb")
        return b""

    relay.script = injects

    def trusting() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(cert))

    with postman(tmp_path, relay.port, parcel(1), relay='tls = "starttls"', secure=trusting) as round_:
        round_.outbox.wait_for(1, WAITING)
        assert "STARTTLS failed" in round_.postman.last_error


LOGIN = 'tls = "none"\nuser = "desk"\npassword_file = "password"'


def write_password(folder: Path, password: str) -> None:
    file = folder / "password"
    file.touch(mode=0o600)
    file.write_text(password + "\n")


def test_a_password_comes_from_its_file(relay: ScriptedRelay, tmp_path: Path) -> None:
    write_password(tmp_path, "hunter2")
    relay.hello = b"250-relay.example\r\n250 AUTH PLAIN\r\n"
    relay.script = says("AUTH", b"235 2.7.0 welcome\r\n")
    with postman(tmp_path, relay.port, parcel(1), relay=LOGIN) as round_:
        round_.outbox.wait_for(1, SENT)
        assert "hunter2" not in round_.log.getvalue()
    assert b"AUTH PLAIN AGRlc2sAaHVudGVyMg==\r\n" in relay.heard


def test_a_login_that_is_refused_holds_all_letters_and_fails_none(relay: ScriptedRelay, tmp_path: Path) -> None:
    write_password(tmp_path, "wrong")
    relay.hello = b"250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n"
    relay.script = says("AUTH", b"535 5.7.8 Bad credentials\r\n")
    with postman(tmp_path, relay.port, parcel(1), relay=LOGIN) as round_:
        assert not round_.outbox.wait_for(1, WAITING).counted
        assert "535 5.7.8 Bad credentials" in round_.postman.last_error


def test_a_missing_password_file_holds_all_letters(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, parcel(1), relay=LOGIN) as round_:
        assert not round_.outbox.wait_for(1, WAITING).counted
        assert "no such file" in round_.postman.last_error


def test_a_token_is_shown_and_asked_for_anew_when_it_is_refused(relay: ScriptedRelay, tmp_path: Path) -> None:
    script = tmp_path / "token.py"
    counter = tmp_path / "count"
    script.write_text(
        f"import pathlib\np = pathlib.Path({str(counter)!r})\n"
        "p.write_text((p.read_text() if p.exists() else '') + 'x')\n"
        "print('token' + str(len(p.read_text())))\n"
    )
    relay.hello = b"250-relay.example\r\n250 AUTH XOAUTH2\r\n"
    told: list[bytes] = []

    def wants_the_second(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == "AUTH":
            told.append(line)
            return b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n" if len(told) == 1 else b"235 2.7.0 welcome\r\n"
        return b"535 5.7.8 expired\r\n" if line == b"\r\n" else None

    relay.script = wants_the_second
    text = f'tls = "none"\nuser = "desk"\n[relay.oauth2]\ntoken_command = ["{sys.executable}", "{script}"]'
    with postman(tmp_path, relay.port, parcel(1), relay="connections = 1\n" + text) as round_:
        round_.outbox.wait_for(1, WAITING)
        round_.later(seconds=2)
        round_.outbox.wait_for(1, SENT)
    shown = [base64.b64decode(line.split()[2]) for line in told]
    assert shown == [b"user=desk\1auth=Bearer token1\1\1", b"user=desk\1auth=Bearer token2\1\1"]


# our own faults


def test_a_store_that_is_away_loses_no_settling(relay: ScriptedRelay, tmp_path: Path) -> None:
    store_is_away = threading.Event()

    def waits(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == "MAIL":
            store_is_away.wait(20)
        return None

    relay.script = waits
    with postman(tmp_path, relay.port) as round_:
        round_.outbox.faults = [Later()]
        wait_until(lambda: not round_.outbox.faults or round_.postman.wake() is not None)
        round_.outbox.put(parcel(1))
        round_.postman.wake()
        round_.outbox.wait(lambda: bool(round_.outbox.leased))
        round_.outbox.faults = [Later(), Later()]
        store_is_away.set()
        round_.outbox.wait_for(1, SENT)
    assert len(relay.took) == 1


def test_a_letter_whose_bytes_cannot_be_had_is_never_sent_in_half(relay: ScriptedRelay, tmp_path: Path) -> None:
    def broken(letter: Parcel) -> Iterator[bytes]:
        yield letter.head
        if letter.id == 1:
            raise LookupError("no such attachment")

    with postman(tmp_path, relay.port, parcel(1), parcel(2), pieces=broken) as round_:
        settled = round_.outbox.wait_for(1, WAITING)
        assert settled.counted
        assert settled.answer == "the letter could not be put together"
        round_.outbox.wait_for(2, SENT)
    assert [took.octets for took in relay.took] == [parcel(2).head]


# stopping


def test_stopping_finishes_the_letter_in_hand_and_gives_back_the_others(relay: ScriptedRelay, tmp_path: Path) -> None:
    reached, release = threading.Event(), threading.Event()

    def stalls(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == ".":
            reached.set()
            release.wait(10)
        return None

    relay.script = stalls
    with postman(tmp_path, relay.port, *[parcel(number) for number in range(1, 6)]) as round_:
        assert reached.wait(10)
        stopping = threading.Thread(target=round_.postman.stop, args=(10,))
        stopping.start()
        release.set()
        stopping.join(10)
        assert not stopping.is_alive()
        assert not round_.outbox.leased
        assert [settled.delivery for settled in round_.outbox.of(1)] == [SENT]
        assert [settled.counted for number, settled in round_.outbox.settled if number > 1] == [False] * 4


def test_stopping_does_not_wait_for_a_relay_that_stalls(relay: ScriptedRelay, tmp_path: Path) -> None:
    reached, release = threading.Event(), threading.Event()

    def stalls(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == ".":
            reached.set()
            release.wait(10)
        return None

    relay.script = stalls
    with postman(tmp_path, relay.port, parcel(1), patience=QUICK) as round_:
        assert reached.wait(10)
        round_.postman.stop(0.05)
        assert not round_.postman.alive
        assert round_.outbox.of(1)[0].delivery is WAITING
        release.set()


def wait_until(condition) -> None:
    pause = threading.Event()
    for _ in range(1_000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come to pass")


def test_a_reader_gets_his_letters_in_the_order_they_were_written(relay: ScriptedRelay, tmp_path: Path) -> None:
    release = threading.Event()

    def stalls_the_first(talk: Talk, verb: str, line: bytes) -> bytes | None:
        if verb == "DATA" and len(relay.took) < 1:
            release.wait(5)
        return None

    relay.script = stalls_the_first
    hers = [parcel(number, recipient="carol@acme.example") for number in range(1, 9)]
    with postman(tmp_path, relay.port, *hers, parcel(9), relay='tls = "none"\nconnections = 4') as round_:
        release.set()
        round_.outbox.wait(lambda: len(round_.outbox.settled) == 9)
    order = [took.octets for took in relay.took if b"letter 9" not in took.octets]
    assert [octets.split(b"\r\n")[0] for octets in order] == [f"Subject: letter {n}".encode() for n in range(1, 9)]


def sent_after(round_: Round, number: int) -> float:
    """Seconds from the commit that wrote a letter until the relay has it."""
    begun = time.monotonic()
    round_.outbox.put(parcel(number))
    round_.postman.wake()
    round_.outbox.wait_for(number, SENT)
    return time.monotonic() - begun


def test_a_reader_whose_letters_go_slowly_holds_up_nobody_elses(relay: ScriptedRelay, tmp_path: Path) -> None:
    """More of them than may be in hand, and all written before the others'."""
    go_on = threading.Event()

    def script(talk: Talk, heard: str, line: bytes) -> bytes | None:
        if heard == "RCPT" and b"slow@" in line:
            go_on.wait(30)
        return None

    relay.script = script
    slow = [parcel(number, recipient="slow@acme.example") for number in range(1, 61)]
    others = [parcel(number) for number in range(61, 81)]
    with postman(tmp_path, relay.port, *slow, *others, relay='tls = "none"\nconnections = 4') as round_:
        round_.outbox.wait_for(80, SENT)
        assert not [each for each in relay.took if "slow@" in " ".join(each.commands)]
        go_on.set()
        round_.outbox.wait_for(60, SENT)
    assert [each for each in relay.took if "slow@" in " ".join(each.commands)]


def test_while_mails_queue_up_a_letter_waits_for_its_time_and_no_longer(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, gives_way=1.0) as round_:
        sent_after(round_, 1)
        round_.outbox.crowd.set()
        assert 0.9 < sent_after(round_, 2) < 2
        assert 0.9 < sent_after(round_, 3) < 2


def test_a_letter_leaves_as_soon_as_no_more_mails_queue_up(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port) as round_:
        sent_after(round_, 1)
        round_.outbox.crowd.set()
        threading.Timer(0.2, round_.outbox.crowd.clear).start()
        assert 0.15 < sent_after(round_, 2) < 0.9


def test_in_a_crowd_letters_that_have_waited_for_their_time_go_together(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, gives_way=1.0) as round_:
        sent_after(round_, 1)
        round_.outbox.crowd.set()
        round_.outbox.put(*(parcel(number) for number in range(2, 100)))
        round_.later(seconds=1)
        assert sent_after(round_, 100) < 2
        round_.outbox.wait(lambda: len(round_.outbox.settled) == 100)


def test_in_a_crowd_letters_younger_than_those_that_go_wait_on(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, gives_way=0.5) as round_:
        sent_after(round_, 1)
        round_.outbox.crowd.set()
        round_.outbox.put(*(parcel(number) for number in range(2, 20)))  # eight go at once
        assert 1.4 < sent_after(round_, 20) < 5


def test_letters_of_a_clock_that_was_ahead_hold_up_nobody_in_a_crowd(relay: ScriptedRelay, tmp_path: Path) -> None:
    with postman(tmp_path, relay.port, gives_way=0.5) as round_:
        sent_after(round_, 1)
        round_.outbox.crowd.set()
        round_.outbox.put(*(parcel(number, created=START + timedelta(days=365)) for number in range(2, 20)))
        assert sent_after(round_, 20) < 5
