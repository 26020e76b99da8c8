"""What the tables of notices cost at most: so many lines, so many characters, and no more than their length."""

from __future__ import annotations

import time

import pytest

from maildesk.mime import bounces_prose, bounces_texts, bounces_words, robots_words

LINES = {
    "half an address": "a" * 64 + "@",
    "marks": '<"[',
    "words of a notice": "your message ",
    "words for a recipient": "recipient address: ",
    "codes": "5.1.1 ",
    "words of absence": "bin ich i am ",
    "spaces": " ",
    "dashes": "-",
}
TABLES = {
    "failures": bounces_texts.FAILURE.search,
    "delays": bounces_texts.DELAY.search,
    "notices": bounces_texts.NOTICE.match,
    "subjects": bounces_words.FORMAL.match,
    "machines": bounces_words.OFFICE.search,
    "absence": robots_words.SAYS_AWAY.search,
    "receipts": robots_words.SAYS_READ.search,
}


def test_only_the_beginning_of_a_long_notice_is_looked_at() -> None:
    lines = bounces_prose.above_returned("x" * 5_000 + "\n" + "y\n" * 100_000)
    assert (len(lines), max(map(len, lines))) == (400, 600)


def took(table: str, line: str) -> float:
    """The best of some runs, so that a busy machine does not count."""
    best = 1.0
    for _ in range(3):
        began = time.process_time()
        TABLES[table](line)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
@pytest.mark.parametrize("table", TABLES)
def test_a_line_of_twice_the_length_takes_no_more_than_that(table: str, line: str) -> None:
    single, double = ((line * 2_000)[:length] for length in (600, 1_200))
    assert took(table, double) < 3.5 * took(table, single) + 0.002
