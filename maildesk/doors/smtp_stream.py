"""The frame of a conversation: greeting, command lines, replies, silence, and the end.

The base of smtp.py, on the listeners' asyncio loop. aiosmtpd carries the connection and the switch to TLS; the
commands are taken by us, as octets come and with no task to wake: aiosmtpd answers a fault of ours with `500` and the
error's text, writes to the standard error stream, and drops what a client sent before it half-closed.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import ClassVar

from aiosmtpd.smtp import SMTP, TLSSetupException

from maildesk.config import Listener
from maildesk.doors.answers import Answers
from maildesk.doors.crowd import Crowd
from maildesk.doors.data import Room
from maildesk.doors.sockets import allowed, peer_address
from maildesk.journal import Journal
from maildesk.words import Envelope, Receipt
from maildesk.words.frozen import frozen

AHEAD = 1 << 17  # octets that a peer may send while it waits for a reply
ERRORS = 100  # refusals between two mails; RFC 5321, 4.1.1.5 lets a server give up on a guesser
FOREIGN = frozenset({"GET", "POST", "PUT", "CONNECT"})  # a browser made to speak to us
OURS = "451 4.3.0 A fault of ours, try again later"
GOODBYE = "421 4.3.2 Closing down, try again later"


@frozen
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
    answers: Answers
    patience: float = 300.0  # seconds of silence; RFC 5321, 4.5.3.2.7 wants five minutes or more
    answer_within: float = 29.0  # seconds from the final dot to a reply

    @property
    def door(self) -> str:
        return f"{self.listener.protocol}:{self.name}"


class Stream(SMTP):
    command_size_limit = 1024  # RFC 5321, 4.5.3.1.4 asks for 512 and more for each extension
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
        self.octets = bytearray()  # what has come and is not taken yet
        self.busy = False  # between DATA and its reply
        self.owing = False  # the reply is ours to give, so silence is no fault of the peer
        self.leaving = False
        self.errors = 0
        self.ended = False  # nothing more is taken, whatever has come
        self._overlong = False  # the command that comes is longer than any may be
        self._securing: asyncio.Task[None] | None = None  # between STARTTLS and the end of its handshake
        self._unread = False  # the peer does not read our replies
        self._halted = False  # the peer is so far ahead that we do not read either
        self._half_closed = False

    def __dir__(self) -> list[str]:
        """Empty: aiosmtpd looks its commands up so, for each connection, and none of them is offered."""
        return []

    # the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        newcomer = self.transport is None
        super().connection_made(transport)
        self.octets.clear()  # said in plain text before TLS was on (RFC 3207, 4.2)
        if newcomer:
            self.peer = peer_address(transport.get_extra_info("peername"))
            self.refusal = self._admit()

    async def _handle_client(self) -> None:
        """What aiosmtpd begins with: the greeting, or why there is none."""
        if self.refusal:
            self._close_with(self.refusal)
        else:
            self.say(f"220 {self.hostname} {self.terms.listener.protocol.upper()} maildesk")

    def connection_lost(self, error: Exception | None) -> None:
        self.terms.crowd.leave(self)
        self.ended = True
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self.busy:  # within DATA every octet is progress, elsewhere only a whole command
            self._heard = self.loop.time()
        self.octets += data
        self.go_on()

    def eof_received(self) -> bool:
        """A peer that only half-closed still gets its replies."""
        over_tls = self.session is not None and (self.session.ssl is not None or self._over_tls)
        self._half_closed = True
        self.go_on()
        return not over_tls

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unread = False
        self.go_on()

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

    def go_on(self) -> None:
        """Takes what has come, until more has to come, or the next move is not the peer's."""
        while self.octets and self._listening and self._take():
            pass
        transport = self.transport
        if not isinstance(transport, asyncio.Transport):
            return
        if self._half_closed and self._listening:
            transport.close()
        elif self._halted != (len(self.octets) > AHEAD):
            self._halted = not self._halted
            (transport.pause_reading if self._halted else transport.resume_reading)()

    @property
    def _listening(self) -> bool:
        return not (self.ended or self.owing or self._unread or self._securing)

    def _take(self) -> bool:
        """One command line; False when the rest of it has to come first."""
        end = self.octets.find(b"\n") + 1
        if not end:
            if len(self.octets) > self.command_size_limit:
                self._overlong = True
                self.octets.clear()
            return False
        line = b"" if self._overlong or end > self.command_size_limit else bytes(self.octets[:end])
        self._overlong = False
        del self.octets[:end]
        if self.errors > ERRORS:
            self._close_with("421 4.7.0 Too many errors")
        else:
            self._obey(line.rstrip(b"\r\n"))
        return True

    def _obey(self, line: bytes) -> None:
        verb, _, rest = line.partition(b" ")
        command = verb.decode("ascii", "replace").upper()
        self._reset_timeout()
        if command in self.commands:
            self._carry_out(command.lower(), rest.strip().decode("utf-8", "surrogateescape"))
        elif command in FOREIGN:
            self._close_with("421 4.7.0 This is no web server")
        else:
            self.say("500 5.5.1 No such command" if line else "500 5.5.2 Line empty or too long")

    def _carry_out(self, command: str, argument: str) -> None:
        method: Callable[[str], str] = getattr(self, f"on_{command}")
        try:
            reply = method(argument)
        except Exception as error:  # the listener's hook: a fault of ours is never a 5xx and never told
            self.terms.journal.listener_failed(listener=self.terms.name, error=error)
            self.forget()
            reply = OURS
        if reply:
            self.say(reply)

    def forget(self) -> None:
        """The envelope so far; the greeting stays."""
        self.envelope = self._create_envelope()

    def say(self, reply: str) -> None:
        if reply[0] == "5":
            self.errors += 1
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(reply.encode() + b"\r\n")

    # the switch to TLS

    def secure(self) -> None:
        """Says 220 and shakes hands; nothing is taken meanwhile, and what was said before is forgotten."""
        self.octets.clear()
        self._securing = self.loop.create_task(self._secure())

    async def _secure(self) -> None:
        try:
            await self.smtp_STARTTLS("")
            secured = self.session is not None and self.session.ssl is not None
        except (ConnectionError, TLSSetupException):
            secured = False
        self._securing = None
        if secured:
            self.go_on()
        else:
            self.cut()
            self.connection_lost(None)  # asyncio calls it only for a handshake that was completed
