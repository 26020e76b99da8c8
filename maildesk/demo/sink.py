"""The far side of the demo: an SMTP server that stands for everybody's mail server and keeps what it is given.

The desk's relay. Each letter becomes a file and waits in `letters` for whoever reads it next. Bound to this
machine alone.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from maildesk.words.frozen import frozen

PATIENCE = 20.0  # seconds a reader waits for a letter; on a busy machine it comes in well under one


@frozen
class Taken:
    """One letter as its reader gets it."""

    number: int
    recipient: str
    message: EmailMessage
    path: Path

    @property
    def name(self) -> str:
        return str(self.message["X-Maildesk-Letter"])

    def text(self, kind: str = "plain") -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


def free_port() -> int:
    """One that nobody has now; the controller connects to itself and so cannot be given port 0."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Sink:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.letters: list[Taken] = []
        self._arrived = threading.Condition()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE)

    def start(self) -> int:
        """The port it listens on."""
        self._controller.start()
        return int(self._controller.port)

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802, ARG002
        with self._arrived:
            for recipient in envelope.rcpt_tos:
                self._keep(recipient, bytes(envelope.content))
            self._arrived.notify_all()
        return "250 2.0.0 taken"

    def wait_for(self, wanted: Callable[[Taken], bool], after: int) -> Taken:
        """The first letter after number `after` that is wanted. Raises TimeoutError."""
        with self._arrived:
            found = self._arrived.wait_for(
                lambda: next((each for each in self.letters[after:] if wanted(each)), None), PATIENCE
            )
        if found is None:
            raise TimeoutError(f"no such letter came within {PATIENCE:.0f} s")
        return found

    def _keep(self, recipient: str, content: bytes) -> None:
        message = message_from_bytes(content, policy=default)
        number = len(self.letters) + 1
        letter = str(message["X-Maildesk-Letter"])
        path = self.folder / f"out-{number:02}-{letter}.eml"
        path.write_bytes(content)
        self.letters.append(Taken(number, recipient, message, path))
