"""A day at work on the command line: how agents hear of tickets, who is away, and what the desk does by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from maildesk.cli.desk import clock
from maildesk.store.moments import micros
from maildesk.store.stamps import rfc3339
from tests.builders import CAROL, mail
from tests.cli.conftest import Call

CALENDARS = """
[calendar.day]
hours = { mon-sun = "09:00-17:00" }
[calendar.night]
hours = { mon-sun = "00:00-06:00" }
[handover]
on = true
"""


@pytest.fixture
def working(maildesk: Call, folder: Path) -> Call:
    """Alice works by day and hears by her digest, Anton by night."""
    file = folder / "maildesk.conf"
    file.write_text(file.read_text() + CALENDARS)
    people = folder / "directory.toml"
    text = people.read_text().replace(
        'name = "Alice Agent"', 'name = "Alice Agent"\ncalendar = "day"\nnotices = "digest"'
    )
    people.write_text(text.replace('name = "Anton Agent"', 'name = "Anton Agent"\ncalendar = "night"'))
    assert maildesk("directory", "apply", people).code == 0
    return maildesk


def leave(folder: Path, until: int, deputy: int) -> None:
    [database] = (folder / "state").glob("*.db")
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("UPDATE agent SET away_until = ?, deputy_id = ? WHERE name = 'Alice Agent'", (until, deputy))


def alice(maildesk: Call) -> dict[str, object]:
    return next(each for each in maildesk("agent", "list", "--json").json if each["name"] == "Alice Agent")


def test_how_an_agent_hears_of_tickets_is_applied_exported_and_told(working: Call, folder: Path) -> None:
    assert alice(working)["notices"] == "digest"
    exported = working("directory", "export").out
    assert exported.count('notices = "digest"') == 1
    again = folder / "again.toml"
    again.write_text(exported.replace('notices = "digest"', 'notices = "single"'))
    told = working("directory", "apply", again).out
    assert "change agent Alice Agent <alice@example.com>: notices digest -> single" in told
    assert alice(working)["notices"] == "single"


def test_a_way_to_hear_that_there_is_not_is_refused(working: Call, folder: Path) -> None:
    wrong = folder / "wrong.toml"
    wrong.write_text('[[agent]]\nname = "X"\naddresses = ["x@example.com"]\nnotices = "never"\n')
    ended = working("directory", "apply", wrong)
    assert ended.code == 1
    assert ':4: notices: "never" is no way to hear of tickets; write "single" or "digest"' in ended.err
    assert working("agent", "add", "X", "x@example.com", "--notices", "never").code == 2


def test_an_agent_is_added_with_his_way_to_hear(working: Call) -> None:
    assert working("agent", "add", "Ada Agent", "ada@example.com", "--notices", "digest").code == 0
    listed = {each["name"]: each["notices"] for each in working("agent", "list", "--json").json}
    assert listed["Ada Agent"] == "digest"


def test_who_is_away_and_who_stands_in_is_listed_as_long_as_it_lasts(working: Call, folder: Path) -> None:
    until = (clock() + timedelta(days=3)).replace(microsecond=0)
    leave(folder, micros(until), 2)
    assert (alice(working)["away"], alice(working)["deputy"]) == (rfc3339(until), "Anton Agent")
    assert working("directory", "apply", folder / "directory.toml").out == "nothing to change\n"
    assert alice(working)["deputy"] == "Anton Agent"
    exported = working("person", "export", "alice@example.com").json["directory"]
    assert (exported["away"], exported["deputy"], exported["notices"]) == (rfc3339(until), "Anton Agent", "digest")
    leave(folder, micros(clock() - timedelta(seconds=1)), 2)
    assert (alice(working)["away"], alice(working)["deputy"]) == (None, None)


def test_a_deputy_who_goes_is_nobodys_deputy(working: Call, folder: Path) -> None:
    leave(folder, micros(clock() + timedelta(days=3)), 2)
    assert working("agent", "remove", "anton@example.com").code == 0
    assert alice(working)["away"]
    assert alice(working)["deputy"] is None


def test_due_lists_the_next_of_each_and_of_no_ticket(working: Call) -> None:
    rows = working("due", "--json").json
    assert sorted((row["what"], row["at"][11:], row["ticket"]) for row in rows) == [
        ("digest", "00:00:00Z", None),
        ("digest", "09:00:00Z", None),
        ("handover", "06:00:00Z", None),
        ("handover", "17:00:00Z", None),
    ]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    assert all(row["at"] > rfc3339(clock() - timedelta(minutes=1)) for row in rows)
    assert "handover" in working("due").out


def test_due_run_does_them_as_of_their_moments(working: Call) -> None:
    working("deliver", mail=mail(CAROL))
    ahead = clock() + timedelta(days=2)
    assert working("due", "--at", ahead.isoformat(), "--run").code == 0
    sent = [(each["letter"], each["to"]) for each in working("outbox", "list", "--json").json]
    assert sent.count(("digest", "alice@example.com")) == 2
    assert sent.count(("handover", "anton@example.com")) == 2
    assert min(row["at"] for row in working("due", "--json").json) > ahead.isoformat()[:19]


def test_who_is_erased_stands_in_no_digest_and_no_handover(working: Call, folder: Path) -> None:
    working("deliver", mail=mail(CAROL, subject="The turquoise export", text="A heliotrope stops at page 3."))
    working("due", "--at", (clock() + timedelta(days=2)).isoformat(), "--run")
    [database] = (folder / "state").glob("*.db")
    with closing(sqlite3.connect(database)) as store:
        told = "".join(row[0] for row in store.execute("SELECT unwritten FROM letter WHERE name <> 'acknowledgement'"))
    assert "turquoise" in told
    assert "heliotrope" in told
    assert working("person", "erase", "carol@acme.example", "--yes").code == 0
    content = b"".join(file.read_bytes() for file in (folder / "state").iterdir())
    assert b"turquoise" not in content
    assert b"heliotrope" not in content
    assert b"Carol Jones" not in content
