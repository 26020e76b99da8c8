"""The stage of the demo: a folder, a desk in it, a relay for its letters, and a clock that can be moved on.

`Stage` is the whole of what a scene may do: send a mail, wait for a letter, let time pass, ask what became of a
mail. The desk on it is the real one, with real sockets and a real database.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, TypeVar

from maildesk.config import load
from maildesk.daemon import Daemon, utc_now
from maildesk.demo.people import Person
from maildesk.demo.sink import PATIENCE, Sink, Taken
from maildesk.journal import Journal
from maildesk.store import directory, views
from maildesk.store.database import Store
from maildesk.words.frozen import frozen

T = TypeVar("T")

CONFIGURATION = """\
# The desk of `maildesk demo`. `maildesk --config {folder}/maildesk.conf ticket list` works on it too.
[desk]
name = "Example Support"
domain = "example.com"
state_dir = "state"
postmaster = "ops@example.com"

[listen.demo]
protocol = "smtp"
address = "127.0.0.1:0"

[relay]
host = "127.0.0.1"
port = {port}
tls = "none"

[queue.technical]
title = "Technical Support"
address = "support@example.com"
default = true

[plan.standard]
title = "Standard"
contacts = 2
queues = ["technical"]
"""

DIRECTORY = """\
[[organisation]]
name = "Acme"
domains = ["acme.example"]
plan = "standard"

[[organisation.contact]]
name = "Carol Jones"
addresses = ["carol@acme.example"]

[[agent]]
name = "Alice Agent"
addresses = ["alice@example.com"]
queues = ["technical"]
"""


class MovableClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def move(self, span: timedelta) -> None:
        self.ahead += span


@frozen
class Sent:
    """One mail that somebody wrote to the desk, and what the desk made of it."""

    sender: Person
    message: EmailMessage
    path: Path
    answer: str  # the desk's words after the final dot
    row: dict[str, Any]  # its row in the ledger


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails = folder / "mails"
        self.mails.mkdir(parents=True, exist_ok=True)
        self.clock = MovableClock()
        self.sink = Sink(self.mails)
        self.sent: list[Sent] = []
        self.port = 0

    def __enter__(self) -> Stage:
        text = CONFIGURATION.format(folder=self.folder, port=self.sink.start())
        (self.folder / "maildesk.conf").write_text(text, encoding="utf-8")
        (self.folder / "directory.toml").write_text(DIRECTORY, encoding="utf-8")
        self.log = (self.folder / "journal.log").open("a", encoding="utf-8")
        journal = Journal(self.log, clock=self.clock)
        self.daemon = Daemon(load(self.folder / "maildesk.conf"), clock=self.clock, journal=journal)
        self.daemon.start()
        self._ask(lambda store: directory.apply(store, DIRECTORY, self.daemon.config))
        self.port = int(self.daemon.doors.listeners.addresses["demo"][1])
        return self

    def __exit__(self, *_: object) -> None:
        self.daemon.stop()
        self.sink.stop()
        self.log.close()

    def send(self, sender: Person, message: EmailMessage, *, null_sender: bool = False) -> Sent:
        raw = message.as_bytes(policy=SMTP)
        path = self.mails / f"in-{len(self.sent) + 1:02}-{sender.name.split()[0].lower()}.eml"
        path.write_bytes(raw)
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
            client.ehlo("demo.example")
            client.mail("" if null_sender else sender.address)
            client.rcpt(str(message["To"]))
            code, words = client.data(raw)
        row = next(row for row in self.ledger() if row["message_id"] == str(message["Message-ID"]).strip("<>"))
        self.sent.append(Sent(sender, message, path, f"{code} {words.decode()}", row))
        return self.sent[-1]

    def ledger(self) -> list[dict[str, Any]]:
        return self._ask(lambda store: list(views.ledger(store)))

    def letter(self, name: str, reader: Person, after: int = 0) -> Taken:
        """The first letter of that name to that reader after number `after`."""
        return self.sink.wait_for(lambda each: (each.name, each.recipient) == (name, reader.address), after)

    def time_passes(self, span: timedelta) -> None:
        self.clock.move(span)
        self.daemon.sweep()

    def _ask(self, question: Callable[[Store], T]) -> T:
        return self.daemon.ledger.submit(question).result(PATIENCE)
