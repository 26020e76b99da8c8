"""The arguments of MAIL and RCPT (RFC 5321, 4.1.2; RFC 6531), read strictly.

Used by the listeners on what arrives and by the postman on what leaves, so that no control character, no
second verb and no 8-bit junk ever passes an envelope. It knows no desk and no directory.
"""

from __future__ import annotations

import re

from maildesk.mime.address import normal
from maildesk.words.frozen import frozen

LONGEST = 512  # octets; RFC 5321, 4.5.3.1.3 asks for 256, some return paths (SRS, VERP) are longer

_WORD = r'[^\s"(),:;<>@\[\\\]]+'
_MAILBOX = re.compile(
    rf'(?P<local>"(?:[^"\\]|\\.)*"|{_WORD})(?:@(?P<domain>\[[^\s\[\]\\<>]+\]|{_WORD}))?',
)
_ROUTE = re.compile(r'@[^\s<>:"]+(?:,@[^\s<>:"]+)*:')  # RFC 5321, appendix C: taken and dropped
_BRACKETS = re.compile(r'<(?P<path>(?:"(?:[^"\\]|\\.)*"|[^"<>\s])*)>(?:\s+(?P<rest>\S.*))?')
_BARE = re.compile(r"(?P<path>[^\s<>\"]+@[^\s<>\"]+)(?:\s+(?P<rest>\S.*))?")
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?")


class BadPath(ValueError):
    """Not an envelope address; `str()` is the whole reply."""


@frozen
class Path:
    address: str  # in its normal form where it has one, else as written; "" is the null path
    parameters: dict[str, str]  # by upper-case name

    @property
    def ascii(self) -> bool:
        return self.address.isascii()


def sender(argument: str) -> Path:
    """The argument of MAIL: `FROM:<path> parameters`."""
    return _path(argument, "FROM:", "MAIL FROM:<address>", "5.1.7")


def recipient(argument: str) -> Path:
    """The argument of RCPT: `TO:<path> parameters`. `<postmaster>` needs no domain (RFC 5321, 4.5.1)."""
    found = _path(argument, "TO:", "RCPT TO:<address>", "5.1.3")
    if not found.address:
        raise BadPath("501 5.1.3 A recipient is wanted")
    if "@" not in found.address and found.address != "postmaster":
        raise BadPath("501 5.1.3 The address has no domain")
    return found


def usable(address: str) -> bool:
    """May this address stand between angle brackets in a command of ours?"""
    return address.isprintable() and len(address.encode()) <= LONGEST and _MAILBOX.fullmatch(address) is not None


def _path(argument: str, keyword: str, syntax: str, status: str) -> Path:
    if argument[: len(keyword)].upper() != keyword:
        raise BadPath(f"501 5.5.4 Syntax: {syntax}")
    if not argument.isprintable():  # controls, NUL, and the lone surrogates that octets outside UTF-8 become
        raise BadPath(f"501 {status} Malformed address")
    text = argument[len(keyword) :].strip()
    found = _BRACKETS.fullmatch(text) or _BARE.fullmatch(text)
    if found is None:
        raise BadPath(f"501 {status} Malformed address")
    return Path(_address(found["path"], status), _parameters(found["rest"] or ""))


def _address(path: str, status: str) -> str:
    if not path:
        return ""
    route = _ROUTE.match(path)
    text = path[route.end() :] if route else path
    if not usable(text):
        raise BadPath(f"501 {status} Malformed address")
    if text.lower() == "postmaster":
        return "postmaster"
    return normal(text) or text


def _parameters(rest: str) -> dict[str, str]:
    parameters = {}
    for word in rest.split():
        found = _PARAMETER.fullmatch(word)
        if found is None:
            raise BadPath("501 5.5.4 Malformed parameter")
        parameters[found[1].upper()] = found[2] or ""
    return parameters
