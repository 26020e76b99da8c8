"""The contract's sentences about verbs: their exit codes, and what they tell beforehand."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import CAROL, DAVE, mail
from tests.cli.conftest import Call


@pytest.fixture
def stranger_key(busy: Call, folder: Path) -> None:
    """Another key lies where the store's was."""
    (folder / "state" / "key").write_text("ab" * 32 + "\n")


@pytest.mark.usefixtures("stranger_key")
@pytest.mark.parametrize("words", [("ledger",), ("check",), ("run",), ("ticket", "list"), ("outbox", "retry")])
def test_a_process_with_another_key_exits_78(maildesk: Call, words: tuple[str, ...]) -> None:
    ended = maildesk(*words)
    assert ended.code == 78
    assert "key" in ended.out + ended.err


def thread() -> list[bytes]:
    first = mail(CAROL, message_id="<first@acme.example>")
    answer = mail(CAROL, subject="Re: The export fails", headers={"In-Reply-To": "<first@acme.example>"})
    return [first, answer, first, mail(DAVE), mail("x@elsewhere.example")]


@pytest.mark.parametrize("answer", [(), ("--answer",)])
def test_a_dry_run_of_import_says_what_each_mail_would_do(
    maildesk: Call, tmp_path: Path, answer: tuple[str, ...]
) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for number, content in enumerate(thread()):
        (old / f"{number}.eml").write_bytes(content)
    told = maildesk("import", "--dry-run", "--json", *answer, old).json
    assert [row["outcome"] for row in told] == ["ticket", "message", "duplicate", "held", "refused"]
    assert maildesk("ledger", "--json").json == []
    assert maildesk("outbox", "list", "--json").json == []
    done = maildesk("import", "--json", *answer, old).json
    assert [(row["outcome"], row["ticket"]) for row in done] == [(row["outcome"], row["ticket"]) for row in told]
    assert [row["reason"].split()[0] for row in done] == [row["reason"].split()[0] for row in told]


def test_a_held_mail_is_due_as_retention(maildesk: Call) -> None:
    maildesk("deliver", mail=mail(DAVE))
    [row] = maildesk("due", "--json").json
    assert (row["ticket"], row["what"]) == (None, "retention")
    assert "retention" in maildesk("due").out


def test_a_ticket_is_shown_whose_letter_cannot_be_written(maildesk: Call, folder: Path) -> None:
    maildesk("deliver", mail=mail(CAROL))
    [database] = (folder / "state").glob("*.db")
    with closing(sqlite3.connect(database)) as store, store:
        store.execute("UPDATE letter SET unwritten = '{}'")
    shown = maildesk("ticket", "show", "EX-10001", "--json").json
    messages = shown["messages"]
    assert [each["direction"] for each in messages] == ["in", "out"]
    ended = maildesk("message", "raw", str(messages[1]["id"]))
    assert (ended.code, ended.out) == (1, "")
    assert "cannot be written; see: maildesk outbox list" in ended.err
