"""Signatures under a text: the usual delimiter, and what telephones write.

Used by `quotes` on each run of new lines. A greeting with a name is words of the writer and stays.
"""

from __future__ import annotations

import re

_DELIMITER = re.compile(r"(?:--|__)[ \t\u00a0]*|[-_]{8,}[ \t]*")
_LONGEST = 30  # lines below a delimiter; what is longer is a text with a line in it
_BELOW_CLOSING = 8  # lines: name, office, telephone
_SENT = r"""
sent|get|written on|composed on|gesendet|von meinem|versendet|verschickt|holen sie sich|diese nachricht wurde
envoyé|télécharg\w*|obtenez|enviado|enviada|obtén|obtener|descarg\w*|inviato|inviata|scarica|ottieni
verzonden|verstuurd
download|outlook voor|obter|wysłan[eoya]|pobierz|отправлен[оа]|скачать|надіслано|odesláno|odesílám|sendt|hent|få
skickat|skickades|hämta|lähetetty|hanki|iphone|ipad|mobil
""".strip().replace("\n", "|")
_DEVICE = r"""
iphone|ipad|ipod|ios|android|blackberry|samsung|galaxy|outlook|windows|huawei|xiaomi|redmi|nokia
smartphone|handy
mobile|mobil|mobiltelefon|telefon|phone|yahoo|aol|protonmail|proton mail|gmx|web\.de|t-online|pixel
oneplus|motorola
htc|lg|sony|xperia|nexus|palm|treo|verizon|at&t|t-mobile|fairphone|gmail|k-9|fairemail|bluemail
spark|edison|airmail
superhuman|tutanota|laposte|orange|libero|wp|onet|seznam|mail\.ru|yandex|mail app|mailapp|typeapp|mail
""".strip().replace("\n", "|")
_TELEPHONE = re.compile(
    rf"(?i)[\s*_>(\[-]*(?:{_SENT})\b[^,;]{{0,80}}?\b(?:{_DEVICE})\b[^,;]{{0,80}}"
    r"|sent (?:from|via|with) (?:my )?[^\s,]{1,60}(?: [^\s,]{1,60}){0,5}|[发發]自我?的.{0,40}|来自.{0,40}"
    r"|(?:iPhone|iPad|Android|スマート).{0,10}から送信.{0,20}"
    r"|나의 .{0,30}에서 보냄.{0,20}|iPhone'(?:den|umdan) gönderildi"
)
_CLOSINGS = """
(?:kind|best|warm|warmest|many)? ?(?:kind |warm )?regards|best wishes|all the best
yours (?:sincerely|faithfully|truly)|sincerely
(?:sincerely|truly) yours|respectfully|rgds|br|cheers
mit (?:freundlichen|besten|lieben|herzlichen|vielen|sonnigen) gr(?:ü|ue)(?:ß|ss)en.{0,30}
mit freundlichem gru(?:ß|ss)
(?:viele|beste|liebe|freundliche|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e.{0,30}|mfg|lg|vg|hochachtungsvoll
cordialement|bien cordialement|bien à vous|sincères salutations|meilleures salutations
(?:cordiales |atentos )?saludos(?: cordiales)?|un saludo|atentamente|cordialmente|cordiali saluti
distinti saluti|saluti
met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|mvg|hoogachtend|atenciosamente|cumprimentos
com os melhores cumprimentos
pozdrawiam(?: serdecznie)?|z powa[żz]aniem|с уважением|з повагою|s pozdravem|hezký den
(?:med )?(?:venlig(?:e)?|vennlig|vänlig(?:a)?|kærlig|bedste|beste) hils(?:e)?n(?:er)?
med vänliga hälsningar|vänliga hälsningar
mvh|kh|vh|dbh|hälsningar|hilsen|ystävällisin terveisin|terveisin|saygılar(?:ımla|ımızla)?|iyi çalışmalar
""".strip().replace("\n", "|")
_POSTSCRIPT = re.compile(r"(?i)\s*(?:p\.?\s?s\.?|n\.?\s?b\.?)(?:\s|:|$)")
_CLOSING = re.compile(rf"(?i)[\s*_]*(?:{_CLOSINGS})[\s*_]*[,.!;]?[\s*_]*")


def without(lines: list[str], first: bool = True) -> list[str]:
    """The lines above the signature, a closing included. Below a quotation (not `first`) all the lines may be one."""
    end = _last(lines, len(lines))
    for at in range(max(0, end - _LONGEST), end):
        drawn = lines[at].startswith(("-", "_")) and _DELIMITER.fullmatch(lines[at])
        if drawn and _below_is_signature(lines, at, end) and (not first or any(line.strip() for line in lines[:at])):
            return _without(lines[:at], 4, _TELEPHONE)
    return _without(lines[:end], 4, _TELEPHONE)


def without_closing(lines: list[str]) -> list[str]:
    """The lines above "Kind regards" and the name below it. A postscript is text, and keeps all above it."""
    ends = lines[-_BELOW_CLOSING:]
    return lines if any(map(_POSTSCRIPT.match, ends)) else _without(lines, _BELOW_CLOSING, _CLOSING)


def _below_is_signature(lines: list[str], at: int, end: int) -> bool:
    if lines[at].startswith("-- ") or lines[at].strip() == "--":
        return True
    return end - at <= 12 and all(len(line) < 90 for line in lines[at + 1 : end])


def _without(lines: list[str], reach: int, pattern: re.Pattern[str]) -> list[str]:
    """Cut a line of this kind that stands near the end, with the short lines below it."""
    end = _last(lines, len(lines))
    for at in range(max(1, end - reach), end):
        if len(lines[at]) <= 160 and pattern.fullmatch(lines[at].strip()) and _short(lines[at + 1 : end]):
            above = _last(lines, at)
            return lines[:above] if above else lines[:end]
    return lines[:end]


def _short(lines: list[str]) -> bool:
    return all(len(line) <= 80 for line in lines)


def _last(lines: list[str], end: int) -> int:
    """The end of the lines that say something."""
    while end and not lines[end - 1].strip():
        end -= 1
    return end
