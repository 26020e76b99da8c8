"""Every row T65 to T82 of the threat table (bombs and parsers) has a test that bears its name, and where it stands."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
PLACES = {
    "mime/test_bombs.py": {65, 66, 67, 68, 69, 71, 72, 73, 77, 80, 81, 82},
    "mime/test_bombs_text.py": {70, 72, 74},
    "mime/test_quotes_traps.py": {74},
    "desk/test_hostile_mails.py": {71, 75, 76},
    "doors/test_listeners_session.py": {78, 79},
    "doors/test_listeners_mail.py": {81},
}
NAMED = re.compile(r"^def test_t(\d\d)_\w+\(", re.MULTILINE)


def named(path: Path) -> set[int]:
    return {int(row) for row in NAMED.findall(path.read_text(encoding="utf-8"))} & set(range(65, 83))


def test_every_row_is_held_where_it_is_said_to_be() -> None:
    assert {place: named(TESTS / place) for place in PLACES} == PLACES
    assert set().union(*PLACES.values()) == set(range(65, 83))
