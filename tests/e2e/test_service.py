"""Under a service manager: its sockets, its watchdog, its journal."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.builders import ALICE, CAROL, STRANGER, mail
from tests.desk.world import reply_to
from tests.dovecot import free_ports, wait_until
from tests.e2e.process import House, Process, submit
from tests.e2e.sink import Sink

ACTIVATED = """
[listen.smtp]
protocol = "smtp"
address = "systemd:smtp"
[logging]
format = "json"
"""
ACTIVATE = shutil.which("systemd-socket-activate")


@pytest.fixture
def activate() -> str:
    if ACTIVATE is None:
        reason = "no systemd-socket-activate: install systemd"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return str(ACTIVATE)


def test_the_first_connection_starts_a_desk_that_is_handed_its_socket(
    activate: str, tmp_path: Path, sink: Sink
) -> None:
    [port] = free_ports(1)
    house = House(tmp_path, sink.port, ACTIVATED)
    words = [f"--listen=127.0.0.1:{port}", "--fdname=smtp", "--setenv=NOTIFY_SOCKET"]
    with house.run(activate, *words, ready=False) as desk:
        wait_until(lambda: "Listening on" in desk.log.read_text(), "systemd to listen")
        with desk.smtp_at(port) as client:
            assert submit(client, mail())[0] == 250
        desk.told("READY=1")
        sink.letter("acknowledgement", CAROL)
        assert desk.sigterm()[0] == 0
    assert [row["outcome"] for row in house.rows()] == ["ticket"]


def test_a_socket_that_was_not_handed_over_is_named(tmp_path: Path, sink: Sink) -> None:
    with House(tmp_path, sink.port, ACTIVATED).run(ready=False) as desk:
        assert desk.ended() == 69
        assert "listen.smtp: systemd handed over no socket named smtp" in desk.noted("fatal")["error"]


def test_the_watchdog_hears_of_a_desk_whose_ledger_answers(house: House) -> None:
    with house.run(WATCHDOG_USEC="1200000") as desk:
        for _ in range(3):
            desk.told("WATCHDOG=1", after=len(desk.said()))
        os.kill(desk.pid, signal.SIGSTOP)
        before = len(desk.said())
        desk.silent(1.5)
        os.kill(desk.pid, signal.SIGCONT)
        desk.told("WATCHDOG=1", after=before)


def test_each_line_of_the_journal_is_an_object_and_holds_no_word_of_a_mail(
    house: House, desk: Process, sink: Sink
) -> None:
    words = ["canary-subject", "canary-text", "canary-answer", "canary-note", "canary-stranger", "canary-file"]
    desk.takes(mail(subject=words[0], text=words[1], attachments=[(f"{words[5]}.txt", b"canary-file", "text/plain")]))
    ticket = sink.letter("agent_ticket", ALICE)
    desk.takes(reply_to(ALICE, ticket, words[2]))
    desk.takes(reply_to(ALICE, ticket, f"#note\n{words[3]}"))
    desk.takes(mail(STRANGER, subject=words[4], text=words[4]))
    broken = b"From: canary-text <[\r\nSubject: canary-subject\r\nContent-Type: x; y=\r\n\r\ncanary-text\r\n"
    with desk.smtp() as client:
        submit(client, broken, "carol@acme.example", ["support@example.com"])
    sink.letter("redirect", STRANGER)
    house.all_sent()
    assert desk.sigterm()[0] == 0
    for line in desk.log.read_text().splitlines():
        told = json.loads(line)
        assert list(told)[:3] == ["at", "level", "event"]
    assert "canary" not in desk.log.read_text()
    tokens = [letter.reply_to.partition("@")[0].rpartition("-")[2] for letter in sink.letters if letter.reply_to]
    assert len(tokens) > 3
    assert not [token for token in tokens if len(token) > 20 and token.lower() in desk.log.read_text().lower()]
