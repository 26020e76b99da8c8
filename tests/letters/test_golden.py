"""Every letter in every language, against what people have looked at (`python -m tests.letters.goldens` rewrites)."""

import pytest

from maildesk.letters.preview import names
from maildesk.letters.samples import SAMPLES
from maildesk.letters.table import COMMON, LETTERS
from maildesk.letters.where import languages, shipped
from tests.letters.goldens import FOLDER, LANGUAGES, expected, names_of_files

FILES = names_of_files()


def test_letters_look_as_they_were_approved() -> None:
    """By one worker, for each would write all of them."""
    written = expected()
    assert set(written) == set(FILES)
    for file, content in written.items():
        assert content == (FOLDER / file).read_text(encoding="utf-8"), file


def test_no_golden_file_is_left_over() -> None:
    assert {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*")} == set(FILES)


def test_every_letter_of_the_table_is_shipped_in_every_language() -> None:
    assert languages(shipped()) == sorted(LANGUAGES)
    for language in LANGUAGES:
        files = {path.name for path in (shipped() / language).iterdir() if not path.name.startswith("_")}
        assert files == {f"{name}{ending}" for name in names() for ending in (".txt", ".html")}


@pytest.mark.parametrize("name", list(LETTERS))
def test_samples_have_exactly_the_fields_of_the_table(name: str) -> None:
    assert not set(LETTERS[name].fields) & (set(COMMON) - {"subject", "words"})
    for sample in SAMPLES[name]:
        assert set(sample) == set(LETTERS[name].fields)


FORBIDDEN = ("http:", "https:", "url(", "<img", "<script", "<link", "@import", "@font-face", "<form", "//")


def test_html_fetches_nothing_and_runs_nothing() -> None:
    """As it stands in the golden files."""
    written = {file: (FOLDER / file).read_text(encoding="utf-8").lower() for file in FILES if file.endswith(".html")}
    assert [(file, each) for file, html in written.items() for each in FORBIDDEN if each in html] == []
