"""Random histories of tickets, with canaries in all that must not get out; each letter to a customer is looked at.

`play(swift, seed, number)` is one of them: some of what customers, colleagues, strangers, agents and time do. The same
seed and number give the same history. Who may read a word is known here by who said it, as what, and who took part
then, and never by what the desk made of it. One of them, told step by step:

    .venv/bin/python -m tests.leak.histories SEED NUMBER
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from maildesk.store.database import Store
from maildesk.store.schema import ensure
from tests.leak import agents, customers
from tests.leak.people import OPS, STAFF
from tests.leak.scene import Scene
from tests.leak.swift import Swift
from tests.leak.watch import Watch

FEWEST, MOST = 4, 10  # deeds of one history
DEEDS = (*customers.DEEDS, *agents.DEEDS)
TRIES = 20  # for a deed that there is something for


@dataclass
class Played:
    """What histories came to."""

    histories: int = 0
    canaries: int = 0
    keys: int = 0
    came: Counter[str] = field(default_factory=Counter)  # mails, by what became of them
    went: Counter[str] = field(default_factory=Counter)  # letters that were looked at, by name
    leaks: list[str] = field(default_factory=list)  # each history that has some, told as it was

    def add(self, other: Played) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def __str__(self) -> str:
        mails, letters = self.came.total(), self.went.total()
        return (
            f"{self.histories} histories, {mails} mails, {letters} letters looked at, "
            f"{self.canaries} canaries, {self.keys} keys, histories with a leak: {len(self.leaks)}"
        )


def play(swift: Swift, seed: str, number: int) -> tuple[Played, str]:
    """One of them, and how it went; nothing of it stays in the store."""
    rng, before = Random(f"{seed}.{number}"), swift.now
    scene = Scene(swift, rng, Watch(rng, insiders=STAFF | {OPS}))
    with swift.store.undone():
        customers.opens(scene)
        scene.looks()
        for scene.step in range(1, rng.randrange(FEWEST, MOST + 1)):
            swift.time_passes(minutes=rng.choice((1, 7, 61)))
            scene.looks()
            scene.noted = False
            any(rng.choice(DEEDS)(scene) for _ in range(TRIES))
            scene.looks()
            scene.noted = False
    swift.now = before
    watch = scene.watch
    told = "\n".join((f"seed {seed}, history {number}:", *scene.told, *(f"LEAK: {each}" for each in scene.leaks)))
    played = Played(1, len(watch.words), len(watch.tokens), scene.came, scene.went, [told] if scene.leaks else [])
    return played, told


def run(swift: Swift, seed: str, numbers: Iterable[int]) -> Played:
    total = Played()
    for number in numbers:
        total.add(play(swift, seed, number)[0])
    return total


@contextmanager
def desk(**faults: Any) -> Iterator[Swift]:
    """On a SQLite store of its own."""
    with TemporaryDirectory(prefix="maildesk-leak-") as folder:
        store = Store.open("sqlite:///maildesk.db", Path(folder))
        ensure(store)
        yield Swift(store, Path(folder), **faults)
        store.close()


if __name__ == "__main__":
    with desk() as quick:
        sys.stdout.write(f"{play(quick, sys.argv[1], int(sys.argv[2]))[1]}\n")
