"""From the text of maildesk.conf to `Config`, or to every problem in it at once.

Called by the command line and the daemon (`find`, `load`) and by tests (`parse`). A syntax error is told alone; all
other problems together, in the order of their lines. Nothing here ends the process.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from maildesk.config import rules
from maildesk.config.lines import line_of, places
from maildesk.config.options import Config
from maildesk.config.problems import ConfigError, Problem, from_pydantic

SYSTEM_FILE = Path("/etc/maildesk/maildesk.conf")
PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# What stands in for a key that is missing, so that the other checks can still run.
STAND_IN = {
    "from": "2000-01-01T00:00:00Z",
    "until": "2000-01-02T00:00:00Z",
    "then": {"severity": 3},
    "user": "nobody",
}


def find(explicit: str | os.PathLike[str] | None = None) -> Path:
    """The file to read: named, in $MAILDESK_CONFIG, here, or the system's."""
    for named in (explicit, os.environ.get("MAILDESK_CONFIG")):
        if named:
            return Path(named)
    here = Path("maildesk.conf")
    return here if here.exists() else SYSTEM_FILE


def load(path: Path) -> Config:
    """The configuration in this file; raises ConfigError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path.name}:{line}: this is not UTF-8; save the file in UTF-8"]) from None
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; write one with: maildesk init DIR"]) from None
    except IsADirectoryError:
        raise ConfigError([f"{path}: this is a folder; name the file in it"]) from None
    return parse(text, path.parent, path.name).read_from(path)


def parse(text: str, folder: Path, name: str = "maildesk.conf") -> Config:
    """The configuration in this text, paths relative to the folder; raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax(str(error), text, name)]) from None
    except RecursionError:
        raise ConfigError([f"{name}:1: this is nested too deeply; write plain tables and lists"]) from None
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
    config, problems = _validate(data, folder)
    if config is not None:
        known = [problem.path for problem in problems]
        problems += [found for found in rules.check(config) if not _about_any(found.path, known)]
    if problems or config is None:
        raise ConfigError(_lines(problems, text, name))
    return config.read_from(folder / name)


def _syntax(message: str, text: str, name: str) -> str:
    found = PLACE.search(message)
    line = int(found[1]) if found and found[1] else text.rstrip("\n").count("\n") + 1
    column = f" (column {found[2]})" if found and found[2] else ""
    what = PLACE.sub("", message)
    remedy = "text stands in double quotes, a list in [ ], each key = value on a line of its own"
    if "Cannot" in what or "twice" in what:
        remedy = "each key and each [table] stands once: join the two"
    return f"{name}:{line}: this is no valid TOML: {what[:1].lower()}{what[1:]}{column}; {remedy}"


def _validate(data: dict[str, Any], folder: Path) -> tuple[Config | None, list[Problem]]:
    """The configuration, and what is wrong; when wrong keys can be left out, one without them."""
    _fill(data)
    problems: list[Problem] = []
    for attempt in range(4):
        try:
            return Config.model_validate(data, context={"folder": folder}), problems
        except ValidationError as invalid:
            errors = invalid.errors(include_url=False)
        if not attempt:
            problems = [from_pydantic(error, Config) for error in errors]
        for error in errors:
            _mend(data, error["loc"], missing=error["type"] == "missing")
    return None, problems


def _fill(data: dict[str, Any]) -> None:
    """What a key says when it is not written and another tells it."""

    def each(table: str, key: str, value: Callable[[str], Any]) -> None:
        named = data.get(table)
        for name, options in named.items() if isinstance(named, dict) else ():
            if isinstance(options, dict):
                options.setdefault(key, value(name))

    desk = data.setdefault("desk", {})
    zone = desk.get("time_zone", "UTC") if isinstance(desk, dict) else "UTC"
    queues = data.get("queue")
    each("queue", "title", lambda name: name.replace("-", " ").capitalize())
    each("plan", "title", lambda name: name.replace("-", " ").capitalize())
    each("plan", "queues", lambda _: list(queues) if isinstance(queues, dict) else [])
    each("calendar", "time_zone", lambda _: zone if isinstance(zone, str) else "UTC")


def _mend(data: dict[str, Any], path: tuple[str | int, ...], *, missing: bool) -> None:
    """Leave out what is wrong, or put a stand-in where something is missing."""
    parts = [part for part in path if part != "[key]"]
    here: Any = data
    trail: list[tuple[dict[str, Any], str]] = []
    for part in parts:
        if isinstance(here, dict) and isinstance(part, str):
            trail.append((here, part))
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
    if not trail:
        return
    table, key = trail[-1]
    if missing:
        table[key] = STAND_IN.get(
            key, f"missing{id(table)}@example.invalid" if key in ("address", "postmaster") else "example.invalid"
        )
    else:
        table.pop(key, None)


def _about_any(path: tuple[str | int, ...], known: list[tuple[str | int, ...]]) -> bool:
    return any(path[: len(other)] == other or other[: len(path)] == path for other in known)


def _lines(problems: list[Problem], text: str, name: str) -> list[str]:
    found = places(text)
    numbered = sorted(
        {(line_of(found, problem.path), problem.key, problem.what, problem.remedy) for problem in problems}
    )
    return [f"{name}:{line}: {key}: {what}; {remedy}" for line, key, what, remedy in numbered]
