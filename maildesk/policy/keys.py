"""Keys: the tokens in our letters that prove an answer belongs to a letter we wrote, and to its reader.

A token is the letter's serial and an HMAC over what it is about, that serial and the recipient's address.
Minted when a letter is decided, and again when it is written; claims are read from a mail by store/facts, which looks
the letter up by its serial and asks `genuine`. A key must never stand in a log, an error or a letter to anybody else.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Sequence

from maildesk.config import Config
from maildesk.mime.keyless import ABOUT, MAC_LENGTH, TOKEN
from maildesk.policy.recipients import detail
from maildesk.policy.reference import BRACKETED, canonical
from maildesk.words import Claim, Envelope, Incoming

DIGITS = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, 6, in lower case
_TWO_DIGITS = tuple(one + two for one in DIGITS for two in DIGITS)
_PLACES = range((MAC_LENGTH - 2) * 5, -1, -10)  # the first bit of each two digits, from the left
_MAC_OCTETS = 17  # that hold MAC_LENGTH characters of 5 bits
MOST_CLAIMS = 40  # each costs a look into the outbox; a mail with more is no answer to a letter

_IN_ADDRESS = re.compile(rf"({ABOUT})-({TOKEN})")
_IN_MESSAGE_ID = re.compile(rf"({ABOUT})\.({TOKEN})(?:\.t)?@.+")
_ENDS_SUBJECT = re.compile(rf"\(({TOKEN})\)\Z")


def mint(secret: bytes, about: str, serial: int, address: str) -> str:
    return _written(serial) + _mac(secret, about, serial, address)


def serial_of(token: str) -> int | None:
    """The id of the letter this token claims to come from; None when it is no token at all."""
    if not re.fullmatch(TOKEN, token, re.ASCII):
        return None
    serial = 0
    for digit in token.lower()[:-MAC_LENGTH]:
        serial = serial * 32 + DIGITS.index(digit)
    return serial if serial < 2**63 else None


def genuine(secrets: Sequence[bytes], claim: Claim, address: str) -> bool:
    """Whether one of our secrets made this token for that recipient. In constant time for each secret."""
    serial = serial_of(claim.token)
    if serial is None:
        return False
    given = claim.token.lower().encode()
    minted = (mint(secret, claim.about, serial, address).encode() for secret in secrets)
    return any(hmac.compare_digest(given, each) for each in minted)


def claims(mail: Incoming, envelope: Envelope, config: Config) -> tuple[Claim, ...]:
    """Every token of a mail, best place first: addresses, In-Reply-To and References (nearest first), subject."""
    found = (*_in_addresses(mail, envelope, config), *_in_message_ids(mail), *_in_subject(mail.subject))
    if not found:
        return ()
    first = {(claim.about, claim.token): claim for claim in reversed(found)}
    return tuple(first.values())[::-1][:MOST_CLAIMS]


def keyed_address(queue_address: str, about: str, token: str) -> str:
    local, _, domain = queue_address.rpartition("@")
    return f"{local}+{canonical(about)}-{token}@{domain}"


def keyed_id(about: str, token: str, domain: str) -> str:
    return f"{canonical(about)}.{token}@{domain}"


def thread_id(about: str, token: str, domain: str) -> str:
    """Stands first in References, so that the proof survives a relay that rewrites Message-IDs."""
    return f"{canonical(about)}.{token}.t@{domain}"


def _in_addresses(mail: Incoming, envelope: Envelope, config: Config) -> Iterator[Claim]:
    addressed = (*envelope.recipients, *(each.address for each in (*mail.to, *mail.cc)))
    for address in dict.fromkeys(addressed):
        if "+" in address and (match := _IN_ADDRESS.fullmatch(detail(config, address))):
            yield _claim(match, "address")


def _in_message_ids(mail: Incoming) -> Iterator[Claim]:
    returned = (mail.bounce.original_id,) if mail.bounce else ()  # RFC 3464: the letter that came back
    for ident in (*returned, *mail.cited):
        if match := _IN_MESSAGE_ID.fullmatch(ident):
            yield _claim(match, "message-id")


def _in_subject(subject: str) -> Iterator[Claim]:
    if token := _ENDS_SUBJECT.search(subject.rstrip()):
        for about in BRACKETED.findall(subject)[:MOST_CLAIMS]:
            yield Claim(canonical(about), token[1].lower(), "subject")


def _claim(match: re.Match[str], place: str) -> Claim:
    return Claim(canonical(match[1]), match[2].lower(), place)


def _written(serial: int) -> str:
    """A whole number in base 32 without leading zeros."""
    text = ""
    while serial >= 32:
        serial, digit = divmod(serial, 32)
        text = DIGITS[digit] + text
    return DIGITS[serial] + text


def _mac(secret: bytes, about: str, serial: int, address: str) -> str:
    digest = hmac.digest(secret, f"maildesk\0{canonical(about)}\0{serial}\0{address}".encode(), "sha256")
    bits = int.from_bytes(digest[:_MAC_OCTETS], "big") >> _MAC_OCTETS * 8 - MAC_LENGTH * 5
    return "".join([_TWO_DIGITS[bits >> place & 1023] for place in _PLACES])
