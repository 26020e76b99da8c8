"""Command lines at the top of an agent's mail, and the text below them."""

from __future__ import annotations

import pytest

from maildesk.policy.commands import COMMANDS
from maildesk.policy.script import bare_subject, read_text

CASES = [
    ("nothing", "Hello\n#solved", (), "Hello\n#solved"),
    ("one line", "#solved", (("solved", ""),), ""),
    ("a line with an argument", "#severity 1\n\nText", (("severity", "1"),), "Text"),
    ("blank lines between", "\n\n#take\n\n#pending\n\nText\n", (("take", ""), ("pending", "")), "Text"),
    ("carriage returns", "#take\r\n\r\nText", (("take", ""),), "Text"),
    ("a blank behind the mark", "# note\nsecret", (("note", ""),), "secret"),
    ("capitals and a full stop", "#Solved.\nText", (("solved", ""),), "Text"),
    ("what phones put before it", "\u200b\u00a0#note\nsecret", (("note", ""),), "secret"),
    ("a Japanese keyboard", "\uff03solved\nText", (("solved", ""),), "Text"),
    ("a mark alone", "#\nText", (("", ""),), "Text"),
    ("quoted commands", "> #solved\nText", (), "> #solved\nText"),
]


@pytest.mark.parametrize(("text", "lines", "rest"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_commands_stand_before_the_first_ordinary_line(
    text: str, lines: tuple[tuple[str, str], ...], rest: str
) -> None:
    script = read_text(text)
    assert tuple((line.word, line.argument) for line in script.lines) == lines
    assert script.text == rest


@pytest.mark.parametrize(
    ("subject", "bare"),
    [("Re: [EX-7] Printer", "Printer"), ("AW: WG: x", "x"), ("[EX-7] #solved", "#solved"), ("Reply", "Reply")],
)
def test_a_bare_subject_has_neither_re_nor_reference(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_every_command_has_its_sentence() -> None:
    assert all(command.sentence for command in COMMANDS.values())
