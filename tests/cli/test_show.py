"""What reaches a terminal: text, and nothing that acts on it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.cli import show


@given(st.text())
def test_no_shown_text_holds_control_or_reordering_characters(text: str) -> None:
    assert not show.HOSTILE.search(show.clean(text))
    assert "\n" not in show.cell(text)


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_the_same_after_its_escapes(value: dict[str, str]) -> None:
    shown = show.as_json(value)
    assert json.loads(shown) == value
    assert not show.HOSTILE.search(shown)


def test_columns_are_aligned_by_their_width_on_a_terminal(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    show.table((("a", "A"), ("b", "B")), [{"a": "東京", "b": 1}, {"a": "x\ny", "b": None}])
    assert capsysbinary.readouterr().out.decode() == "A     B\n東京  1\nx y\n"


def test_an_empty_table_says_so(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    show.table((("a", "A"),), [], empty="no mail is held")
    assert capsysbinary.readouterr().out == b"no mail is held\n"


def test_a_terminal_gets_a_table_with_rules(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "maildesk", "template", "list"]
    environment = {name: value for name, value in os.environ.items() if name != "MAILDESK_CONFIG"} | {"COLUMNS": "90"}
    with subprocess.Popen(words, stdout=theirs, cwd=tmp_path, env=environment) as running:
        os.close(theirs)
        shown = b"".join(iter(lambda: read(ours), b"")).decode()
    os.close(ours)
    assert running.returncode == 0
    assert "─" * 20 in shown
    assert "acknowledgement" in shown


def test_a_narrow_terminal_keeps_what_names_a_row() -> None:
    least = {"TICKET": 8, "STATUS": 7, "SEV": 3, "QUEUE": 9, "ORGANISATION": 12, "OPENED": 17, "SUBJECT": 16}
    assert show.fitting(least, 200) == list(least)
    assert show.fitting(least, 80) == [each for each in least if each != "ORGANISATION"]
    assert show.fitting(least, 20) == ["TICKET", "STATUS", "SEV", "SUBJECT"]


def test_a_moment_in_a_sentence_is_told_to_the_minute() -> None:
    assert show.minutes("hold until 2026-12-21T23:07:33.782412Z, then") == "hold until 2026-12-21 23:07Z, then"


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says EIO when the other side has gone
        return b""
