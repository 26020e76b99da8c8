"""What is quoted is cut in every language and every form of the tables in `introductions`; what is passed on stays.

A test goes over a whole table and tells by language and place which rows fail: as tests of their own, the rows would
cost more than their reading.
"""

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


def each(table: dict[str, str], by: str) -> Iterator[tuple[str, str]]:
    """The rows of a table, with the language and the place by which a failure tells them."""
    for language, text in table.items():
        for number, one in enumerate(text.strip("\n").split(by)):
            yield f"{language} {number}", one


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


@pytest.mark.parametrize("quoted", [MARKED, OLD], ids=["marked", "bare"])
def test_what_a_line_introduces_is_cut(quoted: str) -> None:
    found = {row: replied(f"{NEW}\n\n{line}\n\n{quoted}\n") for row, line in each(tables.LINES, "\n")}
    assert found == dict.fromkeys(found, NEW)


def test_an_introduction_that_was_wrapped_is_cut() -> None:
    found = {
        f"{row}: {form}": replied(f"{NEW}\n\n{form}\n{MARKED}\n")
        for row, line in each(tables.LINES, "\n")
        for form in wrapped(line)
        if (form.count("\n") and not form.endswith("写道：")) or "\n<" in form
    }
    assert found == dict.fromkeys(found, NEW)


def test_an_introduction_that_is_itself_marked_is_cut() -> None:
    found = {row: replied(f"{NEW}\n\n> {line}\n> \n{MARKED}\n") for row, line in each(tables.LINES, "\n")}
    assert found == dict.fromkeys(found, NEW)


def head(fields: str, bold: bool = False) -> str:
    """A head with the labels of a table: the values follow from their place, which is the program's order."""
    labels = fields.split("|")
    lines = []
    for label in labels:
        bare = label.strip(" :：\u00a0").lower()
        value = VALUES[tables.KINDS.get(bare, "to")]
        lines.append(f"*{label}* {value}" if bold else f"{label} {value}")
    return "\n".join(lines)


RULE = "________________________________\n"


@pytest.mark.parametrize("rule", ["", RULE], ids=["no line", "below a line"])
@pytest.mark.parametrize("bold", [False, True], ids=["plain", "bold"])
def test_what_stands_below_a_head_is_cut(bold: bool, rule: str) -> None:
    found = {
        row: replied(f"{NEW}\n\n{rule}{head(fields, bold)}\n\n{OLD}\n") for row, fields in each(tables.HEADS, "\n")
    }
    assert found == dict.fromkeys(found, NEW)


def test_a_head_in_a_mail_that_is_passed_on_stays() -> None:
    texts = {row: f"See below.\n\n{head(fields)}\n\nIt fails." for row, fields in each(tables.HEADS, "\n")}
    assert {row: new_text(text, "Fwd: Export") for row, text in texts.items()} == texts


def test_what_stands_below_an_original_message_is_cut() -> None:
    found = {row: replied(f"{NEW}\n\n{line}\n{OLD}\n") for row, line in each(tables.ORIGINALS, "|")}
    assert found == dict.fromkeys(found, NEW)


@pytest.mark.parametrize("answers", [True, False], ids=["a reply", "a new mail"])
def test_what_is_passed_on_is_the_writers_matter(answers: bool) -> None:
    fields = head("From:|Date:|To:|Subject:")
    texts = {row: f"See below.\n\n{line}\n{fields}\n\nIt fails." for row, line in each(tables.FORWARDS, "|")}
    assert {row: new_text(text, "Export", answers) for row, text in texts.items()} == texts


INTRODUCED = f"\n\nOn 2 Mar 2026, at 09:15, {tables.AM} wrote:\n{MARKED}\n"


@pytest.mark.parametrize("below", ["\n", INTRODUCED], ids=["alone", "above a quotation"])
def test_the_line_of_a_device_is_cut(below: str) -> None:
    found = {row: replied(f"{NEW}\n\n{line}{below}") for row, line in each(tables.DEVICES, "|")}
    assert found == dict.fromkeys(found, NEW)


def test_a_closing_with_the_name_below_it_is_cut() -> None:
    found = {
        row: replied(f"{NEW}\n\n{closing}\nCarol Jones\nAcme, Export\n") for row, closing in each(tables.CLOSINGS, "|")
    }
    assert found == dict.fromkeys(found, NEW)
