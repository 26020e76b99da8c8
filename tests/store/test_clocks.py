"""A ticket's clocks in their column: read back as they were, whatever an older version left out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from maildesk.store.clocks import read, written
from maildesk.words import Clocks, Escalation

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "clocks",
    [
        Clocks(),
        Clocks(told=NOW, asked=NOW + HOUR, rests=((NOW, NOW + HOUR),), missed=(("update", NOW),)),
        Clocks(escalation=Escalation(NOW)),
        Clocks(escalation=Escalation(NOW, NOW + HOUR)),
        Clocks(told=NOW, escalation=Escalation(NOW, NOW + HOUR, NOW + 2 * HOUR)),
    ],
)
def test_clocks_are_read_as_they_were_written(clocks: Clocks) -> None:
    assert read(written(clocks)) == clocks


def test_a_column_of_before_escalations_had_a_way_is_read() -> None:
    column = json.dumps({"asked": None, "told": 1, "rests": [], "warned": [], "missed": []})
    assert read(column).escalation is None
