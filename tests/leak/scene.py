"""One history as it goes: the desk, everybody's mailbox, what was said, and what must be looked at.

Deeds (customers, agents) act on a `Scene`; after each of them `look` goes over every letter that is new.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from maildesk.words import Receipt
from tests.leak.clients import Letter
from tests.leak.people import CONTACTS, OPS, STAFF, SUPPORT
from tests.leak.swift import Swift
from tests.leak.watch import Leak, Watch


@dataclass
class Scene:
    swift: Swift
    rng: Random
    watch: Watch
    told: list[str] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    boxes: dict[str, list[Letter]] = field(default_factory=lambda: defaultdict(list))  # newest last
    tickets: list[str] = field(default_factory=list)
    waiting: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)  # mails that may yet be let in
    asked: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # agents' mails that want a `yes`
    step: int = 0
    noted: bool = False  # the deed in hand is a note
    seen: int = 0
    mails: int = 0
    came: Counter[str] = field(default_factory=Counter)  # mails, by what became of them
    went: Counter[str] = field(default_factory=Counter)  # letters that were looked at, by name

    def mint(self, kind: str) -> str:
        return self.watch.mint(kind, self.step)

    def tell(self, line: str) -> None:
        self.told.append(f"{self.step:2} {self.swift.now:%d %H:%M} {line}")

    def either(self, chance: float) -> bool:
        return self.rng.random() < chance

    def fields(self, sender: str, to: str, subject: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
        ident = f"<{self.mint('Message-ID of an agent') if 'private' in sender else 'm'}.{self.mails}@host.example>"
        date = self.swift.now.strftime("%a, %d %b %Y %H:%M:%S +0000")
        return [("From", sender), ("To", to), ("Subject", subject), ("Date", date), ("Message-ID", ident), *more]

    def send(self, content: bytes, sender: str, *recipients: str) -> Receipt:
        self.mails += 1
        receipt = self.swift.receives(content, sender, recipients or (SUPPORT,))
        self.told[-1] += f" -> {receipt.outcome.value} {receipt.ticket}: {receipt.reason}"
        self.came[receipt.outcome.value] += 1
        if receipt.ticket and receipt.ticket not in self.tickets:
            self.tickets.append(receipt.ticket)
        return receipt

    def newest(self, reader: str) -> Letter | None:
        """A letter that somebody might answer, mostly a recent one."""
        box = self.boxes[reader][-4:]
        letter = self.rng.choice(box) if box else None
        return letter if letter and letter.head["Reply-To"] else None

    def publish(self, words: Iterable[str], reference: str, *besides: str) -> None:
        """Said in a ticket's public thread: for its people as they are now, and for their colleagues who ask."""
        words = list(words)
        people = self.swift.people(reference)
        askers = {each for person in people for each in CONTACTS.get(person, ())}
        self.watch.publish(words, people | set(besides), askers)

    def looks(self) -> None:
        """What waited outside may have come in; then every letter that is new."""
        self._let_in()
        for ident, name, reader, key in self.swift.new_letters(self.seen):
            self.seen = ident
            self.watch.tokens[key.partition(".")[2].partition("@")[0]] = reader
            outside = reader not in STAFF and reader != OPS
            note = self.noted and name == "agent_update"
            letter = Letter(ident, name, reader, note, partial(self.swift.letter, ident))
            self.boxes[reader].append(letter)
            if outside:
                self.went[name] += 1
                self.leaks += self.watch.leaks(letter.raw, reader, name)

    def _let_in(self) -> None:
        for each in tuple(self.waiting):
            mail_id, writer, words = each
            if reference := self.swift.stands_in(mail_id):
                self.publish(words, reference, writer)
                self.waiting.remove(each)
                if reference not in self.tickets:
                    self.tickets.append(reference)
