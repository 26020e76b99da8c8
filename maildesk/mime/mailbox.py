"""A second reading of a field with one mailbox, by a scanner of our own (RFC 5322, 3.4, without its obsolete forms).

Called by `read_people` to hold against mail-parser's: where the two differ, the writer is nobody. It is one pass,
reads no group, no route and no list, and decodes nothing.
"""

from __future__ import annotations


def only_spec(text: str) -> str:
    """The address of the only mailbox as it stands there, in one piece; "" where the field says anything else."""
    scan = _Scan()
    for at, character in enumerate(text):
        scan.see(at, character)
    bare = "".join(scan.bare).rstrip(", \t")
    if not scan.closed or any(mark in bare for mark in ",:;"):
        return ""
    if not scan.angles:
        spec = "".join(scan.kept).strip(", \t")
    elif [mark for mark, _ in scan.angles] == ["<", ">"] and bare.endswith(">"):
        spec = text[scan.angles[0][1] + 1 : scan.angles[1][1]].strip(" \t")
    else:
        return ""
    return spec if spec in text else ""


class _Scan:
    """What stands outside of quoted strings and comments, and where the angle brackets are."""

    def __init__(self) -> None:
        self.bare: list[str] = []  # without quoted strings and comments
        self.kept: list[str] = []  # without comments alone
        self.angles: list[tuple[str, int]] = []
        self._quoted = self._escaped = False
        self._depth = 0

    @property
    def closed(self) -> bool:
        return not (self._quoted or self._escaped or self._depth)

    def see(self, at: int, character: str) -> None:
        if self._depth:
            self._comment(character)
        elif self._quoted:
            self._string(character)
        elif character == "(":
            self._depth = 1
        else:
            self._quoted = character == '"'
            self.kept.append(character)
            if not self._quoted:
                self.bare.append(character)
            if character in "<>":
                self.angles.append((character, at))

    def _comment(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        else:
            self._depth += (character == "(") - (character == ")")

    def _string(self, character: str) -> None:
        self.kept.append(character)
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        else:
            self._quoted = character != '"'
