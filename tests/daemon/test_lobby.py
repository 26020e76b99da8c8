"""The porter as a process, and the daemon's side of it: what is brought, what is answered, how each of them ends."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.config import Config, parse
from maildesk.daemon import slips
from maildesk.daemon.lobby import Lobby
from maildesk.desk import frames
from maildesk.desk.readers import Reading, read_here
from maildesk.doors.sockets import CannotListen
from maildesk.journal import Journal
from maildesk.words import Envelope, Later, Outcome, Receipt
from tests.builders import START, configuration, mail
from tests.dovecot import wait_until

LISTENERS = """
[listen.in]
protocol = "smtp"
address = "127.0.0.1:0"
[listen.pipe]
protocol = "lmtp"
address = "127.0.0.1:0"
"""
RECEIPT = Receipt(7, Outcome.TICKET, "a contact's new matter", "EX-10001")


class Desk:
    """Takes mails as the test says."""

    def __init__(self) -> None:
        self.taken: list[tuple[Reading, Envelope]] = []
        self.answer: Callable[[Future[Receipt]], None] = lambda future: future.set_result(RECEIPT)

    def take(self, reading: Reading, envelope: Envelope) -> Future[Receipt]:
        self.taken.append((reading, envelope))
        future: Future[Receipt] = Future()
        self.answer(future)
        return future


class Hall:
    """A lobby with its porter."""

    def __init__(self, folder: Path, more: str = LISTENERS, **inherited: socket.socket) -> None:
        self.folder = folder
        self.desk = Desk()
        self.log = StringIO()
        self.lobby = Lobby(self.desk.take, lambda: START, Journal(self.log), inherited)
        self.lobby.start(self.config(more))

    def config(self, more: str = LISTENERS, **replaced: str) -> Config:
        return parse(configuration(more, **replaced), self.folder)

    def smtp(self, listener: str = "in") -> smtplib.SMTP:
        host, port = self.lobby.addresses[listener]
        return smtplib.SMTP(host, int(port), timeout=30)

    def sends(self, raw: bytes, to: str = "support@example.com") -> tuple[int, str]:
        with closing(self.smtp()) as client:  # no QUIT: the desk may be leaving
            client.ehlo("client.test")
            client.mail("carol@acme.example")
            code, words = client.rcpt(to)
            if code == 250:
                code, words = client.data(raw)
            return code, words.decode()


@contextmanager
def running(folder: Path, more: str = LISTENERS, **inherited: socket.socket) -> Iterator[Hall]:
    hall = Hall(folder, more, **inherited)
    try:
        yield hall
    finally:
        hall.lobby.stop(5)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with running(tmp_path) as made:
        yield made


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def test_a_mail_is_brought_read_and_answered_with_its_receipt(hall: Hall) -> None:
    raw = mail()
    assert hall.sends(raw) == (250, "2.0.0 Kept as 7")
    [(reading, envelope)] = hall.desk.taken
    assert reading == read_here(raw)
    assert zlib.decompress(reading.packed) == raw
    assert (envelope.door, envelope.sender, envelope.recipients) == (
        "smtp:in",
        "carol@acme.example",
        ("support@example.com",),
    )
    assert (envelope.peer, envelope.refusable) == ("127.0.0.1", True)
    assert START - timedelta(seconds=30) < envelope.received <= START, "by the daemon's clock, less the time it took"


def test_what_could_not_be_kept_is_told_in_public_words_and_its_cause_in_the_journal(hall: Hall) -> None:
    later = Later("No room at the moment, try again later", full=True)
    later.__cause__ = OSError(28, "No space left on device")
    hall.desk.answer = lambda future: future.set_exception(later)
    assert hall.sends(mail()) == (452, "4.3.1 No room at the moment, try again later")
    wait_until(lambda: "put-off" in hall.log.getvalue(), "the line")
    assert 'put-off door=smtp:in error="OSError: [Errno 28] No space left on device"' in hall.log.getvalue()
    hall.desk.answer = lambda future: future.set_exception(ZeroDivisionError("secret"))
    code, words = hall.sends(mail())
    assert (code, "secret" in words, "Zero" in words) == (451, False, False)
    wait_until(lambda: "ZeroDivisionError: secret" in hall.log.getvalue(), "the line")


def test_a_refusal_reaches_the_sender(hall: Hall) -> None:
    refusal = "550 5.7.1 Not here"
    hall.desk.answer = lambda future: future.set_result(Receipt(8, Outcome.REFUSED, "refused", refusal=refusal))
    assert hall.sends(mail()) == (550, "5.7.1 Not here")


def test_only_our_addresses_are_known_and_a_reload_adds_some(hall: Hall) -> None:
    assert hall.sends(mail(), "new@example.com")[0] == 550
    hall.lobby.reload(hall.config(aliases='["new@example.com"]'))
    wait_until(lambda: hall.sends(mail(), "new@example.com")[0] == 250, "the new address")


def test_a_listener_in_the_way_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=r"listen\.pipe"):
            Hall(tmp_path, LISTENERS.replace('lmtp"\naddress = "127.0.0.1:0', f'lmtp"\naddress = "127.0.0.1:{port}'))
    assert not [pid for pid in children(os.getpid()) if b"porter" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_socket_that_was_handed_over_is_listened_at(tmp_path: Path) -> None:
    with socket.socket() as handed:
        handed.bind(("127.0.0.1", 0))
        handed.listen()
        with running(tmp_path, '[listen.in]\nprotocol = "smtp"\naddress = "systemd:mx"\n', mx=handed) as hall:
            assert hall.lobby.addresses["in"] == handed.getsockname()
            assert hall.sends(mail())[0] == 250


def test_without_a_listener_there_is_no_porter(tmp_path: Path) -> None:
    with running(tmp_path, "") as hall:
        assert (hall.lobby.pid, hall.lobby.alive, hall.lobby.addresses) == (0, True, {})
        hall.lobby.reload(hall.config(""))
        hall.lobby.reload_certificates()


def test_a_porter_that_dies_is_missed(hall: Hall) -> None:
    assert hall.lobby.alive
    os.kill(hall.lobby.pid, signal.SIGKILL)
    wait_until(lambda: not hall.lobby.alive, "the lobby to notice")


def test_a_porter_listens_to_the_daemon_and_not_to_signals(hall: Hall) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        os.kill(hall.lobby.pid, number)
    assert hall.sends(mail())[0] == 250


def test_stop_waits_for_the_mail_in_hand(hall: Hall) -> None:
    waiting: list[Future[Receipt]] = []
    hall.desk.answer = waiting.append
    said: list[tuple[int, str]] = []
    sender = threading.Thread(target=lambda: said.append(hall.sends(mail())))
    sender.start()
    wait_until(lambda: waiting, "the mail")
    stopping = threading.Thread(target=hall.lobby.stop, args=(20,))
    stopping.start()
    wait_until(lambda: not accepts(hall), "the door to close")
    waiting[0].set_result(RECEIPT)
    sender.join(20)
    stopping.join(20)
    assert said == [(250, "2.0.0 Kept as 7")]


def accepts(hall: Hall) -> bool:
    try:
        socket.create_connection(hall.lobby.addresses["in"], 5).close()  # type: ignore[arg-type]
    except OSError:
        return False
    return True


def test_a_porter_whose_daemon_is_gone_ends_and_so_do_its_readers(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.sends(mail())
    readers = children(hall.lobby.pid)
    assert readers
    process = hall.lobby._process
    assert process
    assert process.stdin
    process.stdin.close()  # as the kernel does when the daemon is killed
    assert process.wait(20) == 0
    wait_until(lambda: all(gone(pid) for pid in readers), "the readers to end")
    hall.lobby._process = None
    assert process.stdout
    process.stdout.close()


WORDS = st.text(max_size=9)


@given(
    st.builds(
        Envelope,
        door=WORDS,
        received=st.just(START),
        sender=WORDS,
        recipients=st.lists(WORDS, max_size=3).map(tuple),
        queue=WORDS,
        peer=WORDS,
        verdicts=st.booleans(),
        refusable=st.booleans(),
        cut=WORDS,
    ),
    st.integers(0, 1 << 60),
    st.binary(max_size=30),
)
def test_a_mail_comes_through_as_it_was(envelope: Envelope, number: int, reading: bytes) -> None:
    frame = slips.mail(number, envelope, 0.0, reading)[frames.LENGTH :]
    assert frame[:1] == slips.MAIL
    assert slips.brought(frame, START) == (number, envelope, reading)


@given(st.builds(Receipt, st.integers(1), st.sampled_from(Outcome), WORDS, WORDS, WORDS), st.integers(0))
def test_a_receipt_comes_through_as_it_was(receipt: Receipt, number: int) -> None:
    assert slips.answered(slips.content(slips.kept(number, receipt)[frames.LENGTH :])) == (number, receipt)


@given(WORDS, WORDS, st.booleans())
def test_an_error_comes_through_with_its_sentence_and_the_kind_and_first_line_of_its_cause(
    sentence: str, cause: str, full: bool
) -> None:
    error = Later(sentence, full=full)
    error.__cause__ = KeyError(cause + "\nmore")
    number, told = slips.answered(slips.content(slips.failed(3, error)[frames.LENGTH :]))
    assert isinstance(told, Later)
    assert (number, str(told), told.full) == (3, sentence, full)
    assert (type(told.__cause__).__name__, str(told.__cause__)) == ("KeyError", str(error.__cause__).splitlines()[0])
