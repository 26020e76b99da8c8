"""What stands below every mail of a person and says nothing: and what looks nearly so, and is words."""

from __future__ import annotations

import pytest

from maildesk.mime.formal import LONGEST, says_nothing

ALICE = "Alice Agent"
ENGLISH = (
    "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received it "
    "in error, please notify the sender and delete it."
)
GERMAN = (
    "Diese E-Mail enthält vertrauliche und rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat "
    "sind, vernichten Sie diese Mail bitte."
)
IMPRINT = "Example GmbH | Sitz der Gesellschaft: Berlin | Amtsgericht Berlin HRB 4711 | Geschäftsführer: E. Xample"

NOTHING = {
    "the name": "Alice Agent",
    "the first name": "Alice",
    "name and office": "Alice Agent | Example Support",
    "with a title": "i. A. Dr. Alice Agent\nLeiterin Kundendienst",
    "with a telephone": "Alice Agent\nTechnical Support, Example Ltd\nTel. +49 30 1234567\nwww.example.com",
    "a closing": "Kind regards\nAlice Agent",
    "a German closing": "Mit freundlichen Grüßen\n\nAlice Agent",
    "a logo": "[cid:image001.png@01DA.123]\nAlice Agent",
    "a logo with a link": "Alice Agent\n\n[Example]<https://www.example.com/>",
    "an English disclaimer": ENGLISH,
    "a German one": GERMAN,
    "all of them": f"Alice\n\n[image: Logo]\n\n{IMPRINT}\n\n--------\n{GERMAN}\n\n{ENGLISH}",
    "a telephone": "Alice\n\nSent from my iPhone",
}
WORDS = {
    "a sentence that begins with the name": "Alice will call you tomorrow",
    "one that begins with the whole name": "Alice Agent will call you tomorrow",
    "one below the name": "Alice Agent\nI will call you tomorrow",
    "a question": "Alice?",
    "another's name": "Bob Builder",
    "a number alone": "+49 30 1234567",
    "one word": "Done",
    "a version": "Version 4.2",
    "a confidential matter": "This is confidential until Friday.",
    "words above a disclaimer": f"Please restart it.\n\n{ENGLISH}",
    "words below a name": "Alice Agent\n\nPlease restart it.",
    "an address to write to": "Please write to sales@example.com",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_what_stands_below_every_mail_says_nothing(text: str) -> None:
    assert says_nothing(text, ALICE)


@pytest.mark.parametrize("text", WORDS.values(), ids=WORDS.keys())
def test_words_are_words(text: str) -> None:
    assert not says_nothing(text, ALICE)


def test_a_long_text_says_something() -> None:
    assert not says_nothing(ENGLISH * (LONGEST // len(ENGLISH) + 1), ALICE)


def test_without_a_name_only_closings_and_disclaimers_say_nothing() -> None:
    assert says_nothing(ENGLISH, "")
    assert not says_nothing("Alice", "")
