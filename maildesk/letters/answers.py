"""Canned answers: texts that agents put in front of their own by `#answer NAME`.

Files `answers/LANGUAGE/NAME.txt`, or `answers/NAME.txt` for any language, of a queue's overrides, the desk's and the
shipped ones. Read once, and written while a mail is handled: so they have values and conditions on them, but nothing
that could take time, and what is wrong with a file comes back as its fault and never as an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maildesk.config import Config
from maildesk.letters.fallback import cause_of
from maildesk.letters.filters import TEXT_FILTERS
from maildesk.letters.samples_words import SAMPLE_SUBJECT
from maildesk.letters.where import languages, shipped, wanted
from maildesk.mime.keyless import keyless
from maildesk.policy.script import MARKS
from maildesk.words import Canned

FOLDER = "answers"
SAMPLE: Mapping[str, Any] = {  # what a file may name, beside `language`
    "desk": "Example Support",
    "queue": "Technical Support",
    "words": {},
    "reference": "EX-10427",
    "subject": SAMPLE_SUBJECT,
    "reader": "Carol Jones",
    "agent": "Alice Agent",
}
LONGEST = 20_000  # characters of a file
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_FILTERS = ("default", "d", "upper", "lower", "capitalize", "title", "trim", "quoted")
# What a file may be made of. A loop or a sum could go on for ever, and the mails behind this one wait for it.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.CondExpr, nodes.Test, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Filter,
)  # fmt: skip
# All that a template made of these may raise.
_FAULTS = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)

Shelf = Mapping[tuple[str, str], "File"]  # by language, "" for any, and name


class File(NamedTuple):
    path: Path
    source: str
    fault: str = ""


class Answers:
    """All canned answers of a desk."""

    def __init__(self, config: Config) -> None:
        self._language = config.desk.language
        self._folders = {queue: _folders(config, queue) for queue in ("", *config.queue)}
        self._shelves = {folder: _read(folder) for folder in set(chain.from_iterable(self._folders.values()))}

    def names(self, queue: str) -> tuple[str, ...]:
        return tuple(sorted({name for shelf in self._of(queue) for _, name in shelf if _NAME.fullmatch(name)}))

    def write(self, name: str, queue: str, language: str, values: Mapping[str, Any]) -> Canned:
        """For a reader of this language, by the first folder that has it; KeyError for a name that is none."""
        spoken = wanted(language or self._language, self._language)
        for shelf in self._of(queue):
            for each in (*spoken, ""):
                if (each, name) in shelf:
                    return _written(name, shelf[each, name], {**values, "language": each or spoken[0]})
        raise KeyError(name)

    def problems(self, values: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with any file, one line each."""
        for folder in sorted(self._shelves):
            for (language, name), file in sorted(self._shelves[folder].items(), key=lambda each: each[0]):
                written = _written(name, file, {**values, "language": language or self._language})
                fault = written.fault if _NAME.fullmatch(name) else "no #answer can name it; use a-z, 0-9 and -"
                if fault:
                    yield f"{file.path}: {fault}"

    def _of(self, queue: str) -> tuple[Shelf, ...]:
        return tuple(self._shelves[folder] for folder in self._folders.get(queue) or self._folders[""])


def _folders(config: Config, queue: str) -> tuple[Path, ...]:
    """Where a queue's answers are looked for."""
    own = config.desk.templates
    theirs = () if own is None else (*((own / "queues" / queue / FOLDER,) if queue else ()), own / FOLDER)
    return (*theirs, shipped() / FOLDER)


def _read(folder: Path) -> Shelf:
    places = [("", folder), *((language, folder / language) for language in languages(folder))]
    found = ((language, path) for language, place in places for path in sorted(place.glob("*.txt")))
    return {(language, path.stem): _file(path) for language, path in found}


def _file(path: Path) -> File:
    try:
        return File(path, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return File(path, "", cause_of(error))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(TEXT_FILTERS)
    return environment


@lru_cache(maxsize=256)  # made when one is first asked for, which most desks' processes never are
def _compiled(source: str) -> Template | str:
    """The template, or what is wrong with it."""
    try:
        return _unfit(source, _environment().parse(source)) or _environment().from_string(source)
    except _FAULTS as error:
        return cause_of(error)


def _unfit(source: str, parsed: nodes.Template) -> str:
    if len(source) > LONGEST:
        return f"has more than {LONGEST} characters"
    for node in parsed.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Filter) and node.name not in _FILTERS):
            return f"line {node.lineno}: a canned answer may have values and conditions alone"
    return ""


def _written(name: str, file: File, values: Mapping[str, Any]) -> Canned:
    template = file.fault or _compiled(file.source)
    if isinstance(template, str):
        return Canned(name, fault=template)
    try:
        text = keyless(template.render(values)).strip()
    except _FAULTS as error:
        return Canned(name, fault=cause_of(error))
    fault = "begins as a command does" if text.startswith(MARKS) else "" if text else "says nothing"
    return Canned(name, "" if fault else text, fault)
