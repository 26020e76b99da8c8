"""Who is connected: all conversations of all listeners, counted in total and by address.

Used by the listeners' loop alone, so it needs no lock. A crowd that is full refuses with 421; nobody who is in
is thrown out for a newcomer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Protocol

TOTAL = 2000
EACH = 50  # from one address that is neither this machine nor named in `allow`


class Member(Protocol):
    def leave(self) -> None: ...

    def cut(self) -> None: ...


class Crowd:
    def __init__(self, total: int = TOTAL, each: int = EACH) -> None:
        self.total = total
        self.each = each
        self._members: dict[Member, str] = {}
        self._by_peer: Counter[str] = Counter()

    def enter(self, member: Member, peer: str, trusted: bool) -> str:
        """Counts a newcomer; the reason why he may not stay, or ""."""
        self._members[member] = peer
        self._by_peer[peer] += 1
        if len(self._members) > self.total:
            return "too many connections"
        if trusted or not peer or ip_address(peer).is_loopback:
            return ""
        return "too many connections from this address" if self._by_peer[peer] > self.each else ""

    def leave(self, member: Member) -> None:
        peer = self._members.pop(member, None)
        if peer is None:
            return
        self._by_peer[peer] -= 1
        if not self._by_peer[peer]:
            del self._by_peer[peer]

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Member]:
        return iter(list(self._members))
