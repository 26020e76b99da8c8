"""The text of octets whose charset is not said, or is not the one that was said.

Called by `charset` alone, after the declared charset and strict UTF-8 have failed. Each look is one pass of the
standard library's over the octets; a wrong guess shows wrong letters and never raises.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import lazily

_HIGH = re.compile(rb"[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]{3,}")  # no Western word has three in a row
_CYRILLIC_LOWER = re.compile(rb"[\xe0-\xff]")  # of windows-1251; the capitals of KOI8-R
_CYRILLIC_UPPER = re.compile(rb"[\xc0-\xdf]")  # of windows-1251; the small letters of KOI8-R
_EUC_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xf6]")
_SJIS_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
_BIG5 = re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")  # signs of daily use, whose second octet is often plain
_HANGUL = lazily("[\uac00-\ud7a3]")
_HAN = lazily("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_SHIFT = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJI]|[&-/()$][0-~])")
_SHIFTS = 20_000  # of a damaged text that are read, one by one: words of a long mail
_SAMPLE = 4096  # octets that are looked at
_MOSTLY, _TOGETHER = 0.8, 0.6
_PAIRS = 6  # octets over ASCII, below which Big5 is not thought of
_SHIFTED = re.compile(r"\+([A-Za-z0-9+/]*)-?")  # RFC 2152: modified base64 of UTF-16
_BOMS = ((b"\xff\xfe", "utf_16_le"), (b"\xfe\xff", "utf_16_be"))


def guessed(octets: bytes) -> str:
    """The most likely text; a replacement character for what means nothing in it."""
    for mark, name in _BOMS:
        if octets.startswith(mark) and b"\0" in octets[:_SAMPLE]:
            return octets[2:].decode(name, "replace")
    text = octets.decode("utf-8", "replace")
    return text if mostly_utf8(octets, text) else octets.decode(_likely(octets), "replace")


def mostly_utf8(octets: bytes, text: str) -> bool:
    """Whether good sequences prevail: a text that was cut or torn is still UTF-8."""
    wrong = text.count("\ufffd")
    right = len(octets) - len(text) - 2 * wrong  # about: the octets that made up good sequences
    return right > wrong


def _likely(octets: bytes) -> str:
    sample = octets[:_SAMPLE]
    high = len(_HIGH.findall(sample))
    together = sum(len(run) for run in _RUN.findall(sample))
    if together < _TOGETHER * high:  # accents stand alone among plain letters
        if _kana(_SJIS_KANA, sample, high):
            return "cp932"
        return "cp950" if _big5(sample, high) else "cp1252"
    if high >= 3 and len(_CYRILLIC_LOWER.findall(sample)) >= _MOSTLY * high:
        return "cp1251"
    if high >= 3 and len(_CYRILLIC_UPPER.findall(sample)) >= _MOSTLY * high:
        return "koi8_r"
    return _eastern(sample, high)


def _eastern(sample: bytes, high: int) -> str:
    if _kana(_EUC_KANA, sample, high) and _decodes(sample, "euc_jp"):
        return "euc_jp"
    if _kana(_SJIS_KANA, sample, high) and _decodes(sample, "cp932"):
        return "cp932"
    if _decodes(sample, "euc_kr") and _share(_HANGUL, sample, "euc_kr", high) > _MOSTLY:
        return "cp949"
    for name in ("gb2312", "cp950", "gb18030"):
        if _decodes(sample, name) and _share(_HAN, sample, name, high) > _MOSTLY:
            return "gb18030" if name == "gb2312" else name
    return "cp1252"


def _kana(pattern: re.Pattern[bytes], sample: bytes, high: int) -> bool:
    """Japanese is written with kana between its signs: a quarter of them at the least."""
    return high >= 4 and 8 * len(pattern.findall(sample)) > high


def _big5(sample: bytes, high: int) -> bool:
    """Western accents are letters of the upper rows, with a blank or a second accent behind some of them."""
    leads = sum(1 + (pair[1] > 0x7F) for pair in _BIG5.findall(sample))
    return high >= _PAIRS and leads >= _MOSTLY * high and _decodes(sample, "cp950")


def _share(pattern: re.Pattern[str], sample: bytes, name: str, high: int) -> float:
    return 2 * len(pattern.findall(sample.decode(name, "ignore"))) / max(1, high)


def _decodes(sample: bytes, name: str) -> bool:
    """Whether it does, but for a character that the end of the sample cuts."""
    try:
        sample.decode(name)
    except UnicodeDecodeError as error:
        return len(sample) == _SAMPLE and error.start >= len(sample) - 4
    return True


def from_escapes(octets: bytes) -> str:
    """ISO-2022-JP of any kind: the standard's, with half-width kana, or with the signs of Japanese vendors."""
    for name in ("iso2022_jp_2", "iso2022_jp_ext"):
        try:
            return octets.decode(name)
        except UnicodeDecodeError:
            continue
    return "".join(_vendors(octets))


def from_shifts(octets: bytes) -> str:
    """UTF-7 that is damaged: what is well shifted is read, all else stays as it is written."""
    return _SHIFTED.sub(_unshifted, octets.decode("ascii", "replace"), count=_SHIFTS)


def _unshifted(match: re.Match[str]) -> str:
    written = match[0]
    if not match[1]:
        return "+" if written == "+-" else written
    try:
        return written.encode("ascii").decode("utf-7").encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        return written


def _vendors(octets: bytes) -> list[str]:
    """By way of Shift_JIS as Windows writes it, whose tables have the vendors' rows (Microsoft's cp50221)."""
    pieces = _SHIFT.split(octets)
    out = [pieces[0].decode("cp932", "replace")]
    for shift, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if shift in {b"$@", b"$B"}:
            out.append(_shifted(text).decode("cp932", "replace"))
        elif shift == b"(I":
            out.append(bytes(octet | 0x80 for octet in text).decode("cp932", "replace"))
        else:
            out.append(text.decode("cp932", "replace"))
    return out


def _shifted(text: bytes) -> bytes:
    """Pairs of 7-bit JIS X 0208 as Shift_JIS; line ends and other controls as they are."""
    out = bytearray()
    at = 0
    while at < len(text):
        row = text[at]
        cell = text[at + 1] if at + 1 < len(text) else 0
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out.append(row)
            at += 1
            continue
        out.append((row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0))
        out.append(cell + 0x7E if row % 2 == 0 else cell + (0x20 if cell >= 0x60 else 0x1F))
        at += 2
    return bytes(out)
