"""The new words of a reply: what the writer typed, without what he quotes and without his signature.

Called by `read` with the whole text, which is kept beside it. Line by line and linear on hostile text. It never drops
words that stand between or below quoted lines, and takes a forwarded mail for the writer's matter, not for a quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from maildesk.mime import limits, signatures
from maildesk.mime.quotes_heads import after_head, after_notes
from maildesk.mime.quotes_lines import FORWARD, RULE, is_original
from maildesk.mime.quotes_ours import below_letter
from maildesk.mime.quotes_words import begins, ends, goes_on, inside, introduces, is_stub

# The line that our own letters begin with, behind marks of quoting, initials or emphasis; it may be wrapped.
MARKER = re.compile(r"[\w\s>|*]{0,20}##-.{1,300}-##[\s*]*")
_MARKER_BEGINS = re.compile(r"[\w\s>|*]{0,20}##-.{1,300}")
# A line without any of these begins no quotation. All begin with a letter of their own: `re` skips to those fast.
_MARKED = re.compile(r":|：|>|\*|##|--|__|==|wrote|\u2010\u2010")
_QUOTED = re.compile(r"[ \t\u00a0]{0,3}>")
_TORN = re.compile(r">\s?(?:\w{2,12}\s?)?[:：]\s*")  # the end of "<a@b.example>:", wrapped before its bracket
_REPLY = re.compile(
    r"(?i)\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|sv|vs|odp|ynt|rif|res|ref|bls|回复|答复|回覆|답장)(?:\[\d+\])?\s*[:：]"
)
_FORWARDS = re.compile(
    r"(?i)\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|vl|vb|pd|doorst|ilt|转发|轉寄|전달)\s*[:：]"
)
_STAMPED = frozenset("0123456789MTZ")  # how a time ends
_NEAR = 12  # lines below an introduction in which our marker stands
_JOINED = 4  # lines above its last one that an introduction may have
_LOOKED_AT = 1000  # lines of one mail that might end an introduction: each is looked at with those above, which costs


@dataclass(slots=True)
class _Scan:
    lines: list[str]
    marked: list[int]  # the lines with a mark; no other one begins, introduces or continues a quotation
    answers: bool
    forwards: bool
    runs: list[list[str]] = field(default_factory=list)  # of new lines, cut apart by quotes
    ours: bool = False  # our marker was met
    introduced: bool = False  # marks are known to mark quotations here
    begun: bool = False  # a line said that a quotation begins
    own: int = 0  # marks above this line are the writer's: a log, a prompt
    sought: bool = False  # the end of a letter of ours
    cut: bool = False  # all from some line on was a quotation
    looked_at: int = 0
    known: dict[int, int | None] = field(default_factory=dict)  # what was found of an introduction that ends at a line

    def run(self) -> None:
        """Walk down the lines, from mark to mark; each step says where to go on."""
        own_marks = self._own_marks()
        current: list[str] = []
        at = 0
        for mark in self.marked:
            if mark < at:
                continue
            current += self.lines[at:mark]
            at = mark
            if FORWARD.match(self.lines[at][:200]):
                break
            start = self._quote_begins(at, len(current))
            if start is None and not (at >= own_marks and self._quotes(at)):
                continue
            if start is not None:
                back, below, words = start
                self.begun = True
                current = current[: len(current) - back] + words
                begun, at = at - back, below
                if not self._marked(at):
                    at = self._below_ours(begun, at)
                    self.cut = at == len(self.lines)
                    self.runs.append(current)
                    current = []
                    continue
            self.runs.append(current)
            current = []
            at = self._after_quote(at)
        self.runs.append(current + self.lines[at:])

    def _own_marks(self) -> int:
        """From which line on a ">" marks a quote; above the first introduction it is the writer's own."""
        for at in self.marked:
            if self._may_end(self.lines[at]) and self._marked(at + 1) and self._introduction(at) is not None:
                self.introduced = True
                return at
        return 0 if self.answers else len(self.lines)

    def _quotes(self, at: int) -> bool:
        """Whether a ">" here marks a quote. Where nothing introduced one, a single line inside the text does not."""
        if at < self.own or not _QUOTED.match(self.lines[at]):
            return False
        onward = self._after_quote(at)
        if self._is_own(at, onward):
            self.own = onward
            return False
        edge = not any(line.strip() for line in self.lines[max(0, at - 3) : at]) and at < 3
        self.introduced = self.introduced or onward > at + 2 or edge or onward >= len(self.lines)
        return self.introduced

    def _is_own(self, at: int, onward: int) -> bool:
        """What the writer announces himself ("Here is the log:"), or the prompts of a program (">>> ")."""
        above = next((line for line in reversed(self.lines[max(0, at - 2) : at]) if line.strip()), "")
        if above.rstrip().endswith((":", "：")) and not _QUOTED.match(above):
            return True
        return all(line.startswith(">>>") for line in self.lines[at:onward] if line.strip())

    @staticmethod
    def _may_end(line: str) -> bool:
        if not ends(line) or not line.strip(" \t-_=*>"):
            return False  # drawn lines: thousands of them are dear to look at
        return not _QUOTED.match(line) or _TORN.fullmatch(line) is not None

    def _marked(self, at: int) -> bool:
        """Whether the next line that says something is marked as quoted."""
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at < len(self.lines) and bool(_QUOTED.match(self.lines[at]))

    def _after_quote(self, at: int) -> int:
        while at < len(self.lines) and (not self.lines[at].strip() or _QUOTED.match(self.lines[at])):
            at += 1
        return at

    def _quote_begins(self, at: int, room: int) -> tuple[int, int, list[str]] | None:
        """How many lines above belong to the introduction, where the quotation itself begins, and words before it."""
        line = self.lines[at]
        if lines := self._marker(at):
            self.ours = True
            return self._above(at, room), at + lines, []
        if not self.forwards and is_original(line):
            return 0, at + 1, []
        if not self.forwards and (head := self._head(at, room)):
            return *head, []
        if not self._may_end(line):
            return None
        if (start := inside(line)) and self._marked(at + 1):
            return 0, at + 1, [line[:start].rstrip(" -")]
        back = self._introduction(at)
        return None if back is None else (min(back, room), at + 1, [])

    def _marker(self, at: int) -> int:
        """How many lines our marker takes that begins here: one, or two where a program wrapped it."""
        line = self.lines[at]
        if "##-" not in line[:23]:
            return 0
        if MARKER.fullmatch(line):
            return 1
        wrapped = at + 1 < len(self.lines) and _MARKER_BEGINS.fullmatch(line)
        return 2 if wrapped and self.lines[at + 1].rstrip(" *").endswith("-##") else 0

    def _below_ours(self, begun: int, at: int) -> int:
        """Where a letter of ours ends that is quoted without marks: below its last line, which is whom it is from."""
        near = range(begun, min(at + _NEAR, len(self.lines)))
        marker = next((number for number in near if self._marker(number)), None)
        if marker is None or self.sought:
            return len(self.lines)
        self.ours = self.sought = True
        return below_letter(self.lines, begun, marker)

    def _above(self, at: int, room: int) -> int:
        """A drawn line directly above belongs to what follows. One of dashes may be the writer's own."""
        back = 1
        while back <= min(room, 3) and not self.lines[at - back].strip():
            back += 1
        if back > room:
            return 0
        line = self.lines[at - back][:200]
        return back if RULE.fullmatch(line) and "-----" not in line else 0

    def _head(self, at: int, room: int) -> tuple[int, int] | None:
        """How many lines above belong to a quoted head that begins here, and where it ends."""
        line = self.lines[at]
        if ":" in line[:27] or "：" in line[:27]:
            end = after_head(self.lines, at, self.answers, self._is_drawn(at))
            if end:
                return self._above(at, room), end
        if line[-40:].strip()[-1:] not in _STAMPED:
            return None
        back, end = after_notes(self.lines, at)
        return (min(back, room), end) if end else None

    def _is_drawn(self, at: int) -> bool:
        """Whether a line is drawn above this one."""
        above = next((line for line in reversed(self.lines[max(0, at - 3) : at]) if line.strip()), "")[:200]
        return bool(RULE.fullmatch(above) or is_original(above))

    def _introduction(self, at: int) -> int | None:
        """How many lines above this last one an introduction has; None when this line ends none."""
        self.looked_at += 1
        if self.looked_at > _LOOKED_AT:
            return None
        if at not in self.known:
            self.known[at] = self._read_introduction(at)
        return self.known[at]

    def _read_introduction(self, at: int) -> int | None:
        whole = self.lines[at]
        strength = introduces(whole)
        found = 0 if self._counts(strength, at) else None
        if strength == "strong" and begins(whole):
            return self._stub(at, 0)
        for back in range(1, _JOINED + 1):
            above = self.lines[at - back] if at >= back else ""
            if len(above) > 300 or not goes_on(above) or _QUOTED.match(above):
                break
            whole = f"{above} {whole}"
            if begins(whole) and self._counts(introduces(whole), at):
                return self._stub(at, back)
        return found

    def _stub(self, at: int, back: int) -> int:
        above = self.lines[at - back - 1] if at > back else ""
        return back + 1 if is_stub(above) else back

    def _counts(self, strength: str, at: int) -> bool:
        return strength == "strong" or (strength == "weak" and self._marked(at + 1))


def _marked_lines(text: str) -> list[int]:
    """The numbers of the lines that have a mark, in one pass."""
    found: list[int] = []
    number = at = 0
    while match := _MARKED.search(text, at):
        number += text.count("\n", at, match.start())
        found.append(number)
        number, at = number + 1, text.find("\n", match.end()) + 1
        if not at:
            break
    return found


class NewWords(NamedTuple):
    said: str  # with its closing ("Kind regards, Alice"): what may go to others
    bare: str  # without


def new_words(text: str, subject: str = "", answers: bool = False) -> NewWords:
    """The new words alone. Where nothing is left that could be told apart, the whole text."""
    end = len(text) if len(text) <= limits.QUOTED else text.rfind("\n", 0, limits.QUOTED) + 1 or limits.QUOTED
    looked = text[:end]
    answers = answers or bool(_REPLY.match(subject))
    scan = _Scan(looked.split("\n"), _marked_lines(looked), answers, bool(_FORWARDS.match(subject)))
    scan.run()
    if end < len(text) and not scan.cut:
        scan.runs[-1].append(text[end:])
    said = [signatures.without(run, first=not number) for number, run in enumerate(scan.runs)]
    bare = [signatures.without_closing(run) for run in said]
    if (words := NewWords(_joined(said), _joined(bare))).bare:
        return words
    if scan.ours or (scan.begun and any(_QUOTED.match(line) for line in scan.lines)):
        return words
    whole = signatures.without(scan.lines)
    return NewWords(words.said or _joined([whole]), _joined([signatures.without_closing(whole)]))


def is_reply(subject: str) -> bool:
    return _REPLY.match(subject) is not None


def forwards(subject: str) -> bool:
    """Whether a subject says that a mail is passed on."""
    return _FORWARDS.match(subject) is not None


def new_text(text: str, subject: str = "", answers: bool = False) -> str:
    return new_words(text, subject, answers).bare


def _joined(runs: Iterable[list[str]]) -> str:
    kept = ("\n".join(run).strip("\n") for run in runs)
    return "\n\n".join(run for run in kept if run.strip())
