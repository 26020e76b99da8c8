"""Subjects and sentences of automatic answers, read receipts and abuse reports, in nineteen languages, as tables.

Used by `robots`. None of them is enough by itself: people write about automatic answers, too.
"""

from __future__ import annotations

from maildesk.mime.phrases import any_of, begins_with

# How programs begin the subject of an automatic answer.
ANSWER = begins_with(r"""
auto(?:matic|mated|matische?)?[ -]?(?:reply|response|responder|answer|antwort|antwoord|svar|message)\b|autosvar
auto ?:
automatische (?:nachricht|rückmeldung|abwesenheit\S*|e-mail)|vacation (?:reply|message|notice|response|responder)
out of (?:the )?office (?:auto-?reply|message|notification|response|assistant)|autoreply|away message|autoresponse
abwesenheits(?:notiz|meldung|nachricht|assistent|benachrichtigung|mitteilung|info)|autoantwort
réponse (?:automatique|d.absence)|message (?:automatique|d.absence)|avis d.absence|notification d.absence
respuesta autom[aá]tica|mensaje autom[aá]tico|auto-?rrespuesta|autorespuesta|aviso de ausencia|mensaje de ausencia
risposta automatica|messaggio automatico|avviso di assenza|autorisposta
automatisch (?:antwoord|bericht)|automatische beantwoording|afwezigheids(?:bericht|assistent|melding)
resposta autom[aá]tica|mensagem autom[aá]tica|aviso de ausência
odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|wiadomość automatyczna
автоматический ответ|автоответ|автоматическое (?:сообщение|уведомление)|уведомление об отсутствии
автоматична відповідь|автовідповідь|автоматичне повідомлення
automatická (?:odpověď|odpoveď|zpráva)|automatisk(?:t)? (?:svar|besked|meddelande|melding|meddelelse)
fraværs(?:assistent|melding|besked|svar)|frånvaro(?:meddelande|svar|assistent)
automaattinen (?:vastaus|viesti|poissaolo\S*)|poissaolo(?:ilmoitus|viesti)
自動(?:返信|応答|回答|送信|回覆|回信)|不在(?:通知|連絡|メッセージ|のお知らせ|応答)|自动(?:回复|答复|应答)
자동 ?(?:회신|응답|답장|답변)|부재 ?중 ?(?:알림|메시지|자동)|otomatik (?:yanıt|cevap|mesaj)
""")
# The same of a person's absence; people write so, too.
AWAY = begins_with(r"""
(?:i am |i'm )?(?:currently )?out of (?:the )?office|ooo\b|away from (?:the |my )?(?:office|desk)
abwesend\b|abwesenheit\b|nicht im (?:büro|haus)|bin im urlaub|außer haus|absence du bureau|absente? du bureau
hors du bureau|je suis absent|fuera de (?:la )?oficina|ausencia|fuori (?:sede|ufficio)|assenza\b|afwezig\w*
niet aanwezig
fora d[oe] escritório|ausência\b|poza biurem|nieobecn\w*|mimo kancelář|nepřítomn\w*|ikke til stede|ikke på kontoret
fraværende|fravær\w*|frånvar\w*|borta från kontoret|inte på kontoret|poissa\b|en ole (?:paikalla|toimistolla)
不在|夏季休業|年末年始|부재 ?중?|ofis dışı|вне офиса|отсутств\w*|нет на месте|поза офісом|я в отпуске|в отпуске
у відпустці
""")
# Words for holidays: a subject of theirs counts only in an answer.
HOLIDAY = begins_with(r"""
on (?:vacation|annual leave|holidays?|leave|parental leave|maternity leave|sick leave)|vacation\b|holiday\b
(?:im |in )?urlaub\b|en (?:congés?|vacances)|absente?\b|ausente\b|de vacaciones|vacaciones\b|assente\b|in ferie
ferie\b
met vakantie|vakantie\b|de férias|férias\b|urlop\b|na urlopie|dovolená\b|na dovolené|på ferie|semester\b|på semester
lomalla\b|休暇|休假|外出|휴가|izinde|yıllık izin|отпуск\b|відпустка
""")
# What may stand behind such a beginning: an end, a mark, the subject it answers, or how long it lasts.
LASTS = begins_with(r"""
$|[:：;,.!\-–—(\[/~]|re\b|until|till|from|through|thru|to\b|back|returning|\d|bis\b|vom\b|ab\b|von\b|jusqu|du\b
hasta|desde
fino|dal\b|tot\b|t/m|van\b|até\b|do\b|od\b|до\b|с\b|по\b|til\b|till\b|fra\b|från|asti|のお知らせ|の(?:ため|連絡)|です
通知|안내|알림
reply|message|notice|notification|auto
""")
# Wishes of a person, who asks for something before he leaves.
ASKS = any_of(r"""
[?？]
\bplease (?!contact|call|e-?mail|reach|direct|send|note|forward|refer|get in|allow|do not|use|visit|write|turn|ask)
asap\b|before (?:then|i leave)|bitte (?!wenden|kontaktieren|beachten|senden|schreiben|richten|haben)
antworten sie (?:bitte )?(?:bis|vor|noch)|répondez|répondre avant|contesten|respondan|rispondete
rispondere (?:prima|entro)
antwoord(?:t u|en) (?:voor|vóór)|respondam|odpowiedzcie|odpowiedzieć (?:do|przed)|ответьте|відповідайте|odpovězte
svar (?:venligst|inden)|svara (?:före|senast)|vastatkaa|ご回答(?:ください|いただけ)|请.{0,10}回复
답변 ?(?:부탁|바랍니다)
""")
# A subject that goes on so is of a person for whom such answers do not work.
TROUBLE = any_of(r"""
\bnot\b|n't\b|fail|broken|problem|error|wrong|never|missing|twice|loop|\bnicht|\bkein|fehl|kaputt|doppelt|\bpas\b|erreur
problème|\bno (?:func|lleg|se )|\bfalla|\bnon (?:func|funz|arriv)|errore|guasto|\bniet\b|\bgeen\b|fout|\bnão\b|\bnie\b
błąd|не работ|не приход|не отправ|ошибк|не працю|не надход|помилк|nefunguje|chyba|ikke\b|inte\b|virker|fejl|\bei\b|ない
ません|届か|不能|失败|没有|오류|않|안 ?(?:됨|돼|됩)|çalışmıyor|gelmiyor
""")
SAYS_AWAY = any_of(r"""
(?:i am|i'm|i will be|i'll be) (?:currently |now |presently )?(?:out of|away from|not in) (?:the |my )?(?:office|desk)
i(?: am|'m| will be|'ll be) (?:currently |now )?(?:away|travell?ing)\b.{0,80}(?:until|till|return|back|from|through)
i(?: am|'m| will be|'ll be) (?:currently )?on (?:(?:annual|sick|parental|maternity) )?(?:leave|vacation|holidays?)
(?:limited|no|intermittent|restricted|without) access to (?:my |the )?e-?mails?
i will (?:respond|reply|answer).{0,60}(?:when|upon|once|as soon as).{0,20}return
(?:office|we) (?:is|are|will be) closed (?:until|from|for|between)|no longer (?:with|works? (?:for|at)|employed)
bin (?:ich )?.{0,60}(?:abwesend|nicht im (?:büro|haus)|im urlaub|außer haus|nicht am (?:arbeits)?platz|in elternzeit)
ich bin .{0,60}(?:nicht (?:erreichbar|zu erreichen|da\b)|wieder (?:da|erreichbar|im büro))
befinde ich mich .{0,30}(?:urlaub|ausland)
(?:wird|werden) .{0,40}nicht (?:weitergeleitet|gelesen)|ich befinde mich .{0,30}urlaub
unser büro ist .{0,40}(?:geschlossen|nicht besetzt)
je suis .{0,40}(?:absente?|en congés?|en vacances|en déplacement|hors du bureau)
je serai .{0,40}(?:absente?|en congés?|de retour)|je ne suis pas au bureau
estoy .{0,30}(?:fuera|ausente|de vacaciones|de baja)|estar[ée] .{0,30}(?:fuera|ausente|de vacaciones)
me encuentro (?:fuera|ausente|de vacaciones)
(?:sono|sarò) .{0,30}(?:assente|fuori|in ferie|in vacanza)|mi trovo .{0,20}(?:fuori|in ferie)
ben ik .{0,40}(?:niet aanwezig|afwezig|met vakantie|niet op kantoor|niet bereikbaar)
ik ben .{0,40}(?:niet aanwezig|afwezig|met vakantie|op vakantie|niet op kantoor|weer bereikbaar)
(?:estou|estarei) .{0,30}(?:ausente|fora|de férias|em férias)|encontro-me (?:ausente|de férias|fora)
(?:jestem|będę) .{0,30}(?:nieobecn|na urlopie|poza|niedostępn)|przebywam .{0,20}(?:na urlopie|poza)
(?:нахожусь|буду|я|сейчас) .{0,20}(?:в отпуске|в командировке|вне офиса)|я отсутствую
меня (?:не будет|нет) (?:в офисе|на (?:рабочем )?месте)|буду отсутствовать
(?:перебуваю|буду|я|зараз) .{0,20}(?:у відпустці|у відрядженні|поза офісом)|я відсутн
мене (?:не буде|немає) (?:в офісі|на)
(?:jsem|budu) .{0,30}(?:mimo|na dovolené|nepřítom|pryč)|nejsem .{0,20}(?:v kanceláři|přítom)|čerpám dovolenou
jeg (?:er|har) .{0,30}(?:på ferie|ikke på kontoret|bortrejst|fraværende|ferie\b|borte|ute av kontoret)
er .{0,20}ikke til stede|tilbake på kontoret|tilbage på kontoret
jag är .{0,30}(?:inte på kontoret|på semester|ledig|bortrest|borta|föräldraledig|på resande fot)
jag har semester|tillbaka på kontoret|åter på kontoret
olen .{0,30}(?:poissa|lomalla|matkoilla|tavoittamattomissa)|en ole .{0,20}(?:paikalla|toimistolla|tavoitettavissa)
不在(?:に|と|の(?:ため|為))|休暇(?:を|中|のため)|休業(?:と|いた|期間)|出張(?:中|のため)|休假
不在(?:办公室|辦公室|公司)|出差|휴가 ?(?:중|기간)|외근|출장 ?중|부재 ?중|자리를 비
izindeyim|izinli(?:yim|)|tatildeyim|ofis(?:in)? dışındayım|ofiste (?:değilim|olmayacağım)|yıllık iznimi
""")
# A read receipt without the parts of one: its subject, and its sentence.
RECEIPT = begins_with(r"""
(?:not )?read\s*:|read receipt|return receipt|(?:nicht )?gelesen\s*:|ungelesen gelöscht|empfangsbestätigung
lesebestätigung
lu\s?:|non lu\s?:|accusé de (?:lecture|réception)|leído\s*:|no leído\s*:|confirmación de lectura
acuse de (?:lectura|recibo)
letto\s*:|non letto\s*:|conferma di lettura|ricevuta di (?:ritorno|lettura)|gelezen\s*:|niet gelezen\s*:
leesbevestiging
lid[ao]s?\s*:|não lid[ao]\s*:|confirmação de leitura|przeczytan[oy]\s*:|potwierdzenie (?:przeczytania|odczytu)
прочтено\s*:|прочитано\s*:|не прочитано\s*:|уведомление о прочтении|přečteno\s*:|přečtené\s*:|potvrzení o přečtení
læst\s*:|kvittering for læsning|läst\s*:|läskvitto|lest\s*:|lesebekreftelse|luettu\s*:|lukukuittaus
開封(?:済み|確認)\S*\s*[:：]?|未開封|已读\s*[:：]|未读\s*[:：]|已讀\s*[:：]|읽음\s*[:：]|읽지 않음|okundu\s*:
okunmadı\s*:
""")
SAYS_READ = any_of(r"""
(?:was|has been|is) (?:read|displayed|opened|deleted|viewed) (?:on|by|without)|this is a (?:return|read) receipt
(?:wurde|ist) (?:am|von|ohne) .{0,80}(?:gelesen|geöffnet|gelöscht|angezeigt)
dies ist eine (?:empfangs|lese)bestätigung
a été (?:lu|affiché|ouvert|supprimé)|ceci est un accusé|(?:se ha leído|fue leído|ha sido leído|se leyó|abierto el)
(?:è stato|stato) (?:letto|aperto|visualizzato)|(?:is|werd) .{0,60}gelezen|foi (?:lida|lido|aberta|exibida)
(?:została|zostało) .{0,40}(?:przeczytan|wyświetlon)|было (?:прочитано|прочтено|открыто)|byla .{0,60}přečtena
blev (?:læst|vist)|(?:lästes|har lästs)|ble lest|luettiin|開封され(?:ました|た)|已(?:被)?(?:阅读|閱讀|打开)|읽었습니다
okundu
""")
# What Outlook writes when somebody takes a mail back: nobody typed it.
RECALL = begins_with(r"""
recall\s*:|message recall\b|rückruf\s*:|nachrichtenrückruf\b|rappel\s*:|recuperar\s*:|richiamo\s*:|intrekken\s*:
""")
SAYS_RECALL = any_of(r"""
would like to recall the message|möchte die nachricht .{0,200}zurückrufen|(?:souhaite|voudrait) rappeler le message
desea recuperar el mensaje|desidera richiamare il messaggio|wil het bericht .{0,200}intrekken
""")
# Complaints of providers about a mail of ours that come without the parts of RFC 5965.
COMPLAINT = begins_with(r"""
complaint about message from|email feedback report for ip|e?-?mail (?:abuse|feedback) report|client tos notification
(?:spam|abuse) (?:complaint|report|notification)\b|abuse report from|feedback loop|\[?fbl\]?[ :]|mail abuse report
""")
COMPLAINER = any_of(r"""
^(?:scomp|fbl|feedback(?:loop|-?loop|-loops)?|arf|abuse[-_]?(?:report|auto|noreply)|complaints?|fblreturn|jmrp|snds|staff@hotmail)
^(?:no-?reply|spam-?report|reporting|abuse_rbl|feedback\S{0,40}@)
""")
