"""From when on a mailbox's mail is ours: the contract's `since`.

Used by a mailbox's thread. Mail older than the mark is left untouched, unread state and all.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maildesk.doors.imap_answers import Listed
from maildesk.words.frozen import frozen

MARGIN = timedelta(days=2)  # a server's SEARCH SINCE looks at the date alone, in a zone of its own


@frozen
class Mark:
    """`new_from`: UIDs from here on came after the first login, whatever the server's clock says; 0 = unknown."""

    moment: datetime | None = None  # None: all mail is ours
    new_from: int = 0

    def is_old(self, mail: Listed) -> bool:
        if self.moment is None or mail.arrived is None or mail.arrived >= self.moment:
            return False
        return not (self.new_from and mail.uid >= self.new_from)

    @property
    def search_since(self) -> date | None:
        """The day to search from; mail found too early is sorted out by `is_old`."""
        return None if self.moment is None else (self.moment - MARGIN).date()


def mark_of(since: date | str, zone: str, first_login: datetime, now: datetime, uidnext: int) -> Mark:
    """`uidnext` is the folder's at `now`, which is the first login itself or a later one."""
    if since == "all":
        return Mark()
    if isinstance(since, date):
        return Mark(datetime.combine(since, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC))
    start = first_login.replace(microsecond=0)  # INTERNALDATE counts in seconds
    return Mark(start, uidnext if start == now.replace(microsecond=0) else 0)
