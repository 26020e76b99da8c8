"""What customers say of an appointment: by the answer of their calendars, or by choosing one of the times offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.builders import ALICE, BOB, CAROL, STRANGER, SUPPORT, mail
from tests.desk.appointed import BERLIN, CHARGED, PEOPLE, answers, events, invitation, told
from tests.desk.world import Sent, World

GIL = "Gil Glow <gil@globex.example>"


@pytest.fixture
def berlin(world: Callable[..., World]) -> World:
    return world(BERLIN, people=PEOPLE)


def invited(desk: World, *more: str) -> Sent:
    told(desk, "#appointment 3.3. 14:00 1h", *more)
    return desk.the("appointment", "carol@acme.example")


@pytest.mark.parametrize(
    ("answer", "event", "words"),
    [
        ("ACCEPTED", "appointment_accepted", "Carol Jones comes to the appointment"),
        ("DECLINED", "appointment_declined", "Carol Jones does not come to the appointment"),
    ],
)
def test_the_calendars_answer_is_recorded_and_told(berlin: World, answer: str, event: str, words: str) -> None:
    letter = invited(berlin)
    receipt = answers(berlin, CAROL, letter, answer, "I am on a train.")
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    assert events(berlin) == ["appointment_set", event]
    update = berlin.the("agent_update")
    assert (update.recipient, len(berlin.sent())) == ("alice@example.com", 1)
    assert words in update.text
    assert "2026-03-03 14:00-15:00 Europe/Berlin" in update.text
    assert "I am on a train." in update.text


def test_words_beside_the_calendars_answer_reach_the_agent(berlin: World) -> None:
    answers(berlin, CAROL, invited(berlin), "DECLINED", beside="The server burns, please call me now.")
    update = berlin.the("agent_update").text
    assert "Carol Jones does not come to the appointment" in update
    assert "The server burns, please call me now." in update


def test_it_is_no_message_and_opens_nothing_again(berlin: World) -> None:
    letter = invited(berlin, "#solved")
    before = berlin.ticket()
    answers(berlin, CAROL, letter, "ACCEPTED")
    after = berlin.ticket()
    assert (after["status"], len(after["messages"])) == ("solved", len(before["messages"]))


def test_who_may_come_is_told_and_changes_nothing(berlin: World) -> None:
    answers(berlin, CAROL, invited(berlin), "TENTATIVE")
    assert "Carol Jones may come" in berlin.the("agent_update").text
    assert events(berlin) == ["appointment_set"]


def test_the_marks_of_a_robot_do_not_hide_it(berlin: World) -> None:
    answers(berlin, CAROL, invited(berlin), "ACCEPTED", headers={"Auto-Submitted": "auto-generated"})
    assert events(berlin) == ["appointment_set", "appointment_accepted"]
    assert berlin.the("agent_update").recipient == "alice@example.com"


def test_the_same_answer_again_is_no_news(berlin: World) -> None:
    letter = invited(berlin)
    answers(berlin, CAROL, letter, "ACCEPTED")
    assert answers(berlin, CAROL, letter, "ACCEPTED").outcome == "request"
    assert not berlin.sent()
    answers(berlin, CAROL, letter, "DECLINED")
    assert events(berlin)[1:] == ["appointment_accepted", "appointment_declined"]


def test_who_declined_is_not_waited_for(berlin: World) -> None:
    answers(berlin, CAROL, invited(berlin), "DECLINED")
    berlin.time_passes(days=3)
    assert not berlin.sent("due_soon")


def test_an_answer_to_a_time_that_was_moved_is_no_news(berlin: World) -> None:
    letter = invited(berlin)
    berlin.replies(ALICE, berlin.the("receipt"), "#appointment 4.3. 9:00 1h")
    answers(berlin, CAROL, letter, "ACCEPTED")
    assert events(berlin) == ["appointment_set", "appointment_moved"]
    assert not berlin.sent()


def test_a_copys_answer_is_recorded_and_the_requesters_stands(berlin: World) -> None:
    told(berlin, "#cc +bob@acme.example", "#appointment 3.3. 14:00 1h")
    bob, carol = (berlin.the("appointment", each) for each in ("bob@acme.example", "carol@acme.example"))
    answers(berlin, CAROL, carol, "ACCEPTED")
    answers(berlin, BOB, bob, "DECLINED")
    assert "Bob Brown does not come" in berlin.the("agent_update").text
    assert events(berlin)[1:] == ["appointment_accepted", "appointment_declined"]
    berlin.time_passes(days=2)
    assert berlin.the("due_soon").recipient == "alice@example.com"


def test_who_keeps_it_hears_beside_the_owner(berlin: World) -> None:
    letter = invited(berlin, "#assign Anton")
    answers(berlin, CAROL, letter, "ACCEPTED")
    assert {each.recipient for each in berlin.sent("agent_update")} == {"alice@example.com", "anton@example.com"}


@pytest.mark.parametrize("writer", [STRANGER, GIL])
def test_an_outsider_answers_for_nobody(berlin: World, writer: str) -> None:
    answers(berlin, writer, invited(berlin), "DECLINED")
    assert events(berlin) == ["appointment_set"]
    assert not berlin.sent("agent_update")


def test_an_answer_to_another_invitation_is_none_to_ours(berlin: World) -> None:
    answers(berlin, CAROL, invited(berlin), "DECLINED", uid="somebody-elses@acme.example")
    assert events(berlin) == ["appointment_set"]


def test_spam_and_forgers_answer_nothing(world: Callable[..., World]) -> None:
    desk = world(BERLIN + '[gate]\nspam_header = "X-Spam-Flag: YES"\n', people=PEOPLE)
    answers(desk, CAROL, invited(desk), "DECLINED", headers={"X-Spam-Flag": "YES"})
    assert events(desk) == ["appointment_set"]


# what is offered


def offered(desk: World, command: str = "#offer 1h") -> Sent:
    told(desk, command)
    return desk.the("appointment", "carol@acme.example")


def times(letter: Sent) -> list[str]:
    return [line.partition(": ")[2] for line in letter.text.splitlines() if line[:3] in ("1: ", "2: ", "3: ")]


def tap(letter: Sent, number: int) -> str:
    """The body of a link in the letter."""
    from urllib.parse import parse_qs, urlsplit

    links = [each.partition('"')[0] for each in letter.html.split('href="')[1:]]
    bodies = [parse_qs(urlsplit(link.replace("&amp;", "&")).query)["body"][0] for link in links]
    return next(each for each in bodies if each.startswith(f"{number} ("))


def test_three_free_times_on_different_half_days_are_offered(berlin: World) -> None:
    letter = offered(berlin)
    assert times(letter) == [
        "Monday, 2 March 2026, 10:00 (UTC)",
        "Monday, 2 March 2026, 12:00 (UTC)",
        "Tuesday, 3 March 2026, 08:00 (UTC)",
    ]
    assert events(berlin) == ["appointment_offered"]
    assert "offered: 2026-03-02 11:00-12:00 Europe/Berlin;" in berlin.the("receipt").text


def test_they_lie_inside_the_plans_hours_too(world: Callable[..., World]) -> None:
    late = BERLIN + '[calendar.late]\ntime_zone = "UTC"\nhours = { tue-thu = "14:00-20:00" }\n'
    desk = world(late, people=PEOPLE, survey='true\ncalendar = "late"')
    assert times(offered(desk)) == [
        "Tuesday, 3 March 2026, 14:00 (UTC)",
        "Wednesday, 4 March 2026, 14:00 (UTC)",
        "Thursday, 5 March 2026, 14:00 (UTC)",
    ]


def test_without_any_hours_nobody_is_asked_to_come_at_night(desk: World) -> None:
    assert times(offered(desk))[1:] == ["Monday, 2 March 2026, 12:00 (UTC)", "Tuesday, 3 March 2026, 09:00 (UTC)"]


def test_they_are_free_of_the_agents_other_appointments(berlin: World) -> None:
    told(berlin, "#appointment 2.3. 10:30 3h")
    berlin.receives(mail(BOB))
    berlin.replies(ALICE, berlin.the("agent_ticket", "alice@example.com"), "#offer 1h")
    assert "13:30 Uhr (MEZ)" in berlin.the("appointment").text


def test_the_tap_makes_the_appointment(berlin: World) -> None:
    letter = offered(berlin)
    receipt = berlin.replies(CAROL, letter, tap(letter, 2))
    assert (receipt.outcome, receipt.ticket) == ("request", "EX-10001")
    event = invitation(berlin.the("appointment"))
    assert (event["METHOD"], event["DTSTART"].dt) == ("REQUEST", datetime(2026, 3, 2, 12, tzinfo=UTC))
    update = berlin.the("agent_update")
    assert update.recipient == "alice@example.com"
    assert "Carol Jones has chosen a time" in update.text
    assert "2026-03-02 13:00-14:00 Europe/Berlin" in update.text
    assert events(berlin) == ["appointment_offered", "appointment_set"]
    berlin.time_passes(hours=4)
    assert berlin.the("due_soon").recipient == "alice@example.com"


@pytest.mark.parametrize(
    "words", ["3", " 3. ", "#3", "Option 3", "Nummer 3!", "Tuesday, 3 March 2026, 08:00 (UTC)", "3.3. 8:00", "08:00"]
)
def test_a_number_or_the_time_in_the_first_line_makes_it_too(berlin: World, words: str) -> None:
    berlin.replies(CAROL, offered(berlin), words)
    assert invitation(berlin.the("appointment"))["DTSTART"].dt == datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "words", ["4", "None of them suits me.", "3 people will come", "Tuesday at 15:00?", "1 or 2", "12:30"]
)
def test_any_other_words_are_a_message(berlin: World, words: str) -> None:
    assert berlin.replies(CAROL, offered(berlin), words).outcome == "message"
    assert events(berlin) == ["appointment_offered"]


@pytest.mark.parametrize("words", ["2\n\nCarol", "2\nThanks a lot!\n\nKind regards\nCarol Jones", "2\r\n\r\nThank you"])
def test_thanks_and_a_name_below_the_choice_are_no_words(berlin: World, words: str) -> None:
    assert berlin.replies(CAROL, offered(berlin), words).outcome == "request"
    assert "appointment_set" in events(berlin)


def test_words_below_the_choice_reach_the_agent_and_the_thread(berlin: World) -> None:
    assert berlin.replies(CAROL, offered(berlin), "2\n\nPlease call my mobile.").outcome == "message"
    assert "Please call my mobile." in berlin.the("agent_update").text
    assert "Please call my mobile." in berlin.ticket()["messages"][-2]["text"] + berlin.ticket()["messages"][-1]["text"]
    assert invitation(berlin.the("appointment"))["METHOD"] == "REQUEST"


@pytest.mark.parametrize("status", ["pending", "solved"])
@pytest.mark.parametrize("number", ["2", "1"])
def test_they_open_it_again_like_any_other_reply_and_a_choice_alone_does_not(
    berlin: World, status: str, number: str
) -> None:
    letter = offered(berlin, f"#{status}\n#offer 1h")
    berlin.time_passes(hours=2)  # the first of the times is over by then
    berlin.replies(CAROL, letter, number)
    assert berlin.ticket()["status"] == status
    berlin.replies(CAROL, letter, f"{number}\n\nIt happens on the server, too.")
    assert (berlin.ticket()["status"], berlin.ticket()["due"]["close"]) == ("open", None)
    berlin.time_passes(days=8)
    assert not berlin.sent("closed", "closing_soon")


def test_the_first_answer_wins(berlin: World) -> None:
    told(berlin, "#cc +bob@acme.example", "#offer 1h")
    carol, bob = (berlin.the("appointment", each) for each in ("carol@acme.example", "bob@acme.example"))
    berlin.replies(BOB, bob, "1")
    assert {each.recipient for each in berlin.sent("appointment")} == {"carol@acme.example", "bob@acme.example"}
    berlin.replies(CAROL, carol, tap(carol, 2))
    letter = berlin.the("appointment")
    assert letter.recipient == "carol@acme.example"
    assert "is made already" in letter.text
    assert "Monday, 2 March 2026, 10:00 (UTC)" in letter.text
    assert events(berlin) == ["appointment_offered", "appointment_set"]


def test_who_taps_again_and_again_is_answered_as_often_as_others_who_ask(berlin: World) -> None:
    letter = offered(berlin)
    berlin.replies(CAROL, letter, "1")
    told_ = []
    for _ in range(9):
        berlin.replies(CAROL, letter, tap(letter, 2))
        told_ += berlin.sent("appointment")
    assert 0 < len(told_) < 5
    assert "acks_per_contact" in berlin.rows()[-1]["reason"]


def test_a_time_that_was_taken_meanwhile_is_told_with_what_is_free(berlin: World) -> None:
    letter = offered(berlin)
    berlin.receives(mail(BOB))
    berlin.replies(ALICE, berlin.the("agent_ticket", "alice@example.com"), "#appointment 2.3. 13:00 4h")
    berlin.replies(CAROL, letter, tap(letter, 2))
    told_ = berlin.the("appointment")
    assert "that time is not free any more" in told_.text
    assert times(told_) == ["Monday, 2 March 2026, 10:00 (UTC)", "Tuesday, 3 March 2026, 08:00 (UTC)"]
    berlin.replies(CAROL, told_, "2")
    assert invitation(berlin.the("appointment"))["DTSTART"].dt == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_when_all_are_over_new_ones_are_offered(berlin: World) -> None:
    letter = offered(berlin)
    berlin.time_passes(days=7)
    berlin.replies(CAROL, letter, tap(letter, 1))
    told_ = berlin.the("appointment")
    assert times(told_)[0] == "Monday, 9 March 2026, 10:00 (UTC)"
    berlin.replies(CAROL, told_, tap(told_, 1))
    assert events(berlin)[-1] == "appointment_set"


def test_when_they_are_over_and_nothing_else_is_free_that_is_said(world: Callable[..., World]) -> None:
    rare = BERLIN + '[calendar.rare]\ntime_zone = "UTC"\nhours = {}\nopen = ["2026-03-03 14:00-15:00"]\n'
    desk = world(rare, people=PEOPLE, survey='true\ncalendar = "rare"')
    letter = offered(desk)
    assert times(letter) == ["Tuesday, 3 March 2026, 14:00 (UTC)"]
    desk.time_passes(days=7)
    desk.replies(CAROL, letter, tap(letter, 1))
    assert (desk.rows()[-1]["reason"], times(desk.the("appointment"))) == ("no appointment: withdrawn", [])


def test_a_number_of_an_earlier_letter_is_not_taken_for_one_of_the_later(berlin: World) -> None:
    letter = offered(berlin)
    receipt = berlin.the("receipt")
    berlin.time_passes(days=2)
    berlin.replies(ALICE, receipt, "#offer 1h")
    berlin.replies(CAROL, letter, "3")
    assert "not free any more" in berlin.the("appointment").text
    assert "appointment_set" not in events(berlin)


def test_what_was_offered_is_taken_back(berlin: World) -> None:
    letter = offered(berlin)
    berlin.replies(ALICE, berlin.the("receipt"), "#cancel")
    assert "do not\nhold any more" in berlin.the("appointment").text.replace("\r\n", "\n")
    berlin.replies(CAROL, letter, tap(letter, 1))
    assert "hold any more" in berlin.the("appointment").text
    assert "appointment_set" not in events(berlin)


def test_another_time_may_be_offered_for_one_that_stands(berlin: World) -> None:
    first = invited(berlin)
    berlin.replies(ALICE, berlin.the("receipt"), "#offer 1h")
    letter = berlin.the("appointment")
    assert answers(berlin, CAROL, first, "ACCEPTED").outcome == "request"
    berlin.replies(CAROL, letter, "1")
    moved = invitation(berlin.the("appointment"))
    assert (moved["UID"], moved["SEQUENCE"]) == (invitation(first)["UID"], 1)
    assert events(berlin)[-1] == "appointment_moved"


@pytest.mark.parametrize("writer", [STRANGER, GIL, BOB])
def test_only_who_got_the_letter_chooses(berlin: World, writer: str) -> None:
    letter = offered(berlin)
    berlin.replies(writer, letter, tap(letter, 1))
    assert "appointment_set" not in events(berlin)


def test_who_takes_part_no_more_chooses_nothing_with_his_key(berlin: World) -> None:
    told(berlin, "#cc +sam@elsewhere.example", "#offer 1h")
    letter = berlin.the("appointment", "sam@elsewhere.example")
    berlin.replies(ALICE, berlin.the("receipt"), "#cc -sam@elsewhere.example")
    berlin.replies(STRANGER, letter, tap(letter, 1))
    assert events(berlin) == ["appointment_offered"]


def test_a_choice_without_the_letters_key_is_an_ordinary_message(berlin: World) -> None:
    offered(berlin)
    berlin.receives(mail(CAROL, SUPPORT, "[EX-10001] The export fails", "1"))
    assert "appointment_set" not in events(berlin)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("#offer", "cannot be read so; did you mean #offer 1h?"),
        ("#offer 1", "cannot be read so"),
        ("#offer 25h", "is longer than a day"),
        ("#offer 5h", "finds no free time"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(berlin: World, command: str, why: str) -> None:
    assert why in told(berlin, command).text
    assert events(berlin) == []


# what it costs


def test_in_a_charged_plan_what_was_held_costs_incidents(world: Callable[..., World]) -> None:
    desk = world(BERLIN, people=PEOPLE, survey=CHARGED.partition("= ")[2])
    told(desk, "#appointment 3.3. 14:00 1h")
    desk.time_passes(days=2)
    desk.replies(ALICE, desk.the("due_soon"), "#held 1h35m")
    assert "4" in _charged(desk)
    assert desk.ticket()["time_worked"] == 95


def test_a_noshow_costs_nothing(world: Callable[..., World]) -> None:
    desk = world(BERLIN, people=PEOPLE, survey=CHARGED.partition("= ")[2])
    told(desk, "#appointment 3.3. 14:00 1h")
    desk.time_passes(days=2)
    desk.replies(ALICE, desk.the("due_soon"), "#noshow")
    assert _charged(desk) == []


def _charged(desk: World) -> list[str]:
    return [each["detail"] for each in desk.ticket()["events"] if each["event"] == "charged"]
