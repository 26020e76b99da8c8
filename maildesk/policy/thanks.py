"""Whether a reply says thanks and nothing else. Such a reply is filed and reopens nothing.

Called by customers. It knows whole phrases only: a word more than these, and the mail is an ordinary one.
"""

from __future__ import annotations

import re

PHRASES = frozenset(
    {
        "thanks", "thank you", "thank you very much", "thank you so much", "thanks a lot", "many thanks", "thx", "ty",
        "thanks again", "thank you again", "thanks for your help", "thank you for your help", "cheers", "great",
        "thanks for the help", "thank you for the help", "perfect", "super", "great thanks", "perfect thanks",
        "that worked", "works", "it works", "it works now", "works now", "that works", "solved", "all good",
        "awesome", "excellent", "wonderful", "ok", "okay", "ok thanks", "okay thanks", "much appreciated",
        "danke", "danke schön", "danke sehr", "vielen dank", "besten dank", "herzlichen dank", "danke dir",
        "danke ihnen", "ich danke ihnen", "dankeschön", "danke für die hilfe", "danke für ihre hilfe", "prima",
        "vielen dank für ihre hilfe", "vielen dank für die hilfe", "danke für die schnelle hilfe", "klasse", "top",
        "vielen dank für die schnelle hilfe", "perfekt", "es geht", "es geht wieder", "geht wieder", "funktioniert",
        "es funktioniert", "es funktioniert wieder", "jetzt geht es", "hat geklappt", "das hat geklappt", "passt",
        "thanks for the quick help", "thank you for the quick help", "thanks for the quick reply", "alles klar",
    }
)  # fmt: skip
GRATITUDE = ("thank", "thx", "ty", "cheers", "dank", "appreciated")
GREETING = re.compile(r"(?:hi|hello|dear|hallo|guten (?:tag|morgen)|lieber?|moin)\b[^,.!\n]{0,40}", re.IGNORECASE)
CLOSING = re.compile(
    r"(?:best|kind|warm|many)? ?regards|best(?: wishes)?|sincerely|cheers|(?:viele|beste|liebe|freundliche) grüße|"
    r"(?:mit )?freundlichen grüßen|mfg|lg|vg",
    re.IGNORECASE,
)
LONGEST = 300
_SENTENCE = re.compile(r"[.,;!?:)\n\u2013-]+")


def thanks_alone(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    sentences = [words for part in _SENTENCE.split(text) if (words := " ".join(part.split()))]
    if sentences and GREETING.fullmatch(sentences[0]):
        sentences = sentences[1:]
    body, signed = _signed(sentences)
    known = [sentence.casefold() in PHRASES for sentence in body]
    return bool(body) and all(known) and _grateful(body) and len(signed) <= 2


def _signed(sentences: list[str]) -> tuple[list[str], list[str]]:
    """What is said, and the closing words with the name below them."""
    for number, sentence in enumerate(sentences[1:], 1):
        if CLOSING.fullmatch(sentence):
            return sentences[:number], sentences[number:]
    if len(sentences) > 1 and sentences[-1].istitle() and len(sentences[-1].split()) <= 3:
        return sentences[:-1], sentences[-1:]
    return sentences, []


def _grateful(body: list[str]) -> bool:
    return any(word in sentence.casefold() for sentence in body for word in GRATITUDE)
