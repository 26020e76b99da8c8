"""What the clocks of a ticket go by: since when somebody waits, and when they stood still."""

from __future__ import annotations

from datetime import datetime

from maildesk.words.frozen import frozen

Stay = tuple[datetime, datetime]


@frozen
class Escalation:
    """The way of a ticket that was escalated: triage first, then engineering. It lasts until the ticket is over."""

    since: datetime  # triage began
    triaged: datetime | None = None  # triage was over, and that was told
    engineering: datetime | None = None  # engineering got it, and that was told


@frozen
class Clocks:
    """Between two answers of agents; each answer begins it anew."""

    asked: datetime | None = None  # since when the customer waits for a further answer
    told: datetime | None = None  # an agent's last word to him
    rests: tuple[Stay, ...] = ()  # stays of pending, solved and closed that are over: no clock ran in them
    warned: tuple[tuple[str, datetime], ...] = ()  # clocks whose end was announced, each with its start
    missed: tuple[tuple[str, datetime], ...] = ()  # clocks that ran out, and that was told
    escalation: Escalation | None = None  # answers leave it as it is
    taken_over: bool = False  # by an import that answers nobody: nothing was promised for its first mail

    @property
    def silent(self) -> bool:
        """Nobody has written in it since it was taken over, and nobody outside hears of it."""
        return self.taken_over and self.asked is None


UNTOUCHED = Clocks()


@frozen
class Target:
    """A promise that runs."""

    name: str  # first_response | next_response | update
    start: datetime
    warn: datetime | None  # None: nobody is warned of it any more
    due: datetime
    missed: bool = False  # told already that it was not kept
