"""The far side of the e2e tests: a relay that keeps every letter it is given, byte for byte.

`sink.script` may answer in its place, by verb and argument; END is the final dot. A letter counts as taken when the
sink says 250 to it, whether or not the desk lives to hear it.
"""

from __future__ import annotations

import re
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes

from tests.desk.world import Sent
from tests.fields import READING

PATIENCE = 20.0
PATH = re.compile(r"<([^>]*)>")

Script = Callable[[str, str], str]  # "" leaves the answer to the sink


def obliging(verb: str, argument: str) -> str:
    return ""


class Sink:
    def __init__(self) -> None:
        self.letters: list[Sent] = []
        self.script: Script = obliging
        self._arrived = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, name="sink", daemon=True).start()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    # what a test sees

    def wait(self, wanted: Callable[[Sent], bool], count: int = 1, after: int = 0) -> list[Sent]:
        """At least so many wanted letters after the first `after`."""

        def found() -> list[Sent]:
            return [letter for letter in self.letters[after:] if wanted(letter)]

        with self._arrived:
            assert self._arrived.wait_for(lambda: len(found()) >= count, PATIENCE), (
                f"{len(found())} of {count} letters came; there are "
                f"{[(letter.name, letter.recipient) for letter in self.letters[after:]]}"
            )
        return found()

    def letter(self, name: str, reader: str, after: int = 0) -> Sent:
        """The first letter of that name whose reader's address stands in `reader`."""
        return self.wait(lambda each: each.name == name and each.recipient in reader, after=after)[0]

    def named(self, name: str) -> list[Sent]:
        with self._arrived:
            return [letter for letter in self.letters if letter.name == name]

    def copies(self, name: str) -> dict[tuple[str, str], dict[str, set[bytes]]]:
        """By ticket and reader, the Message-IDs of the letters of that name, each with the bytes it came with."""
        found: dict[tuple[str, str], dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
        for letter in self.named(name):
            found[str(letter.message["X-Maildesk-Ticket"]), letter.recipient][letter.message_id].add(letter.raw)
        return found

    # the conversation

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._connections.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, suppress(OSError):
            for reply in self._replies(lines):
                connection.sendall(reply.encode() + b"\r\n")
                if reply.startswith(("221", "421")):
                    break
        self._connections.discard(connection)

    def _replies(self, lines: Iterator[bytes]) -> Iterator[str]:
        yield "220 sink.test"
        sender, recipients = "", list[str]()
        for line in lines:
            verb, _, argument = line.decode().strip().partition(" ")
            found = PATH.search(argument)
            path = found[1] if found else ""
            reply = self.script(verb.upper(), argument) or ("354 go on" if verb.upper() == "DATA" else "250 2.0.0 OK")
            match verb.upper():
                case "EHLO" if reply == "250 2.0.0 OK":
                    reply = "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES"
                case "QUIT":
                    reply = "221 2.0.0 Bye"
                case "MAIL":
                    sender, recipients = path, []
                case "RCPT" if reply.startswith("2"):
                    recipients.append(path)
                case "DATA" if reply.startswith("354"):
                    yield reply
                    reply = self._take(lines, sender, recipients)
            yield reply

    def _take(self, lines: Iterator[bytes], sender: str, recipients: list[str]) -> str:
        content = []
        for line in lines:
            if line == b".\r\n":
                break
            content.append(line[1:] if line.startswith(b".") else line)
        else:
            raise ConnectionAbortedError
        raw = b"".join(content)
        reply = self.script("END", sender) or "250 2.0.0 Taken"
        if reply.startswith("2"):
            message = message_from_bytes(raw, policy=READING)
            name = str(message["X-Maildesk-Letter"])
            with self._arrived:
                self.letters += [Sent(name, recipient, sender, raw) for recipient in recipients]
                self._arrived.notify_all()
        return reply
