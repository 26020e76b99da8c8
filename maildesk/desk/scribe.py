"""A scribe process: `python -m maildesk.desk.scribe MEMORY DEADLINE`, started by `dictation`.

Its first frame is the configuration and the keys; each frame after it is the letters of one mail, answered by one
frame: the letters as the outbox keeps them, or the error, and the faults that were found in overrides. Pickle, for
both ends are ours and no octet of a mail is read here; what a mail said is only ever a value in a template.
"""

from __future__ import annotations

import pickle
import sys
from datetime import datetime

from maildesk.config import Config
from maildesk.desk import fence, frames
from maildesk.desk.dictation import Ordered
from maildesk.letters.render import Letters, Rendered


def main(memory: int, deadline: float) -> int:
    fence.put_up(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    first = frames.receive(source.read)
    if first is None:
        return 0
    scribe = Scribe(*pickle.loads(first))  # noqa: S301 - of the desk itself
    while (order := frames.receive(source.read)) is not None:
        with fence.deadline(deadline):
            answer = scribe.answer(*pickle.loads(order))  # noqa: S301
        sink.write(frames.framed(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)))
        sink.flush()
    return 0


class Scribe:
    def __init__(self, config: Config, secrets: tuple[bytes, ...]) -> None:
        self._faults: list[str] = []
        self._letters = Letters(config, secrets, self._faults.append)

    def answer(self, ordered: Ordered, now: datetime) -> tuple[list[Rendered] | None, str, list[str]]:
        """The letters, or why there are none; and the faults met in overrides."""
        written, error = None, ""
        try:
            written = [self._letters.render(letter, serial, now)._replace(html="") for letter, serial in ordered]
        except Exception as fault:  # the scribe's loop: the mail it belongs to is parked, the next one goes on
            error = f"{type(fault).__name__}: {fault}"
        faults = self._faults.copy()
        self._faults.clear()
        return written, error, faults


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
