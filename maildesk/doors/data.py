"""The octets between DATA and the final dot (RFC 5321, 4.1.1.4 and 4.5.2), taken and sent in pieces of any size.

Used by the listeners' conversations, and by the relay's sessions for what leaves. A mail ends at CR LF . CR LF and
nowhere else; dots are unstuffed, octets counted, and bare CR or LF found, on which smuggling rests. It reads no
socket and knows no mail.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator

CRLF = b"\r\n"
END = b"\r\n.\r\n"
LONGEST_LINE = 1 << 19  # real mail breaks the 1000 octets of RFC 5321, 4.5.3.1.6; a header of a megabyte is no mail
WRITE = 1 << 16  # octets sent at once
_DOT = re.compile(rb"\.(?<=\r\n\.)")  # looked for by the dot, which is rare: that takes a third of the time

TOO_MUCH = "552 5.3.4 Message exceeds the fixed maximum message size"
NO_ROOM = "452 4.3.1 Too much mail at once, try again later"
BARE = "550 5.6.11 Lines must end in CR LF: the message holds a bare CR or LF"
LONG_LINE = "500 5.6.0 A line of the message is too long"


class Room:
    """How many octets one mail may have, and all unfinished mails together, so that memory suffices."""

    def __init__(self, octets: int, limit: int) -> None:
        self.left = self._octets = octets
        self.limit = limit

    def resize(self, octets: int, limit: int) -> None:
        """What is taken stays taken, also where there is less room now than that."""
        self.left += octets - self._octets
        self._octets = octets
        self.limit = limit

    def take(self, octets: int) -> bool:
        if octets > self.left:
            return False
        self.left -= octets
        return True

    def give(self, octets: int) -> None:
        self.left += octets


class Data:
    """One mail as it arrives. The first piece begins with the CR LF that ended the DATA command.

    That line end makes a dot in the first line like any other; it is no part of the mail.
    """

    def __init__(self, room: Room) -> None:
        self.limit = room.limit
        self.room = room
        self.size = 0  # octets of the mail, unstuffed
        self.fault = ""  # the reply that refuses this mail
        self._kept = io.BytesIO()  # its getvalue() shares the buffer, so a mail is in memory once
        self._carry = b""  # a line end that may go on in the next piece
        self._first = len(CRLF)
        self._taken = 0
        self._ends = io.IncrementalNewlineDecoder(None, translate=False)  # notes in one pass which line ends there are

    def take(self, octets: bytearray) -> bool:
        """Takes from `octets` what is there of the mail; False when more of it has to come."""
        dot = _leading_dot(octets)  # as a rule the one that ends the mail
        end = dot if dot < 0 or octets.startswith(END, dot) else octets.find(END, dot)
        length = end + len(CRLF) if end >= 0 else max(len(octets) - len(END) + 1, 0)
        if length:
            self._take(octets[:length], dotted=dot != end)
        del octets[: length if end < 0 else end + len(END)]
        return end >= 0

    def _take(self, piece: bytearray, *, dotted: bool) -> None:
        dotted = dotted or bool(self._carry)  # a dot may begin what goes on in this piece
        text = self._carry + piece
        self._carry = CRLF if text.endswith(CRLF) else b"\r" if text.endswith(b"\r") else b""
        cut = text[: len(text) - len(self._carry)]
        self._ends.decode(cut.decode("latin-1"), final=True)
        if cut:
            self._keep((cut.replace(b"\r\n.", CRLF) if dotted else cut)[self._first :])
            self._first = 0

    @property
    def hopeless(self) -> bool:
        """So far over the limit that reading on to the final dot is no longer worth it."""
        return self.size > 2 * self.limit

    def whole(self) -> bytes:
        """The mail, once its last piece was taken; `fault` says whether it may be used."""
        if self._first:
            return b""  # nothing but the dot
        self._keep(self._carry)
        raw = self._kept.getvalue()
        if self._ends.newlines not in (None, "\r\n"):
            self.fault = self.fault or BARE
        elif has_long_line(raw):
            self.fault = self.fault or LONG_LINE
        return raw

    def close(self) -> None:
        self._kept = io.BytesIO()
        self.room.give(self._taken)
        self._taken = 0

    def _keep(self, octets: bytes) -> None:
        self.size += len(octets)
        if self.size > self.limit:
            self.fault = TOO_MUCH  # over all others: it will not fit later either
            self.close()
        elif not self.fault and self.room.take(len(octets)):
            self._taken += len(octets)
            self._kept.write(octets)
        elif not self.fault:
            self.fault = NO_ROOM
            self.close()


def _leading_dot(octets: bytearray) -> int:
    """Where the CR LF stands before the first line that begins with a dot; -1 when there is none."""
    found = _DOT.search(octets)
    return found.start() - len(CRLF) if found else -1


def has_long_line(raw: bytes) -> bool:
    start = 0
    while len(raw) - start > LONGEST_LINE:  # one look back a half megabyte, not one look a line
        end = raw.rfind(b"\n", start, start + LONGEST_LINE)
        if end < 0:
            return True
        start = end + 1
    return False


def stuffed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A mail as it is sent after DATA, the final dot included (RFC 5321, 4.5.2), in pieces worth a write."""
    waiting = bytearray()
    before = CRLF  # the last two octets so far: a line end may stand across two pieces
    for piece in pieces:
        waiting += (before + piece).replace(b"\r\n.", b"\r\n..")[len(before) :]
        before = (before + piece)[-2:]
        if len(waiting) >= WRITE:
            yield bytes(waiting)
            waiting.clear()
    waiting += b".\r\n" if before == CRLF else END
    yield bytes(waiting)
