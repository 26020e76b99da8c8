"""Header fields: cutting a block into fields, and decoding their values (RFC 5322, 2.2; RFC 2047).

Called by the walk for the mail and each part. It keeps every field in order, linear on any octets, and decodes
an encoded word only as text for people: never in an address, an id or a parameter that decides something.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import field

from maildesk.mime.charset import clean_line, codec, decoded, line_of, of_field
from maildesk.words.frozen import frozen

# A name, white space before the colon (RFC 5322, 4.5.8), the value and its folded lines.
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*)((?:\n[ \t][^\n]*)*+)(?:\n|\Z)")
_BLANKS = b" \t\r"
_MBOX = re.compile(rb">?From [^\n]*(?:\n|\Z)")
_BLANK = re.compile(rb"\r*(?:\n|\Z)")
_CHARSET = re.compile(rb";\s*charset\s*=\s*\"?([^\s\";]{1,80})", re.IGNORECASE)
_SHIFTS = re.compile(rb"\+[A-Za-z0-9+/]{3}|~\{|\x1b")  # of charsets of seven bits: UTF-7, HZ, ISO-2022
_SEVEN_BITS = ("utf_7", "hz", "iso2022")
# Fields that programs write, which stand in no text that follows a header block without a blank line.
_WRITTEN = (
    rb"(?i:content-(?:type|transfer-encoding|disposition)|mime-version|message-id|received|return-path|references|"
    rb"in-reply-to|dkim-signature|authentication-results|delivered-to|x-[a-z0-9-]{2,40}|list-[a-z]{2,12})[ \t]*:"
)
_KNOWN = _WRITTEN + rb"|(?i:from|to|subject|date|reply-to|sender|cc)[ \t]*:"
_ODD = re.compile(rb"[^\s:-][^\n]{1,998}\n(?=" + _WRITTEN + rb")")
# Lines whose white space was lost when they were folded: of trace fields, and of lists that were not at their end.
_TRACES = ("received", "dkim-", "domainkey-", "authentication-results", "arc-", "x-")
_UNFOLDED = re.compile(rb"(?:[^\s-][^\n]{1,998}\n(?!\r?\n)){1,12}?(?=" + _KNOWN + rb")")
_LISTS = ("content-", "to", "cc", "from", "reply-to", "sender")
_LISTED = rb"(?![!-9;-~]+[ \t]*:)[^\s-](?=[^\n=@]*+[=@])[^\n]*"
_TORN = re.compile(rb"(?:" + _LISTED + rb"[;,][ \t\r]*\n)*+(?:" + _LISTED + rb"(?:\n|\Z))?+")
_AHEAD = re.compile(rb"(?:[ \t]*\r?\n)++(?=" + _KNOWN + rb")")
_WORD_HEAD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_FOOTER = re.compile(rb"\n(?=_{10}|-- ?\r?\n|\r?\n[^\s]+ [^\n]{0,80} )")  # what lists write below all mails
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@frozen
class Fields:
    """The fields of one header block in order, names in lower case, values unfolded and still octets."""

    all: tuple[tuple[str, bytes], ...] = ()
    broken: bool = False  # the block ended at a line that is no field
    odd: int = 0  # places in it with lines that are no fields, passed over
    end: int = 0  # where the block ends
    body: int = 0  # where the body begins
    index: dict[str, bytes] = field(default_factory=dict)  # the first of each name

    def first(self, name: str) -> bytes:
        return self.index.get(name, b"")

    def every(self, name: str) -> list[bytes]:
        return [value for known, value in self.all if known == name] if name in self.index else []

    def text(self, name: str) -> str:
        return text_of(*self.said(name)) if name in self.index else ""

    def said(self, name: str) -> tuple[bytes, str]:
        """The first value of a name, and the charset of the body where raw octets of the value are likely in it."""
        value = self.index.get(name, b"")
        return value, self.charset_of(value)

    def charset_of(self, value: bytes) -> str:
        if _plain(value):
            return ""
        found = _CHARSET.search(self.index.get("content-type", b""))
        label = found[1].decode("ascii", "replace") if found else ""
        return label if not value.isascii() or (codec(label) or "").startswith(_SEVEN_BITS) else ""


def cut(raw: bytes, start: int, end: int) -> Fields:
    """The header block that begins at `start`; it ends at a blank line or at one that is no field."""
    found: list[tuple[str, bytes]] = []
    index: dict[str, bytes] = {}
    at, odd = start, 0
    if mbox := _MBOX.match(raw, at, end):
        at = mbox.end()
    while match := _FIELD.match(raw, at, end) or (_passed(raw, at, end, *found[-1]) if found else None):
        at = match.end()
        if match.re is _FIELD:
            name, value, folded = match.groups()
            known, value = name.decode().lower(), unfolded(value + folded) if folded else value.strip(_BLANKS)
            found.append((known, value))
            index.setdefault(known, value)
            continue
        odd += 1
        if match.re is _TORN:
            known, value = found.pop()
            found.append((known, value + b" " + unfolded(match[0])))
            index[known] = found[-1][1] if index[known] is value else index[known]
    blank = _BLANK.match(raw, at, end)
    return Fields(tuple(found), blank is None, odd, at, blank.end() if blank else at, index)


def _passed(raw: bytes, at: int, end: int, before: str, value: bytes) -> re.Match[bytes] | None:
    """Lines that are no fields, where the block surely goes on behind them, or they are what the last one wants."""
    if value.endswith((b";", b",")) and before.startswith(_LISTS):
        torn = _TORN.match(raw, at, end)
        return torn if torn and torn[0] else None
    return (_UNFOLDED if before.startswith(_TRACES) else _ODD).match(raw, at, end)


def beginning(raw: bytes) -> int:
    """Where the header block of a mail begins: some programs write blank lines above it."""
    ahead = _AHEAD.match(raw) if raw[:1] in b"\r\n\t " else None
    return ahead.end() if ahead else 0


def _plain(value: bytes) -> bool:
    return value.isascii() and not _SHIFTS.search(value)


def unfolded(value: bytes) -> bytes:
    return value.replace(b"\r\n", b"").replace(b"\n", b"").strip(_BLANKS)


def text_of(value: bytes, label: str = "") -> str:
    """A value for people: encoded words decoded, control characters gone. Raw octets are UTF-8 or in `label`."""
    coded = value.find(b"=?") >= 0  # in a third of the time of `in`, which takes octets for a number first
    return clean_line(words_decoded(value, label)) if coded else line_of(value, label)


def words_decoded(value: bytes, label: str = "") -> str:
    """RFC 2047 with the usual mistakes: no white space around words, spaces inside, characters cut across words."""
    text = value.decode("ascii", "surrogateescape")
    out: list[str] = []
    pending: list[bytes] = []  # octets of neighbouring words in one charset
    charset = ""
    for piece, said in _pieces(text):
        if isinstance(piece, bytes):
            if pending and said != charset:
                out.append(decoded(b"".join(pending), charset))
                pending = []
            charset = said
            pending.append(piece)
            continue
        if pending and not piece.strip():
            continue  # white space between two words is none (RFC 2047, 6.2)
        if pending:
            out.append(decoded(b"".join(pending), charset))
            pending = []
        out.append(of_field(piece.encode("ascii", "surrogateescape"), label))
    if pending:
        out.append(decoded(b"".join(pending), charset))
    return "".join(out)


def _pieces(text: str) -> Iterator[tuple[bytes | str, str]]:
    """Words as octets with their charset, and what stands between them."""
    at = begun = 0
    while (start := text.find("=?", at)) >= 0:
        head = _WORD_HEAD.match(text, start)
        end = text.find("?=", head.end()) if head else -1
        if head and end < 0:
            break
        if head is None:
            at = start + 2
            continue
        if start > begun:
            yield text[begun:start], ""
        yield _word(text[head.end() : end], head[2]), head[1].partition("*")[0].lower()
        at = begun = end + 2
    if begun < len(text):
        yield text[begun:], ""


def _word(text: str, encoding: str) -> bytes:
    octets = text.encode("ascii", "surrogateescape")
    if encoding in "bB":
        return base64(octets)
    return binascii.a2b_qp(octets, header=True)


def base64(octets: bytes) -> bytes:
    """Base64 as mail programs read it: foreign characters are skipped, padding ends it, a torso is completed."""
    joined = octets.replace(b"\n", b"").replace(b"\r", b"")  # a quarter of the time of split()
    if (whole := _strictly(joined)) is not None or (whole := _strictly(b"".join(joined.split()))) is not None:
        return whole
    kept = _NOT_BASE64.sub(b"", b"".join(_FOOTER.split(octets, 1)[0].split()).partition(b"=")[0])
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def _strictly(joined: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(joined, strict_mode=True)
    except binascii.Error:
        return None
