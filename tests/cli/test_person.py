"""`person export` and `person erase` on the command line."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from pathlib import Path

import pytest

from maildesk.cli import verbs
from maildesk.store.database import Store
from maildesk.store.person_scrub import want_scrub
from tests.builders import BOB, CAROL, mail
from tests.cli.conftest import Call, copied, delivered

TEXT = "Hello,\n\nthe heliotrope export stops."


@pytest.fixture(scope="module")
def asked_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bobs = mail(BOB, subject="Bob's", text="Something else.")
    return delivered(tmp_path_factory.mktemp("asked"), mail(CAROL, subject="zeppelin", text=TEXT), bobs)


@pytest.fixture
def asked(asked_state: Path, maildesk: Call, folder: Path) -> Call:
    """Carol and Bob have asked."""
    copied(asked_state, folder)
    return maildesk


def test_an_export_is_one_json_object_under_any_of_the_addresses(asked: Call) -> None:
    ended = asked("person", "export", "Carol.Jones@acme.example")
    assert (ended.code, ended.out.count("\n")) == (0, 1)
    assert ended.json["addresses"] == ["carol.jones@acme.example", "carol@acme.example"]
    assert [(each["subject"], each["text"].strip()) for each in ended.json["mails"]] == [("zeppelin", TEXT)]
    assert [each["letter"] for each in ended.json["letters"]] == ["acknowledgement"]
    assert "Hello Carol Jones," in ended.json["letters"][0]["text"]
    assert "Bob" not in ended.out


def test_an_export_of_an_agent_has_the_directorys_entry(asked: Call) -> None:
    told = asked("person", "export", "alice@example.com").json
    assert told["directory"]["queues"] == ["technical"]
    assert {each["letter"] for each in told["letters"]} == {"agent_ticket"}


@pytest.mark.parametrize("verb", [("export",), ("erase", "--yes")])
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nobody@acme.example", "maildesk: nothing is kept of nobody@acme.example\n"),
        ("support@example.com", "maildesk: support@example.com is the desk's own address, and no person's\n"),
        ("carol", 'maildesk: "carol" is no mail address; write one address, such as "support@example.com"\n'),
    ],
)
def test_who_is_no_person_here_is_told(maildesk: Call, verb: tuple[str, ...], address: str, told: str) -> None:
    assert maildesk("person", *verb, address) == (1, "", told)


def test_an_agent_is_let_go_before_he_is_erased(asked: Call) -> None:
    ended = asked("person", "erase", "--yes", "alice@example.com")
    assert (ended.code, "let the agent go first: maildesk agent remove alice@example.com" in ended.err) == (1, True)
    assert asked("agent", "remove", "alice@example.com").code == 0
    assert asked("person", "erase", "--yes", "alice@example.com").code == 0
    assert asked("person", "export", "alice@example.com").code == 1


def test_who_is_only_named_by_others_is_erased_too(asked: Call, folder: Path) -> None:
    asked("deliver", mail=mail(BOB, text="Please call nora.named@elsewhere.example."))
    ended = asked("person", "erase", "--yes", "nora.named@elsewhere.example")
    assert (ended.code, ": 0 tickets, 0 mails, 0 letters\n" in ended.out) == (0, True)
    assert b"nora.named" not in b"".join(path.read_bytes() for path in (folder / "state").iterdir() if path.is_file())
    texts = [each["text"] for each in asked("person", "export", "bob@acme.example").json["mails"]]
    assert texts[1].strip().startswith("Please call erased-")


def test_nothing_is_erased_unasked(asked: Call) -> None:
    ended = asked("person", "erase", "carol@acme.example")
    assert ended == (1, "", "maildesk: what is erased does not come back; say --yes to do it\n")
    assert asked("person", "export", "carol@acme.example").code == 0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_on_a_terminal_it_asks(
    asked: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(answer + "\n"))
    assert verbs.run(["--config", str(folder / "maildesk.conf"), "person", "erase", "carol@acme.example"]) == code
    assert asked("person", "export", "carol@acme.example").code == 1 - code


def test_erasing_tells_what_went_and_leaves_the_figures(asked: Call, folder: Path) -> None:
    before = [(row["id"], row["outcome"], row["ticket"]) for row in asked("ledger", "--json").json]
    waiting = asked("outbox", "list", "--json").json
    ended = asked("person", "erase", "--yes", "carol@acme.example")
    lines = ended.out.splitlines()
    assert ended.code == 0
    assert lines[0].startswith("carol@acme.example is erased, and called erased-")
    assert lines[0].endswith(": 1 ticket, 1 mail, 4 letters")
    assert sum("had not left and was dropped" in line for line in lines) == 4
    assert lines[-1] == "no byte of it is in the database any more"
    assert [(row["id"], row["outcome"], row["ticket"]) for row in asked("ledger", "--json").json] == before
    kept = {row["id"] for row in asked("outbox", "list", "--json").json}
    assert kept == {row["id"] for row in waiting if row["ticket"] != before[0][2]}
    octets = b"".join(path.read_bytes() for path in (folder / "state").iterdir() if path.is_file()).lower()
    for canary in (b"carol", b"heliotrope", b"zeppelin"):
        assert canary not in octets


def test_a_second_call_finishes_what_the_first_could_not(asked: Call, folder: Path) -> None:
    assert asked("person", "erase", "--yes", "carol@acme.example").code == 0
    again = asked("person", "erase", "--yes", "carol@acme.example")
    assert (again.code, again.err) == (1, "maildesk: nothing is kept of carol@acme.example\n")
    with closing(Store.open("sqlite:///maildesk.db", folder / "state")) as store, store.atomic():
        want_scrub(store)
    last = asked("person", "erase", "--yes", "carol@acme.example")
    assert (last.code, last.out) == (0, "no byte of it is in the database any more\n")


def test_what_is_erased_is_told_as_such(asked: Call) -> None:
    row = asked("ledger", "--json").json[0]
    asked("person", "erase", "--yes", "carol@acme.example")
    ended = asked("message", "raw", str(row["id"]))
    assert (ended.code, "are not in the store" in ended.err) == (1, True)
    shown = asked("ticket", "show", row["ticket"])
    assert shown.code == 0
    assert "(erased)" in shown.out
    assert "Carol" not in shown.out
