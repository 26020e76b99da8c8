"""A small share of what the fuzz target does; `python -m tests.fuzz.mails --count N` does as much as one likes."""

from __future__ import annotations

import pytest

from tests.fuzz import mails

EXECUTIONS = 1_000  # a seed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mail_changed_at_random_is_read(seed: int) -> None:
    assert mails.run(EXECUTIONS, seed) == []


def test_seeds_as_they_are_are_read() -> None:
    assert [mails.wrong(raw) for raw in mails.seeds()] == [""] * len(mails.seeds())
