"""What an agent's mail says: the command lines at its top, and the text below them.

Called by agents. Only the agent's own new text is read, and of it only what stands before the first ordinary
line; the subject counts where an agent wrote it himself, which no answer to a letter did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.mime import formal
from maildesk.mime.address import linkless
from maildesk.mime.signatures import is_device
from maildesk.policy.aliases import canonical_word
from maildesk.policy.reference import BRACKETED
from maildesk.words import Agent, Facts
from maildesk.words.frozen import frozen

# Blanks of every width, and what marks directions or nothing at all.
INVISIBLE = " \t\r\u00a0\u00ad\u202f\u205f\u2060\u3000\ufeff" + "".join(
    chr(code)
    for first, last in ((0x2000, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
    for code in range(first, last + 1)
)
MARKS = ("#", "\uff03", "\ufe5f")  # the others are what Japanese keyboards write
AS_TYPED = ("note", "escalate")  # whose argument is a text
BELOW = "note:"  # the word of a bare #note that stands below text; nobody can type a word with a colon
_ANSWER = re.compile(r"\s*+(?:(?:re|fwd?|aw|wg)\s*+:\s*+)+", re.IGNORECASE)
_EMPHASIS = re.compile(r"([*_]{1,3}|\\)(?=[#\uff03\ufe5f])")  # of a program that makes text of what is bold
_WORD = re.compile(r"([^\s:=]*)[:=]?(.*)", re.DOTALL)
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_ANOTHER = re.compile(r"([#\uff03\ufe5f][^\W\d_]{2,30})[.,;]?\s{1,9}(?=[#\uff03\ufe5f][^\W\d_])")
_DASHES = re.compile(r"(?<=\w) ?--[ \u00a0]?$")  # the line above a signature, on the line of a command
_CAPITAL = re.compile(r"(?<=[\w.,;:) ])(?=[^\W\da-z_])")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_QUOTES = {
    '"': '"',
    "'": "'",
    "\u201c": "\u201d\u201c",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
}
_WIDE = 300  # characters of a line that a signature may be glued to


@frozen
class Line:
    """One command line: `#severity high` is the word "severity" with the argument "high"."""

    text: str
    word: str
    argument: str


@frozen
class Script:
    lines: tuple[Line, ...]
    text: str  # the public answer, or the note
    idle: str = ""  # what stands below commands and says nothing: a name, an office, a disclaimer


def read(facts: Facts) -> Script:
    """The script of the mail in hand."""
    script = read_text(facts.mail.said)
    lines, text, idle = script.lines, script.text, script.idle
    if passed_on := facts.mail.forwarded:
        lines = read_text(passed_on.above).lines
    lines = (*_lines(_own_subject(facts)), *lines)
    if not passed_on and all(line.word != "note" for line in lines):
        lines = (*lines, *_misplaced(text))
    name = facts.writer.name if isinstance(facts.writer, Agent) else ""
    if lines and text and formal.says_nothing(text, name):
        text, idle = "", text
    return Script(lines, text, idle)


def read_text(text: str) -> Script:
    commands: list[Line] = []
    rows = text.split("\n")
    for number, row in enumerate(rows):
        if found := list(_lines(row)):
            commands += found
            if not found[-1].argument and _DASHES.search(row[-_WIDE:].rstrip(INVISIBLE)):
                return Script(tuple(commands), "", "\n".join(rows[number + 1 :]).strip())
        elif row.strip(INVISIBLE):
            return Script(tuple(commands), "\n".join(rows[number:]).strip())
    return Script(tuple(commands), "")


def _misplaced(text: str) -> Iterator[Line]:
    """A `#note` alone on a line below text: what its writer wants to keep inside would go to the customer."""
    for row in text.split("\n") if any(mark in text for mark in MARKS) else ():
        found = tuple(_lines(row)) if len(row) <= _WIDE else ()
        if len(found) == 1 and found[0].word == "note" and not found[0].argument:
            yield Line(found[0].text, BELOW, "")


def bare_subject(subject: str) -> str:
    """A subject without "Re:" and without references."""
    bare = BRACKETED.sub("", subject)
    found = _ANSWER.match(bare)
    return (bare[found.end() :] if found else bare).strip()


def _lines(row: str) -> Iterator[Line]:
    """The command of a row; several where bare words follow each other: `#take #solved`."""
    row = row.strip(INVISIBLE)
    if bold := _EMPHASIS.match(row):
        row = row[bold.end() :] if bold[1] == "\\" else row[bold.end() :].replace(bold[1], "", 1)
    if not row.startswith(MARKS):
        return
    row = _unglued(row)
    while another := _ANOTHER.match(row):
        yield _line(another[1])
        row = row[another.end() :]
    yield _line(row)


def _line(text: str) -> Line:
    found = _WORD.match(text[1:].lstrip(INVISIBLE))
    word, rest = found.groups() if found else ("", "")
    word = canonical_word(word.translate(_NOTHING).strip(".,;:!*_\u2026"))
    return Line(text, word, rest.strip(INVISIBLE) if word in AS_TYPED else _plain(rest))


def _plain(argument: str) -> str:
    """Without what programs and habits add: the link behind an address, quotation marks, a full stop."""
    argument = linkless(argument).strip(INVISIBLE)
    if len(argument) > 2 and argument[-1] in _QUOTES.get(argument[0], ""):
        argument = argument[1:-1].strip(INVISIBLE)
    if " " not in argument:
        argument = argument.rstrip(".,;")
    return argument.translate(_DIGITS)


def _unglued(row: str) -> str:
    """Without the beginning of a signature that a program wrote on the line of a command."""
    if len(row) > _WIDE:
        return row
    row = _DASHES.sub("", row)
    found = (each.start() for each in _CAPITAL.finditer(row, 2))
    at = next((at for at in found if is_device(row[at:])), len(row))
    return row[:at].rstrip(INVISIBLE)


def _own_subject(facts: Facts) -> str:
    """The subject of a mail to the queue's plain address. An answer's subject is the words of whoever is answered.

    "Re:" says so where there is nothing else: a forger's mail without a Message-ID is answered without References.
    """
    mail = facts.mail
    subject = bare_subject(mail.subject)
    answers = bool(facts.keys or mail.cited or mail.forwarded or _ANSWER.match(BRACKETED.sub("", mail.subject)))
    return "" if answers or (facts.ticket and subject in facts.ticket.subject) else subject
