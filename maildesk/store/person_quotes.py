"""Whose words a text repeats: a person's lines, found again in what others wrote below them.

Called by store/person_erase. Pure but for what it is handed. Marks of quoting and new line breaks hide nothing;
greetings and closings are nobody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from maildesk.mime.signatures import without_closing

TELLING = 12  # characters; a shorter line is told again by chance
LEAST = 6
MOST = 200  # of a longer line its beginning tells: letters cut what they quote
GREETING = re.compile(r".{0,40}[,!]")
MARKS = re.compile(r"^(?:[ \t]*[>|])+")


def own_lines(texts: Iterable[str]) -> frozenset[str]:
    """What of these texts of one person is told again by nobody by chance."""
    found: set[str] = set()
    for text in texts:
        lines = [" ".join(line.split())[:MOST].strip() for line in without_closing(text.strip().splitlines())]
        lines = lines[1:] if lines and GREETING.fullmatch(lines[0]) else lines
        telling = {each for each in lines if len(each) >= TELLING}
        found |= telling or {each for each in lines if len(each) >= LEAST}
    return frozenset(found)


def repeats(text: str, lines: Iterable[str]) -> bool:
    """Whether one of the lines stands in the text, quoted, wrapped or plain."""
    words = " ".join(word for line in text.splitlines() for word in MARKS.sub("", line).split())
    return any(each in words for each in lines)


def unquoted(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not MARKS.match(line))
