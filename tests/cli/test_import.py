"""import: mbox, Maildir, .eml; explain before it."""

import mailbox
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from maildesk.cli.imports import Mail, _explained, found_in, split_mbox
from maildesk.cli.rehearsal import no_room, rehearsal
from maildesk.config import load
from maildesk.store.database import Store
from maildesk.words import Envelope
from tests.builders import DIRECTORY, START, configuration, mail
from tests.cli.conftest import Call


def test_an_mbox_is_cut_where_the_standard_library_cuts_it(tmp_path: Path) -> None:
    texts = ["one\n\nFrom me to you\n", "two\n>From a quote\n\n", "three"]
    box = mailbox.mbox(tmp_path / "old.mbox")
    for number, text in enumerate(texts):
        box.add(f"From: a@example.com\nSubject: {number}\n\n{text}")
    box.close()
    found = list(found_in(tmp_path / "old.mbox"))
    assert [place for place, _ in found] == [f"{tmp_path / 'old.mbox'}:{number}" for number in (1, 2, 3)]
    bodies = [raw.partition(b"\n\n")[2] for _, raw in found]
    assert bodies[0] == b"one\n\nFrom me to you\n"
    assert bodies[2].strip() == b"three"


def test_a_maildir_and_a_folder_of_eml_files_are_found(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
        (tmp_path / "Maildir" / part / f"1.{part}").write_bytes(mail())
    assert [Path(place).name for place, _ in found_in(tmp_path / "Maildir")] == ["1.cur", "1.new"]
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.eml").write_bytes(mail())
    (tmp_path / "old" / "notes.txt").write_bytes(b"no mail")
    assert [Path(place).name for place, _ in found_in(tmp_path / "old")] == ["b.eml"]


@pytest.mark.parametrize(
    ("text", "count"), [(b"", 0), (b"no from line\n", 0), (b"From a@b Thu Jan  1 00:00:00 1970\n", 1)]
)
def test_an_mbox_with_little_in_it(text: bytes, count: int) -> None:
    assert len(list(split_mbox(text.splitlines(keepends=True)))) == count


def test_an_import_sends_no_letters_and_can_be_run_again(maildesk: Call, tmp_path: Path) -> None:
    files = tmp_path / "old"
    files.mkdir()
    for number in range(3):
        (files / f"{number}.eml").write_bytes(mail(subject=f"Question {number}", message_id=f"<{number}@acme.example>"))
    first = maildesk("import", files)
    assert (first.code, first.out) == (0, "3 mails: 3 ticket\n")
    assert maildesk("import", files).out == "3 mails: 3 duplicate\n"
    assert maildesk("outbox", "list", "--all", "--json").json == []


def test_a_dry_run_tells_and_writes_nothing(maildesk: Call, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    ended = maildesk("import", tmp_path / "m.eml", "--dry-run")
    assert "m.eml: ticket" in ended.out
    assert maildesk("ledger", "--json").json == []


def test_with_answer_the_desk_answers(maildesk: Call, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    assert maildesk("import", "--answer", tmp_path / "m.eml").code == 0
    letters = {row["letter"] for row in maildesk("outbox", "list", "--json").json}
    assert letters == {"acknowledgement", "agent_ticket"}


def test_explain_on_a_desk_that_has_no_store_yet_makes_none(call: Call, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    ended = call("--config", folder / "maildesk.conf", "explain", mail=mail())
    assert (ended.code, ended.err) == (0, "")
    assert "stranger" in ended.out
    assert sorted(folder.rglob("*")) == before


def test_explain_tells_rule_by_rule_and_writes_nothing(maildesk: Call) -> None:
    ended = maildesk("explain", mail=mail())
    assert ended.code == 0
    assert "contact Carol Jones of Acme" in ended.out
    assert "outcome ticket" in ended.out
    told = maildesk("explain", "--json", mail=mail(sender="Sam <sam@elsewhere.example>")).json
    assert told["outcome"] == "refused"
    assert told["rules"]
    assert any("redirect" in decision for decision in told["decisions"])
    assert maildesk("ledger", "--json").json == []


def test_a_dry_run_keeps_nobody_from_writing(maildesk: Call, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    maildesk("import", tmp_path / "m.eml")
    config = load(tmp_path / "maildesk.conf")
    with click.Context(click.Command("import"), obj=str(config.path)), rehearsal() as desk:
        desk.receive(mail(), Envelope("import", START, queue="technical")).result(30)
        writer = Store.open(config.store.url, config.desk.state_dir, patience=0.2)
        with writer.atomic():
            assert writer.one("SELECT COUNT(*) FROM mail") == (1,)
        writer.close()


def test_a_copy_that_a_killed_dry_run_left_is_taken_away_and_a_living_ones_stays(
    maildesk: Call, tmp_path: Path
) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, living = (tmp_path / "state" / f"rehearsal-{pid}-x" for pid in (dead.pid, os.getppid()))
    for folder in (left, living):
        folder.mkdir()
        (folder / "maildesk.db").write_text("everybody's mail")
    assert maildesk("import", tmp_path / "m.eml", "--dry-run").code == 0
    assert [each.name for each in (tmp_path / "state").glob("rehearsal-*")] == [living.name]


def test_a_copy_leaves_the_desk_room_for_its_mail() -> None:
    assert no_room(100 << 20, 200 << 20) == ""
    assert "takes 301 MB and must leave 64 MB; 300 MB are free" in no_room(300 << 20, 300 << 20)


def test_a_dry_run_with_answers_on_postgresql_keeps_nobody_from_writing(
    call: Call, empty_postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "maildesk.conf").write_text(configuration(url=empty_postgres_url))
    (tmp_path / "directory.toml").write_text(DIRECTORY)
    here = ("--config", str(tmp_path / "maildesk.conf"))
    assert call(*here, "directory", "apply", tmp_path / "directory.toml").code == 0
    live = mail(sender="Gil Glow <gil@globex.example>")

    def mails() -> Iterator[Mail]:
        yield "old", mail()
        deliver = [sys.executable, "-m", "maildesk", *here, "deliver"]
        subprocess.run(deliver, input=live, check=True, timeout=15)

    with click.Context(click.Command("import"), obj=str(tmp_path / "maildesk.conf")), rehearsal() as desk:
        (told,) = _explained(desk, mails())
    assert told["outcome"] == "ticket"
    assert [row["outcome"] for row in call(*here, "ledger", "--json").json] == ["ticket"]
