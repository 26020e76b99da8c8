"""The words of a text, each once, where neither their order nor their number tells anything.

Called by guessing and alike for the first words of a mail. Most words stand between blanks and are taken as they are;
a pattern, which costs several times as much, is asked of the others alone.
"""

from __future__ import annotations

import re


def vocabulary(text: str, word: re.Pattern[str]) -> set[str]:
    """All that the pattern of a word finds, which is to take letters and digits together and to end at blanks."""
    pieces = set(text.split())
    others = [piece for piece in pieces if not piece.isalnum()]
    return pieces.difference(others).union(word.findall(" ".join(others)))
