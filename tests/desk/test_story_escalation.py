"""The way of an escalated ticket: a manager reviews, triage takes a business day, engineering gets what is left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, CAROL, MONA, mail
from tests.desk.escalating import (
    AMY,
    DEFAULT,
    ENGINEERING_BEGINS,
    LENA,
    OFFICE,
    PEOPLE,
    PLAN,
    TRIAGE_ENDS,
    due,
    escalates,
    events,
    links,
    readers,
)
from tests.desk.test_story_digest import until
from tests.desk.world import World

FIELD = '[queue.technical.field.version]\ntitle = "Version"\n'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(OFFICE, people=PEOPLE, default=DEFAULT)


def owned(desk: World) -> None:
    """Alice has the ticket."""
    desk.receives(mail(attachments=[("page3.log", b"stops here", "text/plain")]))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#take")


def test_a_manager_receives_the_escalation_with_reason_severity_and_history(desk: World) -> None:
    owned(desk)
    escalates(desk, "nobody can print")
    letter = desk.the("escalation", MONA)
    assert "EX-10001 has been escalated by Carol Jones." in letter.text
    assert "> nobody can print" in letter.text
    assert "Severity: 3 medium" in letter.text
    assert "owner Alice Agent" in letter.text
    assert "owner alice@example.com (alice@example.com)" in letter.text
    assert "Triage goes on until Tuesday, 3 March 2026, 09:00 (UTC)" in " ".join(letter.text.split())


def test_an_escalation_takes_one_additional_business_day_of_triage(desk: World) -> None:
    owned(desk)
    escalates(desk, "nobody can print")
    assert due(desk, "triage") == TRIAGE_ENDS
    until(desk, "2026-03-03T08:59:59Z")
    assert desk.sent("escalation") == []
    until(desk, TRIAGE_ENDS)
    assert readers(desk, "escalation") == {"alice", "mona"}
    assert events(desk, "triage_ended") == [("triage_ended", "maildesk", "")]
    letter = desk.the("escalation", ALICE)
    assert letter.subject == "[EX-10001] Triage is over: The export fails"
    assert "The reason, in the words of Carol Jones: > nobody can print" in " ".join(letter.text.split())
    until(desk, "2026-03-08T00:00:00Z")
    assert desk.sent("escalation") == []  # once


def test_whom_the_manager_gives_it_to_hears_of_it_at_once(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#assign Lena Second")
    letter = desk.the("agent_ticket", LENA)
    assert "EX-10001 has come to you" in letter.text
    assert "Status: new, owner Lena Second" in letter.text


def test_whom_it_is_given_to_with_a_note_gets_that_note_alone(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#assign Lena Second\n#note\nPlease call her.")
    assert "Please call her." in desk.the("agent_update", LENA).text
    assert desk.sent("agent_ticket") == []


def test_a_day_of_triage_that_begins_on_friday_ends_on_monday(desk: World) -> None:
    owned(desk)
    until(desk, "2026-03-06T15:00:00Z")
    escalates(desk)
    assert due(desk, "triage") == "2026-03-09T15:00:00Z"


def test_what_triage_gathers_goes_with_it(world: Callable[..., World]) -> None:
    desk = world(OFFICE + FIELD, people=PEOPLE, default=DEFAULT)
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#field version 8.2\n#time 1h30m\n#link https://bugs.example/7")
    until(desk, TRIAGE_ENDS)
    lines = desk.the("escalation", ALICE).text.splitlines()
    assert {"Version: 8.2", "Time worked: 1 hour 30 minutes", "Linked to: https://bugs.example/7"} <= set(lines)


def test_during_it_the_affected_user_and_the_account_manager_are_told(desk: World) -> None:
    owned(desk)
    escalates(desk)
    assert readers(desk, "escalated") == {"carol", "amy"}
    assert "You look after this customer" in desk.the("escalated", AMY).text


def test_without_a_resolution_engineering_has_it_the_following_week_with_what_was_gathered(desk: World) -> None:
    owned(desk)
    escalates(desk)
    until(desk, TRIAGE_ENDS)
    assert "goes to engineering on Monday, 9 March 2026, 08:00 (UTC)" in " ".join(
        desk.the("escalation", ALICE).text.split()
    )
    assert (due(desk, "triage"), due(desk, "engineering")) == (None, ENGINEERING_BEGINS)
    until(desk, ENGINEERING_BEGINS)
    assert readers(desk, "escalation") == {"alice", "mona", "lena"}
    letter = desk.the("escalation", LENA)
    assert letter.subject == "[EX-10001] For engineering: The export fails"
    assert letter.attachments == {"page3.log": b"stops here"}
    assert "> our report is due" in letter.text
    assert due(desk, "engineering") is None
    assert events(desk, "sent_to_engineering") == [("sent_to_engineering", "maildesk", "")]


def test_the_level_is_raised_to_the_next_one_that_agents_of_the_queue_have(world: Callable[..., World]) -> None:
    third = PEOPLE + PEOPLE.partition('name = "Lena Second"')[2].join(['\n[[agent]]\nname = "Tom Third"', ""]).replace(
        "lena@", "tom@"
    ).replace("level = 2", "level = 4")
    desk = world(OFFICE, people=third, default=DEFAULT)
    owned(desk)
    escalates(desk)
    assert desk.ticket()["level"] == 2
    until(desk, ENGINEERING_BEGINS)
    assert desk.ticket()["level"] == 4
    assert readers(desk, "escalation") == {"alice", "mona", "tom"}
    assert events(desk, "level")[-1] == ("level", "maildesk", "4")


def test_the_requester_and_the_account_manager_hear_once_that_engineering_has_it(desk: World) -> None:
    owned(desk)
    escalates(desk)
    until(desk, TRIAGE_ENDS)
    assert readers(desk, "escalated") == set()
    until(desk, ENGINEERING_BEGINS)
    assert readers(desk, "escalated") == {"carol", "amy"}
    text = " ".join(desk.the("escalated", CAROL).text.split())
    assert "EX-10001 is with our engineering now" in text
    assert "a forecast of when work on it begins comes by mail" in text
    until(desk, "2026-04-09T08:00:00Z")
    assert desk.sent("escalated", "escalation") == []


def test_after_the_review_a_forecast_goes_to_the_requester_and_the_account_manager(desk: World) -> None:
    owned(desk)
    escalates(desk)
    until(desk, ENGINEERING_BEGINS)
    desk.replies(LENA, desk.the("escalation", LENA), "#forecast 2026-03-16")
    assert readers(desk, "forecast") == {"carol", "amy"}


@pytest.mark.parametrize("word", ["#stage bug", "#forecast 2026-03-16"])
def test_what_is_with_engineering_already_is_not_sent_there_again(desk: World, word: str) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), word)
    until(desk, "2026-03-20T08:00:00Z")
    assert readers(desk, "escalation") == {"alice", "mona"}  # that triage was over
    assert desk.sent("escalated") == []
    assert events(desk, "sent_to_engineering") == []


def test_a_matter_of_configuration_is_still_support_s(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "#stage configuration")
    until(desk, ENGINEERING_BEGINS)
    assert len(events(desk, "sent_to_engineering")) == 1


def test_engineering_may_begin_after_a_stretch_of_time(world: Callable[..., World]) -> None:
    desk = world(OFFICE + '[escalation]\ntriage = "2bh"\nengineering = "1bd"\n', people=PEOPLE, default=DEFAULT)
    owned(desk)
    escalates(desk)
    assert due(desk, "triage") == "2026-03-02T11:00:00Z"
    until(desk, "2026-03-02T11:00:00Z")
    assert due(desk, "engineering") == "2026-03-03T11:00:00Z"


def test_urgent_requests_of_such_a_plan_are_escalated_automatically_around_the_clock(
    world: Callable[..., World],
) -> None:
    plan = "2\naround_the_clock = [1, 2]\nescalate = [1, 2]\n"
    desk = world(OFFICE, people=PEOPLE, default=DEFAULT, contacts=plan)
    until(desk, "2026-03-07T22:30:00Z")  # a Saturday night
    desk.receives(mail(CAROL, subject="Please restore a folder"))
    assert readers(desk, "escalation") == {"mona"}
    assert "It was escalated by its plan" in desk.the("escalation", MONA).text
    assert readers(desk, "escalated") == {"carol", "amy"}
    assert due(desk, "triage") == "2026-03-08T22:30:00Z"  # around the clock a business day is 24 hours
    until(desk, "2026-03-08T22:30:00Z")
    assert due(desk, "engineering") == "2026-03-09T00:00:00Z"  # Monday begins
    until(desk, "2026-03-09T00:00:00Z")
    assert readers(desk, "escalated") == {"carol", "amy"}


def test_the_account_manager_reads_whose_it_is_and_that_nothing_is_left_to_do(world: Callable[..., World]) -> None:
    plan = "2\nescalate = [3]\n"
    german = PEOPLE.replace(
        '["carol@acme.example", "carol.jones@acme.example"]', '["carol@acme.example"]\nlanguage = "de"'
    )
    desk = world(OFFICE, people=german, default=DEFAULT, contacts=plan)
    desk.receives(mail(CAROL, subject="Hilfe", text="Der Export bricht ab."))
    assert "ist eskaliert worden" in desk.the("escalated", CAROL).text
    letter = desk.the("escalated", AMY)
    assert "EX-10001 has been escalated." in letter.text  # the desk's language: hers is not known
    assert "Customer: Carol Jones, Acme" in letter.text
    assert "You look after this customer" in letter.text
    assert "just reply to this mail" not in letter.text


@pytest.mark.parametrize("moments", [(ENGINEERING_BEGINS,), (TRIAGE_ENDS, "2026-03-05T12:00:00Z", ENGINEERING_BEGINS)])
def test_running_ahead_gives_the_same_letters_and_stamps_as_living_through_it(
    world: Callable[..., World], moments: tuple[str, ...]
) -> None:
    desk = world(OFFICE, people=PEOPLE, default=DEFAULT, contacts=PLAN)
    desk.receives()
    told: list[tuple[str, str]] = []
    for moment in moments:
        until(desk, moment)
        told += [(each.name, each.recipient.partition("@")[0]) for each in desk.sent("escalation", "escalated")]
    missed = [("escalated", "carol"), ("escalated", "amy")]
    triaged = [("escalation", each) for each in ("alice", "anton", "mona")]
    assert told == [*missed, *triaged, *triaged, ("escalation", "lena"), *missed]
    stamps = [(each["event"], each["at"]) for each in desk.ticket()["events"][1:]]
    assert stamps == [
        ("missed", "2026-03-02T13:00:00Z"),
        ("escalated", "2026-03-02T13:00:00Z"),
        ("triage_ended", "2026-03-03T13:00:00Z"),
        ("sent_to_engineering", ENGINEERING_BEGINS),
        ("level", ENGINEERING_BEGINS),
    ]


def test_talk_to_the_customer_stands_ready(desk: World) -> None:
    owned(desk)
    escalates(desk)
    letter = desk.the("escalation", MONA)
    to, body = links(letter)["#take"]
    assert (to, body) == (letter.reply_to, "#take\n\n")
    desk.replies(MONA, letter, f"{body}We call you at noon.", to=to)
    assert "We call you at noon." in desk.the("reply", CAROL).text
    assert desk.ticket()["owner"] == "mona@example.com"


def test_to_give_it_to_somebody_who_knows_more_stands_ready(desk: World) -> None:
    owned(desk)
    escalates(desk)
    letter = desk.the("escalation", MONA)
    assert "Reassign to Lena Second" in letter.html
    assert not any("Anton" in each for each in links(letter))  # of the first level
    to, body = links(letter)["#assign Lena Second"]
    desk.replies(MONA, letter, body, to=to)
    assert desk.ticket()["owner"] == "lena@example.com"


def test_to_decline_stands_ready_with_words_for_the_customer(desk: World) -> None:
    owned(desk)
    escalates(desk)
    letter = desk.the("escalation", MONA)
    to, body = links(letter)["#level 1"]
    desk.replies(MONA, letter, body, to=to)
    text = desk.the("reply", CAROL).text
    assert "Hello Carol Jones," in text
    assert "#level" not in text
    assert "the escalation is taken back" in desk.the("receipt", MONA).text
    assert desk.ticket()["level"] == 1
    assert events(desk, "escalation_declined") == [("escalation_declined", "mona@example.com", "")]
    assert (due(desk, "triage"), due(desk, "engineering")) == (None, None)
    until(desk, "2026-03-20T08:00:00Z")
    assert desk.sent("escalation", "escalated") == []


def test_answers_of_agents_leave_triage_as_it_is(desk: World) -> None:
    owned(desk)
    escalates(desk)
    desk.replies(MONA, desk.the("escalation", MONA), "Which printer is it?")
    assert due(desk, "triage") == TRIAGE_ENDS


def test_the_due_list_and_receipts_tell_of_both(desk: World) -> None:
    owned(desk)
    escalates(desk)
    letter = desk.the("escalation", MONA)
    desk.replies(MONA, letter, "#note I look into it.")
    assert "Next: Triage ends, Tuesday, 3 March 2026, 09:00 (UTC)." in desk.the("receipt", MONA).text.splitlines()
    until(desk, TRIAGE_ENDS)
    desk.replies(MONA, letter, "#status")
    assert "Goes to engineering: Monday, 9 March 2026, 08:00 (UTC)" in desk.the("receipt", MONA).text.splitlines()
