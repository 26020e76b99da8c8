"""Letters written by a scribe: the same as those written here, and there whatever becomes of the scribe."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maildesk.config import Config
from maildesk.desk.child import Child
from maildesk.desk.dictation import MEMORY, SCRIBE, Dictation, LetterError
from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters
from maildesk.letters.samples import SAMPLE_NOW, SAMPLES
from maildesk.words import Letter
from tests.letters.goldens import desk

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
OVERRIDDEN = '"Example Support"\ntemplates = "mine"'


def scribe(memory: int = MEMORY, deadline: float = 30, patience: float = 60) -> Child:
    return Child(SCRIBE, "writing", memory, deadline, patience)


class Told:
    """A journal."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def scribe_replaced(self, *, reason: str) -> None:
        self.reasons.append(reason)


class Started:
    """Starts scribes and remembers them."""

    def __init__(self, start: Callable[[], Child] = scribe) -> None:
        self.children: list[Child] = []
        self._start = start

    def __call__(self) -> Child:
        self.children.append(self._start())
        return self.children[-1]

    def kill(self) -> None:
        os.kill(self.children[-1].pid, signal.SIGKILL)


@contextmanager
def dictation(
    config: Config, start: Callable[[], Child] = scribe, told: Told | None = None
) -> Iterator[tuple[Dictation, list[str]]]:
    alarms: list[str] = []
    dictated = Dictation(config, (NO_DESK,), alarms.append, told, start)
    try:
        yield dictated, alarms
    finally:
        dictated.end()


@pytest.fixture
def overridden(tmp_path: Path) -> Config:
    """`solved` has an override."""
    override(tmp_path, "the desk's own")
    return desk(folder=tmp_path, name=OVERRIDDEN)


def override(folder: Path, text: str) -> None:
    (folder / "mine" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "mine" / "en" / "solved.txt").write_text(f"Subject: A\n{text}\n", encoding="utf-8")


def solved(config: Config, **changes: Any) -> Letter:
    return replace(sample(config, "solved", "en"), **changes)


def written_here(config: Config, *letters: tuple[Letter, int]) -> list[Any]:
    """As the outbox keeps them: without what only previews show."""
    return [Letters(config, [NO_DESK]).render(*each, SAMPLE_NOW)._replace(html="") for each in letters]


def test_a_dictated_letter_is_the_one_that_would_be_written_here() -> None:
    config = desk()
    letters = [(sample(config, name, language), at) for name in SAMPLES for at, language in enumerate(("en", "de"))]
    with dictation(config) as (dictated, alarms):
        assert dictated.order(letters, SAMPLE_NOW)() == written_here(config, *letters)
    assert alarms == []


def test_orders_are_answered_whenever_they_are_asked_for() -> None:
    config = desk()
    letters = [(solved(config, subject=f"Matter {at}"), at) for at in range(3)]
    with dictation(config) as (dictated, _):
        orders = [dictated.order([each], SAMPLE_NOW) for each in letters]
        for order, letter in list(zip(orders, letters, strict=True))[::-1]:
            assert order() == written_here(config, letter)


def test_more_can_be_dictated_than_the_pipes_hold() -> None:
    config = desk()
    long = [(sample(config, "reply", "en"), at) for at in range(40)]
    long = [(replace(each, context={**each.context, "text": "a line of it\n" * 10_000}), at) for each, at in long]
    with dictation(config) as (dictated, _):
        orders = [dictated.order([each], SAMPLE_NOW) for each in long]
        assert [order()[0].message_id for order in orders] == [each.message_id for each in written_here(config, *long)]


def test_what_was_undone_is_asked_for_by_nobody_and_holds_up_nobody() -> None:
    config = desk()
    with dictation(config) as (dictated, _):
        dictated.order([(solved(config), 1)], SAMPLE_NOW)
        assert dictated.order([(solved(config), 2)], SAMPLE_NOW)() == written_here(config, (solved(config), 2))


def test_a_letter_that_cannot_be_written_fails_its_own_order_alone() -> None:
    config = desk()
    with dictation(config) as (dictated, alarms):
        wrong = dictated.order([(solved(config, name="nonesuch"), 1)], SAMPLE_NOW)
        right = dictated.order([(solved(config), 2)], SAMPLE_NOW)
        with pytest.raises(LetterError, match="KeyError: 'nonesuch'"):
            wrong()
        assert right() == written_here(config, (solved(config), 2))
    assert alarms == []


def test_a_scribe_that_dies_costs_no_letter(overridden: Config) -> None:
    start, told = Started(), Told()
    plain = sample(overridden, "closed", "en")
    with dictation(overridden, start, told) as (dictated, alarms):
        assert "the desk's own" in dictated.order([(solved(overridden), 1)], SAMPLE_NOW)()[0].text
        start.kill()
        orders = [dictated.order([(each, 2)], SAMPLE_NOW) for each in (plain, solved(overridden))]
        assert [order()[0].text for order in orders] == [
            each.text for each in written_here(overridden, (plain, 2), (solved(overridden), 2))
        ]
    assert len(start.children) == 2
    assert told.reasons == ["writing ended its process with -9"]
    assert len(alarms) == 1
    assert alarms[0].startswith("closed: writing ended its process with -9")


def test_an_override_without_an_end_is_replaced_by_the_shipped_letter_until_a_reload(
    overridden: Config, tmp_path: Path
) -> None:
    override(tmp_path, ENDLESS)
    start = Started(lambda: scribe(deadline=1))
    with dictation(overridden, start) as (dictated, alarms):
        for serial in (1, 2):
            assert "marked EX-10427" in dictated.order([(solved(overridden), serial)], SAMPLE_NOW)()[0].text
    assert len(start.children) == 1, "it is not tried again"
    assert len(alarms) == 1
    assert "solved: writing took longer than 1 s; the shipped letter is used" in alarms[0]


def test_a_scribe_that_says_nothing_any_more_is_waited_for_so_long_and_costs_no_letter() -> None:
    config, start, told = desk(), Started(lambda: scribe(patience=2)), Told()
    with dictation(config, start, told) as (dictated, _):
        dictated.order([(solved(config), 1)], SAMPLE_NOW)()
        os.kill(start.children[0].pid, signal.SIGSTOP)
        letters = [(solved(config), at) for at in (2, 3)]
        orders = [dictated.order([each], SAMPLE_NOW) for each in letters]
        assert [order()[0]._replace(html="") for order in orders] == written_here(config, *letters)
    assert told.reasons == ["writing gave nothing for 2 s"]


def test_an_override_that_wants_all_memory_is_replaced_by_the_shipped_letter(
    overridden: Config, tmp_path: Path
) -> None:
    override(tmp_path, "{{ ('x' * 99999999) * 10 }}")
    with dictation(overridden, lambda: scribe(memory=64 << 20)) as (dictated, alarms):
        assert "marked EX-10427" in dictated.order([(solved(overridden), 1)], SAMPLE_NOW)()[0].text
    assert "solved.txt:2: MemoryError; the shipped letter is used instead" in alarms[0]


def test_a_broken_override_is_told_of_once(overridden: Config, tmp_path: Path) -> None:
    override(tmp_path, "{{ nonesuch }}")
    with dictation(overridden) as (dictated, alarms):
        for serial in (1, 2):
            assert "marked EX-10427" in dictated.order([(solved(overridden), serial)], SAMPLE_NOW)()[0].text
    assert len(alarms) == 1
    assert "solved.txt:2: 'nonesuch' is undefined" in alarms[0]


def test_where_no_scribe_starts_letters_are_written_here(overridden: Config) -> None:
    start, told = Started(lambda: Child("maildesk.desk.nonesuch", "writing", MEMORY, 30, 60)), Told()
    with dictation(overridden, start, told) as (dictated, alarms):
        for serial in (1, 2):
            assert "the desk's own" in dictated.order([(solved(overridden), serial)], SAMPLE_NOW)()[0].text
    assert len(start.children) == 1, "it is tried again after a while, and not for each letter"
    assert told.reasons == ["the scribe does not start: writing ended its process with 1"]
    assert alarms == []


def test_where_no_process_can_be_made_letters_are_written_here() -> None:
    def start() -> Child:
        raise OSError(11, "Resource temporarily unavailable")

    config, told = desk(), Told()
    letters = [(solved(config), 1)]
    with dictation(config, start, told) as (dictated, _):
        assert dictated.order(letters, SAMPLE_NOW)() == Letters(config, [NO_DESK]).order(letters, SAMPLE_NOW)()
    assert "Resource temporarily unavailable" in told.reasons[0]


def test_a_dictation_that_is_followed_finishes_what_it_was_told_and_writes_the_rest_itself() -> None:
    config, start, other = desk(), Started(), Started()
    letters = [(solved(config), at) for at in (1, 2)]
    with dictation(config, start) as (former, _), dictation(config, other) as (dictated, _):
        before = former.order(letters[:1], SAMPLE_NOW)
        dictated.follow(former)
        assert before() == written_here(config, letters[0])
        [after] = former.order(letters[1:], SAMPLE_NOW)()
        assert after._replace(html="") == written_here(config, letters[1])[0]
        assert (len(start.children), len(other.children)) == (1, 1)
    assert not Path(f"/proc/{start.children[0].pid}").exists()
