"""A connection to the relay: opened, secured, logged in; its replies read against the clock.

Made by the postman's senders. Certificates are always verified and nothing falls back to plain text. A relay that
trickles, babbles or falls silent costs one time-out, never a thread (RFC 5321, 4.5.3.2).
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from maildesk.config import ConfigError, Relay, secret
from maildesk.doors.oauth import Token, TokenError
from maildesk.mime.keyless import keyless
from maildesk.words.frozen import frozen

REPLY_LINES = 100
REPLY_LINE = 8192  # octets
_REPLY = re.compile(rb"[2-5]\d\d(?:[ -].*)?")

Secure = Callable[[], ssl.SSLContext]


class Unreachable(Exception):
    """The relay as a whole cannot be used now; no letter is to blame. `str()` is for operators."""


@frozen
class Patience:
    """Seconds the relay has for each step; the floors of RFC 5321, 4.5.3.2."""

    connect: float = 30.0
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0


@frozen
class Reply:
    code: int
    text: str  # one printable line

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()


class Session(smtplib.SMTP):
    """An open SMTP session. `wait` is how long the next reply, or the next write, may take."""

    def __init__(self, options: Relay, hostname: str, context: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=hostname)
        self.options = options
        self.context = context
        self.wait = 0.0
        self.mails = 0  # sent over this session
        self._host = options.host  # the name the certificate must bear
        self._unread = bytearray()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        sock = socket.create_connection((host, port), self.wait)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context is None or self.options.tls != "implicit":
            return sock
        return self.context.wrap_socket(sock, server_hostname=host)

    def send(self, s: Any) -> None:
        """As in smtplib, but with a time-out of its own and not what the last reply had left of its."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        self.sock.settimeout(self.wait)
        self.sock.sendall(s.encode() if isinstance(s, str) else s)

    def getreply(self) -> tuple[int, bytes]:
        """As in smtplib, but the whole reply has one deadline and a bounded size."""
        end = time.monotonic() + self.wait
        lines: list[bytes] = []
        while len(lines) < REPLY_LINES:
            line = self._line(end)
            if not _REPLY.fullmatch(line):
                break
            lines.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        self.close()
        raise smtplib.SMTPServerDisconnected("the relay's reply is no SMTP")

    def _line(self, end: float) -> bytes:
        while (found := self._unread.find(b"\n")) < 0:
            left = end - time.monotonic()
            if self.sock is None or left <= 0 or len(self._unread) > REPLY_LINE:
                self.close()
                raise smtplib.SMTPServerDisconnected("the relay does not reply")
            self.sock.settimeout(left)
            octets = self.sock.recv(4096)
            if not octets:
                self.close()
                raise smtplib.SMTPServerDisconnected("the relay closed the connection")
            self._unread += octets
        line = bytes(self._unread[:found]).rstrip(b"\r")
        del self._unread[: found + 1]
        return line

    def secure(self) -> None:
        """STARTTLS. What the relay said beyond its reply came in plain text, from anybody: an attack."""
        if not self.has_extn("starttls"):
            raise Unreachable("it offers no STARTTLS, and plain text is not allowed")
        code, text = self.starttls(context=self.context)
        if code != 220 or self._unread:
            raise Unreachable(f"STARTTLS failed: {code} {printable(text)}")
        self.ehlo()

    def reply(self) -> Reply:
        code, text = self.getreply()
        return Reply(code, printable(text))


class Login:
    """How we log in: with a password, with a token (XOAUTH2), or not at all."""

    def __init__(self, options: Relay, token: Token | None) -> None:
        self._options = options
        self._token = token
        self._refused = False  # the last token was, so the next one is a new one

    def __call__(self, session: Session) -> None:
        options = self._options
        if not options.user:
            return
        if self._token is None:
            session.login(options.user, secret(options.password_file) if options.password_file else "")
            return
        words = f"user={options.user}\1auth=Bearer {self._token.get(force=self._refused)}\1\1"
        self._refused = True
        session.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "", initial_response_ok=True)
        self._refused = False


def opened(options: Relay, *, hostname: str, login: Login, secure: Secure, patience: Patience) -> Session:
    """A session that is ready for mail, or Unreachable."""
    session = Session(options, hostname, None if options.tls == "none" else secure())
    try:
        _greet(session, patience)
        login(session)
    except (OSError, smtplib.SMTPException, ConfigError, TokenError, Unreachable) as error:
        session.close()
        raise Unreachable(f"{options.host}:{options.port}: {told(error)}") from error
    return session


def _greet(session: Session, patience: Patience) -> None:
    options = session.options
    session.wait = patience.connect
    code, text = session.connect(options.host, options.port)
    if code != 220:
        raise Unreachable(f"it greets with {code} {printable(text)}")
    session.wait = patience.command
    session.ehlo_or_helo_if_needed()
    if options.tls == "starttls":
        session.secure()


def told(error: Exception) -> str:
    """An error of a session for operators: what the relay said, or what the machine says."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {printable(error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def printable(text: bytes | str) -> str:
    """One line for log and outbox, without the keys of the senders and recipients that relays like to repeat."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return keyless(" ".join("".join(mark if mark.isprintable() else " " for mark in words).split()))[:300]
