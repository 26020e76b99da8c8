"""Hours that agents log, and conversations that were no mail."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import ALICE, ANTON, CAROL, mail
from tests.desk.world import Sent, World


def opened(desk: World) -> Sent:
    desk.receives(mail(CAROL))
    return desk.the("agent_ticket", ALICE)


def worked(desk: World) -> list[tuple[Any, ...]]:
    return desk.ask(lambda store: store.all("SELECT agent, minutes, channel FROM work ORDER BY id"))


def test_time_is_logged_and_the_sum_stands_in_the_receipt(desk: World) -> None:
    letter = opened(desk)
    antons = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, letter, "#time 1h30m\n\nDear Carol, it works again.")
    assert "- time worked: 1 h 30 min" in desk.the("receipt", ALICE).text
    assert "1 h" not in desk.the("reply", CAROL).text
    desk.replies(ANTON, antons, "#zeit 20 Minuten\n#time 0:10")
    assert "Time worked: 2 h." in desk.the("receipt", ANTON).text
    assert desk.ticket()["time_worked"] == 120
    assert worked(desk) == [
        ("alice@example.com", 90, ""),
        ("anton@example.com", 20, ""),
        ("anton@example.com", 10, ""),
    ]
    desk.replies(ALICE, letter, "#status")
    assert desk.the("receipt", ALICE).text.count("Time worked: 2 h") == 2


@pytest.mark.parametrize("line", ["#time", "#time 90", "#time 0m", "#time 101h", "#time 99999999999h", "#time soon"])
def test_what_is_no_length_of_time_is_refused(desk: World, line: str) -> None:
    desk.replies(ALICE, opened(desk), f"{line}\n\nDear Carol, it works again.")
    assert "cannot be read so; did you mean #time 1h30m?" in desk.the("receipt", ALICE).text
    assert (desk.sent("reply"), worked(desk)) == ([], [])


def test_what_was_logged_too_much_is_taken_back_and_no_more(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#time 3h")
    desk.replies(ALICE, letter, "#time -2h 30m")
    assert desk.ticket()["time_worked"] == 30
    desk.replies(ALICE, letter, "#time -31m")
    assert "cannot be read so" in desk.the("receipt", ALICE).text
    desk.replies(ALICE, letter, "#time -20m\n#time -20m")
    assert desk.ticket()["time_worked"] == 0


def test_a_call_is_noted_with_its_length_and_what_was_said(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#note phone 20m She will send the file on Friday.")
    assert {each.name for each in desk.sent()} == {"receipt"}
    assert "- call noted: 20 min" in desk.the("receipt", ALICE).text
    assert desk.ticket()["messages"][-1]["visibility"] == "note"
    desk.replies(ALICE, letter, "#note bildschirm 1h\n\nWe have looked at it together.")
    desk.replies(ALICE, letter, "#note chat")
    assert worked(desk) == [
        ("alice@example.com", 20, "phone"),
        ("alice@example.com", 60, "screenshare"),
        ("alice@example.com", 0, "chat"),
    ]
    events = [each for each in desk.ticket()["events"] if each["event"] == "worked"]
    assert [(each["minutes"], each["channel"]) for each in events] == [(20, "phone"), (60, "screenshare"), (0, "chat")]
    assert desk.ticket()["time_worked"] == 80


def test_a_note_that_begins_with_the_word_phone_is_a_note_like_others(desk: World) -> None:
    letter, antons = opened(desk), desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, letter, "#take\n#note phone number has changed to 4711")
    assert worked(desk) == []
    desk.replies(ANTON, antons, "#note\n\nI know.")
    [note] = [each for each in desk.sent("agent_update") if each.recipient == "alice@example.com"]
    assert "I know." in note.text
    notes = [each for each in desk.ticket()["messages"] if each["visibility"] == "note"]
    assert "phone number has changed to 4711" in notes[0]["text"]


def test_hours_of_a_mail_that_is_not_understood_wait_with_it(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#time 1h\n#note phone 5m\n#solvd\n\nDone.")
    assert "did you mean #solved?" in desk.the("receipt", ALICE).text
    assert (worked(desk), desk.ticket()["time_worked"]) == ([], 0)
