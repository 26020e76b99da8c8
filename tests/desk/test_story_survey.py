"""The survey, wholly by mail: how it is answered, whose answer counts and until when, who hears of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from maildesk.reports.gathered import gathered
from tests.builders import ALICE, BOB, CAROL, SUPPORT, mail
from tests.desk.test_story_consult import PASS, TRUSTS
from tests.desk.test_story_time import links, solved, surveyed, taps
from tests.desk.world import Sent, World

REASONS = """
[survey]
reasons = ["too slow", "not solved", "hard to understand"]
"""
CAROL_TOO = "Carol Jones <carol.jones@acme.example>"
YESNO = '[queue.other]\ntitle = "Other"\naddress = "other@example.com"\nsurvey = "yesno"\n'


@pytest.fixture
def asks(world: Callable[..., World]) -> World:
    return world(REASONS)


def mark(desk: World, reference: str = "EX-10001") -> tuple[int | None, str]:
    survey = desk.ticket(reference)["survey"]
    return survey["mark"], survey["comment"]


def reasons(desk: World) -> list[str]:
    [row] = desk.ask(lambda store: list(store.all("SELECT reasons FROM survey WHERE mark IS NOT NULL")))
    return [str(row[0])]


def yesno(world: Callable[..., World], more: str = REASONS) -> tuple[World, Sent]:
    desk = world(YESNO + more, queues='["technical", "other"]')
    desk.receives(mail(CAROL, to="other@example.com"))
    letter = next(each for each in desk.sent("agent_ticket"))
    desk.replies(str(letter.message["To"]), letter, "#closed")
    desk.time_passes(seconds=10)
    return desk, desk.the("survey", CAROL)


# how it is answered


def test_there_is_a_link_for_each_mark_and_each_opens_a_mail_of_its_own(desk: World) -> None:
    letter = surveyed(desk)
    assert [body for _, _, body in links(letter)][:5] == ["1", "2", "3", "4", "5"]
    assert {address for address, _, _ in links(letter)} == {letter.reply_to}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("5", 5),
        ("4/5 and thank you", 4),
        ("2, it took three weeks.", 2),
        ("Yes!", 5),
        ("nein", 1),
    ],
)
def test_a_reply_that_starts_with_a_mark_gives_it(desk: World, text: str, given: int) -> None:
    assert desk.replies(CAROL, surveyed(desk), text).outcome == "survey"
    assert mark(desk)[0] == given


@pytest.mark.parametrize(
    "text",
    [
        "No problem at all, it works.",
        "No complaints.",
        "Nein danke, ich mag keine Umfragen.",
        "6",
        "10 of 10",
        "Thanks",
        "1. The export stops.\n2. The import, too.",
    ],
)
def test_what_only_looks_like_a_mark_is_none(desk: World, text: str) -> None:
    desk.replies(CAROL, surveyed(desk), text)
    assert mark(desk) == (None, "")


def test_yes_or_no_with_the_listed_reasons_each_by_one_tap(world: Callable[..., World]) -> None:
    desk, letter = yesno(world)
    bodies = [body for _, _, body in links(letter)]
    assert bodies[:5] == ["yes", "no", "no too slow", "no not solved", "no hard to understand"]
    taps(desk, CAROL, letter, "no not solved")
    assert mark(desk) == (1, "not solved")
    assert reasons(desk) == ['["not solved"]']


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no too slow, hard to understand", '["too slow","hard to understand"]'),
        ("no\n\n- Too slow\n- not solved.", '["too slow","not solved"]'),
        ("no too slow and not solved", '["too slow","not solved"]'),
        ("no: not solved, since the file is still cut", '["not solved"]'),
        ("no, it was a bit too slow for us", "[]"),
        ("no", "[]"),
    ],
)
def test_of_the_reasons_several_may_be_given_and_words_besides(
    world: Callable[..., World], text: str, found: str
) -> None:
    desk, letter = yesno(world)
    desk.replies(CAROL, letter, text)
    assert mark(desk)[0] == 1
    assert [each.replace(", ", ",") for each in reasons(desk)] == [found]


def test_a_low_mark_without_a_word_is_asked_for_its_reasons_and_one_tap_gives_them(asks: World) -> None:
    letter = surveyed(asks)
    taps(asks, CAROL, letter, "2")
    thanks = asks.the("survey_thanks", CAROL)
    assert [body for _, _, body in links(thanks)][:3] == ["2 too slow", "2 not solved", "2 hard to understand"]
    taps(asks, CAROL, thanks, "2 too slow")
    assert mark(asks) == (2, "too slow")
    assert reasons(asks) == ['["too slow"]']
    assert "too slow" not in asks.the("survey_thanks", CAROL).text


def test_who_gives_a_reason_afterwards_keeps_his_words(asks: World) -> None:
    letter = surveyed(asks)
    asks.replies(CAROL, letter, "1 I waited three weeks.")
    asks.replies(CAROL, letter, "1 too slow")
    assert mark(asks) == (1, "I waited three weeks.\ntoo slow")
    assert reasons(asks) == ['["too slow"]']


def test_a_good_mark_is_asked_for_nothing_more(asks: World) -> None:
    taps(asks, CAROL, surveyed(asks), "4")
    assert "too slow" not in asks.the("survey_thanks", CAROL).text


def test_a_later_mark_replaces_the_earlier_one_with_its_words_and_reasons(asks: World) -> None:
    letter = surveyed(asks)
    asks.replies(CAROL, letter, "1 too slow")
    asks.replies(CAROL, asks.the("survey_thanks"), "4 I was unfair.")
    assert mark(asks) == (4, "I was unfair.")
    assert reasons(asks) == ["[]"]


def test_the_same_mark_again_changes_nothing_and_is_answered_by_nobody(desk: World) -> None:
    letter = surveyed(desk)
    desk.replies(CAROL, letter, "5 great")
    assert desk.replies(CAROL, letter, "5 great").reason == "mark 5 again"
    assert desk.sent() == []


def test_the_letters_speak_german_to_who_reads_it(world: Callable[..., World]) -> None:
    desk = world(REASONS)
    desk.receives(mail(BOB))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nErledigt.")
    desk.time_passes(seconds=10)
    letter = desk.the("survey", BOB)
    assert "Wie zufrieden sind Sie mit unserer Hilfe?" in letter.text
    taps(desk, BOB, letter, "1")
    assert "Es hilft uns zu wissen, was es war" in desk.the("survey_thanks", BOB).text


# when it goes, and how often


def test_it_waits_as_long_after_the_closing_as_the_configuration_says(world: Callable[..., World]) -> None:
    desk = world('[survey]\nsend_after = "3d"\n')
    solved(desk, "#closed")
    desk.time_passes(days=2, hours=23)
    assert desk.sent("survey") == []
    desk.time_passes(hours=1)
    assert desk.the("survey", CAROL)


def test_a_ticket_that_is_open_again_before_it_goes_is_not_asked_about_until_it_has_closed_again(
    world: Callable[..., World],
) -> None:
    desk = world('[survey]\nsend_after = "3d"\n[closing]\nreopen_for = "5d"\n')
    letter = solved(desk, "#closed\nDone.")
    desk.time_passes(days=1)
    desk.replies(CAROL, letter, "It is not.")
    desk.time_passes(days=10)
    assert desk.ticket()["survey"] is None
    desk.receives(mail(CAROL, subject="[EX-10001] The export fails", text="close"))
    desk.time_passes(days=3)
    assert desk.the("survey", CAROL)


@pytest.mark.parametrize("sender", [CAROL, CAROL_TOO])
def test_a_contact_is_asked_once_in_the_span_whichever_address_was_written_from(desk: World, sender: str) -> None:
    surveyed(desk)
    desk.receives(mail(sender, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(days=1)
    assert desk.sent("survey") == []
    desk.time_passes(days=40)
    desk.receives(mail(sender, subject="A third matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(days=1)
    assert len(desk.sent("survey")) == 1


@pytest.mark.parametrize("closes", ["agent", "requester"])
def test_the_closed_notice_promises_a_question_only_where_one_follows(desk: World, closes: str) -> None:
    for number, told in enumerate((True, False)):
        desk.receives(mail((CAROL, CAROL_TOO)[number], subject=f"Matter {number}"))
        if closes == "agent":
            desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed")
        else:
            desk.replies((CAROL, CAROL_TOO)[number], desk.the("acknowledgement"), "close")
        assert ("one short question" in desk.the("closed").text) is told
        desk.time_passes(minutes=1)
        assert bool(desk.sent("survey")) is told


def test_a_colleague_is_asked_all_the_same(desk: World) -> None:
    surveyed(desk)
    desk.receives(mail(BOB, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(days=1)
    assert desk.the("survey", BOB)


def test_a_plan_without_surveys_gets_none(world: Callable[..., World]) -> None:
    desk = world(survey="false")
    solved(desk, "#closed")
    desk.time_passes(days=1)
    assert desk.sent("survey") == []


# whose answer counts, and until when


def test_its_token_has_at_least_128_bits(desk: World) -> None:
    letter = surveyed(desk)
    local = letter.reply_to.partition("@")[0]
    token = local.rpartition("-")[2]
    assert re.fullmatch(r"[a-z2-7]{27,}", token)
    assert len(token[-26:]) * 5 >= 128


def test_a_changed_token_is_no_vote(desk: World) -> None:
    letter = surveyed(desk)
    for place in (-1, -13, -26):
        local, _, domain = letter.reply_to.partition("@")
        other = "a" if local[place] != "a" else "b"
        changed = f"{local[:place]}{other}{local[place + 1 :] if place != -1 else ''}@{domain}"
        desk.receives(mail(CAROL, to=changed, text="1"))
    assert mark(desk) == (None, "")


@pytest.mark.parametrize("sender", [BOB, CAROL_TOO, "Gil Glow <gil@globex.example>", "Sam <sam@elsewhere.example>"])
def test_from_another_address_it_is_no_vote(desk: World, sender: str) -> None:
    letter = surveyed(desk)
    desk.replies(sender, letter, "1")
    desk.receives(mail(sender, to=letter.reply_to, text="1"))
    assert mark(desk) == (None, "")


def test_nor_is_the_token_of_another_ticket(world: Callable[..., World]) -> None:
    desk = world('[survey]\nat_most_every = "0s"\n')
    first = surveyed(desk)
    desk.receives(mail(CAROL, subject="Another matter"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    told = next(each for each in desk.sent() if each.recipient == "carol@acme.example")
    desk.time_passes(days=1)
    assert desk.the("survey", CAROL)
    headers = {"In-Reply-To": first.message_id, "References": first.message_id}
    desk.receives(mail(CAROL, to=told.reply_to, subject="Re: [EX-10002]", text="1", headers=headers))
    assert (mark(desk, "EX-10001"), mark(desk, "EX-10002")) == ((None, ""), (None, ""))


def test_nor_is_the_key_of_another_letter_about_the_ticket(desk: World) -> None:
    letter = solved(desk)
    desk.time_passes(days=3)
    [closing] = desk.sent("closing_soon")
    for other in (letter, closing):
        desk.replies(CAROL, other, "1")
    assert mark(desk) == (None, "")


def test_a_reference_under_a_forged_name_is_no_vote(desk: World) -> None:
    surveyed(desk)
    desk.receives(mail(CAROL, subject="[EX-10001] The export fails", text="1"))
    assert mark(desk) == (None, "")


def test_a_mail_of_the_thread_under_a_forged_name_is_none_either(desk: World) -> None:
    desk.receives(mail(CAROL, cc=BOB, message_id="<first@acme.example>"))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.")
    desk.time_passes(days=1)
    assert desk.the("survey", CAROL)
    headers = {"In-Reply-To": "<first@acme.example>", "References": "<first@acme.example>"}
    desk.receives(mail(CAROL, subject="Re: The export fails", text="1", headers=headers))
    assert mark(desk) == (None, "")


def test_whom_our_mail_servers_vouch_for_needs_no_key(world: Callable[..., World]) -> None:
    desk = world(TRUSTS)
    surveyed(desk)
    desk.receives(PASS + mail(CAROL, subject="[EX-10001] The export fails", text="4"), verdicts=True)
    assert mark(desk)[0] == 4


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"X-Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"List-Id": "<all.acme.example>"},
    ],
)
def test_a_robots_answer_is_no_vote(desk: World, headers: dict[str, str]) -> None:
    letter = surveyed(desk)
    receipt = desk.receives(mail(CAROL, to=letter.reply_to, text="5", headers=headers))
    assert receipt.outcome == "robot"
    assert mark(desk) == (None, "")
    assert desk.sent() == []


def test_nor_is_what_comes_back_by_the_null_return_path(desk: World) -> None:
    letter = surveyed(desk)
    desk.receives(mail(CAROL, to=letter.reply_to, text="5"), sender="")
    assert mark(desk) == (None, "")


def test_no_letter_holds_anything_that_a_link_scanner_could_fetch(asks: World) -> None:
    survey = surveyed(asks)
    taps(asks, CAROL, survey, "1")
    for letter in (survey, asks.the("survey_thanks", CAROL)):
        assert not re.search(r"https?:|//", letter.text)
        targets = re.findall(r"""(?:href|src|action|background)\s*=\s*["']?([^"'\s>]+)""", letter.html)
        assert targets
        assert {each.partition(":")[0] for each in targets} == {"mailto"}
        assert "List-Unsubscribe" not in letter.message


def test_a_mark_counts_on_its_last_day_and_not_after_it(desk: World) -> None:
    letter = surveyed(desk)
    desk.time_passes(days=28, hours=23)
    assert desk.replies(CAROL, letter, "4").outcome == "survey"
    desk.time_passes(hours=2)
    assert desk.replies(CAROL, letter, "1").reason == "the survey is over"
    assert mark(desk)[0] == 4
    assert desk.sent() == []


def test_words_behind_a_mark_that_came_too_late_are_a_mail_like_any_other_and_reach_agents(desk: World) -> None:
    letter = surveyed(desk)
    desk.time_passes(days=31)
    receipt = desk.replies(CAROL, letter, "5 and the export fails again.")
    assert (receipt.outcome, receipt.ticket) == ("ticket", "EX-10002")
    assert desk.ticket("EX-10002")["links"] == ["EX-10001"]
    assert "the export fails again" in desk.the("agent_ticket", ALICE).text
    assert mark(desk) == (None, "")


# who hears of it


def told(desk: World) -> set[str]:
    return {each.recipient for each in desk.sent("agent_update")}


@pytest.mark.parametrize("given", ["1", "2"])
def test_a_low_mark_is_told_to_the_owner_and_to_the_managers(desk: World, given: str) -> None:
    taps(desk, CAROL, surveyed(desk), given)
    assert told(desk) == {"alice@example.com", "mona@example.com"}
    assert f"{given} of 5" in desk.sent("agent_update")[0].text


def test_no_and_its_reasons_are_told_likewise(world: Callable[..., World]) -> None:
    desk, letter = yesno(world)
    desk.replies(CAROL, letter, "no too slow, I waited three weeks")
    assert "mona@example.com" in told(desk)
    heard = desk.sent("agent_update")[0].text
    assert "too slow, I waited three weeks" in heard
    assert "has answered the survey: no." in heard


def test_letters_about_a_closed_ticket_offer_no_escalation(desk: World) -> None:
    letter = surveyed(desk)
    taps(desk, CAROL, letter, "2")
    for each in (letter, desk.the("survey_thanks", CAROL)):
        assert "begin with: status." in each.text
        assert not any("escalate" in body for _, _, body in links(each))


def test_managers_hear_of_a_low_mark_once_and_of_its_words_where_they_come_later(desk: World) -> None:
    letter = surveyed(desk)
    taps(desk, CAROL, letter, "2")
    taps(desk, CAROL, letter, "1")
    assert told(desk) == set()
    desk.replies(CAROL, letter, "1 I waited three weeks.")
    assert told(desk) == {"alice@example.com", "mona@example.com"}
    desk.replies(CAROL, letter, "1 And nobody called.")
    assert told(desk) == {"alice@example.com"}


def test_a_good_mark_is_told_to_nobody_but_its_words_are_the_owners_to_read(desk: World) -> None:
    letter = surveyed(desk)
    taps(desk, CAROL, letter, "5")
    assert told(desk) == set()
    desk.replies(CAROL, letter, "5 Alice was quick.")
    assert told(desk) == {"alice@example.com"}
    assert "Alice was quick." in desk.the("agent_update", ALICE).text


def test_of_a_low_mark_without_an_owner_the_queue_hears(desk: World) -> None:
    desk.receives(mail(CAROL))
    desk.replies(CAROL, desk.the("acknowledgement"), "close")
    desk.time_passes(days=1)
    taps(desk, CAROL, desk.the("survey", CAROL), "1")
    assert told(desk) == {"alice@example.com", "anton@example.com", "mona@example.com"}


def test_the_report_counts_marks_and_reasons(asks: World) -> None:
    letter = surveyed(asks)
    asks.replies(CAROL, letter, "2 too slow, not solved")
    began, until = asks.now.replace(year=2025), asks.now.replace(year=2027)
    found = asks.ask(lambda store: gathered(store, began, until, asks.config))
    satisfaction = found["total"]["satisfaction"]
    assert satisfaction["answered"] == 1
    assert satisfaction["reasons"] == {"not solved": 1, "too slow": 1}


def test_a_mark_is_given_by_mail_alone_where_addresses_take_no_details(world: Callable[..., World]) -> None:
    desk = world(default="true\nsubaddress = false")
    desk.receives(mail(CAROL))
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#closed\nDone.", to=SUPPORT)
    desk.time_passes(seconds=10)
    letter = desk.the("survey", CAROL)
    address, subject, body = next(link for link in links(letter) if link[2].strip() == "3")
    assert address == "support@example.com"
    desk.receives(mail(CAROL, to=address, subject=subject, text=body))
    assert mark(desk)[0] == 3
    desk.replies(BOB, letter, "1", to=SUPPORT, subject=subject)
    assert mark(desk)[0] == 3
