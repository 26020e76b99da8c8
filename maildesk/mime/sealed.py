"""Signatures and encryption in a mail: where they are, what they cover, and the mail without them.

Called by `read`, which only names them, by mime/whole, which unwraps signatures, and by desk/opener, which checks and
deciphers (RFC 1847; RFC 3156, RFC 4880 for PGP; RFC 8551 for S/MIME). Pure: no key, no process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maildesk.mime import cms
from maildesk.mime.fields import cut
from maildesk.mime.parameters import Value
from maildesk.mime.walk import Part, Walk, octets
from maildesk.words import Seal

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
_DASHED = re.compile(rb"^- ", re.MULTILINE)
_ARMOURS = 10  # in one text that are looked at
_SEALS = 10  # in one mail
_PLACEHOLDERS = frozenset({"...", "[...]", "…", "encrypted message", "encrypted email", "encrypted mail"})


@dataclass(frozen=True, slots=True)
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

    @property
    def clear(self) -> bytes | None:
        """What a signature wraps; None when it wraps nothing, or when it is encrypted."""
        if self.seal.act != "signed" or self.form == "mime":
            return None
        return cms.wrapped(self.content) if self.form == "blob" else unarmoured(self.content)


def seals(raw: bytes, root: Part, text: str) -> tuple[Seal, ...]:
    """Their names, for a mail that was taken apart."""
    armoured = "-----BEGIN PGP " in text
    if not (armoured or root.children or _may_be_blob(root)):
        return ()
    return tuple(dict.fromkeys(each.seal for each in _found(raw, root, None, armoured)))[:_SEALS]


def found(raw: bytes) -> Iterator[Sealed]:
    """Every seal of a mail that `read` finds readable, outermost first."""
    yield from _found(raw, Walk(raw).tree(cut(raw, 0, len(raw))), None, True)


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
    _, _, words = block[: signature.start()].replace(b"\r\n", b"\n").partition(b"\n\n")
    return _DASHED.sub(b"", words).rstrip(b"\n")


def header_start(raw: bytes, parent: Part, part: Part) -> int:
    """Where the header of a part of a multipart begins."""
    line = b"\n--" + parent.value.parameters.get("boundary", b"").rstrip()
    at = raw.rfind(line, max(0, parent.start - 1), part.start)
    return raw.find(b"\n", at + 1) + 1


def _found(raw: bytes, part: Part, parent: Part | None, armoured: bool) -> Iterator[Sealed]:
    """`armoured`: whether texts are to be looked through, which costs."""
    if part.type == "multipart/signed" and len(part.children) > 1:
        yield from _signed(raw, part, parent)
        yield from _found(raw, part.children[0], part, armoured)
    elif part.type.startswith("multipart/") and part.children:
        yield from _several(raw, part, parent, armoured)
    elif armoured and part.type in ("text/plain", "application/pgp"):
        yield from _armoured(raw, part, parent)
    elif _may_be_blob(part):
        yield from _blob(raw, part, parent)


def _several(raw: bytes, part: Part, parent: Part | None, armoured: bool) -> Iterator[Sealed]:
    """PGP/MIME has two parts, which Exchange makes multipart/mixed; all other parts are looked at one by one."""
    types = [child.type for child in part.children]
    if "application/pgp-encrypted" in types[:-1]:
        body = part.children[types.index("application/pgp-encrypted") + 1]
        whole = part.type == "multipart/encrypted" or len(types) == 2
        place = (part, parent) if whole else (body, part)
        yield Sealed(Seal("pgp", "encrypted"), *place, "mime", octets(raw, body))
        return
    for child in part.children:
        yield from _found(raw, child, part, armoured)


def _signed(raw: bytes, part: Part, parent: Part | None) -> Iterator[Sealed]:
    first, last = part.children[0], part.children[1]
    kind = _SIGNATURES.get(last.type) or _SIGNATURES.get(part.value.word("protocol").lower())
    if kind:
        signed = raw[header_start(raw, part, first) : first.end]
        yield Sealed(Seal(kind, "signed"), part, parent, "mime", signed, octets(raw, last))


def _may_be_blob(part: Part) -> bool:
    return part.type in _PKCS7 or (part.type == "application/octet-stream" and part.name.lower().endswith(".p7m"))


def _blob(raw: bytes, part: Part, parent: Part | None) -> Iterator[Sealed]:
    blob = octets(raw, part)
    kind = cms.kind(blob)
    if kind == "signed-data" and cms.wrapped(blob) is not None:
        yield Sealed(Seal("smime", "signed"), part, parent, "blob", blob)
    elif kind in _ENVELOPED or (not kind and part.value.word("smime-type").lower() in _ENVELOPED):
        yield Sealed(Seal("smime", "encrypted"), part, parent, "blob", blob)


def _armoured(raw: bytes, part: Part, parent: Part | None) -> Iterator[Sealed]:
    data, at = octets(raw, part), 0
    for _ in range(_ARMOURS):
        begun = _BEGIN.search(data, at)
        ended = _END.search(data, begun.end()) if begun else None
        if begun is None or ended is None:
            return
        at = ended.end()
        seal = Seal("pgp", "signed" if begun[1] else "encrypted")
        yield Sealed(seal, part, parent, "text", data[begun.start() : at], b"", begun.start(), at)


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
