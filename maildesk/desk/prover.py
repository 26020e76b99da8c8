"""A prover process: `python -m maildesk.desk.prover MEMORY DEADLINE`, started by `provers`.

Its first frame names the name servers, none for those of this machine; each frame after it is a question and a mail,
answered by one frame. It may use MEMORY more octets than it has at its start and DEADLINE seconds of CPU a mail. It
opens no file and talks to nobody but name servers.
"""

from __future__ import annotations

import json
import sys
import zlib

from maildesk.desk import fence, frames
from maildesk.desk.examine import examine
from maildesk.desk.lookup import Lookups, Stub
from maildesk.desk.proof import Checked, Question


def main(memory: int, deadline: float) -> int:
    fence.put_up(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    servers = frames.receive(source.read)
    stub = Stub([(host, port) for host, port in json.loads(servers or b"[]")])
    while (asked := frames.receive(source.read)) is not None:
        with fence.deadline(deadline):
            checked = _answer(asked, stub)
        sink.write(frames.framed(json.dumps([checked.dmarc, checked.proves, checked.told]).encode()))
        sink.flush()
    return 0


def _answer(asked: bytes, stub: Stub) -> Checked:
    end = frames.LENGTH + int.from_bytes(asked[: frames.LENGTH], "big")
    writer, sender, peer, ours, timely, seconds = json.loads(asked[frames.LENGTH : end])
    question = Question(writer, sender, peer, tuple(ours), timely)
    try:
        return examine(zlib.decompress(asked[end:]), question, Lookups(stub.find, seconds))
    except Exception as fault:  # the prover's loop: an odd mail proves nothing, the next one goes on
        return Checked(told=f"a fault of the check: {type(fault).__name__}")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
