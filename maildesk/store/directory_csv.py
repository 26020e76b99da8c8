"""The directory's CSV form: contacts, one a row.

Called by store/directory. The first row names the columns; several addresses in a cell are separated by blanks,
commas or semicolons. Organisations themselves and agents are TOML's.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from maildesk.config.values import Wrong
from maildesk.store.directory_file import KEYS, File, Problem, entry, title, unknown

SEPARATORS = re.compile(r"[\s;,]+")
COLUMNS = ("organisation", *KEYS["contact"])
NEEDED = ("organisation", "name", "addresses")
HEAD = f"the first row names the columns: {','.join(COLUMNS)}"


def read_csv(text: str) -> File:
    """Every contact of a CSV file, and all that is wrong with it."""
    file = File(contacts_alone=True)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        head = [name.strip() for name in next(rows, [])]
        file.problems += _head(head)
        for row in rows if not file.problems else ():
            if any(cell.strip() for cell in row):
                _row(head, row, rows.line_num, file)
    except csv.Error as error:
        file.problems.append(Problem(rows.line_num, f"this is no CSV: {error}; put cells with commas in double quotes"))
    return file


def _head(head: list[str]) -> list[Problem]:
    missing = [f"the column {name} is missing; {HEAD}" for name in NEEDED if name not in head]
    return [Problem(1, each) for each in (*missing, *(unknown(name, COLUMNS) for name in head if name not in COLUMNS))]


def _row(head: list[str], row: list[str], line: int, file: File) -> None:
    if len(row) != len(head):
        file.problems.append(Problem(line, f"the row has {len(row)} cells, the first row names {len(head)} columns"))
        return
    cells = {name: cell.strip() for name, cell in zip(head, row, strict=True)}
    organisation = cells.pop("organisation")
    table: dict[str, object] = {name: cell for name, cell in cells.items() if name != "addresses" or cell}
    if "addresses" in table:
        table |= {"addresses": [each for each in SEPARATORS.split(cells["addresses"]) if each]}
    one = entry("contact", table, lambda _: line, file.problems)
    try:
        file.contacts.append(replace(one, organisation=title(organisation)))
    except Wrong as wrong:
        file.problems.append(Problem(line, f"organisation: {wrong}"))
