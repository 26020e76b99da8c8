"""SIGTERM ends what is in flight in order; SIGHUP exchanges the configuration, or says why it does not."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.builders import mail
from tests.doors.near import Client
from tests.dovecot import wait_until
from tests.e2e.process import NO_LIMITS, House, Process, id_of, submit
from tests.e2e.sink import Sink
from tests.e2e.test_crashes import FAULTS, each_has_one_row_and_one_acknowledgement
from tests.e2e.test_faults import database


def in_data(desk: Process, raw: bytes) -> Client:
    """A client in the middle of a mail."""
    client = Client(desk.address("smtp"))
    client.start()
    assert client.envelope()[-1].startswith("354")
    client.send(raw[:100])
    return client


@pytest.fixture
def house(tmp_path: Path, sink: Sink) -> House:
    return House(tmp_path, sink.port, NO_LIMITS)


def test_sigterm_finishes_or_cleanly_refuses_what_is_in_flight_and_ends_with_0(
    house: House, desk: Process, sink: Sink
) -> None:
    quick, slow = mail(subject="Half said"), mail(subject="Never ended")
    idle = Client(desk.address("smtp"))
    idle.start()
    in_time, late = in_data(desk, quick), in_data(desk, slow)
    kept: list[bytes] = []
    senders = [threading.Thread(target=keep_sending, args=(desk, kept)) for _ in range(2)]
    for sender in senders:
        sender.start()
    wait_until(lambda: len(kept) >= 6, "the load")

    stopping: list[tuple[int, float]] = []
    ending = threading.Thread(target=lambda: stopping.append(desk.sigterm()))
    ending.start()
    assert idle.reply().startswith("421 ")
    in_time.send(quick[100:] + b"\r\n.\r\n")
    answer = in_time.reply()
    assert answer[:4] in ("250 ", "421 ", "451 ")
    assert late.reply().startswith("421 ")
    ending.join(30)
    for thread in senders:
        thread.join(10)
    assert stopping[0][0] == 0
    assert stopping[0][1] < 20
    assert "STOPPING=1" in desk.said()
    for client in (idle, in_time, late):
        client.close()

    if answer.startswith("250"):
        kept.append(quick)
    rows = {row["message_id"] for row in house.rows()}
    assert rows >= {id_of(raw) for raw in kept}
    assert id_of(slow) not in rows
    assert answer.startswith("250") == (id_of(quick) in rows)
    with house.run():
        house.all_sent()
    each_has_one_row_and_one_acknowledgement(house, sink, kept)


def keep_sending(desk: Process, kept: list[bytes]) -> None:
    """Over one connection, until the desk will not have it."""
    with suppress(*FAULTS), desk.smtp() as client:
        while True:
            raw = mail()
            if submit(client, raw)[0] != 250:
                break
            kept.append(raw)


def test_a_second_sigterm_changes_nothing(desk: Process) -> None:
    desk.signal(signal.SIGTERM)
    assert desk.sigterm()[0] == 0


def test_a_locked_store_does_not_hold_up_the_end(house: House, desk: Process) -> None:
    raw = mail()
    with closing(database(house)) as other, closing(in_data(desk, raw)) as client:
        other.execute("BEGIN EXCLUSIVE")
        client.send(raw[100:] + b"\r\n.\r\n")
        status, seconds = desk.sigterm()
        assert client.reply()[:4] in ("421 ", "451 ")
    assert status == 0
    assert seconds < 20
    assert house.rows() == []


@pytest.fixture
def reloads(house: House, desk: Process) -> Callable[[str], None]:
    def reload(text: str) -> None:
        before = len(desk.said())
        house.configure(text)
        desk.signal(signal.SIGHUP)
        first = desk.told("RELOADING=1", after=before)
        assert first.split("\n")[1].startswith("MONOTONIC_USEC=")
        desk.told("READY=1", after=before + 1)

    return reload


def test_sighup_takes_what_has_changed(house: House, desk: Process, reloads: Callable[[str], None], sink: Sink) -> None:
    new = mail(to="new@example.com")
    with desk.smtp() as client:
        client.ehlo("client.test")
        client.mail("carol@acme.example")
        assert client.rcpt("new@example.com")[0] == 550
    reloads(house.file.read_text().replace('"help@example.com"', '"help@example.com", "new@example.com"'))
    assert desk.noted("reloaded")["restart_wanted"] == ""
    assert desk.takes(new)[0] == 250
    assert sink.letter("acknowledgement", "carol@acme.example").addresses("From") == {"new@example.com"}


def test_sighup_reaches_tickets_at_rest(house: House, desk: Process, reloads: Callable[[str], None]) -> None:
    def planned() -> bool:
        return house.ask(lambda store: store.all("SELECT next_check IS NOT NULL FROM ticket")) == [(True,)]

    assert desk.takes(mail())[0] == 250
    assert not planned()
    reloads(house.file.read_text().replace("contacts = 2", 'contacts = 2\nfirst_response = { 3 = "4h" }'))
    wait_until(planned, "the ticket is planned anew")
    assert desk.noted("replanned")["overdue"] == 0


def test_a_bad_configuration_changes_nothing_and_is_reported(
    house: House, desk: Process, reloads: Callable[[str], None]
) -> None:
    good = house.file.read_text()
    reloads(good.replace("aliases", "alias"))
    problems = desk.noted("reload-refused")["problems"]
    line = good.splitlines().index('aliases = ["help@example.com"]') + 1
    assert f"maildesk.conf:{line}: queue.technical.alias: " in problems
    assert "aliases" in problems.partition("alias:")[2], "it says what to write instead"
    reloads(good + "\n[")
    assert "maildesk.conf:" in desk.noted("reload-refused", 2)["problems"]
    assert desk.takes(mail(to="help@example.com"))[0] == 250


def test_what_a_reload_cannot_change_is_reported_as_needing_a_restart(
    house: House, desk: Process, reloads: Callable[[str], None]
) -> None:
    good = house.file.read_text()
    reloads(
        good.replace("sqlite:///maildesk.db", "sqlite:///other.db").replace("[desk]\n", '[desk]\nlanguage = "de"\n')
    )
    wanted = desk.noted("reloaded")
    assert (wanted["restart_wanted"], wanted["level"]) == ("[store]", "warning")
    assert desk.takes(mail())[0] == 250
    house.configure(good)
    assert [row["outcome"] for row in house.rows()] == ["ticket"]
    assert not (house.folder / "state" / "other.db").exists()
