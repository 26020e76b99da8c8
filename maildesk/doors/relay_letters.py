"""One letter over an open session: its envelope, its bytes, and what the relay said.

Called by the postman's senders. The bytes are never changed, so a retry is the same mail; a letter whose bytes
cannot be had is cut off before its final dot, never sent in half.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterable

from maildesk.doors.data import stuffed
from maildesk.doors.relay import Patience, Reply, Session, Unreachable, told
from maildesk.doors.smtp_paths import usable
from maildesk.words import Parcel

CLOSING = 421  # RFC 5321, 3.8: said at any time
LOGIN_WANTED = frozenset({530, 534, 535, 538})  # RFC 4954, 6: about us, not about this letter
NOT_AN_ADDRESS = Reply(553, "5.1.3 Not an address that can be sent to")
NO_UTF8 = Reply(553, "5.6.7 The relay takes no addresses outside ASCII (SMTPUTF8)")


class Broken(Exception):
    """The connection broke within this letter. `begun`: the relay had said something to it."""

    def __init__(self, reason: str, begun: bool) -> None:
        super().__init__(reason)
        self.begun = begun


def hand_over(session: Session, parcel: Parcel, pieces: Iterable[bytes], patience: Patience) -> Reply:
    """The relay's last word on this letter. Raises Broken, Unreachable, and what `pieces` raises."""
    unsendable = _unsendable(session, parcel)
    if unsendable:
        return unsendable
    replies: list[Reply] = []
    finished = False
    try:
        refusal = _envelope(session, parcel, replies, patience)
        if refusal is None:
            _write(session, pieces, patience)
            _hear(session, replies, patience.dot)
        finished = True
    except (OSError, smtplib.SMTPException) as error:
        raise Broken(told(error), begun=bool(replies)) from error
    finally:
        if not finished:
            session.close()
    session.mails += 1
    return refusal or replies[-1]


def _unsendable(session: Session, parcel: Parcel) -> Reply | None:
    if not usable(parcel.recipient) or (parcel.mail_from and not usable(parcel.mail_from)):
        return NOT_AN_ADDRESS
    if _needs_utf8(parcel) and not session.has_extn("smtputf8"):
        return NO_UTF8  # RFC 6531, 3.6: never 8-bit headers to a relay that does not take them
    return None


def _needs_utf8(parcel: Parcel) -> bool:
    return not (parcel.recipient.isascii() and parcel.mail_from.isascii() and parcel.head.isascii())


def _envelope(session: Session, parcel: Parcel, replies: list[Reply], patience: Patience) -> Reply | None:
    """MAIL, RCPT and DATA, in one write where the relay allows it (RFC 2920); the refusal, or None."""
    extras = " BODY=8BITMIME SMTPUTF8" if _needs_utf8(parcel) else ""
    commands = [f"MAIL FROM:<{parcel.mail_from}>{extras}\r\n", f"RCPT TO:<{parcel.recipient}>\r\n", "DATA\r\n"]
    writes = ["".join(commands), "", ""] if session.has_extn("pipelining") else commands
    refusal: Reply | None = None
    for words, wanted in zip(writes, (2, 2, 3), strict=True):
        if refusal and words:
            break  # said one by one, so the rest need not be said
        session.wait = patience.command
        session.send(words.encode())
        reply = _hear(session, replies, patience.data if wanted == 3 else patience.command)
        if reply.code // 100 != wanted:
            refusal = refusal or reply
    if refusal:
        _take_back(session, replies, patience)
    return refusal


def _take_back(session: Session, replies: list[Reply], patience: Patience) -> None:
    """Leaves the session clean after a refusal; whatever goes wrong here, the refusal stands."""
    try:
        if replies[-1].code == 354:  # RFC 2920, 3.1: DATA was taken though no recipient was
            session.send(b".\r\n")
            _hear(session, replies, patience.dot)
        session.send(b"RSET\r\n")
        _hear(session, replies, patience.command)
    except (OSError, smtplib.SMTPException, Unreachable):
        session.close()


def _write(session: Session, pieces: Iterable[bytes], patience: Patience) -> None:
    session.wait = patience.block
    for octets in stuffed(pieces):
        session.send(octets)


def _hear(session: Session, replies: list[Reply], wait: float) -> Reply:
    session.wait = wait
    reply = session.reply()
    replies.append(reply)
    if reply.code == CLOSING or reply.code in LOGIN_WANTED:
        raise Unreachable(str(reply))
    return reply
