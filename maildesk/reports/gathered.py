"""The figures straight from the store: what `maildesk report` and the weekly letter begin with."""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.reports.figures import Figures, figures
from maildesk.store import figures as rows
from maildesk.store.database import Store


def gathered(store: Store, since: datetime, until: datetime, config: Config) -> Figures:
    return figures(rows.cases(store, since, until), rows.worked(store, since, until), since, until, config)
