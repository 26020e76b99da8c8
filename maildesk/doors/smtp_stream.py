"""The frame of a conversation: greeting, command lines, replies, silence, and the end.

The base of smtp.py, on the listeners' asyncio loop. aiosmtpd carries the stream and the switch to TLS; the
command loop is ours, because aiosmtpd's answers a fault of ours with `500` and the error's text, writes to the
standard error stream, and drops what a client sent before it half-closed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from aiosmtpd.smtp import SMTP, TLSSetupException

from maildesk.config import Listener
from maildesk.doors.crowd import Crowd
from maildesk.doors.data import Room
from maildesk.doors.sockets import allowed, peer_address
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt

CHUNK = 1 << 16  # octets read at once
ERRORS = 100  # refusals between two mails; RFC 5321, 4.1.1.5 lets a server give up on a guesser
FOREIGN = frozenset({"GET", "POST", "PUT", "CONNECT"})  # a browser made to speak to us
OURS = "451 4.3.0 A fault of ours, try again later"
GOODBYE = "421 4.3.2 Closing down, try again later"


@dataclass(frozen=True, slots=True)
class Terms:
    """What all conversations of one listener go by."""

    name: str
    listener: Listener
    hostname: str
    receive: Callable[[bytes, Envelope], Future[Receipt]]
    knows: Callable[[str], bool]
    clock: Callable[[], datetime]
    journal: Journal
    crowd: Crowd
    room: Room
    patience: float = 300.0  # seconds of silence; RFC 5321, 4.5.3.2.7 wants five minutes or more
    answer_within: float = 29.0  # seconds from the final dot to a reply

    @property
    def door(self) -> str:
        return f"{self.listener.protocol}:{self.name}"


class Stream(SMTP):
    command_size_limit = 1024  # RFC 5321, 4.5.3.1.4 asks for 512 and more for each extension
    line_length_limit = CHUNK  # of the stream's buffer
    commands: ClassVar[tuple[str, ...]] = ()

    def __init__(self, terms: Terms, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop) -> None:
        self._heard = loop.time()
        super().__init__(
            None,
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=terms.hostname,
            tls_context=tls,
            timeout=terms.patience,
            loop=loop,
        )
        self.terms = terms
        self.peer = ""
        self.refusal = ""  # why this peer may not speak
        self.busy = False  # between DATA and its reply
        self.owing = False  # the reply is ours to give, so silence is no fault of the peer
        self.leaving = False
        self.errors = 0
        self.ended = False  # nothing more is read, whatever has come

    def __dir__(self) -> list[str]:
        """The commands alone: aiosmtpd looks them up so, for each connection, and finds no AUTH to offer."""
        return [f"smtp_{command}" for command in self.commands]

    # the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        newcomer = self.transport is None
        super().connection_made(transport)
        if newcomer:
            self.peer = peer_address(transport.get_extra_info("peername"))
            self.refusal = self._admit()

    def connection_lost(self, error: Exception | None) -> None:
        self.terms.crowd.leave(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self.busy:  # within DATA every octet is progress, elsewhere only a whole command
            self._heard = self.loop.time()
        super().data_received(data)

    def eof_received(self) -> bool:
        """A peer that only half-closed still gets its replies."""
        super(SMTP, self).eof_received()
        over_tls = self.session is not None and (self.session.ssl is not None or self._over_tls)
        return not over_tls

    @property
    def _over_tls(self) -> bool:
        return self.transport is not None and self.transport.get_extra_info("sslcontext") is not None

    def leave(self) -> None:
        """Says goodbye, after the mail in hand."""
        self.leaving = True
        if not self.busy:
            self._close_with(GOODBYE)

    def cut(self) -> None:
        """Says goodbye and does not wait."""
        self._close_with(GOODBYE)
        transport = self._original_transport or self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def _admit(self) -> str:
        terms = self.terms
        reason = terms.crowd.enter(self, self.peer, trusted=bool(terms.listener.allow))
        refusal = f"421 4.7.0 {reason.capitalize()}" if reason else ""
        if not allowed(self.peer, terms.listener):
            reason, refusal = "not in allow", "554 5.7.1 Access denied"
        if reason:
            terms.journal.connection_refused(listener=terms.name, peer=self.peer, reason=reason)
        return refusal

    # silence

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Notes that the peer was heard; one timer a connection looks at the note, none is made a command."""
        self._heard = self.loop.time()
        if self._timeout_handle is None:
            self._timeout_handle = self.loop.call_later(duration or self._timeout_duration, self._timeout_cb)

    def _timeout_cb(self) -> None:
        if self.owing:
            self._heard = self.loop.time()
        left = self._heard + self.terms.patience - self.loop.time()
        if left > 0.01:
            self._timeout_handle = self.loop.call_later(left, self._timeout_cb)
        else:
            self._close_with("421 4.4.2 Too long a silence")

    def _close_with(self, reply: str) -> None:
        transport = self.transport
        if not isinstance(transport, asyncio.WriteTransport) or transport.is_closing():
            return
        self.ended = True
        transport.write(reply.encode() + b"\r\n")
        if transport.get_write_buffer_size():  # a peer that does not read would keep us for ever
            transport.abort()
        else:
            transport.close()

    # the conversation

    async def _handle_client(self) -> None:
        try:
            if self.refusal:
                await self.push(self.refusal)
            else:
                await self.push(f"220 {self.hostname} {self.terms.listener.protocol.upper()} maildesk")
                await self._converse()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the far side has gone
        except TLSSetupException as error:
            self.cut()
            self.connection_lost(error)  # asyncio calls it only for a handshake that was completed
        finally:
            if self.transport is not None:
                self.transport.close()

    async def _converse(self) -> None:
        while not self.ended and not self.leaving:
            line = await self._line()
            if self.errors > ERRORS:
                self._close_with("421 4.7.0 Too many errors")
                return
            await self._obey(line)
        self._close_with(GOODBYE)

    def forget(self) -> None:
        """The envelope so far; the greeting stays."""
        self.envelope = self._create_envelope()

    async def _line(self) -> bytes:
        """One command without its line end; "" is what is too long or empty."""
        whole = True
        while True:
            try:
                line = await self._reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as more:
                whole = False
                await self._reader.read(more.consumed)
            else:
                return line.rstrip(b"\r\n") if whole and len(line) <= self.command_size_limit else b""

    async def _obey(self, line: bytes) -> None:
        verb, _, rest = line.partition(b" ")
        command = verb.decode("ascii", "replace").upper()
        method = self._smtp_methods.get(command)
        self._reset_timeout()
        if command in FOREIGN:
            self._close_with("421 4.7.0 This is no web server")
        elif method is None:
            await self.push("500 5.5.1 No such command" if line else "500 5.5.2 Line empty or too long")
        else:
            await self._carry_out(method, rest.strip().decode("utf-8", "surrogateescape") or None)

    async def _carry_out(self, method: Any, argument: str | None) -> None:
        try:
            await method(argument)
        except (ConnectionError, asyncio.IncompleteReadError, TLSSetupException):
            raise
        except Exception as error:  # the listener's hook: a fault of ours is never a 5xx and never told
            self.terms.journal.listener_failed(listener=self.terms.name, error=error)
            self.forget()
            await self.push(OURS)

    async def push(self, status: str | bytes) -> None:
        text = status if isinstance(status, str) else status.decode()
        if text[0] == "5":
            self.errors += 1
        self._writer.write(text.encode() + b"\r\n")
        await self._writer.drain()
