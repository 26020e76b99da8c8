"""A reader process: `python -m maildesk.desk.reader MEMORY DEADLINE`, started by `readers`.

Raw mails come in on standard input, readings go out on standard output, one frame each; the end of the pipe ends it.
It may use MEMORY more octets than it has at its start, and DEADLINE seconds of CPU a mail: the kernel ends it beyond
either. It opens no file and no socket, and writes nothing else anywhere.
"""

from __future__ import annotations

import sys

from maildesk.desk import fence, frames
from maildesk.desk.packing import packed
from maildesk.mime.unread import fingerprint, unreadable
from maildesk.mime.whole import whole
from maildesk.words import Incoming

NO_MEMORY = 71

# Read before the hello: what is compiled at its first use (mime/lazily) is then of no mail's time and memory.
_FIRST = b"""\
From: Carol <carol@example.com>\r\nTo: support@example.com\r\nSubject: Re: report\r\n\r\n\
Thanks.\r\n\r\nOn Mon, 2 Mar 2026 at 10:00, Desk <support@example.com> wrote:\r\n> Hello\r\n\r\n-- \r\nCarol\r\n"""


def reading(raw: bytes) -> tuple[Incoming, bytes]:
    """What one mail says, and its octets packed as the store keeps them: the opened form is a stream behind them."""
    mail, opened = whole(raw)
    return mail, packed(raw) + (packed(opened) if opened else b"")


def main(memory: int, deadline: float) -> int:
    reading(_FIRST)
    fence.put_up(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    while (raw := frames.receive(source.read)) is not None:
        try:
            with fence.deadline(deadline):
                mail, stream = reading(raw)
        except MemoryError:
            return NO_MEMORY
        except Exception as fault:  # the reader loop: a mail must never cost the others their reader
            reason = f"a fault of the reader: {type(fault).__name__}"
            mail, stream = unreadable(raw, fingerprint(raw), reason), packed(raw)
        sink.write(frames.answer(mail, stream))
        sink.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
