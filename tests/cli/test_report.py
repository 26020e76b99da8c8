"""`maildesk report`: the figures of days, as text, as a page, as JSON, and by mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import mail
from tests.cli.conftest import Call, copied, delivered

READERS = '\n[report]\nto = ["mary@example.com"]\n'


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a desk that got one mail."""
    return delivered(tmp_path_factory.mktemp("reported"), mail())


@pytest.fixture
def busy(state: Path, maildesk: Call, folder: Path) -> Call:
    copied(state, folder)
    return maildesk


def test_the_last_seven_days_are_told_in_words(busy: Call) -> None:
    told = busy("report")
    assert told.code == 0
    assert "Tickets: 1 opened, 0 closed, 1 open at the end" in told.out
    assert "By queue\nTechnical Support\n" in told.out
    assert "{" not in told.out


def test_json_has_every_figure(busy: Call) -> None:
    found = busy("report", "--format", "json").json
    assert list(found) == ["since", "until", "total", "queues", "plans", "agents", "weeks", "organisations"]
    assert (found["total"]["opened"], found["queues"]["technical"]["open"]) == (1, 1)
    assert found["total"]["first_reply"] == {
        "count": 0,
        "median": None,
        "p90": None,
        "overdue": 0,
        "promised": 0,
        "kept": 0,
        "share": None,
    }


def test_the_page_stands_alone(busy: Call) -> None:
    page = busy("report", "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "Tickets opened" in page
    assert "src=" not in page


def test_days_are_those_of_the_desk_and_the_last_one_is_left_out(busy: Call) -> None:
    found = busy("report", "--since", "2020-01-01", "--until", "2020-02-01", "--format", "json").json
    assert (found["since"], found["until"]) == ("2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z")
    assert found["total"]["opened"] == 0


def test_it_is_mailed_to_whom_the_configuration_names(busy: Call, folder: Path) -> None:
    refused = busy("report", "--mail")
    assert (refused.code, "[report] to" in refused.err) == (1, True)
    file = folder / "maildesk.conf"
    file.write_text(file.read_text() + READERS)
    told = busy("report", "--mail")
    assert (told.code, told.out) == (0, "queued for mary@example.com\n")
    assert "letters wait in the outbox" in told.err
    waiting = busy("outbox", "list", "--json").json
    assert [row["to"] for row in waiting if row["letter"] == "report"] == ["mary@example.com"]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-03-02T08:00:00"])
def test_what_is_no_day_is_told_with_how_to_write_one(busy: Call, day: str) -> None:
    told = busy("report", "--since", day)
    assert told.code == 2
    assert "write it as 2026-12-24" in " ".join(told.err.split())


def test_a_span_that_ends_before_it_begins_is_refused(busy: Call) -> None:
    told = busy("report", "--since", "2020-02-01", "--until", "2020-01-01")
    assert (told.code, told.out) == (1, "")
