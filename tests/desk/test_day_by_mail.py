"""What the agents' page says a day is done with works as it stands there: block by block of the page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from maildesk.words import Outcome, SendLetter
from tests.builders import ALICE, CAROL, DIRECTORY, mail
from tests.desk.hostile import TRUSTS, came, read, ruled, said_of
from tests.desk.world import Sent, World, reply_to

PAGE = Path(__file__).parent.parent.parent / "docs" / "agents.md"
CALENDAR = '\n[calendar.us]\ntime_zone = "UTC"\nhours = { mon-fri = "08:00-18:00" }\n'


def blocks() -> list[str]:
    found = re.search(r"(?ms)^## A day by mail\n(.*?)^## ", PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return [textwrap.dedent(block).strip("\n") for block in re.findall(r"(?m)(?:^    .*\n)+", found[1])]


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Alice has a calendar; Carol has two tickets, and has written once more into the second."""
    alice = 'addresses = ["alice@example.com"]'
    return world(TRUSTS + CALENDAR, people=DIRECTORY.replace(alice, f'{alice}\ncalendar = "us"'))


def opened(desk: World) -> Sent:
    """What Alice has of Carol's second mail in a ticket."""
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.receives(mail(CAROL))
    desk.replies(CAROL, desk.the("acknowledgement", CAROL), "And where do I find the licence?")
    return desk.the("agent_update", ALICE)


def typed(letter: Sent, block: str) -> bytes:
    """In a reply, or, where a ticket shall begin, in a new mail."""
    text = block.replace("EX-10430", "EX-10001")
    if text.startswith("#new"):
        return said_of("example.com") + mail(ALICE, subject="The licence", text=text)
    return reply_to(ALICE, letter, text)


def test_each_step_of_the_page_is_done_and_nothing_of_it_refused(desk: World) -> None:
    letter, steps = opened(desk), blocks()
    assert len(steps) > 12
    contents = [typed(letter, each) for each in steps]
    for step, (_, ruling) in zip(steps, ruled(desk, read(contents), came(desk, "alice@example.com")), strict=True):
        receipts = [each.letter for each in ruling.decisions if isinstance(each, SendLetter)]
        [receipt] = [each for each in receipts if each.name == "receipt"]
        assert receipt.context["refused"] == [], step
        assert ruling.outcome is not Outcome.HELD, step
        words = [line for line in step.splitlines() if not line.startswith("#")]
        heard = [each for each in receipts if each.name == "reply"]
        assert bool(heard) is (bool(words) and "#note" not in step), step
