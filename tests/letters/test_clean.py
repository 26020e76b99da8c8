"""P14 and contract.md, section 5, for every letter, sample and language; and with hostile values in every field."""

import email
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email.message import Message
from functools import cache
from typing import Any
from urllib.parse import unquote

import pytest

from maildesk.letters.preview import NO_DESK, sample
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW, SAMPLES
from maildesk.letters.table import LETTERS
from maildesk.mime.write import pieces
from maildesk.policy.requests import read
from maildesk.words import Address, Attachment, Letter
from tests.bodies import body_of, head_of
from tests.fields import READING
from tests.letters.goldens import LANGUAGES, desk, letters_of

CONFIG = desk()
LETTERS_OF_DESK = Letters(CONFIG, [b"secret"])
each_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def written(language: str) -> list[tuple[Letter, Rendered]]:
    """Every letter with every sample, as it leaves: to make them tests of their own would cost more than they do."""
    return list(letters_of(CONFIG, language))


@contextmanager
def telling(letter: Letter) -> Iterator[None]:
    """Of which letter it is that something does not hold."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"{letter.language} {letter.name} {letter.context}")
        raise


HOSTILE = (
    "x\r\nBcc: evil@evil.example\r\n\r\n<script>alert(1)</script>"
    "{{7*7}}{% if %}${x}%s{0.__class__}\0\u2028\ud800 \u202eé"
)


def check_bytes(rendered: Rendered) -> Message:
    """RFC 5322 and 2045, by measure; its fields."""
    raw = rendered.head + rendered.body
    assert raw.isascii()
    assert b"\0" not in raw
    assert not re.search(rb"[^\r]\n|\r[^\n]|\r\Z", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert max(map(len, rendered.body.split(b"\r\n"))) <= 78
    parsed = head_of(raw, READING)
    for name in ("From", "Date", "Message-ID", "Subject", "MIME-Version", "To"):
        assert len(parsed.get_all(name, [])) == 1, name
    assert not parsed.get_all("Bcc")
    return parsed


@each_language
def test_every_letter_is_clean_and_says_what_it_is(language: str) -> None:
    for letter, rendered in written(language):
        with telling(letter):
            check_bytes(rendered)
            says_what_it_is(letter, rendered)


def says_what_it_is(letter: Letter, rendered: Rendered) -> None:
    raw = rendered.head + rendered.body
    parsed: Any = email.message_from_bytes(raw, policy=READING)
    for kind in ("plain", "html"):
        part = parsed.get_body((kind,))
        assert body_of(raw, f"text/{kind}") == (part and part.get_content())
    assert len(parsed["from"].addresses) == 1
    assert parsed["x-maildesk-letter"] == letter.name
    about = letter.about if letter.about.startswith("EX-") else ""
    assert (parsed["x-maildesk-ticket"] or "") == about
    assert str(parsed["subject"]).count("[EX-10427]") == bool(about)
    assert parsed["date"].datetime == SAMPLE_NOW
    assert parsed.get_body(("plain",)).get_content().replace("\r\n", "\n") == rendered.text
    assert parsed["references"].split()[0].endswith(".t@example.com>")
    if letter.human:
        assert "auto-submitted" not in parsed
        assert rendered.mail_from == parsed["reply-to"]
    else:
        assert parsed["auto-submitted"] in ("auto-replied", "auto-generated")
        assert parsed["x-auto-response-suppress"] == "All"
        assert rendered.mail_from == ""


@each_language
def test_a_letter_that_may_be_answered_begins_with_the_marker_in_both_forms(language: str) -> None:
    for letter, rendered in written(language):
        kind = LETTERS[letter.name]
        body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", rendered.html, flags=re.DOTALL)
        visible = re.sub(r"<[^>]*>", "", body).strip()
        with telling(letter):
            assert rendered.text.startswith("##- ") == kind.answerable
            assert visible.startswith("##- ") == kind.answerable


def poisoned(context: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same context with one field after the other replaced by what a hostile mail might bring."""
    for field, value in context.items():
        if field not in ("html", "service"):  # which mime/html_sheet has cleaned, and which is the configuration's
            yield {**context, field: hostile(value)}


def hostile(value: Any) -> Any:
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, list | tuple):
        return type(value)(hostile(each) for each in value)
    if isinstance(value, dict):
        return {name: hostile(each) for name, each in value.items()}
    assert isinstance(value, int | float | datetime | None)
    return value


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(LETTERS))
def test_no_value_of_any_field_makes_a_header_a_tag_or_a_template(name: str, language: str) -> None:
    for variant, context in enumerate(SAMPLES[name]):
        plain = sample(CONFIG, name, language, variant=variant)
        for bad in (plain, *(replace(plain, context=each) for each in poisoned(dict(context)))):
            letter = replace(
                bad,
                subject=HOSTILE,
                sender_name=HOSTILE,
                to=Address(bad.to.address, HOSTILE),
                in_reply_to=HOSTILE,
                references=(HOSTILE, "fine@mail.example"),
                shown_cc=(Address("bob@acme.example", HOSTILE), Address(HOSTILE, HOSTILE)),
            )
            check_hostile(LETTERS_OF_DESK.render(letter, 7, SAMPLE_NOW))


def check_hostile(rendered: Rendered) -> None:
    parsed = check_bytes(rendered)
    assert "<script" not in rendered.html
    assert "49" not in re.sub(r"mailto:\S+|#\w+|[0-9a-z]{20,}|10427", "", rendered.text + rendered.subject)
    assert "\n" not in rendered.subject
    assert "x Bcc: evil" not in str(parsed.get("in-reply-to", "")) + str(parsed.get("references", ""))
    known = {"from", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
    known |= {"auto-submitted", "x-auto-response-suppress", "x-maildesk-letter", "x-maildesk-ticket"}
    assert {name.lower() for name in parsed} <= known | {"mime-version", "content-type", "content-transfer-encoding"}


def test_words_of_a_mail_are_never_evaluated() -> None:
    letter = replace(sample(CONFIG, "agent_ticket"), subject="{{7*7}}")
    letter = replace(letter, context={**letter.context, "text": "{{7*7}} {% raw %} <b>bold</b>"})
    rendered = LETTERS_OF_DESK.render(letter, 1, SAMPLE_NOW)
    assert rendered.subject == "[EX-10427] {{7*7}}"
    assert "{{7*7}} {% raw %} <b>bold</b>" in rendered.text
    assert "{{7*7}} {% raw %} &lt;b&gt;bold&lt;/b&gt;" in rendered.html


def test_the_redirect_quotes_nothing_and_stays_small() -> None:
    names = ["\U0001f600" * 300] * 100
    context = {"contacts": names, "organisation": "\U0001f600" * 300}
    for language in LANGUAGES:
        letter = replace(
            sample(CONFIG, "redirect", language),
            subject=HOSTILE,
            to=Address("stranger@elsewhere.example", "Buy <now> at evil.example"),
            in_reply_to="a" * 380 + "@elsewhere.example",
            references=tuple(f"{number}@evil.example" for number in range(500)),
        )
        for each in (letter, replace(letter, context=context)):
            rendered = LETTERS_OF_DESK.render(each, 1, SAMPLE_NOW)
            raw = rendered.head + rendered.body
            assert len(raw) <= 4096
            for word in (b"Bcc", b"Buy", b"evil.example", b"script"):
                assert word not in raw
            assert (rendered.mail_from, b"auto-replied" in rendered.head) == ("", True)


def test_equal_letters_give_equal_bytes_and_copies_have_ids_of_their_own() -> None:
    letters = Letters(CONFIG, [NO_DESK])
    letter = sample(CONFIG, "reply")
    first, again, copy = (letters.render(letter, serial, SAMPLE_NOW) for serial in (1, 1, 2))
    assert first == again
    assert first.message_id != copy.message_id


def test_files_are_relayed_behind_the_letter_and_none_of_them_can_run() -> None:
    files = (Attachment("page3.png", "image/png", 5), Attachment("prüfung.html", "text/html", 5))
    rendered = LETTERS_OF_DESK.render(replace(sample(CONFIG, "agent_ticket"), attachments=files), 1, SAMPLE_NOW)
    raw = b"".join(pieces(rendered.head, rendered.body, rendered.boundary, rendered.attachments, lambda _: [b"12345"]))
    mail = email.message_from_bytes(raw, policy=READING)
    body, *parts = mail.iter_parts()
    assert [part.get_content_type() for part in body.iter_parts()] == ["text/plain", "text/html"]
    assert [(part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) for part in parts] == [
        ("page3.png", "image/png", b"12345"),
        ("prüfung.html", "application/octet-stream", b"12345"),
    ]


def test_a_very_long_text_goes_without_html() -> None:
    letter = sample(CONFIG, "agent_ticket")
    rendered = LETTERS_OF_DESK.render(
        replace(letter, context={**letter.context, "text": "word " * 50_000}), 1, SAMPLE_NOW
    )
    assert b"text/html" not in rendered.head + rendered.body
    check_bytes(rendered)


def nested(text: str) -> dict[str, Any]:
    message = {"at": SAMPLE_NOW, "writer": "Carol", "text": text, "attachments": []}
    return {**SAMPLES["answer"][0], "kind": "thread", "asked": "EX-10427", "messages": [message]}


def test_a_thread_that_is_sent_to_one_reader_shows_no_key_of_another() -> None:
    theirs = LETTERS_OF_DESK.render(sample(CONFIG, "reply", to="bob@acme.example"), 77, SAMPLE_NOW)
    key = theirs.mail_from.partition("@")[0].rpartition("-")[2]
    letter = replace(
        sample(CONFIG, "answer"), context=nested(f"Bob wrote to {theirs.mail_from}, see {theirs.message_id}")
    )
    rendered = LETTERS_OF_DESK.render(letter, 1, SAMPLE_NOW)
    assert "Bob wrote to support@example.com" in rendered.text
    assert key not in rendered.text + rendered.html


ENDING = {
    "acknowledgement",
    "reply",
    "status",
    "solved",
    "closing_soon",
    "closed",
    "survey",
    "survey_thanks",
    "escalated",
}
NOT_TO_ESCALATE = {"escalated", "closed", "survey", "survey_thanks"}  # it is done, or a tap alone would do nothing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(ENDING))
def test_a_letter_to_a_customer_about_a_ticket_ends_with_what_he_may_do(name: str, language: str) -> None:
    plain = sample(CONFIG, name, language)
    requester = LETTERS_OF_DESK.render(plain, 1, SAMPLE_NOW)
    participant = LETTERS_OF_DESK.render(replace(plain, role="participant"), 1, SAMPLE_NOW)
    last = requester.text.rpartition("\n\n")[0].rpartition("\n\n")[2]
    assert ("Stand" if language == "de" else "status") in last
    assert "body=status" in requester.html
    assert ("body=escalate%20EX-10427" in requester.html) == (name not in NOT_TO_ESCALATE)
    assert "body=stop%20copies" not in requester.html
    assert "body=stop%20copies" in participant.html
    assert ("keine Kopien" if language == "de" else "stop copies") in participant.text


def test_every_word_that_a_letter_offers_is_understood() -> None:
    for language in LANGUAGES:
        for name in sorted(ENDING):
            letter = replace(sample(CONFIG, name, language), role="participant")
            rendered = LETTERS_OF_DESK.render(letter, 1, SAMPLE_NOW)
            foot = rendered.html.rpartition("<td")[2]
            for body in re.findall(r"body=([^\"]*)", foot):
                assert read(unquote(body))[0], body
            offered = rendered.text.rpartition("\n\n")[0].rpartition(": ")[2].strip(" .\n")
            for word in offered.split(", "):
                assert read(word)[0], word
