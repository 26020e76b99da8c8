"""The years of incidents: when an organisation's began, and what one of them came to."""

from __future__ import annotations

from datetime import date, datetime

from maildesk.words.frozen import frozen
from maildesk.words.people import Organisation


@frozen
class Term:
    """An organisation that got the incidents of a plan once."""

    organisation: Organisation
    active: bool
    until: date | None  # the last day it is served
    began: datetime  # when it got those of its plan first
    latest: datetime  # when it got some last, on that day or an anniversary


@frozen
class Year:
    """What happened to the incidents of an organisation between two moments, the second not included."""

    carried: int  # what was there at its beginning, without what lapsed then
    bought: int
    credited: int
    spent: tuple[tuple[str, int], ...]  # by ticket, in order; above zero

    @property
    def used(self) -> int:
        return sum(amount for _, amount in self.spent)

    @property
    def unused(self) -> int:
        """What is there at its end; below zero where more was used."""
        return self.carried + self.bought + self.credited - self.used
