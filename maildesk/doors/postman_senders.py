"""One sender: a kept connection to the relay, used by one of the postman's threads.

A connection is kept for the next letter and closed after some time or some letters. One that the relay closed
meanwhile is no failure: the letter goes over a new one at once.
"""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress

from maildesk.doors.relay import Patience, Reply, Session
from maildesk.doors.relay_letters import Broken, hand_over
from maildesk.words import Parcel

LETTERS = 100  # over one connection
GOODBYE = 2.0  # seconds for QUIT and its reply


class Sender:
    def __init__(
        self, connect: Callable[[], Session], pieces: Callable[[Parcel], Iterable[bytes]], patience: Patience
    ) -> None:
        self._connect = connect
        self._pieces = pieces
        self._patience = patience
        self._session: Session | None = None

    def send(self, parcel: Parcel) -> Reply:
        """The relay's last word. Raises Unreachable, Broken, and what `pieces` raises."""
        kept = self._session is not None and self._session.sock is not None
        try:
            return self._send(parcel)
        except Broken as broken:
            if not kept or broken.begun:
                raise
        return self._send(parcel)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is None or session.sock is None:
            return
        session.wait = GOODBYE
        with suppress(OSError, smtplib.SMTPException):
            session.quit()
        session.close()

    def cut(self) -> None:
        """From another thread: ends a wait for the relay. What was not answered is tried again later."""
        session = self._session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)

    def _send(self, parcel: Parcel) -> Reply:
        if self._session is not None and self._session.mails >= LETTERS:
            self.close()
        if self._session is None or self._session.sock is None:
            self._session = self._connect()
        return hand_over(self._session, parcel, self._pieces(parcel), self._patience)
