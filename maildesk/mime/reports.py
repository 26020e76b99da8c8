"""Delivery status notifications by the book (RFC 3464, RFC 6522), and where the returned mail stands in them.

Called by `bounces` with the parts of a mail. It takes only what the report itself says of its recipients; words in
its text are the matter of `bounces`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from maildesk.mime.address import normal
from maildesk.mime.charset import line_of
from maildesk.mime.fields import Fields, cut, text_of
from maildesk.mime.lazily import lazily
from maildesk.mime.walk import Part, decode_octets, octets
from maildesk.words import Bounce
from maildesk.words.frozen import frozen

_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RECEIPTS = {"message/disposition-notification", "message/global-disposition-notification"}
_COMPLAINTS = {"message/feedback-report"}
_REJECTED = re.compile(rb"(?im)^disposition:\s*automatic-action\b[^;\n]{0,80};\s*(?:deleted|denied|failed)")
RETURNED_TYPES = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
    "message/rfc822-headers",
}
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY_CODE = re.compile(r"(?<![\d.+-])([45])\d\d(?=[ -](?:\D|\d\.))")
_ID = re.compile(rb"(?im)^[ \t>]*message-id:\s*<([^<>\s]{1,900})>")
_ADDRESS = re.compile(r"[^\s<>()\"',;:@]{1,64}+@[^\s<>()\"',;:@]{1,255}+")  # bounded: a field may be 64 KB long
_ODD = lazily(r"[!-9;-?A-~]{1,80}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", re.IGNORECASE)
_ANSWERED = re.compile(r"(?<!\d)[45]\d\d[ -]{1,2}[#'\"(]{0,2}([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")  # 550 5.7.1
_KINDS = {"failed": "permanent", "failure": "permanent", "delayed": "temporary", "deferred": "temporary"}
_LARGEST = 256 * 1024  # octets of a part that are looked at
_GROUPS = re.compile(rb"(?:\r*\n[ \t]*){2,}")
_MOST = 1000  # groups of fields in a report
_RECIPIENTS = ("original-recipient", "final-recipient", "x-actual-recipient")
_ONCE = {"final-recipient", "action", "status"}  # in the group of one recipient
_NO_MAIL = {"x400", "x-x400", "fax"}  # kinds of addresses that are none of mail
_RANK = {"permanent": 2, "temporary": 1, "none": 0}


@frozen
class Told:
    """What a report says of one recipient."""

    address: str
    kind: str
    status: str


def parts_of(root: Part, types: set[str]) -> list[Part]:
    """Parts of these types, not looking into attached mails."""
    return [part for part in root.leaves() if part.type in types]


def of(raw: bytes, root: Part) -> Bounce | None:
    """The report, or None when the mail has no part that is one."""
    parts = parts_of(root, _STATUS_TYPES)
    return summed(_told_in(raw, parts), original_id(raw, root)) if parts else None


def is_other(raw: bytes, root: Part) -> bool:
    """Whether it is a complaint (RFC 5965) or a receipt (RFC 8098), whoever sends it: neither tells of a delivery.

    A receipt of a filter that deleted the mail is how a mailbox rejects it (RFC 5429, 2.1.2); its words are looked at.
    """
    if parts_of(root, _STATUS_TYPES):
        return False
    receipts = parts_of(root, _RECEIPTS)
    told = (octets(raw, part)[:_LARGEST] for part in receipts)
    return bool(parts_of(root, _COMPLAINTS)) or (bool(receipts) and not any(map(_REJECTED.search, told)))


def passed_on(raw: bytes, root: Part) -> list[Told]:
    """What a report says that came as an attached mail."""
    inner = [part.children[0] for part in parts_of(root, {"message/rfc822"}) if part.children]
    return [each for mail in inner[:3] for each in _told_in(raw, parts_of(mail, _STATUS_TYPES))]


def in_text(text: str) -> list[Told]:
    """The fields of a report whose parts were run together into one text."""
    lowered = text.lower()
    start = max(lowered.find("\nfinal-recipient:"), lowered.find("\nreporting-mta:"))
    return list(recipients_in(text[start + 1 :][:_LARGEST].encode())) if start >= 0 else []


def _told_in(raw: bytes, parts: list[Part]) -> list[Told]:
    bodies = (decode_octets(raw[part.start : part.end][:_LARGEST], part.encoding) for part in parts[:10])
    return [each for body in bodies for each in recipients_in(body)]


def returned_to(raw: bytes, root: Part) -> list[str]:
    """Whom the returned mail was for, when that was one person: then the report can mean nobody else."""
    for part in parts_of(root, RETURNED_TYPES):
        start = octets(raw, part)[:_LARGEST]
        found = addresses(cut(start, 0, len(start)).text("to"))
        if len(found) == 1:
            return found
    return []


def summed(told: list[Told], original: str) -> Bounce:
    """One report of all recipients: the gravest kind, and those whom it strikes."""
    kind = max((each.kind for each in told), key=_RANK.__getitem__, default="none")
    struck = [each for each in told if (each.kind == "none") == (kind == "none")]
    recipients = tuple(dict.fromkeys(each.address for each in struck if each.address))
    status = next((each.status for each in struck if each.status and each.kind == kind), "")
    return Bounce(recipients, kind, status, original)


def recipients_in(body: bytes) -> Iterator[Told]:
    """The groups of fields, one a recipient (RFC 3464, 2.1); the group about the message is passed over."""
    groups = (cut(group, 0, len(group)) for group in _GROUPS.split(body, _MOST) if b":" in group)
    yield from filter(None, (_told(fields) for group in groups for fields in _apart(group)))


def _apart(fields: Fields) -> Iterator[dict[str, bytes]]:
    """One group a recipient where a gateway lost the blank lines: a name that comes again begins the next one."""
    group: dict[str, bytes] = {}
    for name, value in fields.all[:_MOST]:
        if name in group and name in _ONCE:
            yield group
            group = {}
        group[name] = value
    yield group


def _told(fields: dict[str, bytes]) -> Told | None:
    address = _whom(*(_address(fields.get(name, b"")) for name in _RECIPIENTS))
    action = text_of(fields.get("action", b"")).lower().split(" ")[0].strip("()")
    if not (address or action):
        return None
    diagnostic = text_of(fields.get("diagnostic-code", b""))
    status = better(code(text_of(fields.get("status", b""))), diagnosed(diagnostic))
    return Told(address, kind_of(action, status, diagnostic), status)


def _whom(original: str, final: str, actual: str) -> str:
    """Whom the letter was for; or the mailbox elsewhere that it was passed on to, since that one failed.

    The final recipient of the same house is a name of its inner servers that nobody outside knows.
    """
    if not (original and final):
        return original or final or actual
    house, reached = (each.rpartition("@")[2] for each in (original, final))
    inside = reached == house or reached.endswith(f".{house}") or "." not in reached
    return original if inside else final


def kind_of(action: str, status: str, diagnostic: str = "") -> str:
    """Failed for good or for now; a mail given up after many tries failed for now (RFC 3463, 2: class 4)."""
    kind = _KINDS.get(action, "none" if action in {"delivered", "relayed", "expanded"} else "permanent")
    if kind != "permanent":
        return kind
    reply = _REPLY_CODE.search(diagnostic)
    first = status[:1] if status else (reply[1] if reply else "5")
    return "temporary" if first == "4" else "permanent"


def code(text: str) -> str:
    """The first enhanced status code of a text (RFC 3463)."""
    found = _CODE.search(text)
    return found[0] if found else ""


def diagnosed(text: str) -> str:
    """The status of the far server's own answer, else the first one: gateways put their summary in front."""
    found = _ANSWERED.search(text)
    return found[1] if found else code(text)


def failure_code(text: str) -> str:
    """The first enhanced status code of a failure; version numbers look alike, so only classes 4 and 5 count."""
    return next((found[0] for found in _CODE.finditer(text) if found[1] != "2"), "")


def better(said: str, answered: str) -> str:
    """What the far server answered tells more than how the reporting one sums it up, unless it says nothing (5.0.0)."""
    return answered if answered and not (said and answered.endswith(".0.0")) else said


def _address(value: bytes) -> str:
    """The address of `rfc822; a@b.example`."""
    kind, _, rest = line_of(value).partition(";")
    if kind.strip().lower() in _NO_MAIL:
        return ""
    found = _ADDRESS.search(rest or kind)
    return _shown(found[0]) if found else ""


def addresses(text: str) -> list[str]:
    """All usable addresses of a text, in order."""
    found = (_shown(match) for match in _ADDRESS.findall(text))
    return list(dict.fromkeys(address for address in found if address))


def _shown(text: str) -> str:
    """The normal form; or what a server calls a mailbox against the rules (a..b@), since it is only told of."""
    text = text.strip("<>").rstrip(".")
    return normal(text) or (text.lower() if _ODD.fullmatch(text) else "")


def original_id(raw: bytes, root: Part) -> str:
    """The Message-ID of the returned mail."""
    for part in parts_of(root, RETURNED_TYPES):
        found = _ID.search(octets(raw, part)[:_LARGEST])
        if found:
            return line_of(found[1])
    return id_below(raw, root.start, root.end)


def id_below(raw: bytes, start: int, end: int) -> str:
    """The first Message-ID that stands in the body as a field."""
    found = _ID.search(raw, start, min(end, start + _LARGEST))
    return line_of(found[1]) if found else ""
