"""Fixtures of the store's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from maildesk.store.database import Store
from tests.store.house import House, build


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return build(store, tmp_path)
