"""What a sending server is told when the desk or its store fails: 4xx in time, no word of the cause, nothing lost."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.builders import CAROL, mail
from tests.doors.near import Client
from tests.dovecot import wait_until
from tests.e2e.disks import MIB, filled_up, read_only, small_disk
from tests.e2e.process import NO_LIMITS, Ended, House, Process, id_of
from tests.e2e.sink import Sink
from tests.e2e.test_crashes import Clients, each_has_one_row_and_one_acknowledgement

SECRET = "secret of the machine room"


def database(house: House) -> sqlite3.Connection:
    return sqlite3.connect(house.folder / "state" / "maildesk.db", isolation_level=None, timeout=20)


def broken(table: str, condition: str = "1") -> str:
    return f"""CREATE TRIGGER broken BEFORE INSERT ON {table} WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{SECRET}'); END"""


class Locked:
    """Mail that arrives while another process locks the store, by socket and by pipe. It takes its 25 seconds."""

    def __init__(self, house: House, desk: Process, sink: Sink) -> None:
        self.house = house
        self.sink = sink
        self.desk = desk
        self.mails = [mail() for _ in range(3)]
        self.piped = mail()
        self.answers: list[tuple[int, str, float]] = []
        self.ended: list[Ended] = []
        self._threads = [threading.Thread(target=self._send, args=(raw,)) for raw in self.mails]
        self._threads.append(threading.Thread(target=self._pipe))
        self._other = database(house)
        self._other.execute("BEGIN EXCLUSIVE")
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(60)
        self._other.close()

    def _send(self, raw: bytes) -> None:
        began = time.monotonic()
        self.answers.append((*self.desk.takes(raw), time.monotonic() - began))

    def _pipe(self) -> None:
        self.ended.append(self.house.verb("deliver", mail=self.piped))


@pytest.fixture(scope="module", autouse=True)
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """Begun before the first test of this file and looked at by the last: nobody need wait for it."""
    sink = Sink()
    house = House(tmp_path_factory.mktemp("locked"), sink.port, NO_LIMITS)
    with house.run() as desk:
        found = Locked(house, desk, sink)
        yield found
        found.join()
    sink.stop()


# recipients


def test_of_two_recipients_the_unknown_one_is_refused_and_each_has_its_reply(desk: Process, house: House) -> None:
    with closing(Client(desk.address("lmtp"))) as client:
        client.start("LHLO there")
        recipients = b"RCPT TO:<support@example.com>\r\nRCPT TO:<nobody@example.com>\r\n"
        client.send(b"MAIL FROM:<carol@acme.example>\r\n" + recipients + b"DATA\r\n")
        replies = [client.reply() for _ in range(4)]
        assert [reply[:3] for reply in replies] == ["250", "250", "550", "354"]
        assert replies[2].startswith("550 5.1.1 ")
        client.send(mail() + b".\r\nNOOP\r\n")
        assert client.reply().startswith("250 2.0.0 Kept")
        assert client.reply().startswith("250 2.0.0 Still here"), "one reply, for the one recipient"
    assert len(house.rows()) == 1


def test_two_known_recipients_have_a_reply_each_and_the_mail_one_row(desk: Process, house: House) -> None:
    with closing(Client(desk.address("lmtp"))) as client:
        client.start("LHLO there")
        client.envelope("support@example.com", "sales@example.com")
        client.send(mail(to=["support@example.com", "sales@example.com"]) + b".\r\n")
        assert [client.reply()[:4] for _ in range(2)] == ["250 ", "250 "]
    assert [row["outcome"] for row in house.rows()] == ["ticket"]


# faults of ours


def test_a_mail_that_our_own_code_fails_on_is_held_and_the_next_one_goes_on(
    desk: Process, house: House, sink: Sink
) -> None:
    bad = mail(subject="breaks")
    with closing(database(house)) as other:
        other.execute(broken("ticket", "NEW.subject = 'breaks'"))
        code, words = desk.takes(bad)
        assert (code, SECRET in words) == (250, False)
        assert desk.takes(mail())[0] == 250
        sink.letter("acknowledgement", CAROL)
        assert house.row(bad)["outcome"] == "held"
        assert desk.noted("parked")["level"] == "error"
        other.execute("DROP TRIGGER broken")
    released = house.verb("held", "release", str(house.row(bad)["id"]))
    assert released.code == 0, released.err
    assert house.row(bad)["outcome"] == "ticket"


def test_a_mail_that_cannot_even_be_held_is_451_without_the_cause_and_comes_again(
    desk: Process, house: House, sink: Sink
) -> None:
    bad = mail(subject="breaks")
    with closing(database(house)) as other:
        other.execute(broken("mail", "NEW.subject = 'breaks'"))
        code, words = desk.takes(bad)
        assert code == 451
        assert words.startswith("4.3.0 ")
        assert not [word for word in (SECRET, "Error", "trigger", "mail ") if word in words]
        assert house.rows() == []
        other.execute("DROP TRIGGER broken")
    assert SECRET in str(desk.noted("put-off")["error"]), "operators are told"
    assert desk.takes(bad)[0] == 250
    house.all_sent()
    each_has_one_row_and_one_acknowledgement(house, sink, [bad])


@pytest.fixture
def busy(tmp_path: Path, sink: Sink) -> Iterator[Process]:
    """A desk that many mails may come to at once."""
    with House(tmp_path, sink.port, NO_LIMITS).run() as desk:
        yield desk


def test_a_letter_that_the_store_does_not_take_costs_its_own_mail_alone(busy: Process, sink: Sink) -> None:
    mails = [mail(subject="breaks" if number == 7 else f"Question {number}") for number in range(24)]
    house = busy.house
    with closing(database(house)) as other:
        other.execute(broken("letter", "NEW.unwritten LIKE '%breaks%'"))
        clients = Clients(busy.address("smtp")[1], mails)
        clients.start()
        clients.join()
        other.execute("DROP TRIGGER broken")
    assert clients.answers == {250: len(mails)}
    assert [row["message_id"] for row in house.rows() if row["outcome"] == "held"] == [id_of(mails[7])]
    house.all_sent()
    each_has_one_row_and_one_acknowledgement(house, sink, [raw for raw in mails if raw is not mails[7]], held=1)


def test_a_letter_that_cannot_be_kept_is_held_and_told_of_and_the_others_go(busy: Process, sink: Sink) -> None:
    mails = [mail(subject="breaks" if number == 7 else f"Question {number}") for number in range(12)]
    house = busy.house
    with closing(database(house)) as other:
        other.execute(broken("letter", "NEW.subject LIKE '%breaks%'").replace("INSERT", "UPDATE"))
        for raw in mails:
            busy.takes(raw)
        wait_until(lambda: any(row["letter"] == "alarm" for row in house.outbox()), "the alarm")
        other.execute("DROP TRIGGER broken")
    house.all_sent()
    held = [row for row in house.outbox() if row["state"] == "held"]
    assert {row["letter"] for row in held} == {"acknowledgement", "agent_ticket"}
    assert all(row["last_error"].startswith("cannot be written: ") for row in held)
    assert [row["outcome"] for row in house.rows()] == ["ticket"] * len(mails)


def test_a_scribe_that_is_killed_costs_no_letter(busy: Process, sink: Sink) -> None:
    mails = [mail(subject=f"Question {number}") for number in range(40)]
    busy.takes(mails[0])
    sink.wait(lambda letter: letter.name == "acknowledgement")  # the scribe is at work
    clients = Clients(busy.address("smtp")[1], mails[1:])
    clients.start()
    for taken in (5, 20):
        wait_until(lambda: clients.taken >= taken, "mail to be taken")  # noqa: B023
        os.kill(busy.child("maildesk.desk.scribe"), signal.SIGKILL)
    clients.join()
    assert clients.answers == {250: len(mails) - 1}
    busy.house.all_sent()
    each_has_one_row_and_one_acknowledgement(busy.house, sink, mails)
    assert busy.noted("scribe-replaced")["reason"] == "writing ended its process with -9"


# the store


def test_a_short_lock_is_waited_for(desk: Process, house: House) -> None:
    answers: list[int] = []
    sender = threading.Thread(target=lambda: answers.append(desk.takes(mail())[0]))
    with closing(database(house)) as other:
        other.execute("BEGIN EXCLUSIVE")
        sender.start()
        sender.join(0.7)
        assert answers == []
    sender.join(20)
    assert answers == [250]


@contextmanager
def unwritable(desk: Process) -> Iterator[None]:
    """Every write of the daemon beyond the first octets of a file fails."""
    before = resource.prlimit(desk.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(desk.pid, resource.RLIMIT_FSIZE, before)


def test_a_database_that_cannot_be_written_or_has_become_read_only_is_451_until_it_is_mended(
    desk: Process, house: House, sink: Sink
) -> None:
    first, second = mail(), mail()
    with read_only(house.folder / "state"):
        with unwritable(desk):
            code, words = desk.takes(first)
            assert (code, words[:6]) == (451, "4.3.0 ")
        code, words = desk.takes(second)
        assert (code, words[:6]) == (451, "4.3.0 ")
        assert "readonly" not in words
    assert any("readonly" in str(line["error"]) for line in desk.journal("store-unavailable"))
    assert [desk.takes(raw)[0] for raw in (first, second)] == [250, 250]
    house.all_sent()
    each_has_one_row_and_one_acknowledgement(house, sink, [first, second])


def test_a_full_disk_is_452_and_the_desk_recovers_by_itself(tmp_path: Path, sink: Sink) -> None:
    state = tmp_path / "state"
    large = [mail(attachments=[("core.gz", os.urandom(2 * MIB), "application/gzip")]) for _ in range(2)]
    with small_disk(state, 24 * MIB):
        house = House(tmp_path, sink.port, NO_LIMITS)
        with house.run() as desk:
            small = mail()
            assert desk.takes(small)[0] == 250
            house.all_sent()
            with filled_up(state):
                for raw in large:
                    code, words = desk.takes(raw)
                    assert (code, words[:6]) == (452, "4.3.1 ")
                assert house.verb("deliver", mail=large[0]).code == 75
                assert desk.lives
            assert [desk.takes(raw)[0] for raw in large] == [250, 250]
            house.all_sent()
            assert desk.sigterm()[0] == 0
        each_has_one_row_and_one_acknowledgement(house, sink, [small, *large])


@pytest.mark.timeout(120)
def test_a_store_locked_for_long_is_451_in_time_by_socket_75_by_pipe_and_nothing_is_lost(locked: Locked) -> None:
    locked.join()
    assert [code for code, _, _ in locked.answers] == [451] * 3
    assert {words[:6] for _, words, _ in locked.answers} == {"4.3.0 "}
    assert max(seconds for _, _, seconds in locked.answers) < 30
    assert [ended.code for ended in locked.ended] == [75]
    house, desk = locked.house, locked.desk
    assert house.rows() == []
    assert [desk.takes(raw)[0] for raw in locked.mails] == [250] * 3
    assert house.verb("deliver", mail=locked.piped).code == 0
    wait_until(lambda: len(house.rows()) == 4, "the rows")
    house.all_sent()
    each_has_one_row_and_one_acknowledgement(house, locked.sink, [*locked.mails, locked.piped])
    assert id_of(locked.piped) in {row["message_id"] for row in house.rows()}
