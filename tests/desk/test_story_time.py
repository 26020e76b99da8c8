"""What time does: solved closes after two days, pending after seven, a reminder before, and then the survey."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.builders import ALICE, BOB, CAROL, mail
from tests.desk.world import Sent, World


def solved(desk: World, words: str = "#solved\nVersion 4.2 mends it.") -> Sent:
    """Carol asked, Alice answered and solved; gives Carol's letter."""
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), words)
    return next(letter for letter in desk.sent() if letter.recipient == parseaddr(CAROL)[1])


def surveyed(desk: World) -> Sent:
    solved(desk)
    desk.time_passes(days=3)
    return desk.the("survey", CAROL)


def links(letter: Sent) -> list[tuple[str, str, str]]:
    """Address, subject and body of each mailto: link, as a client fills them in (RFC 6068)."""
    found = []
    for link in re.findall(r'href="(mailto:[^"]+)"', letter.html):
        parts = urlsplit(link.replace("&amp;", "&"))
        fields = parse_qs(parts.query)
        found.append((unquote(parts.path), fields.get("subject", [""])[0], fields.get("body", [""])[0]))
    return found


def taps(desk: World, sender: str, letter: Sent, body: str):
    address, subject, text = next(link for link in links(letter) if link[2].strip() == body)
    return desk.receives(mail(sender, to=address, subject=subject, text=text))


# closing


def test_solved_closes_after_two_days_and_tells_the_customer(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=1, hours=23, minutes=59)
    assert desk.ticket()["status"] == "solved"
    desk.time_passes(minutes=1)
    assert desk.ticket()["status"] == "closed"
    assert desk.the("closed", CAROL)


def test_pending_closes_after_seven_days(desk: World) -> None:
    solved(desk, "#pending\nPlease send us the log.")
    desk.time_passes(days=6, hours=23)
    assert desk.ticket()["status"] == "pending"
    desk.time_passes(hours=1)
    assert desk.ticket()["status"] == "closed"


@pytest.mark.parametrize(("words", "days"), [("#solved\nDone.", 1), ("#pending\nWhich version?", 6)])
def test_a_day_before_it_closes_the_customer_is_reminded_once(desk: World, words: str, days: int) -> None:
    solved(desk, words)
    desk.time_passes(days=days, minutes=-1)
    assert desk.sent() == []
    desk.time_passes(minutes=1)
    assert [(letter.name, letter.recipient) for letter in desk.sent()] == [("closing_soon", "carol@acme.example")]
    desk.time_passes(hours=12)
    assert desk.sent() == []


def test_each_thing_is_stamped_with_the_moment_it_was_due_however_late_it_is_done(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=30)
    assert desk.ticket()["closed"] == "2026-03-04T09:00:00Z"


@pytest.mark.parametrize("words", ["#solved\nVersion 4.2 mends it.", "#pending\nWhich version?"])
def test_a_reply_before_that_reopens_and_returns_to_the_original_agent(desk: World, words: str) -> None:
    letter = solved(desk, words)
    desk.time_passes(days=1)
    desk.replies(CAROL, letter, "It still stops at page 3.")
    assert desk.ticket()["status"] == "open"
    assert {letter.recipient for letter in desk.sent("agent_update")} == {"alice@example.com"}
    desk.time_passes(days=30)
    assert desk.ticket()["status"] == "open"


def test_the_reminders_links_say_solved_or_keep_it_open(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=1)
    reminder = desk.the("closing_soon", CAROL)
    assert [body for _, _, body in links(reminder)[:2]] == ["solved", "keep open"]
    taps(desk, CAROL, reminder, "keep open")
    assert desk.ticket()["status"] == "open"


def test_the_solved_link_of_a_reminder_does_not_reopen(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=1)
    taps(desk, CAROL, desk.the("closing_soon", CAROL), "solved")
    assert desk.ticket()["status"] in ("solved", "closed")


def test_thanks_alone_do_not_reopen_a_solved_ticket(desk: World) -> None:
    letter = solved(desk)
    assert desk.replies(CAROL, letter, "Thank you very much!").outcome == "message"
    assert desk.ticket()["status"] == "solved"
    assert {one.recipient for one in desk.sent()} <= {"alice@example.com"}


def test_a_mail_for_a_closed_ticket_opens_a_new_one_linked_to_the_old(desk: World) -> None:
    letter = solved(desk)
    desk.time_passes(days=10)
    receipt = desk.replies(CAROL, letter, "It is broken again.")
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10002")
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]
    assert desk.ticket("EX-10001")["links"] == ["EX-10002"]
    assert desk.ticket("EX-10001")["status"] == "closed"


def test_a_ticket_closed_not_long_ago_is_reopened_where_the_desk_allows_it(world: Callable[..., World]) -> None:
    desk = world('[closing]\nreopen_for = "14d"\n')
    letter = solved(desk)
    desk.time_passes(days=10)
    assert desk.replies(CAROL, letter, "It is broken again.").ticket == "EX-10001"
    assert desk.ticket()["status"] == "open"


def test_the_times_of_closing_are_the_configurations(world: Callable[..., World]) -> None:
    desk = world('[closing]\nsolved_after = "4h"\nremind_before = "1h"\n')
    solved(desk)
    desk.time_passes(hours=3)
    assert [letter.name for letter in desk.sent()] == ["closing_soon"]
    desk.time_passes(hours=1)
    assert desk.ticket()["status"] == "closed"


# the survey


def test_the_closure_notice_is_followed_by_the_survey(desk: World) -> None:
    solved(desk)
    desk.time_passes(days=2)
    assert [letter.name for letter in desk.sent()] == ["closing_soon", "closed", "survey"]
    assert desk.ticket()["survey"]["mark"] is None


def test_an_agents_closing_is_told_and_surveyed_too(desk: World) -> None:
    solved(desk, "#closed")
    assert desk.ticket()["status"] == "closed"
    desk.time_passes(seconds=10)
    assert desk.the("survey", CAROL)


@pytest.mark.parametrize("mark", ["1", "3", "5"])
def test_a_mark_is_given_by_a_link(desk: World, mark: str) -> None:
    letter = surveyed(desk)
    assert taps(desk, CAROL, letter, mark).outcome == "survey"
    assert desk.ticket()["survey"]["mark"] == int(mark)
    assert desk.the("survey_thanks", CAROL)


def test_a_mark_is_given_by_a_reply_that_starts_with_it_and_the_words_after_it_are_kept(desk: World) -> None:
    letter = surveyed(desk)
    assert desk.replies(CAROL, letter, "4 - quick, but two mails too many").outcome == "survey"
    assert desk.ticket()["survey"]["mark"] == 4
    assert "two mails too many" in desk.ticket()["survey"]["comment"]


def test_a_mark_given_at_once_is_thanked_for_however_many_letters_came_before_it(desk: World) -> None:
    desk.receives(mail(CAROL, subject="Another matter"))
    solved(desk, "#closed")
    desk.time_passes(seconds=10)
    taps(desk, CAROL, desk.the("survey", CAROL), "5")
    assert desk.the("survey_thanks", CAROL)


def test_a_later_mark_replaces_an_earlier_one(desk: World) -> None:
    letter = surveyed(desk)
    taps(desk, CAROL, letter, "2")
    taps(desk, CAROL, letter, "5")
    assert desk.ticket()["survey"]["mark"] == 5


def test_yes_and_no_are_marks_where_the_queue_asks_so(world: Callable[..., World]) -> None:
    other = '[queue.other]\ntitle = "Other"\naddress = "other@example.com"\nsurvey = "yesno"\n'
    desk = world(other, queues='["technical", "other"]')
    desk.receives(mail(CAROL, to="other@example.com"))
    letters = desk.sent("agent_ticket", "alarm")
    assert letters
    mona = next(letter for letter in letters if letter.name == "agent_ticket")
    desk.replies(str(mona.message["To"]), mona, "#closed")
    desk.time_passes(seconds=10)
    survey = desk.the("survey", CAROL)
    assert [body for _, _, body in links(survey)[:2]] == ["yes", "no"]
    taps(desk, CAROL, survey, "no")
    assert desk.ticket()["survey"]["mark"] == 1


def test_a_survey_is_answered_by_its_reader_alone(desk: World) -> None:
    letter = surveyed(desk)
    assert desk.replies(BOB, letter, "1").outcome != "survey"
    assert desk.ticket()["survey"]["mark"] is None


def test_a_survey_cannot_be_answered_after_thirty_days(desk: World) -> None:
    letter = surveyed(desk)
    desk.time_passes(days=31)
    assert desk.replies(CAROL, letter, "5").reason == "the survey is over"
    assert desk.ticket()["survey"]["mark"] is None


def test_a_contact_is_not_asked_more_often_than_every_thirty_days(desk: World) -> None:
    surveyed(desk)
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(days=1)
    assert desk.sent("survey") == []


def test_a_low_mark_is_told_to_the_owner(desk: World) -> None:
    taps(desk, CAROL, surveyed(desk), "1")
    assert desk.the("agent_update", ALICE)
