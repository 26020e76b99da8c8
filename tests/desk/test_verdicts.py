"""Which Authentication-Results count, and what they prove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.verdicts import verdict
from maildesk.mime.read import read
from maildesk.words import Envelope, Verdict

PASS, FAIL, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NONE
AT = datetime(2026, 1, 5, tzinfo=UTC)
BY_US = "Received: from far.example (far.example [192.0.2.7]) by mx.desk.example with ESMTPS; 5 Jan 2026 10:00"
BY_STORE = "Received: from mx.desk.example by store.desk.example with LMTP; Mon, 5 Jan 2026 10:00:01 +0000"
BY_THEM = "Received: from pc by far.example; Mon, 5 Jan 2026 09:59:59 +0000"
GOOD = "Authentication-Results: mx.desk.example; dmarc=pass header.from=acme.example"
THEIRS = GOOD.replace("mx.desk.example", "far.example")
BAD = "Authentication-Results: mx.desk.example; dmarc=fail (p=none) header.from=acme.example"
UNNAMED = (
    "Authentication-Results: spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=acme.example; dkim=none (message not"
    " signed) header.d=none;dmarc=pass action=none header.from=acme.example;compauth=pass reason=100"
)


@dataclass(frozen=True)
class Gate:
    authserv_ids: tuple[str, ...] = ("mx.desk.example",)
    boundary: str = ""
    verdicts: str = "above"


def ours(results: str) -> str:
    return f"Authentication-Results: mx.desk.example; {results}"


def judged(*trace: str, gate: Gate | None = None, trusted: bool = True, sender: str = "carol@acme.example") -> Verdict:
    lines = [*trace, f"From: Carol <{sender}>", "To: support@desk.example", "Subject: x", "", "text", ""]
    envelope = Envelope("imap:main", AT, verdicts=trusted)
    return verdict(read("\r\n".join(lines).encode()), envelope, gate or Gate())


RESULTS = {
    "dmarc pass of the From domain": ("dmarc=pass header.from=acme.example", PASS),
    "with comments": ("dmarc=pass (p=reject dis=none) header.from=acme.example", PASS),
    "domains compare without case": ("dmarc=pass header.from=ACME.Example", PASS),
    "with a trailing semicolon": ("dmarc=pass header.from=acme.example;", PASS),
    "dmarc pass of another domain": ("dmarc=pass header.from=evil.example", NONE),
    "dmarc pass without a domain": ("dmarc=pass", NONE),
    "dmarc pass with two domains": ("dmarc=pass header.from=acme.example header.from=evil.example", NONE),
    "dmarc fail": ("dmarc=fail header.from=acme.example", FAIL),
    "dmarc fail beside a good signature": (
        "dkim=pass header.d=acme.example; dmarc=fail header.from=acme.example",
        FAIL,
    ),
    "dmarc fail at an earlier host, in a comment": (
        "arc=pass (i=1 dkim=pass dmarc=fail fromdomain=acme.example); dmarc=pass (p=NONE) header.from=acme.example",
        PASS,
    ),
    "dmarc fail between what may be a comment of the sender's": (
        "spf=none smtp.mailfrom=(a@x.example; dmarc=fail header.from=acme.example; dkim=none header.i=b)@x.example",
        FAIL,
    ),
    "dmarc fail in a field that is broken": ("dmarc=fail header.from=acme.example; (", FAIL),
    "dmarc temperror": ("dmarc=temperror header.from=acme.example; dkim=pass header.d=acme.example", NONE),
    "spf alone": ("spf=pass smtp.mailfrom=acme.example", NONE),
    "signature of the domain, no dmarc": ("dkim=pass header.d=acme.example", PASS),
    "signature of the domain, dmarc none": (
        "dmarc=none header.from=acme.example; dkim=pass header.d=acme.example",
        PASS,
    ),
    "no record, and what Microsoft guesses": (
        "dmarc=bestguesspass action=none header.from=acme.example; dkim=pass header.d=acme.example",
        PASS,
    ),
    "no record and no signature, and what Microsoft guesses": (
        "dmarc=bestguesspass action=none header.from=acme.example",
        NONE,
    ),
    "signature of another": ("dkim=pass header.d=evil.example", NONE),
    "signature of a name that ends alike": ("dkim=pass header.d=me.example", NONE),
    "signature of a top-level domain": ("dkim=pass header.d=example", NONE),
    "one of two signatures": ("dkim=fail header.d=acme.example; dkim=pass header.d=acme.example", PASS),
    "failed signature": ("dkim=fail header.d=acme.example", NONE),
    "signature over a part, in the reason": ('dkim=pass reason="l=120" header.d=acme.example', NONE),
    "signature over a part, in a comment": ("dkim=pass (2048-bit key, l=120) header.d=acme.example", NONE),
    "nothing": ("none", NONE),
    "broken": ("dmarc=", NONE),
    "quoted by the sender": ('spf=none smtp.mailfrom="x; dmarc=pass header.from=acme.example"', NONE),
}


@pytest.mark.parametrize(("results", "wanted"), RESULTS.values(), ids=RESULTS.keys())
def test_a_field_of_ours_above_our_received_field(results: str, wanted: Verdict) -> None:
    assert judged(ours(results), BY_US, BY_THEM) is wanted


def test_a_parent_domain_may_sign_but_not_a_child() -> None:
    assert judged(ours("dkim=pass header.d=acme.example"), BY_US, sender="carol@mail.acme.example") is PASS
    assert judged(ours("dkim=pass header.d=mail.acme.example"), BY_US) is NONE


PLACES = {
    "above our host's": ([GOOD, BY_US, BY_THEM], Gate(), PASS),
    "above it, an inner host's on top": ([BY_STORE, GOOD, BY_US, BY_THEM], Gate(), PASS),
    "below our host's": ([BY_US, GOOD, BY_THEM], Gate(), NONE),
    "below it, where that is said": ([BY_US, GOOD, BY_THEM], Gate(verdicts="below"), PASS),
    "below the next one": ([BY_US, BY_THEM, GOOD], Gate(verdicts="below"), NONE),
    "no field of our host, on top": ([GOOD, BY_THEM], Gate(), PASS),
    "no field of our host, below": ([BY_THEM, GOOD], Gate(), NONE),
    "no field of our host, below, where below counts": ([BY_THEM, GOOD], Gate(verdicts="below"), NONE),
    "by a boundary of another name": ([GOOD, BY_STORE, BY_US], Gate(boundary="store.desk.example"), PASS),
    "below that boundary": ([BY_STORE, GOOD, BY_US], Gate(boundary="store.desk.example"), NONE),
    "a failing one wins above": ([BAD, GOOD, BY_US], Gate(), FAIL),
    "a failing one wins below": ([GOOD, BY_US, BAD, BY_THEM], Gate(verdicts="below"), FAIL),
    "a failing one that does not count": ([GOOD, BY_US, BY_THEM, BAD], Gate(), PASS),
    "of another name": ([THEIRS, BY_US], Gate(), NONE),
    "with a version": ([GOOD.replace(";", " 1;", 1), BY_US], Gate(), PASS),
    "with a comment after the name": (
        ["Authentication-Results: mx.desk.example (mx); dmarc=pass header.from=acme.example", BY_US], Gate(), PASS
    ),
    "no names of ours": ([GOOD, BY_US], Gate(authserv_ids=()), NONE),
    "without a name": ([UNNAMED, BY_US], Gate(authserv_ids=("",), boundary="mx.desk.example"), PASS),
    "without a name, not asked for": ([UNNAMED, BY_US], Gate(boundary="mx.desk.example"), NONE),
    "with a name, where none is asked for": ([GOOD, BY_US], Gate(authserv_ids=("",), boundary="mx.desk.example"), NONE),
    "a name that the far side wrote into its certificate": (
        [BY_US.replace(" by", ' (Client CN "a by evil.example b", Issuer "x" (not verified)) by'), GOOD, BY_US],
        Gate(),
        NONE,
    ),
    "a name that the far side gave itself": (
        ["Received: from mx.desk.example by far.example; Mon, 5 Jan 2026 10:00:00 +0000", GOOD], Gate(), NONE
    ),
}  # fmt: skip


@pytest.mark.parametrize(("trace", "gate", "wanted"), PLACES.values(), ids=PLACES.keys())
def test_where_a_field_must_stand(trace: list[str], gate: Gate, wanted: Verdict) -> None:
    assert judged(*trace, gate=gate) is wanted


def test_a_door_that_brings_no_verdicts_brings_none() -> None:
    assert judged(GOOD, BY_US, trusted=False) is NONE
    assert judged(BAD, BY_US, trusted=False) is NONE


@pytest.mark.parametrize(
    "field", ["Subject: y", "Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nDate: x", "From: e@evil.example"]
)
def test_a_mail_with_a_field_twice_is_not_proved(field: str) -> None:
    assert judged(GOOD, BY_US, field) is NONE


def test_a_mail_without_a_sender_is_nobodys() -> None:
    assert judged(GOOD, BY_US, sender="") is NONE


@pytest.mark.parametrize("value", ["1" * 60_000 + "=", "(" * 60_000, "mx.desk.example" + " 1" * 30_000 + "="])
def test_a_long_field_costs_no_more_than_a_short_one(value: str) -> None:
    assert judged(f"Authentication-Results: {value}", BY_US) is NONE


def test_a_name_with_comments_in_comments_is_read() -> None:
    assert judged(GOOD.replace(";", " (a (b (c)));", 1), BY_US) is PASS


@given(st.text(max_size=200))
def test_no_field_breaks_it(value: str) -> None:
    mail = replace(
        read(b"From: a@acme.example\r\n\r\n"), trace=(("authentication-results", f"mx.desk.example; {value}"),)
    )
    assert verdict(mail, Envelope("imap:main", AT, verdicts=True), Gate()) in set(Verdict)


def test_who_is_read_from_sender_must_be_proved_where_others_are_judged() -> None:
    def said(*trace: str) -> Verdict:
        lines = [*trace, "From: ", "Sender: carol@acme.example", "To: support@desk.example", "", "text", ""]
        mail = read("\r\n".join(lines).encode())
        assert mail.sender
        return verdict(mail, Envelope("imap:main", AT, verdicts=True), Gate())

    assert said(ours("dmarc=none"), BY_US) is FAIL
    assert said(ours("dmarc=none; dkim=pass header.d=acme.example"), BY_US) is PASS
    assert said(BY_US) is NONE
