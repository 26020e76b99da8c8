"""The far side of the postman: a relay that does as it is told at every step, and an outbox in memory."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from maildesk import config
from maildesk.doors.postman import Postman
from maildesk.doors.relay import Patience
from maildesk.journal import Journal
from maildesk.words import Delivery, Parcel, Settled

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUICK = Patience(connect=5, command=5, data=5, block=5, dot=5)


class HandClock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def parcel(number: int = 1, **changes: Any) -> Parcel:
    head = f"Subject: letter {number}\r\nMessage-ID: <EX-1.{number}@example.com>\r\n\r\n".encode()
    plain = Parcel(
        id=number,
        fence=0,
        mail_from="",
        recipient=f"carol{number}@acme.example",
        head=head,
        body=b"Dear Carol,\r\n.hidden dot\r\n",
        boundary="",
        attachments=(),
        attempts=0,
        created=START,
        name="reply",
    )
    return replace(plain, **changes)


class MemoryOutbox:
    def __init__(self, clock: Callable[[], datetime], *parcels: Parcel) -> None:
        self.clock = clock
        self.changed = threading.Condition()
        self.waiting = {each.id: (START, each) for each in parcels}
        self.leased: dict[int, Parcel] = {}
        self.settled: list[tuple[int, Settled]] = []
        self.claims: list[int] = []
        self.faults: list[Exception] = []  # raised by the next calls, one each
        self.crowd = threading.Event()  # mails queue up to be stored

    def put(self, *parcels: Parcel) -> None:
        with self.changed:
            self.waiting.update((each.id, (self.clock(), each)) for each in parcels)

    def claim(self, limit: int) -> list[Parcel]:
        with self.changed:
            self._fail()
            due = sorted((at, number) for number, (at, _) in self.waiting.items() if at <= self.clock())
            claimed = [self.waiting.pop(number)[1] for _, number in due[:limit]]
            claimed = [replace(each, fence=each.fence + 1) for each in claimed]
            self.leased.update((each.id, each) for each in claimed)
            self.claims.append(len(claimed))
            self.changed.notify_all()
            return claimed

    def settle(self, parcel: Parcel, settled: Settled) -> None:
        with self.changed:
            self._fail()
            assert self.leased.pop(parcel.id).fence == parcel.fence
            self.settled.append((parcel.id, settled))
            if settled.delivery is Delivery.WAITING:
                assert settled.next_try is not None
                again = replace(parcel, attempts=parcel.attempts + settled.counted)
                self.waiting[parcel.id] = (settled.next_try, again)
            self.changed.notify_all()

    def next_due(self) -> datetime | None:
        with self.changed:
            return min((at for at, _ in self.waiting.values()), default=None)

    def crowded(self) -> bool:
        return self.crowd.is_set()

    def _fail(self) -> None:
        if self.faults:
            raise self.faults.pop(0)

    def wait(self, until: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(until, 20), (self.settled, self.waiting)

    def of(self, number: int) -> list[Settled]:
        return [settled for which, settled in self.settled if which == number]

    def wait_for(self, number: int, delivery: Delivery, times: int = 1) -> Settled:
        def there() -> bool:
            return sum(settled.delivery is delivery for settled in self.of(number)) >= times

        self.wait(there)
        return [settled for settled in self.of(number) if settled.delivery is delivery][-1]


@dataclass
class Took:
    """One mail as the relay took it."""

    commands: list[str]
    octets: bytes
    connection: int


Answer = Callable[["Talk", str, bytes], bytes | None]


class Talk:
    """One connection to the relay, and what was said on it."""

    def __init__(self, relay: ScriptedRelay, sock: socket.socket, number: int) -> None:
        self.relay = relay
        self.sock = sock
        self.number = number
        self.file = sock.makefile("rb")
        self.commands: list[str] = []

    def run(self) -> None:
        try:
            self._say(self._answer("CONNECT", b"", b"220 relay.example ESMTP\r\n"))
            while line := self.file.readline():
                self._obey(line)
        except (OSError, ValueError):
            pass  # the postman has hung up, or the script said to
        finally:
            self.file.close()
            self.sock.close()

    def _obey(self, line: bytes) -> None:
        verb = line.split(b" ")[0].split(b":")[0].strip().upper().decode("ascii", "replace")
        self.relay.heard.append(line)
        self.commands.append(line.decode("utf-8", "replace").rstrip("\r\n"))
        usual = {"EHLO": self.relay.hello, "DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}
        reply = self._answer(verb, line, usual.get(verb, b"250 2.0.0 ok\r\n"))
        if verb == "DATA" and reply.startswith(b"354"):
            self._say(reply)
            octets = b""
            while (piece := self.file.readline()) != b".\r\n":
                if not piece:
                    return
                octets += piece
            reply = self._answer(".", octets, b"250 2.0.0 taken\r\n")
            if reply.startswith(b"250"):
                self.relay.took.append(Took(self.commands, octets, self.number))
            self.commands = []
        self._say(reply)

    def _answer(self, verb: str, line: bytes, usual: bytes) -> bytes:
        found = self.relay.script(self, verb, line) if self.relay.script else None
        return usual if found is None else found

    def _say(self, reply: bytes) -> None:
        if reply == b"DROP":
            raise OSError
        self.sock.sendall(reply)


class ScriptedRelay:
    """Listens on a port of its own; `script(talk, verb, line)` gives a reply, b"DROP", or None for the usual one."""

    def __init__(self, script: Answer | None = None) -> None:
        self.script = script
        self.hello = b"250-relay.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        self.heard: list[bytes] = []
        self.took: list[Took] = []
        self.connections = 0
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.sock.getsockname()[1]
        self._talks: list[tuple[Talk, threading.Thread]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            self.connections += 1
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            talk = Talk(self, sock, self.connections)
            thread = threading.Thread(target=talk.run, daemon=True)
            self._talks.append((talk, thread))
            thread.start()

    def hang_up(self) -> None:
        """Ends every connection, as a relay does with idle ones."""
        for talk, thread in self._talks:
            with suppress(OSError):
                talk.sock.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def close(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self._thread.join(5)
        self.hang_up()


class Round:
    """A running postman, its outbox, clock and journal."""

    def __init__(self, postman: Postman, outbox: MemoryOutbox, clock: HandClock, log: io.StringIO) -> None:
        self.postman = postman
        self.outbox = outbox
        self.clock = clock
        self.log = log

    def later(self, **span: float) -> None:
        self.clock.forward(**span)
        self.postman.wake()


def plain_pieces(letter: Parcel) -> Iterator[bytes]:
    yield letter.head
    yield letter.body


@contextmanager
def postman(folder: Path, port: int, *parcels: Parcel, relay: str = 'tls = "none"', **options: Any) -> Iterator[Round]:
    text = '[desk]\ndomain = "example.com"\npostmaster = "ops@example.com"\n[queue.technical]\n'
    text += f'address = "support@example.com"\n[relay]\nport = {port}\n{relay}\n'
    if "connections" not in relay:
        text += "connections = 1\n"
    clock, log = HandClock(), io.StringIO()
    outbox = MemoryOutbox(clock, *parcels)
    options = {"patience": QUICK, "pieces": plain_pieces, "jitter": lambda: 0.5} | options
    running = Postman(config.parse(text, folder), outbox, clock, Journal(stream=log, level="debug"), **options)
    running.start()
    try:
        yield Round(running, outbox, clock, log)
    finally:
        running.stop(5)
        assert not running.alive
