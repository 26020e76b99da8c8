"""Two daemons: on one SQLite store the second refuses, on one PostgreSQL store both work and share the work."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

from tests.builders import mail
from tests.dovecot import Dovecot, wait_until
from tests.e2e.process import NO_LIMITS, House, Process, a_key
from tests.e2e.sink import Sink
from tests.e2e.test_crashes import each_has_one_row_and_one_acknowledgement, questions
from tests.e2e.test_mailbox import of_mailbox


def test_a_second_daemon_on_a_sqlite_store_refuses_and_names_the_first(house: House, desk: Process) -> None:
    with house.run(ready=False) as second:
        assert second.ended() == 1
        assert f"process {desk.pid}" in second.noted("fatal")["error"]
        assert "READY=1" not in second.said()
    assert desk.takes(mail())[0] == 250
    assert house.verb("status", "--json").json["pid"] == desk.pid


def test_two_daemons_on_a_postgresql_store_and_a_mailbox_share_the_work(
    postgres_url: str, dovecot: Dovecot, tmp_path: Path, sink: Sink
) -> None:
    key = a_key(tmp_path / "key")
    user = dovecot.user()
    mails, by_mailbox = questions(40), questions(10)
    houses = [
        House(folder, sink.port, NO_LIMITS + of_mailbox(folder, dovecot.imap, user), url=postgres_url, key=key)
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    with ExitStack() as running:
        desks = [running.enter_context(house.run()) for house in houses]
        for raw in by_mailbox:
            dovecot.deliver(user, raw)
        clients = [
            threading.Thread(target=send_all, args=(desk, mails[number::2])) for number, desk in enumerate(desks)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join(30)
        wait_until(lambda: dovecot.count(user, "Maildesk/Done") == len(by_mailbox), "the mailbox to be empty")
        houses[0].all_sent()
        assert [desk.sigterm()[0] for desk in desks] == [0, 0]
    each_sent = [len(desk.journal("letter-sent")) for desk in desks]
    assert each_has_one_row_and_one_acknowledgement(houses[0], sink, [*mails, *by_mailbox]) == 0
    assert sum(each_sent) == 2 * (len(mails) + len(by_mailbox))
    assert all(each_sent), "both have sent"


def send_all(desk: Process, mails: list[bytes]) -> None:
    for raw in mails:
        assert desk.takes(raw)[0] == 250
