"""How programs introduce what they quote, language by language: own specimens with one name, one address, one day."""

# ruff: noqa: E501 - tables

from __future__ import annotations

A = "Alice Agent"
M = "support@desk.example"
AM = f"{A} <{M}>"

# One line each, as the program writes it where no line is wrapped.
LINES: dict[str, str] = {
    "en": f"""
On Mon, Mar 2, 2026 at 9:15\u202fAM {AM} wrote:
On Mon, 2 Mar 2026 at 09:15, {AM} wrote:
On Mon, 2 Mar 2026, 09:15 {A}, <{M}> wrote:
On Mar 2, 2026, at 9:15 AM, {AM} wrote:
On Mar 2, 2026, at 9:15 AM, {A} <{M}<mailto:{M}>> wrote:
On Mar 2, 2026 9:15 AM, "{A}" <{M}> wrote:
On Mar 2, 2026 9:15 AM, {M} wrote:
On 2 Mar 2026, at 09:15, {A} via Desk <{M}> wrote:
On 3/2/26 9:15 AM, {A} wrote:
On 02.03.26 09:15, {A} wrote:
On 2026-03-02 09:15, {A} wrote:
On Mon, 2026-03-02 at 09:15 +0100, {A} wrote:
On Monday, March 2, 2026, 9:15 AM, {AM} wrote:
On Monday, March 2nd, 2026 at 9:15 AM, {AM} wrote:
On Monday, 2 March 2026 at 09:15:00 GMT, {AM} wrote:
On March 2, 2026 9:15:00 AM GMT+01:00, {AM} wrote:
On Mon, Mar 02, 2026 at 09:15:00AM +0100, {A} wrote:
On Mon Mar 2, 2026 at 9:15 AM CET, {A} wrote:
{AM} wrote on Mon, 2 Mar 2026 at 09:15:
{A} <{M}> wrote on 03/02/2026 09:15:00 AM:
{A} wrote on 3/2/2026 9:15 AM:
At 09:15 AM 3/2/2026, {A} wrote:
At 2026-03-02 09:15:00, "{A}" <{M}> wrote:
2 Mar 2026, 09:15 by {M}:
---- On Mon, 02 Mar 2026 09:15:00 +0100 {AM} wrote ----
---- {A} wrote ----
--- On Mon, 3/2/26, {AM} wrote:
""",
    "de": f"""
Am Mo., 2. März 2026 um 09:15 Uhr schrieb {AM}:
{AM} schrieb am Mo., 2. März 2026, 09:15:
{AM} schrieb am 2. März 2026 um 09:15:
Am 02.03.2026 um 09:15 schrieb {A}:
Am 02.03.26 um 09:15 schrieb {AM}:
Am 02.03.2026 09:15, schrieb {A}:
Am 02.03.26, 09:15 schrieb "{A}" <{M}>:
Am 2. März 2026 09:15:00 MEZ schrieb {AM}:
Am Montag, 2. März 2026, 09:15:00 MEZ hat {AM} Folgendes geschrieben:
Am Montag, dem 02.03.2026 um 09:15 +0100 schrieb {A}:
Am Montag, 2. März 2026 um 9:15 AM, {AM} schrieb:
{A} schrieb am 02.03.2026 um 09:15:
2. März 2026, 09:15 von {M}:
""",
    "fr": f"""
Le lun. 2 mars 2026 à 09:15, {AM} a écrit\u00a0:
Le 2 mars 2026 à 09:15, {AM} a écrit :
Le lundi 2 mars 2026 à 09:15:00 UTC+1, {AM} a écrit :
Le 02/03/2026 à 09:15, {A} a écrit :
Le 02/03/2026 09:15, {A} a écrit :
Le 2 mars 2026 09:15:00 GMT+01:00, {AM} a écrit :
Le lundi 02 mars 2026 à 09:15 +0100, {A} a écrit :
Le lundi 2 mars 2026 à 9:15 AM, {AM} a écrit :
2 mars 2026, 09:15 de {M}:
""",
    "es": f"""
El lun, 2 mar 2026 a las 9:15, {A} (<{M}>) escribió:
El lun., 2 de marzo de 2026 9:15 a. m., {AM} escribió:
El 2 mar 2026, a las 9:15, {AM} escribió:
El lunes, 2 de marzo de 2026, 09:15:00 CET, {AM} escribió:
El 02/03/2026 a las 9:15, {A} escribió:
El 2/3/26 a las 9:15, {A} escribió:
El lun, 02-03-2026 a las 09:15 +0100, {A} escribió:
El 2 de marzo de 2026 9:15:00 CET, {AM} escribió:
2 mar 2026, 9:15 por {M}:
""",
    "it": f"""
Il giorno lun 2 mar 2026 alle ore 09:15 {AM} ha scritto:
Il lun 2 mar 2026, 09:15 {AM} ha scritto:
Il giorno 2 mar 2026, alle ore 09:15, {AM} ha scritto:
Il 2 marzo 2026 alle 09:15 {AM} ha scritto:
Il lunedì 2 marzo 2026 alle ore 09:15:00 CET, {AM} ha scritto:
Il 02/03/2026 09:15, {A} ha scritto:
Il 02/03/2026 09:15 CET {AM} ha scritto:
Il giorno lun, 02/03/2026 alle 09.15 +0100, {A} ha scritto:
2 mar 2026, 09:15 da {M}:
""",
    "nl": f"""
Op ma 2 mrt 2026 om 09:15 schreef {AM}:
Op ma 2 mrt. 2026 09:15 schreef {AM}:
Op 2 mrt. 2026 om 09:15 heeft {AM} het volgende geschreven:
Op maandag 2 maart 2026 om 09:15:00 CET schreef {AM}:
Op 02-03-2026 om 09:15 schreef {A}:
Op 2-3-2026 09:15, {A} schreef:
{AM} schreef op 2 maart 2026 09:15:
{A} schreef op 02-03-2026 9:15:
""",
    "pt": f"""
Em seg., 2 de mar. de 2026 às 09:15, {AM} escreveu:
Em seg, 2 de mar de 2026 09:15, {AM} escreveu:
Em 2 de mar. de 2026, à(s) 09:15, {AM} escreveu:
No dia 02/03/2026, às 09:15, {AM} escreveu:
{AM} escreveu no dia segunda, 2/03/2026 à(s) 09:15:
Em segunda-feira, 2 de março de 2026 09:15:00 BRT, {AM} escreveu:
Às 09:15 de 02/03/2026, {A} escreveu:
Em 02/03/2026 09:15, {A} escreveu:
No dia 2 de mar de 2026, às 09:15, {A} escreveu:
""",
    "pl": f"""
pon., 2 mar 2026 o 09:15 {AM} napisał(a):
W dniu pon., 2.03.2026 o 09:15 {AM} napisał(a):
Wiadomość napisana przez {AM} w dniu 2 mar 2026, o godz. 09:15:
W dniu 2.03.2026 o 09:15, {A} pisze:
W dniu 02.03.2026 o 09:15, {A} napisał(a):
Dnia 2 marca 2026 09:15 {AM} napisał(a):
W dniu 2026-03-02 09:15:00 użytkownik {AM} napisał:
W dniu poniedziałek, 2 marca 2026 09:15:00 CET {AM} napisał(a):
""",
    "ru": f"""
пн, 2 мар. 2026 г. в 09:15, {AM}:
2 марта 2026 г., в 9:15, {AM} написал(а):
02.03.2026 09:15, {A} пишет:
02.03.2026, 09:15, "{A}" <{M}>:
2 марта 2026 г. 9:15 пользователь {AM} написал:
Понедельник, 2 марта 2026, 9:15 +03:00 от {AM}:
Понедельник, 2 марта 2026, 9:15 +03:00 от {M}:
В Пн, 02/03/2026 в 09:15 +0300, {A} пишет:
Вы писали 2 марта 2026 г., 9:15:00:
""",
    "uk": f"""
пн, 2 бер. 2026 р. о 09:15 {AM} пише:
2 бер. 2026 р. о 09:15 {AM} написав(-ла):
2 березня 2026, 09:15:00, від "{A}" <{M}>:
02.03.26 09:15, {A} пише:
02.03.2026 09:15, {A} написав(ла):
""",
    "cs": f"""
po 2. 3. 2026 v 9:15 odesílatel {AM} napsal:
2. 3. 2026 v 9:15, {AM}:
Dne 02. 03. 26 v 9:15 {A} napsal(a):
Dne po 2. 3. 2026 9:15 uživatel {AM} napsal:
Dne 2.3.2026 v 9:15 {A} napsal:
""",
    "sk": f"""
po 2. 3. 2026 o 9:15 {AM} napísal(a):
Dňa 2. 3. 2026 o 9:15 {A} napísal(a):
""",
    "da": f"""
Den man. 2. mar. 2026 kl. 09.15 skrev {AM}:
man. 2. mar. 2026 09.15 skrev {AM}:
Den 2. mar. 2026 kl. 09.15 skrev {AM}:
Den 02/03/2026 kl. 09.15 skrev {A}:
Den 02-03-2026 kl. 09:15 skrev {A}:
Den mandag den 2. marts 2026 09.15.00 CET skrev {AM}:
""",
    "sv": f"""
Den mån 2 mars 2026 kl 09:15 skrev {AM}:
2 mars 2026 kl. 09:15 skrev {AM}:
2 mars 2026 kl. 09:15 skrev {A}:
Den 2026-03-02 kl. 09:15, skrev {A}:
Den måndag 2 mars 2026 09:15:00 CET skrev {AM}:
{A} skrev den 2026-03-02 09:15:
""",
    "no": f"""
man. 2. mars 2026 kl. 09:15 skrev {AM}:
2. mars 2026 kl. 09:15 skrev {AM}:
Den 02.03.2026 09:15, skrev {A}:
På mandag 2. mars 2026 kl. 09:15 skrev {AM}:
{A} skrev den 02.03.2026 09:15:
""",
    "fi": f"""
ma 2. maalisk. 2026 klo 9.15 {A} ({M}) kirjoitti:
{AM} kirjoitti 2.3.2026 kello 9.15:
{A} kirjoitti 2.3.2026 klo 9.15:
2.3.2026 9.15, {A} kirjoitti:
maanantai 2. maaliskuuta 2026 klo 9.15.00 UTC+2 {AM} kirjoitti:
""",
    "ja": f"""
2026年3月2日(月) 9:15 {AM}:
2026年3月2日(月)、9:15 {AM}：
2026/03/02 9:15、{AM}のメール:
2026/03/02 9:15、{AM}のメッセージ:
2026年3月2日 9:15、{AM}のメール:
2026年3月2日 午前9:15、{AM} wrote:
On 2026/03/02 9:15, {A} wrote:
(2026/03/02 9:15), {A} wrote:
{AM} さんは書きました (2026/03/02 9:15):
--- On Mon, 2026/3/2, {AM} wrote:
2026/03/02 9:15 {AM}:
""",
    "zh": f"""
{AM} 于2026年3月2日周一 09:15写道：
{AM} 於 2026年3月2日 週一 上午9:15寫道：
在 2026年3月2日，09:15，{AM} 写道：
在 2026-03-02 09:15:00，"{A}" <{M}> 写道：
在 2026/3/2 9:15, {A} 写道:
於 2026/3/2 上午 09:15, {A} 寫道:
{AM} 在 2026年3月2日 上午9:15 寫道：
在 2026年3月2日星期一，{AM} 写道：
""",
    "ko": f"""
2026년 3월 2일 (월) 오전 9:15, {AM}님이 작성:
2026. 3. 2. 오전 9:15, {AM} 작성:
2026. 3. 2. 오전 9:15에 {A} 이(가) 쓴 글:
{A} 님이 2026-03-02 오전 9:15에 쓴 글:
2026년 3월 2일 월요일 오전 9시 15분, {AM}님이 작성:
""",
    "tr": f"""
{AM}, 2 Mar 2026 Pzt, 09:15 tarihinde şunu yazdı:
{AM} şunları yazdı (2 Mar 2026 09:15):
2.03.2026 09:15 tarihinde {A} yazdı:
2 Mart 2026 Pazartesi 09:15:00 GMT+3 tarihinde {AM} şunu yazdı:
""",
    "hu": f"""
{AM} ezt írta (időpont: 2026. márc. 2., H, 9:15):
2026. márc. 2. dátummal, 9:15 időpontban {AM} írta:
2026. 03. 02. 9:15 keltezéssel, {A} írta:
""",
    "others": f"""
În lun., 2 mar. 2026 la 09:15, {AM} a scris:
Στις Δευ 2 Μαρ 2026 στις 9:15 π.μ., ο/η {AM} έγραψε:
Στις 2/3/2026 9:15 π.μ., ο {A} έγραψε:
На пн, 2.03.2026 г. в 9:15 {AM} написа:
pon, 2. ožu 2026. u 09:15 {AM} napisao je:
V V pon., 2. mar. 2026 ob 09:15 je oseba {AM} napisala:
Kuupäev E, 2. märts 2026 kell 09:15 kirjutas {AM}:
2026-03-02, pr, 09:15 {AM} rašė:
pirmd., 2026. g. 2. marts, plkst. 09:15 — lietotājs {A} (<{M}>) rakstīja:
Vào Th 2, 2 thg 3, 2026 vào lúc 09:15 {AM} đã viết:
Pada Sen, 2 Mar 2026 pukul 09.15 {AM} menulis:
ในวันที่ จ. 2 มี.ค. 2026 เวลา 09:15 {AM} เขียนว่า:
Missatge de {AM} del dia dl., 2 de març 2026 a les 9:15:
בתאריך יום ב׳, 2 במרץ 2026 ב-9:15 מאת {AM}:
في الإثنين، 2 مارس 2026 في 9:15 ص كتب {AM}:
""",
}

# The fields of a quoted head: from, date, to, subject in their order, as Outlook, Apple Mail and telephones write them.
HEADS: dict[str, str] = {
    "en": "From:|Sent:|To:|Subject:\nFrom:|Date:|To:|Subject:\nDate:|From:|To:|Subject:\nTo:|From:|Subject:|Date:\n"
    "From:|Reply-To:|Date:|To:|Subject:\nFrom:|Sent:|To:|Cc:|Subject:",
    "de": "Von:|Gesendet:|An:|Betreff:\nVon:|Datum:|An:|Betreff:\nGesendet:|Von:|An:|Betreff:\n"
    "Von:|Gesendet:|An:|Cc:|Betreff:\nBetreff:|Datum:|Von:|An:",
    "fr": "De :|Envoyé :|À :|Objet :\nDe :|Date :|À :|Objet :\nDe:|À:|Envoyé:|Objet:\nDe :|Envoyé le :|A :|Objet :\n"
    "De\u00a0:|Envoyé\u00a0:|À\u00a0:|Cc\u00a0:|Objet\u00a0:\nExpéditeur:|Date:|Destinataire:|Objet:",
    "es": "De:|Enviado:|Para:|Asunto:\nDe:|Enviado el:|Para:|CC:|Asunto:\nDe:|Fecha:|Para:|Asunto:\nDesde:|Fecha:|A:|Asunto:",
    "it": "Da:|Inviato:|A:|Oggetto:\nDa:|Data:|A:|Oggetto:\nDa:|Inviato il:|A:|Cc:|Oggetto:\nDa:|Data:|A:|Ogg:",
    "nl": "Van:|Verzonden:|Aan:|Onderwerp:\nVan:|Datum:|Aan:|Onderwerp:\nVan:|Verstuurd:|Aan:|CC:|Onderwerp:",
    "pt": "De:|Enviado:|Para:|Assunto:\nDe:|Enviada em:|Para:|Cc:|Assunto:\nDe:|Data:|Para:|Assunto:\nDe:|Enviado em:|Para:|Assunto:",
    "pl": "Od:|Wysłano:|Do:|Temat:\nOd:|Data:|Do:|Temat:\nOd:|Wysłane:|Do:|DW:|Temat:\nNadawca:|Data:|Adresat:|Temat:\n"
    "From:|Sent:|To:|Subject:\nOd:|Do:|Wysłane:|Temat:",
    "ru": "От:|Отправлено:|Кому:|Тема:\nОт кого:|Кому:|Дата:|Тема:\nОт:|Дата:|Кому:|Тема:\nОт:|Дата:|Кому:|Копия:|Тема:",
    "uk": "Від:|Надіслано:|Кому:|Тема:\nВід:|Дата:|Кому:|Тема:\nВід кого:|Дата:|Кому:|Тема:\nВід:|Відправлено:|Кому:|Копія:|Тема:",
    "cs": "Od:|Odesláno:|Komu:|Předmět:\nOd:|Datum:|Komu:|Předmět:\nOd:|Komu:|Datum:|Předmět:\nOd:|Odesláno:|Komu:|Kopie:|Předmět:",
    "sk": "Od:|Odoslané:|Komu:|Predmet:\nOd:|Dátum:|Komu:|Predmet:",
    "da": "Fra:|Sendt:|Til:|Emne:\nFra:|Dato:|Til:|Emne:\nFra:|Sendt:|Til:|Cc:|Emne:",
    "sv": "Från:|Skickat:|Till:|Ämne:\nFrån:|Datum:|Till:|Ämne:\nFrån:|Skickat:|Till:|Kopia:|Ämne:",
    "no": "Fra:|Sendt:|Til:|Emne:\nFra:|Dato:|Til:|Emne:\nFra:|Sendt:|Til:|Kopi:|Emne:",
    "fi": "Lähettäjä:|Lähetetty:|Vastaanottaja:|Aihe:\nLähettäjä:|Päivämäärä:|Vastaanottaja:|Aihe:\n"
    "Lähettäjä:|Lähetetty:|Vastaanottaja:|Kopio:|Aihe:\nLähettäjä:|Päiväys:|Vastaanottaja:|Aihe:",
    "ja": "差出人:|送信日時:|宛先:|件名:\n差出人：|日付：|宛先：|件名：\n差出人:|日時:|宛先:|CC:|件名:\n送信元:|送信日時:|宛先:|件名:\n"
    "From:|Date:|To:|Subject:",
    "zh": "发件人:|发送时间:|收件人:|主题:\n发件人：|日期：|收件人：|主题：\n寄件者:|寄件日期:|收件者:|主旨:\n寄件者：|日期：|收件者：|主旨：\n"
    "发件人:|发送日期:|收件人:|抄送:|主题:\n寄件人:|傳送時間:|收件人:|主旨:",
    "ko": "보낸 사람:|보낸 날짜:|받는 사람:|제목:\n보낸사람 :|받는사람 :|날짜 :|제목 :\n보낸 사람:|날짜:|받는 사람:|제목:\n발신:|날짜:|수신:|제목:\n"
    "보낸 사람:|보냄:|받는 사람:|제목:",
    "tr": "Kimden:|Gönderilme:|Kime:|Konu:\nKimden:|Gönderilme Tarihi:|Kime:|Konu:\nKimden:|Tarih:|Kime:|Konu:\n"
    "Gönderen:|Gönderildi:|Kime:|Bilgi:|Konu:\nKimden:|Gönderildi:|Kime:|Konu:",
    "hu": "Feladó:|Elküldve:|Címzett:|Tárgy:\nFeladó:|Dátum:|Címzett:|Tárgy:",
    "others": "De la:|Trimis:|Către:|Subiect:\nΑπό:|Στάλθηκε:|Προς:|Θέμα:\nОт:|Изпратено:|До:|Относно:\nOd:|Poslano:|Za:|Predmet:\n"
    "Od:|Poslano:|Za:|Zadeva:\nSaatja:|Saadetud:|Adressaat:|Teema:\nNuo:|Išsiųsta:|Kam:|Tema:\nNo:|Nosūtīts:|Kam:|Tēma:\n"
    "Từ:|Đã gửi:|Tới:|Chủ đề:\nDari:|Dikirim:|Kepada:|Perihal:\nจาก:|ส่ง:|ถึง:|เรื่อง:\nDe:|Enviat:|Per a:|Assumpte:\n"
    "מאת:|נשלח:|אל:|נושא:\nمن:|تم الإرسال:|إلى:|الموضوع:\nŠalje:|Poslato:|Prima:|Naslov:",
}  # fmt: skip

# The line that Outlook and telephones draw above what they quote, or without any field.
ORIGINALS: dict[str, str] = {
    "en": "-----Original Message-----|-------- Original message --------|------ Original Message ------|--- Original Message ---"
    "|------- Original Message -------|\u2010\u2010\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\u2010\u2010"
    "|----- Original Message ----- |-----Original Appointment-----|------------------ Original ------------------|-------- Reply message --------"
    "|*-----Original Message-----*",
    "de": "-----Ursprüngliche Nachricht-----|-------- Ursprüngliche Nachricht --------|-------- Originalnachricht --------"
    "|-----Original-Nachricht-----|---- Original-Nachricht ----|-----Ursprünglicher Termin-----",
    "fr": "-----Message d'origine-----|-------- Message d’origine --------|----- Mail original -----|-------- Message original --------"
    "|-----Message initial-----|------- Courriel original -------|-----Rendez-vous d'origine-----",
    "es": "-----Mensaje original-----|-------- Mensaje original --------|----- Correo original -----",
    "it": "-----Messaggio originale-----|----Messaggio originale----|-------- Messaggio originale --------",
    "nl": "-----Oorspronkelijk bericht-----|-------- Oorspronkelijk bericht --------|-------- Origineel bericht --------",
    "pt": "-----Mensagem Original-----|-------- Mensagem original --------|-----Mensagem original-----",
    "pl": "-----Oryginalna wiadomość-----|-------- Oryginalna wiadomość --------|-----Wiadomość oryginalna-----|-------- Wiadomość oryginalna --------",
    "ru": "-----Исходное сообщение-----|-------- Исходное сообщение --------|-------- Оригинальное сообщение --------|----- Исходное письмо -----",
    "uk": "--- Оригінальне повідомлення ---|-------- Вихідне повідомлення --------|--- Вихідне повідомлення ---|--- Початкове повідомлення ---",
    "cs": "-----Původní zpráva-----|---------- Původní e-mail ----------|---------- Původní zpráva ----------|-------- Původní zpráva --------",
    "sk": "-----Pôvodná správa-----",
    "da": "-----Oprindelig meddelelse-----|-------- Oprindelig besked --------|-------- Oprindelig meddelelse --------",
    "sv": "-----Ursprungligt meddelande-----|-------- Originalmeddelande --------|-------- Ursprungligt meddelande --------",
    "no": "-----Opprinnelig melding-----|-------- Opprinnelig melding --------|-----Original melding-----",
    "fi": "-----Alkuperäinen viesti-----|-------- Alkuperäinen viesti --------",
    "ja": "-----元のメッセージ-----|-------- 元のメッセージ --------|-----Original Message-----|----- 元のメール -----|--------- 元のメッセージ ----------",
    "zh": "------------------ 原始邮件 ------------------|-----邮件原件-----|-----原始郵件-----|------------------\u00a0原始邮件\u00a0------------------"
    "|-------- 原始邮件 --------|-------- 原始信息 --------|-----原始邮件-----",
    "ko": "--------- 원본 메일 ---------|-----원본 메시지-----|-------- 원본 이메일 --------|-----Original Message-----|-------- 원래 메시지 --------",
    "tr": "-----Özgün İleti-----|-------- Orijinal mesaj --------|-----Orijinal Mesaj-----|-------- Orijinal ileti --------",
    "hu": "-----Eredeti üzenet-----|-------- Eredeti üzenet --------",
    "others": "-----Mesaj original-----|-----Αρχικό μήνυμα-----|-----Izvorna poruka-----|-----Izvirno sporočilo-----|-----Оригинално съобщение-----"
    "|-----Thư gốc-----|-----Pesan Asli-----|-----Missatge original-----|-----Originalna poruka-----",
}  # fmt: skip

FORWARDS: dict[str, str] = {
    "en": "---------- Forwarded message ---------|Begin forwarded message:|-------- Forwarded Message --------|----- Forwarded by Carol Jones/Acme on 03/02/2026 -----"
    "|------- Forwarded Message -------|============ Forwarded message ============|---- Forwarded message ----|-----Forwarded Message-----",
    "de": "---------- Weitergeleitete Nachricht ---------|---------- Forwarded message ---------|Anfang der weitergeleiteten Nachricht:|-------- Weitergeleitete Nachricht --------"
    "|Anfang der weitergeleiteten E-Mail:|----- Weitergeleitet von Carol Jones/Acme am 02.03.2026 -----",
    "fr": "---------- Forwarded message ---------|---------- Message transféré ---------|Début du message réexpédié :|Début du message transféré :|-------- Message transféré --------|----- Mail transféré -----",
    "es": "---------- Mensaje reenviado ---------|Inicio del mensaje reenviado:|-------- Mensaje reenviado --------|-------- Mensaje Reenviado --------",
    "it": "---------- Messaggio inoltrato ---------|Inizio messaggio inoltrato:|-------- Messaggio Inoltrato --------|Inizio del messaggio inoltrato:",
    "nl": "---------- Doorgestuurd bericht ---------|Begin doorgestuurd bericht:|-------- Doorgestuurd bericht --------|-------- Doorgestuurde bericht --------",
    "pt": "---------- Mensagem encaminhada ---------|Início da mensagem encaminhada:|-------- Mensagem encaminhada --------|---------- Forwarded message ---------|Início da mensagem reencaminhada:|-------- Mensagem reencaminhada --------",
    "pl": "---------- Wiadomość przekazana dalej ---------|Początek przekazywanej wiadomości:|-------- Przekazana wiadomość --------|-------- Wiadomość przekazana --------|-------- Treść przekazanej wiadomości --------",
    "ru": "---------- Пересылаемое сообщение ---------|Начало переадресованного сообщения:|-------- Пересылаемое сообщение --------|-------- Перенаправленное сообщение --------|-------- Пересылаемое письмо --------|-------- Пересланное сообщение --------",
    "uk": "---------- Пересилане повідомлення ---------|---------- Forwarded message ---------|Початок переадресованого повідомлення:|-------- Переслане повідомлення --------|Початок листа, що пересилається:",
    "cs": "---------- Přeposlaná zpráva ---------|---------- Forwarded message ---------|Začátek přeposílané zprávy:|-------- Přeposlaná zpráva --------|Začátek přeposlané zprávy:",
    "sk": "---------- Preposlaná správa ---------|-------- Preposlaná správa --------",
    "da": "---------- Forwarded message ---------|---------- Videresendt meddelelse ---------|Start på videresendt besked:|-------- Videresendt besked --------|-------- Videresendt meddelelse --------",
    "sv": "---------- Forwarded message ---------|---------- Vidarebefordrat meddelande ---------|Vidarebefordrat brev:|-------- Vidarebefordrat meddelande --------",
    "no": "---------- Forwarded message ---------|---------- Videresendt melding ---------|Start på videresendt melding:|-------- Videresendt melding --------|Videresendt melding:",
    "fi": "---------- Forwarded message ---------|---------- Edelleenlähetetty viesti ---------|Välitetty viesti alkaa:|-------- Välitetty viesti --------|-------- Edelleenlähetetty viesti --------",
    "ja": "---------- Forwarded message ---------|---------- 転送されたメッセージ ---------|転送されたメッセージ:|-------- 転送されたメッセージ --------|-------- 転送メッセージ --------|以下は転送されたメールです：",
    "zh": "---------- Forwarded message ---------|---------- 转发的邮件 ---------|下面是被转发的邮件：|-------- 转发的消息 --------|---------- 轉寄郵件 ---------|-------- 轉寄郵件 --------|開始轉寄郵件：|-------- 转发邮件信息 --------|以下是转发的邮件：",
    "ko": "---------- Forwarded message ---------|---------- 전달된 메일 ---------|전달된 메시지:|-------- 전달된 메시지 --------|---------- 전달된 메시지 ----------|-------- 전달한 메시지 --------",
    "tr": "---------- Forwarded message ---------|---------- Yönlendirilmiş ileti ---------|Yönlendirilen ileti başlangıcı:|-------- Yönlendirilmiş İleti --------|İletilen ileti başlangıcı:|-------- İletilen mesaj --------",
    "hu": "---------- Továbbított üzenet ---------|-------- Továbbított üzenet --------|Továbbított levél kezdete:",
    "others": "---------- Mesaj redirecționat ---------|---------- Προωθημένο μήνυμα ---------|---------- Препратено съобщение ---------|---------- Thư đã chuyển tiếp ---------|---------- Pesan terusan ---------|---------- Missatge reenviat ---------|---------- Proslijeđena poruka ---------|---------- Posredovano sporočilo ---------",
}  # fmt: skip

DEVICES: dict[str, str] = {
    "en": "Sent from my iPhone|Sent from my iPad|Sent from my Samsung Galaxy smartphone.|Sent from Mail for Windows|Sent from Mail for Windows 10|Get Outlook for iOS|Get Outlook for Android<https://x.example/a>"
    "|Sent from Outlook for iOS|Sent from Yahoo Mail on Android|Sent from Yahoo Mail for iPhone|Sent via the Samsung Galaxy S24, an AT&T 5G smartphone|Sent with Proton Mail secure email.|Sent from Proton Mail Android"
    "|Sent from my mobile device|Sent from my BlackBerry 10 smartphone.|Sent from my Verizon, Samsung Galaxy smartphone|Sent using Zoho Mail|Sent from my Huawei phone|Sent from Gmail Mobile|Sent from my Pixel|Sent via BlackBerry from T-Mobile"
    "|Sent from AOL on Android|Sent from Samsung Mobile|Get BlueMail for Android|Sent from Spark|Sent from Workspace ONE Boxer|Sent with Airmail|Sent from my T-Mobile 5G Device|Sent from TypeApp"
    "|Sent from [Proton Mail](https://x.example/) for iOS|Sent from Nine|Get TypeApp for Android|Sent from my Windows Phone|Sent from Front|Sent via Superhuman|Sent from the all new AOL app for iOS|Sent from my phone, please excuse typos",
    "de": "Von meinem iPhone gesendet|Von meinem iPad gesendet|Gesendet von meinem Samsung Galaxy-Smartphone|Von meinem Samsung Galaxy Smartphone gesendet.|Gesendet von Mail für Windows 10|Gesendet von Outlook für iOS|Holen Sie sich Outlook für Android"
    "|Outlook für iOS beziehen|Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.|Gesendet mit der GMX Mail App|Von Yahoo Mail auf Android gesendet|Gesendet von Yahoo Mail für iPhone|Gesendet mit der Telekom Mail App|Gesendet von meinem Handy"
    "|Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.|Gesendet mit Proton Mail|Von unterwegs gesendet|Diese E-Mail wurde von meinem Android-Mobiltelefon mit WEB.DE Mail gesendet.",
    "fr": "Envoyé de mon iPhone|Envoyé depuis mon iPhone|Envoyé depuis mon smartphone Samsung Galaxy.|Envoyé à partir de Courrier pour Windows|Envoyé à partir d’Outlook pour iOS|Obtenir Outlook pour iOS|Télécharger Outlook pour Android|Envoyé de mon mobile"
    "|Envoyé à partir de Yahoo Mail sur Android|Envoyé depuis l'application Mail Orange|Envoyé depuis mon téléphone Orange|Téléchargez Outlook pour iOS|Envoyé avec Proton Mail|Provenance : Courrier pour Windows 10",
    "es": "Enviado desde mi iPhone|Enviado desde mi iPad|Enviado desde mi Samsung Galaxy|Enviado desde Correo para Windows|Obtener Outlook para iOS|Obtenga Outlook para Android|Enviado desde Yahoo Mail para Android|Enviado desde mi smartphone Samsung Galaxy.|Enviado desde Outlook para Android|Enviado desde mi teléfono|Descargar Outlook para iOS|Enviado desde mi dispositivo móvil",
    "it": "Inviato da iPhone|Inviato da iPad|Inviato dal mio iPhone|Inviato da Posta per Windows|Scarica Outlook per iOS|Ottieni Outlook per Android|Inviato dal mio Galaxy|Inviato da Yahoo Mail su Android|Inviato da Libero Mail|Inviato dal mio dispositivo Huawei|Inviato da smartphone Samsung Galaxy.|Inviato da Outlook per Android",
    "nl": "Verzonden vanaf mijn iPhone|Verstuurd vanaf mijn iPhone|Verstuurd vanaf mijn iPad|Verzonden vanuit Mail voor Windows|Outlook voor iOS downloaden|Download Outlook voor Android|Verzonden vanaf mijn Galaxy|Verzonden vanaf Outlook voor Android|Verstuurd vanaf mijn Samsung-apparaat|Verzonden met Proton Mail|Verstuurd vanuit Yahoo Mail op Android|Haal Outlook voor iOS op",
    "pt": "Enviado do meu iPhone|Enviado a partir do meu smartphone Samsung Galaxy.|Enviado do Email para Windows|Obter o Outlook para iOS|Obter Outlook para Android|Enviado do Yahoo Mail no Android|Enviado do meu Galaxy|Enviado via iPhone|Enviado de meu iPad|Enviada do meu iPhone|Enviado do Outlook para iOS|Baixe o Outlook para iOS",
    "pl": "Wysłane z iPhone'a|Wysłano z iPhone’a|Wysłane z mojego iPhone'a|Wysłano z programu Poczta dla systemu Windows|Pobierz aplikację Outlook dla systemu iOS|Wysłano z mojego smartfonu Samsung Galaxy.|Wysłane z telefonu|Pobierz program Outlook dla systemu Android|Wysłano z Yahoo Mail na Androidzie|Wysłano z urządzenia Samsung.|Wysłane z aplikacji mobilnej",
    "ru": "Отправлено с iPhone|Отправлено с моего iPhone|Отправлено с iPad|Отправлено из мобильной Почты Mail.ru|Отправлено из Почты для Windows|Скачать Outlook для iOS|Получить Outlook для Android|Отправлено из мобильной Яндекс Почты|Отправлено со смартфона Samsung Galaxy.|Отправлено с устройства Huawei|Отправлено из Outlook для iOS|Отправлено с телефона|Отправлено из Почты Mail для Android",
    "uk": "Надіслано з iPhone|Надіслано з мого iPhone|Надіслано з пристрою Galaxy|Надіслано з Пошти для Windows|Завантажити Outlook для iOS|Надіслано зі смартфона Samsung|Відправлено з iPhone|Отримати Outlook для Android",
    "cs": "Odesláno z iPhonu|Odesláno z mého iPhone|Odesláno z mého telefonu Samsung Galaxy.|Odesláno z Pošty pro Windows|Získat Outlook pro iOS|Odesláno ze Seznam Emailu|Stáhněte si Outlook pro Android|Odesláno z aplikace Outlook pro iOS|Odesláno z mobilu|Odesláno z iPadu",
    "sk": "Odoslané z iPhonu|Odoslané z môjho iPhonu|Získajte Outlook pre iOS|Odoslané z telefónu Samsung",
    "da": "Sendt fra min iPhone|Sendt fra min iPad|Sendt fra Mail til Windows|Hent Outlook til iOS|Sendt fra min Galaxy|Sendt fra min mobil|Sendt fra Outlook til Android|Få Outlook til iOS|Sendt fra min Samsung Galaxy-smartphone|Sendt fra min smartphone",
    "sv": "Skickat från min iPhone|Skickat från min iPad|Skickades från E-post för Windows|Hämta Outlook för iOS|Skickat från min Samsung|Skaffa Outlook för Android|Skickat från min mobil|Skickat från Outlook för Android|Skickat från min Galaxy-telefon|Sänt från min iPhone",
    "no": "Sendt fra min iPhone|Sendt fra min iPad|Sendt fra E-post for Windows|Få Outlook for iOS|Last ned Outlook for Android|Sendt fra min Samsung Galaxy|Sendt fra min mobil|Hent Outlook for iOS|Sendt fra Outlook for iOS",
    "fi": "Lähetetty iPhonesta|Lähetetty iPhonestani|Lähetetty Windows 10:n Sähköpostista|Hanki Outlook iOS:lle|Lähetetty Samsung Galaxy -älypuhelimestani|Lähetetty puhelimesta|Hanki Outlook for iOS|Lähetetty iPadista|Lähetetty laitteesta Samsung",
    "ja": "iPhoneから送信|iPadから送信|Androidから送信|iOS 版 Outlook を入手|Windows 版のメールから送信|Outlook for iOS を入手|Galaxyから送信|iPhoneから送信されました|Yahoo!メールからの送信|Sent from my iPhone|スマートフォンから送信|Outlook for Android を取得する",
    "zh": "发自我的 iPhone|发自我的iPhone|發自我的 iPhone|从 Windows 版邮件发送|从我的 iPhone 发送|获取 Outlook for iOS|取得 iOS 版 Outlook|发自我的小米手机|来自 iPhone 版 QQ邮箱|從我的 iPad 傳送|发自我的华为手机|發自我的三星手機|获取 适用于 iOS 的 Outlook|从Outlook for iOS发送|发自vivo邮箱|发自网易邮箱大师|發送自我的 iPhone",
    "ko": "나의 iPhone에서 보냄|나의 iPad에서 보냄|Windows용 메일에서 보냄|iOS용 Outlook 다운로드|내 Galaxy에서 보냄|나의 Galaxy에서 보냄|Android용 Outlook 받기|삼성 갤럭시 스마트폰에서 보냈습니다.|iPhone에서 보냄|Galaxy에서 보냈습니다.|iOS용 Outlook 가져오기|네이버 메일 앱에서 보냈습니다.",
    "tr": "iPhone'umdan gönderildi|iPhone’dan gönderildi|iPad'imden gönderildi|Windows için Posta'dan gönderildi|iOS için Outlook'u edinin|Samsung cihazımdan gönderildi|Samsung Galaxy akıllı telefonumdan gönderildi.|Android uygulamasından gönderildi|iPhone'umdan gönderilmiştir|Outlook for iOS uygulamasını edinin|Android için Outlook’u edinin",
    "hu": "iPhone-ról küldve|Elküldve az iPhone-omról|iPhone-omról küldve|Az Outlook letöltése iOS rendszerhez",
    "others": "Trimis de pe iPhone-ul meu|Στάλθηκε από το iPhone μου|Изпратено от моя iPhone|Poslano s mog iPhonea|Poslano z mojega iPhona|Đã gửi từ iPhone của tôi|Dikirim dari iPhone saya|Enviat des del meu iPhone|נשלח מה-iPhone שלי|أرسلت من الـ iPhone|Saadetud minu iPhone'ist",
}  # fmt: skip

CLOSINGS: dict[str, str] = {
    "en": "Regards,|Kind regards|Best regards,|Best,|Warm regards,|All the best,|Yours sincerely,|Sincerely,|Best wishes,|Cheers,|Thanks and regards,|With kind regards",
    "de": "Mit freundlichen Grüßen|Mit freundlichen Grüssen|Mit freundlichem Gruß|Viele Grüße,|Beste Grüße|Liebe Grüße|Freundliche Grüsse|MfG|LG|Mit besten Grüßen aus Bremen|Schöne Grüße|Herzliche Grüße|Gruß|Grüße",
    "fr": "Cordialement,|Bien cordialement|Bien à vous,|Sincères salutations|Meilleures salutations|Salutations distinguées|Très cordialement,|Cdt,|Amicalement,|Salutations,",
    "es": "Saludos,|Un saludo,|Saludos cordiales|Un cordial saludo,|Atentamente,|Cordialmente|Muchos saludos|Atte.",
    "it": "Cordiali saluti|Distinti saluti|Saluti,|Un saluto|Cordialmente,|Un cordiale saluto",
    "nl": "Met vriendelijke groet,|Met vriendelijke groeten|Vriendelijke groet|Groeten,|Groet,|Mvg,|Hartelijke groet|Met hartelijke groet,",
    "pt": "Atenciosamente,|Cumprimentos,|Com os melhores cumprimentos|Melhores cumprimentos,|Att,|Abraços,|Cordialmente,|Atentamente,",
    "pl": "Pozdrawiam,|Pozdrawiam serdecznie|Z poważaniem|Z wyrazami szacunku|Serdecznie pozdrawiam,",
    "ru": "С уважением,|С наилучшими пожеланиями,|Всего доброго,|С уважением",
    "uk": "З повагою,|З найкращими побажаннями,",
    "cs": "S pozdravem|S přátelským pozdravem,|S úctou|Hezký den,",
    "sk": "S pozdravom",
    "da": "Med venlig hilsen|Venlig hilsen|Mvh|Bedste hilsner|De bedste hilsner,|Hilsen|Kh",
    "sv": "Med vänlig hälsning|Med vänliga hälsningar|Vänliga hälsningar,|Mvh|Hälsningar|Vänligen,|Bästa hälsningar",
    "no": "Med vennlig hilsen|Vennlig hilsen,|Mvh|Hilsen|Beste hilsen|Med hilsen",
    "fi": "Terveisin|Ystävällisin terveisin|Parhain terveisin,|Terv.",
    "tr": "Saygılarımla,|Saygılarımızla|İyi çalışmalar,|Saygılar|İyi günler,",
    "zh": "此致|祝好|顺祝商祺",
    "hu": "Üdvözlettel,|Tisztelettel",
}  # fmt: skip


def _kinds() -> dict[str, str]:
    """Which value a label of HEADS stands before; a label that is not here is of one to whom the mail went."""
    words = {
        "from": "from|von|de|expéditeur|desde|da|van|od|nadawca|от|от кого|від|від кого|fra|från|lähettäjä|差出人|送信元|发件人|寄件者|寄件人"
        "|보낸 사람|보낸사람|발신|kimden|gönderen|feladó|de la|από|saatja|nuo|no|từ|dari|จาก|מאת|من|šalje|reply-to",
        "date": "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|fecha|inviato|inviato il|data|verzonden|verstuurd|wysłano|wysłane"
        "|enviada em|enviado em|отправлено|дата|надіслано|відправлено|odesláno|odoslané|dátum|sendt|dato|skickat|lähetetty|päivämäärä|päiväys"
        "|送信日時|日付|日時|发送时间|日期|寄件日期|发送日期|傳送時間|보낸 날짜|날짜|보냄|gönderilme|gönderilme tarihi|tarih|gönderildi|elküldve"
        "|trimis|στάλθηκε|изпратено|poslano|saadetud|išsiųsta|nosūtīts|đã gửi|dikirim|ส่ง|enviat|נשלח|تم الإرسال|poslato",
        "subject": "subject|betreff|objet|asunto|oggetto|ogg|onderwerp|assunto|temat|тема|předmět|predmet|emne|ämne|aihe|件名|主题|主旨|제목"
        "|konu|tárgy|subiect|θέμα|относно|zadeva|teema|tema|tēma|chủ đề|perihal|เรื่อง|assumpte|נושא|الموضوع|naslov",
    }
    return {label: kind for kind, labels in words.items() for label in labels.split("|")}


KINDS = _kinds()
