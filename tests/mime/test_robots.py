"""Marks of mail that no human wrote; and people whose mail looks a little like it."""

from __future__ import annotations

import pytest

from maildesk.mime.read import read
from maildesk.words import Automatic
from tests.builders import mail


def marked(*fields: str, subject: str = "Export", body: str = "text") -> Automatic | None:
    lines = ["From: carol@acme.example", "To: support@desk.example", f"Subject: {subject}", *fields, "", body]
    return read("\r\n".join(lines).encode()).automatic


FIELDS = {
    "auto-replied": ("Auto-Submitted: auto-replied", Automatic.REPLY),
    "auto-replied with a parameter": ("Auto-Submitted: auto-replied; owner-email=x@y.example", Automatic.REPLY),
    "auto-replied with a comment": ("Auto-Submitted: (vacation) auto-replied", Automatic.REPLY),
    "auto-generated": ("Auto-Submitted: auto-generated", Automatic.BULK),
    "anything but no": ("Auto-Submitted: yes", Automatic.BULK),
    "no": ("Auto-Submitted: no", None),
    "no, in capitals": ("Auto-Submitted: No", None),
    "a list": ("List-Id: <users.acme.example>", Automatic.LIST),
    "a list of old": ("Mailing-List: contact users-help@acme.example", Automatic.LIST),
    "a newsletter": ("List-Unsubscribe: <mailto:leave@acme.example>", Automatic.BULK),
    "precedence bulk": ("Precedence: bulk", Automatic.BULK),
    "precedence junk": ("Precedence: Junk", Automatic.BULK),
    "precedence list": ("Precedence: list", Automatic.LIST),
    "precedence auto_reply": ("Precedence: auto_reply", Automatic.REPLY),
    "precedence of people": ("Precedence: first-class", None),
    "a field of autoresponders": ("X-Autoreply: yes", Automatic.REPLY),
    "a field of autoresponders that says no": ("X-Autoreply: no", None),
    "a rule of exchange": ("X-MS-Exchange-Inbox-Rules-Loop: carol@acme.example", Automatic.REPLY),
    "what forbids answers is no mark": ("X-Auto-Response-Suppress: All", None),
    "a machine": ("X-Cron-Env: <SHELL=/bin/sh>", Automatic.BULK),
    "a return path of its own": ("Return-Path: <>", None),
}


@pytest.mark.parametrize(("field", "wanted"), FIELDS.values(), ids=FIELDS.keys())
def test_marks_in_fields(field: str, wanted: Automatic | None) -> None:
    assert marked(field) is wanted


VACATIONS = {
    "en": ("Automatic reply: Export", "I am out of the office until Monday."),
    "en without a prefix": ("Out of Office", "I am currently out of the office."),
    "de": ("Abwesenheitsnotiz: Export", "Ich bin bis Montag nicht im Büro."),
    "de of outlook": ("Automatische Antwort: Export", "Ich bin bis 9.3. im Urlaub."),
    "fr": ("Réponse automatique : Export", "Je suis actuellement absent."),
    "es": ("Respuesta automática: Export", "Estoy de vacaciones."),
    "it": ("Risposta automatica: Export", "Sono in ferie."),
    "nl": ("Automatisch antwoord: Export", "Ik ben met vakantie."),
    "pt": ("Resposta automática: Export", "Estou de férias."),
    "pl": ("Odpowiedź automatyczna: Export", "Jestem na urlopie."),
    "ru": ("Автоматический ответ: Export", "Я в отпуске."),
    "uk": ("Автоматична відповідь: Export", "Я у відпустці."),
    "cs": ("Automatická odpověď: Export", "Jsem na dovolené."),
    "da": ("Autosvar: Export", "Jeg er på ferie."),
    "sv": ("Automatiskt svar: Export", "Jag är på semester."),
    "fi": ("Automaattinen vastaus: Export", "Olen lomalla."),
    "ja": ("自動返信: Export", "休暇をいただいております。"),
    "zh": ("自动回复: Export", "我在休假。"),
    "ko": ("자동 회신: Export", "휴가 중입니다."),
    "tr": ("Otomatik yanıt: Export", "Şu anda izindeyim."),
    "no": ("Automatisk svar: Export", "Jeg er på ferie."),
    "en, with access": ("Out of Office: Export", "I will have limited access to my email until 9 March."),
    "en, until": ("Out of office until 9 March", "I am out of the office until 9 March. Please contact Bob."),
    "en, left": ("Automatic reply: Export", "Carol is no longer with the company. Please write to Bob."),
    "de, until": ("Abwesend bis 9.3.", "Ich bin bis 9.3. nicht im Büro. Bitte wenden Sie sich an Herrn Meier."),
    "fr, away": ("Absence du bureau : Export", "Je suis en congés jusqu'au 9 mars."),
    "es, away": ("Fuera de la oficina", "Estaré fuera hasta el 9 de marzo."),
    "it, away": ("Fuori ufficio: Export", "Sarò assente fino al 9 marzo."),
    "nl, away": ("Afwezig: Export", "Ik ben afwezig tot 9 maart."),
    "pt, away": ("Ausência: Export", "Estarei ausente até 9 de março."),
    "pl, away": ("Nieobecność: Export", "Przebywam na urlopie do 9 marca."),
    "ru, away": ("Вне офиса: Export", "Меня не будет в офисе до 9 марта."),
    "sv, away": ("Frånvaro: Export", "Jag är på semester till 9 mars."),
    "ja, away": ("不在通知: Export", "9日まで不在にしております。"),
    "ko, away": ("부재중: Export", "9일까지 부재중입니다."),
}


HOLIDAYS = {
    "en": ("On vacation until 9 March", "I am on vacation until 9 March."),
    "de": ("Urlaub: Export", "Ich bin bis 9.3. im Urlaub."),
    "es": ("De vacaciones", "Estoy de vacaciones hasta el 9."),
    "it": ("In ferie", "Sono in ferie fino al 9."),
    "fi": ("Lomalla", "Olen lomalla 9.3. asti."),
}


@pytest.mark.parametrize(("subject", "body"), HOLIDAYS.values(), ids=HOLIDAYS.keys())
def test_a_subject_of_holidays_counts_only_in_an_answer(subject: str, body: str) -> None:
    assert marked("In-Reply-To: <1@desk.example>", subject=subject, body=body) is Automatic.REPLY
    assert marked(subject=subject, body=body) is None


@pytest.mark.parametrize(("subject", "body"), VACATIONS.values(), ids=VACATIONS.keys())
def test_a_vacation_notice_without_any_field(subject: str, body: str) -> None:
    assert marked(subject=subject, body=body) is Automatic.REPLY


def test_a_formal_subject_counts_with_one_thing_more() -> None:
    subject = "Automatic reply: Export"
    assert marked("X-Auto-Response-Suppress: All", subject=subject) is Automatic.REPLY
    assert marked("In-Reply-To: <1@desk.example>", subject=subject) is Automatic.REPLY
    assert marked("Return-Path: <>", subject=subject) is Automatic.REPLY
    assert marked(subject=subject) is None


PEOPLE = {
    "asks about notices": (
        (),
        "Out of office: how do I set it up?",
        "I am out of the office next week. How do I tell?",
    ),
    "answers about notices": (("In-Reply-To: <1@desk.example>",), "Re: Automatic reply not sent", "I am on vacation."),
    "answers without a prefix": (("In-Reply-To: <1@desk.example>",), "Automatic reply not sent", "It works now."),
    "is on vacation": ((), "Export", "I am on vacation from Friday on, please hurry."),
    "vacation days": ((), "Vacation request form broken", "The form for vacation fails."),
}


@pytest.mark.parametrize(("fields", "subject", "body"), PEOPLE.values(), ids=PEOPLE.keys())
def test_no_mail_of_a_person_is_taken_for_a_robots(fields: tuple[str, ...], subject: str, body: str) -> None:
    assert marked(*fields, subject=subject, body=body) is None


RECALLS = {
    "en": ("Recall: The export fails", 'Alice Agent would like to recall the message, "The export fails".'),
    "de": ("Rückruf: The export fails", 'Alice Agent möchte die Nachricht "The export fails" zurückrufen.'),
}


@pytest.mark.parametrize(("subject", "text"), RECALLS.values(), ids=RECALLS.keys())
def test_a_mail_that_takes_another_back_is_written_by_no_human(subject: str, text: str) -> None:
    assert read(mail(subject=subject, text=text)).automatic is Automatic.REPORT
    assert read(mail(subject=subject, text="We recall the devices of March. Which are yours?")).automatic is None


def test_a_tap_on_a_sign_is_no_answer() -> None:
    sign = ("reaction.json", b'{"emoji":"\xf0\x9f\x91\x8d","version":1}', "text/vnd.google.email-reaction+json")
    found = read(mail(subject="Re: The export", text="\U0001f44d\n\nAlice Agent reacted via Gmail", attachments=[sign]))
    assert found.automatic is Automatic.REPLY
