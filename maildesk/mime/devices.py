"""What telephones and mail programs write below a text ("Sent from my iPhone"), as tables of some forty languages.

Used by `signatures` alone. Such a line names a device or a program beside a word for sending or fetching, and is no
longer than one line: "Sent from our server at night" is a sentence of the writer's.
"""

from __future__ import annotations

import re

from maildesk.mime.lazily import at_need
from maildesk.mime.phrases import alternatives

# Words that begin such a line, with what binds them to the device.
_SENT = r"""
(?:sent|written|composed|typed|dictated) (?:from|via|with|using|on|by)|provenance\s?:|posted from
gesendet (?:von|mit|über|via|aus)|gesendet vo[nm]|versendet (?:von|mit)|verschickt (?:von|mit)|geschrieben (?:von
auf|mit)
(?:diese|dieses) (?:nachricht|e-?mail|mail) wurde (?:von|mit|auf)
envoy[ée] (?:de|depuis|à partir|avec|via|par|d['’])|expédié (?:de|depuis)|écrit (?:de|depuis)
enviad[oa] (?:desde|do|da|de|a partir|via|con|com|pelo|por|no|mediante)|escrito (?:desde|do)|mandado desde
inviat[oa] (?:da|dal|dalla|dall['’]|con|tramite|via|dai)|spedito (?:da|dal)|messaggio inviato d
(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|door|van|vanop)
wysłan[eoya] (?:z|ze|za|przy|przez)|napisan[eo] (?:z|na)|(?:отправлено|послано|написано) (?:с|со|из|через|при|от)
(?:надіслано|відправлено|написано) (?:з|із|зі|через|за)|odesl[aá]n[oaéý] (?:z|ze|přes|pomocí)|odoslan[éoá] (?:z|zo)
(?:sendt|skrevet) (?:fra|via|med|på)|(?:skickat|skickades|sänt|skrivet) (?:från|med|via|på)
lähetetty|lähetin|trimis (?:de|din|cu)|στάλθηκε (?:από|με)|изпратено (?:от|с)|poslan[oa] (?:s|sa|z|iz|pomoću)
poslato (?:sa|s)
đã gửi từ|được gửi từ|gửi từ|dikirim dari|enviat (?:des|amb)|נשלח מ|أرسلت? من|تم الإرسال من|saadetud|išsiųsta (?:iš|su)
nosūtīts (?:no|ar)|elküldve|küldve|ส่งจาก|[发發](?:送)?自|寄自|来自|來自
"""
_FETCH = r"""
get|download|holen sie sich|obtenir|obtenez|télécharge[rz]|obtener|obtén|obtenga|descarg(?:ar|a|ue)|scarica|ottieni
ottenere
obter|obtenha|baixe|baixar|transferir|pobierz|uzyskaj|скачать|получить|установить|завантажити|отримати|встановити
získ(?:at|ejte|ajte|ať)|stáhn(?:out|ěte)(?: si)?|stiahn(?:uť|ite)(?: si)?|hent|få|skaffa|hämta|last ned|hanki|lataa
obține(?:ți)?|descărcați|αποκτήστε|λήψη|вземете|изтеглете|nabavite|preuzmite|prenesite|tải|dapatkan|unduh|obteniu|baixa
töltse le|获取|取得|下载|下載|haal|installeer
"""
_DEVICE = r"""
iphon|ipad|ipod|ios\b|imac|macbook|apple watch|android|blackberry|samsung|galaxy|windows|huawei|xiaomi|redmi|nokia
oppo|vivo
honor|realme|oneplus|motorola|moto g|htc|lg\b|sony|xperia|nexus|pixel|fairphone|wiko|lenovo|alcatel|zte\b|palm|treo
surface
smartphone|smartfon|смартфон|handy|mobil|handset|tablet|phone|tel[eé]f[oó]n|telefo|telefoo|téléphone|τηλ[έe]φ
телефон|puhelim
cell|device|gerät|appareil|apparaat|dispositi|пристро|устройств|urządz|zařízen|zariaden|enhet|enhed|lait(?:e|tee)|cihaz
outlook|yahoo|aol|protonmail|proton mail|gmx|web\.de|t-online|telekom|gmail|k-9|fairemail|bluemail|typeapp|spark|edison
airmail|superhuman|tuta|laposte|orange|libero|onet|seznam|interia|mail\.ru|почт|пошт|poczt|pošt|post[ai]\b|courrier
correo|sähköpost|e-post\b|яндекс|yandex|zoho|boxer|nine\b|front\b|missive|hey\b|mailbird|em client|thunderbird
roundcube
mail app|mail for|mail für|mail pour|mail per|mail para|mail til|mail voor|mail dla|mail на|mail mobile|mail-app|app\b
mobile mail|verizon|at&t|t-mobile|aplicati|aplikac|applica|приложен|uygulama
邮箱|郵箱|邮件|郵件|手机|手機|平板|メール|スマートフォン|スマホ|携帯|메일|갤럭시|스마트폰|휴대폰|아이폰|네이버
"""
_CARRIER = r"(?:, (?:an? )?[\w&+.-]{2,20}(?: [\w&+.-]{1,20}){0,4})?"
_SORRY = r"(?:[,.;:–-]{1,2}\s?(?:please )?(?:excuse|pardon|forgive|sorry|entschuldig|bitte entschuldig)[^?]{0,60})?"
_LAST = r"""
gesendet|geschrieben|verschickt|beziehen|herunterladen|downloaden|op|gönderildi|gönderilmiştir|gönderdim|edinin
indirin|alın
küldve|letöltése|saadetud|送信|送信されました|からの送信|を入手|を取得する?|をダウンロード|发送|發送|传送|傳送|보냄
보냈습니다
보낸 메일|다운로드|받기|가져오기|설치|gesendet mit
"""
_OF = (
    r"(?:von|aus|über|mit|a[z]?) (?:meine[mr]? |mein )?(?:samsung )?|yahoo!?"
    r"|(?:从|從|自) ?(?:我的)? ?|내 |나의 |삼성 |haal "
    r"|iOS ?版 ?|Windows ?版の ?|Android ?版 ?|iOS용 |Windows용 |Android용 "
)
_VERB = r" (?:wurde|wird|ist|habe|haben|hat|war|is|was|has|had|are|were)\b"
_FIXED = (
    r"az outlook letöltése [^,;?!:]{1,40}|lähetetty windows \d+:n sähköpostista|von unterwegs (?:gesendet|geschrieben)"
    r"|sent on the go|envoyé d['’]un mobile|mobil gesendet|sent from mobile"
)


def _line() -> re.Pattern[str]:
    device = alternatives(_DEVICE)
    return re.compile(
        rf"(?i)[\s*_>(\[-]*(?:"
        rf"{alternatives(_SENT)}[^,;?!:]{{0,50}}?{device}[^,;?!:]{{0,60}}{_CARRIER}{_SORRY}[)\]]?"
        r"|sent (?:from|via|with) my (?-i:[A-Z])[^\s,;?!]{1,30}(?: [^\s,;?!]{1,30}){0,4}"
        rf"|{alternatives(_FETCH)} [^,;?!.]{{0,40}}?(?:outlook|bluemail|typeapp|k-9|yahoo mail|aol app)[^,;?!]{{0,60}}"
        rf"|(?:{_OF})?{device}(?:(?!{_VERB})[^,;?!:。]){{0,40}}?{alternatives(_LAST)}(?: op)?[.。]?"
        rf"|{_FIXED})[\s.*_。)\]]*"
    )


DEVICE_LINE = at_need(_line)
