"""What stands behind a listener in the tests of the doors, and clients that say exactly what they are told."""

from __future__ import annotations

import io
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from maildesk import config
from maildesk.doors.listeners import Listeners
from maildesk.journal import Journal
from maildesk.words import Envelope, Outcome, Receipt

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEAD = """
[desk]
domain = "example.com"
postmaster = "ops@example.com"
[queue.technical]
address = "support@example.com"
"""
KNOWN = {"support@example.com", "sales@example.com"}


class Storing:
    """The `receive` of a desk whose storing the test ends when and how it likes."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, Envelope]] = []
        self.futures: list[Future[Receipt]] = []
        self.arrived = threading.Condition()
        self.at_once = True
        self.refusal = ""
        self.error: Exception | None = None

    def __call__(self, raw: bytes, envelope: Envelope) -> Future[Receipt]:
        future: Future[Receipt] = Future()
        with self.arrived:
            self.mails.append((raw, envelope))
            self.futures.append(future)
            self.arrived.notify_all()
        if self.error:
            future.set_exception(self.error)
        elif self.at_once:
            self.finish(future)
        return future

    def finish(self, future: Future[Receipt]) -> None:
        future.set_result(Receipt(id=len(self.mails), outcome=Outcome.TICKET, reason="", refusal=self.refusal))

    def wait(self, count: int = 1) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.mails) >= count, 10)


class Client:
    """A socket that sends bytes as they are and reads replies."""

    def __init__(self, address: object, family: int = socket.AF_INET, source: str = "") -> None:
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        if source:
            self.sock.bind((source, 0))
        self.sock.settimeout(20)
        try:
            self.sock.connect(address)  # type: ignore[arg-type]
        except OSError:
            self.sock.close()
            raise
        self.file = self.sock.makefile("rb")

    def send(self, octets: bytes) -> None:
        self.sock.sendall(octets)

    def reply(self) -> str:
        """One reply, its lines joined; "" when the far side has closed."""
        lines = []
        while True:
            try:
                line = self.file.readline()
            except ConnectionResetError:
                line = b""
            lines.append(line.decode())
            if line[3:4] != b"-":
                return "".join(lines).replace("\r\n", "\n").rstrip("\n")

    def say(self, command: str | bytes) -> str:
        self.send(command.encode() + b"\r\n" if isinstance(command, str) else command)
        return self.reply()

    def start(self, hello: str = "EHLO there") -> str:
        greeting = self.reply()
        assert greeting.startswith("220 "), greeting
        return self.say(hello)

    def envelope(self, *recipients: str, sender: str = "carol@acme.example") -> list[str]:
        replies = [self.say(f"MAIL FROM:<{sender}>")]
        replies += [self.say(f"RCPT TO:<{address}>") for address in recipients or ("support@example.com",)]
        return [*replies, self.say("DATA")]

    def secure(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.file.close()
        self.sock = context.wrap_socket(self.sock)
        self.file = self.sock.makefile("rb")

    def close(self) -> None:
        self.file.close()
        self.sock.close()


class House:
    """Running listeners of one configuration, and what they handed over."""

    def __init__(self, listeners: Listeners, storing: Storing, log: io.StringIO) -> None:
        self.listeners = listeners
        self.storing = storing
        self.log = log
        self._clients: list[Client] = []

    def client(self, name: str = "in", source: str = "") -> Client:
        place = self.listeners.addresses[name]
        client = Client(place, socket.AF_UNIX if isinstance(place, str) else socket.AF_INET, source)
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.listeners.stop(5)


Options = dict[str, object]


@contextmanager
def house(
    folder: Path, text: str, knows: Callable[[str], bool] = KNOWN.__contains__, **options: object
) -> Iterator[House]:
    found = config.parse(HEAD + text, folder)
    storing, log = Storing(), io.StringIO()
    journal = Journal(stream=log, level="debug")
    listeners = Listeners(found, storing, knows, lambda: NOW, journal, **options)  # type: ignore[arg-type]
    listeners.start()
    running = House(listeners, storing, log)
    try:
        yield running
    finally:
        running.close()


def certificate(folder: Path, name: str = "server") -> tuple[Path, Path]:
    """A certificate of our own for localhost, made on the spot."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key
