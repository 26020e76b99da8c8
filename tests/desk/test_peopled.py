"""A desk whose people come as rows is the one whose people come from a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from maildesk.config import parse
from maildesk.store.database import Store
from tests.builders import DIRECTORY, START, configuration, mail
from tests.desk import peopled
from tests.desk.world import World

INCIDENTS = """
[plan.counted]
title = "Counted"
queues = ["technical"]
incidents = 5
"""


@pytest.mark.parametrize("more", ["", INCIDENTS], ids=["plain", "with incidents"])
def test_rows_make_the_store_that_the_file_makes(
    store: Store, tmp_path: Path, more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peopled, "_seen", {})
    config = parse(configuration(more), tmp_path)
    empty, found = peopled.contents(store), []
    for _ in range(4):
        peopled.peopled(store, DIRECTORY, config, START, more)
        found.append(peopled.contents(store))
        for name in reversed(empty):
            store.execute(f"DELETE FROM {name}") if "INSERT" in found[-1][name] else None
        peopled.run(store, " ".join(empty.values()))
    assert found == found[:1] * 4
    assert found[0] != empty
    assert peopled.contents(store) == empty


def test_a_second_desk_on_a_store_lays_its_people_over_those_who_are_there(
    world: Callable[..., World], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peopled, "_seen", {})
    for _ in range(4):
        store.connect()
        desk = world()
        desk.receives(mail())
    assert len(desk.rows()) == 4
    assert desk.the("acknowledgement").recipient == "carol@acme.example"
