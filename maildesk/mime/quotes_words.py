"""How mail programs introduce what they quote ("On DATE, NAME wrote:"): the words of some forty languages, as tables.

Used by `quotes` and `html`. A new language or program is a new word here; every test is on one bounded line, so hostile
text costs no more than its length.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import lazily
from maildesk.mime.phrases import alternatives

_LINE = 400  # characters of a line that are looked at; introductions are shorter

# The verb, and the words that follow it in some languages.
_VERBS = alternatives("""
wrote|writes|wrote the following|said|sent|schrieb(?:en)?|schreibt|geschrieben|a écrit|écrivait|écrit
escribió|escribio|ha escrito|escribía|ha scritto|scrive(?:va)?|ha inviato|schreef|schrijft|schreef het volgende
geschreven|escreveu|escreve|napisał\\(a\\)|napisała?|napisana przez|pisze|написала?|написав
написал\\(а\\)|написав\\(-?ла\\)|пишет|пише|писали?|писала|писал\\(?а?\\)?|писав|wysłał|napsal\\(a\\)|napsala?|píše
napísal\\(a\\)|napísala?|skrev(?: følgende)?|skriver|följande|kirjoitti|kirjoittaa|yazdı|yazmış|şun(?:u|ları) yazdı
írta|ezt írta|scris|a scris|έγραψε|написа|написал|napisao(?:/la)? je|napisala|napisao|je napisal(?:a|\\(a\\))?
napisal\\(a\\)|kirjutas|rašė|parašė|rakstīja|đã viết|viết|menulis|va escriure|ha escrit|missatge de
""")
_PLAIN = (
    "写道|寫道|写入|说道|님이 작성|님이 씀|작성|쓴 글|のメール|のメッセージ|書きました|书写|"
    "เขียนว่า|เขียน|כתב/?ה?|כתבה|كتب|تمت كتابة"
)
_VERB = lazily(rf"(?i)(?:(?:\b|(?<=[>\]\)\"'])){_VERBS}(?!\w)|{_PLAIN})")
_FIRST_WORD = lazily(
    r"(?i)(?:on|at|am|le|el|il giorno|il|op|em|no dia|às|a|w dniu|dnia|dňa|v|в|вт|ср|чт|пт|сб|вс|пн|нд|dne|den|pe|ti|ma"
    r"|ke|to|la|su|lun|mar|mer|gio|ven|sab|dom|på|pada|на|от|у|于|於|在|mon|tue|wed|thu|fri|sat|sun|în|στις|vào|kuupäev"
    r"|lúc|ng[aà]y|ในวันที่|בתאריך|في|بتاريخ|\d)\b|(?:于|於|在|\d|ใน)"
)
_MAILBOX = re.compile(r"[^\s<>@\"]{1,64}@[^\s<>@\"]{1,255}")
_LAST_MAILBOX = re.compile(
    r"[<(\[\"]\s?[^\s<>@\"]{1,64}@[^\s<>@\"]{1,255}[>)\]\"]{1,3}\s*[:：]?$"
    r"|\s(?:by|von|de|da|por|par|от|від|av|af|fra|från|door|przez|via)\s[^\s<>@\"]{1,64}@[\w.-]{3,250}[:：]$"
)
_TIME = re.compile(
    r"\d{1,2}\s?[:h時点시时]\s?\d{2}|(?<![\d.])\d{1,2}\.\d{2}(?![.\d])|\d{1,2}\.\d{2}\.\d{2}(?=\s[A-Z+-])"
    r"|\d{1,2}\s?(?:AM|PM|am|pm|Uhr)\b"
)
_DAY = re.compile(
    r"\b(?:19|20|25)\d\d\b|\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}|\d{4}\s?[年년]"
    r"|\b\d{1,2}\.?\s\w{3,12}\.?,?\s(?:19|20)?\d\d\b"
)
_EVIDENCE = re.compile(r"[\d@]")
_END = re.compile(r"[:：]\s*[*_>]*\s*$")
_GMAIL_OLD = re.compile(
    r"(?:\d{4}[-/年.]\s?\d{1,2}[-/月.]\s?\d{1,2}日?\S*.{0,80}?<[^<>\s]{3,200}@[^<>\s]{1,200}>"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.{0,80}?<[^<>\s]{3,200}@[^<>\s]{1,200}>)\s*[:：]?\s*$"
)
# Who tells a story instead of introducing a quotation; "The Acme Team" with its address does not.
_TELLING = lazily(
    r"\b(?:I|we|he|she|they|you|it|my|our|his|her|their|ich|wir|er|sie|mein|meine|unser|unsere|nous|elle|ils|mon|notre"
    r"|yo|nosotros|ella|mi|nuestro|io|noi|lui|lei|mio|nostro|ik|wij|hij|zij|mijn|onze|eu|nós|meu|nosso|jeg|vi|jag|han|hon"
    r"|я|мы|он|она|они|мой|наш|ми|він|вона|ja|my|mój|nasz)\b"
)
_ARTICLE = re.compile(r"\b(?:the|this|that|these|der|die|das|les|los|het|gli)\b")
_NAME = re.compile(r"[\s>\"'(]*[^\W\d_a-zß-öø-ÿ][^<>@:：!?\n]{0,60}$")
_BARE = lazily(
    rf"(?:(?:Quoting|Zitat von|Citando|Citando a|Citát|Cytowanie|En réponse à|Citeren|Citat|Цитирую) .{{2,120}}"
    rf"|(?:{_PLAIN})|(?:[^\W\d_a-z][\w.'’-]{{0,30}},?\s){{1,5}}(?:<[^<>]{{3,120}}>\s)?(?i:{_VERBS}))\s*[:：]$"
)
# Who is quoted, by name and address alone: Horde.
_QUOTING = lazily(
    r"(?i)(?:quoting|zitat von|citation de|citando(?: a)?|citát|citat|cytowanie|citeren|цитирую|цитата от)\s"
    r"[^<>@\n]{0,120}<?[^\s<>@\"]{1,64}@[^\s<>@\"]{1,255}>?\s?[:：]$"
)
_VERB_LAST = lazily(rf"(?i){_VERBS}\s*:?$")
_INSIDE = re.compile(r"(?<!\S)(?:-*\s*)(?:On|Am|Le|El|Il|Op|Em)\s(?=\w{2,10}[.,]?\s\S|\d)")
_LONE = re.compile(r"[^<>@:.!?]{1,60}<[^\s<>@]{1,64}@[^\s<>@]{1,255}>")
_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]+")
_STRIP = " \t>*_|\u00a0\u202f\u3000"


def introduces(text: str) -> str:
    """Whether a text of one to five joined lines introduces a quotation: "strong", "weak" or ""."""
    text = _bare(text)
    if _is_ruled(text):
        return "strong"
    text = text.lstrip("-‐–— ")
    if _GMAIL_OLD.match(text) or _QUOTING.match(text):
        return "strong"
    if not _EVIDENCE.search(text):
        return "weak" if _BARE.match(text) and not _TELLING.search(text) else ""
    return _dated(text)


def _dated(text: str) -> str:
    ended = _END.search(text)
    verb = _VERB.search(text)
    if not ended and not (verb and verb.end() == len(text)):
        return ""
    day, clock, mailbox = _DAY.search(text), _TIME.search(text), _MAILBOX.search(text)
    first = _FIRST_WORD.match(text)
    if _TELLING.search(_MAILBOX.sub("", text)):
        return "weak" if verb and (mailbox or (day and clock)) else ""
    if day and mailbox and (clock or first) and (verb or _LAST_MAILBOX.search(text) or _named(text)):
        return "strong"  # in any language
    if not (ended and verb):
        return ""
    if ((day and clock) or ((day or clock) and first)) and not _ARTICLE.search(text):
        return "strong"
    return "weak" if mailbox or day or clock or _BARE.match(text) else ""


def _bare(text: str) -> str:
    return _MARKS.sub("", text[-_LINE:]).lstrip(_STRIP).rstrip(" \t*_\u00a0\u202f\u3000")


def _named(text: str) -> bool:
    """Whether it begins with a name and an address, or with a day."""
    mailbox = _MAILBOX.search(text)
    if mailbox is None or not 0 < mailbox.start() < 80 or text[: mailbox.start()].rstrip()[-1:] not in '<(["':
        return False
    return bool(_NAME.match(text[: mailbox.start()].rstrip(" <([\"'")))


def _is_ruled(text: str) -> bool:
    """ "---- On DATE NAME wrote ----", of telephones and of Zoho."""
    return text.startswith("--") and text.endswith("--") and bool(_VERB_LAST.search(text.strip("- ")))


def begins(text: str) -> bool:
    """Whether an introduction, of one line or several joined ones, may begin where this text does."""
    text = _bare(text)
    if text.startswith("--"):
        text = text.lstrip("-‐–— ")
        return bool(_FIRST_WORD.match(text)) or bool(_VERB.search(text))
    mailbox = _MAILBOX.match(text)
    if mailbox or text[:1] in {"<", ""}:
        return False
    head = text[:40]
    day, clock = _DAY.search(head), _TIME.search(head)
    if day or (clock and _FIRST_WORD.match(text)):
        return bool(_FIRST_WORD.match(text)) or min(m.start() for m in (day, clock) if m) < 30
    return _named(text) or bool(_VERB.search(head))


def goes_on(line: str) -> bool:
    """Whether this line can be the upper part of an introduction: it ends no sentence."""
    text = _bare(line)
    return (bool(text) and not text.endswith((".", "!", "?", ":", "：", ";"))) or bool(
        re.search(r"[\d\w]\.$", text[-3:])
    )


def is_stub(line: str) -> bool:
    """The first words, or the name, which a program parted from the rest."""
    text = _bare(line)
    if _LONE.fullmatch(text):
        return True
    return len(text) <= 20 and bool(_FIRST_WORD.match(text)) and text.endswith((",", ".")) and text.count(" ") <= 2


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
