"""Whether a new request looks like another that is at work: by the words of its subject and its first words.

Called by notice for the letter about a new ticket. It is a hint for agents and decides nothing. It knows no language:
short words, which are in every text, count for nothing, and scripts without blanks are taken two signs at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize

from maildesk.policy.script import bare_subject
from maildesk.words import Neighbour

FIRST = 600  # characters of a text that are compared
SHORTEST = 3  # letters of a word that counts
BARE = 4  # words that a text must have to speak for or against
SAME_SUBJECT, SAME_TEXT, NEAR_TEXT = 0.66, 0.6, 0.15  # how much of two must be common
_WORD = re.compile(r"\w+")
_NO_BLANKS = "\u2e80"  # the first sign of the scripts of East Asia


def alike(subject: str, text: str, others: Iterable[Neighbour]) -> str:
    """The reference of the one that is most like it; "" when none is."""
    title, body = terms(bare_subject(subject)), terms(text[:FIRST])
    scores = [(_score(title, body, each), number, each.reference) for number, each in enumerate(others)]
    best = max(scores, key=lambda score: (score[0], -score[1]), default=(0.0, 0, ""))
    return best[2] if best[0] > 0 else ""


@lru_cache(maxsize=1000)  # the others of an organisation come again with each of its new tickets
def terms(text: str) -> frozenset[str]:
    """The words that tell what a text is about."""
    found: set[str] = set()
    for word in _WORD.findall(normalize("NFKC", text).casefold()):
        if word[0] >= _NO_BLANKS:
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif len(word) >= SHORTEST:
            found.add(word)
    return frozenset(found)


def common(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two is in both, from 0 to 1 (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _score(title: frozenset[str], body: frozenset[str], other: Neighbour) -> float:
    """0 where they are not alike. A subject of one word is everybody's, and two texts must not speak against it."""
    their_title, their_body = terms(bare_subject(other.subject)), terms(other.text[:FIRST])
    subject, text = common(title, their_title), common(body, their_body)
    silent = min(len(body), len(their_body)) < BARE
    by_subject = subject >= SAME_SUBJECT and len(title & their_title) > 1 and (silent or text >= NEAR_TEXT)
    by_text = text >= SAME_TEXT and len(body & their_body) > BARE
    return subject + text if by_subject or by_text else 0.0
