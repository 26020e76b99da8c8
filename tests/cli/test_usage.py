"""Words that a verb does not know: one sentence, with the nearest right one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("stauts",), "there is no verb stauts; did you mean status?"),
        (("tickets", "list"), "there is no verb tickets; did you mean ticket?"),
        (("xyzzy",), "there is no verb xyzzy; see: maildesk --help"),
        (("ticket", "lst"), "there is no verb lst; did you mean list?"),
        (("ticket", "list", "--statu", "open"), "there is no option --statu; did you mean --status?"),
        (("--config", "status"), "a verb is missing; see: maildesk --help"),
        (("ticket", "show"), "missing argument 'REF...'; see: maildesk ticket show --help"),
    ],
)
def test_an_unknown_word_is_answered_with_the_right_one(call: Call, words: tuple[str, ...], sentence: str) -> None:
    assert call(*words) == (2, "", f"maildesk: {sentence}\n")


def test_a_wrong_moment_names_its_option(call: Call) -> None:
    assert "--at: 'tomorrow' is no moment; write it as 2026-" in call("due", "--at", "tomorrow", "--run").err


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
@pytest.mark.parametrize(
    "words", [("due", "--at"), ("ledger", "--since"), ("report", "--since"), ("report", "--until")]
)
def test_a_moment_outside_the_years_that_there_are_is_a_sentence(
    call: Call, folder: Path, words: tuple[str, ...], moment: str
) -> None:
    ended = call("--config", folder / "maildesk.conf", *words, moment)
    assert (ended.code, f"{words[-1]}: '{moment}' is no " in ended.err) == (2, True), ended.err


def test_a_folder_that_cannot_be_made_is_a_sentence(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = call("init", tmp_path / "file" / "desk")
    assert (ended.code, ended.err) == (1, f"maildesk: {tmp_path}/file/desk: not a directory\n")


def test_a_missing_configuration_begins_with_our_name_and_a_line_of_a_file_with_its_place(
    call: Call, tmp_path: Path
) -> None:
    missing = call("--config", tmp_path / "none.conf", "status")
    assert (missing.code, missing.err.startswith("maildesk: ")) == (78, True)
    (tmp_path / "bad.conf").write_text("[desk]\nnaem = 1\n")
    assert "\nbad.conf:2: desk.naem: unknown key" in call("--config", tmp_path / "bad.conf", "status").err


BROKEN = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "maildesk.cli.status":
            raise {error}
sys.meta_path.insert(0, Missing())
from maildesk.cli import main
main(["status"])
"""


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (
            "PermissionError(13, 'Permission denied', '/x.py')",
            77,
            "/x.py: permission denied; run as its owner, or as root",
        ),
        ("KeyboardInterrupt", 1, "stopped"),
    ],
)
def test_a_verb_that_cannot_even_be_read_ends_with_a_sentence_too(error: str, code: int, told: str) -> None:
    command = [sys.executable, "-c", BROKEN.format(error=error)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (code, f"maildesk: {told}")
