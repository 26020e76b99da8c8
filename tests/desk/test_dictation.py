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
from maildesk.desk.dictation import MEMORY, SCRIBE, Dictation
from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW, SAMPLES
from maildesk.words import Letter, Order
from maildesk.words.orders import ordered
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


def order(letter: Letter, serial: int) -> Order:
    return Order(serial, letter.name, ordered(letter, SAMPLE_NOW))


def written(dictated: Dictation, *letters: tuple[Letter, int]) -> list[Rendered]:
    """All of them at once."""
    found = [each.rendered for each in dictated.written([order(*each) for each in letters])]
    assert None not in found
    return [each for each in found if each]


def written_here(config: Config, *letters: tuple[Letter, int]) -> list[Rendered]:
    """As the outbox keeps them: without what only previews show."""
    return [Letters(config, [NO_DESK]).render(*each, SAMPLE_NOW)._replace(html="") for each in letters]


def test_a_dictated_letter_is_the_one_that_would_be_written_here() -> None:
    config = desk()
    pairs = [(name, language) for name in SAMPLES for language in ("en", "de")]
    letters = [(sample(config, *pair), serial) for serial, pair in enumerate(pairs)]
    with dictation(config) as (dictated, alarms):
        assert written(dictated, *letters) == written_here(config, *letters)
        assert [dictated.message_id(*each) for each in letters] == [
            each.message_id for each in written_here(config, *letters)
        ]
    assert alarms == []


def test_more_can_be_dictated_than_the_pipes_hold() -> None:
    config = desk()
    long = [(sample(config, "reply", "en"), at) for at in range(40)]
    long = [(replace(each, context={**each.context, "text": "a line of it\n" * 10_000}), at) for each, at in long]
    with dictation(config) as (dictated, _):
        assert written(dictated, *long) == written_here(config, *long)


def test_a_letter_that_cannot_be_written_stands_in_no_others_way() -> None:
    config = desk()
    with dictation(config) as (dictated, alarms):
        wrong, nothing, right = dictated.written(
            [order(solved(config, name="nonesuch"), 1), Order(2, "solved", "{}"), order(solved(config), 3)]
        )
        assert (wrong.rendered, wrong.error) == (None, "KeyError: 'nonesuch'")
        assert (nothing.rendered, nothing.error) == (None, "KeyError: 'now'")
        assert right.rendered == written_here(config, (solved(config), 3))[0]
    assert alarms == []


def test_a_scribe_that_dies_costs_no_letter(overridden: Config) -> None:
    start, told = Started(), Told()
    plain = sample(overridden, "closed", "en")
    with dictation(overridden, start, told) as (dictated, alarms):
        assert "the desk's own" in written(dictated, (solved(overridden), 1))[0].text
        start.kill()
        letters = [(plain, 2), (solved(overridden), 3)]
        texts = [each.text for each in written(dictated, *letters)]
        assert texts == [each.text for each in written_here(overridden, *letters)]
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
            assert "marked EX-10427" in written(dictated, (solved(overridden), serial))[0].text
    assert len(start.children) == 1, "it is not tried again"
    assert len(alarms) == 1
    assert "solved: writing took longer than 1 s; the shipped letter is used" in alarms[0]


def test_a_scribe_that_says_nothing_any_more_is_waited_for_so_long_and_costs_no_letter() -> None:
    config, start, told = desk(), Started(lambda: scribe(patience=5)), Told()
    with dictation(config, start, told) as (dictated, _):
        written(dictated, (solved(config), 1))
        os.kill(start.children[0].pid, signal.SIGSTOP)
        letters = [(solved(config), at) for at in (2, 3)]
        assert written(dictated, *letters) == written_here(config, *letters)
    assert told.reasons == ["writing gave nothing for 5 s"]


def test_an_override_that_wants_all_memory_is_replaced_by_the_shipped_letter(
    overridden: Config, tmp_path: Path
) -> None:
    override(tmp_path, "{{ ('x' * 99999999) * 10 }}")
    with dictation(overridden, lambda: scribe(memory=64 << 20)) as (dictated, alarms):
        assert "marked EX-10427" in written(dictated, (solved(overridden), 1))[0].text
    assert "solved.txt:2: MemoryError; the shipped letter is used instead" in alarms[0]


def test_a_broken_override_is_told_of_once(overridden: Config, tmp_path: Path) -> None:
    override(tmp_path, "{{ nonesuch }}")
    with dictation(overridden) as (dictated, alarms):
        for serial in (1, 2):
            assert "marked EX-10427" in written(dictated, (solved(overridden), serial))[0].text
    assert len(alarms) == 1
    assert "solved.txt:2: 'nonesuch' is undefined" in alarms[0]


def test_where_no_scribe_starts_letters_are_written_here(overridden: Config) -> None:
    start, told = Started(lambda: Child("maildesk.desk.nonesuch", "writing", MEMORY, 30, 60)), Told()
    with dictation(overridden, start, told) as (dictated, alarms):
        for serial in (1, 2):
            assert "the desk's own" in written(dictated, (solved(overridden), serial))[0].text
    assert len(start.children) == 1, "it is tried again after a while, and not for each letter"
    assert told.reasons == ["the scribe does not start: writing ended its process with 1"]
    assert alarms == []


def test_where_no_process_can_be_made_letters_are_written_here() -> None:
    def start() -> Child:
        raise OSError(11, "Resource temporarily unavailable")

    config, told = desk(), Told()
    with dictation(config, start, told) as (dictated, _):
        assert written(dictated, (solved(config), 1)) == written_here(config, (solved(config), 1))
    assert "Resource temporarily unavailable" in told.reasons[0]


def test_a_dictation_that_was_followed_writes_what_it_is_still_asked_for_itself() -> None:
    config, start, other = desk(), Started(), Started()
    with dictation(config, start) as (former, _), dictation(config, other) as (dictated, _):
        assert written(former, (solved(config), 1)) == written_here(config, (solved(config), 1))
        dictated.follow(former)
        assert written(former, (solved(config), 2)) == written_here(config, (solved(config), 2))
        assert (len(start.children), len(other.children)) == (1, 1)
    assert not Path(f"/proc/{start.children[0].pid}").exists()
