"""The bytes between us and an IMAP server, within bounds of memory and time.

Used by imap_server alone. A server is not trusted: no line, literal or answer may outgrow what was asked
for, and no command may take for ever. Loaded only by a mailbox's thread, because imapclient is slow to import.
"""

from __future__ import annotations

import imaplib
import select
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from imapclient import IMAPClient, SocketTimeout

from maildesk.doors.mailboxes import Pace, Wake

LONGEST_LINE = 1_000_000  # octets; a search answer of about 125,000 messages
ALLOWANCE = 8 * 1024 * 1024  # octets one command may be answered with, unless it asks for mails
PIECE = 256 * 1024
COMMAND_TIME = timedelta(minutes=10)  # what a server that drips may take for one answer


class Wire:
    """Lines and literals off a socket. Whatever is too long or too slow ends the connection."""

    def __init__(self, sock: socket.socket, clock: Callable[[], datetime]) -> None:
        self.sock = sock
        self._clock = clock
        self._buffer = bytearray()
        self.expect(ALLOWANCE)

    def expect(self, allowance: int) -> None:
        """A command goes out: its answer may have this many octets."""
        self._left = allowance
        self._until = self._clock() + COMMAND_TIME

    @property
    def waiting(self) -> bool:
        """Something has arrived that `select` on the socket does not show."""
        return bool(self._buffer) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def line(self) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > LONGEST_LINE:
                raise imaplib.IMAP4.abort("the server sent an endless line")
            piece = self._receive(PIECE)
            if not piece:
                return self._take(searched)
            self._buffer += piece
        return self._take(end + 1)

    def literal(self, size: int) -> bytes:
        if size > self._left + len(self._buffer):
            raise imaplib.IMAP4.abort(f"the server announced {size} octets, more than was asked for")
        found = bytearray(self._take(min(size, len(self._buffer))))
        while len(found) < size and (piece := self._receive(min(size - len(found), PIECE))):
            found += piece
        return bytes(found)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _receive(self, count: int) -> bytes:
        if self._clock() > self._until:
            raise imaplib.IMAP4.abort("the server took too long for one answer")
        piece = self.sock.recv(count)
        self._left -= len(piece)
        if self._left < 0:
            raise imaplib.IMAP4.abort("the server sent more than was asked for")
        return piece


class Connection(imaplib.IMAP4):
    """The standard library's client, reading through a Wire, its certificates always verified."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, pace: Pace, clock: Callable[[], datetime]):
        self._tls = tls
        self._clock = clock
        self._answer_within = pace.read
        self.next_allowance = ALLOWANCE
        super().__init__(host, port, timeout=pace.connect)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        sock = socket.create_connection((host, port), timeout)
        self.sock = self._tls.wrap_socket(sock, server_hostname=host) if self._tls else sock
        self.wire = Wire(self.sock, self._clock)

    def read(self, size: int) -> bytes:
        return self.wire.literal(size)

    def readline(self) -> bytes:
        return self.wire.line()

    def send(self, data: Any) -> None:
        self.wire.expect(self.next_allowance)
        self.sock.sendall(data)

    def shutdown(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server has already gone
        finally:
            self.sock.close()

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """RFC 9051, 6.2.1: what the server said before is forgotten, whoever may have put it there."""
        answer = self._simple_command("STARTTLS")
        if answer[0] != "OK":
            raise self.error("the server refused STARTTLS")
        context = ssl_context or ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.wire = Wire(self.sock, self._clock)
        self.untagged_responses.clear()
        self._get_capabilities()
        return answer

    def idle_begin(self) -> tuple[bytes, bool]:
        """The tag of the IDLE command, and whether the server already has something to tell (RFC 2177)."""
        tag = self._command("IDLE")
        told = False
        while self._get_response() is not None:  # None is the "+"
            told = True  # a line may come before it
            if self.tagged_commands[tag]:
                raise self.error("the server refused IDLE")
        return tag, told or self.wire.waiting

    def idle_wait(self, wake: Wake, seconds: float) -> bool:
        """Waits for news, for `wake` or for the time to pass; True when the server has something to tell."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        poll.register(wake, select.POLLIN)
        return any(number == self.sock.fileno() for number, _ in poll.poll(seconds * 1000))

    def idle_end(self, tag: bytes, within: float) -> None:
        """RFC 2177: DONE, then everything up to the tagged answer. A dead peer shows here (time-out)."""
        self.sock.settimeout(within)
        self.send(b"DONE\r\n")
        self._get_tagged_response(tag)
        self._check_bye()
        self.sock.settimeout(self._answer_within)


class Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient over a Connection of ours, its traffic never logged."""

    def __init__(self, connection: Connection, pace: Pace, implicit: bool) -> None:
        self._connection = connection
        super().__init__(connection.host, connection.port, ssl=implicit, timeout=SocketTimeout(pace.connect, pace.read))
        connection.debug = 0  # IMAPClient sets 5, and each line would be formatted for a log nobody reads

    def _create_IMAP4(self) -> Connection:  # noqa: N802  its name
        return self._connection
