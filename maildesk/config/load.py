"""From the text of maildesk.conf to `Config`, or to every problem in it at once.

Called by the command line and the daemon (`find`, `load`) and by tests (`parse`). A syntax error is told alone; all
other problems together, in the order of their lines. Nothing here ends the process.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from maildesk.config import rules
from maildesk.config.lines import line_of, places
from maildesk.config.mend import fill, mend
from maildesk.config.options import Config
from maildesk.config.problems import ConfigError, Problem, from_pydantic

SYSTEM_FILE = Path("/etc/maildesk/maildesk.conf")
PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

SYNTAX_REMEDY = "text stands in double quotes, a list in [ ], each key = value on a line of its own"
TWICE = "each key and each [table] stands once: join the two"
SYNTAX = (
    ("Cannot declare", ("this table is written a second time", TWICE)),
    ("Cannot overwrite", ("this key is written a second time", TWICE)),
    ("Duplicate inline", ("this key is written a second time", TWICE)),
    ("Cannot mutate", ("this table is written a second time", TWICE)),
    ("Illegal character '\\n'", ("a text is not closed on its line", "put the closing quote behind it")),
    ("Unterminated string", ("a text is not closed", "put the closing quote behind it")),
    ("Unclosed array", ("a list is not closed", "put ] behind its last value")),
    ("Unclosed inline table", ("a table is not closed", "put } behind its last value, all on one line")),
    ("Expected '='", ("this is neither KEY = VALUE nor a [table]", 'put "#" in front of a comment')),
    ("Invalid statement", ("this is neither KEY = VALUE nor a [table]", 'put "#" in front of a comment')),
    ("Unescaped", ("a backslash has no meaning here", "write it twice, or put the text in single quotes")),
)


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
    return parse(text, path.parent, path.name)


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
    column = f" at column {found[2]}" if found and found[2] else ""
    what = PLACE.sub("", message)
    wrong, remedy = next(
        (words for sign, words in SYNTAX if sign in what), (f"this is no valid TOML{column}", SYNTAX_REMEDY)
    )
    return f"{name}:{line}: {wrong}; {remedy}"


def _validate(data: dict[str, Any], folder: Path) -> tuple[Config | None, list[Problem]]:
    """The configuration, and what is wrong; when wrong keys can be left out, one without them."""
    fill(data)
    problems: list[Problem] = []
    for attempt in range(4):
        try:
            return Config.model_validate(data, context={"folder": folder}), problems
        except ValidationError as invalid:
            errors = invalid.errors(include_url=False)
        if not attempt:
            problems = [from_pydantic(error, Config) for error in errors]
        for error in errors:
            mend(data, error["loc"], missing=error["type"] == "missing")
    return None, problems


def _about_any(path: tuple[str | int, ...], known: list[tuple[str | int, ...]]) -> bool:
    return any(path[: len(other)] == other or other[: len(path)] == path for other in known)


def _lines(problems: list[Problem], text: str, name: str) -> list[str]:
    found = places(text)
    numbered = sorted(
        {(line_of(found, problem.path), problem.key, problem.what, problem.remedy) for problem in problems}
    )
    return [f"{name}:{line}: {key}: {what}; {remedy}" for line, key, what, remedy in numbered]
