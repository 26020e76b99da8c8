"""What looks like something else, and what does not: a hint that is wrong twice is read no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.policy.alike import alike, common, neighbour, terms

EXPORT = ("The export to PDF fails", "Hello, since this morning the export to PDF stops at page 3. Carol")


def like(subject: str, text: str, other: tuple[str, str] = EXPORT) -> bool:
    return alike(subject, text, [neighbour("EX-1", *other)]) == "EX-1"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        EXPORT,
        ("PDF export fails", "Our export to PDF stops, since Monday."),
        ("Re: [EX-7] The export to PDF fails", "It still stops at page 3."),
        ("FW: the EXPORT to pdf fails", ""),
        ("Urgent!!", "since this morning the export to PDF stops at page 3. Bob"),
    ],
)
def test_the_same_matter_in_other_words_is_alike(subject: str, text: str) -> None:
    assert like(subject, text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", ""),
        ("The export", "How do I get the invoices of last year as a table?"),
        ("The printer is on fire", "There is smoke, please come at once."),
        ("Login fails", "Since this morning nobody here can log in, not even our administrators."),
        ("The import of contacts fails", "When we upload the list of contacts, the progress bar hangs."),
        ("Question", "Which versions of Debian do you support?"),
        ("The export of our address list to the new server", "It says that page 3 of the wizard stops this morning."),
        (
            "Slow",
            "This morning the backup of our PDF archive took ten hours, and at page 3 of its log it complains. Bob",
        ),
    ],
)
def test_another_matter_is_not(subject: str, text: str) -> None:
    assert not like(subject, text)


def test_a_few_words_that_everybody_writes_are_not_alike() -> None:
    assert not like("Printer", "Please call me back!", ("Invoice", "Please call me back!"))


@pytest.mark.parametrize("word", ["Help", "Question", "Problem", "Hilfe", "\u52a9\u3051"])
def test_a_subject_of_one_word_is_everybodys(word: str) -> None:
    assert not like(word, "The invoice of March is missing.", (word, "Nobody can print since the update."))


def test_scripts_without_blanks_are_compared_as_well() -> None:
    one = (
        "\u5370\u5237\u304c\u5931\u6557\u3057\u307e\u3059",
        "\u4eca\u671d\u304b\u3089\u5370\u5237\u3067\u304d\u307e\u305b\u3093",
    )
    assert like("\u5370\u5237\u304c\u5931\u6557\u3057\u307e\u3057\u305f", "", one)
    assert not like("\u8acb\u6c42\u66f8\u306b\u3064\u3044\u3066\u306e\u8cea\u554f", "", one)


def test_the_most_alike_is_named_and_of_two_the_newest() -> None:
    near = neighbour("EX-1", "The export to PDF fails at page 9", "Something else altogether stops here.")
    same = [neighbour(reference, *EXPORT) for reference in ("EX-3", "EX-2")]
    assert alike(*EXPORT, [near, *same]) == "EX-3"


texts = st.text(max_size=80)


@given(texts, texts, texts, texts)
def test_likeness_has_no_direction_and_never_fails(one: str, two: str, three: str, four: str) -> None:
    assert like(one, two, (three, four)) == like(three, four, (one, two))


@given(st.frozensets(st.text(min_size=3, max_size=8), min_size=1), st.frozensets(st.text(min_size=3, max_size=8)))
def test_what_has_no_word_in_common_is_not_alike(one: frozenset[str], other: frozenset[str]) -> None:
    if not terms(" ".join(one)) & terms(" ".join(other)):
        assert not like(" ".join(one), " ".join(one), (" ".join(other), " ".join(other)))


@given(texts)
def test_a_text_is_wholly_like_itself(text: str) -> None:
    words = terms(text)
    assert common(len(words), words, words) == (1.0 if words else 0.0)
