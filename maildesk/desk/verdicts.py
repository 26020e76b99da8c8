"""Who vouches for the writer of a mail: Authentication-Results that count (RFC 8601), and our own check.

Called by the desk, once a mail, before policy. A field counts only by a door that may bring verdicts, under a name of
ours, and where our boundary host must have written it; anything odd is no verdict. It asks no DNS and checks no
signature: what a prover found (desk/proof) is handed in.
"""

from __future__ import annotations

import re

from maildesk.desk.proof import UNCHECKED, Checked
from maildesk.desk.results import Gate, Result, ours, results
from maildesk.mime.address import domain
from maildesk.mime.read_people import NO_FROM
from maildesk.words import Envelope, Incoming, Verdict

_DMARC_FAIL = re.compile(r"(?:^|[\s;])dmarc\s*=\s*fail\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^();]*\)")  # what an earlier host found (ARC); beyond a semicolon it might hide a result
_PARTLY_SIGNED = re.compile(r"\bl=\d", re.IGNORECASE)  # RFC 6376, 8.2: words may have been added below
SILENT = ("none", "bestguesspass")  # of DMARC: no record; the second is Microsoft's guess what one might say
_TWICE = "more than one "  # how `read` words the problem of a field that may stand only once


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
    return unmet or (envelope.verdicts and any(True for _ in ours(mail.trace, gate)))


def _said(mail: Incoming, envelope: Envelope, gate: Gate) -> Verdict:
    """By the fields of our mail servers."""
    if not (envelope.verdicts and gate.authserv_ids and mail.sender):
        return Verdict.NONE
    found = list(ours(mail.trace, gate))
    if any(_DMARC_FAIL.search(_ASIDE.sub(" ", value)) for value in found):
        return Verdict.FAIL
    if _odd(mail) or any(_PARTLY_SIGNED.search(value) for value in found):
        return Verdict.NONE
    said = [result for value in found for result in results(value)]
    return Verdict.PASS if _proves(said, domain(mail.sender.address)) else Verdict.NONE


def _found(mail: Incoming, own: Checked) -> Verdict:
    if own.dmarc == "fail":
        return Verdict.FAIL
    unsigned = any(problem.startswith(NO_FROM) for problem in mail.problems)
    return Verdict.PASS if own.proves and not unsigned and not _odd(mail) else Verdict.NONE


def _odd(mail: Incoming) -> bool:
    """A signature covers one field of a name: of two nobody knows which was meant."""
    return any(problem.startswith(_TWICE) for problem in mail.problems)


def _proves(said: list[Result], writer: str) -> bool:
    """dmarc=pass for the From domain; where dmarc says nothing, dkim=pass of it or of a parent."""
    dmarc = [result for result in said if result.method == "dmarc" and result.outcome not in SILENT]
    if dmarc:
        return all(result.outcome == "pass" and result.domain == writer for result in dmarc)
    return any(
        result.method == "dkim" and result.outcome == "pass" and _covers(result.domain, writer) for result in said
    )


def _covers(signer: str, writer: str) -> bool:
    """A parent must have a dot: nobody signs for a whole top-level domain."""
    return signer == writer or ("." in signer and writer.endswith(f".{signer}"))
