"""What an agent's mail says: the command lines at its top, and the text below them.

Called by agents. Only the agent's own new text is read, and of it only what stands before the first ordinary
line; the subject counts where an agent wrote it himself, which no answer to a letter did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.policy.aliases import canonical_word
from maildesk.policy.reference import BRACKETED
from maildesk.words import Facts

INVISIBLE = " \t\u00a0\u200b\ufeff"
MARKS = ("#", "\uff03")  # the second is what a Japanese keyboard writes
_ANSWER = re.compile(r"\s*+(?:(?:re|fwd?|aw|wg)\s*+:\s*+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One command line: `#severity high` is the word "severity" with the argument "high"."""

    text: str
    word: str
    argument: str


@dataclass(frozen=True, slots=True)
class Script:
    lines: tuple[Line, ...]
    text: str  # the public answer, or the note


def read(facts: Facts) -> Script:
    """The script of the mail in hand."""
    script = read_text(facts.mail.said)
    if passed_on := facts.mail.forwarded:
        script = Script(read_text(passed_on.above).lines, script.text)
    subject = _own_subject(facts)
    line = _line(subject)
    return Script((line, *script.lines), script.text) if line else script


def read_text(text: str) -> Script:
    commands: list[Line] = []
    rows = text.split("\n")
    for number, row in enumerate(rows):
        if line := _line(row):
            commands.append(line)
        elif row.strip(INVISIBLE + "\r"):
            return Script(tuple(commands), "\n".join(rows[number:]).strip())
    return Script(tuple(commands), "")


def bare_subject(subject: str) -> str:
    """A subject without "Re:" and without references."""
    bare = BRACKETED.sub("", subject)
    found = _ANSWER.match(bare)
    return (bare[found.end() :] if found else bare).strip()


def _line(text: str) -> Line | None:
    text = text.strip(INVISIBLE + "\r")
    if not text.startswith(MARKS):
        return None
    word, _, argument = text[1:].lstrip(INVISIBLE).partition(" ")
    return Line(text, canonical_word(word.strip(INVISIBLE + ".,;:!")), argument.strip(INVISIBLE))


def _own_subject(facts: Facts) -> str:
    """The subject of a mail to the queue's plain address. An answer's subject is the customer's own words."""
    mail = facts.mail
    subject = bare_subject(mail.subject)
    answers = bool(facts.keys or mail.cited or mail.forwarded or (facts.ticket and subject in facts.ticket.subject))
    return "" if answers else subject
