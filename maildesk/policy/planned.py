"""Planned events: which one a moment falls into.

Called where mail about an outage is answered. Both ends of `[[maintenance]]` belong to it.
"""

from __future__ import annotations

from datetime import datetime

from maildesk.config import Config
from maildesk.config.options import Maintenance


def planned(config: Config, at: datetime) -> Maintenance | None:
    """The first that was written down."""
    return next((event for event in config.maintenance if event.from_ <= at <= event.until), None)
