"""In which language a text is: own sentences in each, what is too little to tell, and any text at all."""

from __future__ import annotations

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mime.language import WORDS, language_of

SENTENCES = {
    "en": (
        "Hello,\n\nthe export to PDF stops at page 3.\n\nCarol",
        "It still does not work, what should I do now?",
        "Please reset my password and tell me when it is done.",
    ),
    "de": (
        "Hallo,\n\nder Export bricht auf Seite 3 ab.\n\nBob",
        "Die Anmeldung funktioniert seit heute morgen nicht mehr.",
        "Bitte schicken Sie mir die Rechnung noch einmal.",
    ),
    "fr": (
        "Bonjour,\n\nl'export en PDF s'arrête à la page 3.\n\nMerci",
        "Nous n'arrivons plus à nous connecter depuis ce matin.",
        "Je ne trouve pas la facture de janvier, pouvez-vous me l'envoyer ?",
    ),
    "es": (
        "Hola,\n\nla exportación a PDF se detiene en la página 3.\n\nGracias",
        "No podemos iniciar sesión desde esta mañana.",
        "¿Me pueden enviar la factura de enero, por favor?",
    ),
    "it": (
        "Buongiorno,\n\nl'esportazione in PDF si ferma alla pagina 3.\n\nGrazie",
        "Non riusciamo più ad accedere da questa mattina.",
        "Potete inviarmi la fattura di gennaio? Non la trovo.",
    ),
    "nl": (
        "Hallo,\n\nde export naar PDF stopt op pagina 3.\n\nBedankt",
        "We kunnen sinds vanmorgen niet meer inloggen.",
        "Kunt u mij de factuur van januari nog een keer sturen?",
    ),
    "pt": (
        "Olá,\n\na exportação para PDF para na página 3.\n\nObrigado",
        "Não conseguimos entrar no sistema desde esta manhã.",
        "Podem enviar-me a fatura de janeiro, por favor?",
    ),
    "pl": (
        "Dzień dobry,\n\neksport do PDF zatrzymuje się na stronie 3.\n\nDziękuję",
        "Od dzisiaj rano nie możemy się zalogować.",
        "Proszę o ponowne przesłanie faktury za styczeń.",
    ),
}
TOO_LITTLE = (
    "",
    "Hi",
    "PDF export",
    "status EX-10001",
    "error 500 in module 7",
    "12345 !!! ???",
    "https://the.and/is/of/to-for/not with@this.that it_you_your",
    "Всё сломалось и не работает",
    "プリンタが動きません。助けてください。",
    "die die",
)


@pytest.mark.parametrize(("language", "text"), [(each, text) for each in SENTENCES for text in SENTENCES[each]])
def test_a_sentence_tells_its_language(language: str, text: str) -> None:
    assert language_of(text) == language


def test_there_are_sentences_for_every_language_that_is_known() -> None:
    assert SENTENCES.keys() == WORDS.keys()


@pytest.mark.parametrize("language", SENTENCES)
def test_capitals_decomposed_accents_and_links_change_nothing(language: str) -> None:
    text = "\n".join(SENTENCES[language])
    assert language_of(text.upper()) == language
    assert language_of(unicodedata.normalize("NFD", text)) == language
    assert language_of(f"https://example.com/the/and/der/le/el {text}") == language


@pytest.mark.parametrize("text", TOO_LITTLE)
def test_what_is_too_little_to_tell_is_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_two_languages_at_once_are_a_call_too_close() -> None:
    assert language_of("the and with this that; der und mit dieser das") == ""


@given(st.text(max_size=3000))
def test_any_text_has_one_of_the_languages_or_none(text: str) -> None:
    assert language_of(text) in {"", *WORDS}


@pytest.mark.parametrize("piece", ["a.", "a", "@", "a@ ", "the ", "é́", "\n", "/" * 99 + " ", "ﷺ"])
def test_a_text_of_any_length_is_looked_at_for_its_beginning_alone(piece: str) -> None:
    begun = process_time()
    language_of(piece * 1_000_000)
    assert process_time() - begun < 0.25
