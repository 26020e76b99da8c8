"""A customer argues how grave a running ticket is: agents are asked, the severity stays, critical calls somebody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from maildesk.desk.post import Outbox
from tests.builders import ALICE, BOB, CAROL, DAVE, STRANGER, mail
from tests.desk.test_story_consult import PASS, TRUSTS
from tests.desk.test_story_digest import CALENDARS, PEOPLE
from tests.desk.test_story_severity import ANNOUNCED, DOWN, PAGED, paged
from tests.desk.test_story_time import links, taps
from tests.desk.world import Sent, World, reply_to

DIGESTS = PEOPLE.replace('calendar = "boston"', 'calendar = "boston"\nnotices = "digest"')


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(PAGED)


def opened(desk: World, **fields: object) -> Sent:
    desk.receives(mail(CAROL, **fields))
    return desk.the("acknowledgement")


def asked(desk: World, reference: str = "EX-10001") -> list[tuple[str, str]]:
    """Which severities were asked for, and by whom."""
    events = desk.ticket(reference)["events"]
    return [(event["detail"], event["by"]) for event in events if event["event"] == "severity_asked"]


# what a line asks for


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Severity: high\n\nAll of us wait for it.", "2"),
        ("Priority: 1\n\nAll of us wait for it.", "1"),
        ("priority: urgent", "1"),
        ("Hello Alice,\n\nSeverity: low\n\nNo hurry.", "4"),
        ("Version: 4.2\nSeverity: high\n\nAll of us wait.", "2"),
        ("Dringlichkeit: kritisch\n\nAlle warten.", "1"),
        ("Guten Tag,\n\nPriorität: hoch\n\nAlle warten.", "2"),
        ("Priorita\u0308t: niedrig\n\nEs eilt nicht.", "4"),
        ("Schweregrad: 2", "2"),
        ("escalate EX-10001\nSeverity: high\n\nAll of us wait.", "2"),
    ],
)
def test_a_first_line_in_a_later_mail_asks_for_a_severity_and_sets_none(desk: World, text: str, severity: str) -> None:
    desk.replies(CAROL, opened(desk), text)
    assert asked(desk) == [(severity, "carol@acme.example")]
    assert desk.ticket()["severity"] == 3


@pytest.mark.parametrize(
    "text",
    [
        "Severity: medium\n\nAs it was.",
        "It stops at page 4, too.\nSeverity: high",
        "Severity: purple",
        "Priority: 10",
        "The severity: high",
        "Here is the log:\n\n> Severity: high\n",
        "-------- Forwarded Message --------\nSubject: x\nDate: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "From: Dave <dave@acme.example>\nTo: carol@acme.example\n\nSeverity: critical\nThe site is down.\n",
    ],
)
def test_what_stands_below_in_quotes_or_is_passed_on_asks_for_nothing(desk: World, text: str) -> None:
    desk.replies(CAROL, opened(desk), text)
    assert asked(desk) == []
    assert paged(desk) == []
    assert "asks for severity" not in desk.sent("agent_update")[0].text


def test_agents_read_what_is_asked_for_and_set_it_with_one_tap(desk: World) -> None:
    desk.replies(CAROL, opened(desk), "Severity: high\n\nAll of us wait for it.")
    letter = desk.the("agent_update", ALICE)
    assert "Carol Jones asks for severity 2 (high);" in letter.text
    assert "it is 3 (medium) and stays so until one of you sets it" in letter.text
    assert "All of us wait for it." in letter.text
    taps(desk, ALICE, letter, "#severity 2")
    assert desk.ticket()["severity"] == 2
    assert desk.the("receipt", ALICE)


def test_or_leave_it_with_words_to_the_customer(desk: World) -> None:
    desk.replies(CAROL, opened(desk), "Severity: high\n\nAll of us wait for it.")
    letter = desk.the("agent_update", ALICE)
    [decline] = [link for link in links(letter) if link[2].startswith("We keep")]
    address, subject, begun = decline
    desk.receives(mail(ALICE, to=address, subject=subject, text=f"{begun} a restart helps for now."))
    assert "We keep the severity at medium, because a restart helps for now." in desk.the("reply", CAROL).text
    assert desk.ticket()["severity"] == 3


def test_the_customer_is_told_nothing_automatic(desk: World) -> None:
    letter = opened(desk)
    for number in range(3):
        desk.replies(CAROL, letter, f"Severity: {2 - number % 2}\n\nAll of us wait for it.")
        assert not [each for each in desk.sent() if each.recipient == "carol@acme.example"]


def test_the_acknowledgement_states_severity_and_meaning_and_how_to_argue_it(desk: World) -> None:
    letter = opened(desk)
    text = " ".join(letter.text.split())
    assert "Severity: medium. A small part of the service is lost." in text
    assert 'begin a reply with "Severity: high" and say why' in text
    assert [body for _, _, body in links(letter) if body.startswith("Severity")] == [
        "Severity: critical",
        "Severity: high",
        "Severity: low",
    ]
    taps(desk, CAROL, letter, "Severity: high")
    assert asked(desk) == [("2", "carol@acme.example")]


def test_and_so_it_does_in_german(desk: World) -> None:
    desk.receives(mail(BOB))
    letter = desk.the("acknowledgement", BOB)
    assert "„Dringlichkeit: hoch“" in letter.text
    taps(desk, BOB, letter, "Dringlichkeit: niedrig")
    assert asked(desk) == [("4", "bob@acme.example")]


def test_any_participant_may_argue(desk: World) -> None:
    opened(desk, cc=DAVE)  # of the organisation, and no contact
    desk.receives(mail(DAVE, subject="[EX-10001] The export fails", text="Severity: high\n\nIt is ours, too."))
    assert asked(desk) == [("2", "dave@acme.example")]


def test_who_argues_about_what_is_solved_opens_it_again_and_asks(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nVersion 4.2 mends it.")
    desk.replies(CAROL, desk.the("reply"), "Severity: high\n\nIt does not.")
    assert desk.ticket()["status"] == "open"
    assert "asks for severity 2" in desk.the("agent_update", ALICE).text


def test_agents_who_read_digests_are_told_at_once_of_what_would_be_grave(world: Callable[..., World]) -> None:
    desk = world(PAGED + CALENDARS, people=DIGESTS)
    letter = opened(desk)
    desk.replies(CAROL, letter, "One thing more.")
    assert "anton@example.com" not in {each.recipient for each in desk.sent("agent_update")}
    desk.replies(CAROL, letter, "Severity: critical\n\nAll of us wait.")
    assert "anton@example.com" in {each.recipient for each in desk.sent("agent_update")}


# strangers and robots


def test_a_strangers_line_asks_for_nothing(desk: World) -> None:
    letter = opened(desk)
    desk.replies(STRANGER, letter, "Severity: critical\n\nI want it, too.")
    assert (asked(desk), paged(desk)) == ([], [])


@pytest.mark.parametrize("field", [("Auto-Submitted", "auto-replied"), ("Precedence", "bulk")])
def test_a_robots_line_asks_for_nothing(desk: World, field: tuple[str, str]) -> None:
    letter = opened(desk)
    desk.receives(mail(CAROL, to=letter.reply_to, text="Severity: critical", headers=dict([field])))
    assert (asked(desk), paged(desk)) == ([], [])


# critical


def test_asking_for_severity_1_calls_somebody_at_once_and_at_any_hour(desk: World) -> None:
    letter = opened(desk)
    desk.time_passes(hours=18)  # it is 3 in the night
    desk.replies(CAROL, letter, "Priority: 1\n\nNow all of us stand still.")
    [text] = paged(desk)
    assert "EX-10001: Carol Jones asks for severity 1: The export fails" in text
    assert desk.ticket()["severity"] == 3


def test_once_a_ticket_and_day_however_often_it_is_asked(desk: World) -> None:
    letter = opened(desk)
    calls = 0
    for _ in range(12):  # every three hours, a day and a half
        desk.replies(CAROL, letter, "Priority: 1\n\nWe still wait.")
        calls += len(paged(desk))
        desk.time_passes(hours=3)
    assert calls == 2
    other = opened(desk, subject="The import fails")
    desk.replies(CAROL, other, "Priority: 1\n\nThis, too.")
    assert len(paged(desk)) == 1


def test_who_is_no_contact_calls_nobody(desk: World) -> None:
    opened(desk, cc=DAVE)
    desk.receives(mail(DAVE, subject="[EX-10001] The export fails", text="Severity: critical"))
    assert asked(desk) == [("1", "dave@acme.example")]
    assert paged(desk) == []


def test_nor_does_a_writer_whom_our_mail_servers_do_not_vouch_for(world: Callable[..., World]) -> None:
    desk = world(PAGED + TRUSTS)
    desk.receives(PASS + mail(CAROL), verdicts=True)
    content = reply_to(CAROL, desk.the("acknowledgement"), "Priority: 1\n\nAll of us wait.")
    desk.receives(PASS.replace(b"=pass", b"=none") + content, verdicts=True)
    assert (asked(desk), paged(desk)) == ([("1", "carol@acme.example")], [])
    content = content.replace(b"Message-ID: <", b"Message-ID: <2")
    desk.receives(PASS + content, verdicts=True)
    assert len(paged(desk)) == 1


def test_an_outage_told_in_a_running_ticket_asks_for_severity_1_and_calls(desk: World) -> None:
    desk.replies(CAROL, opened(desk), "And now the whole site is down, nobody can log in.")
    assert asked(desk) == [("1", "carol@acme.example")]
    assert "That sounds like an outage, severity 1 (critical);" in desk.the("agent_update", ALICE).text
    assert len(paged(desk)) == 1


def test_but_not_while_work_was_announced_nor_where_it_is_critical_already(world: Callable[..., World]) -> None:
    desk = world(PAGED + ANNOUNCED)
    letter = opened(desk)
    desk.replies(CAROL, letter, "And now the whole site is down.")
    assert (asked(desk), paged(desk)) == ([], [])
    desk.time_passes(hours=4)
    desk.replies(CAROL, letter, "The site is still down.")
    assert (len(asked(desk)), len(paged(desk))) == (1, 1)


def test_a_critical_ticket_that_a_contact_opens_again_calls_once_a_day(desk: World) -> None:
    desk.receives(DOWN)
    first = desk.the("agent_ticket", ALICE)
    for calls in (1, 0):
        desk.replies(ALICE, first, "#solved\nIt is up again.")
        answer = desk.the("reply", CAROL)
        desk.time_passes(hours=2)
        desk.replies(CAROL, answer, "No, it is not.")
        assert len(paged(desk)) == calls
    assert desk.ticket()["status"] == "open"


def test_who_escalates_by_a_new_mail_and_says_that_it_is_critical_calls_too(desk: World) -> None:
    opened(desk)
    for calls in (1, 0):
        desk.receives(mail(CAROL, subject="Help", text="escalate EX-10001\nSeverity: critical\n\nAll of us wait."))
        assert len(paged(desk)) == calls
    assert [severity for severity, _ in asked(desk)] == ["1", "1"]


def test_the_history_says_who_asked_and_that_somebody_was_called(desk: World) -> None:
    desk.replies(CAROL, opened(desk), "Severity: critical")
    told = [(event["event"], event["by"]) for event in desk.ticket()["events"]][-2:]
    assert told == [("severity_asked", "carol@acme.example"), ("paged", "maildesk")]


# many at once


def further(desk: World) -> list[tuple[str, timedelta]]:
    """The calls that wait for each other: their text, and how long from now they do."""
    where = "SELECT unwritten, next_try FROM letter WHERE name = 'alarm' AND state = 'waiting' AND next_try > ?"
    now = int(desk.now.timestamp() * 1_000_000)
    rows = desk.ask(lambda store: list(store.all(where, (now,))))
    return [(order, timedelta(microseconds=at - now)) for order, at in rows]


def test_no_outage_is_kept_from_those_on_call_however_many_there_are(desk: World) -> None:
    calls = 0
    for number in range(12):
        desk.receives(mail(CAROL, subject=f"Our website {number} is down"))
        calls += len(paged(desk)) if number < 5 else 0
    assert calls == 5
    [(order, wait)] = further(desk)
    assert wait == timedelta(minutes=10)
    for number in range(5, 12):
        assert f"EX-{10001 + number} is critical: Our website {number} is down" in order
    assert all("suppressed" not in row["reason"] or "acknowledgement" in row["reason"] for row in desk.rows())


def test_what_was_gathered_goes_in_one_letter_and_later_ones_in_another(desk: World) -> None:
    for number in range(7):
        desk.receives(mail(CAROL, subject=f"Our website {number} is down"))
    assert len(further(desk)) == 1
    desk.now += timedelta(minutes=11)
    assert further(desk) == []  # its turn has come
    desk.receives(mail(CAROL, subject="Our portal is down"))
    [(order, _)] = further(desk)
    assert "Our portal" in order
    assert "Our website" not in order
    [letter] = desk.sent("alarm")
    assert letter.subject == "Example Support: further critical tickets"


def test_the_postman_gets_it_when_its_ten_minutes_are_over(desk: World) -> None:
    for number in range(8):
        desk.receives(mail(CAROL, subject=f"Our website {number} is down"))
    outbox = Outbox(desk.desk)
    assert [each.name for each in outbox.claim(500)].count("alarm") == 5
    desk.now += timedelta(minutes=10)
    [parcel] = [each for each in outbox.claim(500) if each.name == "alarm"]
    assert parcel.recipient == "pager@example.com"
    assert [number for number in range(8) if f"website {number} is down".encode() in parcel.body] == [5, 6, 7]


def test_an_hour_later_each_calls_at_once_again(desk: World) -> None:
    for number in range(6):
        desk.receives(mail(CAROL, subject=f"Our website {number} is down"))
    desk.now += timedelta(minutes=71)
    desk.receives(mail(CAROL, subject="Our portal is down"))
    assert further(desk) == []
    assert len(paged(desk)) == 1


def test_two_on_call_hear_of_as_many_as_one(world: Callable[..., World]) -> None:
    desk = world('[escalation]\npage = ["pager@example.com", "second@example.com"]\n')
    for number in range(5):
        desk.receives(mail(CAROL, subject=f"Our website {number} is down"))
        assert {each.recipient for each in desk.sent("alarm")} == {"pager@example.com", "second@example.com"}
        assert further(desk) == []
    desk.receives(mail(CAROL, subject="Our portal is down"))
    assert len(further(desk)) == 2
