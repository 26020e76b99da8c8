"""Mails changed at random, for as long as one likes: `python -m tests.fuzz.mails --count 5000000 --seed 7`.

An execution reads one changed mail as a reader process does, its signatures taken off. Asked of each: that nothing is
raised, that it takes less than two seconds of the processor, and what `wrong` says. A mail that is read as none before
it joins the seeds, so that changes add up. A batch is a seed of its own and comes out alike everywhere.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

from maildesk.mime.whole import whole
from maildesk.words import Incoming
from tests.fuzz.oracle import odd
from tests.fuzz.seeds import PIECES, seeds

T = TypeVar("T")
MOST = 2.0  # seconds of the processor
BATCH = 6_250  # executions
LONGEST = 200_000  # octets of a changed mail
SMALL = 150  # octets of one that may join the seeds
LENGTHS = (1, 1, 2, 4, 8, 16, 40, 150)
CHANGES = (1, 1, 1, 2, 2, 3, 4, 6)
TIMES = (1,) * 60 + (2, 4, 8, 500)  # how often a piece stands in a row


@dataclass
class Batch:
    """What came of some executions."""

    executions: int = 0
    seconds: float = 0.0  # of the processor
    slowest: float = 0.0
    kinds: int = 0  # of readings that differ in what was found
    faults: list[str] = field(default_factory=list)

    def add(self, other: Batch) -> None:
        self.executions += other.executions
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.kinds = max(self.kinds, other.kinds)
        self.faults += other.faults

    def __str__(self) -> str:
        took = f"{self.seconds:.0f} s of the processor, the slowest {self.slowest:.2f} s"
        return f"{self.executions} executions, {len(self.faults)} faults, {took}, {self.kinds} kinds of readings"


def one_of(random: Random, several: Sequence[T]) -> T:
    """As Random.choice, in a third of its time: it is asked eight times an execution."""
    return several[int(random.random() * len(several))]


Change = Callable[[bytearray, int, bytes, Random], None]


def _line(octets: bytes | bytearray, at: int) -> slice:
    return slice(octets.rfind(b"\n", 0, at) + 1, octets.find(b"\n", at) + 1 or len(octets))


def _octet(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    mail[at : at + 1] = random.randbytes(1)


def _piece(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    mail[at:at] = one_of(random, PIECES) * one_of(random, TIMES)


def _piece_for_another(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    mail[at : at + one_of(random, LENGTHS)] = one_of(random, PIECES)


def _out(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    del mail[at : at + one_of(random, LENGTHS)]


def _doubled(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    mail[at:at] = mail[at : at + one_of(random, LENGTHS)] * one_of(random, TIMES)


def _stretch(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    begin = int(random.random() * len(other))
    mail[at:at] = other[begin : begin + one_of(random, LENGTHS)]


def _line_out(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    del mail[_line(mail, at)]


def _line_doubled(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    line = mail[_line(mail, at)]
    mail[at:at] = b"\r\n" + line * one_of(random, TIMES)


def _line_of_another(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    begin = _line(mail, at).start
    mail[begin:begin] = other[_line(other, int(random.random() * len(other)))]


def _crossed(mail: bytearray, at: int, other: bytes, random: Random) -> None:
    mail[at:] = other[int(random.random() * len(other)) :]


WAYS: tuple[Change, ...] = (
    *(_octet, _piece, _piece_for_another, _out, _doubled, _stretch),
    *(_line_out, _line_doubled, _line_of_another, _line_of_another, _crossed),
)


def changed(mails: list[bytes], random: Random) -> bytes:
    """One of the mails after one to six changes."""
    mail = bytearray(one_of(random, mails))
    for _ in range(one_of(random, CHANGES)):
        one_of(random, WAYS)(mail, int(random.random() * (len(mail) + 1)), one_of(random, mails), random)
    return bytes(mail[:LONGEST])


def wrong(raw: bytes) -> tuple[str, Incoming]:
    """What is not as it has to be, "" = nothing; and what was read."""
    began = time.process_time()
    try:
        mail, opened = whole(raw)
    except Exception as fault:
        return f"raised {type(fault).__name__}: {fault}", Incoming()
    if time.process_time() - began > MOST:
        return f"took over {MOST} s", mail
    return odd(mail, raw + opened, len(raw)), mail


def kind(mail: Incoming) -> tuple[object, ...]:
    """By what readings are told apart: two mails of one kind went much the same way."""
    bounce = mail.bounce and (mail.bounce.kind, mail.bounce.status[:1], min(2, len(mail.bounce.recipients)))
    people = bool(mail.sender), min(2, len(mail.to)), bool(mail.cc), bool(mail.reply_to), bool(mail.date)
    files = tuple((file.encoding, file.inline, bool(file.name)) for file in mail.attachments[:2])
    words = mail.has_html, bool(mail.text), mail.said == mail.text, mail.reply_text == mail.said
    return mail.automatic, bounce, people, files, words, mail.seals, tuple(each[:20] for each in mail.problems)


def run(count: int, seed: str, found: Path | None = None) -> Batch:
    """`count` executions; mails that are read wrongly are left in the folder `found`."""
    random, mails, batch, kinds = Random(seed), seeds(), Batch(count), set[tuple[object, ...]]()
    began = time.process_time()
    for number in range(count):
        raw = changed(mails, random)
        before = time.process_time()
        fault, mail = wrong(raw)
        batch.slowest = max(batch.slowest, time.process_time() - before)
        if fault:
            batch.faults.append(f"seed {seed}, execution {number}: {fault}")
            if found:
                (found / f"fuzz-{seed}-{number}.eml").write_bytes(raw)
        elif (what := kind(mail)) not in kinds:
            kinds.add(what)
            mails += [raw] if len(raw) <= SMALL else []
    batch.seconds, batch.kinds = time.process_time() - began, len(kinds)
    return batch


def batches(count: int, seed: str, found: Path | None) -> Iterator[tuple[int, str, Path | None]]:
    for number in range((count + BATCH - 1) // BATCH):
        yield min(BATCH, count - number * BATCH), f"{seed}.{number}", found


def _run(given: tuple[int, str, Path | None]) -> Batch:
    return run(*given)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--found", type=Path, default=Path(), help="where mails that fail are left")
    given = parser.parse_args()
    total = Batch()
    with multiprocessing.get_context("spawn").Pool(given.workers) as pool:
        for batch in pool.imap_unordered(_run, batches(given.count, given.seed, given.found)):
            total.add(batch)
            sys.stdout.write("".join(f"{fault}\n" for fault in batch.faults))
            sys.stdout.flush()
    sys.stdout.write(f"{total}\n")
    return 1 if total.faults else 0


if __name__ == "__main__":
    sys.exit(main())
