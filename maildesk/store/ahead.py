"""What a clock that was ahead has left behind, set right once it goes as it should: letters, pauses and chores that
would come again in a year.

Called by the sweep now and then. Only what no right clock could have written is touched. Anniversaries stay done: what
an organisation has got once it does not get again.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from maildesk.config import Config
from maildesk.policy.chores import Chore, following, is_each
from maildesk.store.chores import roster_for
from maildesk.store.database import Store
from maildesk.store.moments import micros, moment
from maildesk.words.frozen import frozen

DAY = timedelta(days=1)  # no letter waits for longer, no lease lasts so long, no chore is done so early
PAUSE = timedelta(days=30)  # the longest of an address
FOR_EVER = micros(datetime(9000, 1, 1, tzinfo=UTC))  # as that of an erased person

LETTERS = "UPDATE letter SET next_try = ? WHERE state = 'waiting' AND next_try > ?"
LEASES = "UPDATE letter SET lease_until = NULL WHERE state = 'waiting' AND lease_until > ?"
PAUSES = "UPDATE pause SET until = ? WHERE until > ? AND until < ?"
CHORES = "SELECT name, told FROM chore WHERE done > ? ORDER BY name"
LATER = "UPDATE chore SET next_check = due WHERE next_check > due AND next_check > ?"  # it failed, and was put off
AGAIN = "UPDATE chore SET done = ?, told = ?, due = ?, next_check = ? WHERE name = ?"


@frozen
class SetRight:
    letters: int = 0
    pauses: int = 0
    chores: int = 0

    @property
    def any(self) -> bool:
        return bool(self.letters or self.pauses or self.chores)


def set_right(store: Store, config: Config, now: datetime) -> SetRight:
    at, ahead = micros(now), micros(now + DAY)
    letters = store.execute(LETTERS, (at, ahead)).rowcount + store.execute(LEASES, (ahead,)).rowcount
    pauses = store.execute(PAUSES, (micros(now + PAUSE), micros(now + PAUSE + DAY), FOR_EVER)).rowcount
    chores = store.execute(LATER, (ahead,)).rowcount + _chores(store, config, now)
    return SetRight(letters, pauses, chores)


def _chores(store: Store, config: Config, now: datetime) -> int:
    found = [(Chore(*str(name).split(":", 1)), told) for name, told in store.all(CHORES, (micros(now + DAY),))]
    again = [(chore, told) for chore, told in found if not is_each(chore)]
    for chore, told in again:
        due = following(chore, now, roster_for(store, chore, now), config)
        at = None if due is None else micros(due)
        store.execute(AGAIN, (micros(now), micros(min(now, moment(told))), at, at, chore.name))
    return len(again)
