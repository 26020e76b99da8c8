"""What the mailbox tests hand to a mailbox: a desk that keeps what it is given, a memory, and quick paces."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from maildesk import config
from maildesk.config import Config
from maildesk.doors.mailboxes import Mailboxes, Pace
from maildesk.journal import Journal
from maildesk.words import Envelope, Later, Outcome, Receipt
from tests.builders import configuration
from tests.dovecot import PASSWORD, wait_until

__all__ = ["PASSWORD", "QUICK", "Desk", "Memory", "conf", "now", "serving", "wait_until"]

QUICK = Pace(
    connect=5, read=5, renew=5, done=2, goodbye=1, receipt=5, first_pause=0.05, longest_pause=0.2, login_pause=0.3,
    taken_pause=0.05, good_every=0,
)  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """The far side of `receive`: gives every mail a receipt, unless told otherwise."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, Envelope]] = []
        self.outcome: Callable[[bytes], Outcome | Exception] = lambda raw: Outcome.TICKET
        self.gate = threading.Event()  # closed: receipts wait
        self.gate.set()

    def receive(self, raw: bytes, envelope: Envelope) -> Future[Receipt]:
        self.got.append((raw, envelope))
        future: Future[Receipt] = Future()
        if self.gate.is_set():
            self._answer(future, raw)
        else:
            threading.Thread(target=lambda: (self.gate.wait(20), self._answer(future, raw)), daemon=True).start()
        return future

    def _answer(self, future: Future[Receipt], raw: bytes) -> None:
        outcome = self.outcome(raw)
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(Receipt(len(self.got), outcome, "as the test wants"))

    @property
    def bodies(self) -> list[bytes]:
        return [raw.split(b"\r\n\r\n", 1)[-1].strip() for raw, _ in list(self.got)]


class Memory:
    """The far side of `remembered`; one instance over several Mailboxes is a daemon that was restarted."""

    def __init__(self, first_login: datetime | None = None) -> None:
        self.first: dict[str, datetime] = {}
        self.given = first_login
        self.validity: dict[str, int] = {}
        self.sources: set[str] = set()
        self.goods: list[datetime] = []

    def first_login(self, name: str, now: datetime) -> datetime:
        return self.first.setdefault(name, self.given or now)

    def uidvalidity(self, name: str, value: int) -> int:
        before = self.validity.get(name, 0)
        self.validity[name] = value
        return before

    def seen(self, sources: Iterable[str]) -> set[str]:
        return self.sources.intersection(sources)

    def good(self, name: str, now: datetime) -> None:
        self.goods.append(now)


def conf(folder: Path, port: int, user: str, more: str = "", limits: str = "") -> Config:
    """One mailbox on this machine; `more` are further lines of its table and replace the defaults here."""
    lines = {
        "host": '"127.0.0.1"', "port": str(port), "tls": '"none"', "user": f'"{user}"', "since": '"all"',
        "password_file": '"imap-password"', "poll": '"1s"',
    }  # fmt: skip
    lines |= dict(line.split(" = ", 1) for line in more.splitlines() if line)
    if "[mailbox.support.oauth2]" in limits:
        del lines["password_file"]
    (folder / "imap-password").write_text(PASSWORD + "\n")
    (folder / "imap-password").chmod(0o600)
    table = "\n".join(f"{key} = {value}" for key, value in lines.items())
    return config.parse(configuration(f"\n[mailbox.support]\n{table}\n{limits}\n"), folder)


@contextmanager
def serving(
    config_: Config,
    desk: Desk,
    memory: Memory | None = None,
    pace: Pace = QUICK,
    log: io.StringIO | None = None,
    **more: object,
) -> Iterator[Mailboxes]:
    log = log if log is not None else io.StringIO()
    mailboxes = Mailboxes(
        config_,
        desk.receive,
        memory or Memory(),
        now,
        Journal(log),
        config.secret,
        pace=pace,
        **more,  # type: ignore[arg-type]
    )
    mailboxes.start()
    try:
        yield mailboxes
        assert mailboxes.alive or mailboxes.stopped, "a mailbox's thread has died"
    finally:
        mailboxes.stop(10)
        print(log.getvalue(), mailboxes.status())  # noqa: T201  pytest shows it with a failure
    assert not mailboxes.alive


def later() -> Later:
    return Later("Try again later")
