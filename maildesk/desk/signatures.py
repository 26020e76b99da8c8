"""The DKIM signatures of a mail (RFC 6376), and who sealed it on its way (ARC, RFC 8617), by dkimpy.

Used by desk/examine, in a prover process: dkimpy's expressions take hours for hostile octets, and its faults are many.
A seal is told and never believed; a key that does not come is no failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import dkim
import dkim.util

from maildesk.desk.alignment import tags_of
from maildesk.desk.lookup import Lookups, Unanswered
from maildesk.words.frozen import frozen

MOST = 5  # signatures that are tried
MOST_SEALS = 10
LONGEST_KEY = 1200  # characters of a key's record: 4096 bits take 740 (RFC 8301, 3.2)
LEAST_BITS = 1024  # RFC 8301, 3.2
ALGORITHMS = {"rsa-sha256", "ed25519-sha256"}  # RFC 8301, 3.1: what SHA-1 signs is not signed
LONGEST_SELECTOR = 63  # characters that are told: of a label
LONGEST_FIELD = 8192  # octets of a signature: dkimpy's expressions are quadratic in it
COSTLY = 300_000_000  # steps of the one that looks for blanks at the ends of lines, quadratic in each run of them
LONG_RUN = 100
_FOLDING = re.compile(rb"\s+")
_RUN = re.compile(rb"[ \t]{%d,}" % LONG_RUN)
_BLANK_LINE = re.compile(rb"\n\r?\n")
_SINGLE = ("from", "to", "cc", "subject", "date", "message-id")
_FAULTS = (dkim.DKIMException, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


@frozen
class Signature:
    """`signed` are the fields it covers, of those that may stand only once; a Cc that is not there among them."""

    domain: str
    selector: str
    outcome: str  # pass fail policy permerror temperror
    signed: tuple[str, ...] = ()
    partly: bool = False  # l=: words may have been added below (RFC 6376, 8.2)


class _Unfit(Exception):
    """A key that must not be used."""


def signatures(raw: bytes, wanted: Callable[[str], bool], first: str, lookups: Lookups) -> list[Signature]:
    """Those of domains that are wanted, the domain `first` before the others, MOST in all."""
    if not _names(raw, b"dkim-signature"):
        return []
    if _costly(raw):
        return [Signature(first, "", "temperror")]  # nobody knows
    try:
        mail = dkim.DKIM(raw, minkey=LEAST_BITS)
    except _FAULTS:
        return []
    fields = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    fit = [(at, value) for at, value in enumerate(fields) if len(value) <= LONGEST_FIELD]
    found = [(at, tags) for at, value in fit if wanted(_domain(tags := _tags(value)))]
    found.sort(key=lambda each: _domain(each[1]) != first)
    return [_signature(mail, at, tags, lookups) for at, tags in found[:MOST]]


def seals(raw: bytes, lookups: Lookups) -> tuple[str, tuple[str, ...]]:
    """What a chain of seals is worth, "" without one; and the domains that sealed, the last one first."""
    if not _names(raw, b"arc-seal") or _costly(raw):
        return "", ()
    try:
        mail = dkim.ARC(raw, minkey=LEAST_BITS)
        chain = [(name.lower(), value) for name, value in mail.headers if name.lower() in dkim.ARC.ARC_HEADERS]
        fields = [value for name, value in chain if name == b"arc-seal"]
        domains = tuple(_domain(_tags(value)) for value in fields[:MOST_SEALS])
        if not fields or len(fields) > MOST_SEALS or any(len(value) > LONGEST_FIELD for _, value in chain):
            return ("policy" if fields else "", domains)
        outcome, _, _ = mail.verify(dnsfunc=_keys(lookups))
    except (Unanswered, _Unfit) as error:
        return "temperror" if isinstance(error, Unanswered) else "fail", domains
    except _FAULTS:
        return "", ()
    return (outcome or b"fail").decode(), domains


def _signature(mail: dkim.DKIM, at: int, tags: dict[str, str], lookups: Lookups) -> Signature:
    names = ["".join(name.split()).lower() for name in tags.get("h", "").split(":")]
    if not any(name.lower() == b"cc" for name, _ in mail.headers):
        names.append("cc")
    signed = tuple(name for name in _SINGLE if name in names)
    selector = "".join(tags.get("s", "").split()).lower()[:LONGEST_SELECTOR]
    return Signature(_domain(tags), selector, _worth(mail, at, tags, signed, lookups), signed, "l" in tags)


def _worth(mail: dkim.DKIM, at: int, tags: dict[str, str], signed: Sequence[str], lookups: Lookups) -> str:
    if "from" not in signed:
        return "permerror"  # RFC 6376, 5.4
    return _outcome(mail, at, lookups) if tags.get("a", "") in ALGORITHMS else "policy"


def _outcome(mail: dkim.DKIM, at: int, lookups: Lookups) -> str:
    try:
        return "pass" if mail.verify(idx=at, dnsfunc=_keys(lookups)) else "fail"
    except Unanswered:
        return "temperror"
    except _Unfit:
        return "policy"
    except dkim.ValidationError:  # the body was changed, among others
        return "fail"
    except _FAULTS:
        return "permerror"


def _keys(lookups: Lookups) -> Callable[..., bytes | None]:
    return lambda name, **_: _key(name, lookups)


def _key(name: bytes, lookups: Lookups) -> bytes | None:
    """The record of a key; None without one."""
    found = [each for each in lookups.texts(name.decode("ascii", "replace")) if b"p=" in _FOLDING.sub(b"", each)]
    if not found:
        return None
    flags = tags_of(found[0]).get("t", "").split(":")
    if len(found[0]) > LONGEST_KEY or "y" in flags:  # y: the domain only tries it out (RFC 6376, 3.6.1)
        raise _Unfit
    return found[0]


def _names(raw: bytes, field: bytes) -> bool:
    """Whether the header block may have such a field: dkimpy takes a large mail apart before it looks."""
    end = _BLANK_LINE.search(raw)
    return field in raw[: end.start() if end else len(raw)].lower()


def _costly(raw: bytes) -> bool:
    """Whether dkimpy would take seconds for the blanks of this mail."""
    if b" " * LONG_RUN not in raw.replace(b"\t", b" "):
        return False
    return sum(len(run[0]) ** 2 for run in _RUN.finditer(raw)) > COSTLY


def _tags(value: bytes) -> dict[str, str]:
    """As dkimpy reads them: were D= taken for d= here, the key that it asks for would be another domain's."""
    try:
        tags = dkim.util.parse_tag_value(value)
    except dkim.util.InvalidTagValueList:
        return {}
    return {name.decode("ascii", "replace"): content.decode("ascii", "replace") for name, content in tags.items()}


def _domain(tags: dict[str, str]) -> str:
    return tags.get("d", "").lower().rstrip(".")
