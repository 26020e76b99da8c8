"""`sink` is the relay of a test's desk, `house` a configured desk, `desk` a running one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.process import House, Process
from tests.e2e.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink) -> House:
    return House(tmp_path, sink.port)


@pytest.fixture
def desk(house: House) -> Iterator[Process]:
    with house.run() as process:
        yield process
