"""Whether anything that is inside reaches a customer: random histories of tickets with canaries, and the figures.

They are those of tests/leak, more of them: notes, agents' fields and addresses, keys, quotations in the manner of
thirty mail programs, what HTML hides. Each byte of each letter to a customer is searched. A history that leaks is
told as it went, with the seed and the number that play it again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.leak.histories import Played, desk, run

BATCH = 50


def _batch(given: tuple[str, int, int]) -> Played:
    seed, first, behind = given
    with desk() as swift:
        return run(swift, seed, range(first, behind))


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench leak", description=__doc__)
    parser.add_argument("-n", type=int, default=5000, help="histories")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    batches = [(given.seed, first, min(first + BATCH, given.n)) for first in range(0, given.n, BATCH)]
    total, began = Played(), time.monotonic()
    with multiprocessing.get_context("spawn").Pool(given.workers) as pool:
        for played in pool.imap_unordered(_batch, batches):
            total.add(played)
            sys.stdout.write("".join(f"{told}\n\n" for told in played.leaks))
            sys.stdout.flush()
    sys.stdout.write(f"{total}\nseed {given.seed}, {time.monotonic() - began:.0f} s\n")
    for name, counted in (("mails", total.came), ("letters", total.went)):
        sys.stdout.write(f"{name}: {', '.join(f'{number} {what}' for what, number in counted.most_common())}\n")
    return 1 if total.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
