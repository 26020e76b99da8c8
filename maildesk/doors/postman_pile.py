"""The letters that the postman has claimed and not begun, shared by his senders.

Nobody's next letter is begun before the one before it is done with, so that a reader gets his letters in the order
they were written (the closure notice, then the survey); a slow one holds up nobody else's.
"""

from __future__ import annotations

import threading
import time

from maildesk.words import Parcel
from maildesk.words.frozen import frozen


@frozen
class Claimed:
    parcel: Parcel
    since: float  # time.monotonic() of the claim


class Pile:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Claimed] = []
        self._readers: set[str] = set()  # whose letter is in some sender's hands
        self._closed = False

    def put(self, parcel: Parcel) -> None:
        with self._changed:
            self._waiting.append(Claimed(parcel, time.monotonic()))
            self._changed.notify()

    def close(self) -> None:
        """No more will come; what lies here may still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self, seconds: float) -> Claimed | None:
        """The first letter that may be begun; None when there was none for so long, or there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._free() is not None or self.ended, seconds)
            claimed = self._free()
            if claimed is not None:
                self._waiting.remove(claimed)
                self._readers.add(claimed.parcel.recipient)
            return claimed

    def done(self, parcel: Parcel) -> None:
        with self._changed:
            self._readers.discard(parcel.recipient)
            if self._closed:
                self._changed.notify_all()  # whoever waits sees whether that was the last
            elif self._waiting:
                self._changed.notify()  # at most one letter may be begun that might not before

    @property
    def behind(self) -> int:
        """How many letters wait for another one to the same reader."""
        with self._changed:
            begun = set(self._readers)
            fresh = {each.parcel.recipient for each in self._waiting} - begun
            return len(self._waiting) - len(fresh)

    @property
    def ended(self) -> bool:
        return self._closed and not self._waiting

    def _free(self) -> Claimed | None:
        return next((each for each in self._waiting if each.parcel.recipient not in self._readers), None)
