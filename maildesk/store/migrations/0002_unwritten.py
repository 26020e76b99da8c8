"""Letters wait as what they say, and are written before they go (docs/decisions/0012).

Letters of the first schema are written already. Frozen, like every migration.
"""

from __future__ import annotations

from maildesk.store.database import Store

ADD = "ALTER TABLE letter ADD COLUMN unwritten TEXT NOT NULL DEFAULT ''"


def up(store: Store) -> None:
    store.execute(ADD)
