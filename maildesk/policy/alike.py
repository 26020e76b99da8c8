"""Whether a new request looks like another that is at work: by the words of its subject and its first words.

Called by notice for the letter about a new ticket. It is a hint for agents and decides nothing. It knows no language:
short words, which are in every text, count for nothing, and scripts without blanks are taken two signs at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Sized
from functools import lru_cache
from sys import intern
from unicodedata import normalize

from maildesk.policy.script import bare_subject
from maildesk.policy.vocabulary import vocabulary
from maildesk.words import Neighbour

FIRST = 600  # characters of a text that are compared
SHORTEST = 3  # letters of a word that counts
BARE = 4  # words that a text must have to speak for or against
SAME_SUBJECT, SAME_TEXT, NEAR_TEXT = 0.66, 0.6, 0.15  # how much of two must be common
_WORD = re.compile(r"\w+")
_NO_BLANKS = "\u2e80"  # the first sign of the scripts of East Asia


def alike(subject: str, text: str, others: Sequence[Neighbour]) -> str:
    """The reference of the one that is most like it; "" when none is."""
    if not others:
        return ""
    mine = neighbour("", subject, text)
    best = max(others, key=lambda each: _score(mine, each))  # the first of those that are as like
    return best.reference if _score(mine, best) > 0 else ""


def neighbour(reference: str, subject: str, text: str | None) -> Neighbour:
    """A ticket by what it is compared by."""
    return Neighbour(reference, terms(bare_subject(subject)), terms((text or "")[:FIRST]))


@lru_cache(maxsize=256)  # a ticket that is new is compared with others, and soon they with it
def terms(text: str) -> frozenset[str]:
    """The words that tell what a text is about."""
    words = vocabulary(normalize("NFKC", text).casefold(), _WORD)
    found = [word for word in words if len(word) >= SHORTEST and word[0] < _NO_BLANKS]
    for unparted in [word for word in words if word[0] >= _NO_BLANKS]:
        found += [unparted[at : at + 2] for at in range(max(1, len(unparted) - 1))]
    return frozenset(map(intern, found))  # many are kept, mostly of the same words


def common(shared: int, one: Sized, other: Sized) -> float:
    """How much of two is in both, from 0 to 1 (Dice's coefficient)."""
    return 2 * shared / (len(one) + len(other)) if one or other else 0.0


def _score(one: Neighbour, other: Neighbour) -> float:
    """0 where they are not alike. A subject of one word is everybody's, and two texts must not speak against it."""
    in_title, in_body = len(one.title & other.title), len(one.body & other.body)
    if in_title < 2 and in_body <= BARE:
        return 0.0
    subject, text = common(in_title, one.title, other.title), common(in_body, one.body, other.body)
    silent = min(len(one.body), len(other.body)) < BARE
    by_subject = subject >= SAME_SUBJECT and in_title > 1 and (silent or text >= NEAR_TEXT)
    by_text = text >= SAME_TEXT and in_body > BARE
    return subject + text if by_subject or by_text else 0.0
