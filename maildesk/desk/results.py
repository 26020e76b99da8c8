"""The Authentication-Results of a mail (RFC 8601): which of them our mail servers wrote, and what they say.

Used by desk/verdicts, and by `check --live` (desk/positions). A field is ours by its name and by where it stands; what
is odd is none. What counts for what is decided in verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from maildesk.mime.address import domain, normal
from maildesk.words.frozen import frozen

COMMENTS = 3  # inside each other, at the most
NAME = 500  # characters in which the authserv-id must have ended: its expression is quadratic in digits
LONGEST = 8192  # characters of a field that is read
_BY = re.compile(r"(?:^|[\s)])by\s+([^\s;()]+)", re.IGNORECASE)
_FROM = re.compile(r"from\s+\S+", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_ID = re.compile(r'\s*"?([^\s;="]+)"?\s*(?:[0-9]+\s*)?(?:;|$)')
_UNNAMED = re.compile(r"\s*[a-z][a-z0-9-]*\s*=", re.IGNORECASE)


class Gate(Protocol):
    @property
    def authserv_ids(self) -> Sequence[str]: ...
    @property
    def boundary(self) -> str: ...
    @property
    def verdicts(self) -> str: ...


@frozen
class Result:
    method: str
    outcome: str
    domain: str  # header.from of dmarc, header.d of dkim


def ours(trace: Sequence[tuple[str, str]], gate: Gate) -> Iterator[str]:
    """Fields under a name of ours that stand where our host wrote them."""
    known = {name.lower() for name in gate.authserv_ids}
    for at, (name, value) in enumerate(trace if known else ()):
        ident = authserv_id(value) if name == "authentication-results" else None
        if ident is None or ident not in known:
            continue
        host = (gate.boundary or ident).lower()
        if at < reach(trace, host, below=gate.verdicts == "below"):
            yield value


def authserv_id(value: str) -> str | None:
    """The authserv-id; "" of a field without one, as Microsoft 365 writes them; None of anything else."""
    bare = value[:NAME]
    for _ in range(COMMENTS):
        bare = _COMMENT.sub(" ", bare)
    if match := _ID.match(bare):
        return match[1].lower()
    return "" if _UNNAMED.match(bare) else None


def reach(trace: Sequence[tuple[str, str]], host: str, below: bool) -> int:
    """Up to which trace field our host's words go, reading from the top."""
    received = [at for at, (name, _) in enumerate(trace) if name == "received"]
    written = next((at for at in received if _wrote(host, trace[at][1])), None)
    if written is None:
        return received[0] if received else len(trace)
    if not below:
        return written
    return next((at for at in received if at > written), len(trace))


def writes(trace: Sequence[tuple[str, str]], host: str) -> bool:
    """Whether a Received field of this host is there."""
    return any(name == "received" and _wrote(host, value) for name, value in trace)


def _wrote(host: str, received: str) -> bool:
    """Whether it stands after a "by". The far side names itself before that, and may write a "by" of its own there, in
    the name of its certificate: it must not make our field another's, for below it everything is the far side's."""
    hello = _FROM.match(received)
    found = _BY.finditer(received, hello.end() if hello else 0)
    return any(match[1].rstrip(".").lower() == host for match in found)


def results(value: str) -> Iterator[Result]:
    """What one field says of DMARC and DKIM; nothing when it is odd."""
    from authres import AuthenticationResultsHeader, AuthResError  # noqa: PLC0415 - most desks read no verdicts

    if len(value) > LONGEST:
        return
    named = value if authserv_id(value) else f"unnamed; {value}"
    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {named.rstrip('; ')}")
    except (AuthResError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return
    for each in parsed.results:
        method, outcome = str(each.method or "").lower(), str(each.result or "").lower()
        wanted = {"dmarc": "from", "dkim": "d"}.get(method)
        if wanted:
            yield Result(method, outcome, _domain(each.properties, wanted))


def _domain(properties: Sequence[object], name: str) -> str:
    """One header property as a domain; two of a name are none."""
    values = [str(getattr(each, "value", "")) for each in properties if _is_header(each, name)]
    return domain(normal(f"x@{values[0].rpartition('@')[2]}")) if len(values) == 1 else ""


def _is_header(each: object, name: str) -> bool:
    return getattr(each, "type", "") == "header" and str(getattr(each, "name", "")).lower() == name
