"""Questions to the DNS about one mail, each asked once, all of them within one deadline.

Used by desk/examine, in a prover process. Who answers is handed in; `Stub` asks the name servers of this machine.
That nobody answered is `Unanswered` and never "there is no such record": a fault of the DNS proves and refuses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import dns.exception
import dns.name
import dns.resolver

Value = bytes | str | tuple[int, str]  # of TXT; of A, AAAA and PTR; of MX
Find = Callable[[str, str, float], Sequence[Value]]  # name, type, seconds; may raise Unanswered
MOST = 60  # questions about one mail
ONCE = 3.0  # seconds for one of them
KEPT = 1000  # answers, for as long as they say


class Unanswered(Exception):
    """Nobody answered in time: it is not known what is there."""


class Lookups:
    """The questions of one mail. An answer that did not come is not waited for twice."""

    def __init__(self, find: Find, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._find, self._clock = find, clock
        self._until = clock() + seconds
        self._known: dict[tuple[str, str], Sequence[Value] | None] = {}

    def ask(self, name: str, kind: str) -> Sequence[Value]:
        """The records, none when there are none. Raises Unanswered."""
        question = (name.lower().rstrip("."), kind)
        if question not in self._known:
            self._known[question] = self._asked(*question)
        found = self._known[question]
        if found is None:
            raise Unanswered(f"{name} {kind}")
        return found

    def texts(self, name: str) -> list[bytes]:
        """The TXT records, the pieces of each put together."""
        return [each for each in self.ask(name, "TXT") if isinstance(each, bytes)]

    def _asked(self, name: str, kind: str) -> Sequence[Value] | None:
        left = self._until - self._clock()
        if left <= 0 or len(self._known) >= MOST:
            return None
        try:
            return self._find(name, kind, min(left, ONCE))
        except Unanswered:
            return None


class Stub:
    """The name servers of /etc/resolv.conf, or those given (HOST, PORT)."""

    def __init__(self, servers: Sequence[tuple[str, int]] = ()) -> None:
        self._resolver: dns.resolver.Resolver | None = None
        try:
            self._resolver = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration:
            return
        self._resolver.cache = dns.resolver.LRUCache(KEPT)
        if servers:
            self._resolver.nameservers = [host for host, _ in servers]
            self._resolver.nameserver_ports = dict(servers)

    def find(self, name: str, kind: str, seconds: float) -> Sequence[Value]:
        try:
            asked = dns.name.from_text(name)
        except (dns.exception.DNSException, UnicodeError):  # too long, or no name at all: nothing is there
            return ()
        return self._answer(asked, kind, seconds)

    def _answer(self, name: dns.name.Name, kind: str, seconds: float) -> Sequence[Value]:
        if self._resolver is None:
            raise Unanswered
        try:
            found = self._resolver.resolve(name, kind, lifetime=seconds, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered from error
        return [_value(each, kind) for each in found]


def _value(record: object, kind: str) -> Value:
    match kind:
        case "TXT":
            return b"".join(getattr(record, "strings", ()))
        case "MX":
            return int(getattr(record, "preference", 0)), str(getattr(record, "exchange", "")).rstrip(".")
        case "PTR":
            return str(getattr(record, "target", "")).rstrip(".")
        case _:
            return str(getattr(record, "address", ""))
