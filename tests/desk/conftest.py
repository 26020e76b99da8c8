"""`world(...)` makes a desk on the database of the test; `desk` is the plain one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from maildesk.store.database import Store
from tests.builders import DIRECTORY
from tests.desk.world import World


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(more: str = "", *, people: str = DIRECTORY, **replaced: str) -> World:
        made.append(World(store, tmp_path, more, people, replaced))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world()
