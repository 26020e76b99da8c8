"""A scribe process: `python -m maildesk.desk.scribe MEMORY DEADLINE`, started by `dictation`.

Its first frame is the configuration and the keys; each frame after it is an order, answered by one frame: the letter
as the outbox keeps it, or the error, and the faults that were found in overrides. Pickle, for both ends are ours and
no octet of a mail is read here; what a mail said is only ever a value in a template.
"""

from __future__ import annotations

import pickle
import sys

from maildesk.desk import fence, frames
from maildesk.letters.render import Letters
from maildesk.words import Order


def main(memory: int, deadline: float) -> int:
    fence.put_up(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    first = frames.receive(source.read)
    if first is None:
        return 0
    faults: list[str] = []
    config, secrets = pickle.loads(first)  # noqa: S301 - of the desk itself
    letters = Letters(config, secrets, faults.append)
    while (order := frames.receive(source.read)) is not None:
        with fence.deadline(deadline):
            [written] = letters.written([Order(*pickle.loads(order))])  # noqa: S301
        sink.write(frames.framed(pickle.dumps((written, faults), pickle.HIGHEST_PROTOCOL)))
        sink.flush()
        faults.clear()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
