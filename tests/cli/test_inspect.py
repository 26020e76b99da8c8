"""inspect needs no configuration, one object a line, whatever the bytes."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from maildesk.cli.crew import Crew
from maildesk.cli.inspection import FEW
from tests.builders import mail
from tests.cli.conftest import Call

KEYS = [
    "file", "message_id", "from", "to", "cc", "reply_to", "subject", "date", "in_reply_to", "references", "text",
    "reply_text", "has_html", "attachments", "automatic", "bounce", "problems",
]  # fmt: skip


def test_each_file_gives_one_object_on_one_line(call: Call, tmp_path: Path) -> None:
    for name in ("a.eml", "b.eml"):
        (tmp_path / name).write_bytes(mail(subject=f"from {name}", attachments=[("x.pdf", b"%PDF", "application/pdf")]))
    ended = call("inspect", "--json", tmp_path / "a.eml", tmp_path / "b.eml")
    first, second = (json.loads(line) for line in ended.out.splitlines())
    assert ended.code == 0
    assert list(first) == KEYS
    assert first["file"] == str(tmp_path / "a.eml")
    assert first["from"] == {"name": "Carol Jones", "address": "carol@acme.example"}
    assert first["attachments"] == [{"name": "x.pdf", "type": "application/pdf", "size": 4, "inline": False}]
    assert second["subject"] == "from b.eml"


ODD = (
    b"",
    b"\0" * 100,
    os.urandom(4096),
    b"From: =?utf-8?q?=FF?=\n\n\x1b[2J\xe2\x80\xae",
    b":" * 9999,
)


@pytest.mark.parametrize("raw", ODD, ids=range(len(ODD)))
def test_it_never_fails_on_any_bytes(call: Call, tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "odd\udcff.eml"
    file.write_bytes(raw)
    ended = call("inspect", file, "--json")
    assert ended.code == 0
    (line,) = ended.out.splitlines()
    assert list(json.loads(line)) == KEYS
    assert call("inspect", file).code == 0


def test_a_mail_cannot_drive_the_terminal(call: Call, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(b"From: a@example.com\nSubject: x\n\nred \x1b[31m \xc2\x9b31m \xe2\x80\xae end\n")
    for words in (("inspect", tmp_path / "m.eml"), ("inspect", "--json", tmp_path / "m.eml")):
        shown = call(*words).out
        assert not any(mark in shown for mark in "\x1b\x9b\u202e")


def test_a_file_that_is_not_there_does_not_stop_the_others(call: Call, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    ended = call("inspect", "--json", tmp_path / "none.eml", tmp_path / "m.eml")
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 1
    assert "no such file" in ended.err


def test_it_imports_the_reading_of_mail_alone() -> None:
    program = (
        "import sys\nfrom maildesk.cli.verbs import run\nrun(['inspect', '-'])\n"
        "sys.exit(any(m in sys.modules for m in ('peewee', 'pydantic', 'jinja2', 'rich', 'maildesk.store')))"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=mail(), capture_output=True, check=False)
    assert ended.returncode == 0


MANY = 3 * FEW


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of more mails than are read in one process."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"{number:03}.eml").write_bytes(mail(subject=f"mail {number}"))
    return folder


def test_many_files_are_read_by_all_cores_and_shown_in_their_order(call: Call, many: Path) -> None:
    ended = call("inspect", "--json", *sorted(many.iterdir()))
    assert ended.code == 0
    assert [json.loads(line)["subject"] for line in ended.out.splitlines()] == [f"mail {n}" for n in range(MANY)]


def test_many_processes_say_what_one_says(call: Call, many: Path, tmp_path: Path) -> None:
    for number, raw in enumerate(ODD):
        (many / f"odd{number}.eml").write_bytes(raw)
    files = sorted(many.iterdir())
    for form in (["--json"], []):
        one = [call("inspect", *form, *files[at : at + 10]).out for at in range(0, len(files), 10)]
        gap = "" if form else "\n"
        assert call("inspect", *form, *files).out == gap.join(one)


def test_names_of_files_come_on_stdin(call: Call, many: Path, tmp_path: Path) -> None:
    names = sorted(many.iterdir())
    strange = tmp_path / "str\udcffange.eml"
    strange.write_bytes(mail(subject="strange"))
    listed = b"\n".join(os.fsencode(name) for name in (*names, strange))
    ended = call("inspect", "--json", "--list", mail=listed)
    subjects = [json.loads(line)["subject"] for line in ended.out.splitlines()]
    assert (ended.code, len(subjects), subjects[-1]) == (0, MANY + 1, "strange")


def test_a_folder_is_all_its_mails_and_a_maildir_its_cur_and_new(call: Call, many: Path, tmp_path: Path) -> None:
    assert len(call("inspect", "--json", many).out.splitlines()) == MANY
    for part in ("cur", "new", "tmp"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
        (tmp_path / "Maildir" / part / "1.host").write_bytes(mail(subject=part))
    told = [json.loads(line) for line in call("inspect", "--json", tmp_path / "Maildir").out.splitlines()]
    assert [each["subject"] for each in told] == ["cur", "new"]


def test_a_folder_without_mails_is_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = call("inspect", "--json", tmp_path / "empty")
    assert (ended.code, ended.out) == (1, "")
    assert "no mails in this folder" in ended.err


def test_among_many_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(call: Call, many: Path) -> None:
    files = sorted(many.iterdir())
    ended = call("inspect", "--json", *files[:40], many / "gone.eml", *files[40:])
    assert ended.code == 1
    assert len(ended.out.splitlines()) == MANY
    assert ended.err.count("\n") == 1
    assert "gone.eml: no such file" in ended.err


def test_a_mail_that_ends_its_process_is_shown_as_unreadable_and_the_rest_goes_on(many: Path) -> None:
    files = [str(file) for file in sorted(many.iterdir())]
    with Crew(as_json=True) as crew:
        shown = crew.shows(iter(files))
        next(shown)
        for child in set(crew._children):
            child.kill()
        told = [json.loads(text) for text, _ in shown]
    assert [each["file"] for each in told] == files[1:]
    lost = [each for each in told if each["problems"]]
    assert len(lost) <= crew.count
    assert all("ended its process" in each["problems"][0] for each in lost)


def test_what_is_read_is_shown_while_names_still_come(tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(mail())
    command = [sys.executable, "-m", "maildesk", "inspect", "--json", "--list"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        for _ in range(300):
            running.stdin.write(os.fsencode(tmp_path / "m.eml") + b"\n")
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["subject"] == "The export fails"
        running.stdin.close()
        assert sum(1 for _ in running.stdout) == 299


def test_without_a_file_or_with_both_ways_to_name_them_it_is_wrong_usage(call: Call) -> None:
    assert call("inspect").code == 2
    assert call("inspect", "--list", "mail.eml").code == 2


def on_a_terminal(*words: str | Path, stdout: int | None) -> tuple[str, str]:
    """What comes on a terminal that is stderr, and stdout too unless that is given another place."""
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "maildesk", *map(str, words)]
    surroundings = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=theirs if stdout is None else stdout, stderr=theirs, env=surroundings) as run:
        os.close(theirs)
        seen, out = b"", b""
        while select.select([mine], [], [], 20)[0]:
            try:
                piece = os.read(mine, 65536)
            except OSError:  # the other end is closed
                break
            seen += piece
        if run.stdout:
            out = run.stdout.read()
    os.close(mine)
    return seen.decode(), out.decode()


def test_on_a_terminal_a_bar_tells_how_far_it_is(many: Path) -> None:
    seen, out = on_a_terminal("inspect", "--json", many, stdout=subprocess.PIPE)
    assert f"{MANY}/{MANY}" in seen
    assert len([json.loads(line) for line in out.splitlines()]) == MANY


def test_bar_and_lines_share_a_terminal(many: Path) -> None:
    seen, _ = on_a_terminal("inspect", "--json", many, stdout=None)
    assert f"{MANY}/{MANY}" in seen
    assert seen.count('"subject": "mail ') == MANY


def test_a_few_files_or_a_pipe_get_no_bar(call: Call, many: Path) -> None:
    seen, _ = on_a_terminal("inspect", "--json", next(many.iterdir()), stdout=subprocess.PIPE)
    assert seen == ""
    assert call("inspect", "--json", many).err == ""
