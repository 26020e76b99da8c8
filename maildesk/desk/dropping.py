"""Held mail whose time is over in masses: the operators hear of it, since nobody may have had a chance to look.

Called by the sweep. A few a day are what `[retention] held` is for; many at once come of a standstill or a wrong clock.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.desk.desk import Settings
from maildesk.policy.letter import alarm
from maildesk.policy.limits import Traffic, weigh
from maildesk.store.apply import apply_moment
from maildesk.store.database import Store
from maildesk.store.recent import recent
from maildesk.words import Outcome, Ruling

MANY = 20  # of one look
DROPPED = "held mail was dropped"


def tell(store: Store, settings: Settings, number: int, now: datetime) -> None:
    config = settings.config
    text = (
        f"{number} held mails were dropped at once, since nobody had decided about them in time; after a standstill or "
        "by a wrong clock, look at `maildesk ledger`: `maildesk held release ID` takes one in all the same"
    )
    lately = recent(store, config.desk.postmaster, config, now)
    decisions, _ = weigh((alarm(config, DROPPED, text),), Traffic(lately), config)
    apply_moment(store, Ruling(Outcome.MESSAGE, "alarm", ("alarm",), decisions), None, now, settings.letters)
