"""Who may be taken for whom, through the whole desk: rows T8 to T14 of the threat table (identity, spoofing).

Each mail wants to pass for Carol's, or for nobody's at all: it opens no ticket, reaches nobody, and costs no notice.
"""

from __future__ import annotations

import json

import pytest

from maildesk.words import Receipt
from tests.builders import ALICE, CAROL, mail
from tests.desk.world import World

FROM = b"From: Carol Jones <carol@acme.example>"
EVIL = "evil@elsewhere.example"


def sent_by(desk: World, field: str | bytes) -> Receipt:
    """Carol's mail with another From field, by an MTA that got it from EVIL."""
    octets = field if isinstance(field, bytes) else field.encode("utf-8", "surrogateescape")
    content = mail(CAROL)
    assert FROM in content
    return desk.receives(content.replace(FROM, octets), sender=EVIL)


def is_nobody(desk: World, receipt: Receipt) -> None:
    """Held for a human as ambiguous: no ticket, no notice, no acknowledgement."""
    assert receipt.outcome == "held"
    assert [each for each in desk.sent() if each.name != "alarm"] == []
    (row,) = desk.rows()
    assert "ambiguous" in json.dumps(row, default=str)


TWO_FIELDS = {
    "the contact first": f"From: carol@acme.example\r\nFrom: {EVIL}",
    "the contact last": f"From: {EVIL}\r\nFrom: carol@acme.example",
    "twice the contact": "From: carol@acme.example\r\nFrom: carol@acme.example",
    "one of them empty": "From:\r\nFrom: carol@acme.example",
    "in other capitals": f"FROM: {EVIL}\r\nfrom: carol@acme.example",
    "with white space before the colon": f"From: {EVIL}\r\nFrom : carol@acme.example",
    "far apart": f"From: {EVIL}\r\nX-A: b\r\nX-B: c\r\nFrom: carol@acme.example",
}


@pytest.mark.parametrize("fields", TWO_FIELDS.values(), ids=TWO_FIELDS.keys())
def test_t8_two_from_fields_are_nobody(desk: World, fields: str) -> None:
    is_nobody(desk, sent_by(desk, fields))


GROUPS = {
    "two mailboxes": "From: carol@acme.example, bob@acme.example",
    "two mailboxes and a sender": f"From: carol@acme.example, bob@acme.example\r\nSender: {EVIL}",
    "a group of two": "From: g: carol@acme.example, bob@acme.example;",
    "a group of one": "From: Carol: carol@acme.example;",
    "an empty group": "From: undisclosed:;",
    "an empty group and a sender": "From: undisclosed:;\r\nSender: carol@acme.example",
    "a group behind a mailbox": f"From: carol@acme.example, g: {EVIL};",
}


@pytest.mark.parametrize("field", GROUPS.values(), ids=GROUPS.keys())
def test_t9_several_mailboxes_and_groups_are_nobody(desk: World, field: str) -> None:
    is_nobody(desk, sent_by(desk, field))


ENCODED = {
    "a whole address": "From: =?utf-8?q?carol=40acme=2Eexample?=",
    "closing an address": f"From: =?utf-8?q?carol=40acme.example=3E=00?={EVIL}",
    "in angle brackets": "From: Carol <=?utf-8?q?carol=40acme=2Eexample?=>",
    "a local part": "From: <=?utf-8?q?carol?=@acme.example>",
    "a domain": "From: carol@=?utf-8?q?acme=2Eexample?=",
    "base64": "From: =?utf-8?b?Y2Fyb2xAYWNtZS5leGFtcGxl?=",
    "a whole mailbox": "From: =?utf-8?q?Carol_=3Ccarol=40acme=2Eexample=3E?=",
    "a space that is encoded": "From: =?utf-8?q?carol=40acme=2Eexample=20?=@elsewhere.example",
}


@pytest.mark.parametrize("field", ENCODED.values(), ids=ENCODED.keys())
def test_t10_an_encoded_word_in_an_address_is_nobody(desk: World, field: str) -> None:
    is_nobody(desk, sent_by(desk, field))


def test_t10_an_encoded_name_that_reads_like_an_address_is_only_a_name(desk: World) -> None:
    receipt = sent_by(desk, f"From: =?utf-8?q?Carol_=3Ccarol=40acme=2Eexample=3E?= <{EVIL}>")
    assert receipt.outcome == "refused"
    assert {each.recipient for each in desk.sent()} <= {EVIL}


CONFUSIONS = {
    "a comment in the local part": "From: carol(x)@acme.example",
    "a comment in the domain": "From: <carol@(elsewhere.example)acme.example>",
    "a comment behind the domain": "From: carol@acme.example(x)@elsewhere.example",
    "a quoted contact as local part": 'From: "carol@acme.example"@elsewhere.example',
    "a quoted pair": 'From: "carol\\@acme.example"@elsewhere.example',
    "a route": "From: <@elsewhere.example:carol@acme.example>",
    "two angles": "From: <<carol@acme.example>>",
    "two angle addresses": f"From: <carol@acme.example> <{EVIL}>",
    "an address behind the angle": f"From: <carol@acme.example> {EVIL}",
    "an address in the angle's front": f"From: <{EVIL}> carol@acme.example",
    "an open angle": "From: Carol <carol@acme.example",
    "an open quotation": f'From: "<carol@acme.example> <{EVIL}>',
    "a quotation mark in a comment": f'From: ("<carol@acme.example>) <{EVIL}> "',
    "a comment never closed": f"From: carol@acme.example ( <{EVIL}>",
    "a folded local part": "From: carol\r\n @acme.example",
    "a control character": "From: carol@acme.example\x01",
    "a NUL in front": "From: \x00carol@acme.example",
    "two at signs": "From: carol@acme.example@elsewhere.example",
    "a full-width at sign": "From: carol\uff20acme.example",
    "octets of no charset": b"From: c\xe4rol@acme.example",
}


@pytest.mark.parametrize("field", CONFUSIONS.values(), ids=CONFUSIONS.keys())
def test_t11_what_two_parsers_may_read_differently_is_nobody(desk: World, field: str | bytes) -> None:
    is_nobody(desk, sent_by(desk, field))


def test_t11_a_name_that_is_the_contacts_address_is_only_a_name(desk: World) -> None:
    for written in (f'"carol@acme.example" <{EVIL}>', f"carol@acme.example <{EVIL}>", f"{EVIL} (carol@acme.example)"):
        assert sent_by(desk, f"From: {written}").outcome == "refused"
        assert {each.recipient for each in desk.sent()} <= {EVIL}


FORGED = "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com"


def test_t12_results_that_the_writer_brought_along_prove_no_agent(desk: World) -> None:
    desk.receives(mail(CAROL))
    for brought in (FORGED, FORGED.replace("mx.example.com", "example.com"), f"{FORGED}\r\n{FORGED}"):
        command = mail(ALICE, subject="Re: [EX-10001] The export fails", text="#close\n")
        receipt = desk.receives(brought.encode() + b"\r\n" + command, sender=EVIL)
        assert (receipt.outcome, desk.ticket()["status"]) == ("held", "new")


FOLDS = {
    "a dotless i": "From: bıll@acme.example",
    "a Kelvin sign": "From: mi\u212ae@acme.example",
    "a long s": "From: bo\u017f@acme.example",
    "a full-width letter": "From: \uff43arol@acme.example",
    "a zero-width joiner": "From: ca\u200drol@acme.example",
    "a combining mark": "From: carol\u0301@acme.example",
    "a soft hyphen": "From: car\u00adol@acme.example",
}


@pytest.mark.parametrize("field", FOLDS.values(), ids=FOLDS.keys())
def test_t13_letters_that_fold_alike_are_nobodys_contact(desk: World, field: str) -> None:
    receipt = sent_by(desk, field)
    assert receipt.outcome in ("held", "refused")
    answers = [each for each in desk.sent() if each.name != "consult"]  # which asks the contacts about a stranger
    assert not [each for each in answers if each.recipient.endswith("@acme.example") and each.recipient.isascii()]


def test_t13_ascii_case_alone_is_the_same_and_letters_go_to_the_address_of_the_directory(desk: World) -> None:
    assert sent_by(desk, "From: CAROL@Acme.EXAMPLE").outcome == "ticket"
    assert desk.the("acknowledgement").recipient == "carol@acme.example"


LOOK_ALIKES = {
    "a Cyrillic letter": "From: carol@\u0430cme.example",
    "its A-label": "From: carol@xn--cme-5cd.example",
    "a Greek letter": "From: carol@acm\u03b5.example",
    "a full-width domain": "From: carol@\uff41cme.example",
    "an ideographic full stop": "From: carol@acme\u3002example",
    "a trailing dot": "From: carol@acme.example.",
}


@pytest.mark.parametrize("field", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_t14_a_domain_that_looks_alike_is_another_one(desk: World, field: str) -> None:
    receipt = sent_by(desk, field)
    assert receipt.outcome in ("held", "refused")
    assert not [each for each in desk.sent() if each.recipient == "carol@acme.example"]


def test_t14_such_a_domain_is_known_by_its_a_label_alone(desk: World) -> None:
    sent_by(desk, "From: carol@\u0430cme.example")
    notice = desk.the("redirect")
    assert notice.recipient == "carol@xn--cme-5cd.example"
    assert "\u0430cme" not in notice.text + notice.raw.decode("ascii")
