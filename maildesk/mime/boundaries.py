"""The lines that part a multipart, in the raw octets (RFC 2046, 5.1.1).

Used by `walk`. A line belongs to the longest open boundary that it matches: "--a--" ends the parts of "a", unless those
of "a--" are open inside of it. Each boundary is searched for once between its part's begin and end, so many open ones
cost no more than their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_REST = re.compile(rb"[ \t]*(--)?[ \t\r]*(?:\n|\Z)")  # what may follow a boundary on its line


@dataclass(slots=True, eq=False)
class Boundary:
    """An open one, and the next of its lines."""

    mark: bytes  # the line end before it, "--" and the boundary
    seen: int  # where its next line is looked for
    at: int = -1  # where that begins; -1 when there is none up to `seen`
    end: int = 0  # where what follows it begins
    last: bool = False  # it closes the multipart


@dataclass(slots=True)
class Boundaries:
    """Those of the multiparts around the place that was come to, outermost first."""

    raw: bytes
    open: list[Boundary] = field(default_factory=list)

    def opened(self, boundary: bytes, start: int) -> Boundary:
        found = Boundary(b"\n--" + boundary, start)
        self.open.append(found)
        return found

    def close(self) -> None:
        self.open.pop()

    def next(self) -> Boundary | None:
        """Whose line is the next one; of equal boundaries the inner one's."""
        found: Boundary | None = None
        for each in self.open:
            self._seek(each, found.end if found else len(self.raw))
            if each.at >= 0 and (found is None or _place(each) <= _place(found)):
                found = each
        return found

    def passed(self, boundary: Boundary) -> int:
        """Go on behind the next line of this one, which is nobody else's: where the part below it begins."""
        start = boundary.end
        for each in self.open:
            if each.at < start:
                each.at, each.seen = -1, max(each.seen, start)
        return start

    def end(self, start: int) -> int:
        """Where the part that begins here ends: the line end before a boundary belongs to the boundary."""
        found = self.next()
        if found is None:
            return len(self.raw)
        at = found.at
        return max(start, at - 2 if self.raw[at - 2 : at] == b"\r\n" else at - 1)

    def _seek(self, boundary: Boundary, limit: int) -> None:
        """Find its next line, when that begins above the limit."""
        mark, at = boundary.mark, boundary.seen
        while boundary.at < 0 and at < limit:
            at = self.raw.find(mark, max(0, at - 1), limit) + 1
            if not at:
                boundary.seen = limit
                return
            rest = _REST.match(self.raw, at + len(mark) - 1, limit)
            if rest:
                boundary.at, boundary.end, boundary.last = at, rest.end(), rest[1] is not None
            at = boundary.seen = at + len(mark) - 1


def _place(boundary: Boundary) -> tuple[int, int]:
    return boundary.at, -len(boundary.mark)
