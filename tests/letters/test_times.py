"""Moments in the reader's words and zone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.letters.times import said
from tests.letters.goldens import desk

EVE = datetime(2026, 12, 24, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "words"),
    [
        ("en", "UTC", "Thursday, 24 December 2026, 17:30 (UTC)"),
        ("de", "Europe/Berlin", "Donnerstag, 24. Dezember 2026, 18:30 Uhr (MEZ)"),
        ("de-CH", "Europe/Zurich", "Donnerstag, 24. Dezember 2026, 18:30 Uhr (MEZ)"),
        ("en", "America/Los_Angeles", "Thursday, 24 December 2026, 09:30 (PST)"),
        ("fr", "Europe/Paris", "jeudi 24 décembre 2026, 18:30 (UTC+01:00)"),
        ("xx", "Nowhere/Land", "Thursday, 24 December 2026, 17:30 (UTC)"),
        ("no language", "", "Thursday, 24 December 2026, 17:30 (UTC)"),
    ],
)
def test_a_moment_is_said_in_the_readers_language_and_zone(language: str, zone: str, words: str) -> None:
    assert said(EVE, language, zone) == words


def test_a_reader_without_a_zone_gets_the_desks() -> None:
    config = desk(name='"Example Support"\ntime_zone = "Asia/Tokyo"')
    letters = Letters(config, [NO_DESK])
    letter = sample(config, "solved")
    assert "18:30 (UTC+09:00)" in letters.render(letter, 1, SAMPLE_NOW).text
    assert "10:30 (UTC+01:00)" in letters.render(replace(letter, time_zone="Europe/Berlin"), 1, SAMPLE_NOW).text
