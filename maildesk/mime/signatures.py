"""Signatures under a text: the usual delimiter, and what telephones write.

Used by `quotes` on each run of new lines. A greeting with a name is words of the writer and stays.
"""

from __future__ import annotations

import re

from maildesk.mime.devices import DEVICE_LINE
from maildesk.mime.lazily import at_need, lazily
from maildesk.mime.phrases import alternatives

_DELIMITER = re.compile(r"(?:--|__)[ \t\u00a0]*|[-_]{8,}[ \t]*")
_TARGET = re.compile(r"[<(]https?://[^\s<>()]{1,500}[>)]|\[(?=[^\]\n]{1,60}\])|\](?=[ (<]|$)")
_SENTENCE = re.compile(r"[.!?。！？][)\"'»”]?\s*$")
_CONTACT = lazily(
    r"@|www\.|https?:|\d[\d ()/.-]{5,}\d|[|•·]|(?i:tel|fon|phone|fax|mobile?|gmbh|ltd|inc|llc|s\.?a\.?|b\.?v\.?)\b"
)
_LONGEST = 30  # lines below a delimiter; what is longer is a text with a line in it
_WIDEST = 160  # characters of a line that a telephone writes
_BELOW_CLOSING = 8  # lines: name, office, telephone
_CLOSINGS = """
(?:(?:with )?(?:kind|kindest|best|warm|warmest|many|thanks and|thanks & best) )?(?:kind |warm |best )?regards
best(?=,)|best wishes
all the best|(?:yours )?(?:sincerely|faithfully|truly)|(?:sincerely|truly) yours|respectfully|rgds|br|cheers
mit (?:freundlichen|besten|lieben|herzlichen|vielen|sonnigen|kollegialen) gr(?:ü|ue)(?:ß|ss)en.{0,30}
mit freundlichem gru(?:ß|ss)|(?:sch(?:ö|oe)nen )?gru(?:ß|ss)|gr(?:ü|ue)(?:ß|ss)e|freundliche gr(?:ü|ue)(?:ß|ss)e
(?:viele|beste|liebe|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e.{0,30}|mfg|lg|vg|hochachtungsvoll
(?:très |bien )?cordialement|bien à vous|(?:sincères|meilleures) salutations|salutations(?: distinguées)?
cdt|cdlt|amicalement
(?:muchos |cordiales |atentos )?saludos(?: cordiales)?|un (?:cordial )?saludo|atentamente|atte|cordialmente
(?:cordiali|distinti) saluti|saluti|un (?:cordiale )?saluto
(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|mvg|hoogachtend|atenciosamente|att|abraços?
(?:com os )?(?:melhores )?cumprimentos|(?:serdecznie )?pozdrawiam(?: serdecznie)?|z powa[żz]aniem|z wyrazami szacunku
с (?:глубоким )?уважением|с наилучшими пожеланиями|всего доброго|з повагою|з найкращими побажаннями
s (?:přátelským )?pozdravem|s úctou|s pozdravom|hezký den
(?:med )?(?:(?:de )?(?:venlige?|vennlige?|vänliga?|kærlig|bedste|beste|bästa) )?(?:hils(?:e)?n(?:er)?|hälsning(?:ar)?)
vänligen|mvh|kh|vh|dbh|(?:ystävällisin |parhain )?terveisin|terv
saygılar(?:ımla|ımızla)?|iyi çalışmalar|iyi günler|此致|祝好|顺祝商祺|順頌商祺|üdvözlettel|tisztelettel
"""
_POSTSCRIPT = re.compile(r"(?i)\s*(?:p\.?\s?s\.?|n\.?\s?b\.?)(?:\s|:|$)")
_CLOSING = at_need(lambda: re.compile(rf"(?i)[\s*_]*{alternatives(_CLOSINGS)}[\s*_]*[,.!;]?[\s*_]*"))


def without(lines: list[str], first: bool = True) -> list[str]:
    """The lines above the signature, a closing included. Below a quotation (not `first`) all the lines may be one."""
    end = _last(lines, len(lines))
    for at in range(max(0, end - _LONGEST), end - 1):
        drawn = lines[at].startswith(("-", "_")) and _DELIMITER.fullmatch(lines[at])
        if drawn and _below_is_signature(lines, at, end) and (not first or any(line.strip() for line in lines[:at])):
            return _without(lines[:at], 4, DEVICE_LINE)
    return _without(lines[:end], 4, DEVICE_LINE)


def without_closing(lines: list[str]) -> list[str]:
    """The lines above "Kind regards" and the name below it. A postscript is text, and keeps all above it."""
    ends = lines[-_BELOW_CLOSING:]
    return lines if any(map(_POSTSCRIPT.match, ends)) else _without(lines, _BELOW_CLOSING, _CLOSING)


def is_device(line: str) -> bool:
    """Whether a telephone or a program wrote it."""
    return 0 < len(line) <= _WIDEST and DEVICE_LINE.fullmatch(_untargeted(line)) is not None


def is_closing(line: str) -> bool:
    return len(line) <= _WIDEST and _CLOSING.fullmatch(line) is not None


def is_contact(line: str) -> bool:
    """Whether a line tells how to reach somebody, or in which firm he is."""
    return _CONTACT.search(line) is not None and not _says(line)


def _below_is_signature(lines: list[str], at: int, end: int) -> bool:
    """RFC 3676, 4.3; other drawn lines head a table or part a text, unless little stands below and says nothing."""
    if lines[at].startswith("-- ") or (lines[at].strip() == "--" and end - at <= 12):
        return True
    below = [line for line in lines[at + 1 : end] if line.strip()]
    if lines[at].strip() in {"--", "__"}:
        return not any(map(_says, below))
    if at and lines[at - 1].strip():
        return False  # it underlines a heading
    return len(below) <= 8 and not any(map(_says, below)) and (len(below) <= 3 or any(map(_CONTACT.search, below)))


def _without(lines: list[str], reach: int, pattern: re.Pattern[str]) -> list[str]:
    """Cut a line of this kind that stands near the end, with the lines below it when they say nothing."""
    end = _last(lines, len(lines))
    for at in range(max(1, end - reach), end):
        if 0 < len(lines[at]) <= 600 and pattern.fullmatch(_untargeted(lines[at])):
            if any(map(_says, lines[at + 1 : end])):
                continue
            above = _last(lines, at)
            return lines[:above] if above else lines[:end]
    return lines[:end]


def _untargeted(line: str) -> str:
    """Without the targets of links, which programs write behind their own name."""
    line = line.strip()
    if "http" in line or "[" in line:
        line = _TARGET.sub("", line).strip()
    return line if len(line) <= _WIDEST else ""


def _says(line: str) -> bool:
    """Whether it is a line of a text rather than of an address."""
    words = len(line.split())
    if len(line) > 80:
        return True
    return words >= 4 and bool(_SENTENCE.search(line)) and not _CONTACT.search(line)


def _last(lines: list[str], end: int) -> int:
    """The end of the lines that say something."""
    while end and not lines[end - 1].strip():
        end -= 1
    return end
