"""Fixtures of the store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from maildesk.store.database import Store
from tests.store.house import House, build


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return build(store, tmp_path)


@pytest.fixture
def daemons(postgres_url: str, tmp_path: Path) -> Iterator[list[House]]:
    """Two that share a store."""
    with closing(Store.open(postgres_url, tmp_path)) as one, closing(Store.open(postgres_url, tmp_path)) as two:
        first = build(one, tmp_path)
        yield [first, House(two, first.config, first.letters)]
