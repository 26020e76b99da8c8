"""What reaches a terminal: text, and nothing that acts on it."""

import json

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
