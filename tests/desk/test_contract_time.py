"""The contract's sentences about time: what is done ahead of it, failures, and the rules before a ticket opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from maildesk.desk.post import Outbox
from maildesk.desk.sweep import Sweeper
from maildesk.reports.gathered import gathered
from maildesk.words import Delivery, Envelope, Settled
from tests.builders import ALICE, BOB, CAROL, START, SUPPORT, mail
from tests.desk.test_story_time import links, taps
from tests.desk.world import Sent, World, newest


def asked(desk: World, **fields: object) -> None:
    desk.receives(mail(CAROL, **fields))


def solved(desk: World, words: str = "#solved\nVersion 4.2 mends it.") -> Sent:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    return next(letter for letter in desk.sent() if letter.recipient == "carol@acme.example")


def runs_ahead(desk: World, **span: float) -> None:
    """As `due --at TIME --run`: the clock stays where it is."""
    desk.seen = desk.ask(newest)
    Sweeper(desk.desk).sweep(desk.now + timedelta(**span))


# due --at TIME --run


def test_everything_due_up_to_a_moment_ahead_is_done_each_as_of_its_own(desk: World) -> None:
    solved(desk)
    runs_ahead(desk, days=10)
    assert [letter.name for letter in desk.sent()] == ["closing_soon", "closed", "survey"]
    assert desk.ticket()["closed"] == "2026-03-04T09:00:00Z"


def test_letters_of_a_moment_ahead_stand_in_the_thread_as_of_it(desk: World) -> None:
    solved(desk)
    runs_ahead(desk, days=1, hours=1)
    desk.replies(CAROL, desk.the("closing_soon", CAROL), "It still stops at page 3.")
    said = [(each["at"], each["direction"]) for each in desk.ticket()["messages"]]
    assert said[-2:] == [("2026-03-03T09:00:00Z", "out"), ("2026-03-03T09:00:00Z", "in")]


def test_an_answer_after_a_breach_ahead_of_time_counts_as_late_and_once(world: Callable[..., World]) -> None:
    desk = world(contacts='2\nfirst_response = { 3 = "2h" }')
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    runs_ahead(desk, hours=3)
    desk.replies(ALICE, letter, "Which version?")
    until = desk.now + timedelta(days=1)
    first = desk.ask(lambda store: gathered(store, START, until, desk.config))["total"]["first_reply"]
    assert (first["count"], first["median"]) == (1, 120), "minutes, as the stamps of its ticket have it"
    assert (first["promised"], first["kept"], first["overdue"]) == (1, 0, 0)


def test_letters_of_a_moment_ahead_go_now(desk: World) -> None:
    solved(desk)
    runs_ahead(desk, days=10)
    assert len(Outbox(desk.desk).claim(50)) > 3


def test_a_mail_after_a_closing_ahead_of_time_opens_a_new_ticket(desk: World) -> None:
    letter = solved(desk)
    runs_ahead(desk, days=3)
    receipt = desk.replies(CAROL, letter, "It is broken again.")
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10002")
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]


def test_a_mark_after_a_survey_ahead_of_time_is_taken(desk: World) -> None:
    solved(desk)
    runs_ahead(desk, days=3)
    assert taps(desk, CAROL, desk.the("survey", CAROL), "4").outcome == "survey"
    assert desk.ticket()["survey"]["mark"] == 4


def test_a_survey_ahead_of_time_is_one_within_the_cap(desk: World) -> None:
    solved(desk)
    runs_ahead(desk, days=3)
    asked(desk, subject="Another matter")
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nThat is so.")
    assert desk.ticket("EX-10002")["status"] == "closed"
    desk.time_passes(hours=1)
    assert not desk.sent("survey")
    assert desk.ticket("EX-10002")["survey"] is None


def test_a_later_real_event_is_stamped_no_earlier_than_the_tickets_last(desk: World) -> None:
    solved(desk, "#pending\nWhich version?")
    runs_ahead(desk, days=6, hours=1)
    taps(desk, CAROL, desk.the("closing_soon", CAROL), "keep open")
    events = desk.ticket()["events"]
    assert [each["at"] for each in events] == sorted(each["at"] for each in events)
    assert events[-1]["at"] >= "2026-03-08T09:00:00Z"
    assert desk.ticket()["status"] == "open"


def test_after_running_ahead_a_second_answer_closes_two_days_after_it(desk: World) -> None:
    letter = solved(desk)
    runs_ahead(desk, days=1, hours=1)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#solved\nNow it works.")
    assert desk.ticket()["status"] == "solved"
    assert desk.ticket()["due"]["close"] == "2026-03-05T09:00:00Z"


# letters that fail


def fails(desk: World, name: str, status: str = "5.1.1") -> None:
    desk.seen = desk.ask(newest)
    outbox = Outbox(desk.desk)
    for parcel in outbox.claim(50):
        delivery = Delivery.FAILED if parcel.name == name else Delivery.SENT
        outbox.settle(parcel, Settled(delivery, "550 no such user", status))


def test_a_letter_that_the_relay_refuses_is_told_once_to_the_owner(desk: World) -> None:
    asked(desk)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "Which version is it?")
    fails(desk, "reply")
    letter = desk.the("agent_update", ALICE)
    assert "carol@acme.example" in letter.text
    assert "5.1.1" in letter.text
    desk.replies(ALICE, letter, "Do you read me?")
    fails(desk, "reply")
    assert desk.sent() == []


def test_without_an_owner_a_failure_is_told_to_the_queues_agents(desk: World) -> None:
    asked(desk)
    fails(desk, "acknowledgement")
    assert len(desk.sent("agent_update")) == 3


# sorting


def test_the_first_rule_that_matches_is_told(world: Callable[..., World]) -> None:
    rules = (
        '[[rule]]\nwhen = { subject = "Never" }\nthen = { severity = 4 }\n'
        '[[rule]]\nwhen = { header = { "X-Product" = "^Editor" }, from = "@acme" }\nthen = { severity = 2 }\n'
        '[[rule]]\nwhen = { body = "." }\nthen = { severity = 1 }\n'
    )
    desk = world(rules)
    content = mail(CAROL, headers={"X-Product": "Editor 4"})
    door = Envelope("deliver", desk.now, "carol@acme.example", (SUPPORT,))
    _, ruling = desk.desk.explain(content, door)
    assert "rule 2" in ruling.reason
    assert desk.rows() == []
    desk.receives(content)
    assert desk.ticket(desk.rows()[0]["ticket"])["severity"] == 2
    assert "rule 2" in desk.rows()[0]["reason"]


# closing


def test_closed_promises_a_survey_only_where_one_follows(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=3)
    assert "question" in desk.sent("closed")[0].text
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    desk.time_passes(days=3)
    assert desk.sent("survey") == []
    assert "question" not in desk.the("closed", CAROL).text


def test_closing_soon_has_a_key_and_two_links(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=1)
    letter = desk.the("closing_soon", CAROL)
    assert {address for address, _, _ in links(letter)} == {letter.reply_to}


def test_solved_by_the_customers_link_on_pending_sets_solved(desk: World) -> None:
    solved(desk, "#pending\nWhich version?")
    desk.time_passes(days=6)
    taps(desk, CAROL, desk.the("closing_soon", CAROL), "solved")
    assert desk.ticket()["status"] == "solved"


def test_any_participants_reply_reopens(desk: World) -> None:
    asked(desk, cc=BOB)
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solved\nDone.")
    desk.replies(BOB, desk.the("reply", BOB), "Not for me.")
    assert desk.ticket()["status"] == "open"


# a client's files


def test_a_logo_in_the_signature_makes_no_answer_of_a_command(desk: World) -> None:
    asked(desk)
    letter = desk.the("agent_ticket", ALICE)
    content = (
        f"From: {ALICE}\r\nTo: {letter.reply_to}\r\nSubject: Re: {letter.subject}\r\nMessage-ID: <logo@laptop>\r\n"
        f"In-Reply-To: {letter.message_id}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        '<p>#solved</p><p><img src="cid:logo@x"></p>\r\n--b\r\nContent-Type: image/png; name="logo.png"\r\n'
        "Content-Disposition: inline; filename=logo.png\r\nContent-ID: <logo@x>\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
    )
    receipt = desk.receives(content.encode())
    assert receipt.outcome == "command"
    assert {each.name for each in desk.sent()} == {"solved", "receipt"}
