"""What an answer to the survey says: a mark, the words behind it, the listed reasons among those.

Used by survey. A text that only looks like a mark is none: it would tell managers of a customer's displeasure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MARKS = {"yes": 5, "ja": 5, "no": 1, "nein": 1, **{str(mark): mark for mark in range(1, 6)}}
LOW = 2  # marks that owner and managers hear of
LONGEST = 4000  # characters of a comment in which reasons are looked for
_MARK = re.compile(rf"\s*({'|'.join(MARKS)})(?![\w]|[.,:]\d)(?:\s*/\s*5\b)?[\s.,;:!)-]*", re.IGNORECASE)
# Words that begin with a "no" which is no answer: "No problem!", "Nein danke", "No longer employed here".
_POLITE = re.compile(
    r"\s*(?:no|nein)\b[\s,]*(?:problems?|worries|complaints?|issues?|further|more|need|thanks?|danke|probleme?"
    r"|longer|one|body)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*1\s*[.)].*?^\s*2\s*[.)]", re.DOTALL | re.MULTILINE)  # the first of a list of things
# A number of something, or a day of the month: "1 day out of office", "2. März bis 5. März".
_COUNTED = re.compile(
    r"\s*[1-5](?:st|nd|rd|th)?\.?\s{1,3}(?:minutes?|hours?|days?|weeks?|months?|minuten?|stunden?|tag(?:en?)?|wochen?"
    r"|monat(?:en?)?|uhr|people|users?|jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|m(?:ä|ae)rz|apr(?:il)?|ma[yi]|jun[ei]?"
    r"|jul[yi]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[,;/]|\band\b|\bund\b|&", re.IGNORECASE)
_AROUND = " \t-*\u2013\u2022.!()[]\"'"


def mark_of(text: str) -> tuple[int, str] | None:
    """The mark a text begins with, and the words behind it."""
    found = _MARK.match(text)
    if found is None or _POLITE.match(text) or _COUNTED.match(text) or _LISTED.match(text[:LONGEST]):
        return None
    return MARKS[found[1].lower()], text[found.end() :].strip()


def reasons_in(comment: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Those of the list that a comment begins with, or that stand by themselves in it: in a line, between commas."""
    said = comment[:LONGEST].casefold()
    alone = {_bare(piece) for line in said.split("\n") for piece in (line, *_BETWEEN.split(line))}
    return tuple(each for each in listed if _bare(each.casefold()) in alone or _begins(said, each.casefold()))


def low(mark: int | None) -> bool:
    return mark is not None and mark <= LOW


def together(earlier: str, later: str) -> str:
    """Two comments to the same mark: who adds a reason does not take back his words."""
    return "\n".join(_once((earlier, later)))


def _once(comments: Iterable[str]) -> Iterator[str]:
    said = ""
    for each in comments:
        if each and each not in said:
            said = each
            yield each


def _begins(said: str, reason: str) -> bool:
    begun = " ".join(said.split())
    wanted = " ".join(reason.split())
    return begun.startswith(wanted) and not begun[len(wanted) : len(wanted) + 1].isalnum()


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(_AROUND)
