"""Signatures and encryption in a mail: where they are, what they cover, and the mail without them.

Called by `read`, which only names them, by mime/whole, which unwraps signatures, and by desk/opener, which checks and
deciphers (RFC 1847; RFC 3156, RFC 4880 for PGP; RFC 8551 for S/MIME). Pure: no key, no process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from maildesk.mime import cms
from maildesk.mime.fields import cut
from maildesk.mime.parameters import Value
from maildesk.mime.walk import Part, Walk, octets
from maildesk.words import Seal
from maildesk.words.frozen import frozen

LAYERS = 4  # of seals, that are taken off one another

_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_ENVELOPED = ("enveloped-data", "authenveloped-data")
_SIGNATURES = {
    "application/pgp-signature": "pgp",
    "application/pkcs7-signature": "smime",
    "application/x-pkcs7-signature": "smime",
}
_BEGIN = re.compile(rb"^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*\r?$", re.MULTILINE)
_END = re.compile(rb"^-----END PGP (?:MESSAGE|SIGNATURE)-----[ \t]*\r?$", re.MULTILINE)
_CLEAR = re.compile(rb"^-----BEGIN PGP SIGNATURE-----[ \t]*\r?$", re.MULTILINE)
_HEADED = re.compile(rb"\n[ \t]*\n")  # GnuPG takes a line of blanks for an empty one
_DASHED = re.compile(rb"^- ", re.MULTILINE)
_ARMOURS = 10  # in one text that are looked at
_SEALS = 10  # in one mail
_PLACEHOLDERS = frozenset({"...", "[...]", "…", "encrypted message", "encrypted email", "encrypted mail"})


@frozen
class Sealed:
    """One seal: the part that it is, the multipart that part stands in, and what it covers."""

    seal: Seal
    part: Part
    parent: Part | None
    form: str  # mime: two parts | blob: one part | text: armour within a text
    content: bytes = b""  # signed octets, encrypted octets, the CMS blob, or the armour
    signature: bytes = b""  # when it stands apart
    start: int = 0  # of the armour in the decoded text
    stop: int = 0
    whole: bool = True  # nothing of the mail stands beside what it covers

    @property
    def clear(self) -> bytes | None:
        """What a signature wraps; None when it wraps nothing, or when it is encrypted."""
        if self.seal.act != "signed" or self.form == "mime":
            return None
        return cms.wrapped(self.content) if self.form == "blob" else unarmoured(self.content)


@frozen
class Place:
    """A part that is looked at, and where it stands."""

    part: Part
    parent: Part | None = None
    whole: bool = True  # nothing of the mail stands beside it

    def below(self, child: Part, *, alone: bool = False) -> Place:
        return Place(child, self.part, self.whole and alone)

    def sealed(self, seal: Seal, form: str, content: bytes, signature: bytes = b"") -> Sealed:
        return Sealed(seal, self.part, self.parent, form, content, signature, whole=self.whole)


def seals(raw: bytes, root: Part, text: str) -> tuple[Seal, ...]:
    """Their names, for a mail that was taken apart."""
    armoured = "-----BEGIN PGP " in text
    if not (armoured or root.children or _may_be_blob(root)):
        return ()
    return tuple(dict.fromkeys(each.seal for each in _found(raw, Place(root), armoured)))[:_SEALS]


def found(raw: bytes) -> Iterator[Sealed]:
    """Every seal of a mail that `read` finds readable, outermost first."""
    yield from _found(raw, Place(Walk(raw).tree(cut(raw, 0, len(raw)))), True)


def without(raw: bytes, sealed: Sealed, clear: bytes) -> bytes:
    """The mail with `clear` in the place of what was sealed. Fields of the mail itself stay those of the outside."""
    part, parent = sealed.part, sealed.parent
    if sealed.form == "text":
        data = octets(raw, part)
        clear = _as_text(part.value, data[: sealed.start] + clear.rstrip(b"\r\n") + data[sealed.stop :])
    if parent is not None:
        return raw[: header_start(raw, parent, part)] + clear + raw[part.end :]
    fields = cut(clear, 0, len(clear))
    kept = [line for name, line in _lines(raw, part.fields.end) if not name.startswith("content-")]
    inner = [line for name, line in _lines(clear, fields.end) if name.startswith("content-")]
    if b"protected-headers" in fields.first("content-type") and _says_nothing(part):
        kept = [line for name, line in _lines(raw, part.fields.end) if name[:8] not in {"content-", "subject"}]
        inner += [line for name, line in _lines(clear, fields.end) if name == "subject"]
    return b"".join([*kept, *inner, b"\r\n", clear[fields.body :]])


def unarmoured(block: bytes) -> bytes | None:
    """The words of a clear-signed text (RFC 4880, 7); None when it is no such text."""
    signature = _CLEAR.search(block)
    if not block.startswith(b"-----BEGIN PGP SIGNED MESSAGE-----") or signature is None:
        return None
    block = block[: signature.start()].replace(b"\r\n", b"\n")
    headed = _HEADED.search(block)
    return _DASHED.sub(b"", block[headed.end() :]).rstrip(b"\n") if headed else None


def header_start(raw: bytes, parent: Part, part: Part) -> int:
    """Where the header of a part of a multipart begins."""
    line = b"\n--" + parent.value.parameters.get("boundary", b"").rstrip()
    at = raw.rfind(line, max(0, parent.start - 1), part.start)
    return raw.find(b"\n", at + 1) + 1


def _found(raw: bytes, place: Place, armoured: bool) -> Iterator[Sealed]:
    """`armoured`: whether texts are to be looked through, which costs."""
    part = place.part
    if part.type == "multipart/signed" and len(part.children) > 1:
        yield from _signed(raw, place)
        yield from _found(raw, place.below(part.children[0], alone=len(part.children) == 2), armoured)
    elif part.type.startswith("multipart/") and part.children:
        yield from _several(raw, place, armoured)
    elif armoured and part.type in ("text/plain", "application/pgp"):
        yield from _armoured(raw, place)
    elif _may_be_blob(part):
        yield from _blob(raw, place)


def _several(raw: bytes, place: Place, armoured: bool) -> Iterator[Sealed]:
    """PGP/MIME has two parts, which Exchange makes multipart/mixed; all other parts are looked at one by one."""
    part = place.part
    types = [child.type for child in part.children]
    if "application/pgp-encrypted" in types[:-1]:
        body = part.children[types.index("application/pgp-encrypted") + 1]
        both = part.type == "multipart/encrypted" or len(types) == 2
        yield (place if both else place.below(body)).sealed(Seal("pgp", "encrypted"), "mime", octets(raw, body))
        return
    for child in part.children:
        yield from _found(raw, place.below(child, alone=len(types) == 1), armoured)


def _signed(raw: bytes, place: Place) -> Iterator[Sealed]:
    """Two parts (RFC 1847, 2.1): what a list or anybody else put behind them is not signed."""
    first, last = place.part.children[0], place.part.children[1]
    kind = _SIGNATURES.get(last.type) or _SIGNATURES.get(place.part.value.word("protocol").lower())
    if kind:
        signed = raw[header_start(raw, place.part, first) : first.end]
        whole = place.whole and len(place.part.children) == 2
        yield replace(place, whole=whole).sealed(Seal(kind, "signed"), "mime", signed, octets(raw, last))


def _may_be_blob(part: Part) -> bool:
    return part.type in _PKCS7 or (part.type == "application/octet-stream" and part.name.lower().endswith(".p7m"))


def _blob(raw: bytes, place: Place) -> Iterator[Sealed]:
    blob = octets(raw, place.part)
    kind = cms.kind(blob)
    if kind == "signed-data" and cms.wrapped(blob) is not None:
        yield place.sealed(Seal("smime", "signed"), "blob", blob)
    elif kind in _ENVELOPED or (not kind and place.part.value.word("smime-type").lower() in _ENVELOPED):
        yield place.sealed(Seal("smime", "encrypted"), "blob", blob)


def _armoured(raw: bytes, place: Place) -> Iterator[Sealed]:
    data, at = octets(raw, place.part), 0
    for _ in range(_ARMOURS):
        begun = _BEGIN.search(data, at)
        ended = _END.search(data, begun.end()) if begun else None
        if begun is None or ended is None:
            return
        at = ended.end()
        seal = Seal("pgp", "signed" if begun[1] else "encrypted")
        beside = data[: begun.start()].strip() or data[at:].strip()
        within = replace(place, whole=place.whole and not beside)
        yield replace(within.sealed(seal, "text", data[begun.start() : at]), start=begun.start(), stop=at)


def _as_text(value: Value, data: bytes) -> bytes:
    charset = value.word("charset") or "utf-8"
    charset = "utf-8" if charset.lower() in {"us-ascii", "ascii"} else charset
    head = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    return head.encode("ascii", "replace") + data


def _says_nothing(part: Part) -> bool:
    """The subject outside is a placeholder for one that is encrypted."""
    return part.fields.text("subject").strip().lower() in _PLACEHOLDERS


def _lines(raw: bytes, end: int) -> Iterator[tuple[str, bytes]]:
    """Each field as it stands, its folded lines with it."""
    at = 0
    for line in re.split(rb"(?<=\n)(?![ \t])", raw[:end]):
        name = line.partition(b":")[0].strip().decode("ascii", "replace").lower()
        if line.strip() and not (at == 0 and line.startswith((b"From ", b">From "))):
            yield name, line if line.endswith(b"\n") else line + b"\r\n"
        at += len(line)
