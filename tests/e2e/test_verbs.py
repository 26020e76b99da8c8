"""Verbs beside a running daemon: what they commit it sends; deliver knows two ends only, import is silent."""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import ALICE, CAROL, STRANGER, mail
from tests.e2e.process import MAILDESK, NO_LIMITS, House, Process
from tests.e2e.sink import Sink


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> House:
    return House(tmp_path_factory.mktemp("verbs"), sink.port, NO_LIMITS)


@pytest.fixture(scope="module", autouse=True)
def desk(house: House) -> Iterator[Process]:
    with house.run() as process:
        yield process


def test_what_deliver_takes_the_daemon_answers_within_seconds(house: House, sink: Sink) -> None:
    raw = mail()
    assert house.verb("deliver", mail=raw).code == 0
    ended = time.monotonic()
    assert house.row(raw)["outcome"] == "ticket"
    ticket = house.row(raw)["ticket"]
    sink.wait(lambda letter: letter.name == "acknowledgement" and letter.message["X-Maildesk-Ticket"] == ticket)
    assert time.monotonic() - ended < 3
    assert house.verb("deliver", mail=mail(STRANGER)).code == 0, "kept, whatever the outcome"
    sink.letter("redirect", STRANGER)


def test_whatever_hinders_deliver_is_75(house: House, tmp_path: Path) -> None:
    bad = tmp_path / "maildesk.conf"
    bad.write_text(house.file.read_text().replace("[desk]", "[dsk]"))
    kept = tmp_path / "kept.eml"
    kept.write_bytes(mail())
    assert deliver(house.file, "<&-") == 75, "stdin is closed"
    assert deliver(house.file, f'0>"{tmp_path}/out"') == 75, "stdin cannot be read"
    assert deliver(house.file, "</dev/null >&- 2>&-") == 75, "there is nobody to tell it to"
    assert deliver(bad, f'<"{kept}"') == 75, "the configuration is wrong"
    assert deliver(house.file, f'<"{kept}" >&- 2>&-') == 0, "nothing hinders it"


def deliver(configuration: Path, redirection: str) -> int:
    line = f'"{MAILDESK}" --config "{configuration}" deliver {redirection}'
    ended = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert b"Traceback" not in ended.stderr
    return ended.returncode


def test_import_is_silent_unless_told_to_answer_and_a_dry_run_writes_nothing(
    house: House, sink: Sink, tmp_path: Path
) -> None:
    first, second, third, answered = (mail(subject=f"Old {number}") for number in range(4))
    mbox = tmp_path / "old.mbox"
    mbox.write_bytes(b"".join(b"From carol Mon Mar  2 09:00:00 2026\n" + raw + b"\n" for raw in (first, second)))
    maildir = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True)
    (maildir / "new" / "1.mail").write_bytes(third)
    eml = tmp_path / "one.eml"
    eml.write_bytes(answered)
    letters, rows = len(house.outbox()), len(house.rows())

    told = house.verb("import", "--dry-run", "--json", mbox, maildir, eml).json
    assert [each["outcome"] for each in told] == ["ticket"] * 4
    assert (len(house.outbox()), len(house.rows())) == (letters, rows)

    told = house.verb("import", "--json", mbox, maildir).json
    assert [each["outcome"] for each in told] == ["ticket"] * 3
    assert (len(house.outbox()), len(house.rows())) == (letters, rows + 3)
    row = house.row(third)
    assert row["sha256"] == hashlib.sha256(third).hexdigest()

    before = len(sink.letters)
    assert house.verb("import", "--answer", eml, mbox).code == 0
    sink.letter("acknowledgement", CAROL, after=before)
    sink.letter("agent_ticket", ALICE, after=before)
    house.all_sent()
    assert len(sink.letters) == before + 2, "what was imported before is a duplicate, and stays unanswered"
