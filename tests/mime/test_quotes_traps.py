"""The writer's own words that look like a quotation, a head or a signature: not one of them may be cut."""

from __future__ import annotations

import pytest

from maildesk.mime.quotes import new_text
from tests.evil.bounds import linear

INTRODUCTION = "On 2 Mar 2026, at 09:15, Alice Agent <support@desk.example> wrote:"
MARKED = "> please try version 5.3.\n> Does it help?"

TRAPS = {
    "prose with a verb": "On Monday we wrote:\nthe server is down.\nIs it up again?",
    "prose with a verb and a day": "On 2 March 2026 at 9:15 we wrote:\nthe server is down.\nIs it up again?",
    "prose with an address": "On 2 March 2026 at 9:15 I wrote to bob@acme.example:\nthe server is down.\nNo answer.",
    "prose of a log": "On 2026-03-02 at 09:15 the server wrote:\nerror 17\nand then it stopped.",
    "prose in german": "Am Montag um 9:15 schrieb ich Folgendes:\nder Server steht.\nGeht er wieder?",
    "prose in french": "Le 2 mars 2026 à 9:15 nous avons écrit ceci :\nle serveur est en panne.\nEt maintenant ?",
    "a mail address at the end": "On 2 March 2026 at 10:15 the mail never came to bob@acme.example:\nerror 17.\nWhy?",
    "from a to b": "From: A to B\nit takes two days.",
    "from in prose": "From: Monday\nTo: Friday\nwe are closed, please call then.",
    "a journey": "Von: Hamburg\nNach: Berlin\nDatum: 2.3.2026\nAbfahrt: 9:15\nBitte buchen Sie zwei Plätze.",
    "a journey by rail": "Von: Hamburg\nAn: Berlin\nDatum: 2.3.2026, 9:15 Uhr\nBitte buchen Sie zwei Plätze.",
    "a journey in french": "De : Paris\nÀ : Lyon\nDate : 02/03/2026 09:15\nDeux places, merci.",
    "a journey in danish": "Fra: Aarhus\nTil: Odense\nDato: 2. marts 2026 kl. 09.15\nTo pladser, tak.",
    "a journey in polish": "Od: Gdańsk\nDo: Kraków\nData: 2.03.2026 09:15\nDwa bilety, proszę.",
    "a form": "Name: Carol\nDate: 2.3.2026\nSubject: Export\nVersion: 5.2\nIt fails.",
    "an order": "To: Acme\nDate: 2.3.2026\nItem: printer\nPrice: 100",
    "a log with marks": "Here is the log:\n> error 17\n> error 18\n> error 19",
    "a log with marks in between": "Here is the log:\n> error 17\n> error 18\n> error 19\nWhat now?",
    "a shell": "I ran this:\n$ make\n> cc -o a a.c\n$ ls > list.txt\nand it failed.",
    "a python prompt": "It fails so:\n\n>>> import desk\n>>> desk.run()\nTypeError\n\nWhy?",
    "a database prompt": "sqlite> SELECT 1;\nmysql> SELECT 2;\nBoth work.",
    "a diff": "The change:\n\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-old\n+new\n\nPlease look.",
    "an old diff": "The change:\n\n1c1\n< old\n---\n> new\n\nPlease look.",
    "a conflict": "Git says:\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> main\nWhat now?",
    "arrows": "Settings > Export > Run\n-> error\n=> stops",
    "a single mark": "Version 5 or later\n> 5.2 is what we have\nand it fails.",
    "a list with dashes": "We need:\n-- a printer\n-- two screens\n-- one desk",
    "a list with a dash": "Who comes:\n- Mary\n- Peter",
    "numbers": "1. It starts.\n2. It stops.\n3. It says 17.",
    "prices": "Item      Price\n---------------\nPrinter   100.00\nScreen    250.00",
    "a table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "a drawn table": "+-----+-----+\n| a   | b   |\n+-----+-----+\n| 1   | 2   |\n+-----+-----+",
    "a heading": "Questions\n=========\nWhich version?\n\nAnswers\n=======\n5.2",
    "an underlined heading": "Questions\n----------\nWhich version?\n\nAnswers\n----------\n5.2",
    "parts": "First, the export.\n\n----------\n\nSecond, the import fails since Monday.\nCould you look?",
    "a time": "The export of 2.3.2026 9:15:\nit fails.",
    "sent from prose": "The mail was\nsent from our server at night.",
    "sent from a place": "The parcel was sent.\nSent from Hamburg on Monday, it never arrived.",
    "get the phone": "What should I do?\nGet the phone number first?",
    "an iphone": "Which telephone?\niPhone 15",
    "telephones that fail": "It fails on two of them.\niPad and Android phones.",
    "a telephone that was sent": "Das Paket ist da.\nDas Handy wurde gestern gesendet.",
    "a question about outlook": "One more thing.\nDownload of Outlook fails, why?",
    "best in a sentence": "Best would be Monday.\nOr Tuesday.",
    "regards in a sentence": "As regards the invoice:\nit is wrong.",
    "text below a closing": "Thanks.\n\nBest regards,\nCarol\n\nOne more thing: the import fails as well.",
    "a question below a closing": "It works.\n\nMfG\nCarol\n\nWann kommt die neue Version?",
    "original as a word": "Original: 5.2\nCopy: 5.3\nWhich one?",
    "forwarding as a word": "Forwarded to Bob, who says:\nit fails.",
    "a reply that is a quote of a log alone": "> error 17\n> error 18",
    "yaml": "config:\n  from: a\n  to: b\n  subject: c\nis this right?",
    "xml": "<from>a</from>\n<to>b</to>\nis this right?",
    "a date with a colon": "2026-03-02 09:15:00 INFO start:\n2026-03-02 09:15:01 ERROR stop:\nWhat now?",
    "mail addresses with a colon": "carol@acme.example:\nplease add her.\nbob@acme.example:\nplease remove him.",
    "syslog": "Mar  2 09:15:00 mx postfix/smtp[17]: to=<bob@acme.example>:\nMar  2 09:15:01 mx postfix: removed\nWhy?",
}  # fmt: skip


@pytest.mark.parametrize("words", TRAPS.values(), ids=TRAPS.keys())
@pytest.mark.parametrize("answers", [True, False], ids=["a reply", "a new mail"])
def test_the_writers_own_words_stay(words: str, answers: bool) -> None:
    assert new_text(words, "Re: Export" if answers else "Export", answers) == words


ABOVE = {name: words for name, words in TRAPS.items() if "log alone" not in name}


@pytest.mark.parametrize("words", ABOVE.values(), ids=ABOVE.keys())
def test_they_stay_above_a_quotation(words: str) -> None:
    assert new_text(f"{words}\n\n{INTRODUCTION}\n{MARKED}\n", "Re: Export", answers=True) == words


HOSTILE = {
    "stars": "*" * 300 + "\n",
    "names": "Alice Agent <\n",
    "capitals": "Aa " * 120 + "wrote:\n",
    "heads": "From: a@b.c\nX: y\n",
    "heads below drawn lines": "_____\nAb: a@b\nCd: 10:15\n",
    "lone names": "Abc <a@b.c>\n10.10.2026 10:15 wrote:\n",
    "announced marks": "a:\n> b\n",
    "prompts": ">>> a\n",
    "telephones": "iphone " * 20 + "\n",
    "dates": "1.1.2026 10:15 " * 20 + "<:\n",
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE.keys())
def test_t74_hostile_text_takes_no_longer_than_it_is_longer(line: str) -> None:
    linear(
        lambda length: line * (length // len(line)),
        lambda text: new_text(text, "Re: Export", answers=True),
        100_000,
        most=0.5,
    )
