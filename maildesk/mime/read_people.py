"""Writers and readers of a mail, by mail-parser's strict address scanner.

Called by `read` with the raw values of address fields. What is ambiguous is nobody: two From fields, several
mailboxes, groups, encoded words or comments inside an address, and two readings that differ, give no sender, and a
problem says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from maildesk.mime import limits
from maildesk.mime.address import normal
from maildesk.mime.charset import clean_line, line_of, of_field
from maildesk.mime.fields import Fields, text_of
from maildesk.mime.mailbox import only_spec
from maildesk.words import Address
from maildesk.words.frozen import frozen

# A field of one mailbox that can be read in one way only: a plain, quoted or encoded name, and an address.
_PLAIN = re.compile(
    r'(?:(?:("?)([^"<>@(),:;\\=]*+)\1|((?:=\?[\w*-]{1,40}\?[bBqQ]\?[^?\s"<>@(),:;\\]*+\?=[ \t]*)++))[ \t]*'
    r"<([^<>\s\"\\(),:;]+)>|([^<>\s\"\\(),:;]+))"
)
_SPACES = re.compile(r"[ \t]{2,}")  # runs of them are slow to read, and mean no more than one
# Defects that leave exactly one mailbox standing; every other one makes the writer ambiguous.
_HARMLESS = {"invalid-display-name", "overlong-encoded-word", "invalid-encoded-word", "structural-recovery"}
_UNNAMED = re.compile(r"\A[\s'\"]+|[\s'\"]+\Z")
NO_FROM = "no From field"  # how a problem begins that says so
_EARLIEST, _LATEST = 1970, 2200


@frozen
class People:
    """The mailboxes of one field value, and whether it was free of ambiguity."""

    mailboxes: tuple[Address, ...]
    clear: bool
    reason: str = ""


def mailboxes(value: bytes, label: str = "") -> People:
    """All usable mailboxes of one address field. `label` is the charset in which raw octets of names may be."""
    text = _SPACES.sub(" ", of_field(value, label))
    simple = _PLAIN.fullmatch(text)
    if simple and (address := normal(simple[4] or simple[5])):
        name = text_of(simple[3].encode()) if simple[3] else clean_line(simple[2] or "")
        return People((Address(address, _UNNAMED.sub("", name)[: limits.NAME]),), True)
    defects: list[dict[str, object]] = []
    pairs = [(name, spec) for name, spec in get_addresses(text, defects=defects) if spec]
    found = [Address(address, _name(name, spec)) for name, spec in pairs if (address := normal(spec))]
    reasons = {reason for defect in defects for reason in str(defect["reason"]).split(",")}
    serious = reasons - _HARMLESS
    if len(found) < len(pairs):
        serious.add("unusable-address")
    if len(found) == 1 and not serious and normal(only_spec(text)) != found[0].address:
        serious.add("two readings of it differ")
    return People(tuple(found), not serious, ", ".join(sorted(serious)).replace("-", " "))


def _name(name: str, spec: str) -> str:
    name = _UNNAMED.sub("", text_of(name.encode("utf-8", "replace")))[: limits.NAME]
    return "" if name == spec else name


def sender(fields: Fields) -> tuple[Address | None, str]:
    """The one writer (RFC 5322, 3.6.2), or None; and what was odd about it."""
    values = fields.every("from")
    if len(values) > 1:
        return None, "more than one From field"
    if not any(values):
        person, _ = _one(fields, "sender")
        return person, f"{NO_FROM}, Sender is read" if person else NO_FROM
    person, why = _one(fields, "from")
    return person, f"the From field is ambiguous: {why}" if why else ""


def _one(fields: Fields, name: str) -> tuple[Address | None, str]:
    """The mailbox of a field that stands once and can be read in one way only, else why there is none."""
    value, label = fields.said(name)
    people = mailboxes(value, label)
    if len(people.mailboxes) != 1 or not people.clear or len(fields.every(name)) != 1:
        return None, people.reason or ("several mailboxes" if people.mailboxes else "no mailbox")
    if not (people.mailboxes[0].address.isascii() or _is_utf8(value)):
        return None, "an address in an unknown charset"  # RFC 6532, 3.2
    return people.mailboxes[0], ""


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def everyone(fields: Fields, name: str) -> tuple[Address, ...]:
    """All readers that fields of this name tell, each once."""
    found: dict[str, Address] = {}
    for value in filter(None, fields.every(name)):
        label = fields.charset_of(value)
        for person in mailboxes(value, label).mailboxes:
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
