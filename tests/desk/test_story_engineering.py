"""An engineering case from the decision what it is to the release, and what customers hear on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ALICE, BOB, CAROL, DIRECTORY, mail
from tests.desk.world import Sent, World

AMY = "Amy Account <amy@sales.example>"
PEOPLE = DIRECTORY.replace('name = "Acme"', 'name = "Acme"\naccount_manager = "amy@sales.example"', 1)


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    """With somebody who looks after Acme."""
    return world(people=PEOPLE)


def opened(desk: World, **fields: object) -> Sent:
    desk.receives(mail(CAROL, **fields))  # type: ignore[arg-type]
    return desk.the("agent_ticket", ALICE)


def names(desk: World) -> set[tuple[str, str]]:
    return {(each.name, each.recipient) for each in desk.sent()}


def events(desk: World, name: str) -> list[dict[str, object]]:
    return [each for each in desk.ticket()["events"] if each["event"] == name]


def test_everybody_who_takes_part_is_told_of_each_stage_in_its_own_words(desk: World) -> None:
    letter = opened(desk, cc=BOB)
    said = {}
    for stage in ("bug", "plan", "executed", "released"):
        desk.time_passes(hours=1)
        desk.replies(ALICE, letter, f"#stage {stage}")
        assert names(desk) == {
            ("stage", "carol@acme.example"),
            ("stage", "bob@acme.example"),
            ("receipt", "alice@example.com"),
        }
        said[stage] = desk.the("stage", CAROL).text
        assert f"stage: {stage}" in desk.the("receipt", ALICE).text
    assert "take what you describe in EX-10001 for a bug" in said["bug"]
    assert "there is an action plan now" in said["plan"]
    assert "carried out and tested" in said["executed"]
    assert "is released to production" in said["released"]
    assert [each["to"] for each in events(desk, "stage")] == ["bug", "plan", "executed", "released"]
    assert "jetzt ver\u00f6ffentlicht" in desk.the("stage", BOB).text
    assert desk.ticket()["status"] == "new"  # no agent has said a word


def test_a_stage_is_a_letter_in_the_thread_that_a_customer_answers(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage feature")
    letter = desk.the("stage", CAROL)
    assert str(letter.message["Auto-Submitted"]) == "auto-generated"
    assert letter.mail_from == ""
    assert desk.replies(CAROL, letter, "I look forward to it.").ticket == "EX-10001"


def test_words_on_the_line_are_an_answer_that_goes_with_the_letter_alone(desk: World) -> None:
    receipt = desk.replies(ALICE, opened(desk), "#stage bug: Filed as 4711, a mend is planned for March.")
    assert receipt.outcome == "message"
    assert names(desk) == {("stage", "carol@acme.example"), ("receipt", "alice@example.com")}
    letter = desk.the("stage", CAROL)
    assert letter.text.count("Filed as 4711, a mend is planned for March.") == 1
    assert str(letter.message["From"]).startswith('"Alice Agent')
    assert "Auto-Submitted" not in letter.message
    ticket = desk.ticket()
    assert (ticket["status"], ticket["owner"]) == ("open", "alice@example.com")
    assert ticket["first_response_kind"] == "escalation"
    assert [each["text"] for each in ticket["messages"] if each["direction"] == "in"][1:] == [
        "bug: Filed as 4711, a mend is planned for March."
    ]
    assert [each["text"] for each in events(desk, "stage")] == ["Filed as 4711, a mend is planned for March."]


def test_ordinary_text_below_goes_as_the_usual_reply_and_never_twice(desk: World) -> None:
    desk.replies(
        ALICE, opened(desk), "#stage plan A new font table.\n#pending\n\nDear Carol, can you test it on Monday?"
    )
    assert names(desk) == {
        ("stage", "carol@acme.example"),
        ("reply", "carol@acme.example"),
        ("receipt", "alice@example.com"),
    }
    stage, reply = desk.the("stage").text, desk.the("reply").text
    assert "A new font table." in stage
    assert "test it on Monday" not in stage
    assert "test it on Monday" in reply
    assert "A new font table." not in reply
    assert desk.ticket()["first_response_kind"] == "question"
    asked = desk.receives(mail(CAROL, subject="What was said?", text="copy EX-10001"))
    assert asked.outcome == "request"
    copy = desk.the("answer", CAROL).text
    assert copy.count("A new font table.") == 1
    assert copy.count("test it on Monday") == 1


def test_the_same_stage_again_is_told_with_new_words_alone(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#stage bug")
    desk.replies(ALICE, letter, "#stage bug")
    assert names(desk) == {("receipt", "alice@example.com")}
    assert len(events(desk, "stage")) == 1
    desk.replies(ALICE, letter, "#stage Bug It has the number 4711.")
    assert "the number 4711" in desk.the("stage", CAROL).text


def test_a_release_is_told_after_the_end_and_opens_nothing(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#closed")
    desk.replies(ALICE, letter, "#stage released in version 4.3")
    assert "in version 4.3" in desk.the("stage", CAROL).text
    assert desk.ticket()["status"] == "closed"


def test_a_stage_that_is_none_waits_with_all_that_customers_would_see(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage relaesed now\n#severity 2\n\nDear Carol, it is out.")
    assert names(desk) == {("receipt", "alice@example.com")}
    told = desk.the("receipt", ALICE).text
    assert "did you mean #stage released?" in told
    assert "> Dear Carol, it is out." in told
    assert desk.ticket()["severity"] == 2


def test_spam_is_told_of_no_stage(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage bug we look into it\n#spam")
    assert names(desk) == {("receipt", "alice@example.com")}


def test_words_at_a_stage_stay_public_where_the_text_below_is_a_note(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage bug We look into it.\n#note\n\nThis is Anton's fault.")
    assert names(desk) == {("stage", "carol@acme.example"), ("receipt", "alice@example.com")}
    assert "Anton" not in desk.the("stage").text
    ticket = desk.ticket()
    assert ticket["messages"][-1]["visibility"] == "public"
    assert ticket["messages"][-1]["direction"] == "out"
    assert (ticket["status"], ticket["first_response_kind"]) == ("open", "escalation")


def test_a_forecast_is_told_to_requester_and_account_manager_and_says_when_it_moves(desk: World) -> None:
    letter = opened(desk, cc=BOB)
    desk.replies(ALICE, letter, "#forecast 24.3.")
    assert names(desk) == {
        ("forecast", "carol@acme.example"),
        ("forecast", "amy@sales.example"),
        ("receipt", "alice@example.com"),
    }
    told = desk.the("forecast", CAROL).text
    assert "on Tuesday, 24 March 2026." in told
    assert "You look after this customer" in desk.the("forecast", AMY).text
    desk.replies(ALICE, letter, "#forecast 2026-03-31\n#status")
    told = desk.the("forecast", CAROL).text
    assert "Tuesday, 24 March 2026 to Tuesday, 31 March 2026." in told
    assert "Work begins: Tuesday, 31 March 2026" in desk.the("receipt", ALICE).text
    desk.replies(ALICE, letter, "#forecast 2026-03-31")
    assert names(desk) == {("receipt", "alice@example.com")}
    assert [each["to"] for each in events(desk, "forecast")] == ["2026-03-24", "2026-03-31"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#forecast 2026-02-27", "is over already"),
        ("#forecast 24.12.2099", "cannot be read so"),
        ("#forecast soon", "did you mean #forecast 2026-03-09?"),
        ("#forecast", "cannot be read so"),
        ("#forecast 2026-02-30", "cannot be read so"),
    ],
)
def test_a_day_that_cannot_be_is_refused(desk: World, line: str, why: str) -> None:
    desk.replies(ALICE, opened(desk), f"{line}\n\nDear Carol, soon.")
    assert names(desk) == {("receipt", "alice@example.com")}
    assert why in desk.the("receipt", ALICE).text


def test_an_account_manager_who_foretells_it_himself_is_not_told(world: Callable[..., World]) -> None:
    desk = world(people=DIRECTORY.replace('name = "Acme"', 'name = "Acme"\naccount_manager = "alice@example.com"', 1))
    desk.replies(ALICE, opened(desk), "#prognose morgen")
    assert names(desk) == {("forecast", "carol@acme.example"), ("receipt", "alice@example.com")}


def test_a_status_beside_a_stage_is_told_as_without_words(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#solved\n#stage released in version 4.3")
    assert names(desk) == {
        ("stage", "carol@acme.example"),
        ("solved", "carol@acme.example"),
        ("receipt", "alice@example.com"),
    }
    assert desk.ticket()["first_response_kind"] == "solution"


def test_a_number_is_no_command_where_a_copy_shows_it(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage bug #4711, to be mended in March")
    assert "#4711, to be mended in March" in desk.the("stage", CAROL).text
    desk.receives(mail(CAROL, subject="What was said?", text="copy EX-10001"))
    assert "bug: #4711, to be mended in March" in desk.the("answer", CAROL).text


def test_a_line_that_stands_twice_is_told_once(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#stage bug Filed as 4711.\n#stage bug Filed as 4711.")
    assert len(desk.sent("stage")) == 1
    assert len(events(desk, "stage")) == 1


def test_agents_read_how_far_it_has_come(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#stage plan\n#forecast 2026-03-24\n#assign Anton")
    desk.receives(mail(CAROL, subject="Re: [EX-10001] The export fails", text="Thank you, I wait for it then."))
    told = desk.the("agent_update").text
    assert "Stage: plan" in told
    assert "Work begins: Tuesday, 24 March 2026" in told


def test_the_receipt_names_what_time_does_next(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#severity 2")
    assert "Next:" not in desk.the("receipt", ALICE).text
    desk.replies(ALICE, letter, "#pending")
    told = desk.the("receipt", ALICE).text
    assert "Next: Reminder, Sunday, 8 March 2026, 09:00 (UTC)." in told
    assert "closes by itself on Monday, 9 March 2026, 09:00 (UTC)" in told
