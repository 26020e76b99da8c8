"""When the weekly report goes, over weeks in which clocks are set."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from maildesk.config import parse
from maildesk.policy.weekly import following, since

CONFIG = parse(
    """
[desk]
domain = "desk.example"
postmaster = "ops@desk.example"
time_zone = "Europe/Berlin"
[queue.technical]
address = "support@desk.example"
[report]
to = ["mary@desk.example"]
at = "mon 08:00"
""",
    Path("/desk"),
)


@pytest.mark.parametrize(
    ("after", "at"),
    [
        ("2026-03-02T06:59:59Z", "2026-03-02T07:00:00Z"),
        ("2026-03-02T07:00:00Z", "2026-03-09T07:00:00Z"),
        ("2026-03-03T00:00:00Z", "2026-03-09T07:00:00Z"),
        ("2026-03-23T07:00:00Z", "2026-03-30T06:00:00Z"),  # clocks were set forward on the 29th
        ("2026-10-19T06:00:00Z", "2026-10-26T07:00:00Z"),
    ],
)
def test_it_goes_at_the_same_hour_of_every_week(after: str, at: str) -> None:
    assert following(CONFIG, datetime.fromisoformat(after)) == datetime.fromisoformat(at)


def test_it_tells_of_the_week_before_however_long_that_was() -> None:
    assert since(CONFIG, datetime.fromisoformat("2026-03-30T06:00:00Z")).isoformat() == "2026-03-23T07:00:00+00:00"
