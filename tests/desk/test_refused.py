"""A line that cannot be read keeps all that a customer would see from going, whatever the command; what sorts is done.

The rows are held to the table of commands: a new one without a row here fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

import pytest

from maildesk.policy.commands import ALIASES, COMMANDS
from maildesk.words import Outcome, RecordEvent, SendLetter, SetStatus
from tests.builders import ALICE, CAROL, DAVE, STRANGER, mail
from tests.desk.hostile import came, read, ruled
from tests.desk.world import Sent, World, reply_to

WORDS = (
    "Dear Carol,\n\nüber 3 \u20ac, \u4f60\u597d \U0001f600, a line"
    + " that is long" * 120
    + ".\n\n> and a quotation\n#tail"
)
FREE = ("note", "escalate")  # a text: whatever it is
WRONG = {
    "assign": "Nobody Known", "severity": "5", "category": "Expots", "queue": "Returns", "level": "3",
    "link": "javascript:alert(1)", "stage": "soon", "forecast": "some day", "field": "unheard of it", "time": "long",
    "charge": "-1", "credit": "0 friendly", "appointment": "tomorrow", "offer": "a while", "held": "ages",
    "new": "carol", "answer": "nothing-like-it", "cc": "bob", "merge": "EX-99999", "contact": "let bob@acme.example",
    "away": "for good", "status": "EX-99999",
}  # fmt: skip
RIGHT = {
    "assign": "Anton", "severity": "high", "category": "exports", "queue": "sales", "level": "2", "link": "bug 7",
    "field": "Version 8.2", "cc": "+eve@partner.example", "away": "2026-03-09",
    "status": "",
}  # fmt: skip
MORE = '[queue.technical.field.version]\ntitle = "Version"\n'


@pytest.fixture
def desk(world: Callable[..., World]) -> World:
    return world(MORE, default='true\ncategories = ["Exports"]')


def opened(desk: World) -> Sent:
    """Carol's ticket, as Alice got it; Dave waits at the door."""
    desk.receives(mail(DAVE))
    desk.receives(mail(CAROL))
    return desk.the("agent_ticket", ALICE)


def typed(word: str, arguments: Mapping[str, str]) -> str:
    return f"#{word} {arguments.get(word, '')}".rstrip()


def judged(desk: World, letter: Sent, text: str, **fields: Any) -> tuple[Any, Mapping[str, Any], list[SendLetter]]:
    """The ruling on a reply, the context of its receipt, and the letters to customers."""
    [(_, ruling)] = ruled(desk, read([reply_to(ALICE, letter, text, **fields)]), came(desk, "alice@example.com"))
    sent = [each for each in ruling.decisions if isinstance(each, SendLetter)]
    [receipt] = [each.letter for each in sent if each.letter.name == "receipt"]
    return ruling, receipt.context, [each for each in sent if each.letter.audience == "customer"]


def test_every_command_with_an_argument_has_a_wrong_one_here_and_every_one_that_sorts_a_right_one() -> None:
    assert {name for name, each in COMMANDS.items() if each.argument} == {*WRONG, *FREE}
    assert {name for name, each in COMMANDS.items() if each.argument and each.sorts} == set(RIGHT)


def test_whatever_line_cannot_be_read_nothing_goes_and_all_of_it_comes_back(desk: World) -> None:
    letter = opened(desk)
    for word, command in COMMANDS.items():
        if word in FREE:
            continue
        line = typed(word, WRONG) if command.argument else f"#{word} at once"
        ruling, told, customers = judged(desk, letter, f"#solved\n{line}\n\n{WORDS}")
        assert ruling.outcome is Outcome.COMMAND, line
        assert customers == [], line
        assert not [each for each in ruling.decisions if isinstance(each, SetStatus | RecordEvent)], line
        assert [each[0] for each in told["refused"]] == [line], line
        assert told["waits"] == ["#solved"], line
        assert told["text"] == WORDS, line


def test_beside_an_unknown_command_what_sorts_is_done_and_the_rest_waits(desk: World) -> None:
    letter = opened(desk)
    for word, command in COMMANDS.items():
        line = typed(word, RIGHT if command.sorts else {"note": "inside", "escalate": "now"})
        ruling, told, customers = judged(desk, letter, f"{line}\n#unheard\n\n{WORDS}")
        refused = {each[0]: each[1] for each in told["refused"]}
        assert refused.pop("#unheard") == "unknown", line
        assert customers == [], line
        assert not [each for each in ruling.decisions if isinstance(each, SetStatus)], line
        waits = line in told["waits"] or line in refused
        assert waits is not command.sorts or word == "back", line
        assert WORDS in told["text"], line


def test_the_text_comes_back_as_it_was_written(desk: World) -> None:
    desk.replies(ALICE, opened(desk), f"#solvd\n\n{WORDS}")
    told = desk.the("receipt", ALICE).text.replace("\r\n", "\n")
    lines = takewhile(lambda line: line.startswith(">"), told[told.index("> Dear Carol,") :].split("\n"))
    assert "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines) == WORDS
    assert "did you mean #solved?" in told


def test_files_of_a_mail_that_waits_come_back(world: Callable[..., World]) -> None:
    desk = world("[limits]\nletter_size = '300KB'\nmessage_size = '2MB'\n")
    desk.receives(mail(CAROL))
    files = [("log.txt", b"page 3\n", "text/plain"), ("disk.img", bytes(400_000), "application/octet-stream")]
    desk.replies(ALICE, desk.the("agent_ticket", ALICE), "#solvd\nHere it is.", attachments=files)
    receipt = desk.the("receipt", ALICE)
    assert receipt.attachments == {"log.txt": b"page 3\n"}
    assert "Your files have not been sent and come back with this mail: log.txt" in receipt.text
    assert "Not sent, and too large to come back: disk.img" in receipt.text
    assert desk.sent("reply") == []
    desk.replies(ALICE, receipt, "#solved\nHere it is.", attachments=files[:1])
    assert desk.the("reply", CAROL).attachments == {"log.txt": b"page 3\n"}
    assert desk.the("receipt", ALICE).attachments == {}


def test_files_of_a_mail_about_no_ticket_come_back(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    content = mail(ALICE, text="Please send this.", attachments=[("log.txt", b"page 3\n", "text/plain")])
    results = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
    assert desk.receives(results + content, verdicts=True).outcome == "held"
    assert desk.the("receipt", ALICE).attachments == {"log.txt": b"page 3\n"}


def test_what_looks_like_a_signature_below_commands_is_shown_and_sent_to_nobody(desk: World) -> None:
    desk.replies(ALICE, opened(desk), "#take\nAlice Agent | Example Support")
    assert {each.name for each in desk.sent()} == {"receipt"}
    assert "> Alice Agent | Example Support" in desk.the("receipt", ALICE).text


def test_who_begins_an_answer_with_a_hash_is_told_how(desk: World) -> None:
    letter = opened(desk)
    for text in ("# Summary\nIt works.", "#1 priority is the export\nIt works."):
        desk.replies(ALICE, letter, text)
        assert {each.name for each in desk.sent()} == {"receipt"}
        receipt = desk.the("receipt", ALICE).text
        assert text.partition("\n")[0] in receipt
        assert "put another line above it" in receipt
    desk.replies(ALICE, letter, "Hello Carol,\n#1 priority is the export")
    assert "#1 priority is the export" in desk.the("reply", CAROL).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("#solvd", "#solved"), ("#gelöscht", "#gelöst"), ("#zuwiesen Anton", "#zuweisen"), ("#asign Anton", "#assign"),
     ("#notitz", "#notiz"), ("#statuss", "#status"), ("#eskallieren", "#eskalieren"),
     ("#dringlichkeitt 1", "#dringlichkeit")],
)  # fmt: skip
def test_the_nearest_right_spelling_is_named(desk: World, typed: str, meant: str) -> None:
    _, told, _ = judged(desk, opened(desk), typed)
    assert told["refused"] == [(typed, "unknown", meant)]


def test_each_other_word_is_near_to_itself_alone() -> None:
    assert not set(ALIASES) & set(COMMANDS)
    assert set(ALIASES.values()) <= set(COMMANDS)


def test_help_is_given_beside_a_word_about_the_door_and_without_a_ticket(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    desk.receives(mail(DAVE))
    results = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
    content = mail(ALICE, subject="Dave", text="#contact allow dave@acme.example\n#help\n#mine")
    assert desk.receives(results + content, verdicts=True).outcome is Outcome.COMMAND
    receipt = desk.the("receipt", ALICE).text
    assert "Not done" not in receipt
    assert "#contact allow|add|swap" in receipt
    assert desk.ticket("EX-10001")["requester"] == "dave@acme.example"


def test_copies_by_the_subject_of_a_mail_let_in_what_waits(world: Callable[..., World]) -> None:
    desk = world('[gate]\nauthserv_ids = ["mx.example.com"]\n')
    desk.receives(mail(CAROL))
    cited = {"In-Reply-To": desk.the("acknowledgement", CAROL).message_id}
    assert desk.receives(mail(STRANGER, text="It fails for me as well.", headers=cited)).outcome is Outcome.HELD
    results = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"
    content = mail(ALICE, subject="[EX-10001] #cc +sam@elsewhere.example", text="")
    assert desk.receives(results + content, verdicts=True).outcome is Outcome.COMMAND
    ticket = desk.ticket()
    assert ticket["participants"] == ["sam@elsewhere.example"]
    assert "It fails for me as well." in str(ticket["messages"])
