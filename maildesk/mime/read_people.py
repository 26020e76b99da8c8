"""Writers and readers of a mail, by mail-parser's strict address scanner.

Called by `read` with the raw values of address fields. What is ambiguous is nobody: two From fields, several
mailboxes, groups, encoded words or comments inside an address give no sender, and a problem says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from maildesk.mime import limits
from maildesk.mime.address import normal
from maildesk.mime.charset import clean_line, decoded, line_of
from maildesk.mime.fields import Fields
from maildesk.words import Address

_PLAIN = re.compile(r'(?:("?)([^"<>@(),:;\\=]*+)\1[ \t]*<([^<>\s"\\(),:;]+)>|([^<>\s"\\(),:;]+))')
_SPACES = re.compile(r"[ \t]{2,}")  # runs of them are slow to read, and mean no more than one
# Defects that leave exactly one mailbox standing; every other one makes the writer ambiguous.
_HARMLESS = {"invalid-display-name", "overlong-encoded-word", "invalid-encoded-word", "structural-recovery"}
_UNNAMED = re.compile(r"\A[\s'\"]+|[\s'\"]+\Z")
_EARLIEST, _LATEST = 1970, 2200


@dataclass(frozen=True, slots=True)
class People:
    """The mailboxes of one field value, and whether it was free of ambiguity."""

    mailboxes: tuple[Address, ...]
    clear: bool
    specs: tuple[str, ...] = ()  # their addresses as they were read, not yet in the normal form
    reason: str = ""


def mailboxes(value: bytes) -> People:
    """All usable mailboxes of one address field."""
    text = _SPACES.sub(" ", decoded(value))
    simple = _PLAIN.fullmatch(text)
    if simple and (address := normal(simple[3] or simple[4])):
        return People((Address(address, clean_line(simple[2] or "")[: limits.NAME]),), True, (simple[3] or simple[4],))
    defects: list[dict[str, object]] = []
    pairs = [(name, spec) for name, spec in get_addresses(text, defects=defects, decode_names=True) if spec]
    found = [Address(address, _name(name, spec)) for name, spec in pairs if (address := normal(spec))]
    reasons = {reason for defect in defects for reason in str(defect["reason"]).split(",")}
    serious = reasons - _HARMLESS
    if len(found) < len(pairs):
        serious.add("unusable-address")
    reason = ", ".join(sorted(serious)).replace("-", " ")
    return People(tuple(found), not serious, tuple(spec for _, spec in pairs), reason)


def _name(name: str, spec: str) -> str:
    name = _UNNAMED.sub("", clean_line(name))[: limits.NAME]
    return "" if name == spec else name


def sender(fields: Fields) -> tuple[Address | None, str]:
    """The one writer (RFC 5322, 3.6.2), or None and why there is none."""
    values = fields.every("from")
    if not values:
        return None, "no From field"
    if len(values) > 1:
        return None, "more than one From field"
    people = mailboxes(values[0])
    if len(people.mailboxes) != 1 or not people.clear:
        why = people.reason or ("several mailboxes" if people.mailboxes else "no mailbox")
        return None, f"the From field is ambiguous: {why}"
    if not _stands_there(decoded(values[0]), people.specs[0]):
        return None, "the From field writes its address in pieces"
    return people.mailboxes[0], ""


def _stands_there(text: str, spec: str) -> bool:
    """Whether the address stands in the field in one piece: no comment, route or group shapes it."""
    structure = _outside_quotes(text) if ":" in text or ";" in text else ""
    return spec in text and ":" not in structure and ";" not in structure


def _outside_quotes(text: str) -> str:
    """The structure of a field: quoted names and comments taken out, by one scan."""
    out: list[str] = []
    quoted = escaped = False
    depth = 0
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted and character in "()":
            depth = max(0, depth + (1 if character == "(" else -1))
        elif not quoted and not depth:
            out.append(character)
    return "".join(out)


def everyone(fields: Fields, name: str) -> tuple[Address, ...]:
    """All readers that fields of this name tell, each once."""
    found: dict[str, Address] = {}
    for value in filter(None, fields.every(name)):
        for person in mailboxes(value).mailboxes:
            found.setdefault(person.address, person)
    return tuple(found.values())


def date(value: bytes) -> datetime | None:
    """The Date field in UTC; only ever shown. None when it is absent, absurd or unreadable."""
    if not value:
        return None
    text = line_of(value)
    result = parse_mail_date(text)
    moment = result.value
    if moment is None and "invalid-date-syntax" not in result.reasons:
        return None
    if moment is None:  # wrong in form alone
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment.year <= _LATEST else None
