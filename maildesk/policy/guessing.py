"""How grave a request sounds, where nobody said it: by what people write when nothing works any more.

Called by sorting for a new request that neither names a severity nor is given one by a rule, and by arguing. It
guesses upwards alone, from the subject and the first words; the acknowledgement states the guess, and customer and
agent may set another.
To teach it a language: add its words to WORDS, and sentences to its test.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from maildesk.policy.vocabulary import vocabulary
from maildesk.words import Severity

SEARCHED = 600  # characters of a text: what is grave is said first
LONGEST = 60  # words of a sentence that are looked at
NEAR = 5  # words from one to the next of a phrase


Heard = Sequence[tuple[int, str]]  # words of a sentence, each with its place


class Guess(NamedTuple):
    severity: Severity
    down: bool = False  # nobody can work: somebody is called, at any hour


class Phrase(NamedTuple):
    means: Guess
    words: Sequence[frozenset[str]]  # one of each


WORDS = {
    "thing": "site sites website websites web portal server servers service system platform application app instance "
    "cluster everything seite webseite dienst plattform anwendung instanz alles",
    "dead": "down offline unreachable unavailable dead ausgefallen tot",
    "not": "not isn't isn’t doesn't doesn’t nicht",
    "there": "reachable available responding respond working work erreichbar verfügbar",
    "nobody": "nobody no-one none niemand keiner",
    "no": "no",
    "one": "one user users",
    "enter": "log login logon sign connect access anmelden einloggen verbinden zugreifen",
    "total": "total complete full major totaler kompletter",
    "outage": "outage ausfall",
    "outright": "totalausfall komplettausfall",
    "cannot": "cannot can't can’t couldn't couldn’t unable fails failed impossible",
    "can": "can could kann können",
    "restore": "restore renew wiederherstellen erneuern",
    "restoring": "restore restores restoring wiederherstellung rücksicherung",
    "fails": "fail fails failed aborts aborted fehl scheitert gescheitert",
    "restored": "restore restores restored restoring wiederherstellung wiederherstellen",
    "account": "account license licence subscription konto lizenz abonnement",
    "expired": "expired abgelaufen",
    "data": "data daten",
    "lost": "lost gone verloren",
    "locked": "locked ausgesperrt",
    # Planned, asked in general, or over: a sentence with one of these is no alarm.
    "calm": "planned scheduled maintenance will would how next yesterday was were if geplant geplante wartung wie "
    "nächste nächsten gestern war waren wenn falls",
}
PHRASES = (  # the gravest first
    (Guess(Severity.CRITICAL, down=True), "thing dead"),
    (Guess(Severity.CRITICAL, down=True), "thing not there"),
    (Guess(Severity.CRITICAL, down=True), "nobody enter"),
    (Guess(Severity.CRITICAL, down=True), "no one enter"),
    (Guess(Severity.CRITICAL, down=True), "total outage"),
    (Guess(Severity.CRITICAL, down=True), "outright"),
    (Guess(Severity.CRITICAL), "cannot restore"),
    (Guess(Severity.CRITICAL), "can not restore"),
    (Guess(Severity.CRITICAL), "restoring fails"),
    (Guess(Severity.CRITICAL), "account expired"),
    (Guess(Severity.CRITICAL), "data lost"),
    (Guess(Severity.HIGH), "restored"),
    (Guess(Severity.HIGH), "cannot enter"),
    (Guess(Severity.HIGH), "can not enter"),
    (Guess(Severity.HIGH), "locked"),
)
_SETS = {name: frozenset(words.split()) for name, words in WORDS.items()}
_PHRASES = [Phrase(means, [_SETS[name] for name in phrase.split()]) for means, phrase in PHRASES]
_DOWN = [phrase for phrase in _PHRASES if phrase.means.down]
_TELLING = frozenset().union(*(known for phrase in _PHRASES for known in phrase.words))
_SENTENCE = re.compile(r"[.!?;\n]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def guess(subject: str, text: str) -> Guess | None:
    """None: it sounds like any other request."""
    return _gravest(_PHRASES, f"{subject[:SEARCHED]}\n{text[:SEARCHED]}")


def sounds_down(text: str) -> bool:
    """Whether it says that nobody can work."""
    return _down(text[:SEARCHED])


@lru_cache(maxsize=16)  # facts and rules ask of the same text; of a long one no more is kept than is looked at
def _down(begun: str) -> bool:
    return _gravest(_DOWN, begun) is not None


def _gravest(phrases: Sequence[Phrase], begun: str) -> Guess | None:
    """Of the first phrase that one of the sentences says. Most texts have not even the words for one."""
    begun = unicodedata.normalize("NFC", begun).lower()
    telling = _TELLING.intersection(vocabulary(begun, _WORD))
    possible = [phrase for phrase in phrases if all(map(telling.intersection, phrase.words))]
    if not possible:
        return None
    first = telling.intersection(chain.from_iterable(phrase.words[0] for phrase in possible))
    sentences = [each for each in _SENTENCE.split(begun) if [word for word in first if word in each]]
    told = [heard for each in sentences if (heard := _heard(_WORD.findall(each)[:LONGEST]))]
    return next((phrase.means for phrase in possible if any(_says(heard, phrase.words) for heard in told)), None)


def _heard(words: Sequence[str]) -> Heard:
    """The few words of a sentence that phrases are made of; none where it is no alarm."""
    heard = [(place, word) for place, word in enumerate(words) if word in _TELLING]
    return heard if heard and _SETS["calm"].isdisjoint(words) else []


def _says(heard: Heard, phrase: Sequence[frozenset[str]]) -> bool:
    """Whether one word of each set stands there, in this order, each near the one before."""
    first, *rest = phrase
    at = {place for place, word in heard if word in first}
    for known in rest:
        if not at:
            return False
        at = {place for place, word in heard if word in known and any(before < place <= before + NEAR for before in at)}
    return bool(at)
