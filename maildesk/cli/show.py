"""What verbs print: tables on a terminal, aligned columns in a pipe, JSON alone with --json.

Nothing printed here makes a terminal do anything: control characters and the marks that reorder text are taken out,
in JSON they are escaped.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Columns = Sequence[tuple[str, str]]  # key and heading

REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
HOSTILE = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{REORDERING}\ud800-\udfff]")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[:.\d]*Z")
GAP = 2
NARROW = 16  # what a column that may be wrapped keeps at least
WRAPPED = (
    "SUBJECT", "REASON", "LAST ERROR", "DETAIL", "OVERRIDDEN", "REQUESTER", "OWNER", "FROM", "TO", "BY", "MESSAGE-ID",
    "WHY",
)  # fmt: skip
SPARE = ("ORGANISATION", "DOOR", "QUEUE", "UNTIL", "TRIED", "NEXT TRY", "OPENED", "MESSAGE-ID", "RECEIVED")
ESCAPED = re.compile(rf"[\x7f-\x9f\u2028\u2029{REORDERING}\ud800-\udfff]")


def clean(text: str) -> str:
    """Text for a terminal: lines and tabs stay, nothing else that it would act on."""
    return HOSTILE.sub("", text.replace("\r\n", "\n"))


def cell(value: object) -> str:
    """One value of a table, on one line; a moment to the minute."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(cell(part) for part in value)
    if isinstance(value, str) and (at := MOMENT.fullmatch(value)):
        return f"{at[1]} {at[2]}Z"
    return " ".join(clean(str(value)).split())


def minutes(text: str) -> str:
    """A sentence with its moments to the minute."""
    return MOMENT.sub(r"\1 \2Z", text)


def say(text: str = "") -> None:
    out(clean(text) + "\n")


def out(text: str) -> None:
    """To stdout, in UTF-8 whatever the locale says."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def as_json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def print_json(value: object) -> None:
    out(as_json(value) + "\n")


def table(columns: Columns, rows: Iterable[Row], *, empty: str = "nothing") -> None:
    """The rows under their headings."""
    cells = [[cell(row.get(key)) for key, _ in columns] for row in rows]
    if not cells:
        say(empty)
    elif sys.stdout.isatty():
        _rich(columns, cells)
    else:
        out(_aligned([[heading for _, heading in columns], *cells]))


def fields(pairs: Iterable[tuple[str, object]]) -> None:
    """One thing, a line for each of its fields."""
    shown = [(heading, cell(value)) for heading, value in pairs]
    width = max((len(heading) for heading, _ in shown), default=0)
    for heading, value in shown:
        say(f"{heading:<{width}}  {value}".rstrip())


def columns_of(text: str) -> int:
    """How many places a text takes on a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(mark) in "WF" for mark in text)
    return len(text) + wide - sum(bool(unicodedata.combining(mark)) for mark in text)


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(columns_of(line[number]) for line in lines) for number in range(len(lines[0]))]
    text = []
    for line in lines:
        padded = [word + " " * (width - columns_of(word)) for word, width in zip(line, widths, strict=True)]
        text.append("  ".join(padded).rstrip())
    return "\n".join(text) + "\n"


def _rich(columns: Columns, cells: list[list[str]]) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - slow to import, wanted on terminals alone
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=False)
    least = {heading: _least(heading, [line[number] for line in cells]) for number, (_, heading) in enumerate(columns)}
    kept = fitting(least, console.width)
    shown = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in kept:
        wraps = heading in WRAPPED
        shown.add_column(heading, overflow="fold", no_wrap=not wraps, min_width=least[heading])
    for line in cells:
        shown.add_row(*(Text(word) for word, heading in zip(line, least, strict=True) if heading in kept))
    console.print(shown)
    if left_out := [heading for heading in least if heading not in kept]:
        console.print(f"No room for {', '.join(left_out)}: widen the terminal, or | cat", style="dim")


def _least(heading: str, words: list[str]) -> int:
    """How narrow a column may become."""
    widest = max(columns_of(word) for word in (heading, *words))
    return max(columns_of(heading), min(widest, NARROW)) if heading in WRAPPED else widest


def fitting(least: Mapping[str, int], width: int) -> list[str]:
    """The columns that a terminal of this width has room for; what names a row always stays."""
    kept = list(least)
    for spare in SPARE:
        if sum(least[each] + GAP for each in kept) - GAP > width and spare in kept:
            kept.remove(spare)
    return kept
