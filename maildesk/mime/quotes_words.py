"""How mail programs introduce what they quote: the words of nineteen languages, as tables.

Used by `quotes` alone. A new language or program is a new word here; every test is on one bounded line, so hostile
text costs no more than its length.
"""

from __future__ import annotations

import re

from maildesk.mime.phrases import alternatives

_LINE = 400  # characters of a line that are looked at; introductions are shorter

# "On DATE, NAME wrote:" - the verb, and the words that follow it in some languages.
_VERBS = alternatives("""
wrote|writes|schrieb(?:en)?|hat (?:Folgendes )?geschrieben|a écrit|écrivait|escribió|escribio
ha scritto|scrive(?:va)?
schreef|heeft (?:het volgende )?geschreven|escreveu|napisał\\(a\\)|napisała?|pisze|написала?|написав|написала
пишет|пише|писал\\(?а?\\)?|wysłał|napsal\\(a\\)|napsala?|skrev(?: følgende)?|skrev:|kirjoitti|yazdı
şunu yazdı|scris|a scris
写道|寫道|写入|님이 작성|님이 씀|wrote the following|said|sent|ha inviato|schreef het volgende|följande
""")
_VERB = re.compile(
    rf"(?i)(?:(?:\b|(?<=[>\]\)\"'])){_VERBS}|写道|寫道|님이 작성|さんは書きました|のメール|のメッセージ)"
)
_FIRST_WORD = re.compile(
    r"(?i)(?:on|at|am|le|el|il giorno|il|op|em|no dia|a|w dniu|dnia|в|вт|ср|чт|пт|сб|вс|пн|dne|den|pe|ti|ma|ke|to|la|su"
    r"|il|lun|mar|mer|gio|ven|sab|dom|på|pada|на|от|у|于|在|mon|tue|wed|thu|fri|sat|sun|\d)\b|(?:于|在|\d)"
)
_MAILBOX = re.compile(r"[^\s<>@\"]{1,64}@[^\s<>@\"]{1,255}")
_TIME = re.compile(r"\d{1,2}\s?[:.h時点]\s?\d{2}|\d{1,2}\s?(?:AM|PM|am|pm|Uhr)\b")
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}|\d{4}\s?[年년]|\d{1,2}\.?\s\w{3,12}\.?,?\s(?:19|20)?\d\d\b"
)
_EVIDENCE = re.compile(r"[\d@]")
_END = re.compile(r"[:：]\s*[*_>]*\s*$")
_GMAIL_OLD = re.compile(
    r"(?:\d{4}[-/年.]\s?\d{1,2}[-/月.]\s?\d{1,2}日?\S*.{0,80}?<[^<>\s]{3,200}@[^<>\s]{1,200}>"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.{0,80}?<[^<>\s]{3,200}@[^<>\s]{1,200}>)\s*[:：]?\s*$"
)

_VERB_LAST = re.compile(rf"(?i){_VERBS}\s*:?$")
_INSIDE = re.compile(r"(?<!\S)(?:-*\s*)(?:On|Am|Le|El|Il|Op|Em)\s(?=\w{2,10}[.,]?\s\S|\d)")

_ORIGINAL = """
original message|original appointment|original email|reply message|ursprüngliche nachricht|originalnachricht
original-nachricht|ursprüngliche mail|urspr\\. mitteilung|message d'origine|message d’origine|message original
message initial|mensaje original|messaggio originale|oorspronkelijk bericht|origineel bericht
oorspronkelijke bericht
mensagem original|oryginalna wiadomość|wiadomość oryginalna|pierwotna wiadomość|исходное сообщение
оригинальное сообщение|вихідне повідомлення|оригінальне повідомлення|původní zpráva|původní e-mail
oprindelig meddelelse|oprindelig besked|original meddelelse|ursprungligt meddelande|originalmeddelande
opprinnelig melding|original melding|alkuperäinen viesti|元のメッセージ|原始邮件|原始郵件|邮件原件|원본 메일|원본 메시지
원본 이메일|özgün ileti|orijinal mesaj|orjinal mesaj|mesaj original|mesajul original
""".replace("\n", "|").strip("|")
ORIGINAL = re.compile(rf"(?i)[\s>*]*(?:[-_=]{{2,}}|={{2,}}|\*)\s*(?:{_ORIGINAL})[\s:]*(?:[-_=]{{2,}}|\*|$)")

_FORWARD = """
forwarded message|forwarded by|forwarded email|begin forwarded message|weitergeleitete nachricht
weitergeleitet von
anfang der weitergeleiteten (?:nachricht|e-mail)|message transféré|message réexpédié
début du message (?:réexpédié|transféré)
mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato
inizio (?:del )?messaggio inoltrato|doorgestuurd bericht
begin (?:van )?doorgestuurd bericht|mensagem encaminhada|mensagem reencaminhada
início da mensagem (?:re)?encaminhada
przekazana wiadomość|wiadomość przekazana|początek przekazywanej wiadomości|пересылаемое сообщение
пересланное сообщение
начало переадресованного сообщения|переслане повідомлення|přeposlaná zpráva|předaná zpráva
videresendt (?:besked|meddelelse)
videresendt melding|start på videresendt (?:besked|melding)|vidarebefordrat meddelande|vidarebefordrat brev
välitetty viesti|転送されたメッセージ|転送メッセージ|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|전달된 메시지|전달한 메시지
iletilen ileti|yönlendirilen ileti|yönlendirilmiş ileti
""".replace("\n", "|").strip("|")
FORWARD = re.compile(rf"(?i)[\s>*]*(?:[-_=]{{2,}}\s*(?:{_FORWARD})|(?:{_FORWARD})\s*:)")

_FIELDS = {
    "from": "from von de da van od от від fra från lähettäjä 差出人 发件人 寄件者 寄件人 보낸사람 보낸이"
    " kimden gönderen"
    " expéditeur remitente mittente afzender nadawca отправитель відправник odesílatel avsändare avsender afsender",
    "date": "sent date messagedu gesendet datum envoyé enviado fecha inviato data verzonden enviada wysłano wysłane"
    " дата отправлено"
    " надіслано odesláno sendt dato skickat lähetetty päivämäärä päiväys 送信日時 日時 发送时间"
    " 日期 傳送時間 寄件日期 보낸날짜"
    " 날짜 gönderilme gönderildi tarih gönderilmetarihi enviadoel verzondenop",
    "to": "to an à a para aan do кому komu til till vastaanottaja 宛先 收件人 收件者 받는사람 받는이 kime alıcı"
    " destinataire destinatario destinatário pour odbiorca",
    "subject": "subject betreff objet asunto oggetto onderwerp assunto temat тема předmět emne ämne aihe 件名 主题 主旨"
    " 標題 제목 konu sujet re betr",
    "cc": "cc copieà kopie copie copia kopia копия копія kopi kopio 抄送 副本 참조 bilgi dw dm",
    "reply": "reply-to antwort an répondre à importance priority wichtigkeit priorität attachments anlagen",
}
_KINDS = {word: kind for kind, words in _FIELDS.items() for word in words.split()}
_STRIP = " \t>*_|\u00a0\u3000"


def field_kind(line: str) -> str:
    """Which header field a line shows ("from", "date" ...), "" when it shows none."""
    name, colon, rest = line[:_LINE].partition(":")
    if not colon or (len(name) < 20 and "：" in name):
        name, colon, rest = line[:_LINE].partition("：")
    if not colon or len(name) > 24:
        return ""
    return _KINDS.get(name.strip(_STRIP).replace(" ", "").lower(), "") if rest.strip(_STRIP) else ""


def introduces(text: str) -> str:
    """Whether a text of one to four joined lines introduces a quotation: "strong", "weak" or ""."""
    text = text[-_LINE:].lstrip(_STRIP).rstrip(" \t*_\u00a0\u3000")
    if _GMAIL_OLD.match(text) or _is_ruled(text):
        return "strong"
    if not _EVIDENCE.search(text):
        return ""
    day, clock, mailbox = _DAY.search(text), _TIME.search(text), _MAILBOX.search(text)
    ended = _END.search(text)
    if day and mailbox and (clock or _FIRST_WORD.match(text)) and (ended or _verb_last(text)):
        return "strong"  # in any language
    if not (ended and _VERB.search(text)):
        return ""
    if (day and clock) or ((day or clock) and _FIRST_WORD.match(text)):
        return "strong"
    return "weak" if mailbox or day or clock else ""


def _verb_last(text: str) -> bool:
    verb = _VERB.search(text)
    return verb is not None and verb.end() == len(text)


def _is_ruled(text: str) -> bool:
    """ "---- On DATE NAME wrote ----", of telephones and of Zoho."""
    return text.startswith("--") and text.endswith("--") and bool(_VERB_LAST.search(text.strip("- ")))


def begins(line: str) -> bool:
    """Whether an introduction may begin with this line."""
    text = line[:_LINE].strip(_STRIP)
    if text.endswith((".", "!", "?")):
        return False
    day, clock = _DAY.search(text), _TIME.search(text)
    return bool(day and clock) or bool(_FIRST_WORD.match(text) and (day or clock))


def ends(line: str) -> bool:
    """Whether an introduction may end with this line: the cheap question, asked of every line."""
    tail = line[-40:].rstrip(" \t*_\u00a0\u3000")
    return tail.endswith((":", "：", ">", "--", "wrote"))


def inside(line: str) -> int:
    """Where in a line an introduction begins that follows words of the writer; 0 when none does."""
    if len(line) > _LINE:
        return 0
    found = [match.start() for match in _INSIDE.finditer(line)]
    return found[-1] if found and found[-1] > 0 and introduces(line[found[-1] :]) == "strong" else 0
