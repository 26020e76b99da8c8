"""Canaries: words that stand for what somebody wrote, who may read each, and where one stands that must not.

A canary is plain letters and digits with a beginning of its own, so that one look at a text finds them all, in
whatever coding, case or markup it went out. Who may read one is kept apart from the desk: by who wrote it, as what, and
who took part then.
"""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from html import unescape
from random import Random
from urllib.parse import unquote

MARK = "zq"
CANARY = re.compile(rf"{MARK}[0-9a-v]{{11}}")
_FOLD = re.compile(r"\r\n[ \t]")
_BASE64 = re.compile(r"\n((?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/]{8,}={0,2})(?=\r?\n|$)")
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Word:
    kind: str
    step: int
    readers: frozenset[str] = frozenset()  # by whichever letter
    askers: frozenset[str] = frozenset()  # by the answer to a request


@dataclass(frozen=True)
class Leak:
    kind: str
    step: int
    where: str

    def __str__(self) -> str:
        return f"{self.kind} of step {self.step} stands in {self.where}"


@dataclass
class Watch:
    rng: Random
    words: dict[str, Word] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)  # every key, and whose it is
    insiders: frozenset[str] = frozenset()  # strings that no customer may see, lower case

    def mint(self, kind: str, step: int) -> str:
        word = MARK + "".join(self.rng.choices("0123456789abcdefghijklmnopqrstuv", k=11))
        self.words[word] = Word(kind, step)
        return word

    def publish(self, words: Iterable[str], readers: Iterable[str], askers: Iterable[str] = ()) -> None:
        for word in words:
            known = self.words[word]
            known.readers |= frozenset(readers)
            known.askers |= frozenset(askers)

    def leaks(self, content: bytes, reader: str, name: str) -> Iterator[Leak]:
        """What stands in a mail to this reader and is not his."""
        text = everything(content)
        for found in self.words.keys() & CANARY.findall(text):  # a key may look like one
            word = self.words[found]
            if reader not in word.readers and not (name == "answer" and reader in word.askers):
                yield Leak(word.kind, word.step, f"{name} to {reader}")
        for key, owner in self.tokens.items():
            if owner != reader and key in text:
                yield Leak(f"a key of {owner}", 0, f"{name} to {reader}")
        for each in self.insiders:
            if each in text:
                yield Leak(each, 0, f"{name} to {reader}")


def everything(content: bytes) -> str:
    """A mail as it left, and as every way to read it makes of it; lower case.

    The codings are undone wherever they might be, whatever the head says: a canary that a client of another mind could
    read is one that got out.
    """
    raw = content.decode("latin-1")
    head, _, body = raw.partition("\r\n\r\n")
    texts = [raw, _FOLD.sub("", head), quopri.decodestring(body).decode("utf-8", "replace")]
    if "=?" in head:
        texts.append(str(make_header(decode_header(_FOLD.sub(" ", head)))))
    texts += (b64decode(block + "=" * (-len(block) % 4)).decode("utf-8", "replace") for block in _blocks(body))
    told = "\n".join(texts)
    return "\n".join((told, unquote(told), unescape(_TAG.sub("", told)))).lower()


def _blocks(body: str) -> Iterator[str]:
    """What may be base64: lines of the length that mails have, and the last one behind them."""
    for found in _BASE64.findall(body):
        block = "".join(found.split()).rstrip("=")
        yield block[: len(block) - (len(block) % 4 == 1)]
