"""The directory's TOML form, read: organisations, contacts and agents, each value checked on its own.

Called by store/directory. Reading finds every problem at once, each with its line; whether the people fit together,
store/directory_check says. It knows neither the store nor the configuration.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from maildesk.config import values
from maildesk.config.lines import Path, line_of, places
from maildesk.config.values import Wrong, nearest, shown
from maildesk.words.frozen import frozen

AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
REMEDY = "text stands in double quotes, a list in [ ], each key = value on a line of its own"

Read = Callable[[object], Any]


@frozen
class Problem:
    line: int
    what: str


class DirectoryError(Exception):
    """A directory file that cannot be applied, or an edit; `str()` is one line a problem, `FILE:LINE: what; remedy`.

    An edit is of no file, and has no line.
    """

    def __init__(self, problems: Iterable[Problem], name: str = "") -> None:
        found = sorted({(each.line, each.what) for each in problems})
        self.lines = tuple(f"{name}:{line}: {what}" if name else what for line, what in found)
        super().__init__("\n".join(self.lines))


@frozen
class Entry:
    """One organisation, contact or agent of the file: its values by key, where it stands, and its contacts."""

    kind: str
    line: int
    values: Mapping[str, Any]
    given: frozenset[str]  # the keys that stand in the file
    contacts: tuple[Entry, ...] = ()
    organisation: str = ""  # of a contact that stands alone, in a CSV


@dataclass(slots=True)
class File:
    organisations: list[Entry] = field(default_factory=list)
    contacts: list[Entry] = field(default_factory=list)  # of a CSV; each names its organisation
    agents: list[Entry] = field(default_factory=list)
    contacts_alone: bool = False
    problems: list[Problem] = field(default_factory=list)


def title(value: object) -> str:
    written = values.text(value).strip()
    if not written or not written.isprintable():
        raise Wrong(f"{shown(value)} is no name", "write it in printable letters, not empty")
    if len(written) > 200:
        raise Wrong("the name is longer than 200 characters", "shorten it")
    return written


def listed(read: Read) -> Read:
    def reading(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is no list", "put it in brackets: [ ... ]")
        return tuple(dict.fromkeys(read(each) for each in value))

    return reading


def addresses(value: object) -> tuple[str, ...]:
    found: tuple[str, ...] = listed(values.address)(value)
    if not found:
        raise Wrong("there is no address", 'write at least one, such as ["carol@acme.example"]')
    return found


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false", "write true or false, without quotes")
    return value


def level(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 99:
        raise Wrong(f"{shown(value)} is no level", "write a number from 1")
    return value


def role(value: object) -> str:
    if value not in ("agent", "manager"):
        raise Wrong(f"{shown(value)} is no role", 'write "agent" or "manager"')
    return str(value)


def notices(value: object) -> str:
    if value not in ("single", "digest"):
        raise Wrong(f"{shown(value)} is no way to hear of tickets", 'write "single" or "digest"')
    return str(value)


def last_day(value: object) -> str:
    return "" if value == "" else values.day(value).isoformat()


def or_empty(read: Read) -> Read:
    return lambda value: "" if value == "" else read(value)


NEEDED = object()
KEYS: dict[str, dict[str, tuple[Read, Any]]] = {
    "organisation": {
        "name": (title, NEEDED),
        "was": (or_empty(title), ""),
        "domains": (listed(values.domain), ()),
        "plan": (values.name, NEEDED),
        "active": (flag, True),
        "until": (last_day, ""),
        "account_manager": (values.address_or_none, ""),
    },
    "contact": {
        "name": (title, NEEDED),
        "addresses": (addresses, NEEDED),
        "language": (or_empty(values.language), ""),
        "time_zone": (or_empty(values.time_zone), ""),
    },
    "agent": {
        "name": (title, NEEDED),
        "addresses": (addresses, NEEDED),
        "level": (level, 1),
        "role": (role, "agent"),
        "queues": (listed(values.name), ()),
        "calendar": (or_empty(values.name), ""),
        "notices": (notices, "single"),
    },
}


def read_toml(text: str) -> File:
    """Everything that stands in a TOML directory, and all that is wrong with it."""
    file = File()
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = AT_LINE.search(str(error))
        line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
        file.problems.append(Problem(line, f"this is no TOML: {AT_LINE.sub('', str(error))}; {REMEDY}"))
        return file
    found = places(text)
    _known_keys(data, ("organisation", "agent"), (), found, file.problems)
    file.organisations = _entries("organisation", data, (), found, file.problems)
    file.agents = _entries("agent", data, (), found, file.problems)
    return file


def entry(kind: str, table: Mapping[str, Any], at: Callable[[str], int], problems: list[Problem]) -> Entry:
    """The values of one table; `at` gives the line of a key, "" that of the table itself."""
    read: dict[str, Any] = {}
    for key, (reading, default) in KEYS[kind].items():
        if key not in table:
            read[key] = None if default is NEEDED else default
            if default is NEEDED:
                problems.append(Problem(at(""), f"{kind}: {key} is missing; write {key} = ..."))
            continue
        try:
            read[key] = reading(table[key])
        except Wrong as wrong:
            read[key] = None
            problems.append(Problem(at(key), f"{key}: {wrong}"))
    return Entry(kind, at(""), read, frozenset(table))


def _entries(
    kind: str, table: Mapping[str, Any], path: Path, found: dict[Path, int], problems: list[Problem]
) -> list[Entry]:
    entries: list[Entry] = []
    tables = table.get(kind, [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        header = ".".join((*(part for part in path if isinstance(part, str)), kind))
        what = f"{kind}: this is no list of tables; write it as [[{header}]]"
        problems.append(Problem(line_of(found, (*path, kind)), what))
        return entries
    for number, each in enumerate(tables):
        here = (*path, kind, number)
        inner = ("contact",) if kind == "organisation" else ()
        _known_keys(each, (*KEYS[kind], *inner), here, found, problems)
        one = entry(kind, each, partial(_line, found, here), problems)
        contacts = _entries("contact", each, here, found, problems) if inner else []
        entries.append(replace(one, contacts=tuple(contacts)))
    return entries


def _line(found: dict[Path, int], here: Path, key: str) -> int:
    return line_of(found, (*here, key) if key else here)


def _known_keys(
    table: Mapping[str, Any], known: tuple[str, ...], here: Path, found: dict[Path, int], problems: list[Problem]
) -> None:
    strange = [key for key in table if key not in known]
    problems += [Problem(line_of(found, (*here, key)), unknown(key, known)) for key in strange]


def unknown(key: str, known: tuple[str, ...]) -> str:
    guess = nearest(key, known)
    return f"{shown(key)} is not known here; " + (f"did you mean {guess}?" if guess else f"known: {', '.join(known)}")
