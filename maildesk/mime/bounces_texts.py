"""Sentences of notices of a failed delivery, and of the people who write about one, as tables for one line each.

Used by `bounces` and `bounces_prose`. A new server or language is a new phrase here; every gap is bounded, so hostile
lines cost no more than their length.
"""

from __future__ import annotations

import re

from maildesk.mime.phrases import any_of, begins_with

# What the text of a notice has.
FAILURE = any_of(r"""
user (?:is )?unknown|unknown (?:user|address|local|recipient|mailbox|host)
no such (?:user|person|address|mailbox|local user|account|recipient|domain)
(?:could|can) ?(?:not|n't) (?:be )?(?:deliver|send|sent|reach|complete)|(?:un|not )(?:deliverable|delivered)
undelivered
(?:was|were) not deliver|trouble (?:in )?delivering
delivery (?:to|of) .{0,80}(?:failed|delayed|postponed)|delivery attempt
delivery (?:to the following|failed|has failed|failure|error|problem|time expired)
permanent (?:fatal )?error|fatal error|permanent(?:ly)? fail|did not (?:reach|receive)
failed to (?:send|deliver|reach)
mailbox (?:is )?(?:full|unavailable|not found|disabled|inactive)|over ?quota|quota exceeded
exceed.{0,20}(?:quota|size)
host (?:not found|unknown)|unroutable|unrouteable|relaying denied|access denied|too many hops|message loop
(?:has|have) been (?:rejected|returned|delayed|blocked)|[45]\d\d[ -][#45]|[45]\.\d\.\d|\b5[05]\d[ -]|rejected
bounced
returned to sender|does ?n[o']t exist|not (?:exist|listed|found)|(?:unable|not able) to deliver
failed (?:recipient|address|to deliver)|invalid .{0,20}(?:recipient|user|address)|not (?:been )?delivered
giving up on
couldn't be|account.{0,30}(?:disabled|inactive|not active)|not a valid|not accepting
address(?:es)? (?:had|failed|error)
blocked by|not (?:a )?member|bad (?:address|recipient)|(?:postponed|deferred) due|mail (?:status|error)
nicht (?:\w+ )?(?:zugestellt|übermittelt|ausgeliefert)|unzustellbar|fehler bei der .{0,10}zustellung
zustellung .{0,60}fehl
empfänger .{0,20}(?:unbekannt|nicht gefunden|existiert)|existiert nicht|postfach .{0,20}voll|wurde .{0,20}abgelehnt
n.a pas (?:pu|été)|n.ont pas (?:pu|été)|impossible de|échec de (?:la )?remise|boîte .{0,30}pleine
destinataire .{0,20}inconnu
no se (?:ha |han )?(?:pudo|podido|puede|entreg)|no pudo (?:ser )?entreg|error al entregar|buzón .{0,20}lleno
no existe
non (?:è stato|sono stati|può essere|è possibile|è stata) .{0,20}(?:recapit|consegn|invia)|recapito non riuscito
impossibile (?:recapitare|consegnare|inviare)|casella .{0,20}piena
(?:destinatario|utente) (?:sconosciuto|inesistente)
(?:kan|kon|konden|kunnen) niet .{0,20}(?:bezorgd|afgeleverd|bereikt)|niet (?:worden )?(?:bezorgd|afgeleverd)
bezorging .{0,60}mislukt
não (?:pôde|foi|pode|puderam|é) .{0,20}(?:entregue|possível)|falha na entrega|caixa .{0,20}cheia|não existe
nie (?:można|udało się|mogła|został[ay]?) .{0,20}(?:dostarcz|doręcz)|niedostarcz
skrzynka .{0,20}(?:pełna|przepełniona)|nie istnieje
не (?:может быть|могло быть|удалось|удается|был[ао]?) .{0,20}доставл|невозможно доставить
не удалось (?:доставить|выполнить)|доставка .{0,40}не удалась
недоставлен|не существует|переполнен|не найден|отклонен
не вдалося (?:доставити|виконати)|не (?:може бути|було) доставлен|не існує
(?:nelze|nebyl[ao]?|nepodařilo se) .{0,20}doruč|neexistuje|schránka .{0,20}plná
(?:kunne|kan|kunde|kan) (?:ikke|inte) (?:blive |bli |levere)|kunde inte|gick inte att (?:leverera|nå)
leveringen .{0,40}mislykk
ei (?:voitu|voida|voi) (?:toimittaa|välittää)|toimitus .{0,60}epäonnistu|toimittaminen .{0,60}epäonnistu
(?:配信|送信|配送|お届け|配達|転送)(?:でき|することができ|に失敗|不能|され(?:ません|ず|なかった))
届け(?:られ|ることができ)ま(?:せん|した)|宛先(?:不明|が(?:存在|見つか))|見つかりません
(?:一杯|いっぱい|満杯|容量を?超)|存在し(?:ない|ません)|受信者.{0,20}(?:拒否|不明)
无法(?:送达|投递|传递|传送|发送|到达)|(?:邮件|信件|消息).{0,20}(?:退回|失败|被拒)|不存在|无法(?:找到|识别)
無法(?:傳遞|傳送|送達|投遞|寄)|已滿|已满
(?:전송|배달|발송|전달)(?:하지 못|되지 못|할 수 없|에 실패|되지 않|하지 않)|존재하지 않|반송|찾을 수 없
teslim edilem|iletilem|gönderilemedi|ulaştırılamadı|bulunamadı|mevcut değil
""")
# A sentence that only a program writes to the one whose mail it is about.
_NOT = "(?:(?:could|can|was|has|were) not|cannot|couldn't|wasn't|not able|undeliver|fail|blocked|reject|not yet)"
NOTICE = begins_with(rf"""
(?:this is (?:an? )?)?auto(?:matic(?:ally)?)?[- ]?generated
this (?:is the|message (?:was|has been) (?:created )?automat)
(?:your|the|the attached|this) (?:original )?(?:e-?mail|mail|message)s?\b.{{0,200}}{_NOT}
(?:the |your )?(?:e-?mail|mail|message).{{0,60}}(?:below|following|subject).{{0,60}}{_NOT}
(?:the )?following (?:e-?mail |mail )?(?:message|recipient|address|user|mailbox).{{0,80}}(?:{_NOT}|did not|had)
(?:mail )?delivery (?:to|of|has|is|was|failed|failure|status|attempt)\b.{{0,80}}(?:fail|delay|postpone|recipient|report)
(?:a|an|the) (?:e-?mail |mail )?message (?:that you sent|from you|you sent|sent by|is delayed)
(?:unable|not able|could not|couldn't|failed|trouble) (?:to )?(?:be )?(?:deliver|send)
we (?:were unable|had trouble|could not|are unable)
non-?delivery (?:report|notice|notification)|mail (?:message )?status|message not delivered
-{{3,}}.{{0,20}}(?:transcript|the following|message not|error)|could not be delivered to
undeliverable (?:to|message|mail)|failed (?:recipient|address)
(?:ihre|die|folgende) (?:e-?mail|mail|nachricht)\b.{{0,120}}(?:nicht|unzustellbar|zurück)|fehler bei der
votre (?:message|courrier|e-?mail)\b.{{0,120}}(?:n'a|n’a|impossible)|échec de
(?:su|tu|el) (?:mensaje|correo)\b.{{0,120}}no |(?:il|suo|tuo) (?:messaggio|suo messaggio)\b.{{0,120}}(?:non|impossibile)
(?:uw|het|je) bericht\b.{{0,120}}niet|(?:sua|a|esta) mensagem\b.{{0,120}}não|(?:twoja|ta|wiadomość)\b.{{0,120}}nie
(?:ваше|это|данное) (?:сообщение|письмо)\b.{{0,120}}не|(?:お客様|あなた|貴方).{{0,40}}(?:メール|メッセージ)|送信先
以下の.{{0,30}}(?:配信|送信|届)|(?:メール|メッセージ).{{0,40}}(?:配信|送信|届け|配送).{{0,12}}(?:ません|でき)
(?:您|你)(?:的|发送|發送|寄).{{0,40}}(?:邮件|信件|郵件)|(?:보내신|귀하).{{0,20}}(?:메일|메시지)
""")
# What the programs of mailing lists answer to a mail that they do not pass on.
REFUSED = any_of(r"""
not (?:a )?member|duplicated message-id|loop (?:alert|back)|never accept|not allowed to post|not permitted|no such ml
too (?:big|large)|(?:is|was|has been) (?:rejected|denied|not delivered)
""")
DELAY = any_of(r"""
not yet been delivered|will (?:continue|keep) (?:to )?try|will (?:be |attempt to )?re-?tr(?:y|ied)
still (?:being )?(?:trying|retried)
(?:been|was|is|message|mail|delivery|delivery status notification) \W?delay(?:ed)?
delayed mail|warning message|you do not need to (?:re)?send|no action is required on your part
delivery attempts will
hasn't been delivered|will continue to be attempted|postponed|temporarily deferred|this is a warning
all hosts .{0,60}(?:for a long time|failing)|(?:delivery|trying) .{0,30}will (?:be )?continue
temporary (?:failure|error|problem)
verzögert|weiterhin versucht|retardée|différée|retrasad|in ritardo|vertraagd|atrasad|opóźnion|задерж|затрим
zpožděn|forsinke
försena|viivästy|遅延|延迟|延遲|지연|gecik
""")
PERMANENT = re.compile(
    r"(?i)permanent|giving up|fatal|undeliverable|(?:user|address|recipient) unknown|unknown user|no such user"
    r"|will be deleted from queue|not (?:going to|continue) try"
)
RETURNED = begins_with(r"""
-{2,}+.{0,60}(?:original|returned|copy of|below this line|unsent|undelivered|bounced|message follows|header).{0,80}
original message (?:follows|headers?|details)
the (?:header of the |body of the )?original message(?! (?:was|has|to|from|sent|with|below)\b)
returned (?:message|text)(?: follows)?|your (?:original )?message (?:reads|follows)|content-type: message/rfc822
(?:received|return-path|mime-version|x-originating-ip): .+|message (?:headers?|text) follows.{0,20}
>?from \S+@\S+ \w{3} \w{3} .*|(?:old|original|unsent|returned|failed) (?:e-?mail|mail|message)(?: as follows)?\s*:
(?:below is|here is|this is) (?:a copy of (?:the|your)|(?:the|your) original) |original mail as follows
the first \d+ lines of (?:your|the) (?:original )?message|ursprüngliche nachricht(?:enkopfzeilen)?|message original
元のメッセージ|以下.{0,10}元の
""")

# How a person begins who sends a notice on or asks about one; and what he says then.
_GREETING = begins_with(r"""
(?:hi|hello|hey|dear|greetings)\b(?!\W{0,3}(?:this is|i'm|sender|user|customer|client|mail|e-?mail|subscriber|\S+@))
good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|sehr geehrte|liebe[rs]?\b|moin\b|servus|grüß
bonjour|salut|madame|monsieur|ch(?:er|ère)s?\b|hola\b|buen(?:os|as) |estimad|ciao|buongiorno|buonasera|salve\b
gentil
egregi|beste\b|geachte|goede(?:morgen|middag)|olá|bom dia|boa tarde|prezad|car[oa]s?\b|dzień dobry|witam|cześć
szanown
здравствуйте|добрый|привет|уважаем|вітаю|доброго|добрий|шановн|dobrý den|ahoj|vážen|hej\b|hei\b|kære|kjære
god (?:dag|morgen)
bästa|tervehdys|moi\b|hyvä|こんにちは|お世話|いつも|您好|你好|안녕|merhaba|selam|sayın
""")
_SAYS = any_of(r"""
\?(?:\s|$)|？|ですか|でしょうか|吗\W|습니까
\bi (?:just |have |keep |also |always )?(?:got|get|receive|wrote|sent|send|think|see|saw|need|want|would|believe)
\bi (?:just |have )?(?:forward|attach|can(?:'t|not)|am getting|don't|tried to (?:send|write|mail|reach))
\bwe (?:just |have |keep |also )?(?:got|get|receive|see|keep|need|would|wrote|sent)\b|forwarded message
weitergeleitet
please (?:help|advise|look|check (?:this|why|what))|see below\b|any idea
\bich (?:habe|bekomme|erhalte|kann|wollte|bitte)|\bj.ai |je (?:reçois|n'arrive)|(?:he|hemos) (?:recibido|enviado)
ho (?:ricevuto|inviato)|(?:regards|thanks|cheers|grüße|grüßen|gruß|cordialement|saludos|saluti|groet(?:en|jes)?),?$
""")


def is_of_person(line: str) -> bool:
    return _GREETING.match(line) is not None or _SAYS.search(line) is not None
