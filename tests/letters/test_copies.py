"""Copies of a letter: the same bytes as if each had been rendered on its own, and never another reader's key."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.words import Address, Letter
from tests.letters.goldens import desk

READERS = (Address("anna@example.com", "Anna"), Address("ben@example.com", "Ben"), Address("cleo@example.com", "Cleo"))


def copies(letter: Letter) -> Iterator[tuple[Letter, int]]:
    """A letter to each of the readers, with its serial."""
    for at, reader in enumerate(READERS):
        yield replace(letter, to=reader, copy=at > 0), 1000 + at


def in_turn(letters: Letters, letter: Letter) -> list[Rendered]:
    return [letters.render(each, serial, SAMPLE_NOW) for each, serial in copies(letter)]


@pytest.mark.parametrize("name", ["agent_ticket", "agent_update", "reply"])
def test_a_copy_has_the_bytes_of_a_letter_rendered_alone(name: str) -> None:
    config = desk()
    letter = sample(config, name, "en")
    alone = [Letters(config, [NO_DESK]).render(each, serial, SAMPLE_NOW) for each, serial in copies(letter)]
    assert in_turn(Letters(config, [NO_DESK]), letter) == alone


def test_no_copy_shows_the_key_of_another_reader() -> None:
    first, *others = in_turn(Letters(desk(), [NO_DESK]), sample(desk(), "agent_ticket", "en"))
    token = first.message_id.partition(".")[2].partition("@")[0]
    assert token in first.html
    for copy in others:
        assert token not in copy.head.decode() + copy.text + copy.html


def test_what_differs_from_the_former_letter_is_rendered_anew() -> None:
    letters, letter = Letters(desk(), [NO_DESK]), sample(desk(), "agent_ticket", "en")
    letters.render(letter, 1, SAMPLE_NOW)
    other = replace(letter, copy=True, context={**letter.context, "text": "Quite another text"})
    assert "Quite another text" in letters.render(other, 2, SAMPLE_NOW).text


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("agent_ticket.txt", "Subject: New\nFor {{ reader }}\n"),
        ("_base.txt", "{% block first %}{% endblock %}{% block body %}{% endblock %}\nFor {{ reader }}\n"),
    ],
)
def test_an_override_that_names_its_reader_names_each(tmp_path: Path, file: str, content: str) -> None:
    folder = tmp_path / "mine" / "en"
    folder.mkdir(parents=True)
    (folder / file).write_text(content, encoding="utf-8")
    config = desk(folder=tmp_path, name='"Desk"\ntemplates = "mine"')
    letters = in_turn(Letters(config, [NO_DESK]), sample(config, "agent_ticket", "en"))
    assert all(f"For {reader.name}" in letter.text for reader, letter in zip(READERS, letters, strict=True))


def test_an_override_that_names_its_reader_in_a_file_it_extends_names_each(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "en"
    folder.mkdir(parents=True)
    (folder / "frame.html").write_text("<p>For {{ reader }}</p>{% block body %}{% endblock %}", encoding="utf-8")
    (folder / "agent_ticket.txt").write_text("Subject: New\n{{ mailto('x') }}\n", encoding="utf-8")
    (folder / "agent_ticket.html").write_text('{% extends "frame.html" %}', encoding="utf-8")
    config = desk(folder=tmp_path, name='"Desk"\ntemplates = "mine"')
    letters = in_turn(Letters(config, [NO_DESK]), sample(config, "agent_ticket", "en"))
    assert all(f"For {reader.name}" in letter.html for reader, letter in zip(READERS, letters, strict=True))
