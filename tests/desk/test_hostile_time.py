"""Hostile and clumsy senders against what time does: escalation, calls, marks and closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import ALICE, BOB, CAROL, MONA, STRANGER, mail
from tests.desk.escalating import AMY, DEFAULT, OFFICE, PEOPLE, readers
from tests.desk.test_story_consult import FAIL, TRUSTS
from tests.desk.test_story_survey import mark
from tests.desk.test_story_time import surveyed
from tests.desk.world import World

PAGED = '[escalation]\npage = ["oncall@example.com"]\n'
NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
OUTAGE = "Severity: critical\n\nThe site is down, nobody can log in."


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(OFFICE + PAGED, people=PEOPLE, default=DEFAULT)


def letters(desk: World, mails: Iterable[bytes]) -> Counter[tuple[str, str]]:
    """What mails cause, by letter and reader."""
    found: Counter[tuple[str, str]] = Counter()
    for each in mails:
        desk.receives(each)
        found.update((letter.name, letter.recipient) for letter in desk.sent())
    return found


# T27: a flood in a customer's name


@pytest.mark.parametrize(
    ("word", "forged"), [("escalate", BOB), ("escalate", CAROL), ("close", CAROL), ("solved", BOB)]
)
def test_t27_requests_about_many_tickets_in_a_contacts_name_are_no_amplifier(
    desk: World, word: str, forged: str
) -> None:
    letters(desk, (mail(CAROL, subject=f"Offer {number}") for number in range(8)))
    desk.now += timedelta(hours=2)
    sent = letters(desk, (mail(forged, subject="x", text=f"{word} EX-{10001 + number}") for number in range(8)))
    to_customers = {who: number for (name, who), number in sent.items() if name in ("escalated", "closed", "solved")}
    assert set(to_customers.values()) == {5}
    assert [desk.ticket(f"EX-{10001 + number}")["level"] for number in range(8)] == [1 + (word == "escalate")] * 8
    if word == "escalate":
        assert sent["escalation", "mona@example.com"] == 8


def test_t27_who_closes_and_opens_again_gets_few_letters(world: Callable[..., World]) -> None:
    desk = world('[closing]\nreopen_for = "30d"\n')
    desk.receives(mail(CAROL))
    turns = ("close EX-10001", "It is still broken, please look again.") * 12
    sent = letters(desk, (mail(CAROL, subject="[EX-10001] x", text=text) for text in turns))
    assert sent["closed", "carol@acme.example"] == 5
    assert desk.ticket()["status"] == "open"


def test_an_agent_who_escalates_tells_the_customer_however_much_that_one_wrote(desk: World) -> None:
    letters(desk, (mail(CAROL, subject=f"Question {number}") for number in range(8)))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#escalate")
    assert readers(desk, "escalated") == {"carol", "amy"}


# T84, T85: the survey


ABSENT = (
    "1 day out of office, back on Tuesday.",
    "2. März bis 5. März bin ich nicht da.",
    "5 people read this mailbox.",
)
GONE = ("No longer employed here. Please write to Bob.", "No one reads this mailbox.", "Nobody is here.")


@pytest.mark.parametrize("text", [*ABSENT, *GONE])
def test_t84_an_absence_that_carries_no_mark_of_a_robot_is_no_vote(desk: World, text: str) -> None:
    desk.replies(CAROL, surveyed(desk), text)
    assert mark(desk) == (None, "")


def test_t84_what_a_client_fetches_or_sends_empty_is_no_vote(desk: World) -> None:
    letter = surveyed(desk)
    assert "http" not in letter.html.replace("http-equiv", "")
    for subject in (f"Re: {letter.subject}", letter.subject, "", "Read: How was it?"):
        desk.receives(mail(CAROL, to=letter.reply_to, subject=subject, text=""))
    assert mark(desk) == (None, "")


@pytest.mark.parametrize(
    "writer", [BOB, STRANGER, ALICE, MONA, f"Carol Jones <{AMY}>", "carol@acme.example.evil.example"]
)
def test_t85_a_survey_that_was_passed_on_is_answered_by_nobody_else(desk: World, writer: str) -> None:
    letter = surveyed(desk)
    desk.replies(writer, letter, "1 awful")
    desk.replies(writer, letter, "1 awful", headers={"Sender": CAROL, "Reply-To": CAROL, "Resent-From": CAROL})
    assert mark(desk) == (None, "")


def test_t85_a_forger_with_the_key_is_stopped_by_our_mail_servers(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    letter = surveyed(desk)
    forged = mail(CAROL, to=letter.reply_to, subject=f"Re: {letter.subject}", text="1 awful")
    assert desk.receives(FAIL + forged, verdicts=True).outcome == "held"
    assert mark(desk) == (None, "")


def test_t85_the_same_answer_again_is_a_duplicate_and_tells_nobody(desk: World) -> None:
    content = mail(CAROL, to=surveyed(desk).reply_to, subject="Re: x", text="1 awful")
    assert desk.receives(content).outcome == "survey"
    desk.receives(mail(CAROL, to=desk.the("survey_thanks").reply_to, subject="Re: x", text="4 better now"))
    assert desk.receives(content).outcome == "duplicate"
    assert (mark(desk), desk.sent()) == ((4, "better now"), [])
