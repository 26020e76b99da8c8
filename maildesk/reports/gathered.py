"""The figures straight from the store: what `maildesk report` and the weekly letter begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from maildesk.config import Config
from maildesk.reports.figures import Figures, figures
from maildesk.store import figures as rows
from maildesk.store.database import Store


def gathered(store: Store, since: datetime, until: datetime, config: Config) -> Figures:
    return figures(_cases(store, since, until), rows.worked(store, since, until), since, until, config)


def _cases(store: Store, since: datetime, until: datetime) -> Iterator[rows.Case]:
    behind: int | None = 0
    while behind is not None:
        some, behind = rows.cases(store, since, until, behind)
        yield from some
