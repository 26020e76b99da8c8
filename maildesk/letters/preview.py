"""Letters with sample data: for `template list|show|preview`, and every template in every language for `check`.

Called by the command line. Tokens of a preview are signed with a key that no desk has, so it can admit nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from maildesk.config import Config
from maildesk.letters.environment import Shelf
from maildesk.letters.fallback import shelf_folders
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW, SAMPLE_SUBJECT, SAMPLES
from maildesk.letters.table import LETTERS
from maildesk.letters.where import languages, shipped, wanted
from maildesk.words import Address, Letter

NO_DESK = b"preview"  # signs the tokens of previews
_ABOUT_HELD = {("consult", "organisation"), ("answer", "decided"), ("answer", "not_understood")}
_ASIDE = ("redirect", "alarm", "digest", "handover", "low_balance", "statement")  # about no ticket
_READER = Address("carol@acme.example", "Carol Jones")


def names() -> tuple[str, ...]:
    """Every letter there is."""
    return tuple(LETTERS)


def show(name: str, language: str = "en", only: str = "") -> str:
    """The shipped template as it is written, text and then HTML, or `only` one; KeyError for an unknown name."""
    if name not in LETTERS:
        raise KeyError(name)
    shelf = Shelf((shipped(),))
    found = shelf.find(name, wanted(language))
    keys = [key for key in (found.text, found.html) if key and key.endswith(only)]
    if only:
        return "".join(shelf.path(key).read_text(encoding="utf-8") for key in keys)
    return "\n".join(f"--- {key.partition('/')[2]}\n{shelf.path(key).read_text(encoding='utf-8')}" for key in keys)


def sample(config: Config, name: str, language: str = "", to: str = "", variant: int = 0) -> Letter:
    """A letter of this name with invented people in it."""
    kind = LETTERS[name]
    reader = (
        Address(to) if to else (_READER if kind.audience == "customer" else Address("alice@example.com", "Alice Agent"))
    )
    return Letter(
        name,
        reader,
        kind.audience,
        queue="" if kind.audience == "ops" else config.default_queue,
        language=language,
        about=_about(config, name, SAMPLES[name][variant]),
        subject=SAMPLE_SUBJECT,
        sender_name="Alice Agent" if name == "reply" else "",
        in_reply_to="sample@mail.acme.example" if kind.answers or name == "reply" else "",
        human=name == "reply",
        context=SAMPLES[name][variant],
        role="requester" if kind.audience == "customer" else "",
    )


def _about(config: Config, name: str, context: Mapping[str, Any]) -> str:
    kind = context.get("kind", "")
    if name == "confirm" or (name, kind) in _ABOUT_HELD:
        return "held-7"
    aside = name in _ASIDE or kind in ("list", "unknown")
    none = aside or (name == "receipt" and not context["status"])
    return "" if none else f"{config.desk.prefix}-10427"


def preview(
    config: Config, name: str, language: str = "", to: str = "", serial: int = 1, now: datetime = SAMPLE_NOW
) -> Rendered:
    """One letter with its first sample; KeyError for an unknown name."""
    return Letters(config, [NO_DESK]).render(sample(config, name, language, to), serial, now)


def problems(config: Config) -> list[str]:
    """What is wrong with any template in any language, overrides included, one line each."""
    faults: list[str] = []
    letters = Letters(config, [NO_DESK], faults.append)
    stacks = {shelf_folders(config, queue): queue for queue in (*config.queue, "")}
    for folders, queue in stacks.items():
        for language in sorted({language for folder in folders for language in languages(folder)}):
            for letter in samples(config, language, queue):
                letters.render(letter, 1, SAMPLE_NOW)
    own = {folder for folders in stacks for folder in folders if folder != shipped()}
    return [*faults, *(stray for folder in sorted(own) for stray in _strays(folder))]


def samples(config: Config, language: str, queue: str) -> Iterator[Letter]:
    """Every letter with every sample."""
    for name in LETTERS:
        for variant in range(len(SAMPLES[name])):
            letter = sample(config, name, language, variant=variant)
            yield replace(letter, queue=queue if letter.queue else "")


def _strays(folder: Path) -> Iterator[str]:
    """Files that no letter reads, mostly misspelt."""
    for file in sorted(path for language in languages(folder) for path in (folder / language).iterdir()):
        if file.suffix in (".txt", ".html") and file.stem not in LETTERS and not file.stem.startswith("_"):
            near = get_close_matches(file.stem, LETTERS, n=1)
            yield f"{file}: there is no such letter" + (f"; did you mean {near[0]}{file.suffix}?" if near else "")
