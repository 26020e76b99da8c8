"""In which language a text is written, as far as its first words tell: the language of letters to readers who set none.

Called by `read`: a ticket keeps what the mail that opened it told, and letters about none go by the mail in hand. A
guess by the small words that no sentence goes without, and by letters that one language has and its neighbours have
not; "" where it is too short or too close a call, since the desk's own language is then the better choice.
"""

from __future__ import annotations

import unicodedata

from maildesk.mime.runs import runs

SEARCHED = 500  # characters
MOST_WORDS = 60
FEWEST_WORDS = 4  # fewer tell nothing
ENOUGH = 2  # points of the best language
AHEAD = 1.25  # and how many times the next one's

# Words of about the same frequency in each: articles, pronouns, prepositions, and how people begin and end a mail.
WORDS = {
    "en": "the and is are was of to for with not this that it you your we our have has can will please hello hi dear "
    "thanks thank regards i my from when what but they there would could should does did been after before me us",
    "de": "der die das und ist sind war ein eine einen einem nicht mit für von zu auf ich wir sie ihr uns mein meine "
    "bitte hallo guten tag danke vielen dank grüße wie wenn aber auch noch seit beim kann können haben hat wird werden "
    "den dem des im am es bei nach dass diese dieser keine kein unsere",
    "fr": "le la les un une des du de et est sont pas ne je nous vous il elle ce cette que qui pour avec dans sur mon "
    "ma mes notre votre bonjour merci cordialement plus mais être avons avez ai nos vos au aux depuis quand d l j c n "
    "s qu madame monsieur",
    "es": "el la los las un una de del y es son está están no yo nosotros usted ustedes que para con en por mi su "
    "nuestro nuestra hola gracias saludos buenos días pero cuando desde al lo se me nos tenemos tengo puede puedo este "
    "esta muy hemos ha he como estimados enviar favor pueden hace sin",
    "it": "il lo la i gli le un una di del della dei delle e è sono non io noi voi che per con in su mio mia nostro "
    "nostra ciao buongiorno grazie saluti ma quando da dal dalla al alla si mi ci abbiamo ho può posso questo questa "
    "anche come ha gentili cordiali salve potete stato nel nella",
    "nl": "de het een en is zijn was niet met voor van op ik wij we u uw jullie mijn onze ons dit dat die hallo beste "
    "bedankt dank groeten maar ook nog sinds bij kan kunnen hebben heeft wordt worden aan te om als er naar geen deze "
    "mvg goedemorgen alvast",
    "pt": "o a os as um uma de do da dos das e é são não eu nós você vocês que para com em no na nos nas por meu minha "
    "nosso nossa olá obrigado obrigada cumprimentos bom dia mas quando desde ao à se me temos tenho pode posso este "
    "esta muito foi está como prezados atenciosamente enviar favor podem sem",
    "pl": "i w na z do nie to się jest są że jak ale czy dla od po przez przy ja my mój moja nasz nasza proszę dzień "
    "dobry cześć dziękuję dziękujemy pozdrawiam pozdrowienia już tylko także mamy mam może można kiedy co o za ze tym "
    "ten ta państwo został było był witam szanowni",
}
LETTERS = {
    "de": "ßäöü",
    "fr": "œçèêâîôûùàë",
    "es": "ñ¿¡áíóú",
    "it": "àèìòù",
    "nl": "",
    "pt": "ãõçâêôá",
    "pl": "ąćęłńśźż",
}
_FOREIGN = frozenset("/\\@_=<>")  # links, addresses, paths and code say nothing of the language around them


def _points() -> dict[str, tuple[tuple[str, float], ...]]:
    """What a word is worth to each language: the fewer have it, the more it tells."""
    having: dict[str, list[str]] = {}
    for language, words in WORDS.items():
        for word in words.split():
            having.setdefault(word, []).append(language)
    return {word: tuple((each, 1 / len(languages)) for each in languages) for word, languages in having.items()}


POINTS = _points()
MARKS = {letter: tuple(each for each in LETTERS if letter in LETTERS[each]) for letter in "".join(LETTERS.values())}


def language_of(text: str) -> str:
    """Its code, or "" when that is anybody's guess."""
    plain = _plain(text)
    words = runs(plain)[:MOST_WORDS]
    if len(words) < FEWEST_WORDS:
        return ""
    points = dict.fromkeys(WORDS, 0.0)
    for word in words:
        for language, worth in POINTS.get(word, ()):
            points[language] += worth
    for letter in _marks(plain):
        for language in MARKS[letter]:
            points[language] += 1 / len(MARKS[letter])
    return _clear(points)


def _plain(text: str) -> str:
    begun = text[:SEARCHED]
    plain = (begun if begun.isascii() else unicodedata.normalize("NFC", begun)).lower()
    if any(sign in plain for sign in _FOREIGN):
        plain = " ".join(token for token in plain.split() if _FOREIGN.isdisjoint(token))
    return plain


def _marks(text: str) -> list[str]:
    return [] if text.isascii() else [letter for letter in MARKS if letter in text]


def _clear(points: dict[str, float]) -> str:
    """The best one, when it is good enough and far enough ahead."""
    second, most = sorted(points.values())[-2:]
    best = max(points, key=points.__getitem__)
    return best if most >= ENOUGH and most >= second * AHEAD else ""
