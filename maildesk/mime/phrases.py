"""Tables of phrases as one pattern: what mail programs and mail servers write, in many languages.

Used by the tables of this room. A phrase is a small regular expression; a line holds some of them, parted by "|".
"""

from __future__ import annotations

import re


def alternatives(table: str) -> str:
    """The phrases of a table as one alternative of a larger pattern."""
    return f"(?:{table.strip().replace(chr(10), '|')})"


def any_of(table: str) -> re.Pattern[str]:
    """A pattern that finds any of the phrases, without regard to case."""
    return re.compile(alternatives(table), re.IGNORECASE)


def begins_with(table: str) -> re.Pattern[str]:
    """A pattern for lines that begin with one of the phrases, behind marks of quoting and white space."""
    return re.compile(rf"[\s>*|]*{alternatives(table)}", re.IGNORECASE)
