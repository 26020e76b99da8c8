"""Answers to letters of ours, above, between and below what is quoted of them; the letters are the golden ones."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from maildesk.mime.quotes import new_text, new_words

GOLDEN = Path(__file__).parent.parent / "letters" / "golden"
LETTERS = {
    f"{path.parent.name} {path.stem}": path.read_text()
    for path in sorted(GOLDEN.glob("*/*.txt"))
    if "##-" in path.read_text()
}
NEXT = re.compile(r"\n(?=(?:Envelope-From: .*\n)?From: .+\n(?:Reply-)?To: )")
WORDS = "Yes, it helps.\n\nOne question is left: how do I export them all?"


def writer(letter: str) -> str:
    found = re.search(r"(?m)^From: (.+)$", letter)
    assert found is not None
    return found[1]


def body(letter: str) -> str:
    """Of the first letter in the file, as its samples follow each other."""
    return NEXT.split(letter.partition("\n\n")[2])[0].strip("\n")


def introduced(letter: str) -> str:
    return f"On Mon, Mar 2, 2026 at 9:15 AM {writer(letter).replace(chr(34), '')} wrote:"


def headed(letter: str) -> str:
    """As Outlook does."""
    name, _, address = writer(letter).replace('"', "").partition(" <")
    to = "Sent: Monday, March 2, 2026 9:15 AM\nTo: Carol Jones <carol@acme.example>\nSubject: RE: [EX-10427] Export"
    return f"________________________________\nFrom: {name} <{address}\n{to}"


def original(letter: str) -> str:
    return f"-----Original Message-----\n{headed(letter).partition(chr(10))[2]}"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


FORMS = {"introduced": introduced, "headed": headed, "original": original}
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())


@each_form
def test_words_are_found_above_and_below_a_letter_of_ours_that_is_not_marked(form: Callable[[str], str]) -> None:
    for name, letter in LETTERS.items():
        quoted = f"{form(letter)}\n\n{body(letter)}"
        thanks = "First of all, thanks."
        assert new_text(f"{quoted}\n\n{WORDS}\n", "Re: Export", answers=True) == WORDS, name
        assert new_text(f"\n\n\n{quoted}\n\n\n\n{WORDS}", "Re: Export", answers=True) == WORDS, name
        assert new_text(f"{thanks}\n\n{quoted}\n\n{WORDS}", answers=True) == f"{thanks}\n\n{WORDS}", name
        assert new_text(f"{WORDS}\n\n{quoted}\n", "Re: Export", answers=True) == WORDS, name


@each_form
def test_of_a_letter_of_ours_alone_nothing_is_new(form: Callable[[str], str]) -> None:
    """Not even of an agent's letter: the words of a note would go to the customer."""
    for name, letter in LETTERS.items():
        for quoted in (body(letter), marked(body(letter))):
            assert new_words(f"{form(letter)}\n\n{quoted}\n", "Re: Export", answers=True) == ("", ""), name


def test_nor_is_it_where_nothing_introduces_the_letter() -> None:
    for name, letter in LETTERS.items():
        assert new_words(f"{body(letter)}\n", "Re: Export", answers=True) == ("", ""), name


def test_words_are_found_between_and_below_the_marked_lines_of_a_letter() -> None:
    for name, letter in LETTERS.items():
        first, _, rest = marked(body(letter)).partition("\n>\n")
        quoted = f"{introduced(letter)}\n{first}"
        assert new_text(f"{quoted}\n>\n{rest}\n\n{WORDS}", answers=True) == WORDS, name
        assert new_text(f"{quoted}\n\nNo.\n\n{rest}\n\n{WORDS}", answers=True) == f"No.\n\n{WORDS}", name


def test_without_a_name_to_know_its_end_by_a_letter_is_cut_as_a_whole() -> None:
    """The whole text is shown to the desk then; some of an agent's letter must not be taken for his words."""
    letter = LETTERS["en agent_update"]
    for quoted in (body(letter), f"On 2 Mar 2026, at 09:15, Somebody Else wrote:\n\n{body(letter)}"):
        assert new_words(f"{quoted}\n\n{WORDS}", "Re: Export", answers=True) == ("", "")


def test_one_word_directly_below_the_letter_is_an_answer() -> None:
    letter = LETTERS["en survey"]
    for word in ("5", "yes", "Thanks"):
        assert new_text(f"{headed(letter)}\n\n{body(letter)}\n{word}", answers=True) == word


def test_a_signature_below_the_answer_is_cut() -> None:
    letter = LETTERS["en reply"]
    text = f"{headed(letter)}\n\n{body(letter)}\n\n{WORDS}\n\n-- \nCarol Jones\nAcme\n"
    assert new_text(text, "Re: Export", answers=True) == WORDS


@pytest.mark.parametrize("line", ["On 2 Mar 2026, at 09:15, A <a@b.c> wrote:\n##- x -##\nA\n", "##- x -##\nA\n"])
def test_many_letters_cost_no_more_than_their_length(line: str) -> None:
    def took(length: int) -> float:
        begun = time.process_time()
        new_text(line * (length // len(line)), "Re: Export", answers=True)
        return time.process_time() - begun

    once = min(took(30_000) for _ in range(3))
    assert min(took(60_000) for _ in range(3)) < 3.5 * once + 0.05
