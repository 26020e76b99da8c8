"""Who vouches for the writer of a mail: Authentication-Results that count (RFC 8601), and our own check.

Called by the desk, once a mail, before policy. A field counts only by a door that may bring verdicts, under a name of
ours, and where our boundary host must have written it; anything odd is no verdict. It asks no DNS and checks no
signature: what a prover found (desk/proof) is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from maildesk.desk.proof import UNCHECKED, Checked
from maildesk.mime.address import domain, normal
from maildesk.mime.read_people import NO_FROM
from maildesk.words import Envelope, Incoming, Verdict

_BY = re.compile(r"(?:^|[\s)])by\s+([^\s;()]+)", re.IGNORECASE)
_FROM = re.compile(r"from\s+\S+", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_ID = re.compile(r'\s*"?([^\s;="]+)"?\s*(?:[0-9]+\s*)?(?:;|$)')
_UNNAMED = re.compile(r"\s*[a-z][a-z0-9-]*\s*=", re.IGNORECASE)
_DMARC_FAIL = re.compile(r"(?:^|[\s;])dmarc\s*=\s*fail\b", re.IGNORECASE)
_PARTLY_SIGNED = re.compile(r"\bl=\d", re.IGNORECASE)  # RFC 6376, 8.2: words may have been added below
_TWICE = "more than one "  # how `read` words the problem of a field that may stand only once


class Gate(Protocol):
    @property
    def authserv_ids(self) -> Sequence[str]: ...
    @property
    def boundary(self) -> str: ...
    @property
    def verdicts(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Result:
    method: str
    outcome: str
    domain: str  # header.from of dmarc, header.d of dkim


def verdict(mail: Incoming, envelope: Envelope, gate: Gate, own: Checked = UNCHECKED) -> Verdict:
    """Aligned pass, fail, or nothing that can be relied upon; a failing one wins. Never raises."""
    said = _said(mail, envelope, gate)
    if Verdict.FAIL in (said, found := _found(mail, own)):
        return Verdict.FAIL
    if Verdict.PASS in (said, found):
        return Verdict.PASS
    # DMARC judges From: who is read from Sender, because there is none, has to be proved where others are judged.
    unseen = any(problem.startswith(NO_FROM) for problem in mail.problems)
    return Verdict.FAIL if unseen and mail.sender and judged(mail, envelope, gate, own) else Verdict.NONE


def judged(mail: Incoming, envelope: Envelope, gate: Gate, own: Checked = UNCHECKED) -> bool:
    """Whether a field of ours is there at all, or our own check says that the domain's demands are not met."""
    unmet = bool(own.told) and own.dmarc not in ("pass", "none")
    return unmet or (envelope.verdicts and any(True for _ in _ours(mail.trace, gate)))


def _said(mail: Incoming, envelope: Envelope, gate: Gate) -> Verdict:
    """By the fields of our mail servers."""
    if not (envelope.verdicts and gate.authserv_ids and mail.sender):
        return Verdict.NONE
    ours = list(_ours(mail.trace, gate))
    if any(_DMARC_FAIL.search(value) for value in ours):
        return Verdict.FAIL
    if _odd(mail) or any(_PARTLY_SIGNED.search(value) for value in ours):
        return Verdict.NONE
    results = [result for value in ours for result in _results(value)]
    return Verdict.PASS if _proves(results, domain(mail.sender.address)) else Verdict.NONE


def _found(mail: Incoming, own: Checked) -> Verdict:
    if own.dmarc == "fail":
        return Verdict.FAIL
    unsigned = any(problem.startswith(NO_FROM) for problem in mail.problems)
    return Verdict.PASS if own.proves and not unsigned and not _odd(mail) else Verdict.NONE


def _odd(mail: Incoming) -> bool:
    """A signature covers one field of a name: of two nobody knows which was meant."""
    return any(problem.startswith(_TWICE) for problem in mail.problems)


def _proves(results: list[Result], writer: str) -> bool:
    """dmarc=pass for the From domain; where dmarc says nothing, dkim=pass of it or of a parent."""
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.outcome != "none" for result in dmarc):
        return all(result.outcome == "pass" and result.domain == writer for result in dmarc)
    return any(
        result.method == "dkim" and result.outcome == "pass" and _covers(result.domain, writer) for result in results
    )


def _covers(signer: str, writer: str) -> bool:
    """A parent must have a dot: nobody signs for a whole top-level domain."""
    return signer == writer or ("." in signer and writer.endswith(f".{signer}"))


def _ours(trace: Sequence[tuple[str, str]], gate: Gate) -> Iterator[str]:
    """Fields under a name of ours that stand where our host wrote them."""
    known = {name.lower() for name in gate.authserv_ids}
    for at, (name, value) in enumerate(trace):
        ident = _ident(value) if name == "authentication-results" else None
        if ident is None or ident not in known:
            continue
        host = (gate.boundary or ident).lower()
        if at < _reach(trace, host, below=gate.verdicts == "below"):
            yield value


def _ident(value: str) -> str | None:
    """The authserv-id; "" of a field without one, as Microsoft 365 writes them; None of anything else."""
    bare = _COMMENT.sub(" ", value)
    if match := _ID.match(bare):
        return match[1].lower()
    return "" if _UNNAMED.match(bare) else None


def _reach(trace: Sequence[tuple[str, str]], host: str, below: bool) -> int:
    """Up to which trace field our host's words go, reading from the top."""
    received = [at for at, (name, _) in enumerate(trace) if name == "received"]
    written = next((at for at in received if _writer(trace[at][1]) == host), None)
    if written is None:
        return received[0] if received else len(trace)
    if not below:
        return written
    return next((at for at in received if at > written), len(trace))


def _writer(received: str) -> str:
    """The host after "by": the name that the far side gave itself stands before it and is passed over."""
    hello = _FROM.match(received)
    match = _BY.search(received, hello.end() if hello else 0)
    return match[1].rstrip(".").lower() if match else ""


def _results(value: str) -> Iterator[Result]:
    from authres import AuthenticationResultsHeader, AuthResError  # noqa: PLC0415 - most desks read no verdicts

    named = value if _ident(value) else f"unnamed; {value}"
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
