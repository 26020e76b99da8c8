"""The new words of a reply, by language and mail program; and what must never be lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mime.quotes import new_text, new_words

NEW = "It works now, thank you.\n\nOne question is left."
OLD = "please try version 5.3.\nDoes it help?"
MARKED = "> please try version 5.3.\n> Does it help?"

INTRODUCTIONS = {
    "gmail en": "On Mon, Mar 2, 2026 at 9:15 AM Alice Agent <support@desk.example> wrote:",
    "apple mail en": "On 2 Mar 2026, at 09:15, Alice Agent <support@desk.example> wrote:",
    "thunderbird en": "On 02/03/2026 09:15, Alice Agent wrote:",
    "gmail en, wrapped": "On Mon, Mar 2, 2026 at 9:15 AM Alice Agent With A Long Name\n<support@desk.example> wrote:",
    "gmail de": "Am Mo., 2. März 2026 um 09:15 Uhr schrieb Alice Agent <support@desk.example>:",
    "thunderbird de": "Am 02.03.26 um 09:15 schrieb Alice Agent:",
    "gmail fr": "Le lun. 2 mars 2026 à 09:15, Alice Agent <support@desk.example> a écrit :",
    "thunderbird fr": "Le 02/03/2026 à 09:15, Alice Agent a écrit :",
    "gmail es": "El lun, 2 mar 2026 a las 9:15, Alice Agent (<support@desk.example>) escribió:",
    "gmail it": "Il giorno lun 2 mar 2026 alle ore 09:15 Alice Agent <support@desk.example> ha scritto:",
    "gmail nl": "Op ma 2 mrt 2026 om 09:15 schreef Alice Agent <support@desk.example>:",
    "gmail pt": "Em seg., 2 de mar. de 2026 às 09:15, Alice Agent <support@desk.example> escreveu:",
    "gmail pl": "pon., 2 mar 2026 o 09:15 Alice Agent <support@desk.example> napisał(a):",
    "thunderbird pl": "W dniu 2.03.2026 o 09:15, Alice Agent pisze:",
    "gmail ru": "пн, 2 мар. 2026 г. в 09:15, Alice Agent <support@desk.example>:",
    "mail.ru": "Понедельник, 2 марта 2026, 9:15 +03:00 от Alice Agent <support@desk.example>:",
    "gmail uk": "пн, 2 бер. 2026 р. о 09:15 Alice Agent <support@desk.example> пише:",
    "gmail cs": "po 2. 3. 2026 v 9:15 odesílatel Alice Agent <support@desk.example> napsal:",
    "gmail da": "Den man. 2. mar. 2026 kl. 09.15 skrev Alice Agent <support@desk.example>:",
    "gmail sv": "Den mån 2 mars 2026 kl 09:15 skrev Alice Agent <support@desk.example>:",
    "gmail no": "man. 2. mars 2026 kl. 09:15 skrev Alice Agent <support@desk.example>:",
    "gmail fi": "ma 2. maalisk. 2026 klo 9.15 Alice Agent (support@desk.example) kirjoitti:",
    "gmail ja": "2026年3月2日(月) 9:15 Alice Agent <support@desk.example>:",
    "gmail zh": "Alice Agent <support@desk.example> 于2026年3月2日周一 09:15写道：",
    "gmail ko": "2026년 3월 2일 (월) 오전 9:15, Alice Agent <support@desk.example>님이 작성:",
    "gmail tr": "Alice Agent <support@desk.example>, 2 Mar 2026 Pzt, 09:15 tarihinde şunu yazdı:",
    "gmail of long ago": "2026/3/2 Alice Agent <support@desk.example>",
    "yahoo": "    On Monday, March 2, 2026, 09:15:00 AM GMT+1, Alice Agent <support@desk.example> wrote:",
    "zoho": "---- On Mon, 02 Mar 2026 09:15:00 +0100 Alice Agent <support@desk.example> wrote ----",
}

HEADS = {
    "outlook en": "From: Alice Agent <support@desk.example>\nSent: Monday, March 2, 2026 9:15 AM\n"
    "To: Carol Jones <carol@acme.example>\nSubject: Re: [EX-10427] Export",
    "outlook en with a line": "________________________________\nFrom: Alice Agent <support@desk.example>\n"
    "Sent: Monday, March 2, 2026 9:15 AM\nTo: Carol Jones\nSubject: Re: Export",
    "outlook en in bold": "*From:* Alice Agent\n*Sent:* Monday, March 2, 2026\n*To:* Carol\n*Subject:* Export",
    "outlook de": "Von: Alice Agent\nGesendet: Montag, 2. März 2026 09:15\nAn: Carol Jones\nBetreff: Re: Export",
    "outlook fr": "De : Alice Agent\nEnvoyé : lundi 2 mars 2026 09:15\nÀ : Carol Jones\nObjet : Re: Export",
    "outlook es": "De: Alice Agent\nEnviado: lunes, 2 de marzo de 2026 9:15\nPara: Carol Jones\nAsunto: Re: Export",
    "outlook it": "Da: Alice Agent\nInviato: lunedì 2 marzo 2026 09:15\nA: Carol Jones\nOggetto: Re: Export",
    "outlook nl": "Van: Alice Agent\nVerzonden: maandag 2 maart 2026 09:15\nAan: Carol Jones\nOnderwerp: Re: Export",
    "outlook pt": "De: Alice Agent\nEnviado: segunda-feira, 2 de março de 2026 09:15\nPara: Carol\nAssunto: Re: Export",
    "outlook pl": "Od: Alice Agent\nWysłano: poniedziałek, 2 marca 2026 09:15\nDo: Carol Jones\nTemat: Re: Export",
    "outlook ru": "От: Alice Agent\nОтправлено: понедельник, 2 марта 2026 г. 9:15\nКому: Carol\nТема: Re: Export",
    "outlook uk": "Від: Alice Agent\nНадіслано: понеділок, 2 березня 2026 р. 9:15\nКому: Carol\nТема: Re: Export",
    "outlook cs": "Od: Alice Agent\nOdesláno: pondělí 2. března 2026 9:15\nKomu: Carol Jones\nPředmět: Re: Export",
    "outlook da": "Fra: Alice Agent\nSendt: 2. marts 2026 09:15\nTil: Carol Jones\nEmne: Re: Export",
    "outlook sv": "Från: Alice Agent\nSkickat: den 2 mars 2026 09:15\nTill: Carol Jones\nÄmne: Re: Export",
    "outlook fi": "Lähettäjä: Alice Agent\nLähetetty: 2. maaliskuuta 2026 9.15\nVastaanottaja: Carol\nAihe: Re: Export",
    "outlook ja": "差出人: Alice Agent\n送信日時: 2026年3月2日 9:15\n宛先: Carol Jones\n件名: Re: Export",
    "outlook zh": "发件人: Alice Agent\n发送时间: 2026年3月2日 9:15\n收件人: Carol Jones\n主题: Re: Export",
    "outlook ko": "보낸 사람: Alice Agent\n보낸 날짜: 2026년 3월 2일\n받는 사람: Carol\n제목: Re: Export",
    "outlook tr": "Kimden: Alice Agent\nGönderilme: 2 Mart 2026 Pazartesi 09:15\nKime: Carol Jones\nKonu: Re: Export",
    "original message": "-----Original Message-----\nFrom: Alice Agent",
    "original message de": "-----Ursprüngliche Nachricht-----\nVon: Alice Agent",
    "original message fr": "-----Message d'origine-----\nDe : Alice Agent",
    "our own line": "##- Please type your reply above this line -##",
    "our own line de": "##- Bitte antworten Sie oberhalb dieser Zeile -##",
}  # fmt: skip


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS.keys())
@pytest.mark.parametrize("quoted", [MARKED, OLD], ids=["marked", "bare"])
def test_what_an_introduction_quotes_is_cut(introduction: str, quoted: str) -> None:
    assert new_text(f"{NEW}\n\n{introduction}\n\n{quoted}\n", "Re: Export", answers=True) == NEW


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_what_stands_below_a_quoted_head_is_cut(head: str) -> None:
    assert new_text(f"{NEW}\n\n{head}\n\n{OLD}\n", "Re: Export", answers=True) == NEW


def test_answers_between_quoted_lines_are_kept() -> None:
    introduction = "On Mon, Mar 2, 2026 at 9:15 AM Alice <a@desk.example> wrote:"
    text = f"{introduction}\n> please try 5.3\n\nDone.\n\n> Does it help?\nYes.\n"
    assert new_text(text, "Re: Export", answers=True) == "Done.\n\nYes."


def test_an_answer_directly_below_a_quoted_line_is_kept() -> None:
    text = "> Which version do you run, and on which of the servers does it fail?\n5.2 on both\n> Since when?\nmonday\n"
    assert new_text(text, "Re: Export", answers=True) == "5.2 on both\n\nmonday"


def test_words_below_everything_quoted_are_kept() -> None:
    text = (
        f"On 2 Mar 2026, at 09:15, Alice Agent <a@desk.example> wrote:\n\n{MARKED}\n\n{NEW}\n\n-- \nCarol Jones\nAcme\n"
    )
    assert new_text(text, "Re: Export", answers=True) == NEW


def test_our_line_inside_quoted_text_ends_nothing_below_it() -> None:
    text = f"> ##- Please type your reply above this line -##\n{MARKED}\n\n{NEW}\n"
    assert new_text(text, "Re: Export", answers=True) == NEW


def test_an_introduction_above_our_line_goes_with_it() -> None:
    text = f"{NEW}\n\nAlice schrieb am 2.3.2026 um 9:15:\n\n##- Bitte antworten Sie oberhalb dieser Zeile -##\n\n{OLD}"
    assert new_text(text, "AW: Export", answers=True) == NEW


def test_a_reply_of_quotes_alone_has_no_new_words() -> None:
    assert new_text(f"On 2 Mar 2026, at 09:15, Alice <a@desk.example> wrote:\n{MARKED}", "Re: x", answers=True) == ""
    assert new_text(f"##- Please type your reply above this line -##\n\n{OLD}", "Re: x", answers=True) == ""


FORWARDS = {
    "gmail": "---------- Forwarded message ---------\nFrom: Carol <carol@acme.example>\nDate: 2 Mar 2026\n\nIt fails.",
    "apple mail": "Begin forwarded message:\n\n> From: Carol <carol@acme.example>\n> Subject: Export\n>\n> It fails.",
    "thunderbird de": "-------- Weitergeleitete Nachricht --------\nVon: Carol <carol@acme.example>\n\nNein.",
    "outlook": "From: Carol Jones <carol@acme.example>\nSent: Monday\nTo: Alice\nSubject: Export\n\nIt fails.",
}  # fmt: skip


@pytest.mark.parametrize("forward", FORWARDS.values(), ids=FORWARDS.keys())
def test_a_forwarded_mail_is_no_quote(forward: str) -> None:
    assert new_text(f"See below.\n\n{forward}", "Fwd: Export") == f"See below.\n\n{forward}"


OWN_WORDS = {
    "a log": "The log says:\n> error 17 at start\nand then nothing more.",
    "marks above the quotation": "> SELECT 1;\n> 1\nfails here.",
    "prose with a verb": "On Monday he wrote:\nthe server is down.\nIs it?",
    "prose with a date and a verb": "In 2026 my boss wrote to us.\nWhat now?",
    "a list of fields": "From: the office\nfloor: 3\nphone: 17",
    "a colon at the end": "We run version 5.2 since 2.3.2026 9:15:\nit fails.",
    "a drawn line": "First part\n-----\nSecond part is longer than a signature would be, and says much more "
    + "x" * 60,
    "arrows": "a -> b\n>>> import this <<<\nthat is all",
    "sent from": "Sent from my desk, this is easier.",
    "thanks": "Thanks",
}


@pytest.mark.parametrize("words", OWN_WORDS.values(), ids=OWN_WORDS.keys())
def test_the_writers_own_words_stay(words: str) -> None:
    assert new_text(words, "Export") == words


def test_marks_above_the_first_introduction_are_the_writers_own() -> None:
    own = "> SELECT 1;\n> 1\nfails here."
    text = f"{own}\n\nOn 2 Mar 2026, at 09:15, Alice <a@desk.example> wrote:\n{MARKED}\n"
    assert new_text(text, "Re: Export", answers=True) == own


def test_words_on_the_line_of_an_introduction_are_kept() -> None:
    text = f"Yes, please. On Mon, Mar 2, 2026 at 9:15 AM, alice@desk.example wrote:\n{MARKED}\n"
    assert new_text(text, "Re: Export", answers=True) == "Yes, please."


SIGNATURES = {
    "delimiter": "-- \nCarol Jones\nAcme, Export department\n+1 555 0100",
    "delimiter without a space": "--\nCarol",
    "closing": "Best regards,\nCarol Jones",
    "closing de": "Mit freundlichen Grüßen\n\nCarol Jones\nAcme",
    "closing fr": "Cordialement,\nCarol",
    "telephone": "Sent from my iPhone",
    "telephone de": "Von meinem iPhone gesendet",
    "telephone fr": "Envoyé de mon iPhone",
    "telephone da": "Sendt fra min iPad",
    "outlook": "Get Outlook for iOS<https://aka.example/x>",
    "telephone below a closing": "Regards, \nCarol\n\nSent from my Galaxy",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES.keys())
def test_a_signature_is_cut(signature: str) -> None:
    assert new_text(f"{NEW}\n\n{signature}\n", "Export") == NEW


def test_a_signature_above_a_quotation_is_cut() -> None:
    text = f"{NEW}\n\n-- \nCarol\n\nOn 2 Mar 2026, at 09:15, Alice <a@desk.example> wrote:\n{MARKED}\n"
    assert new_text(text, "Re: Export", answers=True) == NEW


HOSTILE = {
    "wrote": "a wrote:\n",
    "almost introductions": "On 1.1.2026 10:00 " + "x" * 380 + ":\n",
    "heads": "From: a\nSent: b\n",
    "dashes": "-" * 398 + ":\n",
    "our line": "##-" + "-" * 390 + "\n",
    "addresses": "a@" * 200 + ":\n",
    "digits": "1." * 199 + ":\n",
    "blank lines": "wrote:\n\n\n\n\n",
    "telephones": "sent from my " + "a " * 70 + "\n",
    "one line": "On 2026 10:00 a@b ",
}


@pytest.mark.parametrize("pattern", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_costs_no_more_than_its_length(pattern: str) -> None:
    text = (pattern * (1_000_000 // len(pattern) + 1))[:1_000_000]
    begun = time.process_time()
    new_text(text, "Re: x", answers=True)
    assert time.process_time() - begun < 5


@given(st.text(alphabet="On wrote:>\n-_#a@b.1F ", max_size=400), st.booleans())
def test_no_text_breaks_it_and_nothing_is_invented(text: str, answers: bool) -> None:
    words = set(text.split())
    assert set(new_text(text, "Re: x" if answers else "x", answers).replace("-", " ").split()) <= words | set(
        text.replace("-", " ").split()
    )


def test_a_closing_goes_to_others_and_is_no_word_to_be_read() -> None:
    words = new_words(f"Version 4.2 mends it.\n\nKind regards,\nAlice\n-- \nExample Ltd\n\n{MARKED}", answers=True)
    assert words == ("Version 4.2 mends it.\n\nKind regards,\nAlice", "Version 4.2 mends it.")


@pytest.mark.parametrize("mark", ["PS:", "P.S.", "p.s.", "NB:"])
def test_a_postscript_below_the_closing_is_text(mark: str) -> None:
    text = f"It works.\n\nBest regards,\nAlice\n\n{mark} Please restart the server first."
    assert new_text(text, answers=True) == text
