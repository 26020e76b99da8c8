"""Letters that an earlier version left unwritten are written by this one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maildesk.letters.preview import NO_DESK
from maildesk.letters.render import Letters
from maildesk.letters.samples import SAMPLES
from maildesk.words import Order
from tests.letters.goldens import desk

# One order of each letter, as 0.1 left them. Never made anew: what a later version adds to a context, its
# templates take as optional.
LEFT_BY_0_1 = (Path(__file__).parent / "orders_0_1.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("text", LEFT_BY_0_1, ids=[json.loads(line)["name"] for line in LEFT_BY_0_1])
def test_an_order_of_an_earlier_version_becomes_a_letter(text: str, language: str) -> None:
    told = json.loads(text) | {"language": language}
    [written] = Letters(desk(), [NO_DESK]).written([Order(9, told["name"], json.dumps(told))])
    assert written.error == ""


def test_each_of_the_letters_of_that_version_is_among_them() -> None:
    assert {json.loads(line)["name"] for line in LEFT_BY_0_1} <= set(SAMPLES)
    assert len(LEFT_BY_0_1) == 14
