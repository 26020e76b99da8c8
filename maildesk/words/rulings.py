"""The answer to one mail: what policy ruled, and what a door may tell the far side."""

from __future__ import annotations

from maildesk.words.decisions import Decision
from maildesk.words.frozen import frozen
from maildesk.words.kinds import Outcome


@frozen
class Ruling:
    """What policy says of one mail, or of one moment."""

    outcome: Outcome
    reason: str
    rules: tuple[str, ...]  # names of those that hit; the last one decided
    decisions: tuple[Decision, ...] = ()
    ticket: str = ""
    refusal: str = ""  # said to a writer who is still on the line: "550 5.7.1 sentence"; "" = accepted


@frozen
class Receipt:
    """What a door may tell the far side, after the commit."""

    id: int
    outcome: Outcome
    reason: str
    ticket: str = ""
    refusal: str = ""


class Later(Exception):
    """Could not be stored now: the sender keeps the mail and comes again.

    `str()` of it is the public sentence and never names the cause, which is kept for the journal
    as `__cause__`.
    """

    def __init__(self, sentence: str = "Try again later", *, full: bool = False) -> None:
        super().__init__(sentence)
        self.full = full  # 452: no room; else 451
