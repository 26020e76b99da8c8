"""Hours and incidents of somebody who asks for all of him, or is erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from maildesk.store import incidents, person_export
from maildesk.store.database import Store
from maildesk.store.person import find
from maildesk.store.person_erase import erase
from tests.builders import ALICE, CAROL, mail
from tests.desk.test_story_incidents import CHARGED, FREE, PEOPLE
from tests.desk.world import World


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Alice has answered Carol for two incidents and half an hour, and given one back."""
    made = world(FREE, people=PEOPLE, survey=CHARGED)
    made.receives(mail(CAROL))
    letter = made.the("agent_ticket", ALICE)
    made.replies(ALICE, letter, "#charge 2\n#time 30m\n\nIt works again.")
    made.replies(ALICE, letter, "#note phone 10m\n#credit 1 marzipan for Carol Jones")
    return made


def export(desk: World, address: str) -> dict[str, Any]:
    def ask(store: Store) -> dict[str, Any]:
        return person_export.export(store, find(store, address), desk.config, desk.now, desk.write)

    return desk.ask(ask)


def test_an_agent_gets_what_he_logged_and_charged(desk: World) -> None:
    told = export(desk, "alice@example.com")
    assert [(each["ticket"], each["minutes"], each["channel"]) for each in told["work"]] == [
        ("EX-10001", 30, ""),
        ("EX-10001", 10, "phone"),
    ]
    assert [(each["organisation"], each["amount"], each["kind"], each["reason"]) for each in told["incidents"]] == [
        ("Acme", -2, "charge", ""),
        ("Acme", 1, "credit", "marzipan for Carol Jones"),
    ]
    carols = export(desk, "carol@acme.example")
    assert (carols["work"], carols["incidents"]) == ([], [])


@pytest.mark.parametrize("address", ["alice@example.com", "carol@acme.example"])
def test_who_is_erased_leaves_the_figures_and_no_words(desk: World, address: str) -> None:
    desk.ask(lambda store: erase(store, find(store, address), desk.config))
    assert desk.ask(incidents.balances)["Acme"] == 9
    assert desk.ticket()["time_worked"] == 40
    rows = desk.ask(lambda store: store.all("SELECT reason, by FROM charge UNION SELECT channel, agent FROM work"))
    assert not any("marzipan" in reason for reason, _ in rows)
    kept = {by for _, by in rows} - {"maildesk"}
    assert ("alice@example.com" in kept) == (address != "alice@example.com")
    told = [each for each in desk.ticket()["events"] if each["event"] in {"worked", "charged", "credited"}]
    assert "marzipan" not in str(told)
    assert [each["minutes"] for each in told if each["event"] == "worked"] == [30, 10]
