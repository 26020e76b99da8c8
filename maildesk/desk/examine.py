"""Our own look at who wrote a mail: its signatures, the host that brought it, and what its domain demands of both.

`examine` is called by a prover process with lookups of the DNS; in tests with a table. What it cannot find out, for the
DNS does not answer, it leaves open: that is neither a proof nor a failure.
"""

from __future__ import annotations

from maildesk.desk import senders
from maildesk.desk.alignment import Domains, Record
from maildesk.desk.lookup import Lookups, Unanswered
from maildesk.desk.proof import Checked, Question
from maildesk.desk.signatures import Signature, seals, signatures

COVERED = ("from", "to", "cc", "subject", "date", "message-id")  # what a signature that proves must cover


def examine(raw: bytes, question: Question, lookups: Lookups) -> Checked:
    """Never raises for what the DNS does; may raise on hostile octets."""
    writer, domains = question.writer, Domains(lookups)
    found = signatures(raw, lambda domain: _related(domain, writer), writer, lookups)
    spf = _spf(question, lookups)
    try:
        policy = domains.policy(writer)
        speaking = [each for each in found if _speaks(each.domain, writer, policy, domains)]
        dmarc = _dmarc(speaking, spf, policy, question, domains)
    except Unanswered:
        speaking, dmarc = [], "temperror"
    proves = dmarc in ("pass", "none") and any(_proof(each, question) for each in speaking)
    return Checked(dmarc, proves, _told(found, spf, dmarc, question, seals(raw, lookups)))


def _speaks(domain: str, writer: str, policy: Record | None, domains: Domains) -> bool:
    """Where nothing is demanded, a domain speaks for itself and those below it."""
    if policy is None:
        return _above(domain, writer)
    return domains.aligned(domain, writer, strict=policy.strict_dkim)


def _above(domain: str, other: str) -> bool:
    """Whether it is the same, or a parent that is no top-level domain."""
    return domain == other or ("." in domain and other.endswith(f".{domain}"))


def _dmarc(speaking: list[Signature], spf: str, policy: Record | None, question: Question, domains: Domains) -> str:
    if policy is None:
        return "none"
    outcomes = {each.outcome for each in speaking}
    if "pass" in outcomes:
        return "pass"
    if "temperror" in outcomes or spf in ("", "temperror"):
        return ""
    sender = question.sender.rpartition("@")[2]
    return "pass" if spf == "pass" and domains.aligned(sender, question.writer, strict=policy.strict_spf) else "fail"


def _proof(signature: Signature, question: Question) -> bool:
    """A good signature over less proves little: what it does not cover, whoever replays the mail may write anew.

    A sibling's averts a failure alone: where a seller of names (uk.com) demands as any domain does, all are siblings.
    """
    whole = signature.outcome == "pass" and not signature.partly and set(COVERED) <= set(signature.signed)
    in_line = _above(signature.domain, question.writer) or _above(question.writer, signature.domain)
    return whole and in_line and question.timely and any(name in signature.signed for name in question.ours)


def _spf(question: Question, lookups: Lookups) -> str:
    """ "" where it cannot be asked: the null sender's host is not known to us by name."""
    if not (question.peer and "@" in question.sender):
        return ""
    return senders.authorised(lookups, question.peer, question.sender)


def _related(domain: str, writer: str) -> bool:
    """Whether a signature may bear on the writer at all; which of them do is a matter of records."""
    return "." in domain and domain.split(".")[-2:] == writer.split(".")[-2:]


def _told(found: list[Signature], spf: str, dmarc: str, question: Question, sealed: tuple[str, tuple[str, ...]]) -> str:
    results = [f"dkim={each.outcome} header.d={each.domain} header.s={each.selector}" for each in found]
    results = results or ["dkim=none"]
    if spf:
        results.append(f"spf={spf} smtp.mailfrom={question.sender.rpartition('@')[2]}")
    results.append(f"dmarc={dmarc or 'policy'} header.from={question.writer}")
    chain, by = sealed
    if chain:
        results.append(f"arc={chain} (sealed by {', '.join(by)})")
    return "; ".join(results)
