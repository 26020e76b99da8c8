"""Parking a mail for a human, with the reason and the day it is given up.

Called wherever a rule holds a mail, so that the ledger's reason and the held list's are one.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.words import Decision, Facts, Hold, Outcome, Ruling


def hold(facts: Facts, config: Config, reason: str, *decisions: Decision, until: datetime | None = None) -> Ruling:
    """Held with `reason` until the moment given, else for as long as [retention] held says."""
    keeping = config.retention.held
    given_up = until or (facts.now + keeping if keeping else None)
    return Ruling(Outcome.HELD, reason, (), (Hold(reason, given_up), *decisions))
