"""Tables of phrases: what a letter at their beginning stands for."""

from __future__ import annotations

import re
import string
import sys

import pytest

from maildesk.mime.phrases import alternatives, any_of, begins_with


@pytest.fixture(scope="module")
def every() -> str:
    return "\n".join(map(chr, range(sys.maxunicode + 1)))


@pytest.mark.parametrize("letter", string.ascii_lowercase)
def test_a_phrase_takes_the_letters_that_re_takes_without_regard_to_case(letter: str, every: str) -> None:
    table, plain = any_of(letter), re.compile(letter, re.IGNORECASE)
    assert table.findall(every) == plain.findall(every) != []


def test_phrases_of_several_lines_and_groups_are_alternatives() -> None:
    found = any_of("mail (?:delivery|system)|s?top\nécole|a\\|b")
    said = ["MAIL Delivery", "mail system", "TOP", "stop", "ÉCOLE", "A|B", "mail", "cole"]
    assert [bool(found.fullmatch(each)) for each in said] == [True] * 6 + [False] * 2


def test_a_line_begins_with_a_phrase_behind_marks() -> None:
    assert begins_with("returned").match("> * Returned mail")
    assert not begins_with("returned").match("was returned")
    assert begins_with("été").match("ÉTÉ")


def test_phrases_of_one_letter_stand_together_and_bars_within_them_part_nothing() -> None:
    assert alternatives("été|x").count("(?:") == 3
    found = any_of("mail (?:box|list\nman)|ma[(\\])]t|post|m\\|n|map?|e")
    said = ["Mail box", "MAIL MAN", "ma)t", "POST", "m|n", "map", "m", "e"]
    assert [bool(found.fullmatch(each)) for each in said] == [True] * 6 + [False, True]
