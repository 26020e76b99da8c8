"""What mail servers call themselves and their notices of a failed delivery, in twenty-two languages, as tables.

Used by `bounces` and `robots`. A new server or language is a new phrase here. A subject counts as formal only at
its beginning: people write "Re:" or words of their own in front of it.
"""

from __future__ import annotations

import re

from maildesk.mime.phrases import any_of, begins_with

# Names no person writes as.
DAEMON = any_of(r"""
mail[-_. ]?daemon|mail deliver(?:y|er)?\b|delivery (?:sub)?system|mdaemon|post_master@|mailer[-_]?system
mail (?:routing|transfer|transport) (?:system|agent)|automated response from
""")
MAILER_DAEMON = re.compile(r"(?i)mailer[-_]daemon@|^mailer[-_]daemon\b")
# Names of machines that a person at the server's desk may use, too.
OFFICE = any_of(r"""
(?:^|(?<=[^\w.-]))postmaster\b|post_?master@|postmaster-|mail ?(?:sub)?system|(?:system|mail|network) administrator
microsoft (?:outlook|exchange)|^bounces?\b|^root@|^mailadm|(?:no|do[-_. ]?not)[-_. ]?reply|sysadmin@|^sysadm
anti-?(?:virus|spam)|(?:mail|e-?mail|smtp|security|spam) ?(?:gateway|filter|guard|marshal|sweeper|scan)|mailgate
^mailscan|interscan|symantec|groupshield|surfcontrol|barracuda|mimecast|messagelabs|amazonses|^mail@
mail[-_ ]?serv(?:er|ice)|post ?office|^smtp|smtp[-_ ]?mail|^exchange|auto-?(?:mail|notif)|^notif|^listserv|^daemon
""")

# How programs begin a subject, and no person does.
FORMAL = begins_with(r"""
(?:\[(?:postmaster|bounce|mail)\]|\*+(?:message you sent )?) ?(?:e-?mail delivery|blocked by|\Z)|\[bounce\]
undeliver(?:able|ed)(?: (?:e-?mail|message|mail))?(?: returned to (?:the )?sender)?\s*(?::|\Z)
delivery (?:status )?(?:notification|report|reports about)\b(?!.{0,60}\?)
(?:failure notice|failure delivery|mail failure|failed mail|delivery error|delivery failed)\s*(?::|$|\()
delivery failure(?: notification| report| notice)?\s*(?::|\(|$)|returned (?:(?:e-?)?mail|to sender)\b
mail returned to sender
(?:e-?mail|mail|message) delivery (?:failed|failure|problem|error|system|warning|has failed|delayed|status|report)
(?:e-?)?mail system error|mail (?:could|can) ?not be (?:delivered|sent)\s*$|failed mail\b
(?:your )?(?:e-?mail|mail|message|letter) (?:could not be|was not|not|is|was) (?:delivered|undeliver(?:able|ed))\W*$
message status - undeliverable|message undeliverable|undelivered (?:mail|message)
undeliver(?:able|ed) (?:mail|message)
non-?(?:delivery|deliverable)(?: (?:report|notice|notification|mail|message))?\s*(?::|\(|$)
warning: (?:could not send|message|mail|e-?mail)|delayed (?:mail|message|delivery)\b|delivery delayed
delivery warning
delivery (?:has been|is) delayed|postmaster notify|permanent delivery failure|could not send message
unable to deliver
there was an error sending your|error sending message \[|notice: mail delivery status|message blocked
automatically (?:rejected|returned) mail|nondelivery
bounced mail\W*$
(?:rejected|blocked|returned) (?:mail|message)\s*(?::|$)|message (?:delayed|rejected|returned)\s*[:(]
unzustellbar|nicht zustellbar|(?:nachricht|mail|e-mail) (?:nicht|unzustellbar)|zustell(?:ung|fehler)(?:sbericht)?\b
(?:benachrichtigung|mitteilung) .{0,20}(?:übermittlungs|zustell(?:ungs)?)-?status
fehler bei (?:der )?(?:nachrichten)?zustell
übermittlungsbericht|unzustellbare|verzögerte zustellung|rückläufer
non remis|non distribu|non délivr|échec (?:de |d'|à )(?:la )?(?:remise|distribution|livraison|envoi)
(?:message|courrier|mail) non (?:remis|distribu|délivr)|avis de (?:non[- ]remise|non[- ]distribution)
(?:notification|rapport|avis) (?:d.état de|de non|d.échec de) ?(?:la )?(?:remise|distribution)
remise (?:différée|retardée)
impossible de (?:remettre|distribuer)
no se (?:puede|pudo|ha podido) entregar|no entregad[oa]\s*:|(?:correo|mensaje) (?:no entregado|devuelto)
notificaci[oó]n (?:del? |sobre )?(?:el )?estado de (?:la )?entrega|error (?:en|de) (?:la )?entrega|entrega fallida
fallo (?:en|de) (?:la )?entrega|entrega retrasada
non recapit|mancat[ao] (?:consegna|recapito)|impossibile recapitare|avviso di mancata consegna|errore di consegna
notifica (?:di |dello |sullo )?stato (?:di |del |della )?(?:recapito|consegna)|messaggio non (?:recapitat|consegnat)
recapito (?:non riuscito|ritardato)
onbestelbaar|niet (?:te )?bezorg|bezorging(?:sstatus)?\b|bericht niet (?:bezorgd|afgeleverd)
(?:melding|kennisgeving) (?:van |over )?(?:de )?(?:bezorg|aflever)ings?status|niet[- ]?afgeleverd
não (?:é )?possível entregar|não entregue|falha na entrega|não foi possível entregar|mensagem não entregue
notificação (?:de |do |da )?(?:status|estado) (?:de|da) entrega|e-?mail não entregue|entrega (?:falhou|atrasada)
niedostarcz|niedoręcz|nie (?:można|udało się) (?:dostarczyć|doręczyć)
powiadomienie o stanie (?:doręczenia|dostarczenia)
zwrot (?:wiadomości|poczty|przesyłki)|nie dostarczono
не ?доставлен|не удается доставить|не удалось доставить|невозможно доставить|уведомление о (?:состоянии |не)?доставк
сообщение не (?:доставлено|может)|недоставленн?|ошибка доставки|письмо не доставлено|возврат письма
не вдалося доставити|неможливо доставити|сповіщення про стан доставки|повідомлення не доставлено
nedoruč|zprávu nelze doručit|oznámení o stavu doručení|nelze doručit|zpráva (?:nebyla doručena|nedoručena)
kan ikke leveres|kunne ikke (?:leveres|levere)|ikke levert|ikke leveret|meddelelse om leveringsstatus
varsel om leveringsstatus|leveringsstatus|det gick inte att leverera|kan inte levereras|kunde inte levereras
olevererba
ej levererba|meddelande om leveransstatus|leveransstatus|ei voi toimittaa|toimittam
toimitus (?:epäonnistui|viivästyi)
ei (?:toimitettavissa|voitu toimittaa)|tieto toimituksen tilasta
配信不能|配信失敗|配送不能|未配信|送信エラー|エラーメール|メールエラー
(?:メッセージ|メール)(?:を|が|の)?(?:配信|配送|送信|お届け)(?:で|に失敗|エラー|不能|不可)
メール配信(?:に失敗|エラー)|配達不能|不達
无法(?:送达|投递|传递|传送|发送)|未(?:送达|传递|能投递)|系统退信|退信|投递失败|邮件(?:投递|发送)失败
無法(?:傳遞|傳送|投遞|寄)|退回|傳送失敗|未傳遞|邮件退回
배달(?:되지|할 수|하지|실패| 실패| 불가)|전송(?: )?(?:실패|불가)|발송(?: )?실패|반송|메일 (?:전송|발송|배달) ?실패
teslim edilem|iletilemedi|gönderilemedi|teslimat (?:durumu|başarısız|hatası)|iletilemeyen|teslim edilmedi
nem kézbesíthető|kézbesíthetetlen|nelivrabil|imposibil de livrat|δεν (?:ήταν δυνατή|παραδόθηκε)
""")
# Stems of the next table: a subject without any of them, as most have none, need not be searched.
_STEMS = (
    "deliver", "bounc", "return", "failed", "failure", "mail", "message", "user", "permanent", "address",
    "reject", "error", "warning", "postmaster", "block", "send", "sent", "zustell", "remis", "échec",
    "puede", "pudo", "mancata", "доставлен", "不能", "メール", "退", "onbestel", "entregue", "doruč", "dostarcz",
    "doręcz", "lever", "toimit", "teslim", "반송",
)  # fmt: skip
# What a subject has that speaks of a failed delivery, be it of a program or of a person.
_SPEAKS = any_of(r"""
undeliver|non-?deliver|returned mail|mail (?:could not|not)\b
delivery (?:status|fail|notif|report|problem|error|delay)|mail delivery|fail(?:ure|ed) (?:notice|delivery|mail)
(?:message|mail) (?:could not be |has been )?(?:delivered|delayed|returned|failed)|mail (?:system )?error
(?:could|can)(?: ?not|n't)(?: be)? (?:send|deliver|sent)|user unknown|unknown user|returned to sender
return(?:ed|ing) (?:message|mail|to sender)|bounce|unzustellbar|zustellung|nicht zustellbar|non remis|échec
no (?:se )?(?:puede|pudo)|mancata consegna|не ?доставлен|配信不能|メール.{0,10}(?:届|エラー|不達)|退信|退回
permanent error
delivery has failed|address (?:not found|error)|mailbox (?:full|unavailable)|undelivered|rejected|blocked by
error (?:sending|delivering)|warning:|postmaster notify|mail failure|could not be delivered
onbestelbaar|não entregue|nedoruč|niedostarcz|niedoręcz|kan ikke leveres|levereras|toimit|teslim edilem|반송
""")
_FORWARDED = begins_with(r"""
(?:re|fwd?|aw|wg|tr|rv|rif|sv|vs|vb|doorst|enc|res|pd|odp|ответ|пересл|vl|ynt|ilt|答复|回复|转发|轉寄|回覆|전달|회신)\s?(?:\[\d+\])?\s?[:：]
""")


def is_passed_on(subject: str) -> bool:
    """Whether somebody answers or forwards: programs begin with neither."""
    return _FORWARDED.match(subject) is not None


def speaks(subject: str) -> bool:
    lowered = subject.lower()
    return any(stem in lowered for stem in _STEMS) and _SPEAKS.search(subject) is not None
