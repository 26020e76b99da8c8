"""Lines that are drawn around what is quoted or passed on, with their words: tables of some forty languages.

Used by `quotes` and `html`. A new language is a new word here. What is passed on is the writer's matter and stays, what
is quoted goes: a drawn line with unknown words is taken for neither.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import lazily

DRAWN = "[-_=~\u2010-\u2015\u2500]"

_ORIGINAL = """
original message|original appointment|original email|original e-mail|reply message|original mail|original
ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|ursprüngliche e-mail|urspr\\. mitteilung
ursprünglicher termin|originaltermin|original-mail|originalmail
message d['’]origine|message original|message initial|mail original|courriel original|rendez-vous d['’]origine
message d['’]origine|e-mail d['’]origine|mensaje original|correo original|cita original|messaggio originale
appuntamento originale|e-mail originale|oorspronkelijk bericht|oorspronkelijke bericht
origineel bericht|originele bericht
oorspronkelijke afspraak|mensagem original|compromisso original|email original|oryginalna wiadomość|wiadomość oryginalna
pierwotna wiadomość|wiadomość pierwotna|исходное сообщение|оригинальное сообщение|исходное письмо|оригинальное письмо
вихідне повідомлення|оригінальне повідомлення|початкове повідомлення|вихідний лист|оригінальний лист
původní zpráva|původní e-mail|původní email|pôvodná správa|pôvodný e-mail
oprindelig meddelelse|oprindelig besked|original meddelelse|original besked|oprindelig mail|oprindelig aftale
ursprungligt meddelande|originalmeddelande|ursprunglig avtalad tid|ursprungligt mail
opprinnelig melding|original melding|opprinnelig e-post|opprinnelig avtale
alkuperäinen viesti|alkuperäinen tapaaminen|元のメッセージ|元のメール|オリジナルメッセージ|原始邮件|原始郵件
邮件原件|原邮件|原郵件
原始信息|原始訊息|原始讯息|郵件原件|원본 메일|원본 메시지|원본 이메일|원래 메시지|원본메일|원본 내용
özgün ileti|orijinal mesaj|orjinal mesaj|orijinal ileti|orijinal e-posta|özgün e-posta|orijinal posta|özgün randevu
mesaj original|mesajul original|eredeti üzenet|eredeti levél|αρχικό μήνυμα|оригинално съобщение|първоначално съобщение
izvorna poruka|originalna poruka|izvirno sporočilo|оригинална порука|algne kiri|algne sõnum|originali žinutė
pradinis laiškas|sākotnējais ziņojums|oriģinālais ziņojums|thư gốc|tin nhắn gốc|pesan asli|missatge original
ข้อความต้นฉบับ|ข้อความเดิม|הודעה מקורית|الرسالة الأصلية|پیام اصلی|upprunaleg skilaboð
""".strip().replace("\n", "|")
ORIGINAL = lazily(rf"(?i)[\s>*]*(?:{DRAWN}{{2,}}|\*)\s*(?:{_ORIGINAL})[\s:]*(?:{DRAWN}{{2,}}|\*|$)")

_FORWARD = """
forwarded message|forwarded by|forwarded email|forwarded mail|begin forwarded message|weitergeleitete nachricht
weitergeleitet von|weitergeleitete mail|weitergeleitete e-mail|anfang der weitergeleiteten (?:nachricht|e-mail|mail)
message transféré|message réexpédié|mail transféré|courriel transféré|transféré par|réexpédié par
début du (?:message|courriel) (?:réexpédié|transféré)|mensaje reenviado|correo reenviado|reenviado por
inicio del mensaje reenviado|messaggio inoltrato|inoltrato da|inizio (?:del )?messaggio inoltrato
doorgestuurde? bericht|doorgestuurd door|begin (?:van )?(?:het )?doorgestuurde? bericht
mensagem encaminhada|mensagem reencaminhada|encaminhado por|início da mensagem (?:re)?encaminhada
przekazana wiadomość|wiadomość przekazana|wiadomość przekazana dalej|treść przekazanej wiadomości|przekazane przez
początek (?:przekazywanej|przekazanej) wiadomości|пересылаемое сообщение|пересланное сообщение|пересылаемое письмо
пересланное письмо|перенаправленное сообщение
начало (?:переадресованного|пересылаемого|пересланного) (?:сообщения|письма)
пересилане повідомлення|переслане повідомлення|переслано|пересланий лист|початок листа, що пересилається
початок (?:переадресованого|пересланого|пересиланого) (?:повідомлення|листа)
přeposlaná zpráva|předaná zpráva|přeposlaný e-mail|začátek (?:přeposílané|přeposlané|předané) zprávy
preposlaná správa|začiatok preposlanej správy
videresendt (?:besked|meddelelse|melding|e-post|mail)|start på (?:videresendt|videresendte) (?:besked|melding|e-post)
begynnelse på videresendt melding|vidarebefordrat (?:meddelande|brev|mail)|början på vidarebefordrat (?:meddelande|brev)
välitetty viesti|edelleenlähetetty viesti|välitetty viesti alkaa|(?:välitetyn|edelleenlähetetyn) viestin alku
転送されたメッセージ|転送メッセージ|転送メール|転送されたメール|以下は転送されたメールです|転送されたメッセージの始まり
转发的邮件|转发邮件|转发的消息|转发邮件信息|转发信息|下面是被转发的邮件|以下是转发的邮件|被转发邮件信息
轉寄郵件|轉寄的郵件|轉寄訊息|開始轉寄郵件|以下是轉寄的郵件|轉發的郵件
전달된 메일|전달된 메시지|전달한 메시지|전달된 이메일|전달 메시지
[iİ]letilen (?:ileti|mesaj|e-posta)|yönlendirilen (?:ileti|mesaj)|yönlendirilmiş (?:ileti|mesaj|e-posta)
(?:[iİ]letilen|yönlendirilen|yönlendirilmiş) (?:ileti|mesaj|e-posta) başlangıcı
továbbított (?:üzenet|levél)|továbbított (?:üzenet|levél) kezdete|mesaj redirecționat|mesaj redirectionat
προωθημένο μήνυμα|препратено съобщение|proslijeđena poruka|prosleđena poruka|posredovano sporočilo
edastatud (?:kiri|sõnum)|persiųsta žinutė|persiųstas laiškas|pārsūtīts ziņojums|thư đã chuyển tiếp
tin nhắn được chuyển tiếp|pesan terusan|pesan yang diteruskan|missatge reenviat|ข้อความที่ส่งต่อ
הודעה שהועברה|رسالة مُعاد توجيهها|الرسالة المعاد توجيهها
""".strip().replace("\n", "|")
FORWARD = lazily(rf"(?i)[\s>*]*(?:{DRAWN}{{2,}}\s*(?:{_FORWARD})|(?:{_FORWARD})\s*[:：])")

_DRAWS = frozenset("-_=~*\u2010\u2011\u2012\u2013\u2014\u2015\u2500")
RULE = re.compile(r"[\s>*]*(?:_{5,}|-{5,}|={3,}|\*{5,}|[\u2010-\u2015\u2500]{5,})[\s*]*")


# GroupWise: ">>> NAME <ADDRESS> DAY TIME >>>", and its newer ">>> On DAY at TIME, in message".
_BETWEEN = re.compile(
    r">>> ?[^>].{0,200}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AP]M)?(?: >>>|, in message(?: <[^<>]{1,200}>,?)?)[\s*]*"
)


def is_original(line: str) -> bool:
    """Whether a line says that the original mail follows: asked of many lines, so their first sign decides most."""
    if line.startswith(">>>"):
        return _BETWEEN.fullmatch(line[:400]) is not None
    return line.lstrip(" \t>")[:1] in _DRAWS and ORIGINAL.match(line[:200]) is not None
