"""One connection to an IMAP server, in the words a mailbox needs: log in, find, fetch, move, idle.

Used by a mailbox's thread and by `check --live`. Nothing of a mail ever stands in a command: only UIDs, dates
and the names of the configuration do. Every error ends the connection; a dead one is never used again.
"""

from __future__ import annotations

import ipaddress
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import date, datetime
from imaplib import IMAP4
from socket import SHUT_RDWR
from typing import Any

from imapclient import DELETED

from maildesk.config import Mailbox as Options
from maildesk.doors.imap_answers import Listed, bodies, listed
from maildesk.doors.imap_wire import ALLOWANCE, Client, Connection
from maildesk.doors.mailboxes import Pace, Wake
from maildesk.doors.oauth import Token
from maildesk.words.frozen import frozen

SOON = 1.0  # seconds until the next look at a folder in which something is new
WINDOW = 50_000  # messages in one search: their answer stays well below the longest line
HEAD = 64 * 1024  # octets of a mail that is not taken whole


class LoginRefused(Exception):
    """The server knows the user not, or not so. Tried again only slowly, lest the account be locked."""


class Unsafe(Exception):
    """The server wants credentials, or gives access, without the protection the configuration asks for."""


@frozen
class Selected:
    uidvalidity: int
    uidnext: int  # 0 = the server does not say
    exists: int


class Server:
    """Not thread-safe but for `cut_off`: one mailbox, one thread, one connection."""

    def __init__(self, options: Options, pace: Pace, clock: Callable[[], datetime]) -> None:
        self._options = options
        self._pace = pace
        context = None if options.tls == "none" else ssl.create_default_context()
        implicit = context if options.tls == "implicit" else None
        self._connection = Connection(options.host, options.port, implicit, pace, clock)
        with ExitStack() as unfit:
            unfit.callback(self._connection.shutdown)
            self._client = Client(self._connection, pace, implicit is not None)
            self._protect(context)
            unfit.pop_all()

    def _protect(self, context: ssl.SSLContext | None) -> None:
        """RFC 9051, 11.1: before TLS nothing is believed, least of all that no login is needed."""
        if self._connection.state != "NONAUTH":
            raise Unsafe("the server greets with PREAUTH; it gets no mail and no password from us")
        if self._options.tls == "starttls":
            self._client.starttls(context)
        peer = self._connection.sock.getpeername()[0]
        if context is None and not ipaddress.ip_address(peer.split("%")[0]).is_loopback:
            raise Unsafe(f"{self._options.host} is another machine; set tls to implicit or starttls")

    # login

    def log_in(self, password: str) -> None:
        user = self._options.user
        try:
            if self._client.has_capability("AUTH=PLAIN"):
                self._client.plain_login(user, password)
            elif self._client.has_capability("LOGINDISABLED"):
                raise Unsafe("the server forbids LOGIN on this connection")
            elif not (user + password).isascii() or not (user + password).isprintable():
                raise Unsafe("user or password is not ASCII, and the server has no AUTH=PLAIN")
            else:
                self._client.login(quoted(user), password)
        except IMAP4.error as error:
            raise LoginRefused(spoken(error, password)) from None

    def log_in_with(self, token: Token) -> None:
        """XOAUTH2; a refused token is replaced once, in case it was withdrawn before its time."""
        first = token.get()
        try:
            self._client.oauth2_login(self._options.user, first)
        except IMAP4.error as error:
            second = token.get(force=True)
            if second == first:
                raise LoginRefused(spoken(error, first)) from None
            self._once_more(second)

    def _once_more(self, token: str) -> None:
        try:
            self._client.oauth2_login(self._options.user, token)
        except IMAP4.error as error:
            raise LoginRefused(spoken(error, token)) from None

    # folders

    def folder(self, name: str) -> str:
        """The name as this server writes it: its separator for "/", below the prefix it demands."""
        prefix, separator = self._namespace()
        written = name.replace("/", separator) if separator else name
        own = written.upper() == "INBOX" or written.startswith(prefix)
        return written if own or self._client.folder_exists(written) else prefix + written

    def _namespace(self) -> tuple[str, str]:
        if self._client.has_capability("NAMESPACE") and (personal := self._client.namespace().personal):
            return personal[0]  # type: ignore[no-any-return]
        roots = self._client.list_folders("", "")
        return "", (roots[0][1] or b"").decode() if roots else "/"

    def make(self, folder: str) -> None:
        """Makes the folder when it is missing, and shows it to people's mail clients."""
        found = self._client.list_folders("", folder)
        if found and not {b"\\Noselect", b"\\NonExistent"} & set(found[0][0]):
            return
        self._client.create_folder(folder)
        self._client.subscribe_folder(folder)

    def select(self, folder: str) -> Selected:
        answer = self._client.select_folder(folder)
        if not answer.get(b"UIDVALIDITY"):
            raise IMAP4.error("the server gives the folder no UIDVALIDITY")
        return Selected(answer[b"UIDVALIDITY"], answer.get(b"UIDNEXT", 0), answer[b"EXISTS"])

    # mail

    def find(self, low: int) -> list[int]:
        """The UIDs from `low` on, rising, that nobody has marked as deleted."""
        self._hear_anew()
        found = self._client.search(["UID", f"{low}:*", "UNDELETED"])
        return sorted({uid for uid in found if uid >= low})  # "n:*" always names the last message too

    def find_all(self, exists: int, since: date | None) -> list[int]:
        """The same of the whole folder. Windows go downwards, so that a mail removed meanwhile hides no other."""
        self._hear_anew()
        asked = ["UNDELETED"] if since is None else ["UNDELETED", "SINCE", since]
        if exists <= WINDOW:
            return sorted(set(self._client.search(asked)))
        top = (exists - 1) // WINDOW * WINDOW + 1
        windows = [f"{top}:*", *(f"{first}:{first + WINDOW - 1}" for first in range(top - WINDOW, 0, -WINDOW))]
        return sorted({uid for window in windows for uid in self._client.search([window, *asked])})

    def _hear_anew(self) -> None:
        """Forget what the server has said so far: weeks of EXISTS and EXPUNGE would pile up."""
        self._connection.untagged_responses.clear()

    def list_(self, uids: Sequence[int]) -> dict[int, Listed]:
        return listed(self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)", ALLOWANCE))

    def fetch(self, uids: Sequence[int], allowance: int) -> dict[int, bytes]:
        """The mails, whole and unread as before (PEEK); a vanished one is missing."""
        return bodies(self._fetch(uids, "(UID BODY.PEEK[])", allowance))

    def head(self, uid: int) -> bytes | None:
        """The first octets of a mail's header."""
        return bodies(self._fetch([uid], f"(UID BODY.PEEK[HEADER]<0.{HEAD}>)", ALLOWANCE)).get(uid)

    def _fetch(self, uids: Sequence[int], what: str, allowance: int) -> list[Any]:
        connection = self._connection
        connection.next_allowance = allowance
        try:
            verdict, answers = connection.uid("FETCH", ",".join(map(str, uids)), what)
        finally:
            connection.next_allowance = ALLOWANCE
        # A NO may come with part of the answers (RFC 5530, EXPUNGEISSUED): what is there counts.
        return answers if verdict == "OK" else connection.untagged_responses.pop("FETCH", [])

    @property
    def can_move(self) -> bool:
        """Neither MOVE nor UIDPLUS: only a bare EXPUNGE is left, which takes other people's mail too (RFC 4315)."""
        return bool(self._client.has_capability("MOVE") or self._client.has_capability("UIDPLUS"))

    def move_or_make(self, uids: Sequence[int], folder: str) -> None:
        """Moves them; once more when the folder had vanished. Raises IMAP4.error when the server will not."""
        try:
            self._move(uids, folder)
        except IMAP4.abort:
            raise
        except IMAP4.error:
            self.make(folder)
            self._move(uids, folder)

    def _move(self, uids: Sequence[int], folder: str) -> None:
        """RFC 6851, or its three steps of RFC 4315."""
        if self._client.has_capability("MOVE"):
            self._client.move(uids, folder)
            return
        self._client.copy(uids, folder)
        self._client.add_flags(uids, [DELETED], silent=True)
        self._client.uid_expunge(uids)

    # waiting

    @property
    def can_idle(self) -> bool:
        return self._options.idle and bool(self._client.has_capability("IDLE"))

    def idle(self, wake: Wake, seconds: float) -> None:
        """Until the server has news, `wake` is set, or the seconds have passed (RFC 2177)."""
        if "EXISTS" in self._connection.untagged_responses:
            # Said since the folder was looked through, and not said again in IDLE. Some say it at every turn.
            seconds = min(seconds, SOON)
        tag, told = self._connection.idle_begin()
        if not told:
            self._connection.idle_wait(wake, seconds)
        self._connection.idle_end(tag, self._pace.done)

    def noop(self) -> None:
        self._client.noop()

    # the end

    def close(self) -> None:
        """Says goodbye, shortly."""
        self._connection.sock.settimeout(self._pace.goodbye)
        try:
            self._client.logout()
        except (OSError, IMAP4.error):
            self.drop()

    def drop(self) -> None:
        self._connection.shutdown()

    def cut_off(self) -> None:
        """From another thread: whatever the mailbox waits for ends now; the mailbox itself closes the socket."""
        with suppress(OSError):
            self._connection.sock.shutdown(SHUT_RDWR)


def quoted(text: str) -> str:
    """imaplib quotes the password and not the user."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spoken(error: Exception, secret: str) -> str:
    """The server's words about a login, without the secret it may have echoed."""
    text = re.sub(r"[^ -~]", " ", str(error).replace(secret, "***") if secret else str(error))
    return text[:200]
