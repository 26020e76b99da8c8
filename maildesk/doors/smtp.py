"""The commands of SMTP (RFC 5321): an envelope, the mail to `receive`, its receipt as the reply.

Made by the listeners for each connection. 250 is said only after the receipt; a fault of ours is a 4xx without
its cause; a client that drops after the final dot does not undo the storing, it only misses the reply.
"""

from __future__ import annotations

import asyncio
import ssl
from concurrent.futures import Future
from typing import ClassVar

from maildesk.doors.data import CRLF, NO_ROOM, TOO_MUCH, Data
from maildesk.doors.smtp_paths import BadPath, Path, recipient, sender
from maildesk.doors.smtp_stream import GOODBYE, OURS, Stream, Terms
from maildesk.mime.keyless import keyless
from maildesk.words import Envelope, Later, Receipt

RECIPIENTS = 100  # RFC 5321, 4.5.3.1.8
NEEDS_UTF8 = "550 5.6.7 The address needs SMTPUTF8"
SLOW = "Storing takes too long, try again later"


class Conversation(Stream):
    commands: ClassVar[tuple[str, ...]] = (
        "DATA", "EHLO", "EXPN", "HELO", "HELP", "MAIL", "NOOP", "QUIT", "RCPT", "RSET", "STARTTLS", "VRFY",
    )  # fmt: skip
    hello = "EHLO"

    def __init__(self, terms: Terms, tls: ssl.SSLContext | None, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(terms, tls, loop)
        self._data: Data | None = None  # the mail in hand, until its reply
        self._kept: Future[Receipt] | None = None  # what becomes of it
        self._handed = 0.0  # when it was handed over, by the loop's time
        self._patience: asyncio.TimerHandle | None = None  # how long that may take: one timer a connection, not a mail

    def on_ehlo(self, hostname: str) -> str:
        lines = [self.hostname, *self._extensions()]
        return self._greeted(hostname, [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"])

    def on_helo(self, hostname: str) -> str:
        return self._greeted(hostname, [f"250 {self.hostname}"])

    def _greeted(self, hostname: str, lines: list[str]) -> str:
        if not hostname or not hostname.isprintable() or self.session is None:
            return f"501 5.5.4 Syntax: {self.hello} hostname"
        self.forget()
        self.session.host_name = hostname
        return "\r\n".join(lines)

    def _extensions(self) -> list[str]:
        offered = ["PIPELINING", f"SIZE {self.terms.room.limit}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        return [*offered, "STARTTLS"] if self.tls_context and not self.tls_is_on else offered

    @property
    def tls_is_on(self) -> bool:
        return self.session is not None and self.session.ssl is not None

    def on_starttls(self, arg: str) -> str:
        if self.tls_context is None:
            return "502 5.5.1 TLS is not offered"
        if self.tls_is_on:
            return "503 5.5.1 TLS is on already"
        if arg:
            return "501 5.5.4 Syntax: STARTTLS"
        self.secure()
        return ""

    # the envelope

    def on_mail(self, arg: str) -> str:
        if self.session is None or not self.session.host_name:
            return f"503 5.5.1 Say {self.hello} first"
        if self.envelope is None or self.envelope.mail_from is not None:
            return "503 5.5.1 There is a sender already"
        try:
            path = sender(arg)
        except BadPath as bad:
            return str(bad)
        wrong = self._wrong_parameter(path)
        if not wrong:
            self.envelope.mail_from = path.address
            self.envelope.smtp_utf8 = "SMTPUTF8" in path.parameters
        return wrong or "250 2.1.0 Sender taken"

    def _wrong_parameter(self, path: Path) -> str:
        given = dict(path.parameters)
        size = given.pop("SIZE", "0")  # RFC 1870
        body = given.pop("BODY", "7BIT")  # RFC 6152
        utf8 = given.pop("SMTPUTF8", None)  # RFC 6531, 3.4
        if given:
            return f"555 5.5.4 {next(iter(given))} is not known"
        if not (size.isascii() and size.isdigit()) or body.upper() not in ("7BIT", "8BITMIME") or utf8:
            return "501 5.5.4 Malformed parameter"
        if int(size[:20]) > self.terms.room.limit:
            return TOO_MUCH
        return "" if path.ascii or utf8 is not None else NEEDS_UTF8

    def on_rcpt(self, arg: str) -> str:
        if self.envelope is None or self.envelope.mail_from is None:
            return "503 5.5.1 Say MAIL first"
        try:
            path = recipient(arg)
        except BadPath as bad:
            return str(bad)
        refusal = self._wrong_recipient(path, self.envelope.smtp_utf8)
        if not refusal and len(self.envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not refusal:
            self.envelope.rcpt_tos.append(path.address)
        return refusal or "250 2.1.5 Recipient taken"

    def _wrong_recipient(self, path: Path, utf8: bool) -> str:
        terms = self.terms
        if path.parameters:
            return f"555 5.5.4 {next(iter(path.parameters))} is not known"
        if not path.ascii and not utf8:
            return NEEDS_UTF8
        if path.address == "postmaster" or terms.listener.queue or terms.knows(path.address):
            return ""
        terms.journal.recipient_refused(listener=terms.name, peer=self.peer, recipient=keyless(path.address))
        return "550 5.1.1 There is no such address here"

    # the mail

    def on_data(self, arg: str) -> str:
        if self.envelope is None or not self.envelope.rcpt_tos:
            return "503 5.5.1 There is no recipient"
        if arg:
            return "501 5.5.4 Syntax: DATA"
        if self.terms.room.left < self.terms.room.limit:
            return NO_ROOM
        self._data = Data(self.terms.room)
        self.busy = True
        # The line end of DATA goes back, so that a mail whose first line is the dot ends like any other.
        self.octets[:0] = CRLF
        return "354 End with CR LF . CR LF"

    def _take(self) -> bool:
        return super()._take() if self._data is None else self._take_mail(self._data)

    def _take_mail(self, data: Data) -> bool:
        """What has come of the mail; False when more of it has to come first."""
        ended = data.take(self.octets)
        if ended:
            self._hand_over(data)
        elif data.hopeless:
            self._close_with(TOO_MUCH)
        return ended

    def _hand_over(self, data: Data) -> None:
        raw = data.whole()
        self.owing = True
        if data.fault:
            self._answer(data.fault)
            return
        try:
            kept = self.terms.receive(raw, self._envelope())
        except Exception as error:  # the listener's hook: a fault of ours is never a 5xx and never told
            self._answer(self._excuse(error))
            return
        self._kept = kept
        self._handed = self.loop.time()
        if self._patience is None:
            self._patience = self.loop.call_later(self.terms.answer_within, self._lose_patience)
        self.terms.answers.expect(kept, self._decide)

    def _lose_patience(self) -> None:
        """With the mail in hand, once it has taken too long; one handed over since the timer was set has time left."""
        self._patience = None
        left = self._handed + self.terms.answer_within - self.loop.time()
        if self._kept and left > 0:
            self._patience = self.loop.call_later(left, self._lose_patience)
        else:
            self._decide(None)

    def _decide(self, kept: Future[Receipt] | None) -> None:
        """After the commit, or after too long a wait for it. A client that went meanwhile undid nothing."""
        if self._kept is None or kept not in (self._kept, None):
            return
        late = kept is None or kept.cancelled()
        error = Later(SLOW) if late else self._kept.exception()
        self._answer(self._excuse(error) if error else self._said(self._kept.result()))
        self.go_on()

    def _said(self, receipt: Receipt) -> str:
        self.errors = 0
        return one_line(receipt.refusal) or f"250 2.0.0 Kept as {receipt.id}"

    def _excuse(self, error: BaseException) -> str:
        if not isinstance(error, Later):
            self.terms.journal.put_off(door=self.terms.door, error=error)
            return OURS
        self.terms.journal.put_off(door=self.terms.door, error=error.__cause__ or error)
        return f"{'452 4.3.1' if error.full else '451 4.3.0'} {one_line(str(error))}"

    def _answer(self, reply: str) -> None:
        self.say(self.replies(reply, len(self.envelope.rcpt_tos) if self.envelope else 1))
        self._end_mail()
        self.forget()
        self._reset_timeout()
        if self.leaving:
            self._close_with(GOODBYE)

    def _end_mail(self) -> None:
        if self._data:
            self._data.close()
        self._data = self._kept = None
        self.busy = self.owing = False

    def connection_lost(self, error: Exception | None) -> None:
        self._end_mail()
        if self._patience:
            self._patience.cancel()
        super().connection_lost(error)

    def _envelope(self) -> Envelope:
        listener, said = self.terms.listener, self.envelope
        return Envelope(
            door=self.terms.door,
            received=self.terms.clock(),
            sender=(said and said.mail_from) or "",
            recipients=tuple(said.rcpt_tos) if said else (),
            queue=listener.queue,
            peer=self.peer,
            verdicts=listener.verdicts,
            refusable=True,
        )

    def replies(self, reply: str, recipients: int) -> str:  # noqa: ARG002  LMTP says it for each of them
        return reply

    # the rest

    def on_rset(self, arg: str) -> str:
        self.forget()
        return "501 5.5.4 Syntax: RSET" if arg else "250 2.0.0 Forgotten"

    def on_noop(self, arg: str) -> str:  # noqa: ARG002  RFC 5321, 4.1.1.9: it may carry anything
        return "250 2.0.0 Still here"

    def on_vrfy(self, arg: str) -> str:
        return "252 2.1.5 Send a mail to find out" if arg else "501 5.5.4 Syntax: VRFY address"

    def on_expn(self, arg: str) -> str:  # noqa: ARG002  RFC 5321, 7.3: telling members is a leak
        return "502 5.5.1 Lists are not told"

    def on_help(self, arg: str) -> str:  # noqa: ARG002  no help beyond the list
        return f"214 2.0.0 {' '.join(self.commands)}"

    def on_quit(self, arg: str) -> str:  # noqa: ARG002  whoever wants to go may go
        self._close_with("221 2.0.0 Goodbye")
        return ""


def one_line(text: str) -> str:
    """A reply from a sentence of another room: printable ASCII, no line ends."""
    return "".join(mark if mark.isascii() and mark.isprintable() else " " for mark in text)[:500]
