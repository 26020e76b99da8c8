"""The head of a letter: who speaks, who reads, what proves an answer, what robots are told (contract.md, section 5)."""

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from maildesk.config import Config
from maildesk.letters.headers import subject_line
from maildesk.letters.identity import identify
from maildesk.letters.preview import sample
from maildesk.letters.render import Letters, Rendered
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.policy.keys import claims, genuine, serial_of
from maildesk.words import Address, Claim, Envelope, Incoming, Letter
from tests.letters.goldens import desk

SECRET = b"secret"
NO_SUBADDRESS = '[queue.billing]\naddress = "billing@example.com"\ntitle = "Billing"\nsubaddress = false\n'
CONFIG = desk(NO_SUBADDRESS)


def render(letter: Letter, config: Config = CONFIG, serial: int = 9) -> tuple[Rendered, EmailMessage]:
    rendered = Letters(config, [SECRET, b"old"]).render(letter, serial, SAMPLE_NOW)
    return rendered, email.message_from_bytes(rendered.head + rendered.body, policy=email.policy.default)


def letter(name: str = "acknowledgement", **fields: object) -> Letter:
    return replace(sample(CONFIG, name), **fields)


def test_an_agent_speaks_under_his_name_and_the_queues_title_from_the_queues_address() -> None:
    _, mail = render(letter("reply"))
    assert mail["from"] == '"Alice Agent (Technical Support)" <support@example.com>'
    _, mail = render(letter("acknowledgement", sender="help@example.com"))
    assert mail["from"] == "Technical Support <help@example.com>"


def test_the_reply_to_is_keyed_to_ticket_and_reader_on_the_address_the_requester_wrote_to() -> None:
    rendered, mail = render(letter(sender="help@example.com"))
    incoming = Incoming(to=(Address(str(mail["reply-to"])),), in_reply_to=rendered.message_id)
    found = claims(incoming, Envelope("smtp:a", SAMPLE_NOW), CONFIG)
    assert found[0].place == "address"
    assert serial_of(found[0].token) == 9
    assert genuine([SECRET], found[0], "carol@acme.example")
    assert not genuine([SECRET], found[0], "bob@acme.example")
    assert str(mail["reply-to"]).startswith("help+EX-10427-")


def test_the_message_id_and_the_first_reference_prove_the_letter_as_well() -> None:
    rendered, mail = render(letter("reply"))
    for ident in (rendered.message_id, mail["references"].split()[0].strip("<>")):
        (claim,) = claims(Incoming(in_reply_to=ident), Envelope("smtp:a", SAMPLE_NOW), CONFIG)
        assert genuine([SECRET], claim, "carol@acme.example")


def test_the_envelope_sender_of_words_is_keyed_and_of_automatic_mail_null() -> None:
    rendered, mail = render(letter("reply"))
    assert rendered.mail_from == mail["reply-to"]
    assert render(letter("acknowledgement"))[0].mail_from == ""


@pytest.mark.parametrize(
    ("relay", "automatic", "human"),
    [
        ("null_sender = false", "support@example.com", "support+EX-10427"),
        ('sender = "bounces@example.com"', "bounces@example.com", "bounces@example.com"),
        ('null_sender = false\nsender = "bounces@example.com"', "bounces@example.com", "bounces@example.com"),
    ],
)
def test_a_relay_that_takes_no_null_sender_gets_another(relay: str, automatic: str, human: str) -> None:
    config = desk(host=f'"127.0.0.1"\n{relay}')
    assert render(letter("acknowledgement"), config)[0].mail_from == automatic
    assert render(letter("reply"), config)[0].mail_from.startswith(human)


def test_without_subaddresses_headers_and_the_subject_of_links_carry_the_key() -> None:
    rendered, mail = render(letter("closing_soon", queue="billing"))
    assert "reply-to" not in mail
    link = next(part for part in rendered.html.split('"') if part.startswith("mailto:"))
    link = link.replace("&amp;", "&")
    assert urlsplit(link).path == "billing@example.com"
    subject = parse_qs(urlsplit(link).query)["subject"][0]
    assert subject.startswith("[EX-10427] ")
    (claim,) = claims(Incoming(subject=subject), Envelope("smtp:a", SAMPLE_NOW), CONFIG)
    assert genuine([SECRET], claim, "carol@acme.example")
    human, _ = render(letter("reply", queue="billing"))
    assert human.mail_from == "billing@example.com"


def test_a_link_of_a_held_mail_without_subaddresses_names_it() -> None:
    rendered, _ = render(letter("confirm", queue="billing"))
    link = next(part for part in rendered.html.split('"') if part.startswith("mailto:")).replace("&amp;", "&")
    (claim,) = claims(Incoming(subject=unquote(link.partition("subject=")[2].partition("&")[0])), ENVELOPE, CONFIG)
    assert claim.about == "held-7"
    assert genuine([SECRET], claim, "alice@example.com")


ENVELOPE = Envelope("smtp:a", SAMPLE_NOW)


def test_a_link_answers_the_letter_with_its_words_percent_encoded() -> None:
    identity = identify(letter(subject="50% & more? #1"), 9, CONFIG, SECRET)
    link = identity.mailto("keep open & äö\r\nBcc: x")
    assert link.startswith("mailto:support%2BEX-10427-")
    assert set(link) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%:@?&=")
    fields = parse_qs(urlsplit(link).query)
    assert fields == {"subject": ["[EX-10427] 50% & more? #1"], "body": ["keep open & äö Bcc: x"]}


def test_the_mail_of_a_link_has_a_subject_where_the_matter_has_none() -> None:
    identity = identify(letter(about="held-7", subject=""), 9, CONFIG, SECRET)
    fields = parse_qs(urlsplit(identity.mailto("swap bob@acme.example")).query)
    assert fields == {"subject": ["swap bob@acme.example"], "body": ["swap bob@acme.example"]}


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("Hello", "[EX-10427] Hello"),
        ("Re: [EX-10427] Hello", "Re: [EX-10427] Hello"),
        ("[EX-10427] Re: [EX-10427] Hello [EX-10427]", "[EX-10427] Re: Hello"),
        ("a\r\nBcc: b", "[EX-10427] a Bcc: b"),
        ("", "[EX-10427]"),
        ("x" * 999, "[EX-10427] " + "x" * 238 + "…"),
    ],
)
def test_the_reference_stands_in_the_subject_exactly_once(written: str, subject: str) -> None:
    assert subject_line(written, identify(letter(), 9, CONFIG, SECRET)) == subject


def test_a_letter_about_no_ticket_carries_neither_reference_nor_ticket() -> None:
    rendered, mail = render(letter("confirm"))
    assert "x-maildesk-ticket" not in mail
    assert "[" not in rendered.subject
    assert mail["reply-to"].startswith("support+held-7-")
    rendered, mail = render(letter("redirect"))
    assert "x-maildesk-ticket" not in mail
    assert "reply-to" not in mail
    (claim,) = claims(Incoming(in_reply_to=rendered.message_id), ENVELOPE, CONFIG)
    assert serial_of(claim.token) == 9  # a bounce of it finds it all the same


def test_references_begin_with_our_id_keep_the_last_twenty_and_end_with_what_is_answered() -> None:
    ids = tuple(f"{number}@mail.example" for number in range(50))
    _, mail = render(letter("reply", references=ids, in_reply_to="7@mail.example"))
    references = mail["references"].split()
    assert len(references) == 21
    assert references[0].endswith(".t@example.com>")
    assert references[-1] == "<7@mail.example>"
    assert references[1:20] == [f"<{number}@mail.example>" for number in range(31, 50)]


def test_nobody_elses_key_is_handed_on() -> None:
    other = Letters(CONFIG, [SECRET]).render(letter(to=Address("alice@example.com")), 3, SAMPLE_NOW)
    cited = (other.message_id, other.head.decode().partition("References: <")[2].partition(">")[0], "a@mail.example")
    rendered, mail = render(letter("reply", references=cited, in_reply_to=other.message_id))
    assert "in-reply-to" not in mail
    assert other.message_id.split("@")[0].split(".")[1] not in (rendered.head + rendered.body).decode()


def test_an_unclean_message_id_is_not_answered_by_id() -> None:
    _, mail = render(letter(in_reply_to="a b@c\r\nX: y"))
    assert "in-reply-to" not in mail
    assert mail["auto-submitted"] == "auto-replied"


@pytest.mark.parametrize(
    ("name", "mark"),
    [("acknowledgement", "auto-replied"), ("receipt", "auto-replied"), ("closing_soon", "auto-generated"),
     ("survey", "auto-generated"), ("agent_ticket", "auto-generated"), ("alarm", "auto-generated")],
)  # fmt: skip
def test_robots_are_told_what_kind_of_automatic_mail_this_is(name: str, mark: str) -> None:
    _, mail = render(letter(name, in_reply_to="a@mail.example"))
    assert (mail["auto-submitted"], mail["x-auto-response-suppress"]) == (mark, "All")


def test_every_reader_sees_all_readers_but_has_a_key_of_his_own() -> None:
    people = (Address("carol@acme.example", "Carol Jones"), Address("bob@acme.example", "Bob Brown"))
    shown = {"shown_to": people[:1], "shown_cc": people[1:]}
    (first, one), (second, two) = (render(letter("reply", to=person, **shown)) for person in people)
    assert one["to"] == two["to"] == "Carol Jones <carol@acme.example>"
    assert one["cc"] == two["cc"] == "Bob Brown <bob@acme.example>"
    assert one["reply-to"] != two["reply-to"]
    assert (first.recipient, second.recipient) == ("carol@acme.example", "bob@acme.example")


def test_a_recipient_no_header_can_hold_is_named_in_no_header() -> None:
    rendered, mail = render(letter(to=Address("jörg@acme.example")))
    assert rendered.recipient == "jörg@acme.example"
    assert mail["to"] == "undisclosed-recipients:;"


def test_the_date_is_the_moment_of_writing() -> None:
    now = datetime(2026, 7, 1, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    rendered = Letters(CONFIG, [SECRET]).render(letter(), 1, now)
    assert b"\r\nDate: Wed, 01 Jul 2026 14:00:00 +0200\r\n" in rendered.head
    assert now.astimezone(UTC).hour == 12


def test_a_token_stands_only_where_its_reader_needs_it() -> None:
    claim = Claim("EX-10427", "", "address")
    rendered, mail = render(letter("agent_ticket"))
    assert claim.about in rendered.subject
    token = str(mail["reply-to"]).rpartition("-")[2].partition("@")[0]
    assert token not in rendered.text
    assert token not in rendered.subject
