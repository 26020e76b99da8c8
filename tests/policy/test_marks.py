"""What an answer to the survey says: listed reasons among its words."""

from __future__ import annotations

import time

import pytest

from maildesk.policy.marks import mark_of, reasons_in, together

LISTED = ("slow", "slow and unfriendly", "Not solved")


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("slow", ("slow",)),
        ("Not  solved.", ("Not solved",)),
        ("slow, not solved", ("slow", "Not solved")),
        ("slow and unfriendly", ("slow", "slow and unfriendly")),
        ("* slow\n* not solved\nand nobody called", ("slow", "Not solved")),
        ("not solved since Monday", ("Not solved",)),
        ("slowly but well", ()),
        ("it was not slow", ()),
        ("", ()),
    ],
)
def test_reasons_stand_first_or_by_themselves(comment: str, found: tuple[str, ...]) -> None:
    assert reasons_in(comment, LISTED) == found


def test_comments_to_the_same_mark_add_up() -> None:
    assert together("", "slow") == "slow"
    assert together("three weeks", "slow") == "three weeks\nslow"
    assert together("slow, and more", "slow") == "slow, and more"


@pytest.mark.parametrize("piece", ["1. ", "no, ", " ", ",", "slow and ", "1\n", "- "])
def test_hostile_answers_take_no_time(piece: str) -> None:
    began = time.monotonic()
    mark_of("1 " + piece * 100_000)
    mark_of(piece * 100_000)
    reasons_in(piece * 100_000, LISTED)
    assert time.monotonic() - began < 3
