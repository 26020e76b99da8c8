"""inspect needs no configuration, one object a line, whatever the bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
