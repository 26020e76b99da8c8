"""Signatures under a text: the usual delimiter, and what telephones write.

Used by `quotes` on each run of new lines. A greeting with a name is words of the writer and stays.
"""

from __future__ import annotations

import re

_DELIMITER = re.compile(r"(?:--|__|—|–—)[ \t\u00a0]*|[-_]{8,}[ \t]*")
_LONGEST = 30  # lines below a delimiter; what is longer is a text with a line in it
_SENT = (
    "sent|get|written on|composed on|gesendet|von meinem|versendet|verschickt|holen sie sich|diese nachricht wurde"
    "|envoyé|télécharg|obtenez|enviado|enviada|obtén|obtener|descarg|inviato|inviata|scarica|ottieni|verzonden"
    "|verstuurd|download|outlook voor|obter|wysłan[eoya]|pobierz|wysłano|отправлен[оа]|скачать|надіслано|odesláno|odesílám"
    "|sendt|hent|få|skickat|skickades|hämta|lähetetty|hanki|iphone|ipad|mobil|从我的|发自|發自|來自|나의|내|sended|wysyłane|mit"
)
_DEVICE = (
    "iphone|ipad|ipod|android|blackberry|samsung|galaxy|outlook|windows|huawei|xiaomi|redmi|nokia|smartphone|handy"
    "|mobile|mobil|mobiltelefon|telefon|phone|yahoo|aol|protonmail|proton mail|gmx|web\\.de|t-online|pixel|oneplus|motorola"
    "|htc|lg |sony|xperia|nexus|palm|treo|verizon|at&t|t-mobile|fairphone|mailbox|gmail|k-9|fairemail|bluemail|spark"
    "|spike|edison|airmail|newton|superhuman|tutanota|laposte|orange|free|libero|wp|onet|o2|seznam|mail\\.ru|yandex"
)
_TELEPHONE = re.compile(
    rf"(?i)[\s*_>(\[-]*(?:{_SENT})\b.{{0,80}}?(?:{_DEVICE}).{{0,80}}|发自我的.{{0,40}}|發自我的.{{0,40}}"
    r"|(?:iPhone|iPad|Android|スマート).{0,10}から送信.{0,20}|나의 .{0,30}에서 보냄.{0,20}|iPhone'(?:den|umdan) gönderildi"
)


def without(lines: list[str]) -> list[str]:
    """The lines above the signature."""
    end = _last(lines, len(lines))
    for at in range(max(0, end - _LONGEST), end):
        if at and _DELIMITER.fullmatch(lines[at]) and _below_is_signature(lines, at, end):
            return without_telephone(lines[:at])
    return without_telephone(lines[:end])


def _below_is_signature(lines: list[str], at: int, end: int) -> bool:
    if lines[at].startswith("-- ") or lines[at].strip() == "--":
        return True
    return end - at <= 12 and all(len(line) < 90 for line in lines[at + 1 : end])


def without_telephone(lines: list[str]) -> list[str]:
    """Cut a line that a program put under the text, with the little that stands below it."""
    end = _last(lines, len(lines))
    for at in range(max(0, end - 4), end):
        line = lines[at]
        if len(line) <= 160 and _TELEPHONE.fullmatch(line.strip()):
            return lines[: _last(lines, at)]
    return lines[:end]


def _last(lines: list[str], end: int) -> int:
    """The end of the lines that say something."""
    while end and not lines[end - 1].strip():
        end -= 1
    return end
