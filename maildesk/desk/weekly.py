"""The figures of a week, read for the report that is due a part at a time, so that mail is answered meanwhile.

Made by the sweep, which hands `part` to the ledger again and again, and the whole to the chore. What is read is of
a span that is over, so that it matters little when.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.policy import weekly
from maildesk.reports.figures import Figures, Reckoning, reckoned
from maildesk.store import figures as rows
from maildesk.store.database import Store
from maildesk.words.frozen import frozen


@frozen
class Part:
    cases: list[rows.Case]
    behind: int | None
    worked: dict[str, int]  # with the last one


class Week:
    """That ends at this moment."""

    def __init__(self, until: datetime, config: Config) -> None:
        self.until = until
        self.figures: Figures = {}
        self._reckoning = Reckoning(weekly.since(config, until), until, config)
        self._behind: int | None = 0

    @property
    def unread(self) -> bool:
        return self._behind is not None

    def part(self, store: Store) -> Part:
        since = self._reckoning.since
        cases, behind = rows.cases(store, since, self.until, self._behind or 0)
        return Part(cases, behind, rows.worked(store, since, self.until) if behind is None else {})

    def add(self, part: Part) -> None:
        self._reckoning.add(part.cases)
        self._behind = part.behind
        if not self.unread:
            self.figures = reckoned(self._reckoning, part.worked)
