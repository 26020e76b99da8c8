"""What `inspect` shows of one mail; and a process that does it for many: `python -m maildesk.cli.inspector`.

Called by cli/inspection, for a few files in its own process, for more by way of cli/crew. Names of files come in on
standard input, what is shown goes out on standard output, one frame each. Light to import; it opens nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from maildesk.cli import show
from maildesk.mime.describe import describe
from maildesk.mime.unread import fingerprint, unreadable
from maildesk.mime.whole import whole
from maildesk.words import Incoming

LARGEST = 64 * 1024 * 1024  # octets of a file that are looked at as a mail
SHOWN, FAILED = b".", b"!"

Shown = tuple[str, str]  # what is shown of a file, and what went wrong


def octets_of(file: str) -> bytes:
    """The mail at this place, `-` is stdin; of a file that is no mail by its size, the beginning. Raises OSError."""
    if file == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(file).open("rb") as stream:
        return stream.read(LARGEST + 1)


def shown_here(file: str, *, as_json: bool) -> Shown:
    try:
        return inspected(file, octets_of(file), as_json=as_json), ""
    except OSError as error:
        return "", failure(file, error)


def inspected(file: str, raw: bytes, *, as_json: bool) -> str:
    if len(raw) > LARGEST:
        return shown(unreadable(raw, "", f"the file is over {LARGEST >> 20} MB"), file, as_json=as_json)
    return shown(whole(raw)[0], file, as_json=as_json)


def given_up(file: str, reason: str, *, as_json: bool) -> str:
    """Of a mail that ended its reader."""
    raw = octets_of(file)
    return shown(unreadable(raw, fingerprint(raw), reason), file, as_json=as_json)


def shown(mail: Incoming, file: str, *, as_json: bool) -> str:
    """Whole lines: an object on one, or a block for people."""
    return f"{show.as_json(describe(mail, file))}\n" if as_json else _block(mail, file)


def failure(file: str, error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return show.clean(f"maildesk: {file}: there are no mails in this folder")
    return show.clean(f"maildesk: {file}: {(error.strerror or 'cannot be read').lower()}")


def _block(mail: Incoming, file: str) -> str:
    told = describe(mail, file)
    pairs: list[tuple[str, object]] = [("file", file), ("message-id", mail.message_id)]
    pairs += [(name, _people(told[key])) for name, key in _PEOPLE]
    pairs += [("subject", mail.subject), ("date", told["date"]), ("in reply to", mail.in_reply_to)]
    pairs += [("automatic", told["automatic"])]
    if mail.bounce:
        pairs += [("bounce", [mail.bounce.kind, mail.bounce.status, *mail.bounce.recipients])]
    pairs += [("attachment", f"{each.name} ({each.type}, {each.size} octets)") for each in mail.attachments]
    pairs += [("seal", seal.told) for seal in mail.seals if not seal.broken]
    pairs += [("problem", problem) for problem in told["problems"]]
    lines = [f"{name:<{_WIDTH}}  {show.cell(value)}".rstrip() for name, value in pairs if value]
    return show.clean("\n".join([*lines, "", mail.reply_text or mail.text, ""]))


def _people(found: Any) -> list[str]:
    people = found if isinstance(found, list) else [found] if found else []
    return [f"{each['name']} <{each['address']}>" if each["name"] else each["address"] for each in people]


_PEOPLE = (("from", "from"), ("to", "to"), ("cc", "cc"), ("reply to", "reply_to"))
_WIDTH = len("in reply to")


def answer(frame: bytes) -> tuple[bytes, str]:
    """What a frame of the crew is answered with."""
    file, as_json = json.loads(frame)
    text, wrong = shown_here(file, as_json=as_json)
    return (FAILED, wrong) if wrong else (SHOWN, text)


def main(memory: int, seconds: float) -> int:
    from maildesk.desk import fence, frames  # noqa: PLC0415 - not wanted where a few files are read

    fence.put_up(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    while (frame := frames.receive(source.read)) is not None:
        with fence.deadline(seconds):
            kind, text = answer(frame)
        sink.write(frames.framed(kind, text.encode("utf-8", "backslashreplace")))
        sink.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
