"""Pages: what stands on paper or a web site rather than in a mail. There is one, the support policy.

Called by `maildesk policy`, and by the checks of overrides. Templates are in `pages/LANGUAGE` of the shipped folder
and of [desk] templates; the first line of a .txt is the page's title. They share pieces with the letters, so that
both use the same words.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from maildesk.config import Config
from maildesk.letters.environment import Shelf, Written
from maildesk.letters.fallback import attempt
from maildesk.letters.where import languages, shipped, wanted
from maildesk.policy.service_page import policy

FOLDER = "pages"
POLICY = "policy"
_WIDTH = 78
COUNTRY = len("US")  # a code begins with it


def policy_page(config: Config, language: str, at: datetime, alarm: Callable[[str], None]) -> Written:
    """In this language, else the desk's, else English; single days that are over at `at` are left out.

    `alarm` hears of broken overrides, and the shipped page is written in their place.
    """

    def context(found: str) -> Mapping[str, Any]:
        return {**policy(config, at), "language": found, "holidays": lambda code: territory(code, found)}

    spoken = wanted(language or config.desk.language, config.desk.language)
    theirs, ours = Shelf(page_folders(config)), Shelf(_shipped())
    written = attempt(theirs, ours, POLICY, spoken, context, alarm)
    return written._replace(text=_wrapped(written.text))


def page_languages(config: Config) -> list[str]:
    """Those the page is there in."""
    found = {(each, folder / each / f"{POLICY}.txt") for folder in page_folders(config) for each in languages(folder)}
    return sorted({language for language, file in found if file.is_file()})


def page_folders(config: Config) -> tuple[Path, ...]:
    own = config.desk.templates
    return (own / FOLDER, own, *_shipped()) if own else _shipped()


def page_problems(config: Config, at: datetime) -> list[str]:
    """What is wrong with overrides of the page, in any language."""
    found: list[str] = []
    for language in page_languages(config):
        policy_page(config, language, at, found.append)
    return found


def _shipped() -> tuple[Path, ...]:
    return shipped() / FOLDER, shipped()


def territory(code: str, language: str) -> str:
    """ "United States (US-CA)", or the bare code where the language has no name for the country."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415

    try:
        name = Locale.parse(language, sep="-").territories.get(code[:COUNTRY], "")
    except (ValueError, UnknownLocaleError):
        name = ""
    return f"{name} ({code})" if name else code


def _wrapped(text: str) -> str:
    """Lines that a terminal shows whole; what follows keeps the indent of its line."""
    return "".join(_narrow(line) + "\n" for line in text.splitlines())


def _narrow(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    whole = len(line) <= _WIDTH
    return line if whole else textwrap.fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False)
