"""The head of a quoted mail (From, Sent, To, Subject) written into a text, in any order and some forty languages.

Used by `quotes` alone. A form a customer fills in ("Von: Hamburg, An: Berlin, Datum: ...") is none: a head has a
subject, or people with addresses.
"""

from __future__ import annotations

import re

_LINE = 400  # characters of a line that are looked at
_BLOCK = 14  # lines in which the fields of a head are looked for
_FIELDS = {
    "from": "from von de da van od от від fra från lähettäjä 差出人 送信元 送信者 发件人 發件人 寄件者 寄件人"
    " 보낸사람 보낸이 발신 발신자"
    " 보낸사람 kimden gönderen expéditeur desde remitente mittente afzender nadawca отправитель откого"
    " відправник відкого"
    " odesílatel odosielateľ avsändare avsender afsender absender feladó dela από saatja nuo no từ ngườigửi dari จาก"
    " מאת من šalje remetente deparde messagede",
    "date": "sent date messagedu gesendet datum gesendetam envoyé envoyéle enviado enviadoel fecha inviato"
    " inviatoil data"
    " enviadaem enviadoem enviada verzonden verzondenop verstuurd verstuurdop wysłano wysłane wysłana datawysłania"
    " дата отправлено датаивремя надіслано відправлено odesláno odesláná odoslané odoslaná dátum"
    " sendt dato skickat lähetetty päivämäärä päiväys pvm 送信日時 日付 日時 送信日 发送时间 发送日期 日期 时间"
    " 時間 傳送時間"
    " 寄件日期 發送時間 傳送日期 보낸날짜 날짜 보냄 보낸시간 일시 발송일 gönderilme gönderilmetarihi gönderildi"
    " gönderimtarihi tarih"
    " elküldve trimis σταλθηκε στάλθηκε αποστολή ημερομηνία изпратено poslano poslato datums saadetud kuupäev"
    " išsiųsta nosūtīts đãgửi ngày dikirim tanggal ส่ง วันที่ enviat נשלח תאריך تمالإرسال التاريخ sentat",
    "to": "to an à a para aan do кому komu til till vastaanottaja 宛先 送信先 收件人 收件者 받는사람 받는이"
    " 수신 수신자 kime alıcı"
    " destinataire destinatario destinatário pour odbiorca adresat címzett către προς до za prima adressaat saaja kam"
    " tới đến kepada ถึง pera אל إلى empfänger ontvanger príjemca příjemce modtager mottagare mottaker получатель",
    "subject": "subject betreff thema objet asunto oggetto ogg onderwerp assunto temat тема předmět predmet emne ämne"
    " aihe 件名 主题 主题"
    " 主旨 標題 제목 konu sujet re betr tárgy subiect θέμα относно zadeva teema tema tēma temats chủđề subjek"
    " perihal เรื่อง"
    " assumpte נושא الموضوع naslov",
    "cc": "cc copieà copie kopie copia cópia kopia копия копія kopi kopio 抄送 副本 참조 bilgi dw udw dm bcc"
    " ccn cci blindkopie"
    " másolat κοιν копие sao-y másolatotkap ccopie kopie(cc) copie(cc)",
    "reply": "reply-to replyto antwort répondreà importance priority wichtigkeit priorität attachments anlagen"
    " piècesjointes"
    " organization organisation sender odpowiedzdo tilføjet bilagor vedhæftedefiler adjuntos allegati bijlagen anexos"
    " załączniki вложения prioridade önem liitteet 添付ファイル 附件 첨부파일 ekler",
}
_KINDS = {word: kind for kind, words in _FIELDS.items() for word in words.split()}
_STRIP = " \t>*_|\u00a0\u202f\u3000\u200e\u200f\u202a\u202b\u202c\ufffd"
_NAMED = re.compile(r"\*?[^\W\d_][^:：\n]{0,29}[:：]\*?[ \t\u00a0]?\S")
_MAILBOX = re.compile(r"[^\s<>@\"]{1,64}@[^\s<>@\"]{1,255}|/O=[^\s/]{1,60}/")
_WHEN = re.compile(r"\d{1,2}\s?[:.h時시]\s?\d{2}|\b(?:19|20|25)\d\d(?:\b|年|년)|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")

# Lotus Notes: a name, a time, and below them the names of fields, each on a line with its value or above it.
_STAMP = re.compile(
    r"\s*(?:(\S.{1,120}?)\s(?:on|am|le|il|el)\s)?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:\s?[AP]M)?(?:\s[A-Z]{1,5}\d?)?\s*"
)
_NOTES_NAME = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,255}|[^\s/:][^/:\n]{1,60}/[^/\s][^:\n]{0,100}$")


def field_kind(line: str) -> str:
    """Which header field a line shows ("from", "date" ...), "" when it shows none."""
    name, value = _parted(line)
    return _KINDS.get(name, "") if value or _KINDS.get(name) in {"to", "cc", "subject"} else ""


def _parted(line: str) -> tuple[str, str]:
    line = line[:_LINE]
    wide, plain = line.find("："), line.find(":")
    at = wide if 0 <= wide < plain or plain < 0 else plain
    if at < 0 or at > 26:
        return "", ""
    name = line[:at].strip(_STRIP).replace(" ", "").replace("\u00a0", "").lower()
    return name, line[at + 1 :].strip(_STRIP)


def after_head(lines: list[str], at: int, answers: bool, drawn: bool) -> int:
    """Where a quoted head that begins here ends; 0 when there is none. Below a drawn line less is asked of it."""
    first = field_kind(lines[at])
    if not _value(lines[at]):
        return 0
    if first in {"from", "date", "subject", "to"}:
        seen = _fields(lines, at, first)
        if _is_head(seen, answers and (first == "from" or drawn), drawn):
            return max(number for number, _ in seen.values()) + 1
    return _shaped(lines, at) if drawn and answers else 0


def _value(line: str) -> str:
    return _parted(line)[1]


def _fields(lines: list[str], at: int, first: str) -> dict[str, tuple[int, str]]:
    """Line number and value of each field by kind."""
    seen = {first: (at, _value(lines[at]))}
    gaps = 0
    for number in range(at + 1, min(at + _BLOCK, len(lines))):
        kind = field_kind(lines[number])
        gaps = 0 if kind else gaps + 1
        if gaps > 2 or (kind and kind in seen and kind not in {"cc", "reply"}):
            break
        if kind:
            seen[kind] = (number, _value(lines[number]))
    return seen


def _is_head(seen: dict[str, tuple[int, str]], lenient: bool, drawn: bool) -> bool:
    found = seen.keys() & {"from", "date", "to", "subject"}
    people = any(_MAILBOX.search(seen[kind][1]) for kind in ("from", "to") if kind in seen)
    dated = "date" in seen and bool(_WHEN.search(seen["date"][1]))
    if {"from", "subject"} <= found and len(found) >= 3:
        return people or dated
    if {"from", "date", "to"} <= found or (lenient and "from" in found and (drawn or len(found) > 1)):
        return people
    return lenient and dated and people and {"date", "to"} <= found


def _shaped(lines: list[str], at: int) -> int:
    """A head in a language that no table has: three named lines with an address and a date."""
    end = at
    while end < min(at + _BLOCK, len(lines)) and _NAMED.match(lines[end][:_LINE].lstrip(_STRIP[:3])):
        end += 1
    block = "\n".join(line[:_LINE] for line in lines[at:end])
    return end if end - at >= 3 and _MAILBOX.search(block) and _WHEN.search(block) else 0


def after_notes(lines: list[str], at: int) -> tuple[int, int]:
    """Of a head of Lotus Notes, whose time is in this line: the lines above that belong to it, and its end."""
    line = lines[at]
    stamp = _STAMP.fullmatch(line) if len(line) <= _LINE // 2 else None
    if stamp is None:
        return 0, 0
    back = 0 if stamp[1] else 1
    who = stamp[1] or (lines[at - 1][:_LINE].rstrip() if at else "")
    return (back, _below_labels(lines, at + 1)) if _NOTES_NAME.search(who) else (0, 0)


def _below_labels(lines: list[str], at: int) -> int:
    """Below the value of the subject, where a recipient stands above it; 0 without both."""
    seen: set[str] = set()
    for number in range(at, min(at + _BLOCK, len(lines))):
        name, value = _parted(lines[number]) if ":" in lines[number] else (lines[number][:30].strip(_STRIP).lower(), "")
        kind = _KINDS.get(name, "")
        seen.add(kind)
        if kind == "subject" and "to" in seen:
            below = number if value else next((n for n in range(number + 1, len(lines)) if lines[n].strip()), number)
            return below + 1
    return 0
