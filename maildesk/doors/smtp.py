"""The commands of SMTP (RFC 5321): an envelope, the mail to `receive`, its receipt as the reply.

Made by the listeners for each connection. 250 is said only after the receipt; a fault of ours is a 4xx without
its cause; a client that drops after the final dot does not undo the storing, it only misses the reply.
"""

# ruff: noqa: N802  aiosmtpd finds the commands by these names

from __future__ import annotations

import asyncio
from typing import ClassVar

from aiosmtpd.smtp import TLSSetupException

from maildesk.doors.data import CRLF, END, NO_ROOM, TOO_MUCH, Data
from maildesk.doors.smtp_paths import BadPath, Path, recipient, sender
from maildesk.doors.smtp_stream import OURS, Stream
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

    async def smtp_EHLO(self, hostname: str | None) -> None:
        lines = [self.hostname, *self._extensions()]
        await self._greeted(hostname, [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"])

    async def smtp_HELO(self, hostname: str | None) -> None:
        await self._greeted(hostname, [f"250 {self.hostname}"])

    async def _greeted(self, hostname: str | None, lines: list[str]) -> None:
        if not hostname or not hostname.isprintable() or self.session is None:
            await self.push(f"501 5.5.4 Syntax: {self.hello} hostname")
            return
        self.forget()
        self.session.host_name = hostname
        await self.push("\r\n".join(lines))

    def _extensions(self) -> list[str]:
        offered = ["PIPELINING", f"SIZE {self.terms.room.limit}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        return [*offered, "STARTTLS"] if self.tls_context and not self.tls_is_on else offered

    @property
    def tls_is_on(self) -> bool:
        return self.session is not None and self.session.ssl is not None

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        if self.tls_context is None:
            await self.push("502 5.5.1 TLS is not offered")
        elif self.tls_is_on:
            await self.push("503 5.5.1 TLS is on already")
        elif arg:
            await self.push("501 5.5.4 Syntax: STARTTLS")
        else:
            await super().smtp_STARTTLS("")  # drops what came in plain text and forgets the session (RFC 3207, 4.2)
            if not self.tls_is_on:
                raise TLSSetupException

    # the envelope

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self.push(self._mail(arg))

    def _mail(self, arg: str | None) -> str:
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

    async def smtp_RCPT(self, arg: str | None) -> None:
        await self.push(self._rcpt(arg))

    def _rcpt(self, arg: str | None) -> str:
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

    async def smtp_DATA(self, arg: str | None) -> None:
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 There is no recipient")
        elif arg:
            await self.push("501 5.5.4 Syntax: DATA")
        elif self.terms.room.left < self.terms.room.limit:
            await self.push(NO_ROOM)
        else:
            await self._take_mail(self.envelope.mail_from or "", tuple(self.envelope.rcpt_tos))

    async def _take_mail(self, mail_from: str, recipients: tuple[str, ...]) -> None:
        data = Data(self.terms.room)
        self.busy = True
        try:
            await self.push("354 End with CR LF . CR LF")
            await self._fill(data)
            self.owing = True
            reply = await self._reply(data, mail_from, recipients)
            await self.answer(reply, len(recipients))
        finally:
            self.busy = self.owing = False
            data.close()
            self.forget()
            self._reset_timeout()

    async def _fill(self, data: Data) -> None:
        stream = self._reader
        # The line end of DATA goes back, so that a mail whose first line is the dot ends like any other.
        stream._buffer[:0] = CRLF  # type: ignore[attr-defined]
        while True:
            try:
                piece = await stream.readuntil(END)
            except asyncio.LimitOverrunError as more:
                data.take(await stream.read(more.consumed))
            else:
                data.take(piece[: len(CRLF) - len(END)])
                return
            if data.hopeless:
                await self.answer(TOO_MUCH, 1)
                raise ConnectionAbortedError

    async def _reply(self, data: Data, mail_from: str, recipients: tuple[str, ...]) -> str:
        raw = data.whole()
        if data.fault:
            return data.fault
        try:
            receipt = await self._stored(raw, self._envelope(mail_from, recipients))
        except Later as later:
            self.terms.journal.put_off(door=self.terms.door, error=later.__cause__ or later)
            return f"{'452 4.3.1' if later.full else '451 4.3.0'} {one_line(str(later))}"
        except Exception as error:  # the listener's hook: a fault of ours is never a 5xx and never told
            self.terms.journal.put_off(door=self.terms.door, error=error)
            return OURS
        self.errors = 0
        return one_line(receipt.refusal) or f"250 2.0.0 Kept as {receipt.id}"

    def _envelope(self, mail_from: str, recipients: tuple[str, ...]) -> Envelope:
        listener = self.terms.listener
        return Envelope(
            door=self.terms.door,
            received=self.terms.clock(),
            sender=mail_from,
            recipients=recipients,
            queue=listener.queue,
            peer=self.peer,
            verdicts=listener.verdicts,
            refusable=True,
        )

    async def _stored(self, raw: bytes, envelope: Envelope) -> Receipt:
        """The receipt, after the commit. A client that goes meanwhile cancels this waiting, not the storing."""
        kept = asyncio.wrap_future(self.terms.receive(raw, envelope), loop=self.loop)
        kept.add_done_callback(looked_at)
        done, _ = await asyncio.wait({kept}, timeout=self.terms.answer_within)
        if not done or kept.cancelled():
            raise Later(SLOW)
        return kept.result()

    async def answer(self, reply: str, recipients: int) -> None:  # noqa: ARG002  LMTP says it for each of them
        await self.push(reply)

    # the rest

    async def smtp_RSET(self, arg: str | None) -> None:
        self.forget()
        await self.push("501 5.5.4 Syntax: RSET" if arg else "250 2.0.0 Forgotten")

    async def smtp_NOOP(self, arg: str | None) -> None:  # noqa: ARG002  RFC 5321, 4.1.1.9: it may carry anything
        await self.push("250 2.0.0 Still here")

    async def smtp_VRFY(self, arg: str | None) -> None:
        await self.push("252 2.1.5 Send a mail to find out" if arg else "501 5.5.4 Syntax: VRFY address")

    async def smtp_EXPN(self, arg: str | None) -> None:  # noqa: ARG002  RFC 5321, 7.3: telling members is a leak
        await self.push("502 5.5.1 Lists are not told")

    async def smtp_HELP(self, arg: str | None) -> None:  # noqa: ARG002  no help beyond the list
        await self.push(f"214 2.0.0 {' '.join(self.commands)}")

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: ARG002  whoever wants to go may go
        self._close_with("221 2.0.0 Goodbye")


def one_line(text: str) -> str:
    """A reply from a sentence of another room: printable ASCII, no line ends."""
    return "".join(mark if mark.isascii() and mark.isprintable() else " " for mark in text)[:500]


def looked_at(kept: asyncio.Future[Receipt]) -> None:
    """A fault that comes after the client went is in the journal already; asyncio need not tell it."""
    if not kept.cancelled():
        kept.exception()
