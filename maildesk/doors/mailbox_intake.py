"""One look through a folder: what waits there is fetched in sets, handed on, and moved once it is stored.

Used by a mailbox's thread. The folder is never changed before the receipt of the mail in question; what is
not received now stays where it is and is tried again. One mail that will not be read holds up no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from imaplib import IMAP4

from maildesk.crashpoints import reach
from maildesk.doors.imap_answers import Listed
from maildesk.doors.imap_server import Selected, Server
from maildesk.doors.mailbox_envelope import envelope_of
from maildesk.doors.mailbox_since import Mark
from maildesk.doors.mailboxes import Wake, World
from maildesk.words import Later, Outcome, Receipt
from maildesk.words.frozen import frozen

LISTED = 600  # messages asked for their sizes in one command; servers refuse long lists of UIDs
SET = 200  # messages fetched or moved in one command
SET_SIZE = 8 * 1024 * 1024  # octets fetched in one command, unless a single mail is larger
SLACK = 1024 * 1024  # octets an answer may be longer than twice what the server said
TRIES = 3  # fetches of a mail alone, before only its beginning is taken
LAST_TRY = 8  # then it is passed over until the next connection


@frozen
class Folders:
    done: str
    held: str


class Intake:
    """What is known of one folder. It outlives connections, so that nothing is handed on twice."""

    def __init__(self, name: str, world: World, wake: Wake) -> None:
        self._name = name
        self._world = world
        self._wake = wake
        options = world.config.mailbox[name]
        self._queue = options.queue or world.config.default_queue
        self._place = f"{options.user}@{options.host}/{options.folder}"
        self._uidvalidity = 0
        self._forget()

    def _forget(self) -> None:
        self._open: set[int] = set()  # still to be dealt with
        self._stored: dict[int, str] = {}  # committed, and the folder each goes to
        self._trouble: Counter[int] = Counter()  # fetches that have not come to their end
        self._flight: dict[int, tuple[Future[Receipt], bool]] = {}  # handed on; whether only the beginning was
        self._mark = Mark()

    def begin(self, server: Server, selected: Selected, folders: Folders, mark: Mark) -> None:
        """A new connection. Another UIDVALIDITY voids all that was known (RFC 9051, 2.3.1.1)."""
        if selected.uidvalidity != self._uidvalidity:
            self._forget()
        self._uidvalidity = selected.uidvalidity
        self._mark = replace(mark, new_from=mark.new_from or self._mark.new_from)
        self._server = server
        self._folders = folders
        self._selected = selected
        self._low = 0  # the first look is at the whole folder, the next ones at what is new
        self._passed_over: set[int] = set()

    @property
    def waiting(self) -> int:
        return len(self._open)

    def look(self) -> bool:
        """True when nothing is left to be tried again."""
        found = self._find()
        self._open = set(found)
        self._put_off = ""
        try:
            for rows in self._sets(found):
                following = self._hand_on(rows)
                self._settle()
                self._flight = following
                self._move_stored()
                if self._put_off or self._wake.is_set:
                    break
        finally:
            self._settle()
        self._move_stored()
        known = max([*found, self._low - 1, self._selected.uidnext - 1])
        self._low = min(self._open, default=known + 1)
        return not self._open

    def _find(self) -> list[int]:
        server = self._server
        found = server.find(self._low) if self._low else server.find_all(self._selected.exists, self._mark.search_since)
        return [uid for uid in found if uid not in self._passed_over]

    # what is fetched

    def _sets(self, found: Sequence[int]) -> Iterator[list[Listed]]:
        unknown = [uid for uid in found if uid not in self._stored]
        for start in range(0, len(unknown), LISTED):
            rows = self._new(unknown[start : start + LISTED])
            quiet_first = sorted(rows, key=lambda row: (self._trouble[row.uid], row.uid))
            yield from sets(quiet_first, self._alone)

    def _new(self, uids: Sequence[int]) -> list[Listed]:
        rows = self._server.list_(uids)
        for uid in uids:
            if uid not in rows:
                self._missed(uid)
            elif self._mark.is_old(rows[uid]):
                self._open.discard(uid)
        new = {self._source(uid): rows[uid] for uid in uids if uid in rows and uid in self._open}
        if self._server.can_move:  # what a crash left behind is handed on again: its first receipt says where to
            return list(new.values())
        for source in self._world.remembered.seen(list(new)):
            self._open.discard(new.pop(source).uid)
        return list(new.values())

    def _source(self, uid: int) -> str:
        """RFC 9051, 2.3.1.1: server, mailbox, UIDVALIDITY and UID together name a message for ever."""
        return f"{self._place}/{self._uidvalidity}/{uid}"

    def _missed(self, uid: int) -> None:
        """Not given out. Most have vanished, and the next look does not find them; the others are not for ever."""
        self._trouble[uid] += 1
        if self._trouble[uid] >= LAST_TRY:
            self._world.journal.mailbox_passed_over(mailbox=self._name, uid=uid)
            self._passed_over.add(uid)
            self._open.discard(uid)

    def _alone(self, row: Listed) -> bool:
        return row.size > SET_SIZE or self._trouble[row.uid] > 0

    def _cut(self, row: Listed) -> str:
        if row.size > self._world.config.limits.message_size:
            return "larger than limits.message_size; the whole mail is in the mailbox's held folder"
        if self._trouble[row.uid] >= TRIES:
            return "the server does not give it out whole; it is in the mailbox's held folder"
        return ""

    # what is handed on

    def _hand_on(self, rows: Sequence[Listed]) -> dict[int, tuple[Future[Receipt], bool]]:
        cut = {row.uid: reason for row in rows if (reason := self._cut(row))}
        self._trouble.update(row.uid for row in rows)  # taken back when the connection has lived through it
        raws = self._fetch(rows, cut)
        flight = {}
        for row in rows:
            if row.uid in raws:
                flight[row.uid] = self._receive(row, raws[row.uid], cut.get(row.uid, "")), row.uid in cut
                del self._trouble[row.uid]
            elif self._trouble[row.uid] >= LAST_TRY:
                self._missed(row.uid)
        return flight

    def _fetch(self, rows: Sequence[Listed], cut: dict[int, str]) -> dict[int, bytes]:
        whole = [row for row in rows if row.uid not in cut]
        expected = 2 * sum(row.size for row in whole) + SLACK
        raws = self._server.fetch([row.uid for row in whole], expected) if whole else {}
        heads = {uid: head for uid in cut if (head := self._server.head(uid)) is not None}
        return raws | heads

    def _receive(self, row: Listed, raw: bytes, cut: str) -> Future[Receipt]:
        envelope = envelope_of(
            raw,
            door=f"imap:{self._name}",
            received=self._world.clock(),
            queue=self._queue,
            source=self._source(row.uid),
        )
        if cut:
            self._world.journal.mailbox_cut(mailbox=self._name, uid=row.uid, size=row.size, reason=cut)
        try:
            return self._world.receive(raw, replace(envelope, cut=cut))
        except Later as later:
            refused: Future[Receipt] = Future()
            refused.set_exception(later)
            return refused

    # what became of it

    def _settle(self) -> None:
        """Waits for the receipts of what is in flight. No receipt: the mail stays and is tried again."""
        flight, self._flight = self._flight, {}
        wait([future for future, _ in flight.values()], timeout=self._world.pace.receipt)
        for uid, (future, cut) in flight.items():
            trouble = _failure(future)
            if trouble:
                self._tell_put_off(trouble)
            else:
                held = cut or future.result().outcome is Outcome.HELD
                self._stored[uid] = self._folders.held if held else self._folders.done

    def _tell_put_off(self, trouble: BaseException | str) -> None:
        if not self._put_off:  # once a look: the others will have the same cause
            self._world.journal.put_off(door=f"imap:{self._name}", error=trouble)
        self._put_off = str(trouble) or type(trouble).__name__

    def _move_stored(self) -> None:
        for folder in (self._folders.done, self._folders.held):
            uids = sorted(uid for uid, goal in self._stored.items() if goal == folder and uid in self._open)
            for start in range(0, len(uids), SET):
                self._move(uids[start : start + SET], folder)

    def _move(self, uids: Sequence[int], folder: str) -> None:
        if not self._server.can_move:  # they stay, and are known by their sources
            self._open.difference_update(uids)
            return
        reach("before-move")
        try:
            self._server.move_or_make(uids, folder)
        except IMAP4.abort:
            raise
        except IMAP4.error as error:  # over quota, say: they are safe, and stay open for the next look
            self._world.journal.mailbox_move_failed(mailbox=self._name, folder=folder, count=len(uids), error=error)
            return
        reach("after-move")
        for uid in uids:
            del self._stored[uid]
        self._open.difference_update(uids)
        self._world.journal.mailbox_moved(mailbox=self._name, folder=folder, count=len(uids))


def _failure(future: Future[Receipt]) -> BaseException | str:
    """Why there is no receipt; "" when there is one."""
    if not future.done():
        return "no receipt in time"
    if future.cancelled():
        return "stopped before it was stored"
    return future.exception() or ""


def sets(rows: Sequence[Listed], alone: Callable[[Listed], bool]) -> Iterator[list[Listed]]:
    """Sets small enough for one command and one look at memory."""
    group: list[Listed] = []
    for row in rows:
        full = len(group) == SET or sum(each.size for each in group) + row.size > SET_SIZE
        if group and (full or alone(row)):
            yield group
            group = []
        group.append(row)
        if alone(row):
            yield group
            group = []
    if group:
        yield group
