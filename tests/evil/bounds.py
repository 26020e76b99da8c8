"""How much of the processor a hostile mail may take: seconds as a reader's deadline counts them, and their growth.

Used by the rows T65 to T82 of the threat table (tests/evil/test_rows.py names where each is held). What is measured is
all that a reader process does with a mail, packing included. A busy machine makes a reading longer and never shorter:
so what is over a bound is measured again, and the best of some counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from maildesk.desk.opening import READING_DEADLINE
from maildesk.desk.reader import reading
from maildesk.words import Incoming

Made = TypeVar("Made")
Found = TypeVar("Found")

MOST = READING_DEADLINE / 5  # seconds of the processor, of a mail that the caps end (N15)
LEAST = 0.02  # below which a clock tells nothing
LARGER, LONGER = 16, 32  # times: linear is 16, quadratic 256; a busy machine doubles what a long reading takes
ATTEMPTS = 5


def read_by_a_reader(raw: bytes) -> Incoming:
    return reading(raw)[0]


def seconds(act: Callable[[Made], Found], made: Made) -> tuple[float, Found]:
    began = time.process_time()
    found = act(made)
    return time.process_time() - began, found


def bounded(raw: bytes, most: float = MOST) -> Incoming:
    """What is read of a mail, within its time and without a fault."""
    for _ in range(ATTEMPTS):
        took, found = seconds(read_by_a_reader, raw)
        if took < most:
            break
    assert took < most
    assert not found.unreadable.startswith("a fault")
    return found


def linear(make: Callable[[int], Made], act: Callable[[Made], Found], size: int, most: float = MOST) -> Found:
    """What `act` makes of a thing of this size: in less than `most`, and in proportion to a smaller one."""
    small, large = make(size // LARGER), make(size)
    once = many = float("inf")
    for _ in range(ATTEMPTS):
        once = min(once, seconds(act, small)[0])
        took, found = seconds(act, large)
        many = min(many, took)
        if many < most and many < max(LEAST, LONGER * once):
            break
    assert many < most
    assert many < max(LEAST, LONGER * once)
    return found


def reads_in_proportion(make: Callable[[int], bytes], size: int, most: float = MOST) -> Incoming:
    found = linear(make, read_by_a_reader, size, most)
    assert not found.unreadable.startswith("a fault")
    return found
