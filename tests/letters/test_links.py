"""Links of a letter that lists tickets: each is keyed to the ticket of its line, and to the letter's reader."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from maildesk.letters.preview import sample
from maildesk.letters.render import Letters
from maildesk.letters.samples import SAMPLE_NOW
from maildesk.policy.keys import claims, genuine, serial_of
from maildesk.words import Address, Claim, Envelope, Incoming
from tests.letters.goldens import desk

SECRET = b"s" * 32
CONFIG = desk('[queue.billing]\naddress = "billing@example.com"\nsubaddress = false\n')
SERIAL = 4711


def digest(**fields: Any) -> list[str]:
    """The links of a digest of one line."""
    letter = sample(CONFIG, "digest")
    line = dict(letter.context["sections"][0]["lines"][0]) | fields  # type: ignore[index]
    context = {"sections": [{"name": "due", "lines": [line], "more": 0}]}
    rendered = Letters(CONFIG, [SECRET]).render(replace(letter, context=context), SERIAL, SAMPLE_NOW)
    assert message_from_bytes(rendered.head)["Reply-To"] is None
    parts = rendered.html.split('"')
    return [part.replace("&amp;", "&") for part in parts if part.startswith("mailto:")]


def claimed(link: str) -> tuple[Claim, ...]:
    parts = urlsplit(link)
    subject = parse_qs(parts.query)["subject"][0]
    mail = Incoming(to=(Address(unquote(parts.path)),), subject=subject)
    return claims(mail, Envelope("smtp:a", SAMPLE_NOW), CONFIG)


@pytest.mark.parametrize(("queue", "place"), [("technical", "address"), ("billing", "subject")])
def test_each_link_proves_its_reader_for_the_ticket_of_its_line(queue: str, place: str) -> None:
    for link in digest(queue=queue, address=CONFIG.queue[queue].address, reference="EX-10431"):
        [claim] = claimed(link)
        assert (claim.about, claim.place, serial_of(claim.token)) == ("EX-10431", place, SERIAL)
        assert genuine([SECRET], claim, "alice@example.com")
        assert not genuine([SECRET], claim, "carol@acme.example")
        assert not genuine([SECRET], replace(claim, about="EX-10427"), "alice@example.com")


def test_links_hold_the_command_and_one_holds_none() -> None:
    bodies = [parse_qs(urlsplit(link).query).get("body") for link in digest(offers=["take", "nudge", "open"])]
    assert bodies == [None, ["#take"], ["#nudge"], ["#open"]]


def test_a_line_without_commands_can_be_answered() -> None:
    assert len(digest(offers=[])) == 2


@pytest.mark.parametrize("reference", ["", "EX-1 Bcc: evil", "held-7\ud800", "../../EX-1", "EX-" + "9" * 30])
def test_what_is_no_reference_gets_no_key(reference: str) -> None:
    for link in digest(reference=reference):
        assert claimed(link) == ()
