"""Octets to clean text: an allow-list of charsets, and what may stand in a text.

Called by everything in this room that shows words. It never raises on any octets or label, never asks the codec
registry about a name that came by mail, and lets neither control characters nor lone surrogates through.
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import lru_cache

from maildesk.mime import guess

# Python's names. Charsets are widened to the superset that mail programs mean by them (WHATWG Encoding, 4.2).
_WIDER = {
    "ascii": "",
    "latin_1": "cp1252",
    "iso8859_9": "cp1254",
    "iso8859_11": "cp874",
    "tis_620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_2",
}
_KEPT = frozenset(
    """
utf_8 utf_7 utf_16 utf_16_le utf_16_be utf_32 utf_32_le utf_32_be gb18030 cp950 big5hkscs hz cp932 shift_jis_2004
euc_jp euc_jisx0213 iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext iso2022_kr cp949 johab koi8_r koi8_u koi8_t
kz1048 ptcp154 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp437 cp737 cp775 cp850 cp852 cp855
cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7
iso8859_8 iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16 mac_roman mac_cyrillic mac_greek mac_latin2 mac_turkish
mac_iceland
""".split()  # noqa: SIM905 - a list of these would take ninety lines
)
_ODD = {
    "utf8mb4": "utf_8",
    "unicode11utf8": "utf_8",
    "unicode11utf7": "utf_7",
    "macintosh": "mac_roman",
    "xmacroman": "mac_roman",
    "xsjis": "cp932",
    "windows31j": "cp932",
    "xeucjp": "euc_jp",
    "xgbk": "gb18030",
    "gb23121980": "gb18030",
    "xbig5": "cp950",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "iso88598i": "iso8859_8",
    "iso88598e": "iso8859_8",
    "dos874": "cp874",
    "ansix341968": "",
    "xunknown": "",
    "unknown8bit": "",
    "default": "",
    "iso10646": "",
    "cp50220": "iso2022_jp_2",
    "cp50221": "iso2022_jp_2",
    "cp50222": "iso2022_jp_2",
    "iso2022jpms": "iso2022_jp_2",
}
_LONGEST = 80  # characters of a label that are looked at
_FEW = 50  # characters among which one replaced does not speak against the declared charset
_PAGE = re.compile(r"(?:x|cs)?(?:(?:win|windows|cp|ibm|dos|ms)(\d{3,4})|(?:iso)?8859(\d\d?))(?!\d)")
_BEGINNINGS = (
    "utf8", "iso2022jp", "iso2022kr", "usascii", "shiftjis", "eucjp", "euckr", "gb2312", "gb18030", "gbk", "big5",
    "koi8r", "koi8u", "latin1", "macroman", "utf7",
)  # fmt: skip
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufff9-\ufffb]")
_CONTROL_IN_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff\ufff9-\ufffb]+")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_OVERRIDE = str.maketrans({"\u202d": "\ufffd", "\u202e": "\ufffd"})


def _plain(label: str) -> str:
    return _PUNCTUATION.sub("", label.lower())


def _table() -> dict[str, str]:
    names = {_plain(name): name for name in _KEPT}
    names |= {_plain(name): wider for name, wider in _WIDER.items()}
    for alias, name in aliases.items():
        if name in _WIDER or name in _KEPT:
            names.setdefault(_plain(alias), _WIDER.get(name, name))
    return names | _ODD


_CODECS = _table()
_ONE_OCTET = frozenset(name for name in _KEPT if re.match(r"koi8|kz|ptcp|cp\d|iso8859|mac", name)) - {
    "cp932",
    "cp949",
    "cp950",
}


@lru_cache(maxsize=256)  # a mail says the same few again and again
def codec(label: str) -> str | None:
    """Python's codec of a charset label; "" = not said, guess; None = not one that is read."""
    label = label.strip(" \t\"'")
    if not label:
        return ""
    plain = _plain(label) if len(label) <= _LONGEST else ""
    return _CODECS.get(plain) if plain in _CODECS else _meant(plain)


def _meant(plain: str) -> str | None:
    """What programs mean by labels that no register has: a number of Windows or ISO, a name with junk behind it."""
    if page := _PAGE.match(plain):
        return _CODECS.get(f"cp{page[1]}") or _CODECS.get(f"iso8859{page[2]}")
    return next((_CODECS[known] for known in _BEGINNINGS if plain.startswith(known)), None)


def decoded(octets: bytes, label: str = "") -> str:
    """The text of `octets`, with a replacement character for each that means nothing. Not yet clean."""
    name = codec(label) if label else ""
    if name and name != "utf_8":
        return _as_said(octets, name)
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return guess.from_escapes(octets) if b"\x1b$" in octets else _torn(octets, said_utf8=name == "utf_8")
    return guess.from_escapes(octets) if not name and "\x1b$" in text else text


def _torn(octets: bytes, said_utf8: bool) -> str:
    text = octets.decode("utf-8", "replace")
    return text if said_utf8 and guess.mostly_utf8(octets, text) else guess.guessed(octets)


def _as_said(octets: bytes, name: str) -> str:
    """The declared charset, where the octets are of it; else UTF-8, where they are; else a guess."""
    if name.startswith("iso2022_jp"):
        return guess.from_escapes(octets) if octets.isascii() else _unlike(octets, name)
    if name in _ONE_OCTET and not octets.isascii() and (text := _utf8(octets)) is not None:
        return text  # every octet is a letter in these, and no language writes such letters side by side
    try:
        return octets.decode(name)
    except UnicodeDecodeError:
        return _unlike(octets, name)


def _unlike(octets: bytes, name: str) -> str:
    if name == "utf_7" and octets.isascii():
        return guess.from_shifts(octets)
    if (text := _utf8(octets)) is not None:
        return text
    text = octets.decode(name, "replace")
    return text if name in _ONE_OCTET or _FEW * text.count("\ufffd") <= len(text) else guess.guessed(octets)


def _utf8(octets: bytes) -> str | None:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return None


def lies(octets: bytes, label: str) -> bool:
    """Whether a text in a charset that is one was not read by it."""
    name = codec(label)
    if not name or name == "utf_8" or octets.isascii():
        return bool(name) and _utf8(octets) is None
    return decoded(octets, label) != octets.decode(name, "replace")


def clean(text: str) -> str:
    """A text of several lines: "\\n" ends each, no control character but "\\n" and "\\t" stands in it."""
    lines = text.split("\r\n" if "\r\n" in text else "\n")  # half the time of replace()
    if "".join(lines).isprintable():  # a tenth of the time of the patterns below
        return "\n".join(lines)
    return _CONTROL.sub("", _LINE_END.sub("\n", text))


def line_of(octets: bytes, label: str = "") -> str:
    """Octets as a clean text of one line. Raw ones in a field are UTF-8, or what the mail's body is written in."""
    if not label and octets.isascii() and "\x1b" not in (text := octets.decode()):  # most fields
        return clean_line(text)
    return clean_line(of_field(octets, label))


def of_field(octets: bytes, label: str) -> str:
    """Raw octets of a field, not yet clean. `label` is told for those of seven bits alone when they are ASCII."""
    if not label or octets.isascii() or _utf8(octets) is None:
        return decoded(octets, label)
    return decoded(octets)


def clean_line(text: str) -> str:
    """A text of one line: runs of control characters become a space, overriding of direction is made visible."""
    if text.isprintable():  # nor is an override
        return text.strip()
    untabbed = text.replace("\t", " ")  # most of what was folded
    if "\t\t" not in text and untabbed.isprintable():
        return untabbed.strip()
    return _CONTROL_IN_LINE.sub(" ", text).translate(_OVERRIDE).strip()
