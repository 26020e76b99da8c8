"""On which line of a TOML text a key stands.

tomllib keeps no places, so this reads the text a second time and notes where each table, key and element begins. It
is only called after tomllib has accepted the text, and relies on that: it checks nothing.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

Path = tuple[str | int, ...]
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}\n#]+")
OPENERS = ('"""', "'''", '"', "'")


def places(text: str) -> dict[Path, int]:
    """Every path of the text with its line, from 1."""
    return _Scanner(text.replace("\r\n", "\n")).run()


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of the path, else of the nearest table around it; 1 when there is none."""
    for length in range(len(path), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return 1


class _Scanner:
    """One walk through the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [found.start() for found in re.finditer("\n", text)]  # of its lines
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}  # how many elements an array of tables has so far

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip("\n"):
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text[self.at] == "[":
                table = self._header(1)
            else:
                self._pair(table)
        return self.found

    def _skip(self, also: str = "") -> bool:
        """Past blanks and comments; False at the end."""
        while self.at < len(self.text) and (self.text[self.at] in " \t#" or self.text[self.at] in also):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self.at += 1
        return self.at < len(self.text)

    def _note(self, path: Path, start: int) -> None:
        line = bisect_left(self.ends, start) + 1
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def _header(self, brackets: int) -> Path:
        """A table's header; inside an array of tables it belongs to the last element."""
        start = self.at
        self.at += brackets
        *outer, last = self._key()
        self.at += brackets
        path: Path = ()
        for part in outer:
            path = self._last((*path, part))
        path = (*path, last)
        if brackets == 2:
            self.tables[path] = self.tables.get(path, 0) + 1
        path = self._last(path)
        self._note(path, start)
        return path

    def _last(self, path: Path) -> Path:
        return (*path, self.tables[path] - 1) if path in self.tables else path

    def _key(self) -> tuple[str, ...]:
        """A dotted key; ends in front of = or ]."""
        parts: list[str] = []
        while True:
            self._skip()
            parts.append(self._key_part())
            self._skip()
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _key_part(self) -> str:
        start = self.at
        if self.text[start] in "\"'":
            self._string()
            return str(tomllib.loads("key = " + self.text[start : self.at])["key"])
        bare = BARE.match(self.text, start)
        self.at = bare.end() if bare else start + 1
        return self.text[start : self.at]

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table + self._key()
        self._note(path, start)
        self.at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        mark = self.text[self.at]
        if mark in "\"'":
            self._string()
        elif mark == "[":
            self._array(path)
        elif mark == "{":
            self._inline(path)
        else:
            scalar = SCALAR.match(self.text, self.at)
            self.at = scalar.end() if scalar else self.at + 1

    def _string(self) -> None:
        opener = next(mark for mark in OPENERS if self.text.startswith(mark, self.at))
        self.at += len(opener)
        while not self.text.startswith(opener, self.at):
            self.at += 2 if self.text[self.at] == "\\" and opener[0] == '"' else 1
        self.at += len(opener)
        while len(opener) == 3 and self.text[self.at : self.at + 1] == opener[0]:
            self.at += 1  # up to two quotes may stand before the closing three

    def _array(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self._skip("\n,") and self.text[self.at] != "]":
            self._note((*path, number), self.at)
            self._value((*path, number))
            number += 1
        self.at += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while self._skip("\n,") and self.text[self.at] != "}":
            self._pair(path)
        self.at += 1
