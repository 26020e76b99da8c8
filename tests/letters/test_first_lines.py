"""Every letter that an agent may answer says in its first line who would read that: in all languages, text and HTML."""

from __future__ import annotations

import re
from html import unescape

import pytest

from maildesk.letters.samples import SAMPLES
from maildesk.letters.table import LETTERS, MARKERS
from tests.letters.goldens import LANGUAGES, desk, letters_of

ANSWERABLE = sorted(name for name, kind in LETTERS.items() if kind.audience == "agent" and kind.answerable)
SAID = {
    "en": (
        r"A plain reply goes to [^\n]+?(?: and 1 copy| and \d+ copies)?\. Begin with #note to keep it inside\.",
        r"A plain reply is kept in the ticket and goes to nobody\.",
        r"Your reply stays inside: (?:this is about a note|begin it with yes or no)\.",
        r"A reply to this mail reaches no customer: (?:it is about no ticket|the ticket is another queue's)\.",
    ),
    "de": (
        r"Eine Antwort geht an [^\n]+?(?: und 1 Kopie| und \d+ Kopien)?\. Mit #note am Anfang bleibt sie intern\.",
        r"Eine Antwort bleibt im Ticket und geht an niemanden\.",
        r"Ihre Antwort bleibt intern: (?:Es geht um eine Notiz|Beginnen Sie mit yes oder no)\.",
        r"Eine Antwort auf diese Mail bleibt intern: "
        r"(?:Sie gehört zu keinem Ticket|Das Ticket gehört in eine andere Warteschlange)\.",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ANSWERABLE)
def test_the_first_line_says_who_reads_a_plain_reply(name: str, language: str) -> None:
    told = [rendered for letter, rendered in letters_of(desk(), language) if letter.name == name]
    assert len(told) == len(SAMPLES[name])
    for rendered in told:
        marker, _, below = rendered.text.replace("\r\n", "\n").partition("\n\n")
        assert marker == MARKERS[language]
        first = below.split("\n", 1)[0]
        assert any(re.fullmatch(each, first) for each in SAID[language]), first
        page = rendered.html.partition("<body")[2]
        shown = " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())
        assert first in shown
        assert shown.index(first) < 400, "it stands above all else"


def test_the_letters_to_agents_are_these() -> None:
    """A new one wants a story in tests/desk/test_story_first_lines."""
    assert ANSWERABLE == ["agent_ticket", "agent_update", "confirm", "due_soon", "escalation", "overdue", "receipt"]
