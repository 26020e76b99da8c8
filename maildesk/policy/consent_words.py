"""The words by which a contact says what shall become of a stranger's mail: allow, take, swap, refuse.

Read from the first line of his new text, else from the subject, as a mailto: link fills it. Used by consult_answer;
it decides nothing. A first line that asks something, or says no to itself, says nothing: who is let in by
mistake is in.
"""

from __future__ import annotations

import re
import unicodedata

from maildesk.mime.address import normal
from maildesk.mime.keyless import keyless
from maildesk.policy.script import bare_subject
from maildesk.words import Incoming
from maildesk.words.frozen import frozen

ACTS = {
    "allow": "allow",
    "erlauben": "allow",
    "take": "take",
    "übernehmen": "take",
    "uebernehmen": "take",
    "swap": "swap",
    "tauschen": "swap",
    "refuse": "refuse",
    "ablehnen": "refuse",
}
OFFERED = {
    "en": ("take", "allow", "swap ADDRESS", "refuse"),
    "de": ("übernehmen", "erlauben", "tauschen ADRESSE", "ablehnen"),
}
_FIRST = re.compile(rf"[\W_]*({'|'.join(ACTS)})\b(.*)", re.IGNORECASE)
# What makes another sentence of the line: a question, a no, "allow me to ask".
_ELSE = re.compile(r"\?|(?<!\S)(?:me|us|mir|uns|not|no|nicht|kein\w*)\b(?![-.@])", re.IGNORECASE)
# It begins where a word does, so that a line without end is gone over once.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"@]++@[^\s<>()\[\],;:\"]+")


@frozen
class Word:
    act: str  # allow | take | swap | refuse
    addresses: tuple[str, ...] = ()  # with swap: those that stand beside the word or in the next line


def read(mail: Incoming) -> Word | None:
    return read_text(mail.reply_text) or read_text(keyless(bare_subject(mail.subject)))


def read_text(text: str) -> Word | None:
    lines = [line.strip() for line in unicodedata.normalize("NFC", text).split("\n") if line.strip()]
    found = _FIRST.fullmatch(lines[0]) if lines else None
    if found is None or _ELSE.search(found[2]):
        return None
    act = ACTS[found[1].casefold()]
    beside = " ".join((found[2], *lines[1:2])) if act == "swap" else ""
    addresses = (normal(each.rstrip(".!'")) for each in _ADDRESS.findall(beside))
    return Word(act, tuple(dict.fromkeys(each for each in addresses if each)))


def offered(language: str) -> list[str]:
    """The words that would be understood, for a letter in this language."""
    return list(OFFERED.get(language.partition("-")[0], OFFERED["en"]))
