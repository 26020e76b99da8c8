"""kill -9, at marked places and at random under load: nothing that was promised is lost, nothing is answered twice.

A client that got no 250 sends the same mail again, as every mail server does.
"""

from __future__ import annotations

import random
import signal
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.builders import mail
from tests.dovecot import Dovecot, free_ports, wait_until
from tests.e2e.process import NO_LIMITS, House, id_of, submit
from tests.e2e.sink import Sink
from tests.e2e.test_mailbox import of_mailbox

FAULTS = (smtplib.SMTPException, OSError)
MAILS, CONNECTIONS, KILLS = 150, 4, 6


def questions(count: int) -> list[bytes]:
    return [mail(subject=f"Question {number}", text=f"Question {number}?\n\nCarol") for number in range(count)]


def each_has_one_row_and_one_acknowledgement(house: House, sink: Sink, mails: Iterable[bytes], held: int = 0) -> int:
    """Gives the number of letters that came more than once, byte for byte the same. `held` mails more are held."""
    wanted = {id_of(raw) for raw in mails}
    rows = [row for row in house.rows() if row["outcome"] != "held"]
    assert len(house.rows()) == len(rows) + held
    first = Counter(row["message_id"] for row in rows if row["outcome"] == "ticket")
    assert set(first) == wanted
    assert set(first.values()) == {1}
    assert {row["outcome"] for row in rows} <= {"ticket", "duplicate"}
    tickets = {row["ticket"] for row in rows if row["outcome"] == "ticket"}
    repeats = 0
    for name in ("acknowledgement", "agent_ticket"):
        copies = sink.copies(name)
        assert {ticket for ticket, _ in copies} == tickets
        for by_id in copies.values():
            assert len(by_id) == 1, "one letter, under one Message-ID"
            assert [len(contents) for contents in by_id.values()] == [1], "repeated byte for byte"
        repeats += len(sink.named(name)) - len(tickets)
    return repeats


PLACES = ("before-commit", "after-commit", "after-send", "before-settle")
CRASHES = [("sqlite", place) for place in PLACES] + [("postgresql", "after-commit"), ("postgresql", "after-send")]


@pytest.fixture
def url(request: pytest.FixtureRequest, database: str) -> str:
    return "sqlite:///maildesk.db" if database == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize(("database", "place"), CRASHES)
def test_a_crash_at_a_marked_place_loses_and_repeats_nothing(url: str, tmp_path: Path, sink: Sink, place: str) -> None:
    house = House(tmp_path, sink.port, url=url)
    mails, kept = questions(3), list[bytes]()
    with house.run(MAILDESK_CRASH_AT=f"{place}:2") as desk:
        for raw in mails:
            try:
                if desk.takes(raw)[0] == 250:
                    kept.append(raw)
            except FAULTS:
                break
        assert desk.ended() == -signal.SIGKILL
    assert mails[0] in kept
    assert {row["message_id"] for row in house.rows()} >= {id_of(raw) for raw in kept}
    with house.run() as desk:
        assert [desk.takes(raw)[0] for raw in mails if raw not in kept] == [250] * (len(mails) - len(kept))
        house.all_sent()
        assert desk.sigterm()[0] == 0
    repeats = each_has_one_row_and_one_acknowledgement(house, sink, mails)
    assert repeats <= 4, "at most what was in hand on the relay's connections"


@pytest.mark.parametrize("place", ["before-commit", "before-move", "after-move"])
def test_a_crash_while_mail_is_taken_from_a_mailbox_leaves_it_there_or_stored(
    dovecot: Dovecot, tmp_path: Path, sink: Sink, place: str
) -> None:
    user = dovecot.user()
    house = House(tmp_path, sink.port, of_mailbox(tmp_path, dovecot.imap, user))
    mails = questions(3)
    for raw in mails:
        dovecot.deliver(user, raw)
    with house.run(MAILDESK_CRASH_AT=place) as desk:
        assert desk.ended() == -signal.SIGKILL
    assert dovecot.count(user, "INBOX") == (0 if place == "after-move" else 3)
    with house.run() as desk:
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == 3, "the mails to be moved")
        house.all_sent()
        assert desk.sigterm()[0] == 0
    assert [row["outcome"] for row in house.rows()] == ["ticket"] * 3
    each_has_one_row_and_one_acknowledgement(house, sink, mails)


class Clients:
    """Mail servers with a queue: each mail is offered until it is answered 250."""

    def __init__(self, port: int, mails: list[bytes]) -> None:
        self.port = port
        self.waiting = list(reversed(mails))
        self.offers = 0
        self.answers: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._deliver, daemon=True) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def taken(self) -> int:
        return self.answers[250]

    def join(self) -> None:
        for thread in self._threads:
            thread.join(40)
            assert not thread.is_alive()

    def _deliver(self) -> None:
        while raw := self._next():
            while not self._offer(raw):
                time.sleep(0.1)  # its retry schedule

    def _next(self) -> bytes | None:
        with self._lock:
            return self.waiting.pop() if self.waiting else None

    def _offer(self, raw: bytes) -> bool:
        self.offers += 1
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
                code, _ = submit(client, raw)
                self.answers[code] += 1
                client.sock.close()  # QUIT would only tell whether the desk still lives
        except FAULTS:
            return False
        return code == 250


@pytest.mark.timeout(180)
def test_kill_9_at_random_under_load_loses_and_repeats_nothing(tmp_path: Path, sink: Sink) -> None:
    dice = random.Random(4711)
    [port] = free_ports(1)
    house = House(tmp_path, sink.port, NO_LIMITS, smtp=port)
    mails = questions(MAILS)
    clients = Clients(port, mails)
    clients.start()
    for kill in range(KILLS):
        with house.run() as desk:
            enough = (kill + 1) * MAILS // (KILLS + 2)
            wait_until(lambda: clients.taken >= enough, "mail to be taken")  # noqa: B023
            time.sleep(dice.uniform(0, 0.1))  # anywhere in what the desk does
            desk.kill9()
    with house.run() as desk:
        clients.join()
        house.all_sent()
        assert desk.sigterm()[0] == 0
    repeats = each_has_one_row_and_one_acknowledgement(house, sink, mails)
    print(f"{clients.offers} offers, {dict(clients.answers)}, {repeats} letters repeated")  # noqa: T201
    assert clients.answers[250] == MAILS
    assert set(clients.answers) <= {250, 421, 451, 452, -1}
    assert repeats <= KILLS * 4, "at most what was in hand on the relay's connections"
