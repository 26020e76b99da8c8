"""`maildesk run` as a process of its own, and what a test does to it from outside.

`House` is a folder with configuration, directory and verbs; `house.run()` a daemon on it, started as a service manager
would: told where to say READY=1, its journal in a file, in a session of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import smtplib
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from maildesk.config import load
from maildesk.desk.storeroom import open_store
from maildesk.store import directory, outbox, views
from maildesk.store.database import Store
from tests.builders import SUPPORT, configuration
from tests.dovecot import wait_until

T = TypeVar("T")
MAILDESK = Path(sys.executable).with_name("maildesk")
PATIENCE = 20.0

ONE_AGENT = """
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

DOORS = """
[listen.smtp]
protocol = "smtp"
address = "127.0.0.1:{smtp}"
[listen.lmtp]
protocol = "lmtp"
address = "127.0.0.1:{lmtp}"
[logging]
format = "json"
"""
NO_LIMITS = """
[limits]
acks_per_contact = "100000/h"
automatic_mail = "100000/h"
"""


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class House:
    """A configured desk in a folder. `doors` are the ports of its listeners, 0 for free ones at each start."""

    def __init__(
        self,
        folder: Path,
        relay: int,
        more: str = "",
        *,
        people: str = ONE_AGENT,
        url: str = "sqlite:///maildesk.db",
        smtp: int = 0,
        key: Path | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = folder / "maildesk.conf"
        doors = "" if "[listen." in more else DOORS.format(smtp=smtp, lmtp=0)
        text = configuration(f"{doors}{more}", url=url, port=str(relay))
        key = key or a_key(folder / "key")
        self.configure(text.replace("[desk]\n", f'[desk]\nkey_file = "{key}"\n'))
        (folder / "directory.toml").write_text(people)
        self.ask(lambda store: directory.apply(store, people, load(self.file)))

    def configure(self, text: str) -> None:
        self.file.write_text(text)

    @contextmanager
    def run(self, *before: str, ready: bool = True, **environment: str) -> Iterator[Process]:
        """A daemon, ended with the block if the test has not ended it."""
        process = Process(self, before, environment)
        try:
            if ready:
                process.told("READY=1")
            yield process
        finally:
            process.close()

    def verb(self, *words: str | Path, mail: bytes = b"", **environment: str) -> Ended:
        """One verb in a process of its own."""
        command = [MAILDESK, "--config", self.file, *words]
        ended = subprocess.run(command, input=mail, capture_output=True, check=False, env=os.environ | environment)
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def ask(self, question: Callable[[Store], T]) -> T:
        """What a verb would be told, without the wait for its start."""
        store, _ = open_store(load(self.file), secrets.token_bytes)
        try:
            with store.atomic():
                return question(store)
        finally:
            store.close()

    def rows(self) -> list[dict[str, Any]]:
        return self.ask(lambda store: list(views.ledger(store)))

    def row(self, raw: bytes) -> dict[str, Any]:
        """The one row of this mail."""
        [row] = [row for row in self.rows() if row["message_id"] == id_of(raw)]
        return row

    def outbox(self) -> list[dict[str, Any]]:
        return self.ask(lambda store: outbox.rows(store, all=True))

    def all_sent(self) -> None:
        """Waits until no letter waits."""
        wait_until(lambda: not [row for row in self.outbox() if row["state"] == "waiting"], "the outbox to be empty")


def a_key(file: Path) -> Path:
    file.touch(0o600)
    file.write_text(secrets.token_hex(32))
    return file


class Process:
    def __init__(self, house: House, before: Sequence[str], environment: dict[str, str]) -> None:
        self.house = house
        self.log = house.folder / f"journal-{uuid.uuid4().hex[:6]}"
        self._said: list[str] = []
        self._notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        name = f"maildesk-{uuid.uuid4().hex}"
        self._notified.bind(f"\0{name}")
        given = os.environ | {"NOTIFY_SOCKET": f"@{name}"} | environment
        with self.log.open("wb") as log:
            self._popen = subprocess.Popen(
                [*before, str(MAILDESK), "--config", str(house.file), "run"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=given,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    # what it says

    def told(self, state: str, after: int = 0) -> str:
        """Waits until the service manager is told so, after the first `after` datagrams; gives the whole datagram."""
        deadline = time.monotonic() + PATIENCE
        while not (found := [each for each in self._said[after:] if state in each.split("\n")]):
            assert self._popen.poll() is None, f"ended with {self._popen.returncode}: {self.log.read_text()}"
            assert time.monotonic() < deadline, f"no {state}: {self._said}, {self.log.read_text()}"
            self._listen(0.2)
        return found[0]

    def said(self) -> list[str]:
        """All that the service manager was told so far."""
        while self._listen(0):
            pass
        return list(self._said)

    def silent(self, seconds: float) -> None:
        """Nothing is said for so long."""
        assert not self._listen(seconds), self._said

    def _listen(self, seconds: float) -> bool:
        self._notified.settimeout(seconds)
        with suppress(TimeoutError, BlockingIOError):
            self._said.append(self._notified.recv(4096).decode())
            return True
        return False

    def journal(self, event: str = "") -> list[dict[str, Any]]:
        lines = self.log.read_text().splitlines(keepends=True)
        told = [json.loads(line) for line in lines if line.endswith("\n")]
        return [line for line in told if not event or line["event"] == event]

    def noted(self, event: str, count: int = 1) -> dict[str, Any]:
        """Waits for the journal's line of that name."""
        return wait_until(lambda: self.journal(event)[count - 1 :], f"the line {event}")[0]

    # its doors

    def address(self, listener: str) -> tuple[str, int]:
        def told() -> list[str]:
            return [line["address"] for line in self.journal("listening") if line["listener"] == listener]

        host, _, port = wait_until(told, f"the address of {listener}")[0].rpartition(":")
        return host, int(port)

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP(*self.address("smtp"), timeout=60)

    def smtp_at(self, port: int) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", port, timeout=60)

    def lmtp(self) -> smtplib.LMTP:
        return smtplib.LMTP(*self.address("lmtp"), timeout=60)

    def takes(self, raw: bytes) -> tuple[int, str]:
        """The answer to one mail by SMTP."""
        with self.smtp() as client:
            return submit(client, raw)

    # its end

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def sigterm(self) -> tuple[int, float]:
        """The exit status, and the seconds it took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        return self.ended(), time.monotonic() - began

    def kill9(self) -> None:
        self.signal(signal.SIGKILL)
        self.ended()

    def ended(self) -> int:
        """Waits for its end, and for that of the processes it started."""
        status = self._popen.wait(30)
        wait_until(lambda: not self._group_lives(), "the readers to end", 10)
        return status

    def child(self, module: str) -> int:
        """Waits for the one process that runs this module for it."""

        def found() -> list[int]:
            tasks = Path(f"/proc/{self.pid}/task").iterdir()
            children = {int(each) for task in tasks for each in (task / "children").read_text().split()}
            return [each for each in children if module.encode() in Path(f"/proc/{each}/cmdline").read_bytes()]

        return int(wait_until(found, module)[0])

    @property
    def lives(self) -> bool:
        return self._popen.poll() is None

    def _group_lives(self) -> bool:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, 0)
            return True
        return False

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait(10)
        self._notified.close()


def submit(
    client: smtplib.SMTP, raw: bytes, sender: str | None = None, recipients: Sequence[str] = ()
) -> tuple[int, str]:
    """One mail over an open connection: the code and words of the last reply."""
    parsed = message_from_bytes(raw)
    if client.helo_resp is None and client.ehlo_resp is None:
        client.ehlo("client.test")
    client.mail(parseaddr(str(parsed["From"]))[1] if sender is None else sender)
    for recipient in recipients or (parseaddr(str(parsed["To"]))[1] or SUPPORT,):
        client.rcpt(recipient)
    code, words = client.data(raw)
    return code, words.decode()


def id_of(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"]).strip().strip("<>")
