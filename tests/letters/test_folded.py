"""Short lines of the shipped HTML: the same page to a browser, and mostly no encoding at all in a mail."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from jinja2 import Environment, TemplateAssertionError

from maildesk.letters.folded import folded
from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters
from maildesk.letters.samples import SAMPLE_NOW
from tests.letters.goldens import desk

JINJA = Environment()
STYLE = "color:#667380;font-family:-apple-system,'Segoe UI',Roboto,Helvetica;border-top:1px solid #e8ecf0"
WORDS = "words of a letter that need more than one line " * 4


class _Page(HTMLParser):
    """What a browser makes of a page, but for blanks that it does not count."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: re.sub(r"(?<=[;,])\s+", "", value or "") if name == "style" else value for name, value in attrs}
        self.seen.append((tag, kept))

    def handle_data(self, data: str) -> None:
        self.seen.append(re.sub(r"\s+", " ", data))


def short(source: str, **values: object) -> str:
    return JINJA.from_string(folded(JINJA.parse(source))).render(values)


@pytest.mark.parametrize(
    "source",
    [
        f'<p class="dim" style="{STYLE}" title="{WORDS}; and, more">{WORDS}</p>',
        f"<p>{WORDS}<strong>{{{{ value }}}}</strong> {WORDS}</p>" * 3,
        f'<a href="{{{{ value }}}}" style="{{{{ value }}}};{STYLE}">{{% if value %}} {WORDS}{{% endif %}}</a>',
        f'<td class="x">{{{{ value }}}}</td>{WORDS}\n\n {WORDS}\n',
    ],
)
def test_a_page_in_short_lines_is_the_same_page(source: str) -> None:
    value = "a value; with a, blank"
    html = short(source, value=value)
    assert _Page(html).seen == _Page(JINJA.from_string(source).render(value=value)).seen
    assert html.count("\n") > source.count("\n")
    assert all(len(line) <= 76 or WORDS in line for line in html.split("\n"))


def test_a_value_keeps_its_blanks() -> None:
    assert WORDS in short("<p>{{ value }}</p>", value=WORDS)


@pytest.mark.parametrize("html", ["<pre>a b</pre>", "<TEXTAREA>", "<!-- a -->", '<p style="white-space: pre-line">'])
def test_html_in_which_blanks_count_is_refused(html: str) -> None:
    with pytest.raises(TemplateAssertionError):
        folded(JINJA.parse(html))


def test_a_letter_of_short_words_needs_no_encoding() -> None:
    update = sample(desk(), "agent_update", "en")  # a letter without links, which are long lines
    letter = replace(update, context={**update.context, "what": "note", "text": "It is broken."})
    rendered = Letters(desk(), [NO_DESK]).render(letter, 1, SAMPLE_NOW)
    assert rendered.body.count(b"Content-Transfer-Encoding: 7bit") == 2
