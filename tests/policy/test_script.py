"""Command lines at the top of an agent's mail, and the text below them."""

from __future__ import annotations

import time

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
    ("capitals throughout", "#SOLVED!\nText", (("solved", ""),), "Text"),
    ("a small number sign", "\ufe5ftake\nText", (("take", ""),), "Text"),
    ("a blank that does not break", "#severity\u00a02", (("severity", "2"),), ""),
    ("a tabulator", "#severity\t2", (("severity", "2"),), ""),
    ("a wide blank and a wide digit", "\uff03severity\u3000\uff12", (("severity", "2"),), ""),
    ("nothing of width", "#sev\u200berity \u200b2\u200b\ufeff", (("severity", "2"),), ""),
    ("a soft hyphen", "#sol\u00adved", (("solved", ""),), ""),
    ("wide letters", "#\uff33\uff4f\uff4c\uff56\uff45\uff44", (("solved", ""),), ""),
    ("a colon", "#severity: 2", (("severity", "2"),), ""),
    ("an equals sign", "#severity=2", (("severity", "2"),), ""),
    ("a full stop behind the argument", "#assign Alice.", (("assign", "Alice"),), ""),
    ("quotation marks of a telephone", "#assign \u201cAlice Agent\u201d", (("assign", "Alice Agent"),), ""),
    ("German ones", "#assign \u201eAlice Agent\u201c", (("assign", "Alice Agent"),), ""),
    ("a link", "#new carol@acme.example <mailto:carol@acme.example>", (("new", "carol@acme.example"),), ""),
    ("a link without a blank", "#new c@acme.example<mailto:c@acme.example>", (("new", "c@acme.example"),), ""),
    ("bold", "*#note* secret", (("note", "secret"),), ""),
    ("bolder", "**#note**\nsecret", (("note", ""),), "secret"),
    ("escaped", "\\#solved\nText", (("solved", ""),), "Text"),
    ("several on one line", "#take #severity 2\nText", (("take", ""), ("severity", "2")), "Text"),
    ("several with commas", "#take, #solved", (("take", ""), ("solved", "")), ""),
    ("the number of a bug", "#link #4711", (("link", "#4711"),), ""),
    ("a word of a note", "#note about #solved", (("note", "about #solved"),), ""),
    ("a note as it was typed", "#note \u201cHe said\u201d.", (("note", "\u201cHe said\u201d."),), ""),
    ("a heading", "# Summary\nText", (("summary", ""),), "Text"),
    ("a hashtag", "#1 priority is the export\nText", (("1", "priority is the export"),), "Text"),
    ("a telephone's line", "#solved Sent from my iPhone", (("solved", ""),), ""),
    ("a telephone's line glued to it", "#solvedSent from my iPhone", (("solved", ""),), ""),
    ("glued to an argument", "#severity 2Von meinem iPhone gesendet", (("severity", "2"),), ""),
    ("the line above a signature", "#take-- \nAlice", (("take", ""),), ""),
    ("the same, trimmed", "#take --\nAlice\nExample", (("take", ""),), ""),
    ("dashes behind a note", "#note not yet --\nAlice knows more", (("note", "not yet"),), "Alice knows more"),
    ("an item of a list", "- #solved\nText", (), "- #solved\nText"),
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


def test_what_stands_glued_below_a_command_is_kept_apart() -> None:
    assert read_text("#take-- \nAlice\nExample").idle == "Alice\nExample"


@pytest.mark.parametrize("piece", ["#a ", "# ", "\u00a0", "#take ", "A", "--", "*#", "\\#", "#note Sent from "])
def test_twice_as_long_a_line_takes_no_more_than_its_length(piece: str) -> None:
    def took(length: int) -> float:
        begun = time.process_time()
        read_text(piece * (length // len(piece)))
        return time.process_time() - begun

    once = min(took(100_000) for _ in range(3))
    assert min(took(200_000) for _ in range(3)) < 3.5 * once + 0.05
