"""A promise that is not kept escalates its ticket, once; what pending, closing, merging and moving do to the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from maildesk.store import directory
from maildesk.store.person import find
from maildesk.store.person_erase import erase
from tests.builders import ALICE, ANTON, CAROL, MONA, mail
from tests.desk.escalating import (
    AMY,
    DEFAULT,
    ENGINEERING_BEGINS,
    OFFICE,
    PEOPLE,
    PLAN,
    TRIAGE_ENDS,
    UNMANAGED,
    due,
    escalates,
    events,
    readers,
)
from tests.desk.test_story_digest import until
from tests.desk.world import World

MISSED = "2026-03-02T13:00:00Z"
HELD = '[limits]\nautomatic_mail = "1/d"\n'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """Four hours to the first answer, two to the next, a day between news."""
    return world(OFFICE, people=PEOPLE, default=DEFAULT, contacts=PLAN)


def owned(desk: World) -> None:
    desk.receives()
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take")


def late(desk: World) -> None:
    """Nobody answered in time."""
    owned(desk)
    until(desk, MISSED)


def test_a_breach_escalates_and_says_by_which_promise(desk: World) -> None:
    late(desk)
    assert events(desk, "escalated") == [("escalated", "maildesk", "first_response")]
    assert readers(desk, "overdue") == {"alice", "mona"}
    assert desk.ticket()["level"] == 1
    assert "The ticket is escalated, in triage until Tuesday, 3 March 2026, 13:00 (UTC)." in (
        desk.the("overdue", MONA).text.splitlines()
    )
    until(desk, "2026-03-03T13:00:00Z")
    assert "It was escalated because the first answer was late." in desk.the("escalation", ALICE).text.splitlines()


def test_requester_and_account_manager_are_told_soberly_and_what_comes_next(desk: World) -> None:
    late(desk)
    assert readers(desk, "escalated") == {"carol", "amy"}
    text = " ".join(desk.the("escalated", CAROL).text.split())
    assert "we have not kept the time that was promised for EX-10001, and are sorry for it" in text
    assert "What comes next: we gather what is known" in text
    assert not any(word in text.lower() for word in ("resolve", "will be solved", "fix"))
    assert "You look after this customer" in desk.the("escalated", AMY).text


def test_of_later_breaches_the_customer_hears_nothing_and_agents_hear_as_ever(desk: World) -> None:
    late(desk)
    desk.replies(ALICE, desk.the("overdue", ALICE), "Which version?")
    until(desk, "2026-03-04T09:00:00Z")  # no news for more than a day
    assert readers(desk, "overdue") == {"alice", "mona"}
    assert desk.sent("escalated") == []
    assert len(events(desk, "missed")) == 2
    assert len(events(desk, "escalated")) == 1
    until(desk, ENGINEERING_BEGINS)
    assert readers(desk, "escalated") == {"carol", "amy"}


def test_no_letter_of_time_keeps_a_promise(desk: World) -> None:
    late(desk)
    assert due(desk, "first_response") == MISSED
    until(desk, ENGINEERING_BEGINS)
    assert due(desk, "first_response") == MISSED
    assert desk.ticket()["first_answered"] is None
    assert desk.ticket()["status"] == "new"


def test_after_a_breach_the_customer_may_still_call_a_manager(desk: World) -> None:
    late(desk)
    escalates(desk, "we wait since the morning")
    assert "> we wait since the morning" in desk.the("escalation", MONA).text
    assert due(desk, "triage") == "2026-03-03T13:00:00Z"  # it is not put off
    until(desk, "2026-03-03T13:00:00Z")
    assert "> we wait since the morning" in desk.the("escalation", ALICE).text


def test_the_brake_holds_what_breaches_would_send(world: Callable[..., World]) -> None:
    desk = world(OFFICE + HELD, people=PEOPLE, default=DEFAULT, contacts=PLAN)
    owned(desk)
    until(desk, MISSED)
    held = desk.ask(lambda store: list(store.all("SELECT name, state FROM letter WHERE name = 'escalated'")))
    assert held == [("escalated", "held")] * 2
    assert len(desk.sent("alarm")) == 1


def test_ten_escalations_in_a_day_call_managers_once_and_put_nothing_off(desk: World) -> None:
    owned(desk)
    letters = []
    for number in range(10):
        escalates(desk, f"reason {number}")
        letters += desk.sent("escalation")
        desk.time_passes(minutes=20)
    assert [each.recipient for each in letters] == ["mona@example.com"]
    assert due(desk, "triage") == TRIAGE_ENDS
    until(desk, "2026-03-03T09:30:00Z")
    escalates(desk, "and again")
    assert readers(desk, "escalation") == {"mona"}
    assert (due(desk, "triage"), due(desk, "engineering")) == (None, ENGINEERING_BEGINS)


def test_triage_waits_while_the_ticket_is_pending_and_takes_as_much_longer(desk: World) -> None:
    owned(desk)
    escalates(desk)
    letter = desk.the("escalation", MONA)
    desk.time_passes(hours=1)
    desk.replies(MONA, letter, "#pending\nWhich version?")
    answer = desk.the("reply", CAROL)
    assert due(desk, "triage") is None
    until(desk, "2026-03-04T10:00:00Z")
    assert desk.sent("escalation") == []
    desk.replies(CAROL, answer, "Version 4.")
    assert due(desk, "triage") == "2026-03-05T09:00:00Z"  # two days of eight hours later
    desk.replies(MONA, letter, "Thanks.")
    assert due(desk, "triage") == "2026-03-05T09:00:00Z"


def test_engineering_waits_until_a_pending_ticket_is_open_again(desk: World) -> None:
    owned(desk)
    escalates(desk)
    until(desk, TRIAGE_ENDS)
    desk.replies(ALICE, desk.the("escalation", ALICE), "#pending\nWhich version?")
    answer = desk.the("reply", CAROL)
    until(desk, "2026-03-09T10:00:00Z")
    assert (desk.sent("escalation"), due(desk, "engineering")) == ([], None)
    desk.replies(CAROL, answer, "Version 4.")
    desk.time_passes(minutes=1)
    assert readers(desk, "escalation") == {"alice", "mona", "lena"}


@pytest.mark.parametrize("word", ["#solved", "#closed", "#spam"])
def test_what_is_over_is_escalated_no_more(desk: World, word: str) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), word)
    assert due(desk, "triage") is None
    until(desk, "2026-03-20T09:00:00Z")
    assert desk.sent("escalation", "escalated") == []


def test_what_is_opened_again_begins_its_way_anew_by_a_further_escalation_alone(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#solved\nDone.")
    answer = desk.the("reply", CAROL)
    until(desk, "2026-03-03T10:00:00Z")
    desk.replies(CAROL, answer, "It does not work.")
    assert due(desk, "triage") is None
    escalates(desk, "again")
    assert due(desk, "triage") == "2026-03-04T10:00:00Z"


def test_an_escalated_ticket_that_is_merged_ends_and_the_other_goes_on_with_its_way(desk: World) -> None:
    desk.receives()
    desk.receives(mail(CAROL, subject="The same export"))
    desk.time_passes(hours=1)
    escalates(desk, reference="EX-10002")
    desk.replies(MONA, desk.the("escalation", MONA), "#merge EX-10001")
    assert (due(desk, "triage", "EX-10002"), due(desk, "triage")) == (None, "2026-03-03T10:00:00Z")


def test_what_is_merged_into_an_escalated_ticket_puts_nothing_off(desk: World) -> None:
    desk.receives()
    desk.receives(mail(CAROL, subject="The same export"))
    escalates(desk)
    desk.time_passes(hours=1)
    escalates(desk, reference="EX-10002")
    desk.replies(MONA, desk.the("escalation", MONA), "#merge EX-10001")
    assert due(desk, "triage") == TRIAGE_ENDS


def test_a_mail_that_is_split_off_is_a_new_ticket_that_nobody_escalated(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.receives(mail(CAROL, subject="[EX-10001] And our printer", text="It is out of paper."))
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#split")
    [new] = desk.ticket()["links"]
    assert due(desk, "triage", new) is None
    assert due(desk, "triage") == TRIAGE_ENDS


def test_in_another_queue_its_calendar_and_its_agents_count(world: Callable[..., World]) -> None:
    desk = world(OFFICE, people=PEOPLE, default=DEFAULT)
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#queue sales")
    assert due(desk, "triage") == "2026-03-03T09:00:00Z"  # around the clock
    until(desk, "2026-03-03T09:00:00Z")
    assert readers(desk, "escalation") == {"mona"}


def test_without_a_manager_the_agents_of_the_queue_are_told(world: Callable[..., World]) -> None:
    desk = world(OFFICE, people=UNMANAGED, default=DEFAULT, contacts=PLAN)
    desk.receives()
    until(desk, MISSED)
    assert readers(desk, "overdue") == {"alice", "anton", "mona"}
    until(desk, "2026-03-03T13:00:00Z")
    assert readers(desk, "escalation") == {"alice", "anton", "mona"}


def test_with_the_owner_gone_the_agents_of_the_queue_are_told(desk: World) -> None:
    owned(desk)
    escalates(desk)
    gone = PEOPLE.replace(
        '[[agent]]\nname = "Alice Agent"\naddresses = ["alice@example.com"]\nqueues = ["technical"]\n', ""
    )
    desk.ask(lambda store: directory.apply(store, gone, desk.config, prune=True, now=desk.now))
    until(desk, TRIAGE_ENDS)
    assert readers(desk, "escalation") == {"lena", "mona"}


def test_with_nobody_left_the_operators_are_told(desk: World) -> None:
    owned(desk)
    escalates(desk)
    nobody = PEOPLE.partition("[[agent]]")[0]
    desk.ask(lambda store: directory.apply(store, nobody, desk.config, prune=True, now=desk.now))
    until(desk, TRIAGE_ENDS)
    said = "EX-10001: there is no agent who could be told of its escalation"
    assert [each.recipient for each in desk.sent("alarm") if said in each.text] == ["ops@example.com"]


def test_an_agent_escalates_and_his_reason_stays_inside(desk: World) -> None:
    owned(desk)
    desk.receives(mail(CAROL, subject="[EX-10001] Still nothing"))
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#escalate I am out of ideas")
    assert due(desk, "triage") == TRIAGE_ENDS
    assert events(desk, "escalated") == [("escalated", "alice@example.com", "I am out of ideas")]
    assert not any("out of ideas" in each.text for each in desk.sent("escalated"))
    until(desk, TRIAGE_ENDS)
    assert "> I am out of ideas" in desk.the("escalation", MONA).text


def test_decline_and_reassign_beside_words_that_wait(desk: World) -> None:
    """What only sorts is done; the text waits."""
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), f"#level 1\n#assign {ANTON.partition(' ')[0]}\n#nonsense\nHello")
    assert due(desk, "triage") is None
    assert desk.ticket()["owner"] == "anton@example.com"
    assert desk.sent("reply") == []


def test_what_time_tells_a_customer_does_not_count_against_his_requests(world: Callable[..., World]) -> None:
    desk = world(OFFICE, people=PEOPLE, default=DEFAULT, contacts=PLAN)
    for number in range(6):
        desk.receives(mail(CAROL, subject=f"Request {number}"))
    until(desk, MISSED)
    assert len([each for each in desk.sent("escalated") if each.recipient == "carol@acme.example"]) == 6
    desk.receives(mail(CAROL, subject="status", text=""))
    assert desk.the("answer", CAROL)


def test_an_account_manager_whose_address_bounces_is_written_to_later(desk: World) -> None:
    owned(desk)
    sql = "INSERT INTO pause (address, until, why) VALUES (?, ?, ?)"
    desk.ask(lambda store: store.execute(sql, (AMY, 2**60, "bounced")))
    until(desk, MISSED)
    held = desk.ask(lambda store: list(store.all("SELECT recipient FROM letter WHERE state = 'held'")))
    assert held == [(AMY,)]


def test_who_is_erased_takes_the_reason_out_of_the_history(desk: World) -> None:
    owned(desk)
    escalates(desk, "my boss Xaver waits")
    assert "my boss Xaver waits" in str(events(desk, "escalated"))
    desk.ask(lambda store: erase(store, find(store, "carol@acme.example"), desk.config))
    assert "Xaver" not in str(desk.ticket()["events"])
    until(desk, TRIAGE_ENDS)
    assert "Xaver" not in desk.the("escalation", MONA).text
