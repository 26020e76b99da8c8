"""Where a letter of ours ends that is quoted without marks, as Outlook does: what stands below is an answer.

Used by `quotes`. A letter's last lines are the queue, whose name its From field and so the introduction or the head of
the quotation has, and the desk. Where that name is not found the end is not known, and all below counts as quoted.
"""

from __future__ import annotations

import re

from maildesk.mime.quotes_heads import field_kind

_APART = re.compile(r"[<>()\[\]\"*]+|[:：](?:\s|$)|\s(?:wrote|schrieb)\b")
_DESK = re.compile(r"\s{0,3}[^\W\d_a-z]\S{0,40}(?: [^\s.!?]{1,40}){1,5}\s*")  # its name, below the queue's
_DOT = "\u00b7"  # between both in HTML
_LINE = 400  # characters of a line that has names
_LETTER = 400  # lines


def below_letter(lines: list[str], begun: int, marker: int) -> int:
    """The line below a letter whose introduction begins at one line and whose marker is another."""
    said = " ".join(line[:_LINE] for line in lines[begun:marker] if field_kind(line) in {"", "from"})
    names = [name for name in (each.strip(" ,:") for each in _APART.split(said)) if name]
    found = [at for at in range(marker + 1, min(marker + _LETTER, len(lines))) if _is_queue(lines[at], names)]
    if not found:
        return len(lines)
    below = found[-1] + 1
    alone = _DOT not in lines[below - 1] and below < len(lines)
    return below + 1 if alone and _DESK.fullmatch(lines[below][:_LINE]) else below


def _is_queue(line: str, names: list[str]) -> bool:
    """Whether a line is the name that ends what is said of the writer."""
    shown = line[:_LINE].partition(_DOT)[0].strip()
    return len(shown) > 1 and any(f" {name}".endswith(f" {shown}") for name in names)
