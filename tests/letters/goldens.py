"""The golden files of letters: every letter, sample and language as it leaves, to be read by people in a diff.

Rewrite them after a change that was meant, and look at the diff:

    .venv/bin/python -m tests.letters.goldens
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from maildesk.config import Config, parse
from maildesk.letters.preview import NO_DESK, samples
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.words import Letter
from tests.builders import configuration

FOLDER = Path(__file__).parent / "golden"
LANGUAGES = ("de", "en")


def desk(more: str = "", folder: Path = Path("/"), **replaced: str) -> Config:
    return parse(configuration(more, **replaced), folder)


def drawn(config: Config, language: str) -> Iterator[tuple[Letter, int]]:
    """Every letter with every sample, and its number."""
    serials: Counter[str] = Counter()  # of each letter's own, so that a new sample changes no other file
    for letter in samples(config, language, config.default_queue):
        serials[letter.name] += 1
        yield letter, serials[letter.name]


def letters_of(config: Config, language: str) -> Iterator[tuple[Letter, Rendered]]:
    """The same, rendered."""
    letters = Letters(config, [NO_DESK])
    for letter, serial in drawn(config, language):
        yield letter, letters.render(letter, serial, SAMPLE_NOW)


def names_of_files() -> list[str]:
    config = desk()
    letters = {f"{language}/{letter.name}" for language in LANGUAGES for letter, _ in drawn(config, language)}
    return sorted(f"{name}.{kind}" for name in letters for kind in ("html", "txt"))


@cache
def expected() -> dict[str, str]:
    """The content of every golden file by its name: head and text of all samples, HTML of the first."""
    config = desk()
    files: dict[str, str] = {}
    for language in LANGUAGES:
        for letter, rendered in letters_of(config, language):
            name = f"{language}/{letter.name}"
            mail = f"{rendered.head.decode()}{rendered.text}".replace("\r\n", "\n")
            if f"{name}.txt" not in files:
                files[f"{name}.html"] = rendered.html
            files[f"{name}.txt"] = files.get(f"{name}.txt", f"Envelope-From: <{rendered.mail_from}>\n") + mail
    return files


if __name__ == "__main__":
    for file, content in expected().items():
        (FOLDER / file).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / file).write_text(content, encoding="utf-8")
