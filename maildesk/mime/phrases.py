"""Tables of phrases as one pattern: what mail programs and mail servers write, in many languages.

Used by the tables of this room. A phrase is a small regular expression; a line holds some of them, parted by "|".
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import at_need

# What a letter stands for where case is disregarded: `re` folds these beyond ASCII.
_MORE = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}
_BEGINS = re.compile(r"(?m)(^|(?<!\\)\||\(\?:)([a-z])(?![?*+{])")
_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_PLAIN = re.compile(r"[^\W\d_A-Z](?![?*+{])")


def alternatives(table: str) -> str:
    """The phrases of a table as one alternative of a larger pattern, which disregards case.

    Those of one letter stand together, and that is a set of letters that says so by itself: `re` passes over an
    alternative by its first letter only where that needs no folding, and tries it in full elsewhere, at each place of a
    text. Of two phrases that both stand somewhere, the one that comes first in a table need not be the one found.
    """
    together: dict[str, list[str]] = {}
    for phrase in _phrases(table.strip()):
        letter = phrase[0] if _PLAIN.match(phrase) else ""
        together.setdefault(letter, []).append(phrase[len(letter) :])
    each = (f"{letter}(?:{'|'.join(rest)})" if letter else "|".join(rest) for letter, rest in together.items())
    return f"(?:{_BEGINS.sub(_either_case, '|'.join(each))})"


def _phrases(table: str) -> list[str]:
    """Each by itself; a bar or the end of a line within a group parts no phrases."""
    found, depth = [""], 0
    for sign in _SIGN.findall(table):
        depth += (sign == "(") - (sign == ")")
        if sign in "|\n" and not depth:
            found.append("")
        else:
            found[-1] += "|" if sign == "\n" else sign
    return found


def _either_case(match: re.Match[str]) -> str:
    letter = match[2]
    return f"{match[1]}(?-i:[{letter}{letter.upper()}{_MORE.get(letter, '')}])"


def any_of(table: str) -> re.Pattern[str]:
    """A pattern that finds any of the phrases, without regard to case."""
    return at_need(lambda: re.compile(alternatives(table), re.IGNORECASE))


def begins_with(table: str) -> re.Pattern[str]:
    """A pattern for lines that begin with one of the phrases, behind marks of quoting and white space."""
    return at_need(lambda: re.compile(rf"[\s>*|]*{alternatives(table)}", re.IGNORECASE))
