"""Canned answers: an agent names one, and the customer reads it in front of the agent's own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from maildesk.desk.opening import configure
from maildesk.letters.answers import SAMPLE, Answers
from tests.builders import ALICE, ANTON, BOB, CAROL, mail
from tests.desk.test_story_forwards import PASS, TRUSTS
from tests.desk.world import SECRETS, Sent, World


@pytest.fixture
def desk(world: Callable[..., World], tmp_path: Path) -> World:
    """With answers of its own: for any language, for German, of a queue, and two that are wrong."""
    answers, sales = tmp_path / "own" / "answers", tmp_path / "own" / "queues" / "sales" / "answers"
    for folder in (answers / "de", sales):
        folder.mkdir(parents=True)
    (answers / "vpn.txt").write_text("Switch the VPN off and on, {{ reader }} ({{ words.scope | default('-') }}).\n")
    (answers / "de" / "vpn.txt").write_text("Schalten Sie das VPN aus und wieder ein.\n")
    (answers / "wrong.txt").write_text("{{ redaer }}\n")
    (answers / "endless.txt").write_text("{% for a in range(9) %}{% endfor %}\n")
    (sales / "vpn.txt").write_text("We sell no VPN.\n")
    return world(TRUSTS, prefix='"EX"\ntemplates = "own"')


def opened(desk: World, sender: str = CAROL, **fields: object) -> Sent:
    desk.receives(mail(sender, **fields))  # type: ignore[arg-type]
    return next(each for each in desk.sent("agent_ticket") if each.recipient in ALICE)


def names(desk: World) -> set[tuple[str, str]]:
    return {(each.name, each.recipient) for each in desk.sent()}


def came(desk: World) -> list[str]:
    return [each["text"] for each in desk.ticket()["messages"] if each["direction"] == "in"]


def test_a_canned_answer_goes_in_front_of_the_text_and_is_the_first_answer(desk: World) -> None:
    receipt = desk.replies(
        ALICE, opened(desk), "#answer more-information\n#pending\n\nAlso: Is it page 3 alone?\n\nAlice"
    )
    assert receipt.outcome == "message"
    told = " ".join(desk.the("reply", CAROL).text.split())
    assert "Hello Carol Jones, to look into EX-10001 we need to know more." in told
    assert told.index("we need to know more") < told.index("Is it page 3 alone?")
    assert "began with the canned answer: more-information" in desk.the("receipt", ALICE).text
    ticket = desk.ticket()
    assert (ticket["status"], ticket["first_response_kind"]) == ("pending", "question")
    assert "we need to know more" in came(desk)[1]
    assert "Is it page 3 alone?" in came(desk)[1]
    desk.receives(mail(CAROL, subject="What was said?", text="copy EX-10001"))
    assert "we need to know more" in desk.the("answer", CAROL).text


def test_the_others_read_what_the_customer_read(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ANTON, desk.the("agent_ticket", ANTON), "#take")
    desk.replies(ALICE, letter, "#answer log-files")
    assert "please send us the log files" in desk.the("agent_update", ANTON).text
    assert "please send us the log files" in desk.the("reply", CAROL).text


def test_it_is_in_the_language_of_its_reader_by_the_nearest_folder(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#answer VPN")
    assert "Switch the VPN off and on, Carol Jones (-)." in desk.the("reply", CAROL).text
    desk.replies(ALICE, opened(desk, BOB), "#textbaustein vpn.txt")
    assert "Schalten Sie das VPN aus" in desk.the("reply", BOB).text


def test_a_queues_own_answer_goes_before_the_desks(desk: World) -> None:
    letter = opened(desk)
    desk.replies(ALICE, letter, "#assign Mona\n#queue sales")
    desk.replies("Mona Manager <mona@example.com>", desk.the("agent_ticket", "mona@example.com"), "#answer vpn")
    assert "We sell no VPN." in desk.the("reply", CAROL).text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("#answer more information please", "did you mean #answer more-information|"),
        ("#answer", "is no canned answer"),
        ("#answer ../../maildesk.conf", "is no canned answer"),
        ("#answer wrong", "its file is wrong"),
        ("#answer endless", "its file is wrong"),
        ("#answer vpn\n#note", "this mail stays inside"),
    ],
)
def test_what_is_no_canned_answer_sends_nothing(desk: World, line: str, why: str) -> None:
    desk.replies(ALICE, opened(desk), f"{line}\n#severity 2\n\nDear Carol, soon.")
    assert names(desk) == {("receipt", "alice@example.com")}
    told = desk.the("receipt", ALICE).text
    assert why in told
    assert "> Dear Carol, soon." in told
    assert desk.ticket()["severity"] == 2


def test_a_canned_answer_waits_when_another_line_is_not_understood(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#answer vpn\n#solvd\n\nDear Carol, soon.")
    assert names(desk) == {("receipt", "alice@example.com")}
    told = desk.the("receipt", ALICE).text
    assert "Switch the VPN" not in told
    assert "> Dear Carol, soon." in told


def test_a_reply_to_a_letter_about_a_note_sends_no_canned_answer(desk: World) -> None:
    letter = opened(desk)
    others = desk.the("agent_ticket", ANTON)
    desk.replies(ALICE, letter, "#take\n#note\n\nI have seen this before.")
    desk.replies(ANTON, others, "#note\n\nSo have I.")
    desk.replies(ALICE, desk.the("agent_update", ALICE), "#answer vpn")
    assert names(desk) == {("receipt", "alice@example.com")}
    assert "this mail stays inside" in desk.the("receipt", ALICE).text


def test_a_ticket_in_a_contacts_name_may_begin_with_a_canned_answer(desk: World) -> None:
    content = mail(ALICE, subject="Your VPN", text="#new bob@acme.example\n#answer vpn", headers=PASS)
    desk.receives(content, verdicts=True)
    assert "Schalten Sie das VPN aus" in desk.the("reply", BOB).text
    assert desk.ticket()["first_response_kind"] == "answer"


def test_a_forward_takes_no_canned_answer(desk: World) -> None:
    head = "-------- Forwarded Message --------\nFrom: Carol Jones <carol@acme.example>\nSubject: VPN"
    forward = f"#answer vpn\n\n{head}\n\nHelp!"
    desk.receives(mail(ALICE, subject="Fwd: VPN", text=forward, headers=PASS), verdicts=True)
    assert desk.sent("reply") == []
    assert "this mail stays inside" in desk.the("receipt", ALICE).text


def test_check_names_what_is_wrong_with_a_file(desk: World, tmp_path: Path) -> None:
    (tmp_path / "own" / "answers" / "Has Blanks.txt").write_text("Hello.\n")
    (tmp_path / "own" / "answers" / "command.txt").write_text("#solved\n")
    (tmp_path / "own" / "answers" / "empty.txt").write_text("{% if reader == 'nobody' %}Hello{% endif %}\n")
    (tmp_path / "own" / "answers" / "latin.txt").write_bytes(b"Gr\xfc\xdfe\n")
    told = [line.removeprefix(f"{tmp_path}/own/answers/") for line in Answers(desk.config).problems(SAMPLE)]
    assert told == [
        "Has Blanks.txt: no #answer can name it; use a-z, 0-9 and -",
        "command.txt: begins as a command does",
        "empty.txt: says nothing",
        "endless.txt: line 1: a canned answer may have values and conditions alone",
        "latin.txt: is not UTF-8",
        "wrong.txt: 'redaer' is undefined",
    ]


def test_what_a_customer_calls_the_matter_is_never_compiled(desk: World) -> None:
    (desk.config.desk.templates / "answers" / "about.txt").write_text("About {{ subject }}.\n")  # type: ignore[operator]
    configure(desk.desk, desk.config, SECRETS)  # as a reload does
    desk.replies(ALICE, opened(desk, subject="{{ 7 * 7 }} {% raw %}"), "#answer about")
    assert "About {{ 7 * 7 }} {% raw %}." in desk.the("reply", CAROL).text
