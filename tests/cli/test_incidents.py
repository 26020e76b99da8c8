"""Incidents on the command line: what `directory apply` brings, what is left, what is due."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Call

FREE = '\n[plan.free]\ntitle = "Free"\ncontacts = 2\n'


@pytest.fixture
def charged(maildesk: Call, folder: Path) -> Call:
    """The plan of all that are there begins to charge, and one of them gets another."""
    file = folder / "maildesk.conf"
    file.write_text(file.read_text().replace("survey = true", "survey = true\nincidents = 20\nrollover = 5") + FREE)
    people = folder / "directory.toml"
    people.write_text(
        people.read_text().replace('["globex.example"]\nplan = "standard"', '["globex.example"]\nplan = "free"')
    )
    return maildesk


def apply(maildesk: Call, folder: Path, *options: str) -> list[str]:
    return maildesk("directory", "apply", *options, folder / "directory.toml").out.splitlines()


def test_applying_brings_the_incidents_once_and_says_so(charged: Call, folder: Path) -> None:
    told = [
        "change organisation Globex: plan standard -> free",
        "organisation Acme gets 20 incidents of plan standard",
    ]
    assert apply(charged, folder, "--dry-run") == [*told, "2 would change"]
    assert charged("organisation", "show", "Acme", "--json").json["balance"] == 0
    assert apply(charged, folder) == [*told, "2 changed"]
    assert apply(charged, folder) == ["nothing to change"]


def test_the_balance_stands_in_show_and_list_and_is_null_where_nothing_is_charged(charged: Call, folder: Path) -> None:
    apply(charged, folder)
    listed = charged("organisation", "list", "--json").json
    assert {each["name"]: each["balance"] for each in listed} == {"Acme": 20, "Globex": None}
    assert charged("organisation", "show", "Globex", "--json").json["balance"] is None
    assert "balance  20\n" in charged("organisation", "show", "Acme").out
    acme = charged("organisation", "list").out.splitlines()[1].split()
    assert acme == ["Acme", "standard", "yes", "2", "of", "2", "20", "acme.example"]


def test_the_next_anniversary_is_due(charged: Call, folder: Path) -> None:
    apply(charged, folder)
    found = [each for each in charged("due", "--json").json if each["what"] in {"rollover", "statement"}]
    assert [(each["what"], each["ticket"]) for each in found] == [("rollover", None), ("statement", None)]
    assert all(each["at"].endswith("T00:00:00Z") for each in found)
    year = int(found[0]["at"][:4])
    assert charged("due", "--at", f"{year}-12-31T12:00:00Z", "--run").code == 0
    assert charged("organisation", "show", "Acme", "--json").json["balance"] == 25
    letters = [each for each in charged("outbox", "list", "--json").json if each["letter"] == "statement"]
    assert {(each["to"], each["ticket"]) for each in letters} == {
        ("bob@acme.example", None),
        ("carol@acme.example", None),
    }
