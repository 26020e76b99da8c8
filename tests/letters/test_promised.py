"""What letters to customers promise: times to an answer, of closing, of what was arranged; never of a resolution."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maildesk.letters.table import LETTERS
from maildesk.letters.where import shipped

GOLDEN = Path(__file__).parent / "golden"
CUSTOMERS = [name for name, kind in LETTERS.items() if kind.audience == "customer"]
# Every moment that a letter to a customer can name. To add one is to decide that it promises no resolution.
MOMENTS = {
    "answer_by": "the first answer comes by then",
    "service.next_opening": "the desk opens again",
    "planned.until": "work that was announced ends",
    "close_at": "a ticket closes by itself",
    "valid_until": "a survey counts no more",
    "received": "somebody at the door has written",
    "until": "his mail is dropped; a year of incidents ends",
    "since": "a year of incidents began",
    "on": "work on a case is expected to begin",
    "forecast": "the same",
    "previous": "the same, as it was told before",
    "starts": "an appointment begins",
    "at": "it could begin",
    "cited.at": "a message was written",
    "each.at": "a message was written",
    "each.opened": "a ticket was opened",
    "each.updated": "something was done about it last",
}
SOLVED = re.compile(
    r"\b(?:resol|solv|solution|fix|repair|mend|gelöst|lösung|lösen|behob|behebe|reparier|erledig)\w*", re.IGNORECASE
)
TIME = re.compile(
    r"\b20\d\d\b|\b\d\d:\d\d\b|\b(?:within|innerhalb|spätestens|at the latest|soon|bald|tomorrow|morgen|today|heute)\b"
    r"|\b(?:hours?|days?|weeks?|Stunden?|Tagen?|Wochen?)\b",
    re.IGNORECASE,
)
# A ticket that is marked as solved, and when it closes; what somebody may do; the words that a reply begins with.
HARMLESS = re.compile(
    r"(?:marked as solved|als gelöst vermerkt)|[\"„(]?(?:reply with|antworten sie mit|write|schreiben sie)\b",
    re.IGNORECASE,
)


def templates() -> Iterator[tuple[str, str]]:
    for language in ("en", "de"):
        for name in CUSTOMERS:
            for kind in ("txt", "html"):
                yield f"{language}/{name}.{kind}", (shipped() / language / f"{name}.{kind}").read_text()


def sentences(text: str) -> Iterator[str]:
    text = re.sub(r"(\d)\. (?=[JFMASOND])", r"\1 ", " ".join(text.split()))  # German dates
    yield from re.split(r"(?<=[.!?])\s+", text)


def paragraphs(name: str, language: str) -> Iterator[str]:
    """Of all its letters, without heads and quoted lines."""
    for letter in re.split(r"(?m)^=+.*$|^From: ", (GOLDEN / language / f"{name}.txt").read_text()):
        body = letter.partition("\n\n")[2]
        kept = "\n".join(line for line in body.splitlines() if not line.startswith(">"))
        yield from re.split(r"\n\s*\n|\n(?=- )", kept)


def test_no_moment_that_a_letter_names_to_a_customer_is_one_of_a_resolution() -> None:
    for file, source in templates():
        for named in re.findall(r"\b(?:when|day)\(([^()]+)\)", source):
            assert named.strip() in MOMENTS, f"{file}: {named}"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", CUSTOMERS)
def test_no_sentence_says_by_when_a_matter_is_resolved(name: str, language: str) -> None:
    for paragraph in paragraphs(name, language):
        for sentence in sentences(paragraph):
            if SOLVED.search(sentence) and TIME.search(sentence):
                assert HARMLESS.search(sentence), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It will be solved within two days.",
        "We fix it by Wednesday, 4 March 2026, 09:30 (UTC).",
        "Die Lösung kommt bis Mittwoch, 4. März 2026.",
        "Ihr Fehler ist bald behoben.",
    ],
)
def test_such_a_sentence_would_be_found(sentence: str) -> None:
    [found] = sentences(sentence)
    assert SOLVED.search(found)
    assert TIME.search(found)
    assert not HARMLESS.search(found)
