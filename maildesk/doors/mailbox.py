"""One mailbox: connect, look, rest, and begin again after whatever went wrong.

Its thread is started by `mailboxes`. It ends only when it is told to: every error is told, waited out with a
growing pause, and met with a new connection and a look through the whole folder.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from imaplib import IMAP4

from maildesk.config import ConfigError
from maildesk.doors.imap_server import LoginRefused, Server, Unsafe
from maildesk.doors.mailbox_intake import Folders, Intake
from maildesk.doors.mailbox_since import mark_of
from maildesk.doors.mailboxes import MailboxState, Wake, World
from maildesk.doors.oauth import Token, TokenError
from maildesk.words import Later

REFUSED = (LoginRefused, Unsafe, TokenError)
MAIL_MAY_FOLLOW = ("unexpected response", "unexpected tagged response", "unterminated line")  # imaplib's words


class Mailbox:
    def __init__(self, name: str, world: World, wake: Wake, tell: Callable[[str, MailboxState], None]) -> None:
        self._name = name
        self._world = world
        self._options = world.config.mailbox[name]
        self._wake = wake
        self._tell_state = tell
        self._intake = Intake(name, world, wake)
        command = self._options.oauth2.token_command
        self._token = Token(command, world.clock) if command else None
        self._server: Server | None = None
        self._failures = 0
        self._last_good: datetime | None = None
        self._kept_good: datetime | None = None

    def run(self) -> None:
        while not self._wake.is_set:
            self._wake.wait(self._serve())

    def cut_off(self) -> None:
        """From another thread, when the time to stop is over."""
        server = self._server
        if server:
            server.cut_off()

    def _serve(self) -> float:
        """One connection, or the try of one; gives the seconds until the next."""
        try:
            with self._world.serve(self._name) as mine:
                if not mine:
                    return self._world.pace.taken_pause
                self._session()
                return 0
        except REFUSED as error:
            return self._failed(error, self._world.pace.login_pause)
        except Exception as error:  # the mailbox loop: no error of one mailbox may end its service
            return self._failed(error, self._pause())

    def _session(self) -> None:
        server = self._server = Server(self._options, self._world.pace, self._world.clock)
        with ExitStack() as broken:
            broken.callback(server.drop)
            self._open(server)
            while not self._wake.is_set:
                settled = self._intake.look()
                self._looked(settled)
                self._rest(server, settled)
            broken.pop_all()
        server.close()

    def _open(self, server: Server) -> None:
        options, world = self._options, self._world
        if self._token:
            server.log_in_with(self._token)
        else:
            server.log_in(world.secret(options.password_file) if options.password_file else "")
        now = world.clock()
        first_login = world.remembered.first_login(self._name, now)
        folders = Folders(server.folder(options.done), server.folder(options.held))
        for folder in (folders.done, folders.held):
            self._make(server, folder)
        selected = server.select(server.folder(options.folder))
        before = world.remembered.uidvalidity(self._name, selected.uidvalidity)
        if before not in (0, selected.uidvalidity):
            world.journal.mailbox_rescan(mailbox=self._name, uidvalidity=selected.uidvalidity)
        mark = mark_of(options.since, world.config.desk.time_zone, first_login, now, selected.uidnext)
        self._intake.begin(server, selected, folders, mark)
        world.journal.mailbox_connected(mailbox=self._name, folder=options.folder, waiting=selected.exists)
        if not server.can_move:
            world.journal.mailbox_unmovable(mailbox=self._name)

    def _make(self, server: Server, folder: str) -> None:
        """A folder that cannot be made stops no mail: what is stored waits in the inbox to be moved."""
        try:
            server.make(folder)
        except IMAP4.abort:
            raise
        except IMAP4.error as error:
            self._world.journal.mailbox_move_failed(mailbox=self._name, folder=folder, count=0, error=error)

    def _rest(self, server: Server, settled: bool) -> None:
        """Until there is news. Mail that could not be stored or moved is tried again after a growing pause."""
        pace = self._world.pace
        longest = pace.renew if server.can_idle else self._options.poll.total_seconds()
        seconds = longest if settled else min(self._pause(), longest)
        if server.can_idle:
            server.idle(self._wake, seconds)
        elif not self._wake.wait(seconds):
            server.noop()
        if settled:
            self._failures = 0

    def _pause(self) -> float:
        self._failures += 1
        pace = self._world.pace
        return min(pace.first_pause * 2.0 ** min(self._failures - 1, 16), pace.longest_pause)

    def _looked(self, settled: bool) -> None:
        now = self._world.clock()
        if not settled:
            self._tell_state(
                self._name,
                MailboxState(self._last_good, f"{self._intake.waiting} mails wait to be stored or moved", True),
            )
            return
        self._last_good = now
        self._tell_state(self._name, MailboxState(now, "", True))
        every = timedelta(seconds=self._world.pace.good_every)
        if self._kept_good is None or abs(now - self._kept_good) >= every:
            self._world.remembered.good(self._name, now)
            self._kept_good = now

    def _failed(self, error: Exception, pause: float) -> float:
        if not self._wake.is_set:
            words = why(error)
            self._tell_state(self._name, MailboxState(self._last_good, words, False))
            self._world.journal.mailbox_lost(mailbox=self._name, error=words, wait=pause)
        return pause


def why(error: Exception) -> str:
    """An error in words for operators, with nothing in it that may be a piece of a mail."""
    words = (str(error).splitlines() or [""])[0] or type(error).__name__
    if isinstance(error, IMAP4.error):
        for sign in MAIL_MAY_FOLLOW:
            words = words.split(sign)[0] + sign if sign in words else words
    elif not isinstance(error, (*REFUSED, OSError, ConfigError, Later)):
        words = f"{type(error).__name__} in the server's answer"
    return "".join(letter if letter.isprintable() else " " for letter in words)[:300]
