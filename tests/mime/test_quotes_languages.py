"""What is quoted is cut in every language and every form of the tables in `introductions`; what is passed on stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from maildesk.mime.quotes import new_text
from tests.mime import introductions as tables

NEW = "It works now, thank you.\n\nOne question is left."
OLD = "please try version 5.3.\nDoes it help?"
MARKED = "> please try version 5.3.\n> Does it help?"
VALUES = {
    "from": tables.AM,
    "date": "02.03.2026 09:15",
    "to": "Carol Jones <carol@acme.example>",
    "subject": "Re: Export",
}


def parted(table: dict[str, str], by: str) -> list[object]:
    return [
        pytest.param(one, id=f"{language} {number}")
        for language, text in table.items()
        for number, one in enumerate(text.strip("\n").split(by))
    ]


def replied(text: str) -> str:
    return new_text(text, "Re: Export", answers=True)


def wrapped(line: str) -> Iterator[str]:
    """As programs wrap it: at the bracket, behind it, before the last word or the last two."""
    words = line.split(" ")
    yield line.replace(" <", "\n<", 1)
    yield line.replace(f"<{tables.M}", f"<\n{tables.M}", 1)
    if not line.startswith("--"):
        yield " ".join(words[:-1]) + "\n" + words[-1]
        if len(words) > 4:
            yield " ".join(words[:-2]) + "\n" + " ".join(words[-2:])


@pytest.mark.parametrize("line", parted(tables.LINES, "\n"))
@pytest.mark.parametrize("quoted", [MARKED, OLD], ids=["marked", "bare"])
def test_what_a_line_introduces_is_cut(line: str, quoted: str) -> None:
    assert replied(f"{NEW}\n\n{line}\n\n{quoted}\n") == NEW


@pytest.mark.parametrize("line", parted(tables.LINES, "\n"))
def test_an_introduction_that_was_wrapped_is_cut(line: str) -> None:
    for form in wrapped(line):
        if (form.count("\n") and not form.endswith("写道：")) or "\n<" in form:
            assert replied(f"{NEW}\n\n{form}\n{MARKED}\n") == NEW, form


@pytest.mark.parametrize("line", parted(tables.LINES, "\n"))
def test_an_introduction_that_is_itself_marked_is_cut(line: str) -> None:
    assert replied(f"{NEW}\n\n> {line}\n> \n{MARKED}\n") == NEW


def head(fields: str, bold: bool = False) -> str:
    """A head with the labels of a table: the values follow from their place, which is the program's order."""
    labels = fields.split("|")
    lines = []
    for label in labels:
        bare = label.strip(" :：\u00a0").lower()
        value = VALUES[tables.KINDS.get(bare, "to")]
        lines.append(f"*{label}* {value}" if bold else f"{label} {value}")
    return "\n".join(lines)


@pytest.mark.parametrize("bold", [False, True], ids=["plain", "bold"])
@pytest.mark.parametrize("fields", parted(tables.HEADS, "\n"))
def test_what_stands_below_a_head_is_cut(fields: str, bold: bool) -> None:
    written = head(fields, bold)
    assert replied(f"{NEW}\n\n{written}\n\n{OLD}\n") == NEW
    assert replied(f"{NEW}\n\n________________________________\n{written}\n\n{OLD}\n") == NEW


@pytest.mark.parametrize("fields", parted(tables.HEADS, "\n"))
def test_a_head_in_a_mail_that_is_passed_on_stays(fields: str) -> None:
    text = f"See below.\n\n{head(fields)}\n\nIt fails."
    assert new_text(text, "Fwd: Export") == text


@pytest.mark.parametrize("line", parted(tables.ORIGINALS, "|"))
def test_what_stands_below_an_original_message_is_cut(line: str) -> None:
    assert replied(f"{NEW}\n\n{line}\n{OLD}\n") == NEW


@pytest.mark.parametrize("answers", [True, False], ids=["a reply", "a new mail"])
@pytest.mark.parametrize("line", parted(tables.FORWARDS, "|"))
def test_what_is_passed_on_is_the_writers_matter(line: str, answers: bool) -> None:
    fields = head("From:|Date:|To:|Subject:")
    text = f"See below.\n\n{line}\n{fields}\n\nIt fails."
    assert new_text(text, "Export", answers) == text


@pytest.mark.parametrize("line", parted(tables.DEVICES, "|"))
def test_the_line_of_a_device_is_cut(line: str) -> None:
    assert replied(f"{NEW}\n\n{line}\n") == NEW
    assert replied(f"{NEW}\n\n{line}\n\nOn 2 Mar 2026, at 09:15, {tables.AM} wrote:\n{MARKED}\n") == NEW


@pytest.mark.parametrize("closing", parted(tables.CLOSINGS, "|"))
def test_a_closing_with_the_name_below_it_is_cut(closing: str) -> None:
    assert replied(f"{NEW}\n\n{closing}\nCarol Jones\nAcme, Export\n") == NEW
