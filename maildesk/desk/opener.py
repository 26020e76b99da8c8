"""A process that checks signatures and deciphers: `python -m maildesk.desk.opener MEMORY DEADLINE`.

Started by desk/unsealing for mails with seals, where the configuration names keys. A mail comes in on standard input,
its seals and its opened form go out on standard output. What comes of a seal never costs the mail: it stays as it is.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path
from typing import Protocol

from maildesk.desk import fence, frames
from maildesk.desk.opener_pgp import Pgp
from maildesk.desk.opener_smime import Smime
from maildesk.mime import sealed
from maildesk.mime.address import normal
from maildesk.mime.covered import covered
from maildesk.mime.sealed import LAYERS, Sealed
from maildesk.words import Seal

MOST = 10  # seals of one mail that are looked at: each takes a program its time, and other mails wait
LARGEST = 32 * 1024 * 1024  # octets that may come out of an encrypted mail

Signature = tuple[Seal, tuple[str, ...]]  # and the addresses its key belongs to


class Tool(Protocol):
    def checked(self, each: Sealed) -> Signature: ...

    def opened(self, each: Sealed) -> tuple[bytes | None, tuple[Seal, ...], tuple[Signature, ...]]:
        """What is under it, None without a key; the seals that were opened for that, and the signatures within."""

    def end(self) -> None: ...


def tools(gnupg_home: str, smime_dir: str) -> dict[str, Tool]:
    """By kind; one whose programs or folder are missing is none. `check` tells of those."""
    found: dict[str, Tool] = {}
    with suppress(ImportError, OSError, ValueError):
        if gnupg_home:
            found["pgp"] = Pgp(Path(gnupg_home), LARGEST)
    with suppress(ImportError, OSError, ValueError):
        if smime_dir:
            found["smime"] = Smime(Path(smime_dir))
    return found


def opened(raw: bytes, writer: str, by_kind: dict[str, Tool]) -> tuple[list[Seal], bytes]:
    """Every seal with what came of it, and the mail without those that could be taken off; b"" if none was."""
    seals: list[Seal] = []
    seen: set[tuple[bytes, bytes]] = set()
    now = raw
    for _ in range(LAYERS * 2):
        for each in sealed.found(now):
            if (each.content, each.signature) in seen or len(seen) == MOST:
                continue
            seen.add((each.content, each.signature))
            told, clear = _looked_at(each, writer, by_kind.get(each.seal.kind))
            seals += told
            if clear is not None:
                now = sealed.without(now, each, clear)
                break  # what was found below lies elsewhere now
        else:
            break
    return list(dict.fromkeys(seals)), now if now != raw else b""


def _looked_at(each: Sealed, writer: str, tool: Tool | None) -> tuple[list[Seal], bytes | None]:
    """What came of one seal, and what is under it."""
    if each.seal.act == "signed":
        within = each.clear if each.form == "blob" else each.content
        return [_whose(tool.checked(each), writer, each.whole, within) if tool else each.seal], each.clear
    clear, opened, signatures = tool.opened(each) if tool else (None, (), ())
    if clear is None or len(clear) > LARGEST:
        return [replace(each.seal, state="closed")], None
    return [*opened, *(_whose(one, writer, each.whole, clear) for one in signatures)], clear


def _whose(signature: Signature, writer: str, whole: bool, signed: bytes | None) -> Seal:
    """A good signature is one of the writer himself, over all his words: else it says little of who wrote them."""
    seal, addresses = signature
    if seal.state != "good":
        return seal
    known = [found for found in map(normal, addresses) if found]
    if writer and writer in known:
        return replace(seal, state="good" if whole else "part", by=writer, fields=covered(signed or b""))
    return replace(seal, state="other", by=known[0] if known else "")


def main(memory: int, seconds: float) -> int:
    fence.put_up(memory)
    os.environ["LC_ALL"] = "C"  # what the programs say is read here
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(frames.framed(b""))
    sink.flush()
    folders = frames.receive(source.read)
    by_kind = tools(*json.loads(folders)) if folders else {}
    try:
        while (writer := frames.receive(source.read)) is not None:
            raw = frames.receive(source.read) or b""
            with fence.deadline(seconds):
                seals, form = opened(raw, writer.decode(), by_kind)
            told = json.dumps([astuple(seal) for seal in seals]).encode()
            sink.write(frames.framed(frames.framed(told), form))
            sink.flush()
    finally:
        for tool in by_kind.values():
            tool.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
